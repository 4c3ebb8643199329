"""Read some rows or columns of a large CSV file without reading all of it.

The texts of each column, and where each record begins, are kept under a digest of the file's
content. Who needs few rows or columns reads those alone, so that a chapter on one area costs the
same however many areas the file tells of. The file itself is opened each time, for its digest:
nothing stale is found, and the builder sees that a run depends on it.
"""

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from helpers.sealed import sealed, unsealed

# Bytes from which on it pays.
LARGE = 2**15
# States of one file that are kept: of the last edits, and of builds that still run.
STATES = 4
HEADING, STARTS = "heading", "starts"
NUMBER = "Q"  # of an array: eight bytes each


class Column(NamedTuple):
    """A column: its different texts, and of each row the number of its text."""

    texts: list[str]
    numbers: "array[int]"


class LargeTable:
    """A large CSV file, by column and by record.

    Parameters
    ----------
    file : Path
        The file.
    folder : Path
        Where its parts are kept, each in a file of its own.
    """

    def __init__(self, file: Path, folder: Path) -> None:
        self._file, self._folder = file, folder
        self._columns: dict[str, Column] = {}
        self.heading: list[str] = self._texts(HEADING)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._starts) - 1

    def column(self, name: str) -> Column:
        """Return a column."""
        if name not in self._columns:
            part = str(self.heading.index(name))
            self._columns[name] = Column(self._texts(part), self._numbers(part))
        return self._columns[name]

    def rows(self, holding: Iterable[tuple[str, Collection[str]]]) -> Sequence[int]:
        """Return the rows, from 0, whose cell in each named column is one of some texts."""
        found: Sequence[int] = range(len(self))
        for name, wanted in holding:
            texts, numbers = self.column(name)
            chosen = {number for number, text in enumerate(texts) if text in wanted}
            found = [row for row in found if numbers[row] in chosen]
        return found

    def cells(self, rows: Iterable[int]) -> Iterator[list[str]]:
        """Yield the cells of some rows."""
        starts = self._starts
        with self._file.open("rb") as content:
            for row in rows:
                content.seek(starts[row])
                record = content.read(starts[row + 1] - starts[row]).decode("utf-8")
                yield next(csv.reader(io.StringIO(record)))

    @cached_property
    def _starts(self) -> "array[int]":
        return self._numbers(STARTS)

    def _texts(self, part: str) -> list[str]:
        texts: list[str] = json.loads(self._part(f"{part}.json"))
        return texts

    def _numbers(self, part: str) -> "array[int]":
        return array(NUMBER, self._part(f"{part}.bin"))

    def _part(self, name: str) -> bytes:
        """Return what is kept under a name; from the file itself if that was damaged."""
        content = unsealed((self._folder / name).read_bytes())
        if content is None:
            content = (_parts(self._file.read_bytes()) or {})[name]
            (self._folder / name).write_bytes(sealed(content))
        return content


@cache
def large_table(file: Path, changed: int, kept: Path) -> LargeTable | None:
    """Return a file as a large table.

    Parameters
    ----------
    file : Path
        A CSV file.
    changed : int
        When it was last changed, so that each state is looked at once.
    kept : Path
        Folder for what is kept of its states.

    Returns
    -------
    LargeTable or None
        None if the file is small, or not as regular as what is kept needs: it has to be read
        whole, which tells what is wrong with it.
    """
    if not changed or file.stat().st_size < LARGE:
        return None
    content = file.read_bytes()
    folder = kept / hashlib.sha256(content).hexdigest()[:16]
    try:
        if not folder.is_dir():
            parts = _parts(content)
            if parts is None:
                return None
            _keep(parts, folder)
        return LargeTable(file, folder)
    except OSError:  # a folder that cannot be written, or went as others were kept
        return None


def _parts(content: bytes) -> dict[str, bytes] | None:
    """Take a file apart, or return None if a record is not like the heading.

    Columns are under their places: texts as JSON and numbers as an array.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    # Line ends are read as one sign, and would count as two bytes.
    if "\r" in text:
        return None
    place = 0

    def lines() -> Iterator[str]:
        nonlocal place
        for line in io.StringIO(text):
            place += len(line.encode())
            yield line

    starts, records = [], []
    began = 0
    for record in csv.reader(lines()):
        # An empty line is no record.
        if record:
            starts.append(began)
            records.append(record)
        began = place
    if not records or any(len(record) != len(records[0]) for record in records):
        return None
    heading, *rows = records
    parts = {
        f"{HEADING}.json": json.dumps(heading).encode(),
        f"{STARTS}.bin": array(NUMBER, [*starts[1:], place]).tobytes(),
    }
    for number in range(len(heading)):
        texts: dict[str, int] = {}
        numbers = array(NUMBER, (texts.setdefault(row[number], len(texts)) for row in rows))
        parts |= {
            f"{number}.json": json.dumps(list(texts)).encode(),
            f"{number}.bin": numbers.tobytes(),
        }
    return parts


def _keep(parts: dict[str, bytes], folder: Path) -> None:
    """Write the parts of a file, all or none, and let go of the oldest states but a few."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".", ignore_cleanup_errors=True) as (
        unfinished
    ):
        made = Path(unfinished) / folder.name
        made.mkdir()
        for name, part in parts.items():
            (made / name).write_bytes(sealed(part))
        try:
            made.rename(folder)
        except OSError:
            # Another run was quicker.
            if not folder.is_dir():
                raise
    states = [each for each in folder.parent.iterdir() if not each.name.startswith(".")]
    for state in sorted(states, key=os.path.getmtime)[:-STATES]:
        shutil.rmtree(state, ignore_errors=True)
