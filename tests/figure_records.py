"""Records of figures, for the tests of what is said of them."""

import hashlib
from pathlib import Path
from typing import Any

from nwlbook.figures_record import NAME, FiguresRecord, PublishedFigure, RecordedRun

BEDS = "area,beds\nBrent,100\nEaling,80\n"


def published(label: str, csv: str = BEDS, **given: Any) -> PublishedFigure:
    """Return a figure of a record, whose kind is that of its label."""
    kind = {"fig": "figure", "tbl": "table"}.get(label.partition("-")[0], "download")
    page = "notebooks/beds.html"
    settings: dict[str, Any] = {
        "label": label,
        "kind": kind,
        "title": f"Title of {label}",
        "measure": "",
        "page": page if kind == "download" else f"{page}#{label}",
        "run": "beds",
        "cell": 4,
        "cell_id": "cell-3",
        "code": f"show({label})",
        "sha256": hashlib.sha256(csv.encode()).hexdigest(),
        "source": "Survey of beds, Table 1",
        "places": {"survey": ["Table 1"]},
    }
    return PublishedFigure(**(settings | given))


def record(*figures: PublishedFigure, **given: Any) -> FiguresRecord:
    """Return the record of an edition."""
    settings: dict[str, Any] = {
        "format": 1,
        "edition": "nwl",
        "title": "Beds",
        "date": "2026-11-22",
        "made_with": {"nwlbook": "0.1.0", "pandoc": "3.7"},
        "parameters": {"scenario": "mid", "discount_rate": 3.5},
        "evidence": {"data/beds.csv": "0" * 64},
        "runs": {
            "beds": RecordedRun(
                notebook="notebooks/beds.ipynb",
                parameters={"scenario": "mid"},
                read=["data/beds.csv"],
            )
        },
        "figures": list(figures),
    }
    return FiguresRecord(**(settings | given))


def write_site(site: Path, kept: FiguresRecord, **data: str) -> Path:
    """Write the record of a site and the data of its figures, named with underscores."""
    (site / "data").mkdir(parents=True, exist_ok=True)
    (site / NAME).write_text(kept.text(), encoding="utf-8", newline="\n")
    for figure in kept.figures:
        text = data.get(figure.label.replace("-", "_"), BEDS)
        (site / figure.data).write_text(text, encoding="utf-8", newline="\n")
    return site
