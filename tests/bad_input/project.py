"""The valid project that every case spoils: the small book of the builder's tests, and more."""

import shutil
from pathlib import Path

from builder_books import DESCRIPTOR, ROOT, make_book

# Tables of the small book that hold more here, and those that observations are checked against.
TABLES = {
    "sources": "source_id,short_title,title\nsurvey,Survey,Survey of beds\n",
    "beds": (
        "area,beds,share,counted,open,source_id,locator\n"
        "brent,100,55.5,2024-07-05,true,survey,Table 1\n"
        "ealing,80,44.5,2024-07-06,false,survey,Table 1\n"
    ),
    "indicators": (
        "indicator,title,unit,direction,change_only,note\n"
        "seen-in-time,People seen in time,percent,at least,false,\n"
        "longest-wait,Longest wait,days,at most,false,\n"
    ),
    "measures": (
        "measure,title,unit,direction,indicator,basis,standard_value,standard_source_id,"
        "standard_locator,note\n"
        "ae-4-hour,Four hours or less,percent,increase,seen-in-time,all,,,,\n"
        "cancer-62-day,Treated in time,percent,increase,,all,,,,\n"
    ),
    "organisations": (
        "code,name,kind,area\nRYJ,Imperial,trust,\nRAS,Hillingdon,trust,\n"
        "R1K,London North West,trust,\nRQM,Chelsea,trust,\n"
        "QRV,The Board,integrated care board,nwl\nENG,England,country,england\n"
    ),
}
TYPES = {"beds": "integer", "share": "number", "counted": "date", "open": "boolean"}
TYPES |= {"change_only": "boolean", "standard_value": "number"}
OBSERVATIONS = "indicator,area,date,value,source\nseen-in-time,RYJ,2025-03-01,70,A survey\n"


def make_project(root: Path) -> Path:
    """Write the project and return its folder."""
    make_book(root)
    descriptor = DESCRIPTOR.replace(
        "    - {name: short_title, type: string}\n",
        "    - {name: short_title, type: string}\n    - {name: title, type: string}\n",
    ).replace(
        "    - {name: beds, type: integer, constraints: {minimum: 0}}\n",
        "    - {name: beds, type: integer, constraints: {required: true, minimum: 0}}\n"
        "    - {name: share, type: number, constraints: {minimum: 0, maximum: 100}}\n"
        "    - {name: counted, type: date, constraints: {minimum: 2000-01-01}}\n"
        "    - {name: open, type: boolean}\n",
    )
    for name in ("indicators", "measures", "organisations"):
        columns = TABLES[name].partition("\n")[0].split(",")
        descriptor += f"- name: {name}\n  path: {name}.csv\n  encoding: utf-8\n"
        descriptor += "  schema:\n    fields:\n"
        for column in columns:
            descriptor += f"    - {{name: {column}, type: {TYPES.get(column, 'string')}}}\n"
    (root / "data" / "datapackage.yaml").write_text(descriptor)
    for name, text in TABLES.items():
        (root / "data" / f"{name}.csv").write_text(text)
    areas = root / "data" / "areas.csv"
    areas.write_text(areas.read_text() + "england,England,system\n")
    (root / "data" / "observations").mkdir()
    (root / "data" / "observations" / "survey.csv").write_text(OBSERVATIONS)
    (root / "src").mkdir()
    # A cache of runs keeps a build that is refused from warming up kernels.
    (root / "outputs" / "cache" / "runs").mkdir(parents=True)
    return root


def make_whole_project(root: Path) -> Path:
    """Write the project over the book's own evidence, and return its folder."""
    make_project(root)
    shutil.rmtree(root / "data")
    shutil.copytree(ROOT / "data", root / "data")
    return root
