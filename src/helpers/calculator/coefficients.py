"""How net benefit depends on the savings: the numbers that a page can reckon with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.errors import ExhibitError
from helpers.finance import Assumptions, Projection, project

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PERCENT = 100
# Decimals of a percentage beyond which a difference is one of floating point.
EXACT = 12
# £ million: a tenth of a penny.
NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class Coefficients:
    """Net benefit as a linear function of the savings, £ million.

    Attributes
    ----------
    without_savings : numpy.ndarray
        Net benefit without any saving. Shape (areas, years).
    each_point : numpy.ndarray
        What each percentage point saved in a year of operation adds to a financial year.
        Shape (areas, years, years of operation), as a late rollout makes a financial year
        depend on two years of operation.
    """

    without_savings: "Array"
    each_point: "Array"

    def net_benefit(self, percentages: Sequence[float]) -> "Array":
        """Return net benefit in £ million, shape (areas, years).

        Parameters
        ----------
        percentages : sequence of float
            Per cent of acute spend saved in each year of operation.
        """
        net: Array = self.without_savings + self.each_point @ np.array(percentages)
        return net


def coefficients(projection: Projection) -> Coefficients:
    """Ask the model how net benefit depends on the savings, all else as in a projection.

    Parameters
    ----------
    projection : Projection
        Of the evidence's own inputs.

    Raises
    ------
    ExhibitError
        If they do not lead back to the projection, as with inputs of its own.
    """
    years = range(len(projection.years))
    without = _with_savings(projection, ["0" for _ in years])
    each = [
        _with_savings(projection, ["1" if other == year else "0" for other in years])
        for year in years
    ]
    found = Coefficients(
        without.lines["net_benefit"],
        np.stack([one.lines["efficiency_benefits"] for one in each], axis=-1),
    )
    again = found.net_benefit(percentages(projection.assumptions))
    if not np.allclose(again, projection.lines["net_benefit"], rtol=0, atol=NEGLIGIBLE):
        raise ExhibitError("calculator: expected a projection of the evidence's own inputs")
    return found


def percentages(assumptions: Assumptions) -> list[float]:
    """Return the per cent of acute spend saved in each year of operation."""
    return [round(share * PERCENT, EXACT) for share in assumptions.saving_shares()]


def _with_savings(projection: Projection, points: Sequence[str]) -> Projection:
    return project(replace(projection.assumptions, savings=",".join(points)))
