"""What the simulation of over-performance assumes, read from the evidence and checked."""

import math
from dataclasses import dataclass, fields

from helpers import evidence
from helpers.errors import EvidenceError
from helpers.finance.assumptions import PERCENT

RESOURCE = "over-performance-assumptions"
# Lowest and highest of those that are not a share from nought to the whole.
LIMITS = {"mean": (-1.0, 1.0), "skewness": (0.0, math.inf)}


@dataclass(frozen=True)
class Chances:
    """What the simulation assumes; shares of a borough's budget where not said otherwise.

    Attributes
    ----------
    mean : float
        Over-performance in an average year.
    deviation : float
        Standard deviation for a budget of average size.
    skewness : float
        Third standardised moment; 0 is a normal distribution.
    size_effect : float
        The standard deviation falls with the budget to this power, 0 to 1.
    correlation : float
        Between any two boroughs in a year, 0 to 1.
    threshold : float
        Over-performance that brings serious difficulty.
    fund_payment : float
        Paid into the sector investment fund each year.

    Raises
    ------
    EvidenceError
        At creation, if one is out of its range.
    """

    mean: float
    deviation: float
    skewness: float
    size_effect: float
    correlation: float
    threshold: float
    fund_payment: float

    def __post_init__(self) -> None:
        """Refuse what no distribution or rule can have."""
        for field in fields(self):
            value = getattr(self, field.name)
            low, high = LIMITS.get(field.name, (0.0, 1.0))
            if not low <= value <= high or math.isinf(value):
                raise EvidenceError(
                    f"{RESOURCE}: {_slug(field.name)}: {value:g}: expected {low:g} "
                    + ("or more" if math.isinf(high) else f"to {high:g}, as a share")
                )


def chances(**changed: float) -> Chances:
    """Return the assumptions of the evidence.

    Parameters
    ----------
    **changed
        Fields of `Chances` that are to differ, as shares.

    Raises
    ------
    EvidenceError
        If the table lacks one, or one is out of its range.
    """
    held = {row["assumption"]: share(row) for row in assumptions()}
    names = [field.name for field in fields(Chances)]
    if missing := [_slug(name) for name in names if _slug(name) not in held]:
        raise EvidenceError(f"{RESOURCE}: no row for {', '.join(missing)}")
    return Chances(**{**{name: held[_slug(name)] for name in names}, **changed})


def assumptions() -> list[evidence.Row]:
    """Return the rows of the table of assumptions, each with its low and high value."""
    return evidence.rows(RESOURCE)


def share(row: evidence.Row, column: str = "value") -> float:
    """Return a value of the table as the simulation takes it: per cent as a share."""
    value: float = row[column]
    return value / PERCENT if row["unit"].startswith("percent") else value


def written(row: evidence.Row, column: str = "value") -> str:
    """Write a value of the table with its unit: ``5% of budget``, ``0.25``."""
    number = f"{row[column]:g}"
    if row["unit"].startswith("percent"):
        return number + row["unit"].replace("percent", "%")
    return number


def field_of(row: evidence.Row) -> str:
    """Return the field of `Chances` that a row of the table gives."""
    name: str = row["assumption"].replace("-", "_")
    return name


def _slug(field: str) -> str:
    return field.replace("_", "-")
