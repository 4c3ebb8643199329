"""What each way of sharing makes of the same over-performance."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance.over_performance.assumed import Chances

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ARRANGEMENTS = {
    "none": "No sharing",
    "fund": "Sector fund",
    "pool-population": "Pool by population",
    "pool-budget": "Pool by budget",
}


@dataclass(frozen=True)
class Outcome:
    """What one arrangement leaves to each borough.

    Attributes
    ----------
    borne : numpy.ndarray
        Over-performance left to it in the year, negative for a refund. Shape (draws, years,
        areas).
    cost : numpy.ndarray
        The same and its share of what a fund paid out. What a fund does not pay out stays
        with those who paid it in, so that a payment costs when it is used. Same shape; the
        sector's sum is the same under every arrangement.
    """

    borne: "Array"
    cost: "Array"


def arrange(
    over: "Array", budgets: "Array", population: "Array", assumed: Chances
) -> dict[str, Outcome]:
    """Return what each arrangement makes of the same over-performance.

    Parameters
    ----------
    over : numpy.ndarray
        As drawn, shape (draws, years, areas).
    budgets : numpy.ndarray
        In the same unit, shape (areas,).
    population : numpy.ndarray
        Weighted population of each borough, or its share, shape (areas,).
    assumed : Chances
        Of the simulation.

    Returns
    -------
    dict
        One outcome a key of `ARRANGEMENTS`, in the unit of `over`. Pools share refunds as
        well as bills.
    """
    by_population, by_budget = population / population.sum(), budgets / budgets.sum()
    whole = over.sum(axis=-1, keepdims=True)
    paid = fund_payments(over, budgets, assumed)
    spent = paid.sum(axis=-1, keepdims=True)
    pooled = {
        "pool-population": whole * by_population,
        "pool-budget": whole * by_budget,
    }
    left = over - paid
    return {
        "none": Outcome(over, over),
        "fund": Outcome(left, left + spent * by_budget),
        **{name: Outcome(shared, shared) for name, shared in pooled.items()},
    }


def fund_payments(over: "Array", budgets: "Array", assumed: Chances) -> "Array":
    """Return what the sector investment fund pays to each borough.

    It fills by the same share of every budget at the start of each year, pays what lies above
    the threshold of serious difficulty, and keeps the rest for the next year. If it is asked
    for more than it has, each borough gets the same share of what it asks for.

    Parameters
    ----------
    over, budgets, assumed
        As of `arrange`.

    Returns
    -------
    numpy.ndarray
        In the unit of `over`, not negative, shape (draws, years, areas).
    """
    paid = np.zeros_like(over)
    balance = np.zeros(len(over))
    for year in range(over.shape[1]):
        balance += assumed.fund_payment * budgets.sum()
        asked = np.maximum(over[:, year] - assumed.threshold * budgets, 0)
        total = asked.sum(axis=-1)
        met = np.minimum(1, balance / np.where(total > 0, total, 1))
        paid[:, year] = asked * met[:, None]
        balance -= paid[:, year].sum(axis=-1)
    return paid
