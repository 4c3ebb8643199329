"""The arithmetic of the case, over areas, years and any number of draws at once.

The case is a stream that starts at rollout: a year at the rates of the first year of
operation (seven months of it as planned), then the second year's, and so on. Begun later, the
same stream starts later and the same horizon cuts off its end. All is linear in the saving.

Arrays have the shape (…, areas, years); leading axes are draws and broadcast.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance.calendar import (
    MONTHS_A_YEAR,
    earliest_delay,
    first_year_months,
    longest_delay,
    month_of,
    year_start,
    years,
)
from helpers.finance.case_inputs import Inputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

LINES = (
    "existing_running_costs",
    "partnership_running_costs",
    "net_cost_reduction",
    "retained_staff_costs",
    "other_retained_costs",
    "efficiency_benefits",
    "net_benefit",
)


@cache
def operation() -> "Array":
    """Return how much of each year of operation falls into each financial year, by delay.

    Returns
    -------
    numpy.ndarray
        Shape (delays, years, years of operation), in years; the first delay is
        `earliest_delay`, the last `longest_delay`.
    """
    count = len(years())
    shares = np.zeros((longest_delay() - earliest_delay() + 1, count, count))
    planned = -earliest_delay()
    for index, delay in enumerate(range(earliest_delay(), longest_delay() + 1)):
        for month in range(count * MONTHS_A_YEAR):
            since = month - planned - delay
            if since < 0:
                continue
            later = 1 + (since - first_year_months()) // MONTHS_A_YEAR
            year = 0 if since < first_year_months() else min(count - 1, later)
            shares[index, month // MONTHS_A_YEAR, year] += 1 / MONTHS_A_YEAR
    return shares


def transition_costs(inputs: Inputs, delay: "ArrayLike") -> "Array":
    """Return the one-off costs by financial year; they move with the year of rollout.

    Parameters
    ----------
    inputs : Inputs
        Of the case.
    delay : array_like of int
        Months after the planned rollout, shape (…,).

    Returns
    -------
    numpy.ndarray
        £ million, shape (…, years). What falls after the last year is left out.
    """
    moved = (np.asarray(delay) - earliest_delay()) // MONTHS_A_YEAR
    count = len(inputs.years)
    by_move = np.stack(
        [
            np.concatenate([np.zeros(places), inputs.transition[: count - places]])
            for places in range(count)
        ]
    )
    costs: Array = by_move[moved]
    return costs


def lines(
    inputs: Inputs,
    savings: "ArrayLike",
    *,
    delay: "ArrayLike" = 0,
    contribution_shares: "ArrayLike | None" = None,
    interim_share: "ArrayLike | None" = None,
) -> "dict[str, Array]":
    """Return each line of the case, costs negative.

    Parameters
    ----------
    inputs : Inputs
        Of the case.
    savings : array_like
        Share of acute spend saved by year of operation, broadcast to (…, areas, years).
    delay : array_like of int
        Months after the planned rollout, shape (…,).
    contribution_shares : array_like, optional
        Shares of the Partnership's cost, shape (areas,); as agreed, by weighted population.
    interim_share : array_like, optional
        Share of interim staff in all years, 0 to 1; as planned. Each point of it costs what
        an interim costs more than a permanent member of staff: a sensitivity of ours, since
        the source does not derive its salaries.

    Returns
    -------
    dict
        One array of £ million a line, shape (…, areas, years).
    """
    shares = inputs.weighted_shares if contribution_shares is None else contribution_shares
    shares = np.asarray(shares, dtype=float)
    rates = yearly_rates(inputs, savings, shares, interim_share)
    late = np.asarray(delay)
    amounts = {name: spread(rate, late) for name, rate in rates.items()}
    amounts["partnership_running_costs"] = amounts["partnership_running_costs"] - (
        shares[:, None] * transition_costs(inputs, late)[..., None, :]
    )
    existing, partnership = (
        amounts["existing_running_costs"],
        amounts["partnership_running_costs"],
    )
    amounts["net_cost_reduction"] = existing + partnership
    amounts["net_benefit"] = (
        amounts["net_cost_reduction"]
        + amounts["retained_staff_costs"]
        + amounts["other_retained_costs"]
        + amounts["efficiency_benefits"]
    )
    whole = np.broadcast_shapes(*(array.shape for array in amounts.values()))
    return {name: np.broadcast_to(amounts[name], whole) for name in LINES}


def yearly_rates(
    inputs: Inputs,
    savings: "ArrayLike",
    contribution_shares: "Array",
    interim_share: "ArrayLike | None" = None,
) -> "dict[str, Array]":
    """Return what each line amounts to in a whole year of each year of operation.

    Parameters
    ----------
    inputs, savings, contribution_shares, interim_share
        As of `lines`.

    Returns
    -------
    dict
        £ million a year, each broadcasting to (…, areas, years of operation).
    """
    costs = inputs.partnership_costs
    if interim_share is not None:
        change = np.asarray(interim_share)[..., None] - inputs.interim_shares
        costs = costs + change * inputs.partnership_staff * inputs.interim_premium
    count = len(inputs.years)
    return {
        "existing_running_costs": np.repeat(inputs.existing_costs[:, None], count, axis=1),
        "partnership_running_costs": -contribution_shares[:, None] * costs[..., None, :],
        "retained_staff_costs": -inputs.retained_staff,
        "other_retained_costs": -inputs.retained_other,
        "efficiency_benefits": np.asarray(savings) * inputs.acute_spend[:, None],
    }


def spread(rates: "Array", delay: "ArrayLike") -> "Array":
    """Spread yearly rates by year of operation over the financial years.

    Parameters
    ----------
    rates : numpy.ndarray
        Shape (…, areas, years of operation).
    delay : array_like of int
        Months after the planned rollout, shape (…,).
    """
    shares = operation()[np.asarray(delay) - earliest_delay()]
    spread_out: Array = rates @ np.swapaxes(shares, -1, -2)
    return spread_out


def payback_days(net_benefit: "ArrayLike", delay: int = 0) -> "Array":
    """Return the days after rollout until the deficits so far have been made good.

    Within a year money comes in evenly, as in the source: at the planned rollout a deficit
    repaid in the second year takes 212 + 365 × deficit ÷ net benefit days. A year counts its
    own days.

    Parameters
    ----------
    net_benefit : array_like
        By financial year, shape (…, years); years may be cut short after the second.
    delay : int
        Months after the planned rollout.

    Returns
    -------
    numpy.ndarray
        Days, shape (…,): 0 where the first year of operation has no deficit, not a number
        where the years given do not make it good.
    """
    net = np.asarray(net_benefit, dtype=float)
    start = (delay - earliest_delay()) // MONTHS_A_YEAR
    ends = [_days_to_end(delay, year) for year in range(start, net.shape[-1])]
    running = np.cumsum(net[..., start:], axis=-1)
    days = np.full(running.shape[:-1], np.nan)
    for year in range(len(ends) - 1, 0, -1):
        deficit, gain = -running[..., year - 1], net[..., start + year]
        repaid = (deficit > 0) & (running[..., year] >= 0)
        length = ends[year] - ends[year - 1]
        share = np.divide(deficit, gain, out=np.zeros_like(deficit), where=repaid)
        days = np.where(repaid, ends[year - 1] + length * share, days)
    return np.where(running[..., 0] >= 0, 0.0, days)


def _days_to_end(delay: int, year: int) -> int:
    """Return the days from rollout to the end of a financial year, given by its number."""
    following = year_start(years()[0]).replace(year=year_start(years()[0]).year + year + 1)
    return (following - month_of(delay)).days
