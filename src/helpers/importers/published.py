"""What the importers share: open a published file, find its columns, read months and counts."""

import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import chain, islice
from pathlib import Path
from typing import IO

from helpers import measures
from helpers.errors import EvidenceError
from helpers.importers.months import month_of
from helpers.observation_rows import expected_of_csv, shown

# What published files print where there is no number.
NO_NUMBER = {"", "-", "*", ".", "..", "n/a", "na"}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
WORKBOOKS = {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"}
# Older files print a title and a few lines above the heading.
HEADING_WITHIN = 20
# The largest extracts published unpack to a tenth of this. No more is read than an archive says.
GIGABYTE = 10**9
LARGEST = 2 * GIGABYTE
ENCRYPTED = 0x1
LISTED_COLUMNS = 6
BY_COMMISSIONER = "Counted by commissioner: residents, wherever they are seen."


@dataclass(frozen=True)
class Value:
    """One value of one measure, area and month; `note` is what a reader should know."""

    measure: str
    area: str
    month: date
    value: float
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What a file gave: values, and in `notes` what it did not give."""

    values: list[Value]
    notes: list[str]


@dataclass(frozen=True)
class Row:
    """A row below the heading.

    Attributes
    ----------
    number : int
        Its place in the file, from 1.
    cells : list of str
        As printed.
    """

    number: int
    cells: list[str]

    def text(self, column: int) -> str:
        """Return a cell without the space around it; empty if the row is too short."""
        return self.cells[column].strip() if column < len(self.cells) else ""


class Table:
    """A published file, open at its first row below the heading.

    Parameters
    ----------
    name : str
        Name of the file, without its folder.
    lines : iterator of list of str
        Its rows from the first.
    markers : tuple of str
        Columns by which the heading is known.
    month : datetime.date, optional
        Its month, if it was given.

    Raises
    ------
    EvidenceError
        If no row near the top has the columns.
    """

    def __init__(
        self,
        name: str,
        lines: Iterator[list[str]],
        markers: tuple[str, ...],
        month: date | None = None,
    ) -> None:
        self.name = name
        self.given_month = month
        self._lines = self._whole(lines)
        top = list(islice(self._lines, HEADING_WITHIN))
        wanted = {plain(marker) for marker in markers}
        above = [number for number, cells in enumerate(top) if wanted <= {*map(plain, cells)}]
        # Without one, the widest row is what was meant to be it.
        widest = max(range(len(top)), key=lambda number: len(top[number]), default=0)
        self._heading = above[0] if above else widest
        self.header = [label.strip() for label in top[self._heading]] if top else []
        self._labels = [plain(label) for label in self.header]
        self._below = top[self._heading + 1 :]
        for marker in markers:
            self.column(marker)

    def column(self, *names: str) -> int:
        """Return where a column is, under the first of its names that is there.

        Raises
        ------
        EvidenceError
            If it is not there, or is there twice.
        """
        place = self.optional(*names)
        if place is None:
            labels = [shown(label) for label in self._nearest(names[0])]
            listed = ", ".join(labels[:LISTED_COLUMNS]) or "nothing"
            more = f" and {len(labels) - LISTED_COLUMNS} more" if labels[LISTED_COLUMNS:] else ""
            raise EvidenceError(
                f"{self.name}: column '{names[0]}' is missing: found {listed}{more}: "
                "the layout may have changed, or this is another file"
            )
        return place

    def optional(self, *names: str) -> int | None:
        """Return where a column is, or None if it is not there."""
        for name in names:
            wanted = plain(name)
            places = [place for place, label in enumerate(self._labels) if label == wanted]
            if len(places) > 1:
                raise EvidenceError(f"{self.name}: column '{name}' is there twice: expected once")
            if places:
                return places[0]
        return None

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the heading that are not empty, once."""
        for number, cells in enumerate(chain(self._below, self._lines), start=self._heading + 2):
            if any(cells):
                yield Row(number, cells)

    def count(self, row: Row, column: int) -> float | None:
        """Return the number in a cell, or None where the file prints that there is none.

        Raises
        ------
        EvidenceError
            If it is neither, or less than nothing.
        """
        text = row.text(column).replace(",", "")
        if text.casefold() in NO_NUMBER:
            return None
        try:
            value = float(text)
        except ValueError:
            value = -1
        # Only what is not a number is unequal to itself.
        if value < 0 or value != value or value == float("inf"):
            raise self.problem(row, column, "a number of 0 or more")
        return value

    def month(self, row: Row, column: int) -> date:
        """Return the month in a cell.

        Raises
        ------
        EvidenceError
            If there is none.
        """
        found = month_of(row.text(column))
        if found is None:
            raise self.problem(row, column, "a month such as April-2026")
        return found

    def problem(self, row: Row, column: int, expectation: str) -> EvidenceError:
        """Return the error that says what was expected in a cell."""
        return EvidenceError(
            f"{self.name}: row {row.number}: column '{self.header[column]}': "
            f"{shown(row.text(column))}: expected {expectation}"
        )

    def _nearest(self, name: str) -> list[str]:
        """Return the headings, those most like a name first."""
        return sorted(
            (label for label in self.header if label),
            key=lambda label: SequenceMatcher(None, plain(label), plain(name)).ratio(),
            reverse=True,
        )

    def _whole(self, lines: Iterator[list[str]]) -> Iterator[list[str]]:
        number = 0
        while True:
            number += 1
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                place = f"{self.name}: row {number}"
                expectation = expected_of_csv(error)
                raise EvidenceError(f"{place}: not a row of CSV: expected {expectation}") from error
            yield cells


@contextmanager
def opened(file: Path, markers: tuple[str, ...], month: date | None = None) -> Iterator[Table]:
    """Open a published file: a CSV file, or a ZIP archive with one in it.

    Parameters
    ----------
    file : Path
        The file as it was downloaded.
    markers : tuple of str
        Columns by which its heading is known.
    month : datetime.date, optional
        Month of a file that names none.

    Raises
    ------
    EvidenceError
        If it cannot be read, is a workbook, or has not the columns.
    """
    if file.suffix.lower() in WORKBOOKS:
        raise EvidenceError(
            f"{file.name}: a workbook: expected CSV: open it in a spreadsheet, show the sheet "
            "with the data and save that as 'CSV UTF-8'"
        )
    try:
        with file.open("rb") as content:
            if file.suffix.lower() == ".zip":
                with zipfile.ZipFile(content) as archive, archive.open(_csv_in(archive)) as inner:
                    yield Table(file.name, _lines(file.name, inner), markers, month)
            else:
                yield Table(file.name, _lines(file.name, content), markers, month)
    except OSError as error:
        raise EvidenceError(f"{file.name}: cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise EvidenceError(f"{file.name}: cannot be read: {error}") from error
    except (zlib.error, lzma.LZMAError, EOFError) as error:
        raise EvidenceError(
            f"{file.name}: cannot be read: the archive is damaged: download it again"
        ) from error


def plain(label: str) -> str:
    """Return a heading without what differs between files of one layout."""
    return " ".join(label.replace("_", " ").casefold().split()).removeprefix("number of ")


def share(part: float, whole: float) -> float:
    """Return a part in per cent of the whole, to two decimals."""
    return round(100 * part / whole, 2)


def absent(values: Iterable[Value], expected: Iterable[str]) -> list[str]:
    """Say which areas a file gave nothing of."""
    areas = {value.area for value in values}
    return [
        f"nothing found of {measures.places()[area]} ({area})"
        for area in expected
        if area not in areas
    ]


def _csv_in(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
    if len(found) != 1:
        raise zipfile.BadZipFile(f"expected one CSV file in it, found {len(found)}")
    entry = found[0]
    if entry.flag_bits & ENCRYPTED:
        raise zipfile.BadZipFile("its CSV file is encrypted: expected one that is not")
    if entry.file_size > LARGEST:
        raise zipfile.BadZipFile(
            f"its CSV file unpacks to {entry.file_size / GIGABYTE:.1f} GB: "
            f"expected at most {LARGEST / GIGABYTE:.0f} GB"
        )
    # The archive's name for it is not used as a path: nothing is unpacked to disk.
    return entry


def _lines(name: str, content: IO[bytes]) -> Iterator[list[str]]:
    if content.read(2) in UTF_16:
        raise EvidenceError(f"{name}: looks like UTF-16: save it as 'CSV UTF-8'")
    content.seek(0)
    # Older files are not UTF-8, but only in names, which are not taken over.
    text = io.TextIOWrapper(content, encoding="utf-8-sig", errors="replace", newline="")
    return csv.reader(text)
