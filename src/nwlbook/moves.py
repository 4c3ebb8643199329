"""A value of a table that moved: by how much, and how much that is."""

import re
from dataclasses import dataclass
from decimal import Decimal

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
IN_WORDS = re.compile(r"[-\N{MINUS SIGN}]?£?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Move:
    """A value that is not what it was.

    Attributes
    ----------
    row : str
        What names its row.
    column : str
        Its column.
    before, after : str or None
        The value as the data has it; None where the row or column was not there.
    scale : Decimal
        The largest number of the column then and now, by which moves in it are weighed.
    """

    row: str
    column: str
    before: str | None
    after: str | None
    scale: Decimal = Decimal(0)

    @property
    def numbers(self) -> tuple[Decimal, Decimal] | None:
        """Return the numbers before and after; None if one of them is a text."""
        before, after = number_of(self.before), number_of(self.after)
        return None if before is None or after is None else (before, after)

    @property
    def numbers_in_words(self) -> tuple[Decimal, Decimal] | None:
        """Return the numbers of two texts that are alike but for one, such as "9 days"."""
        before, after = (_number_in_words(text or "") for text in (self.before, self.after))
        if before is None or after is None or before[1] != after[1]:
            return None
        return before[0], after[0]

    @property
    def difference(self) -> Decimal | None:
        """Return by how much a number moved, exactly; None for a text."""
        return self.numbers and self.numbers[1] - self.numbers[0]

    @property
    def weight(self) -> float:
        """Return how far it moved: 0 not at all, 1 as far as the largest number of its column.

        A number that changes its sign moves by up to 2, a text by 1.
        """
        pair = self.numbers or self.numbers_in_words
        if pair is None:
            return 1.0
        largest = max(self.scale, *(abs(each) for each in pair))
        return float(abs(pair[1] - pair[0]) / largest) if largest else 0.0


def number_of(text: str | None) -> Decimal | None:
    """Return the number that a text is, or None."""
    return Decimal(text) if text is not None and NUMBER.fullmatch(text) else None


def _number_in_words(text: str) -> tuple[Decimal, str] | None:
    """Return the one number in a text and the words around it; a year is no number."""
    found = IN_WORDS.findall(text)
    if len(found) != 1 or YEAR.fullmatch(found[0]):
        return None
    plain = found[0].replace(",", "").replace("\N{MINUS SIGN}", "-").replace("£", "")
    return Decimal(plain), IN_WORDS.sub("", text)
