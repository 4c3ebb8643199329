"""Read the numbers that a passage prints: what they are worth and of what kind."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise

_COUNT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
WORDS = {word: value for value, word in enumerate(_COUNT.split())}
WORDS |= {"once": 1, "twice": 2, "double": 2, "doubled": 2}
TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9,
}  # fmt: skip
# Words that a plan uses for the whole of something or for nothing of it.
WHOLE = {"all", "whole", "every", "each", "full", "fully", "universal"}
NOTHING = {"no", "none", "zero", "nil", "eliminate", "eliminated", "elimination", "immediate"}


class Kind(Enum):
    """What a printed number measures."""

    MONEY = "money"
    PERCENT = "percent"
    RANK = "rank"
    PLAIN = "plain"


@dataclass(frozen=True)
class Printed:
    """A number as printed.

    Parameters
    ----------
    value : Decimal
        Its worth, thousands and millions written out.
    kind : Kind
        Money, percentage or neither.
    start, end : int
        Its place in the text.
    """

    value: Decimal
    kind: Kind
    start: int
    end: int


_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:bn|mn|k|m)(?![A-Za-z])|\s(?:billion|million|thousand)\b"
_PERCENT = r"\s?%|\s(?:per\scent|percent|percentage\spoints?)\b"
_NUMBER = re.compile(
    rf"""
    (?<![\w.,/£]) (?P<open>\()? (?P<minus>[-−–](?=£?\d))?
    (?P<pound>£\s?)? (?P<digits>{_DIGITS})
    (?P<misplaced>\)(?=(?:bn|mn|k|m)\b))? (?P<scale>{_SCALE})? (?P<percent>{_PERCENT})?
    (?P<ordinal>st|nd|rd|th|s|x)?
    (?P<close>\))?
    (?! \d | [.,]\d | /\d | [A-Za-z] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORD_NUMBER = re.compile(
    rf"\b(?P<word>{'|'.join([*WORDS, *TENS, *ORDINALS])})\b"
    rf"(?P<scale>{_SCALE})?(?P<percent>{_PERCENT})?",
    re.IGNORECASE,
)
_ODDS = re.compile(r"\b(?P<part>\d+|one|two|three) in (?P<whole>\d+|\w+)\b", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:-|–|to|and)\s?")


def printed_numbers(text: str) -> list[Printed]:
    """Return the numbers of a text, each in every ordinary sense it can have.

    Parameters
    ----------
    text : str
        A line, a sentence or the cell of a table, without mark-up.

    Returns
    -------
    list of Printed
        A range such as 50-70,000 gives its lower end in the unit of the upper one too.
        Digits within a date, a year such as 2009/10 or a name such as Core20 are none.
    """
    found = list(_digits(text))
    found += _shared_units(text, found)
    return found + list(_words(text)) + list(_shares(text))


def _digits(text: str) -> list[Printed]:
    found = []
    for match in _NUMBER.finditer(text):
        value = Decimal(match["digits"].replace(",", "")).scaleb(_power(match["scale"]))
        kind = _kind(bool(match["pound"]), bool(match["percent"]))
        span = match.start("pound" if match["pound"] else "digits"), match.end()
        bracketed = bool(match["open"]) and bool(match["close"] or match["misplaced"])
        if match["minus"] or bracketed:
            found.append(Printed(-value, kind, *span))
        # In a table brackets mean a cost; in a sentence they only set a number apart, and
        # what looks like a minus is often the stroke of a range or of a list.
        if not (bracketed and match.span() == (0, len(text))) and not (
            match["minus"] and match.start() == 0
        ):
            found.append(Printed(value, kind, *span))
    return found


def _shared_units(text: str, found: list[Printed]) -> list[Printed]:
    """Give the lower end of a range the unit that is printed at its upper end only."""
    shared = []
    for low, high in pairwise(sorted(found, key=lambda number: number.start)):
        if low.kind is not Kind.PLAIN and low.kind is not high.kind:
            continue
        if not _RANGE.fullmatch(text[low.end : high.start]) or low.value >= high.value:
            continue
        if low.kind is not high.kind:
            shared.append(Printed(low.value, high.kind, low.start, low.end))
        for power in (3, 6, 9):
            scaled = low.value.scaleb(power)
            if high.value / 10 <= scaled < high.value:
                shared.append(Printed(scaled, high.kind, low.start, low.end))
    return shared


def _words(text: str) -> list[Printed]:
    found = []
    for match in _WORD_NUMBER.finditer(text):
        word = match["word"].lower()
        if word in ORDINALS:
            place = Decimal(ORDINALS.index(word) + 1)
            found.append(Printed(place, Kind.RANK, match.start(), match.end()))
            continue
        value = WORDS.get(word) or TENS.get(word) or 0
        amount = Decimal(value).scaleb(_power(match["scale"]))
        kind = _kind(money=False, percent=bool(match["percent"]))
        found.append(Printed(amount, kind, match.start(), match.end()))
    return found


def _shares(text: str) -> list[Printed]:
    """Read '1 in 4' as 25 percent."""
    found = []
    for match in _ODDS.finditer(text):
        part, whole = (_small(match[name]) for name in ("part", "whole"))
        if part and whole and part < whole:
            value = Decimal(100 * part) / whole
            found.append(Printed(value, Kind.PERCENT, match.start(), match.end()))
    return found


def _small(text: str) -> int | None:
    return int(text) if text.isdecimal() else WORDS.get(text.lower())


def _kind(money: bool, percent: bool) -> Kind:
    return Kind.MONEY if money else Kind.PERCENT if percent else Kind.PLAIN


def _power(scale: str | None) -> int:
    return SCALES[scale.strip().lower()] if scale else 0
