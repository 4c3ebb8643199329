"""The scales on which series are modelled: as they are, or shares between their limits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Transformation = Callable[[np.ndarray], np.ndarray]

FULL = 100.0  # per cent
# Half a percentage point. A share of exactly 0 or 100 has no logit, so shares are read as if
# the scale reached this far beyond both ends; what comes back is cut at the ends themselves.
MARGIN = 0.5
PRECISION = 9  # decimals that survive the way there and back
LARGEST = 1e15  # no measure of a health system is larger, and squares of it are still numbers


@dataclass(frozen=True)
class Scale:
    """A scale that models work on.

    Attributes
    ----------
    lowest, highest : float
        The limits of a value, both allowed.
    forward : callable
        Takes values to the modelling scale.
    back : callable
        Takes points of the modelling scale to values.
    """

    lowest: float
    highest: float
    forward: Transformation
    back: Transformation


def logit(shares: np.ndarray) -> np.ndarray:
    """Take shares in per cent to a scale without limits.

    Parameters
    ----------
    shares : numpy.ndarray
        Per cent, 0 to 100.
    """
    return np.log((shares + MARGIN) / (FULL + MARGIN - shares))


def share(points: np.ndarray) -> np.ndarray:
    """Take points of the logit scale back to shares, in per cent, 0 to 100.

    Parameters
    ----------
    points : numpy.ndarray
        Any numbers, infinite ones included.
    """
    # The hyperbolic tangent is the logistic curve without its overflow far from zero.
    whole = FULL + 2 * MARGIN
    shares = whole * (1 + np.tanh(np.asarray(points) / 2)) / 2 - MARGIN
    return np.clip(np.round(shares, PRECISION), 0.0, FULL)


def _as_it_is(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype=float)


PLAIN = Scale(-LARGEST, LARGEST, _as_it_is, _as_it_is)
SHARE = Scale(0.0, FULL, logit, share)
