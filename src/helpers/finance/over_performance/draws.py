"""Draw over-performance: how far each borough's bill departs from its contract, by year."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance.over_performance.assumed import Chances

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DRAWS = 50_000
SEED = 2009
# Draws times years times boroughs worked on at a time, which bounds the memory that takes.
CELLS = 1_200_000


def draw(
    budgets: "Array", assumed: Chances, *, periods: int, draws: int = DRAWS, seed: int = SEED
) -> "Iterator[Array]":
    """Draw over-performance, some draws at a time.

    A shifted lognormal distribution, whose mean, deviation and skewness are those assumed,
    driven by normal variables with one factor in common to a year. For two of them
    with correlation r and log-variance v, the correlation of the lognormals is
    (exp(r v) - 1) / (exp(v) - 1): inverted here, so that the correlation assumed is that of
    over-performance itself.

    Parameters
    ----------
    budgets : numpy.ndarray
        In any unit of money, shape (areas,).
    assumed : Chances
        Of the simulation.
    periods : int
        Years.
    draws : int
        How many in all.
    seed : int
        The same seed gives the same draws.

    Yields
    ------
    numpy.ndarray
        In the unit of `budgets`, shape (some of the draws, years, areas); negative is
        under-performance.
    """
    random = np.random.default_rng(seed)
    shared = random.standard_normal((draws, periods, 1))
    before_own = random.bit_generator.state
    spread = log_variance(assumed.skewness)
    alike = assumed.correlation
    if spread:
        alike = np.log1p(alike * np.expm1(spread)) / spread
    step = max(1, CELLS // (periods * len(budgets)))

    def standard() -> "Iterator[Array]":
        random.bit_generator.state = before_own
        for start in range(0, draws, step):
            common = shared[start : start + step]
            own = random.standard_normal((*common.shape[:2], len(budgets)))
            drawn = np.sqrt(alike) * common + np.sqrt(1 - alike) * own
            if spread:
                drawn = np.expm1(np.sqrt(spread) * drawn - spread / 2) / np.sqrt(np.expm1(spread))
            yield drawn

    # Centred, so that averages are those assumed and not of the draws: to know the centre all are
    # drawn once, and then, unless they are few, again, which holds less than keeping them.
    few = list(standard()) if draws <= step else None
    centre = sum(drawn.sum(axis=(0, 1)) for drawn in few or standard()) / (draws * periods)
    deviations = assumed.deviation * (budgets / budgets.mean()) ** -assumed.size_effect
    for drawn in few or standard():
        yield budgets * (assumed.mean + deviations * (drawn - centre))


def log_variance(skewness: float) -> float:
    """Return the variance of the logarithm of a lognormal distribution of a given skewness.

    With w = exp(variance) the skewness is (w + 2) sqrt(w - 1); its square is a cubic equation
    in w with one real root.

    Parameters
    ----------
    skewness : float
        Not negative; 0 gives 0, the normal limit.
    """
    half = 1 + skewness**2 / 2
    root = np.cbrt(half + np.sqrt(half**2 - 1))
    return float(np.log(root + 1 / root - 1))
