"""Sections of a series, and the mean, moving ranges and process limits of each."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LIMIT_FACTOR = 2.66  # three times the mean moving range, over 1.128
RANGE_FACTOR = 3.27
LEAST_POINTS_A_SECTION = 2  # one point has no moving range


class Lines(NamedTuple):
    """The lines of a chart, each of shape (n,).

    Attributes
    ----------
    mean : array of float
        Mean of each point's section.
    moving_range : array of float
        Distance to the point before; NaN at the first point of a section.
    range_mean : array of float
        Mean moving range of each point's section; NaN for a series of one point.
    flat : list of int
        Positions at which sections begin that hold one value only.
    """

    mean: "Floats"
    moving_range: "Floats"
    range_mean: "Floats"
    flat: list[int]


def sections(
    days: "npt.NDArray[np.datetime64]", rebased: Iterable[date]
) -> tuple[tuple[int, ...], list[int]]:
    """Find the first point of each section.

    A recalculation that leaves fewer than two points to a section is left out. One on or
    before the first point changes nothing.

    Parameters
    ----------
    days : array of datetime64, shape (n,)
        The dates in order.
    rebased : iterable of date
        Days from which mean and limits are calculated anew.

    Returns
    -------
    tuple
        Positions of the first points, beginning with 0; and positions, n for one after the
        last point, of the recalculations left out.
    """
    import numpy as np

    wanted = np.searchsorted(days, np.array(sorted(rebased), dtype="datetime64[D]"))
    starts, left_out = [0], []
    for position in sorted(set(wanted.tolist()) - {0}):
        if min(position - starts[-1], len(days) - position) < LEAST_POINTS_A_SECTION:
            left_out.append(position)
        else:
            starts.append(position)
    return tuple(starts), left_out


def lines(values: "Floats", starts: tuple[int, ...]) -> Lines:
    """Calculate mean and moving ranges, section by section.

    Parameters
    ----------
    values : array of float, shape (n,)
        The series in order of time.
    starts : tuple of int
        Positions of the first points of the sections, beginning with 0.
    """
    import numpy as np

    lengths = np.diff([*starts, len(values)])
    same = np.minimum.reduceat(values, starts) == np.maximum.reduceat(values, starts)
    # The sum of equal numbers over their count may miss the number by a rounding error.
    means = np.where(same, values[list(starts)], np.add.reduceat(values, starts) / lengths)
    moving_range = np.concatenate(([np.nan], np.abs(np.diff(values))))
    moving_range[list(starts)] = np.nan
    sums = np.add.reduceat(np.nan_to_num(moving_range), starts)
    range_means = np.full(len(starts), np.nan)
    np.divide(sums, lengths - 1, out=range_means, where=lengths > 1)
    return Lines(
        np.repeat(means, lengths),
        moving_range,
        np.repeat(range_means, lengths),
        [start for start, flat in zip(starts, same.tolist(), strict=True) if flat],
    )
