"""The case under uncertainty: many draws of what may come, and how often each area loses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance import model
from helpers.finance.assumptions import PERCENT, Assumptions
from helpers.finance.calendar import SECTOR, longest_delay
from helpers.finance.uncertainty import Terms, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DRAWS = 100_000
SEED = 2009
# Draws times boroughs worked on at a time, which bounds the memory that takes.
CELLS = 200_000


@dataclass(frozen=True)
class Simulation:
    """What came of the draws; money in £ million in prices of the assumptions.

    Attributes
    ----------
    areas : tuple of str
        The sector, then the boroughs.
    years : tuple of str
        Financial years.
    net_benefit : numpy.ndarray
        Shape (draws, areas, years).
    paybacks : numpy.ndarray
        Days after rollout, shape (draws, areas); not a number where never in time.
    """

    areas: tuple[str, ...]
    years: tuple[str, ...]
    net_benefit: "Array"
    paybacks: "Array"

    def totals(self, area: str) -> "Array":
        """Return the net benefit of an area over all years, shape (draws,)."""
        totals: Array = self.net_benefit[:, self.areas.index(area)].sum(axis=-1)
        return totals

    def quantiles(self, area: str, shares: "tuple[float, ...]") -> "Array":
        """Return quantiles of an area's net benefit over all years, £ million."""
        quantiles: Array = np.quantile(self.totals(area), shares)
        return quantiles

    def chance_worse_off(self, area: str) -> "Array":
        """Return the chance of a deficit in each year, 0 to 1, shape (years,)."""
        chances: Array = (self.net_benefit[:, self.areas.index(area)] < 0).mean(axis=0)
        return chances

    def chance_of_loss(self, area: str) -> float:
        """Return the chance that an area loses over all years together, 0 to 1."""
        return float((self.totals(area) < 0).mean())

    def chance_paid_back(self, area: str, days: float) -> float:
        """Return the chance that deficits are made good within some days of rollout."""
        return float((self.paybacks[:, self.areas.index(area)] <= days).mean())


def simulate(
    assumptions: Assumptions,
    *,
    correlation: float = 0.5,
    from_nothing: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Simulation:
    """Draw the case many times and return every draw of every area.

    Each area takes four megabytes for a hundred thousand draws: `prospects` says of many areas
    what comes of the draws without holding them all.

    Parameters
    ----------
    assumptions, correlation, from_nothing
        As of `uncertainty.terms`.
    draws : int
        How many.
    seed : int
        The same seed gives the same draws.
    """
    given = terms(assumptions, correlation=correlation, from_nothing=from_nothing)
    return Drawing(given, draws, seed).of((SECTOR, *given.known.areas))


class Drawing:
    """Draws of the case, worked out for some areas at a time.

    What is drawn for each area is not held but drawn again: memory is that of the areas asked
    for, and of a part of the draws of all.

    Parameters
    ----------
    given : Terms
        What the draws are made from.
    draws : int
        How many.
    seed : int
        The same seed gives the same draws.
    """

    def __init__(self, given: Terms, draws: int, seed: int) -> None:
        self._given, self._draws = given, draws
        self._random = random = np.random.default_rng(seed)
        self._shared = random.standard_normal((draws, 1))
        self._before_own = random.bit_generator.state
        for _ in self._own():
            pass  # to what is drawn after it
        self._delay = np.minimum(
            given.delay + random.triangular(*given.slippage, draws).astype(int), longest_delay()
        )
        self._dearer = random.triangular(0, 0, given.dearest, draws)
        self._kept = random.triangular(*given.kept, draws) / PERCENT
        set_up = random.triangular(*given.set_up, draws) / PERCENT
        self._one_off = set_up[:, None] * model.transition_costs(given.known, self._delay)
        certain = model.yearly_rates(
            given.known, np.zeros(len(given.known.years)), given.shares, given.interim
        )
        self._certain = certain["existing_running_costs"] + certain["partnership_running_costs"]
        self._retained = certain["retained_staff_costs"] + certain["other_retained_costs"]

    def of(self, areas: tuple[str, ...]) -> Simulation:
        """Return what came of the draws for some areas.

        Parameters
        ----------
        areas : tuple of str
            Some boroughs, in any order; the sector, if it is among them, is the first.
        """
        known = self._given.known
        with_sector = SECTOR in areas
        boroughs = [known.areas.index(area) for area in areas if area != SECTOR]
        net = np.empty((self._draws, len(areas), len(known.years)))
        for rows, own in self._own():
            if with_sector:
                whole = self._net_benefits(rows, own, slice(None))
                net[rows, 0] = whole.sum(axis=1)
                net[rows, 1:] = whole[:, boroughs]
            else:
                net[rows] = self._net_benefits(rows, own, boroughs)
        return Simulation(areas, known.years, net, _paybacks(net, self._delay))

    def _own(self) -> "Iterator[tuple[slice, Array]]":
        """Draw what is each borough's own: yield some draws at a time, and which they are."""
        self._random.bit_generator.state = self._before_own
        count = len(self._given.known.areas)
        step = max(1, CELLS // count)
        for start in range(0, self._draws, step):
            stop = min(start + step, self._draws)
            yield slice(start, stop), self._random.standard_normal((stop - start, count))

    def _net_benefits(self, rows: slice, own: "Array", boroughs: "slice | list[int]") -> "Array":
        """Return the net benefit of some draws, shape (draws, boroughs, years)."""
        given = self._given
        shares = given.shares[boroughs, None]
        uniform = _alike(self._shared[rows], own[:, boroughs], given.correlation)
        reached = _triangular(uniform, given.low, given.mode, given.high)
        rates = reached[..., None] * (given.known.acute_spend[boroughs, None] * given.path)
        rates += self._certain[boroughs]
        rates += self._kept[rows, None, None] * self._retained[boroughs]
        rates -= self._dearer[rows, None, None] * shares
        net = model.spread(rates, self._delay[rows])
        net -= shares * self._one_off[rows, None, :]
        net *= given.factor
        return net


def _alike(shared: "Array", own: "Array", correlation: float) -> "Array":
    """Return uniform draws, shape (draws, areas), alike to a degree between areas.

    Parameters
    ----------
    shared, own : numpy.ndarray
        Normal draws: of all areas together, shape (draws, 1), and of each, shape (draws, areas).
    correlation : float
        Of the normal variables behind what is returned.
    """
    from scipy.special import ndtr

    uniform: Array = ndtr(np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own)
    return uniform


def _triangular(uniform: "Array", low: float, mode: float, high: float) -> "Array":
    """Turn uniform draws into triangular ones (the inverse of the distribution)."""
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < turn, rising, falling)


def _paybacks(net: "Array", delay: "NDArray[np.int_]") -> "Array":
    days = np.empty(net.shape[:2])
    for late in np.unique(delay):
        chosen = np.flatnonzero(delay == late)
        for area in range(net.shape[1]):
            days[chosen, area] = model.payback_days(net[chosen, area], int(late))
    return days
