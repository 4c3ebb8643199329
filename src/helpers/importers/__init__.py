"""Read files as NHS England publishes them, and turn them into observations.

Each publication has a module that knows its columns. Layouts have changed and will change
again: columns are found by name, sums are checked, and what does not fit is refused with the
column that is missing and those that were found. Only the organisations of the table
``organisations`` are taken over.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from helpers.errors import EvidenceError
from helpers.importers import ae, cancer, diagnostics, rtt
from helpers.importers.published import Found, Table, opened


@dataclass(frozen=True)
class Publication:
    """A series of files that can be imported.

    Attributes
    ----------
    source : str
        How observations name it.
    markers : tuple of str
        Columns by which its heading is known.
    read : callable
        Takes an opened file and returns what was found.
    """

    source: str
    markers: tuple[str, ...]
    read: Callable[[Table], Found]


PUBLICATIONS = {
    "ae": Publication(ae.SOURCE, ae.MARKERS, ae.read),
    "cancer": Publication(cancer.SOURCE, cancer.MARKERS, cancer.read),
    "diagnostics": Publication(diagnostics.SOURCE, diagnostics.MARKERS, diagnostics.read),
    "rtt": Publication(rtt.SOURCE, rtt.MARKERS, rtt.read),
}


def read_published(kind: str, file: Path, month: date | None = None) -> Found:
    """Read one published file.

    Parameters
    ----------
    kind : str
        ``ae``, ``cancer``, ``diagnostics`` or ``rtt``.
    file : Path
        A CSV file, or a ZIP archive with one CSV file in it.
    month : datetime.date, optional
        Month of a file that names none, as its first day.

    Returns
    -------
    Found
        Values of our organisations, and what could not be had.

    Raises
    ------
    EvidenceError
        If there is no such kind, or the file is not laid out as that publication is.
    """
    if kind not in PUBLICATIONS:
        raise EvidenceError(f"kind '{kind}': expected one of {', '.join(PUBLICATIONS)}")
    publication = PUBLICATIONS[kind]
    with opened(file, publication.markers, month) as table:
        found = publication.read(table)
    if not found.values:
        raise EvidenceError(f"{file.name}: no value of our organisations: expected at least one")
    counted = Counter((value.measure, value.area, value.month) for value in found.values)
    (measure, area, of_month), times = counted.most_common(1)[0]
    if times > 1:
        raise EvidenceError(
            f"{file.name}: {times} values of {measure}, {area}, {of_month:%B %Y}: expected one"
        )
    return found
