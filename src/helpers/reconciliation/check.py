"""One published figure beside what its parts come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REPRODUCED, DIFFERS = "reproduced", "differs"
NOT_RECOMPUTABLE = "cannot be recomputed"
PENNY = 0.01  # £ million to two decimals, the precision of the finance tables
NOISE = 1e-9  # what binary fractions add


@dataclass(frozen=True)
class Check:
    """One published figure beside what its parts come to.

    Attributes
    ----------
    check_id : str
        Stable name.
    statement : str
        What is checked, in words, with the unit.
    published, recomputed : float
        In the same unit.
    tolerance : float
        Largest difference that rounding explains.
    source_id, locator : str
        Where the published figure stands.
    """

    check_id: str
    statement: str
    published: float
    recomputed: float
    tolerance: float
    source_id: str
    locator: str

    @property
    def difference(self) -> float:
        """Recomputed less published."""
        return self.recomputed - self.published

    @property
    def status(self) -> str:
        """``reproduced`` or ``differs``."""
        return REPRODUCED if abs(self.difference) <= self.tolerance + NOISE else DIFFERS


def rounding(parts: int, unit: float) -> float:
    """Return the largest difference that rounding explains.

    Parameters
    ----------
    parts : int
        How many printed parts are added up.
    unit : float
        One unit in their last printed place.
    """
    return (parts + 1) * unit / 2


def against(
    row: Mapping[str, Any],
    column: str,
    check_id: str,
    statement: str,
    recomputed: float,
    tolerance: float,
) -> Check:
    """Check the value in a column of a row of evidence, which says where it stands."""
    return Check(
        check_id,
        statement,
        row[column],
        recomputed,
        tolerance,
        row["source_id"],
        row["locator"],
    )
