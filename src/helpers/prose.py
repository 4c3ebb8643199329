"""Write numbers into sentences, one way throughout the book.

Rounding is half away from zero, as the printed sources round, and a negative
number carries a true minus sign.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
SMALL_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
)  # fmt: skip
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
)  # fmt: skip


def rounded(value: float, decimals: int = 0) -> Decimal:
    """Round half away from zero to a number of decimals.

    Parameters
    ----------
    value : float
        Any finite number.
    decimals : int
        Digits after the point.
    """
    exact = Decimal(repr(round(float(value), 9)))
    result = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return result if result else abs(result)


def number(value: float, decimals: int = 0) -> str:
    """Write a number with thousands separated: ``1,234.5``."""
    amount = rounded(value, decimals)
    return f"{MINUS if amount < 0 else ''}{abs(amount):,}"


def percent(value: float, decimals: int = 0) -> str:
    """Write a percentage given in per cent: ``7.3%``."""
    return f"{number(value, decimals)}%"


def gbp(value: float, decimals: int = 0) -> str:
    """Write an amount in pounds: ``£1,887``."""
    amount = rounded(value, decimals)
    return f"{MINUS if amount < 0 else ''}£{abs(amount):,}"


def gbp_million(value: float, decimals: int = 2) -> str:
    """Write an amount given in millions of pounds: ``£1.43 million``."""
    return f"{gbp(value, decimals)} million"


def gbp_billion(value: float, decimals: int = 1) -> str:
    """Write an amount given in billions of pounds: ``£5.3 billion``."""
    return f"{gbp(value, decimals)} billion"


def count(value: int, one: str = "", many: str = "") -> str:
    """Write a count, in words below ten, with its noun: ``eight boroughs``.

    Parameters
    ----------
    value : int
        How many.
    one : str
        The noun for one; leave empty for the number alone.
    many : str
        The noun for more than one, if it is not `one` with an s.
    """
    words = SMALL_NUMBERS[value] if 0 <= value < len(SMALL_NUMBERS) else number(value)
    if not one:
        return words
    return f"{words} {one if value == 1 else many or one + 's'}"


def quantity(value: float, unit: str) -> str:
    """Write a value of the evidence with its unit: ``22%``, ``80.3 years``, ``rank 2``."""
    decimals = -int(Decimal(repr(round(float(value), 6))).normalize().as_tuple().exponent)
    written = number(value, max(0, decimals))
    if unit == "percent":
        return f"{written}%"
    if unit == "rank":
        return f"rank {written}"
    if unit == "count":
        return written
    if unit.startswith("GBP"):
        return f"{gbp(value, max(0, decimals))}{unit.removeprefix('GBP')}"
    return f"{written} {unit}"


def out_of(part: int, whole: int) -> str:
    """Write how many of a whole: ``six of eight``, ``9 of 10``, ``none of five``."""
    if whole >= len(SMALL_NUMBERS):
        return f"{part} of {whole}"
    return f"{count(part) if part else 'none'} of {count(whole)}"


def ordinal(position: int) -> str:
    """Write a rank in words up to ninth, then as ``10th``."""
    if 1 <= position <= len(ORDINALS):
        return ORDINALS[position - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position}{'th' if position % 100 in (11, 12, 13) else ending}"


def listed(items: Sequence[str], empty: str = "none") -> str:
    """Join names as a sentence does: ``Brent, Ealing and Harrow``."""
    if not items:
        return empty
    if len(items) == 1:
        return items[0]
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence_case(text: str) -> str:
    """Give a text a capital first letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def possessive(name: str) -> str:
    """Write a name's possessive: ``Brent's``, ``Hounslow's``, ``St James'``."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"
