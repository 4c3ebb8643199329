"""The case under uncertainty: many draws of what may come, and how often each area loses.

Savings, the start, running costs, costs kept and set-up costs are drawn from triangular
distributions whose ends the source gives or the table ``model-ranges`` states as ours.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance import model, prices
from helpers.finance.assumptions import AS_SCENARIO, PERCENT, Assumptions
from helpers.finance.calendar import SECTOR, longest_delay
from helpers.finance.case_inputs import Inputs, inputs
from helpers.finance.contributions import contribution_shares
from helpers.finance.sensitivity import assumed_range, top_down_excess

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DRAWS = 100_000
SEED = 2009


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
    """Draw the case many times.

    Parameters
    ----------
    assumptions : Assumptions
        What is held to be most likely.
    correlation : float
        How alike the boroughs' savings are, 0 (each for itself) to 1 (all the same): the
        correlation of the normal variables behind them (a one-factor Gaussian copula).
    from_nothing : bool
        Whether savings may fail altogether, rather than range as the source's scenarios do.
    draws : int
        How many.
    seed : int
        The same seed gives the same draws.
    """
    known = inputs()
    random = np.random.default_rng(seed)
    path, low, mode, high = _saving_range(assumptions, known)
    if from_nothing:
        low = assumed_range("savings-floor")["low"] / PERCENT
    uniform = _alike(random, draws, len(known.areas), correlation)
    reached = _triangular(uniform, low, mode, high)
    delay = _delays(random, draws, assumptions)
    dearer = random.triangular(0, 0, top_down_excess(), draws)
    kept = _shares_drawn(random, "retained-costs", draws)
    set_up = _shares_drawn(random, "transition-costs", draws)

    shares = contribution_shares(known, assumptions.contribution_basis)
    certain = model.yearly_rates(known, np.zeros(len(known.years)), shares, assumptions.interim())
    retained = certain["retained_staff_costs"] + certain["other_retained_costs"]
    rates = reached[..., None] * (known.acute_spend[:, None] * path)
    rates += certain["existing_running_costs"] + certain["partnership_running_costs"]
    rates += kept[:, None, None] * retained
    rates -= dearer[:, None, None] * shares[:, None]
    boroughs = model.spread(rates, delay)
    one_off = set_up[:, None] * model.transition_costs(known, delay)
    boroughs -= shares[:, None] * one_off[:, None, :]
    boroughs *= prices.price_factor(assumptions.price_base)
    net = np.concatenate([boroughs.sum(axis=1, keepdims=True), boroughs], axis=1)
    return Simulation((SECTOR, *known.areas), known.years, net, _paybacks(net, delay))


def _saving_range(assumptions: Assumptions, known: Inputs) -> "tuple[Array, float, float, float]":
    """Return a path of savings and the lowest, likeliest and highest multiple of it.

    The ends are the source's worst and best case beside its mid case. Savings of the reader's
    own range as widely about their own path, but never beyond all that is spent.
    """
    final = {name: float(path[-1]) for name, path in known.savings.items()}
    low, high = min(final.values()) / final["mid"], max(final.values()) / final["mid"]
    if assumptions.savings != AS_SCENARIO:
        path = np.array(assumptions.saving_shares())
        return path, low, 1.0, min(high, 1 / path.max()) if path.any() else high
    return known.savings["mid"], low, final[assumptions.scenario] / final["mid"], high


def _alike(random: np.random.Generator, draws: int, areas: int, correlation: float) -> "Array":
    """Return uniform draws, shape (draws, areas), alike to a degree between areas."""
    from scipy.special import ndtr

    shared = random.standard_normal((draws, 1))
    own = random.standard_normal((draws, areas))
    uniform: Array = ndtr(np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own)
    return uniform


def _triangular(uniform: "Array", low: float, mode: float, high: float) -> "Array":
    """Turn uniform draws into triangular ones (the inverse of the distribution)."""
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < turn, rising, falling)


def _delays(
    random: np.random.Generator, draws: int, assumptions: Assumptions
) -> "NDArray[np.int_]":
    row = assumed_range("slippage")
    months = random.triangular(row["low"], row["central"], row["high"], draws)
    return np.minimum(assumptions.delay() + months.astype(int), longest_delay())


def _shares_drawn(random: np.random.Generator, name: str, draws: int) -> "Array":
    row = assumed_range(name)
    return random.triangular(row["low"], row["central"], row["high"], draws) / PERCENT


def _paybacks(net: "Array", delay: "NDArray[np.int_]") -> "Array":
    days = np.empty(net.shape[:2])
    for late in np.unique(delay):
        chosen = delay == late
        days[chosen] = model.payback_days(net[chosen], int(late))
    return days
