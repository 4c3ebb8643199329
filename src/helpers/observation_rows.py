"""One file of observations: its rows, each checked for what it must hold.

Messages name the file, the row, the column, the value and what was expected, in one line.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from helpers import cell_types, evidence, measures

REQUIRED = ("indicator", "area", "date", "value", "source")
OPTIONAL = ("basis", "note", "locator")
SOURCE_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SHOWN = 80
# Control and format characters, separators of lines, and what a lost character leaves behind.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]"
)

# Measure, area, day and basis: what there is one value of.
Key = tuple[str, str, date, str]


@dataclass(frozen=True)
class Observation:
    """One value of one measure.

    Attributes
    ----------
    measure : str
        Name of the measure: of the table ``measures``, or of an indicator.
    area : str
        Slug of an area, or code of a trust.
    date : datetime.date
        Day that the value is of; the first day of a month stands for all of it.
    value : float
        In the measure's unit.
    basis : str
        What the value is counted from. Values of different bases make different series.
    note : str
        What a reader should know of this value.
    source_id : str
        Key of the table ``sources``, or the source in words.
    locator : str
        Place in the source.
    origin : str
        File that the value was read from, from the root of the project.
    row : int
        Row of that file; the heading is row 1.
    """

    measure: str
    area: str
    date: date
    value: float
    basis: str
    note: str
    source_id: str
    locator: str
    origin: str
    row: int

    @property
    def key(self) -> Key:
        """What no other observation may share."""
        return self.measure, self.area, self.date, self.basis


def read(content: bytes, origin: str) -> tuple[list[Observation], list[str]]:
    """Read and check one file by itself.

    Parameters
    ----------
    content : bytes
        What the file holds.
    origin : str
        How messages name the file.

    Returns
    -------
    rows : list of Observation
        The rows that are right.
    problems : list of str
        One line for each thing that is wrong.
    """
    try:
        # Spreadsheets put a byte order mark before what they save as UTF-8.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [f"{origin}: byte {error.start} is not UTF-8 text: save it as 'CSV UTF-8'"]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Observation] = []
    wrong: list[str] = []
    number = 1
    try:
        header = [label.strip() for label in next(reader, [])]
        wrong += (f"{origin}: row 1: {problem}" for problem in _heading_problems(header))
        if wrong:
            return [], wrong
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                found = f"expected {len(header)} cells, found {len(cells)}"
                wrong.append(f"{origin}: row {number}: {found}")
                continue
            record = {label: cell.strip() for label, cell in zip(header, cells, strict=True)}
            broken = [
                f"{origin}: row {number}: column '{column}': {shown(record[column])}: "
                f"expected {expectation}"
                for column, expectation in _cell_problems(record)
            ]
            wrong += broken
            if not broken:
                rows.append(_observation(record, origin, number))
    except csv.Error as error:
        expectation = expected_of_csv(error)
        wrong.append(f"{origin}: row {number + 1}: not a row of CSV: expected {expectation}")
    return rows, wrong


def duplicates(rows: Iterable[Observation]) -> Iterator[str]:
    """Yield one line for each observation whose key an earlier one has.

    Parameters
    ----------
    rows : iterable of Observation
        Of one file or of several.
    """
    first: dict[Key, Observation] = {}
    for row in rows:
        before = first.setdefault(row.key, row)
        if before is not row:
            elsewhere = "" if before.origin == row.origin else f"{before.origin}, "
            yield (
                f"{row.origin}: row {row.row}: column 'indicator, area, date, basis': "
                f"{shown(', '.join(str(part) for part in row.key if part))}: "
                f"the same as in {elsewhere}row {before.row}: expected one value"
            )


def expected_of_csv(error: csv.Error, line: str = "") -> str:
    """Say what should have been where the reader of CSV gave up.

    Parameters
    ----------
    error : csv.Error
        What it raised.
    line : str, optional
        Where it did so, if that is known.
    """
    if "field larger" in str(error):
        return f"cells of at most {csv.field_size_limit():,} characters"
    if "\r" in line or "new-line" in str(error):
        return "a line feed, not a carriage return alone, at the end of a line"
    return "quotation marks in pairs around a whole cell"


def expected_measure(word: str) -> str:
    """Say which indicator or measure a word could have meant."""
    titles = {name: measure.title for name, measure in measures.known().items()}
    return (
        "an indicator of the plan or a measure of data/reference/measures.csv"
        f"{_nearest(word, titles)}"
    )


def expected_place(word: str) -> str:
    """Say which area or trust a word could have meant."""
    kinds = "an area of data/reference/areas.csv or a trust of data/reference/organisations.csv"
    return f"{kinds}{_nearest(word, measures.places())}"


def shown(value: str) -> str:
    """Return a value in quotation marks, on one line, cut if it is long."""
    text = " ".join(value.split())
    return f"'{text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '…'}'"


def _heading_problems(header: list[str]) -> Iterator[str]:
    columns = (*REQUIRED, *OPTIONAL)
    for label in dict.fromkeys(header):
        if label not in columns:
            yield f"column {shown(label)}: expected one of {', '.join(columns)}"
        elif header.count(label) > 1:
            yield f"column '{label}' stands more than once: expected once"
    if missing := [column for column in REQUIRED if column not in header]:
        yield f"column '{missing[0]}' is missing: expected {', '.join(REQUIRED)}"


def _cell_problems(record: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the columns of a row that are wrong, and what was expected there."""
    for column, text in record.items():
        if UNSEEN.search(text):
            yield column, "no line break, control or invisible character"
            return
    measure = measures.known().get(record["indicator"])
    if measure is None:
        yield "indicator", expected_measure(record["indicator"])
    if record["area"] not in measures.places():
        yield "area", expected_place(record["area"])
    try:
        day = cell_types.CASTS["date"][0](record["date"])
    except ValueError:
        yield "date", cell_types.CASTS["date"][1]
    else:
        if day > date.today():
            yield "date", "a day up to today"
    try:
        value = cell_types.CASTS["number"][0](record["value"])
    except ValueError:
        yield "value", "a number such as 73.5, without signs for thousands or per cent"
    else:
        if measure is not None and measure.limits is not None:
            least, most = measure.limits
            if value < least or (most is not None and value > most):
                yield "value", f"at least {least}" if most is None else f"{least} to {most} percent"
    source = record["source"]
    if not source:
        yield "source", "the source, in words or as a key of data/reference/sources.csv"
    elif SOURCE_KEY.fullmatch(source) and source not in _sources():
        yield "source", f"a key of data/reference/sources.csv{_nearest(source, _sources())}"


def _observation(record: Mapping[str, str], origin: str, number: int) -> Observation:
    return Observation(
        measure=record["indicator"],
        area=record["area"],
        date=date.fromisoformat(record["date"]),
        value=float(record["value"]),
        basis=record.get("basis") or measures.known()[record["indicator"]].basis,
        note=record.get("note", ""),
        source_id=record["source"],
        locator=record.get("locator") or Path(origin).name,
        origin=origin,
        row=number,
    )


@cache
def _sources() -> dict[str, str]:
    return {row["source_id"]: row["title"] for row in evidence.rows("sources")}


def _nearest(word: str, titles: Mapping[str, str]) -> str:
    """Return the name that a word comes closest to, by name or by title, as a question."""
    spelt = {text.casefold(): name for name, title in titles.items() for text in (title, name)}
    close = get_close_matches(word.casefold(), spelt, n=1)
    return f", perhaps '{spelt[close[0]]}'" if close else ""
