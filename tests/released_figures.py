"""The figures of the last release beside those of a built site."""

import csv
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nwlbook.changes import EditionChanges, compare_editions
from nwlbook.earlier_build import EarlierEdition, read_earlier
from nwlbook.figures_record import PublishedFigure

RELEASED = Path(__file__).parent / "released"
EXPECTED = RELEASED / "expected-changes.csv"
NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")

# Edition and figure.
Place = tuple[str, str]


def unpack_release(folder: Path) -> Path:
    """Unpack the one record of a release into a folder, and return it."""
    (archive,) = RELEASED.glob("*.tar.xz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


def expected_changes(file: Path = EXPECTED) -> dict[Place, str]:
    """Return the reason for each change that was meant since the release."""
    with file.open(encoding="utf-8", newline="") as rows:
        return {(row["edition"], row["figure"]): row["reason"] for row in csv.DictReader(rows)}


def compare_sites(released: Path, built: Path) -> dict[Place, list[str]]:
    """Return a line for each value that a built site does not give as the release did.

    What is new is no fault: figures, rows and columns may be added, and texts reworded.

    Parameters
    ----------
    released, built : Path
        Sites; the second has all editions of the first.
    """
    before, now = read_earlier(released).editions, read_earlier(built).editions
    return {
        place: lines
        for slug, edition in before.items()
        for place, lines in _moved(slug, edition, now[slug]).items()
    }


def unexplained(
    moved: Mapping[Place, Iterable[str]], expected: Mapping[Place, str]
) -> Iterator[str]:
    """Yield what nobody expected, and what was expected and did not happen."""
    for place, lines in moved.items():
        if place not in expected:
            yield from lines
    for (edition, figure), reason in expected.items():
        if (edition, figure) not in moved:
            yield f"{edition}, {figure}: expected to change and has not: remove it"
        elif len(reason.split()) < 3:
            yield f"{edition}, {figure}: its change is expected without a reason"


def _moved(slug: str, before: EarlierEdition, now: EarlierEdition) -> dict[Place, list[str]]:
    data = {figure.label: now.data_of(figure) for figure in now.record.figures}
    lines: dict[Place, list[str]] = {}
    for label, line in _lines(compare_editions(before, now.record, data)):
        lines.setdefault((slug, label), []).append(f"{slug}, {label}, {line}")
    return lines


def _lines(changes: EditionChanges) -> Iterator[tuple[str, str]]:
    for gone in changes.gone:
        yield gone.label, f"{gone.page}: was published, is gone"
    for old, new in changes.retitled:
        if NUMBER.findall(old.title) != NUMBER.findall(new.title):
            yield new.label, f"{_cell(new)}, title: was '{old.title}', is '{new.title}'"
    for changed in changes.changed:
        found = changed.comparison
        for figure in changed.members:
            cell = _cell(figure)
            if not found.is_comparable:
                yield figure.label, f"{cell}: laid out otherwise than it was"
            for move in found.moves:
                told = f"was {move.before or 'empty'}, is {move.after or 'empty'}"
                yield figure.label, f"{cell}, row {move.row}, {move.column}: {told}"
            for row in found.gone_rows:
                yield figure.label, f"{cell}, row {row}: is gone"
            for column in found.gone_columns:
                yield figure.label, f"{cell}, column {column}: is gone"


def _cell(figure: PublishedFigure) -> str:
    return f"{figure.page.partition('#')[0]} cell {figure.cell}"
