"""Our check of limits and keys against frictionless, the reference for data packages.

The builder checks the evidence with its own code, because frictionless takes seconds of what an
edit should take. Here frictionless is the judge: of the evidence of the book, and of small
packages in which one thing is wrong.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import CSV_FIELD_LIMIT, ROOT
from frictionless import FrictionlessException, Package
from test_malformed_evidence import (
    AREAS,
    MEASURES,
    PACKAGE,
    PRIORITIES,
    SOURCES,
    Files,
    as_yaml,
    column,
    constrained,
    described,
    field,
    fill,
    measures,
    resource,
)

from helpers.paths import ROOT_VARIABLE
from nwlbook.forgetting import forget_evidence
from nwlbook.validation import evidence_problems

# frictionless lets a cell take 2 GB in every reader of this process; the book's own do not.
csv.field_size_limit(CSV_FIELD_LIMIT)

# A ward may lie within another one of the same table; a stay is known by its ward and day.
WARDS = resource("wards", column("ward", required=True), column("within"))
WARDS["schema"]["foreignKeys"] = [
    {"fields": ["within"], "reference": {"resource": "", "fields": ["ward"]}}
]
STAYS = resource(
    "stays", column("ward"), column("day", "date"), column("beds", "integer", enum=[1, 2])
)
STAYS["schema"]["primaryKey"] = ["ward", "day"]
VISITS = resource(
    "visits",
    column("visit", required=True, minLength=2, maxLength=3),
    column("ward"),
    column("day", "date"),
)
VISITS["schema"]["primaryKey"] = "visit"
VISITS["schema"]["foreignKeys"] = [
    {"fields": ["ward", "day"], "reference": {"resource": "stays", "fields": ["ward", "day"]}}
]
MORE = {
    "datapackage.yaml": as_yaml(
        {**PACKAGE, "resources": [*PACKAGE["resources"], WARDS, STAYS, VISITS]}
    ),
    "wards.csv": "ward,within\nnorth,\nsouth,north\n",
    "stays.csv": "ward,day,beds\nnorth,2024-07-05,1\nnorth,2024-07-06,2\nsouth,,1\n",
    "visits.csv": "visit,ward,day\nv1,north,2024-07-05\nv2,,\nv3,south,\n",
}


def more(name: str, old: str, new: str) -> Files:
    assert MORE[name].count(old) == 1
    return {**MORE, name: MORE[name].replace(old, new)}


def keyed(*columns: str) -> Callable[[dict[str, Any]], None]:
    return lambda entry: entry["schema"].update(primaryKey=list(columns))


# What is changed, and whether both should find the package valid.
CASES: dict[str, tuple[Files, bool]] = {
    "nothing": ({}, True),
    "at the maximum": (measures(",50,", ",100,"), True),
    "above the maximum": (measures(",50,", ",100.01,"), False),
    "at the minimum": (measures(",7,", ",0,"), True),
    "below the minimum": (measures(",7,", ",-1,"), False),
    "day at the minimum": (measures("2024-07-05", "2000-01-01"), True),
    "day below the minimum": (measures("2024-07-05", "1999-12-31"), False),
    "out of the enumeration": (measures("percent", "percents"), False),
    "out of the form": (measures("waits-2", "waits 2"), False),
    "required cell empty": (measures("waits-2,ealing", "waits-2,"), False),
    "number in an enumeration": (constrained("share", enum=[50, 4.5]), True),
    "number out of an enumeration": (constrained("share", enum=[50]), False),
    "constraint that the type does not know": (constrained("share", maxLength=3), False),
    "value twice in a column that is unique": (
        {"sources.csv": SOURCES.replace("The case", "The plan")},
        False,
    ),
    "empty twice in a column that is unique": (
        {"sources.csv": "source_id,title\nplan,\ncase,\n"},
        True,
    ),
    "key twice": (measures("waits-2", "waits-1"), False),
    "key of several columns": (described(keyed("area", "priority", "people")), True),
    "key of one column twice": (described(keyed("unit")), False),
    "key wholly empty": (described(keyed("day")), False),
    "same whole number written otherwise": (
        {"priorities.csv": PRIORITIES + "03,Again\n"},
        False,
    ),
    "reference written otherwise": (measures("ealing,2", "ealing,02"), True),
    "dangling reference": (measures("waits-2,ealing", "waits-2,camden"), False),
    "reference to a row that is gone": ({"areas.csv": AREAS.replace("ealing,", "eel,")}, False),
    "column of another type": (field("note", type="integer"), False),
    "more tables": (MORE, True),
    "reference into the table itself": (more("wards.csv", "south,north", "south,south"), True),
    "dangling within the table itself": (more("wards.csv", "south,north", "south,east"), False),
    "both parts of a key twice": (more("stays.csv", "07-06", "07-05"), False),
    "whole number out of an enumeration": (more("stays.csv", "07-06,2", "07-06,3"), False),
    "reference of which one part dangles": (more("visits.csv", "07-05", "07-07"), False),
    "reference of which one part is empty": (more("visits.csv", "v2,,", "v2,north,"), False),
    "too long": (more("visits.csv", "v2", "v234"), False),
    "too short": (more("visits.csv", "v2", "v"), False),
    "key written as text, twice": (more("visits.csv", "v2", "v1"), False),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("judged")
    (folder / "_quarto.yml").write_text("project: {type: book}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(folder))
        yield folder
    forget_evidence()


def judged(root: Path) -> bool:
    """Return whether frictionless finds the package valid."""
    try:
        return bool(Package(str(root / "data" / "datapackage.yaml")).validate().valid)
    except FrictionlessException:
        return False


@pytest.mark.parametrize(("changed", "valid"), CASES.values(), ids=list(CASES))
def test_verdict_is_that_of_frictionless(root: Path, changed: Files, valid: bool) -> None:
    fill(root, changed)
    # Frictionless does not look into the boundaries.
    found = [line for line in evidence_problems(root) if "boundaries.geojson" not in line]
    assert (not found, judged(root)) == (valid, valid), found


def test_table_may_be_empty_only_if_its_description_says_so(root: Path) -> None:
    empty = {"measures.csv": f"{MEASURES.partition(chr(10))[0]}\n"}
    fill(root, empty)
    assert list(evidence_problems(root)) == [
        "data/measures.csv: row 2: missing: expected at least one row below the heading"
    ]
    fill(root, {**empty, **described(lambda entry: entry.update(may_be_empty=True))})
    assert list(evidence_problems(root)) == []
    assert judged(root)


def test_may_be_empty_is_true_or_false(root: Path) -> None:
    fill(root, described(lambda entry: entry.update(may_be_empty="perhaps")))
    assert list(evidence_problems(root)) == [
        "data/datapackage.yaml: resource 'measures': may_be_empty 'perhaps': expected true or false"
    ]


def test_required_cell_of_an_area_that_is_empty_is_told_in_one_line(root: Path) -> None:
    fill(root, {"areas.csv": AREAS.replace("Brent", "")})
    assert list(evidence_problems(root)) == [
        "data/areas.csv: row 3: column 'name': '': expected a value"
    ]


@pytest.mark.build
def test_evidence_of_the_book_is_valid_to_frictionless() -> None:
    report = Package(str(ROOT / "data" / "datapackage.yaml")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])
    assert report.stats["tasks"] > 100
