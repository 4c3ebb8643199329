"""Malformed evidence of every kind that we could think of, and of kinds that we did not.

Each is refused in one line with file, row, column, value and what was expected, as far as they
apply. The properties at the end say the same of damage that hypothesis makes up.
"""

import copy
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nested_values import places

from helpers import evidence
from helpers.paths import ROOT_VARIABLE
from nwlbook.errors import InputError
from nwlbook.forgetting import forget_evidence
from nwlbook.validation import evidence_problems, validate_evidence

SOURCES = """\
source_id,title
plan,The plan
case,The case
"""
AREAS = """\
area,name,kind,source_id
nwl,North West London,sector,plan
brent,Brent,borough,plan
ealing,Ealing,borough,case
"""
PRIORITIES = """\
priority,title
1,First things
2,Second things
3,Third things
"""
MEASURES = """\
measure,area,priority,share,people,open,day,unit,note,source_id
waits-1,brent,1,50,12,true,2024-07-05,percent,,plan
waits-2,ealing,2,4.5,7,false,2024-08-01,count,"Two, wards",case
waits-3,brent,,,,,,count,,case
"""


def column(name: str, kind: str = "string", **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "title": name.capitalize(), "constraints": constraints}


def resource(name: str, *columns: dict[str, Any], **references: str) -> dict[str, Any]:
    """Describe a table whose first column is its key, and the table that each column refers to."""
    return {
        "name": name,
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "schema": {
            "fields": list(columns),
            "missingValues": [""],
            "primaryKey": [columns[0]["name"]],
            "foreignKeys": [
                {"fields": [key], "reference": {"resource": table, "fields": [key]}}
                for key, table in references.items()
            ],
        },
    }


PACKAGE: dict[str, Any] = {
    "name": "small",
    "resources": [
        resource(
            "sources", column("source_id", required=True, unique=True), column("title", unique=True)
        ),
        resource(
            "areas",
            column("area", required=True),
            column("name", required=True),
            column("kind", enum=["sector", "borough"]),
            column("source_id", required=True),
            source_id="sources",
        ),
        resource("priorities", column("priority", "integer", required=True), column("title")),
        resource(
            "measures",
            column("measure", required=True, pattern="waits-[0-9]|beds-[0-9]"),
            column("area", required=True),
            column("priority", "integer"),
            column("share", "number", minimum=0, maximum=100),
            column("people", "integer", minimum=0),
            column("open", "boolean"),
            column("day", "date", minimum=date(2000, 1, 1)),
            column("unit", required=True, enum=["percent", "count"]),
            column("note"),
            column("source_id", required=True),
            area="areas",
            priority="priorities",
            source_id="sources",
        ),
        {"name": "boundaries", "path": "boundaries.geojson", "encoding": "utf-8"},
    ],
}
COLUMNS = [field["name"] for field in PACKAGE["resources"][3]["schema"]["fields"]]
ALL_COLUMNS = ", ".join(f"'{name}'" for name in COLUMNS)
# A cell of each type that is not text, and where it stands in the table.
TYPED = {"priority": "integer", "share": "number", "people": "integer", "open": "boolean"}
TYPED |= {"day": "date"}


def boundaries(*areas: str, kind: str = "Polygon", ring: object = None) -> str:
    ring = [[-0.2, 51.5], [-0.1, 51.5], [-0.1, 51.6], [-0.2, 51.5]] if ring is None else ring
    features = [
        {
            "type": "Feature",
            "properties": {"area": area},
            "geometry": {"type": kind, "coordinates": [ring] if kind == "Polygon" else [[ring]]},
        }
        for area in areas
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def as_yaml(package: object) -> str:
    return yaml.safe_dump(package, sort_keys=False)


FILES = {
    "sources.csv": SOURCES,
    "areas.csv": AREAS,
    "priorities.csv": PRIORITIES,
    "measures.csv": MEASURES,
    "boundaries.geojson": boundaries("brent", "ealing"),
    "datapackage.yaml": as_yaml(PACKAGE),
}
Files = Mapping[str, str | bytes | None]
Problems = Callable[[Files], list[str]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a project that every test of this module fills anew."""
    folder = tmp_path_factory.mktemp("malformed")
    (folder / "_quarto.yml").write_text("project: {type: book}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(folder))
        yield folder
    forget_evidence()


@pytest.fixture(scope="module")
def problems(root: Path) -> Problems:
    """Return what finds the problems of the good evidence with some files changed."""

    def of(changed: Files) -> list[str]:
        fill(root, changed)
        return list(evidence_problems(root))

    return of


def fill(root: Path, changed: Files) -> None:
    shutil.rmtree(root / "data", ignore_errors=True)
    (root / "data").mkdir()
    for name, content in {**FILES, **changed}.items():
        if content is not None:
            written = content if isinstance(content, bytes) else content.encode()
            (root / "data" / name).write_bytes(written)
    forget_evidence()


def measures(old: str, new: str) -> Files:
    assert MEASURES.count(old) == 1, f"'{old}' stands {MEASURES.count(old)} times"
    return {"measures.csv": MEASURES.replace(old, new)}


def described(change: Callable[[dict[str, Any]], object]) -> Files:
    """Change the description of the table of measures."""
    package = copy.deepcopy(PACKAGE)
    change(package["resources"][3])
    return {"datapackage.yaml": as_yaml(package)}


def field(name: str, /, **properties: Any) -> Files:
    place = COLUMNS.index(name)
    return described(lambda entry: entry["schema"]["fields"][place].update(properties))


def constrained(name: str, /, **constraints: Any) -> Files:
    return field(name, constraints=constraints)


def reference(**properties: Any) -> Files:
    return described(
        lambda entry: entry["schema"]["foreignKeys"][0]["reference"].update(properties)
    )


def test_good_evidence_has_no_problem(problems: Problems) -> None:
    assert problems({}) == []


WHOLE, NUMBER, BOOLEAN = "a whole number", "a number", "true or false"
DAY = "a date such as 2024-07-05"

# What is changed, and the row, column, value and expectation that the one line names.
CELLS: dict[str, tuple[Files, int, str, str, str]] = {
    "text in a number": (measures(",4.5,", ",four,"), 3, "share", "four", NUMBER),
    "unit in a number": (measures(",4.5,", ",4.5%,"), 3, "share", "4.5%", NUMBER),
    "thousands comma": (measures(",4.5,", ',"4,500",'), 3, "share", "4,500", NUMBER),
    "not a number": (measures(",4.5,", ",nan,"), 3, "share", "nan", NUMBER),
    "infinity": (measures(",4.5,", ",inf,"), 3, "share", "inf", NUMBER),
    "underscore in a number": (measures(",4.5,", ",4_5,"), 3, "share", "4_5", NUMBER),
    "fraction in an integer": (measures(",12,", ",12.5,"), 2, "people", "12.5", WHOLE),
    "decimal point in an integer": (measures(",12,", ",12.0,"), 2, "people", "12.0", WHOLE),
    "digits of another script": (measures(",12,", ",١٢,"), 2, "people", "١٢", WHOLE),
    "yes in a boolean": (measures(",true,", ",yes,"), 2, "open", "yes", BOOLEAN),
    "capital in a boolean": (measures(",true,", ",True,"), 2, "open", "True", BOOLEAN),
    "digit in a boolean": (measures(",true,", ",1,"), 2, "open", "1", BOOLEAN),
    "British date": (measures("2024-07-05", "05/07/2024"), 2, "day", "05/07/2024", DAY),
    "date without zeros": (measures("2024-07-05", "2024-7-5"), 2, "day", "2024-7-5", DAY),
    "date without hyphens": (measures("2024-07-05", "20240705"), 2, "day", "20240705", DAY),
    "day that is in no calendar": (
        measures("2024-07-05", "2024-02-30"), 2, "day", "2024-02-30", DAY,
    ),
    "space before a value": (
        measures("waits-2,ealing", "waits-2, ealing"), 3, "area", " ealing",
        "no space around the value",
    ),
    "space after a number": (
        measures(",12,", ",12 ,"), 2, "people", "12 ", "no space around the value",
    ),
    "hard space after text": (
        measures("Two, wards", "Two, wards\u00a0"), 3, "note", r"Two, wards\xa0",
        "no space around the value",
    ),
    "nothing but a space": (
        measures("waits-2,ealing", "waits-2, "), 3, "area", " ", "no space around the value",
    ),
    "NUL byte": (
        measures("Two, wards", "Two\0wards"), 3, "note", r"Two\x00wards",
        "no line break, control or invisible character",
    ),
    "line break in a cell": (
        measures("Two, wards", "Two\nwards"), 3, "note", r"Two\nwards",
        "no line break, control or invisible character",
    ),
    "zero-width space": (
        measures("Two, wards", "Two\u200bwards"), 3, "note", r"Two\u200bwards",
        "no line break, control or invisible character",
    ),
    "mark of a lost character": (
        measures("Two, wards", "Caf\ufffd"), 3, "note", "Caf\ufffd",
        "no line break, control or invisible character",
    ),
    "Latin-1 byte": (
        {"measures.csv": MEASURES.replace("Two, wards", "Café").encode("latin-1")},
        3, "note", r"Caf\xe9", "UTF-8 text",
    ),
    "cut in the middle of a character": (
        {"measures.csv": MEASURES.encode().replace(b"Two", "é".encode()[:1])},
        3, "note", r"\xc3, wards", "UTF-8 text",
    ),
    "percentage above 100": (measures(",50,", ",150,"), 2, "share", "150", "at most 100"),
    "percentage below 0": (measures(",50,", ",-1,"), 2, "share", "-1", "at least 0"),
    "count below 0": (measures(",7,", ",-7,"), 3, "people", "-7", "at least 0"),
    "date out of its bounds": (
        measures("2024-07-05", "1924-07-05"), 2, "day", "1924-07-05", "at least 2000-01-01",
    ),
    "wrong unit": (
        measures("percent", "per cent"), 2, "unit", "per cent", "one of percent, count",
    ),
    "enumeration in other letters": (
        measures("percent", "Percent"), 2, "unit", "Percent", "one of percent, count",
    ),
    "broken pattern": (
        measures("waits-2", "waits 2"), 3, "measure", "waits 2",
        "the form waits-[0-9]|beds-[0-9]",
    ),
    "pattern that only begins well": (
        measures("waits-2", "waits-2-b"), 3, "measure", "waits-2-b",
        "the form waits-[0-9]|beds-[0-9]",
    ),
    "required cell empty": (measures("waits-2,ealing", "waits-2,"), 3, "area", "", "a value"),
    "key empty": (measures("waits-2,", ","), 3, "measure", "", "a value"),
    "dangling area": (
        measures("waits-2,ealing", "waits-2,camden"), 3, "area", "camden",
        "a value of column 'area' of the table 'areas'",
    ),
    "dangling priority": (
        measures("ealing,2,", "ealing,9,"), 3, "priority", "9",
        "a value of column 'priority' of the table 'priorities'",
    ),
    "dangling source": (
        measures('",case', '",cse'), 3, "source_id", "cse",
        "a value of column 'source_id' of the table 'sources'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "row", "name", "value", "expectation"), CELLS.values(), ids=list(CELLS)
)
def test_bad_cell_is_named_with_row_column_value_and_expectation(
    problems: Problems, changed: Files, row: int, name: str, value: str, expectation: str
) -> None:
    assert problems(changed) == [
        f"data/measures.csv: row {row}: column '{name}': '{value}': expected {expectation}"
    ]


HEADING = MEASURES.partition("\n")[0]
UNQUOTED = "not a row of CSV: expected quotation marks in pairs around a whole cell"
RETURN = "not a row of CSV: expected a line feed, not a carriage return alone, at the end of a line"

# What is changed, and all lines that it brings, without the name of the table.
TABLES: dict[str, tuple[str | bytes, list[str]]] = {
    "missing column": (
        "\n".join(re.sub("^((?:[^,]*,){2})[^,]*,", r"\1", line) for line in MEASURES.splitlines()),
        ["row 1: column 'priority' is missing"],
    ),
    "extra column": (
        MEASURES.replace("source_id\n", "source_id,more\n"),
        ["row 1: column 'more' is not described"],
    ),
    "renamed column": (
        MEASURES.replace("people", "persons"),
        ["row 1: column 'people' is missing", "row 1: column 'persons' is not described"],
    ),
    "column in other letters": (
        MEASURES.replace("note,", "Note,"),
        ["row 1: column 'note' is missing", "row 1: column 'Note' is not described"],
    ),
    "column without a name": (
        MEASURES.replace("note,", ","),
        ["row 1: column 'note' is missing", "row 1: column '' is not described"],
    ),
    "space in a heading": (
        MEASURES.replace("note,", " note,"),
        ["row 1: column ' note': expected no space around the value"],
    ),
    "column twice": (
        MEASURES.replace("note,", "unit,"),
        ["row 1: column 'note' is missing", "row 1: column 'unit' is there twice: expected once"],
    ),
    "columns in another order": (
        MEASURES.replace("measure,area", "area,measure"),
        ["row 1: column 'area': expected 'measure': the order is another one"],
    ),
    "semicolons": (
        MEASURES.replace(",", ";"),
        [
            f"row 1: columns {ALL_COLUMNS} are missing",
            f"row 1: column '{HEADING.replace(',', ';')}' is not described",
        ],
    ),
    "no heading": (
        MEASURES.partition("\n")[2],
        [
            f"row 1: columns {ALL_COLUMNS} are missing",
            "row 1: columns 'waits-1', 'brent', '1', '50', '12', 'true', '2024-07-05', 'percent', "
            "'', 'plan' are not described",
        ],
    ),
    "empty file": ("", [f"row 1: columns {ALL_COLUMNS} are missing"]),
    "nothing but a line end": ("\n", [f"row 1: columns {ALL_COLUMNS} are missing"]),
    "heading only": (
        f"{HEADING}\n",
        ["row 2: missing: expected at least one row below the heading"],
    ),
    "too few cells": (
        MEASURES.replace(",percent,,plan", ",percent,plan"),
        ["row 2: expected 10 cells, found 9, the last 'plan'"],
    ),
    "too many cells": (
        MEASURES.replace(",percent,,plan", ",percent,,plan,x"),
        ["row 2: expected 10 cells, found 11, the last 'x'"],
    ),
    "comma at the end": (
        MEASURES.replace(",percent,,plan", ",percent,,plan,"),
        ["row 2: expected 10 cells, found 11, the last ''"],
    ),
    "cut in the middle of a row": (
        MEASURES + "waits-4",
        ["row 5: expected 10 cells, found 1, the last 'waits-4'"],
    ),
    "comma without quotation marks": (
        MEASURES.replace('"Two, wards"', "Two, wards"),
        ["row 3: expected 10 cells, found 11, the last 'case'"],
    ),
    "unclosed quotation mark": (
        MEASURES.replace('wards"', "wards"),
        [f"row 3: 'waits-2,ealing,2,4.5,7,false,2024-08-01,count,\"Two, wards,case': {UNQUOTED}"],
    ),
    "quotation marks around a part": (
        MEASURES.replace('"Two, wards"', '"Two" wards'),
        [f"row 3: 'waits-2,ealing,2,4.5,7,false,2024-08-01,count,\"Two\" wards,case': {UNQUOTED}"],
    ),
    "unclosed quotation mark in the heading": (
        MEASURES.replace("note,", '"note,'),
        [f"row 1: 'measure,area,priority,share,people,open,day,unit,\"note,source_id': {UNQUOTED}"],
    ),
    "line ends of an old Mac": (
        MEASURES.replace("\n", "\r"),
        [rf"row 1: '{HEADING}\rwaits-1,brent,1,…': {RETURN}"],
    ),
    "carriage return in a row": (
        MEASURES.replace("brent,1", "brent\r,1"),
        [rf"row 2: 'waits-1,brent\r,1,50,12,true,2024-07-05,percent,,plan': {RETURN}"],
    ),
    "blank line in the middle": (
        MEASURES.replace("plan\nwaits-2", "plan\n\nwaits-2"),
        ["row 3: empty: expected 10 cells"],
    ),
    "blank line at the end": (MEASURES + "\n", ["row 5: empty: expected 10 cells"]),
    "row of commas": (MEASURES + "," * 9 + "\n", ["row 5: empty: expected 10 cells"]),
    "byte order mark": (
        b"\xef\xbb\xbf" + MEASURES.encode(),
        ["starts with a byte order mark: expected plain UTF-8"],
    ),
    "UTF-16": (MEASURES.encode("utf-16"), ["row 1: looks like UTF-16: expected plain UTF-8"]),
    "UTF-16 without a mark": (
        MEASURES.encode("utf-16-be"),
        ["row 1: looks like UTF-16: expected plain UTF-8"],
    ),
    "Latin-1 byte in the heading": (
        MEASURES.replace("note", "näte").encode("latin-1"),
        [r"row 1: column 'n\xe4te': expected UTF-8 text"],
    ),
    "key twice": (
        MEASURES.replace("waits-2", "waits-1"),
        [
            "row 3: the same as in the row at position 2: column 'measure': 'waits-1': "
            "expected a key that stands once"
        ],
    ),
    "several bad cells": (
        MEASURES.replace(",50,", ",half,").replace(",7,", ",seven,"),
        [
            "row 2: column 'share': 'half': expected a number",
            "row 3: column 'people': 'seven': expected a whole number",
        ],
    ),
}


@pytest.mark.parametrize(("content", "lines"), TABLES.values(), ids=list(TABLES))
def test_bad_table_is_named_with_row_and_expectation(
    problems: Problems, content: str | bytes, lines: list[str]
) -> None:
    assert problems({"measures.csv": content}) == [f"data/measures.csv: {line}" for line in lines]


def test_value_that_must_be_unique_is_reported_once_though_it_is_the_key_too(
    problems: Problems,
) -> None:
    assert problems({"sources.csv": SOURCES + "plan,Another\n"}) == [
        "data/sources.csv: row 4: the same as in the row at position 2: column 'source_id': "
        "'plan': expected a key that stands once"
    ]


def test_long_value_is_cut_in_the_message(problems: Problems) -> None:
    (line,) = problems(measures(",4.5,", f",{'4' * 5000}x,"))
    assert line == f"data/measures.csv: row 3: column 'share': '{'4' * 80}…': expected a number"


def test_problem_of_a_cell_is_not_told_again_as_a_broken_key(problems: Problems) -> None:
    changed = {"priorities.csv": PRIORITIES.replace("2,Second", "two,Second")}
    assert problems(changed) == [
        "data/priorities.csv: row 3: column 'priority': 'two': expected a whole number"
    ]


@pytest.mark.parametrize(
    "content",
    [
        MEASURES.replace("\n", "\r\n"),
        MEASURES.replace('wards",case\n', 'wards",case\r\n'),
        MEASURES.rstrip("\n"),
        MEASURES.replace("Two, wards", 'Two ""wards""'),
    ],
    ids=["line ends of Windows", "mixed line ends", "no line end at the end", "quoted marks"],
)
def test_what_a_spreadsheet_may_write_is_read_the_same(problems: Problems, content: str) -> None:
    problems({})
    good = evidence.rows("measures")
    assert problems({"measures.csv": content}) == []
    rows = evidence.rows("measures")
    rows[1]["note"] = rows[1]["note"].replace('Two "wards"', "Two, wards")
    assert rows == good


# What is changed, and the start of the one line after the name of the descriptor.
DESCRIPTORS: dict[str, tuple[Files, str]] = {
    "not YAML": ({"datapackage.yaml": "resources: ["}, "not valid YAML: "),
    "YAML with a tab": ({"datapackage.yaml": "resources:\n\t- a"}, "not valid YAML: "),
    "YAML with an impossible date": (
        {"datapackage.yaml": f"created: 2024-13-45\n{as_yaml(PACKAGE)}"},
        "not valid YAML: month must be in 1..12",
    ),
    "YAML with a tag that does not fit": (
        {"datapackage.yaml": f"flag: !!bool perhaps\n{as_yaml(PACKAGE)}"},
        "not valid YAML: ",
    ),
    "Latin-1 byte": (
        {"datapackage.yaml": b"title: caf\xe9\nresources: []"},
        "byte 10 is not UTF-8 text",
    ),
    "empty": ({"datapackage.yaml": ""}, "expected a data package with a list of resources"),
    "without resources": (
        {"datapackage.yaml": "name: small"},
        "expected a data package with a list of resources",
    ),
    "no resource": (
        {"datapackage.yaml": "resources: []"},
        "resources: empty: expected at least one resource",
    ),
    "resource that is text": (
        {"datapackage.yaml": "resources: [areas]"},
        "resource 1: expected a name and a path",
    ),
    "resource without a name": (
        described(lambda entry: entry.pop("name")),
        "resource 4: expected a name and a path",
    ),
    "resource without a path": (
        described(lambda entry: entry.pop("path")),
        "resource 4: expected a name and a path",
    ),
    "name with capitals": (
        described(lambda entry: entry.update(name="Measures")),
        "resource 'Measures': 'Measures' does not match",
    ),
    "path out of the folder": (
        described(lambda entry: entry.update(path="../measures.csv")),
        "resource 'measures': path '../measures.csv': expected a path inside data/",
    ),
    "path from the top": (
        described(lambda entry: entry.update(path="/etc/hosts")),
        "resource 'measures': path '/etc/hosts': expected a path inside data/",
    ),
    "another encoding": (
        described(lambda entry: entry.update(encoding="latin-1")),
        "resource 'measures': encoding 'latin-1': expected 'utf-8'",
    ),
    "no encoding": (
        described(lambda entry: entry.pop("encoding")),
        "resource 'measures': encoding '': expected 'utf-8'",
    ),
    "resource described twice": (
        {
            "datapackage.yaml": as_yaml(
                {"resources": [*PACKAGE["resources"], PACKAGE["resources"][0]]}
            )
        },
        "resource 'sources' is described twice",
    ),
    "file described twice": (
        described(lambda entry: entry.update(path="areas.csv")),
        "resource 'measures': path 'areas.csv' is described twice",
    ),
    "table without a schema": (
        described(lambda entry: entry.pop("schema")),
        "resource 'measures': schema: expected a list of fields, one for each column",
    ),
    "schema that is text": (
        described(lambda entry: entry.update(schema="measures.json")),
        "resource 'measures': schema: expected a list of fields, one for each column",
    ),
    "field that is text": (
        described(lambda entry: entry["schema"].update(fields=["area"])),
        "resource 'measures': schema: expected a name and a type of each field",
    ),
    "field described twice": (
        field("note", name="unit"),
        "resource 'measures': schema: field 'unit' is described twice",
    ),
    "field of unknown type": (
        field("people", type="people"),
        "resource 'measures': field 'people': type 'people': expected one of string, integer, ",
    ),
    "field of a type that the helpers do not read": (
        field("note", type="time"),
        "resource 'measures': field 'note': type 'time': expected one of string, integer, ",
    ),
    "unknown constraint": (
        constrained("share", maximun=100),
        'resource \'measures\': constraint "maximun" is not supported by type "number"',
    ),
    "limit that is no number": (
        constrained("share", maximum="all"),
        "resource 'measures': field 'share': maximum 'all': expected a number",
    ),
    "value of a list that YAML reads as a boolean": (
        constrained("unit", enum=["percent", True]),
        "resource 'measures': field 'unit': enum 'True': expected text",
    ),
    "pattern that is no regular expression": (
        constrained("note", pattern="[a-"),
        "resource 'measures': field 'note': pattern '[a-': expected a regular expression: ",
    ),
    "missing values that the helpers would read": (
        described(lambda entry: entry["schema"].update(missingValues=["", "-"])),
        "resource 'measures': missingValues '['', '-']': expected ['']",
    ),
    "primary key that is no column": (
        described(lambda entry: entry["schema"].update(primaryKey=["id"])),
        "resource 'measures': primary key \"['id']\" does not match the fields",
    ),
    "foreign key that is no column": (
        described(lambda entry: entry["schema"]["foreignKeys"][0].update(fields=["aera"])),
        "resource 'measures': foreign key \"{'fields': ['aera']",
    ),
    "foreign key without a reference": (
        described(lambda entry: entry["schema"]["foreignKeys"][0].pop("reference")),
        "resource 'measures': schema: foreignKeys: expected a list, each with fields and",
    ),
    "foreign key to an unknown resource": (
        reference(resource="places"),
        "resource 'measures': foreign key 'area': resource \"places\" does not exist",
    ),
    "foreign key to an unknown column": (
        reference(fields=["slug"]),
        "resource 'measures': foreign key 'area': 'areas' has no column 'slug': "
        "expected one of area, name, kind, source_id",
    ),
}


@pytest.mark.parametrize(("changed", "start"), DESCRIPTORS.values(), ids=list(DESCRIPTORS))
def test_bad_descriptor_is_refused_in_one_line(
    problems: Problems, changed: Files, start: str
) -> None:
    (line,) = problems(changed)
    assert re.match(rf"data/datapackage\.yaml(:[0-9]+)?: {re.escape(start)}", line), line
    assert line.isprintable()


OPEN_RING = [[-0.2, 51.5], [-0.1, 51.5], [-0.1, 51.6], [-0.2, 51.6]]

BOUNDARIES: dict[str, tuple[str | bytes | None, str]] = {
    "missing": (None, "not found"),
    "empty": ("", "Invalid JSON: "),
    "cut": (FILES["boundaries.geojson"][:90], "Invalid JSON: EOF while parsing"),
    "Latin-1 byte": (boundaries("brent", "ealing").encode()[:-2] + b"\xe9]}", "Invalid JSON: "),
    "not an object": ("[]", "expected an object"),
    "without features": ("{}", "feature: Field required"),
    "a borough lacking": (
        boundaries("brent"),
        "no feature of the area 'ealing': expected one for each borough",
    ),
    "an area too many": (
        boundaries("brent", "ealing", "camden"),
        "feature 3: area 'camden': expected a borough, each of them once",
    ),
    "a borough twice": (
        boundaries("brent", "ealing", "brent"),
        "feature 3: area 'brent': expected a borough, each of them once",
    ),
    "points": (boundaries("brent", "ealing", kind="Point"), "feature 1 geometry: "),
    "open ring": (
        boundaries("brent", "ealing", ring=OPEN_RING),
        "feature 1 geometry Polygon coordinates 1: Value error, expected a ring that ends",
    ),
    "metres instead of degrees": (
        boundaries("brent", ring=[[520000, 185000]] * 4),
        "feature 1 geometry Polygon coordinates 1 1 1: '520000': expected less than or equal",
    ),
    "text for a number": (
        boundaries("brent", ring=[["-0.2", 51.5]] * 4),
        "feature 1 geometry Polygon coordinates 1 1 1: '-0.2': expected a valid number",
    ),
}


@pytest.mark.parametrize(("content", "start"), BOUNDARIES.values(), ids=list(BOUNDARIES))
def test_bad_boundaries_are_refused_in_one_line(
    problems: Problems, content: str | bytes | None, start: str
) -> None:
    (line,) = problems({"boundaries.geojson": content})
    assert line.startswith(f"data/boundaries.geojson: {start}")
    assert line.isprintable()


def test_borough_of_several_islands_is_a_boundary_too(problems: Problems) -> None:
    assert (
        problems({"boundaries.geojson": boundaries("ealing", "brent", kind="MultiPolygon")}) == []
    )


def test_missing_files_are_all_named(problems: Problems) -> None:
    assert problems({"measures.csv": None, "areas.csv": None}) == [
        "data/areas.csv: not found",
        "data/measures.csv: not found",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("more.csv", "more.csv"), ("mo\nre.csv", r"mo\nre.csv"), ("caf\udce9.csv", r"caf\xe9.csv")],
)
def test_file_that_is_not_described_is_named_in_one_line(
    problems: Problems, name: str, shown: str
) -> None:
    assert problems({name: "area\nbrent\n"}) == [
        f"data/{shown}: not described in data/datapackage.yaml"
    ]


def test_command_ends_with_one_line_and_exit_2(root: Path) -> None:
    fill(root, measures(",4.5,", ",four,"))
    ended = subprocess.run(
        [sys.executable, "-c", "from nwlbook.cli import main; main()", "check"],
        cwd=root,
        env={**os.environ, "CI": "true"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "data/measures.csv: row 3: column 'share': 'four': expected a number" in (
        ended.stdout.splitlines()
    )
    assert ended.stderr.splitlines() == ["error: 1 problem found"]


# Damage that hypothesis makes up.


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def as_rows(table: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table)))


def is_well_typed(text: str, kind: str) -> bool:
    forms = {
        "integer": "[+-]?[0-9]+",
        "number": r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?",
        "boolean": "true|false",
        "date": "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    }
    if not re.fullmatch(forms[kind], text):
        return False
    if kind == "date":
        try:
            date(*(int(part) for part in text.split("-")))
        except ValueError:
            return False
    return True


# Anything, and what looks nearly right.
DAMAGED = st.one_of(
    st.text(min_size=1),
    st.floats().map(str),
    st.integers().map(lambda number: f"{number:,}"),
    st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
    st.dates().map(lambda day: f"{day.year}-{day.month}-{day.day}"),
    st.sampled_from(["TRUE", "False", "0", "no", "-", "n/a", "1 000", "£5", "5%", "½", "1-2"]),
    st.integers(0, 99).map(lambda number: f" {number}"),
)


@settings(max_examples=80)
@given(row=st.integers(1, 3), name=st.sampled_from(sorted(TYPED)), text=DAMAGED)
def test_damage_to_a_typed_cell_is_always_reported_in_one_line(
    problems: Problems, row: int, name: str, text: str
) -> None:
    assume(not is_well_typed(text, TYPED[name]))
    rows = as_rows(MEASURES)
    rows[row][COLUMNS.index(name)] = text
    (line,) = problems({"measures.csv": as_csv(rows)})
    assert line.startswith(f"data/measures.csv: row {row + 1}: column '{name}': '")
    assert ": expected " in line
    assert line.isprintable()


GOOD = st.fixed_dictionaries(
    {
        "priority": st.sampled_from(["", "1", "+2", "3", "01"]),
        "share": st.one_of(
            st.decimals(0, 100, places=3).map(str), st.sampled_from(["", "+5", "1e1", "5.0E-3"])
        ),
        "people": st.integers(0).map(str),
        "open": st.sampled_from(["", "true", "false"]),
        "day": st.dates(date(2000, 1, 1)).map(str),
    }
)


@settings(max_examples=15)
@given(cells=st.lists(GOOD, min_size=3, max_size=3))
def test_what_the_helpers_read_is_never_refused(
    problems: Problems, cells: list[dict[str, str]]
) -> None:
    rows = as_rows(MEASURES)
    for row, changed in zip(rows[1:], cells, strict=True):
        for name, text in changed.items():
            row[COLUMNS.index(name)] = text
    assert problems({"measures.csv": as_csv(rows)}) == []
    assert len(evidence.rows("measures")) == 3


KEYS = {"areas": "area", "priorities": "priority", "sources": "source_id"}


@settings(max_examples=15)
@given(
    removed=st.fixed_dictionaries(
        {table: st.sets(st.integers(1, len(as_rows(FILES[f"{table}.csv"])) - 1)) for table in KEYS}
    )
)
def test_each_reference_to_a_removed_row_is_reported_and_nothing_else(
    problems: Problems, removed: dict[str, set[int]]
) -> None:
    left = {name: as_rows(content) for name, content in FILES.items() if name.endswith(".csv")}
    for table, removed_rows in removed.items():
        rows = left[f"{table}.csv"]
        left[f"{table}.csv"] = [row for place, row in enumerate(rows) if place not in removed_rows]
        assume(len(left[f"{table}.csv"]) > 1)
    known = {table: {row[0] for row in left[f"{table}.csv"][1:]} for table in KEYS}
    expected = [
        f"data/{name}: row {number}: column '{key}': '{value}': "
        f"expected a value of column '{key}' of the table '{table}'"
        for name, rows in left.items()
        for number, row in enumerate(rows[1:], start=2)
        for table, key in KEYS.items()
        if key in rows[0] and f"{table}.csv" != name
        for value in [row[rows[0].index(key)]]
        if value and value not in known[table]
    ]
    expected += [
        f"data/boundaries.geojson: feature {number}: area '{area}': "
        "expected a borough, each of them once"
        for number, area in enumerate(["brent", "ealing"], start=1)
        if area not in known["areas"]
    ]
    found = problems({name: as_csv(rows) for name, rows in left.items()})
    assert sorted(found) == sorted(expected)


def assert_each_is_one_line_that_names_a_file(lines: list[str]) -> None:
    for line in lines:
        assert line.isprintable()
        assert re.match(r"data/[a-z]+\.(csv|yaml|geojson)(:[0-9]+)?: .", line), line


@settings(max_examples=40)
@given(name=st.sampled_from(sorted(FILES)), content=st.binary(max_size=200))
def test_random_bytes_are_refused_in_single_lines(
    problems: Problems, name: str, content: bytes
) -> None:
    lines = problems({name: content})
    assert lines
    assert all(re.match(rf"data/{name}(:[0-9]+)?: ", line) for line in lines)
    assert_each_is_one_line_that_names_a_file(lines)


@settings(max_examples=40)
@given(
    name=st.sampled_from(sorted(FILES)),
    share=st.floats(0, 1),
    overwritten=st.integers(0, 3),
    inserted=st.binary(max_size=4),
)
def test_damaged_bytes_never_end_in_a_traceback(
    problems: Problems, name: str, share: float, overwritten: int, inserted: bytes
) -> None:
    good = FILES[name].encode()
    place = int(share * len(good))
    damaged = good[:place] + inserted + good[place + overwritten :]
    assert_each_is_one_line_that_names_a_file(problems({name: damaged}))


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=40)
@given(
    place=st.sampled_from(list(places(PACKAGE["resources"][3]))),
    junk=JUNK,
)
def test_damaged_description_never_ends_in_a_traceback(
    problems: Problems, place: tuple[str | int, ...], junk: object
) -> None:
    def spoil(entry: Any) -> None:
        for step in place[:-1]:
            entry = entry[step]
        entry[place[-1]] = junk

    lines = problems(described(spoil))
    assert all(line.isprintable() and line.startswith("data/") for line in lines)


def test_refused_evidence_is_counted_and_not_remembered(root: Path, tmp_path: Path) -> None:
    fill(root, {"measures.csv": MEASURES.replace(",50,", ",x,").replace(",7,", ",y,")})
    for _ in range(2):
        with pytest.raises(InputError, match=r"^data/measures.csv: row 2: .* \(and 1 more: "):
            validate_evidence(root, tmp_path)
