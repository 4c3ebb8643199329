"""Prices of another year, and the present value of what comes later.

The case is in 2009/10 prices throughout (Appendix D: neither inflation nor discounting).
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from helpers import evidence
from helpers.finance.calendar import years

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

PERCENT = 100
# A financial year has nine months of one calendar year and three of the next. The deflator is
# held by calendar year only, so that of a financial year is a mean with these weights.
FIRST_WEIGHT, SECOND_WEIGHT = 0.75, 0.25


@cache
def _index() -> Mapping[str, float]:
    """Return the deflator of each financial year that both calendar years are held for."""
    calendar = {row["calendar_year"]: row["index"] for row in evidence.rows("gdp-deflator")}
    return {
        f"{year}/{(year + 1) % 100:02d}": FIRST_WEIGHT * index + SECOND_WEIGHT * calendar[year + 1]
        for year, index in calendar.items()
        if year + 1 in calendar
    }


def price_years() -> tuple[str, ...]:
    """Return the financial years in whose prices money can be shown: the case's and later."""
    return tuple(year for year in _index() if year >= years()[0])


def price_factor(price_base: str) -> float:
    """Return what turns 2009/10 prices into those of another financial year.

    Parameters
    ----------
    price_base : str
        One of `price_years`.
    """
    return _index()[price_base] / _index()[years()[0]]


def discount_factors(rate: float, count: int) -> "NDArray[np.float64]":
    """Return the factor of each year, the first undiscounted, as the Green Book counts.

    Parameters
    ----------
    rate : float
        Per cent a year, above -100.
    count : int
        How many years.
    """
    import numpy as np

    return (1 + rate / PERCENT) ** -np.arange(count, dtype=float)


def present_value(amounts: "ArrayLike", rate: float) -> "NDArray[np.float64]":
    """Return the sum of yearly amounts, each discounted to the first year.

    Parameters
    ----------
    amounts : array_like
        Shape (…, years).
    rate : float
        Per cent a year.

    Returns
    -------
    numpy.ndarray
        Same unit as `amounts`, shape (…,).
    """
    import numpy as np

    values = np.asarray(amounts, dtype=float)
    total: NDArray[np.float64] = values @ discount_factors(rate, values.shape[-1])
    return total
