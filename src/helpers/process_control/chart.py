"""The XmR chart: mean, moving ranges, process limits, special causes, and their reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from helpers.process_control import notes
from helpers.process_control.limits import LIMIT_FACTOR, RANGE_FACTOR, lines, sections
from helpers.process_control.points import check_settings, ordered_points
from helpers.process_control.readings import (
    HIGH,
    LOW,
    Assurance,
    Direction,
    Rule,
    Variation,
    assurance,
)
from helpers.process_control.rules import marks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]

LEAST_POINTS = 13
# NHS England's tools offer 6 to 8 for either and begin with 6. In simulations of stable series
# of 24 points a shift of 6 is found in one of five, of 7 in one of eleven.
SHIFT_POINTS = 7
TREND_POINTS = 6
ROUNDING = 1e-9  # part of the largest value: smaller differences are none


@dataclass(frozen=True)
class ControlChart:
    """An XmR chart; each sequence has one entry a point, in order of time.

    Attributes
    ----------
    dates, values : tuple
        The points.
    direction : {'increase', 'decrease', 'neither'}
        Which way is better.
    target : float or None
        The target, in the unit of the values.
    mean : tuple of float
        Mean of each point's section.
    lower, upper : tuple of float
        Process limits as drawn, cut at the bounds; empty if there are too few points.
    moving_range : tuple of float or None
        Distance to the point before; None at the first point of a section.
    moving_range_mean, moving_range_upper : tuple of float
        Mean and upper limit of the moving range; empty if there are too few points.
    rules : tuple of tuple of Rule
        The rules that mark each point as special cause variation.
    signals : tuple of Variation
        What each point is.
    starts : tuple of int
        Positions of the first point of each section, beginning with 0.
    missing : int
        How many points are missing for process limits and icons.
    clipped : bool
        Whether a process limit was cut at a bound.
    assurance : Assurance
        Whether the process can be relied on to meet the target.
    notes : tuple of str
        What a reader must know besides, in sentences.
    """

    dates: tuple[date, ...]
    values: tuple[float, ...]
    direction: Direction
    target: float | None
    mean: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    moving_range: tuple[float | None, ...]
    moving_range_mean: tuple[float, ...]
    moving_range_upper: tuple[float, ...]
    rules: tuple[tuple[Rule, ...], ...]
    signals: tuple[Variation, ...]
    starts: tuple[int, ...]
    missing: int
    clipped: bool
    assurance: Assurance
    notes: tuple[str, ...]

    @property
    def variation(self) -> Variation:
        """What the variation icon shows: the reading of the last point."""
        return self.signals[-1]


def xmr(
    values: Sequence[float],
    dates: Sequence[date],
    direction: Direction,
    target: float | None = None,
    rebased: Iterable[date] = (),
    *,
    bounds: tuple[float, float] | None = None,
    shift_points: int = SHIFT_POINTS,
    trend_points: int = TREND_POINTS,
) -> ControlChart:
    """Chart a series as NHS England's Making Data Count does.

    Parameters
    ----------
    values : sequence of float, shape (n,)
        One finite value a date, in any unit.
    dates : sequence of date, shape (n,)
        When each was measured, in any order, none twice.
    direction : {'increase', 'decrease', 'neither'}
        Which way is better.
    target : float, optional
        The target, in the unit of the values.
    rebased : iterable of date
        Days of known step changes: from the first point on or after each, mean and limits
        are calculated anew. They are the analyst's judgement and never guessed.
    bounds : tuple of float, optional
        Least and greatest value possible: (0, 100) for percentages.
    shift_points, trend_points : int
        How many points make a shift and a trend, 6 to 8.

    Returns
    -------
    ControlChart
        With fewer than 13 points it holds the mean but neither limits nor signals.

    Raises
    ------
    EvidenceError
        If there is no point, a value is not finite or out of bounds, a date stands twice,
        or an argument is not as described.

    Notes
    -----
    After the checks published with the Single Chart Tool v5.0, and the SQL query v2.6
    (10 January 2024), of NHS England's Making Data Count team.
    """
    import numpy as np

    check_settings(direction, target, shift_points, trend_points)
    days, series = ordered_points(values, dates, bounds)
    ordered = tuple(days.tolist())
    words = notes.dates_in_words(ordered)
    starts, left_out = sections(days, rebased)
    mean, moving_range, range_mean, flat = lines(series, starts)
    count = len(series)
    remarks = [*notes.gaps(ordered, words), *notes.not_recalculated(words, left_out)]
    found: dict[Rule, tuple[Flags, Flags]] = {}
    lower = upper = range_upper = np.array([])
    signals = [Variation.TOO_FEW] * count
    assured = Assurance.TOO_FEW
    clipped = False

    if count < LEAST_POINTS:
        range_mean = np.array([])
        remarks.insert(0, notes.too_few(count, LEAST_POINTS))
    else:
        reach, range_upper = LIMIT_FACTOR * range_mean, RANGE_FACTOR * range_mean
        lower, upper = mean - reach, mean + reach
        tolerance = ROUNDING * float(np.abs(series).max())
        found = marks(
            series,
            mean,
            reach,
            shift_points=shift_points,
            trend_points=trend_points,
            tolerance=tolerance,
        )
        signals, conflicts = _signals(found, direction)
        assured = assurance(target, float(lower[-1]), float(upper[-1]), direction, tolerance)
        remarks += notes.sections(words, starts)
        remarks += notes.collapsed(words, flat)
        remarks += notes.conflicts(conflicts)
        if bounds:
            clipped = bool(lower.min() < bounds[0] or upper.max() > bounds[1])
            lower, upper = np.maximum(lower, bounds[0]), np.minimum(upper, bounds[1])
            remarks += notes.cut(*bounds) if clipped else []

    return ControlChart(
        dates=ordered,
        values=tuple(series.tolist()),
        direction=direction,
        target=None if target is None else float(target),
        mean=tuple(mean.tolist()),
        lower=tuple(lower.tolist()),
        upper=tuple(upper.tolist()),
        moving_range=tuple(None if each != each else each for each in moving_range.tolist()),
        moving_range_mean=tuple(range_mean.tolist()),
        moving_range_upper=tuple(range_upper.tolist()),
        rules=_rules(found, count),
        signals=tuple(signals),
        starts=starts,
        missing=max(0, LEAST_POINTS - count),
        clipped=clipped,
        assurance=assured,
        notes=tuple(remarks),
    )


def _signals(
    found: "dict[Rule, tuple[Flags, Flags]]", direction: Direction
) -> tuple[list[Variation], int]:
    """Read each point, and count those that are improvement and concern at once.

    Those are shown as improvement, as by the Single Chart Tool; where neither direction is
    an improvement, they are shown as high.
    """
    import numpy as np

    high, low = (np.any([sides[side] for sides in found.values()], axis=0) for side in (0, 1))
    first, second = (low, high) if direction == "decrease" else (high, low)
    names = (LOW, HIGH) if direction == "decrease" else (HIGH, LOW)
    codes = np.select([first, second], [0, 1], 2).tolist()
    readings = (names[0][direction], names[1][direction], Variation.COMMON)
    both = 0 if direction == "neither" else int((first & second).sum())
    return [readings[code] for code in codes], both


def _rules(found: "dict[Rule, tuple[Flags, Flags]]", count: int) -> tuple[tuple[Rule, ...], ...]:
    """Name the rules that mark each point."""
    marked: list[tuple[Rule, ...]] = [()] * count
    for rule, (high, low) in found.items():
        for position in (high | low).nonzero()[0].tolist():
            marked[position] += (rule,)
    return tuple(marked)
