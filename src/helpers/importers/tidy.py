"""Write imported values into a file of observations, where those of the same key are replaced."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers import measures
from helpers.errors import EvidenceError
from helpers.importers.published import Value
from helpers.observation_files import FOLDER, problems_if
from helpers.observation_rows import Observation, read

HEADER = ("indicator", "area", "date", "value", "basis", "note", "source", "locator")


@dataclass(frozen=True)
class Merged:
    """A file of observations with new values in it.

    Attributes
    ----------
    content : bytes
        What the file is to hold.
    added, replaced : int
        How many values were not there before, and how many took the place of one that differs
        in anything that is written.
    """

    content: bytes
    added: int
    replaced: int


def observations(values: Iterable[Value], source: str, file: str) -> list[Observation]:
    """Return imported values as observations.

    Parameters
    ----------
    values : iterable of Value
        From one published file.
    source : str
        The publication, in words.
    file : str
        Name of the published file, which becomes the place in the source.
    """
    return [
        Observation(
            measure=value.measure,
            area=value.area,
            date=value.month,
            value=value.value,
            basis=measures.known()[value.measure].basis,
            note=value.note,
            source_id=source,
            locator=file,
            origin="",
            row=0,
        )
        for value in values
    ]


def merged(name: str, existing: bytes, new: Iterable[Observation]) -> Merged:
    """Put new observations into a file, in a fixed order.

    Parameters
    ----------
    name : str
        Name of the file in `data/observations/`.
    existing : bytes
        What it holds; empty if it is not there.
    new : iterable of Observation
        A later one takes the place of an earlier one, and of what the file holds, for the same
        measure, area, date and basis.

    Raises
    ------
    EvidenceError
        If the file is wrong, or would be, or another file holds one of the values.
    """
    before, wrong = read(existing, f"{FOLDER}/{name}") if existing.strip() else ([], [])
    if wrong:
        raise EvidenceError(wrong[0])
    old = {row.key: row for row in before}
    latest = {row.key: row for row in new}
    rows = sorted((old | latest).values(), key=lambda row: row.key)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_cells(row) for row in rows)
    content = written.getvalue().encode()
    if problems := problems_if(name, content):
        raise EvidenceError(problems[0])
    common = old.keys() & latest.keys()
    return Merged(
        content,
        added=len(latest) - len(common),
        replaced=sum(_cells(old[key]) != _cells(latest[key]) for key in common),
    )


def _cells(row: Observation) -> tuple[str, ...]:
    usual_basis = measures.known()[row.measure].basis
    # What reading fills in need not be written.
    basis = "" if row.basis == usual_basis else row.basis
    locator = "" if row.locator == Path(row.origin).name else row.locator
    value = f"{row.value:.10g}"
    return (
        row.measure, row.area, row.date.isoformat(), value, basis, row.note, row.source_id, locator,
    )  # fmt: skip
