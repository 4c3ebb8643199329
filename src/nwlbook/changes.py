"""What has changed in an edition since an earlier one, figure by figure."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nwlbook.earlier_build import OPTION, EarlierEdition
from nwlbook.errors import InputError
from nwlbook.figures_record import FiguresRecord, PublishedFigure
from nwlbook.moves import Move
from nwlbook.table_comparison import Comparison, compare_tables

# A move of a tenth of the largest number in its column shows in a chart.
FAR = 0.1


@dataclass(frozen=True)
class ChangedFigure:
    """A figure, table or download whose data is not what it was.

    Attributes
    ----------
    figure : PublishedFigure
        As it is now.
    comparison : Comparison
        Its data then and now.
    same : tuple of PublishedFigure
        Others whose data changed from the same to the same, such as one chart in the
        chapters of all boroughs.
    """

    figure: PublishedFigure
    comparison: Comparison
    same: tuple[PublishedFigure, ...] = ()

    @property
    def members(self) -> tuple[PublishedFigure, ...]:
        """All that this is said of."""
        return (self.figure, *self.same)

    def largest(self) -> list[Move]:
        """Return the values that moved, the furthest first."""
        return sorted(self.comparison.moves, key=lambda move: -move.weight)


@dataclass(frozen=True)
class Difference:
    """Something that an edition was made from, and is not what it was.

    Attributes
    ----------
    name : str
        What it is.
    before, after : str or None
        What it was and is; None where there was or is none.
    """

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class EditionChanges:
    """All that differs between an edition and an earlier one.

    Attributes
    ----------
    before, after : FiguresRecord
        The earlier and the present record.
    parameters, made_with : tuple of Difference
        Parameters; versions.
    evidence : tuple of Difference
        Files of evidence, by their digests.
    sources : tuple of Difference
        Sources that figures rest on, by their keys.
    changed : tuple of ChangedFigure
        What matters most first: figures and tables before downloads, and of these the ones in
        which a value moved far; else in the order of the book.
    new, gone : tuple of PublishedFigure
        In the order of the book, and of the earlier book.
    retitled, recited : tuple of pairs of PublishedFigure
        Then and now: another title; the same title but another source line.
    """

    before: FiguresRecord
    after: FiguresRecord
    parameters: tuple[Difference, ...]
    made_with: tuple[Difference, ...]
    evidence: tuple[Difference, ...]
    sources: tuple[Difference, ...]
    changed: tuple[ChangedFigure, ...]
    new: tuple[PublishedFigure, ...]
    gone: tuple[PublishedFigure, ...]
    retitled: tuple[tuple[PublishedFigure, PublishedFigure], ...]
    recited: tuple[tuple[PublishedFigure, PublishedFigure], ...]

    @property
    def common(self) -> int:
        """How many figures, tables and downloads both editions have."""
        return len(self.after.figures) - len(self.new)


def compare_editions(
    earlier: EarlierEdition, now: FiguresRecord, data: Mapping[str, str]
) -> EditionChanges:
    """Compare an edition with an earlier one.

    Parameters
    ----------
    earlier : EarlierEdition
        The earlier edition; the data of a figure is read only if it differs.
    now : FiguresRecord
        The record of this edition.
    data : mapping
        Label to the CSV of this edition.

    Raises
    ------
    InputError
        If the data of the earlier edition is missing or damaged.
    """
    before = earlier.record
    then = {figure.label: figure for figure in before.figures}
    labels = {figure.label for figure in now.figures}
    pairs = [(then[figure.label], figure) for figure in now.figures if figure.label in then]
    return EditionChanges(
        before=before,
        after=now,
        parameters=tuple(_differences(before.parameters, now.parameters)),
        made_with=tuple(_differences(before.made_with, now.made_with)),
        evidence=tuple(_differences(before.evidence, now.evidence)),
        sources=tuple(_differences(_sources(before), _sources(now))),
        changed=tuple(_ranked(_changed(earlier, pairs, data))),
        new=tuple(figure for figure in now.figures if figure.label not in then),
        gone=tuple(figure for figure in before.figures if figure.label not in labels),
        retitled=tuple((old, new) for old, new in pairs if old.title != new.title),
        recited=tuple((old, new) for old, new in pairs if old.source != new.source),
    )


def rows_of(changes: EditionChanges) -> Iterator[tuple[str, ...]]:
    """Yield every change as ``label, title, page, row, column, before, after, difference``.

    A figure that is new, gone or called otherwise has one row, in whose column ``title``
    before and after are told; one that is cited otherwise has one with ``source``.
    """
    for figure in changes.new:
        yield (*_who(figure), "", "title", "", figure.title, "")
    for figure in changes.gone:
        yield (*_who(figure), "", "title", figure.title, "", "")
    for old, new in changes.retitled:
        yield (*_who(new), "", "title", old.title, new.title, "")
    for old, new in changes.recited:
        yield (*_who(new), "", "source", old.source, new.source, "")
    for changed in changes.changed:
        found = changed.comparison
        for figure in changed.members:
            for move in (*changed.largest(), *found.new_values, *found.gone_values):
                difference = move.difference
                written = "" if difference is None else f"{difference.normalize() + 0:f}"
                texts = (move.row, move.column, move.before or "", move.after or "", written)
                yield (*_who(figure), *texts)


def _who(figure: PublishedFigure) -> tuple[str, str, str]:
    return figure.label, figure.title, figure.page


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Difference]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            old, new = before.get(name), after.get(name)
            yield Difference(
                name, None if old is None else str(old), None if new is None else str(new)
            )


def _sources(record: FiguresRecord) -> dict[str, str]:
    return {name: name for figure in record.figures for name in figure.places}


def _changed(
    earlier: EarlierEdition,
    pairs: Sequence[tuple[PublishedFigure, PublishedFigure]],
    data: Mapping[str, str],
) -> Iterator[ChangedFigure]:
    """Compare the data of each figure, once for all that have it from the same to the same."""
    alike: dict[tuple[str, str, str], list[tuple[PublishedFigure, PublishedFigure]]] = {}
    for old, new in pairs:
        if old.sha256 != new.sha256:
            alike.setdefault((new.kind, old.sha256, new.sha256), []).append((old, new))
    for (old, new), *others in alike.values():
        try:
            comparison = compare_tables(earlier.data_of(old), data[new.label])
        except csv.Error as error:
            file = earlier.site / old.data
            raise InputError(f"is not CSV: {error}", f"{OPTION}: {file}") from error
        if comparison.found:
            yield ChangedFigure(new, comparison, tuple(other for _, other in others))


def _ranked(changed: Iterator[ChangedFigure]) -> list[ChangedFigure]:
    """Put first what matters most; else they stay in the order of the book."""

    def rank(one: ChangedFigure) -> tuple[bool, bool]:
        furthest = max((move.weight for move in one.comparison.moves), default=0.0)
        return one.figure.kind == "download", furthest < FAR

    return sorted(changed, key=rank)
