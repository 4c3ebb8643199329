"""What may come otherwise than assumed: within which ends, and how alike between boroughs.

Savings, the start, running costs, costs kept and set-up costs are drawn from triangular
distributions whose ends the source gives or the table ``model-ranges`` states as ours.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance import prices
from helpers.finance.assumptions import AS_SCENARIO, PERCENT, Assumptions
from helpers.finance.calendar import rollout
from helpers.finance.case_inputs import Inputs, inputs
from helpers.finance.contributions import contribution_shares
from helpers.finance.sensitivity import assumed_range, top_down_excess

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Range = tuple[float, float, float]


@dataclass(frozen=True)
class Terms:
    """What the draws are made from: with the code it determines them.

    Attributes
    ----------
    known : Inputs
        Of the case.
    rollout : datetime.date
        As planned: the arithmetic of the case counts its months from there.
    path : numpy.ndarray
        Share of acute spend saved by year of operation, shape (years,).
    low, mode, high : float
        The lowest, likeliest and highest multiple of that path.
    correlation : float
        How alike the boroughs' savings are.
    delay : int
        Months after the planned rollout that are certain.
    slippage, kept, set_up : tuple of float
        Lowest, likeliest and highest months of delay beyond, and per cent of the costs that
        boroughs keep and of one-off costs.
    dearest : float
        By how much running costs may be exceeded, £ million a year.
    shares : numpy.ndarray
        Of the Partnership's cost, shape (areas,).
    interim : float or None
        Share of interim staff.
    factor : float
        From prices of the case to those asked for.
    """

    known: Inputs
    rollout: date
    path: "Array"
    low: float
    mode: float
    high: float
    correlation: float
    delay: int
    slippage: Range
    kept: Range
    set_up: Range
    dearest: float
    shares: "Array"
    interim: float | None
    factor: float


def terms(
    assumptions: Assumptions, *, correlation: float = 0.5, from_nothing: bool = False
) -> Terms:
    """Read what the draws are made from.

    Parameters
    ----------
    assumptions : Assumptions
        What is held to be most likely.
    correlation : float
        How alike the boroughs' savings are, 0 (each for itself) to 1 (all the same): the
        correlation of the normal variables behind them (a one-factor Gaussian copula).
    from_nothing : bool
        Whether savings may fail altogether, rather than range as the source's scenarios do.
    """
    known = inputs()
    path, low, mode, high = _saving_range(assumptions, known)
    if from_nothing:
        low = assumed_range("savings-floor")["low"] / PERCENT
    return Terms(
        known=known,
        rollout=rollout(),
        path=path,
        low=low,
        mode=mode,
        high=high,
        correlation=correlation,
        delay=assumptions.delay(),
        slippage=_range("slippage"),
        kept=_range("retained-costs"),
        set_up=_range("transition-costs"),
        dearest=top_down_excess(),
        shares=contribution_shares(known, assumptions.contribution_basis),
        interim=assumptions.interim(),
        factor=prices.price_factor(assumptions.price_base),
    )


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


def _range(name: str) -> Range:
    """Return the lowest, the likeliest and the highest value of a range that is ours."""
    row = assumed_range(name)
    return row["low"], row["central"], row["high"]
