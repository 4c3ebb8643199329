"""What comes of the case under uncertainty: of every area what the draws show, not the draws.

Areas are drawn some at a time, so that memory does not grow with their number, and the result is
kept: chapters, editions and builds share it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis import kept
from helpers.finance.assumptions import Assumptions
from helpers.finance.calendar import SECTOR
from helpers.finance.simulation import DRAWS, SEED, Drawing, Simulation
from helpers.finance.uncertainty import Terms, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SHARES = (0.05, 0.5, 0.95)  # of the draws, at which quantiles are kept
LIMITS = (0, 365, 730)  # days within which deficits are made good
BINS = 24
# Areas whose draws are held at a time: a tenth of a gigabyte.
GROUP = 32


@dataclass(frozen=True)
class Prospects:
    """What the draws show; money in £ million in prices of the assumptions.

    Attributes
    ----------
    areas : tuple of str
        The sector, then the boroughs: the first axis of every array.
    years : tuple of str
        Financial years.
    totals : numpy.ndarray
        Quantiles of net benefit over all years, at `SHARES`.
    deficits : numpy.ndarray
        Chance of a deficit in each year, 0 to 1.
    losses : numpy.ndarray
        Chance of a loss over all years together. Shape (areas,).
    repaid : numpy.ndarray
        Chance that deficits are made good within `LIMITS`.
    counts, edges : numpy.ndarray
        Histogram of net benefit over all years.
    """

    areas: tuple[str, ...]
    years: tuple[str, ...]
    totals: "Array"
    deficits: "Array"
    losses: "Array"
    repaid: "Array"
    counts: "NDArray[np.int_]"
    edges: "Array"

    def quantiles(self, area: str, shares: Sequence[float]) -> "Array":
        """Return quantiles of an area's net benefit over all years, at some of `SHARES`."""
        quantiles: Array = self.totals[self._row(area), [SHARES.index(share) for share in shares]]
        return quantiles

    def chance_worse_off(self, area: str) -> "Array":
        """Return the chance of a deficit in each year, 0 to 1, shape (years,)."""
        chances: Array = self.deficits[self._row(area)]
        return chances

    def chance_of_loss(self, area: str) -> float:
        """Return the chance that an area loses over all years together, 0 to 1."""
        return float(self.losses[self._row(area)])

    def chance_paid_back(self, area: str, days: int) -> float:
        """Return the chance that deficits are made good within one of `LIMITS`."""
        return float(self.repaid[self._row(area), LIMITS.index(days)])

    def histogram(self, area: str) -> "tuple[NDArray[np.int_], Array]":
        """Return how often net benefit over all years fell between edges, and the edges."""
        return self.counts[self._row(area)], self.edges[self._row(area)]

    def _row(self, area: str) -> int:
        return self.areas.index(area)


def prospects(
    assumptions: Assumptions,
    *,
    correlation: float = 0.5,
    from_nothing: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Prospects:
    """Draw the case many times and say of each area what comes of it.

    Parameters
    ----------
    assumptions, correlation, from_nothing, draws, seed
        As of `simulation.simulate`.
    """
    given = terms(assumptions, correlation=correlation, from_nothing=from_nothing)
    return _shown(given, draws, seed)


@kept
def _shown(given: Terms, draws: int, seed: int) -> Prospects:
    drawing = Drawing(given, draws, seed)
    areas = (SECTOR, *given.known.areas)
    columns = [
        column
        for start in range(0, len(areas), GROUP)
        for column in _of_each(drawing.of(areas[start : start + GROUP]))
    ]
    arrays = (np.array(column) for column in zip(*columns, strict=True))
    return Prospects(areas, given.known.years, *arrays)


def _of_each(drawn: Simulation) -> "list[tuple[Array | float | list[float], ...]]":
    """Return the fields of `Prospects` of each area of a simulation."""
    return [
        (
            drawn.quantiles(area, SHARES),
            drawn.chance_worse_off(area),
            drawn.chance_of_loss(area),
            [drawn.chance_paid_back(area, days) for days in LIMITS],
            *np.histogram(drawn.totals(area), bins=BINS),
        )
        for area in drawn.areas
    ]
