"""The four rules of special cause variation, each a pass over whole arrays.

They are those of NHS England's tools (the SQL query v2.6 of 10 January 2024 and the checks
published with the Single Chart Tool v5.0). A rule marks every point of its pattern. The
three rules of several points may cross a recalculation: each point is then compared with
the mean and the limits of its own section.
"""

from typing import TYPE_CHECKING

from helpers.process_control.readings import Rule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Signs = npt.NDArray[np.int8]


def marks(
    values: "Floats",
    mean: "Floats",
    reach: "Floats",
    *,
    shift_points: int,
    trend_points: int,
    tolerance: float,
) -> "dict[Rule, tuple[Flags, Flags]]":
    """Mark the points that each rule finds, on the high and on the low side.

    Parameters
    ----------
    values : array of float, shape (n,)
        The series in order of time.
    mean, reach : array of float, shape (n,)
        Mean at each point, and the distance from it to either process limit.
    shift_points, trend_points : int
        How many points make a shift and a trend.
    tolerance : float
        Difference that counts as none.

    Returns
    -------
    dict
        Rule to two arrays of bool, shape (n,): points that are high or rising, and points
        that are low or falling. Only the turning point of two trends is both.
    """
    import numpy as np

    side = _signs(values - mean, tolerance)
    outside = _signs(np.abs(values - mean) - reach, tolerance) > 0
    shift = _in_runs(side, shift_points)
    return {
        Rule.TREND: _trends(_signs(np.diff(values), tolerance), trend_points),
        Rule.SHIFT: (shift & (side > 0), shift & (side < 0)),
        Rule.TWO_OF_THREE: _two_of_three(
            side, _signs(np.abs(values - mean) - reach * 2 / 3, tolerance) > 0
        ),
        Rule.OUTSIDE: (outside & (side > 0), outside & (side < 0)),
    }


def _signs(differences: "Floats", tolerance: float) -> "Signs":
    """Return -1, 0 or 1 for each difference, and 0 for one that only rounding makes."""
    import numpy as np

    return np.where(np.abs(differences) > tolerance, np.sign(differences), 0).astype(np.int8)


def _in_runs(signs: "Signs", least: int) -> "Flags":
    """Tell which entries stand in a run of at least `least` equal signs; 0 breaks a run."""
    import numpy as np

    first = np.flatnonzero(np.concatenate(([True], signs[1:] != signs[:-1])))
    lengths = np.diff(np.concatenate((first, [len(signs)])))
    return np.repeat(lengths >= least, lengths) & (signs != 0)


def _trends(steps: "Signs", points: int) -> "tuple[Flags, Flags]":
    """Mark the points of trends, both ends included; two equal values end a trend."""
    import numpy as np

    run = _in_runs(steps, points - 1)
    rising, falling = (
        np.concatenate((found, [False])) | np.concatenate(([False], found))
        for found in (run & (steps > 0), run & (steps < 0))
    )
    return rising, falling


def _two_of_three(side: "Signs", near: "Flags") -> "tuple[Flags, Flags]":
    """Mark the points near a limit, where two of three in a row are, all on one side.

    Points beyond the limit count, as they do since version 2.6 of NHS England's query.
    """
    import numpy as np

    result = []
    for on_side in (side > 0, side < 0):
        close = near & on_side
        found = (close[:-2].astype(int) + close[1:-1] + close[2:] >= 2) & (
            on_side[:-2] & on_side[1:-1] & on_side[2:]
        )
        covered = np.zeros(len(side), dtype=bool)
        for offset in range(3):
            covered[offset : offset + len(found)] |= found
        result.append(close & covered)
    return result[0], result[1]
