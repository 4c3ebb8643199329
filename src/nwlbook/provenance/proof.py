"""Hold one row of evidence against the place that its locator names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from nwlbook.provenance.locators import Locators
from nwlbook.provenance.numbers import NOTHING, SCALES, WHOLE, Kind, Printed, printed_numbers
from nwlbook.provenance.outline import Lines

NUMERIC = {"number", "integer", "year"}
PRINTED = "_printed"
# How much of the best line's likeness to the row another line needs to count as its place.
LIKENESS = 0.5
SECTOR, _SUM = "nwl", "total"
_LEADING_ZERO = re.compile(r"-?0\d")
_SENTENCE = re.compile(r"(?<=[.;:?!])\s+(?=[A-Z‘'\"(])")
_NOT_SUBJECT = {"source_id", "locator", "unit", "note", "status", "precision"}
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "the and for with that this from are was has have been will its their not all per who "
        "which into than more least most over under year years number numbers each other share",
    )
)


@dataclass(frozen=True)
class Reading:
    """How a number is printed where no ordinary form prints it.

    Parameters
    ----------
    value : str
        The cell of the evidence.
    printed : str
        The words that stand in the place, such as 'monthly' for 1; empty where none do.
    reason : str
        Why the number is read so.
    """

    value: str
    printed: str
    reason: str


@dataclass(frozen=True)
class Failure:
    """A cell that its place does not prove.

    Parameters
    ----------
    column : str
        Column of the cell; empty where the place itself is not found.
    value : str
        The cell.
    reason : str
        Why it is not proven.
    """

    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Segment:
    """A sentence, or the cell of a table with the label of its row.

    Parameters
    ----------
    text : str
        What is printed.
    words : frozenset of str
        Stems of its words and of its row's label.
    header : str
        What stands above it in the table's first row, if it is a cell.
    """

    text: str
    words: frozenset[str]
    header: str


class Prover:
    """Prove the rows of one document.

    Parameters
    ----------
    locators : Locators
        Its places.
    """

    def __init__(self, locators: Locators) -> None:
        self.locators = locators
        self._segments: dict[Lines, tuple[Segment, ...]] = {}

    def failures(
        self,
        row: Mapping[str, str],
        fields: Sequence[Mapping[str, Any]],
        readings: Mapping[str, Reading],
    ) -> list[Failure]:
        """Return the cells of a row that its place does not prove.

        Parameters
        ----------
        row : mapping
            Cells as they stand in the file.
        fields : sequence of mapping
            The columns that must be printed, as described.
        readings : mapping
            For each column of this row that is printed in no ordinary form, how it is.

        Returns
        -------
        list of Failure
            Empty if the row is proven.
        """
        lines = self.locators.lines(row["locator"])
        if not lines:
            return [Failure("", row["locator"], "place not found")]
        segments = self._segmented(lines)
        found = []
        for field in fields:
            column = field["name"]
            cell = row[column]
            if not cell:
                continue
            if column in readings:
                reason = _misread(cell, readings[column], segments)
            elif field["type"] not in NUMERIC:
                reason = _not_verbatim(cell, segments)
            else:
                reason = self._unprinted(row, field, segments)
            if reason:
                found.append(Failure(column, cell, reason))
        return found

    def _unprinted(
        self, row: Mapping[str, str], field: Mapping[str, Any], segments: Sequence[Segment]
    ) -> str:
        amount, kind = sought(row, field)
        wording = row.get(_printed_column(field["name"], row), "")
        if wording:
            return "" if _means(wording, amount, kind) else f"'{wording}' does not say so"
        if _LEADING_ZERO.match(row[field["name"]]):
            return "written with a zero too many"
        counted = [each for each in _headed(segments, row) if _amounts(each.text, kind)]
        if any(
            amount in _amounts(each.text, kind) for each in _near(counted, _subject(row, field))
        ):
            return ""
        if any(amount in _amounts(each.text, kind) for each in segments):
            return "printed in the place, but not where it speaks of this"
        return "not printed in the place"

    def _segmented(self, lines: Lines) -> tuple[Segment, ...]:
        if lines not in self._segments:
            self._segments[lines] = tuple(self._segments_of(lines))
        return self._segments[lines]

    def _segments_of(self, lines: Lines) -> Iterator[Segment]:
        plain = self.locators.text.plain
        introduction: frozenset[str] = frozenset()
        for line in lines:
            text = plain[line]
            if "\t" not in text.strip():
                listed = introduction if text.startswith(("-", " -")) else frozenset()
                for sentence in _SENTENCE.split(text.strip()):
                    yield Segment(sentence, stems(sentence) | listed, "")
                if text.endswith(":"):
                    introduction = stems(text)
                continue
            header = self._header(line).split("\t")
            cells = text.split("\t")
            label = stems(next((cell for cell in cells if cell), ""))
            for column, cell in enumerate(cells):
                above = header[column] if column < len(header) else ""
                if cell:
                    yield Segment(cell, stems(cell) | label, above)

    def _header(self, line: int) -> str:
        lines = self.locators.text.plain
        while line and "\t" in lines[line - 1].strip():
            line -= 1
        return lines[line]


def sought(row: Mapping[str, str], field: Mapping[str, Any]) -> tuple[Decimal, Kind]:
    """Return what a cell is worth, and as what kind of number it must be printed.

    Parameters
    ----------
    row : mapping
        Cells as they stand in the file.
    field : mapping
        The column, as described; its unit may stand in the row's column `unit`.
    """
    described = field.get("unit") or ""
    unit = row.get("unit", "") if described in {"", "see the unit column"} else described
    words = unit.split(" ")
    kind = Kind.PLAIN
    if words[0] == "GBP":
        kind, words = Kind.MONEY, words[1:]
    elif words[0].startswith("percent"):
        kind = Kind.PERCENT
    elif words[0] == "rank":
        kind = Kind.RANK
    power = SCALES.get(words[0], 0) if words else 0
    return Decimal(row[field["name"]]).scaleb(power), kind


@cache
def stems(text: str) -> frozenset[str]:
    """Return the first letters of each word that can tell what a text is about."""
    words = re.findall(r"[a-z]{3,}|\d{4}/\d\d", text.casefold().replace("&", " and "))
    return frozenset(word.rstrip("s")[:6] for word in words if word not in _COMMON)


@cache
def _amounts(text: str, kind: Kind) -> frozenset[Decimal]:
    """Return what a text prints of a kind; a place in an order may be a plain number too."""
    kinds = {Kind.RANK, Kind.PLAIN} if kind is Kind.RANK else {kind}
    amounts = {number.value for number in _numbers(text) if number.kind in kinds}
    return frozenset(amounts | {Decimal(0)} if text in {"-", "–"} else amounts)


@cache
def _numbers(text: str) -> tuple[Printed, ...]:
    return tuple(printed_numbers(text))


def _near(segments: Sequence[Segment], subject: frozenset[str]) -> list[Segment]:
    """Return the segments that are most like a subject."""
    likeness = [len(subject & segment.words) for segment in segments]
    least = max(likeness, default=0) * LIKENESS
    return [segment for segment, like in zip(segments, likeness, strict=True) if like >= least]


def _subject(row: Mapping[str, str], field: Mapping[str, Any]) -> frozenset[str]:
    """Return the stems of what a row and one of its columns speak of."""
    texts = [
        cell.replace("-", " ").replace("_", " ")
        for column, cell in row.items()
        if cell and column not in _NOT_SUBJECT and not column.endswith(PRINTED)
    ]
    texts += [field["name"].replace("_", " "), field.get("title", "")]
    if row.get("area") == SECTOR:
        texts.append(_SUM)
    # A table says "SPD" where the evidence says "Strategic Planning Directorate".
    initials = {"".join(word[0] for word in text.split()).casefold() for text in texts if text}
    return frozenset(initials.union(*(stems(text) for text in texts)))


def _headed(segments: Sequence[Segment], row: Mapping[str, str]) -> Sequence[Segment]:
    """Keep, of a table with a column for each year or area, the column of the row's own."""
    for column in ("year", "area"):
        name = row.get(column, "").replace("-", " ").casefold()
        headed = {
            segment.header for segment in segments if name and name in segment.header.casefold()
        }
        if headed:
            segments = [each for each in segments if each.header in {"", *headed}]
    return segments


def _printed_column(column: str, row: Mapping[str, str]) -> str:
    """Return the column that holds, as printed, what a column holds as a number."""
    stem = column.rpartition("_")[0]
    return f"{stem}{PRINTED}" if stem and f"{stem}{PRINTED}" in row else ""


def _means(wording: str, amount: Decimal, kind: Kind) -> bool:
    """Tell whether a printed wording says an amount."""
    if amount in _amounts(wording, kind):
        return True
    words = set(re.findall(r"[a-z]+", wording.casefold()))
    whole = Decimal(100)
    return (amount == whole and bool(words & WHOLE)) or (amount == 0 and bool(words & NOTHING))


def _not_verbatim(cell: str, segments: Sequence[Segment]) -> str:
    return "" if _stands(cell, segments) else "not printed so in the place"


def _misread(cell: str, reading: Reading, segments: Sequence[Segment]) -> str:
    if cell != reading.value:
        return f"the reading held is {reading.value}"
    if not reading.printed:
        return reading.reason
    return _not_verbatim(reading.printed, segments)


def _stands(words: str, segments: Sequence[Segment]) -> bool:
    """Tell whether a place prints these words, as they are, whatever its line breaks."""
    form = _verbatim(" ".join(words.split()))
    whole = " ".join(segment.text for segment in segments)
    return bool(form.search(whole)) or any(form.search(segment.header) for segment in segments)


@cache
def _verbatim(words: str) -> re.Pattern[str]:
    # A year that opens a longer period, as in "2026 - 27", is another date.
    whole = r"(?![\w/]|[.,]\d|\s?[-–]\s?\d)" if words[-1:].isdigit() else r"(?![\w/])"
    return re.compile(rf"(?<![\w/£])(?<!\d[.,]){re.escape(words)}{whole}", re.IGNORECASE)
