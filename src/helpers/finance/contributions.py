"""Who pays and who gains: ways to share out the Partnership's cost, and how fair they are."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.errors import EvidenceError
from helpers.finance.assumptions import BASES
from helpers.finance.case_inputs import Inputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def contribution_shares(inputs: Inputs, basis: str) -> "NDArray[np.float64]":
    """Return each borough's share of the Partnership's cost under a basis.

    Parameters
    ----------
    inputs : Inputs
        Of the case.
    basis : str
        A key of `BASES`.

    Returns
    -------
    numpy.ndarray
        Shares, shape (areas,). By weighted population as printed (their sum is 1 within
        the rounding of Table 10), else adding to 1. The expected benefit is a share of
        acute spend in every scenario and year, so acute spend stands for it.
    """
    weights = {
        "weighted-population": inputs.weighted_shares,
        "equal-shares": np.ones(len(inputs.areas)),
        "current-staff": inputs.staff,
        "current-cost": inputs.own_costs,
        "expected-benefit": inputs.acute_spend,
    }[basis]
    return weights if basis == next(iter(BASES)) else weights / weights.sum()


def misplaced_share(paid: "ArrayLike", gained: "ArrayLike") -> float:
    """Return what share of all payments would have to move for each to pay as it gains.

    Half the sum of the absolute differences of the shares: the index of dissimilarity.

    Parameters
    ----------
    paid, gained : array_like
        Amounts of each area, in any unit, shape (areas,), not negative.

    Returns
    -------
    float
        0 where everyone pays in proportion to the gain, towards 1 where those who pay gain
        nothing.

    Raises
    ------
    EvidenceError
        If an amount is negative or all are nought: there are no shares of such a whole.
    """
    first, second = _divisible("paid", paid), _divisible("gained", gained)
    return float(np.abs(first / first.sum() - second / second.sum()).sum() / 2)


def gini(values: "ArrayLike", weights: "ArrayLike") -> float:
    """Return the Gini coefficient of a rate, such as a benefit a head, over weighted areas.

    Parameters
    ----------
    values : array_like
        The rate in each area, not negative, shape (areas,).
    weights : array_like
        How much each area counts, such as its people, shape (areas,).

    Returns
    -------
    float
        0 where all have the same, towards 1 where one has everything.

    Raises
    ------
    EvidenceError
        If a value or weight is negative or all are nought: the coefficient is not defined.
    """
    weight = _divisible("weights", weights)
    weight = weight / weight.sum()
    rate = np.asarray(values, dtype=float)
    mean = float(_divisible("values", rate * weight).sum())
    gaps = np.abs(rate[:, None] - rate[None, :])
    return float(weight @ gaps @ weight / (2 * mean))


def _divisible(name: str, amounts: "ArrayLike") -> "NDArray[np.float64]":
    """Return amounts that a whole can be divided by, or refuse them."""
    checked = np.asarray(amounts, dtype=float)
    if not (checked >= 0).all() or not checked.sum() > 0:
        raise EvidenceError(
            f"{name}: {checked.min():g} to {checked.max():g}: expected amounts that are not "
            "negative, and not all nought"
        )
    return checked
