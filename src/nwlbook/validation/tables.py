"""Check the files by themselves: bytes, headings, rows and cells."""

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.observation_files import FOLDER as OBSERVATIONS
from helpers.observation_rows import UNSEEN, expected_of_csv
from helpers.paths import unreadable
from nwlbook.validation.descriptor import fields_of
from nwlbook.validation.words import (
    DESCRIPTOR,
    STRAY_BYTE,
    expected_of_type,
    quoted,
    repeated,
)

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def file_problems(
    root: Path, described: list[dict[str, Any]], sound: Collection[str] = ()
) -> Iterator[str]:
    """Yield what is wrong with the files by themselves: bytes, headings, rows and cells.

    Parameters
    ----------
    root : Path
        Folder of the project.
    described : list of dict
        The resources of a descriptor that was found good.
    sound : collection of str
        Tables of which it is known that nothing is wrong with their content.

    Yields
    ------
    str
        The file, and as far as they apply row, column, value and what was expected.
    """
    data = root / "data"
    for entry in described:
        place = f"data/{entry['path']}"
        if problem := unreadable(data / entry["path"], root):
            yield f"{place}: {problem}"
        elif "schema" in entry and entry["name"] not in sound:
            content = (data / entry["path"]).read_bytes()
            yield from (f"{place}: {found}" for found in _table_problems(content, entry))
    paths = {PurePosixPath(entry["path"]) for entry in described}
    for file in sorted(data.rglob("*.csv")):
        # What analysts add is described nowhere: its own step checks it.
        added = file.parent == root / OBSERVATIONS
        if not added and PurePosixPath(file.relative_to(data).as_posix()) not in paths:
            yield f"{file.relative_to(root).as_posix()}: not described in {DESCRIPTOR}"


def _table_problems(content: bytes, entry: dict[str, Any]) -> Iterator[str]:
    if content.startswith(BYTE_ORDER_MARK):
        yield "starts with a byte order mark: expected plain UTF-8"
        return
    if content.startswith(UTF_16) or b"\0" in content[:4]:
        yield "row 1: looks like UTF-16: expected plain UTF-8"
        return
    text = content.decode("utf-8", "surrogateescape")
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    fields = fields_of(entry)
    number = 0
    try:
        header = next(reader, [])
        headings = list(_heading_problems(header, [field["name"] for field in fields]))
        yield from (f"row 1: {problem}" for problem in headings)
        if headings:
            return
        number = 1
        for number, cells in enumerate(reader, start=2):
            yield from (f"row {number}: {problem}" for problem in _row_problems(cells, fields))
        if number == 1 and not entry.get("may_be_empty"):
            yield "row 2: missing: expected at least one row below the heading"
    except csv.Error as error:
        # The reader gives up where the trouble ends; an open quotation mark swallows lines.
        line = text.split("\n")[number].removesuffix("\r")
        expectation = expected_of_csv(error, line)
        yield f"row {number + 1}: {quoted(line)}: not a row of CSV: expected {expectation}"


def _heading_problems(header: list[str], columns: list[str]) -> Iterator[str]:
    for label in header:
        if expectation := _expected_of_text(label):
            yield f"column {quoted(label)}: expected {expectation}"
            return
    if missing := [column for column in columns if column not in header]:
        yield f"{_listed(missing)} missing"
    if unknown := [label for label in dict.fromkeys(header) if label not in columns]:
        yield f"{_listed(unknown)} not described"
    if twice := repeated(header):
        yield f"{_listed(twice)} there twice: expected once"
    if sorted(header) == sorted(columns):
        for label, column in zip(header, columns, strict=True):
            if label != column:
                yield f"column {quoted(label)}: expected '{column}': the order is another one"
                return


def _row_problems(cells: list[str], fields: list[dict[str, Any]]) -> Iterator[str]:
    if not any(cells):
        yield f"empty: expected {len(fields)} {'cell' if len(fields) == 1 else 'cells'}"
    elif len(cells) != len(fields):
        yield f"expected {len(fields)} cells, found {len(cells)}, the last {quoted(cells[-1])}"
    else:
        for text, field in zip(cells, fields, strict=True):
            if expectation := _expected_of_text(text) or expected_of_type(text, field["type"]):
                yield f"column '{field['name']}': {quoted(text)}: expected {expectation}"


def _expected_of_text(text: str) -> str:
    if STRAY_BYTE.search(text):
        return "UTF-8 text"
    if text != text.strip():
        return "no space around the value"
    return "no line break, control or invisible character" if UNSEEN.search(text) else ""


def _listed(columns: list[str]) -> str:
    listed = ", ".join(map(quoted, columns))
    return f"columns {listed} are" if len(columns) > 1 else f"column {listed} is"
