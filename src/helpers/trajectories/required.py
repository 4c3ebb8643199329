"""The path that would keep a promise, and how fast that is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from helpers import prose
from helpers.trajectories.indicators import Indicator, Origin, known
from helpers.trajectories.observed import own_series
from helpers.trajectories.spans import plan_span

if TYPE_CHECKING:
    import pandas as pd

QUARTERS_A_YEAR = 4
DAYS_A_YEAR = 365.25
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
DECIMALS = 2  # of a change each quarter


@dataclass(frozen=True)
class RequiredPath:
    """A path from a starting point to a target.

    Attributes
    ----------
    start, end : datetime.date
        Days of the starting point and of the target.
    first, last : float
        Levels at these days.
    is_share : bool
        Whether levels are per cent of a whole.
    origin : Origin
        Where the starting point comes from.
    """

    start: date
    end: date
    first: float
    last: float
    is_share: bool
    origin: Origin

    @property
    def change_a_quarter(self) -> float:
        """The change each quarter of a year, in a straight line."""
        days_a_quarter = DAYS_A_YEAR / QUARTERS_A_YEAR
        return (self.last - self.first) / ((self.end - self.start).days / days_a_quarter)

    def straight(self, day: date) -> float:
        """Return the level that a straight line asks for on a day; flat outside the path."""
        return self.first + self._part(day) * (self.last - self.first)

    def logistic(self, day: date) -> float:
        """Return the level that a logistic curve asks for on a day; flat outside the path.

        A share moves slowly near none and near all. The curve is a straight line on the scale
        on which shares are forecast, which ends half a percentage point beyond either.

        Raises
        ------
        ValueError
            If the levels are not shares.
        """
        if not self.is_share:
            raise ValueError("a logistic path needs shares")
        import numpy as np

        from helpers.forecasts.scales import logit, share

        ends = logit(np.array([self.first, self.last]))
        return float(share(ends[0] + self._part(day) * (ends[1] - ends[0])))

    def quarters(self) -> Iterator[date]:
        """Yield the ends of the quarters between starting point and target."""
        for year in range(self.start.year, self.end.year + 1):
            for month, last in QUARTER_ENDS:
                if self.start < (day := date(year, month, last)) < self.end:
                    yield day

    def _part(self, day: date) -> float:
        """Return the part of the time that has passed, from 0 to 1."""
        part = (day - self.start).days / (self.end - self.start).days
        return min(1.0, max(0.0, part))


def required_path(indicator: Indicator, as_of: date | None = None) -> RequiredPath | None:
    """Return the path that would keep a promise.

    It starts from what the plan prints. A starting point without a date is taken for the day
    on which the plan came out; where none is printed and a series of the indicator itself is
    held for the whole area, the last value before the plan began starts it, or else the first.

    Parameters
    ----------
    indicator : Indicator
        The promise.
    as_of : datetime.date, optional
        Leave out what was observed after this day.

    Returns
    -------
    RequiredPath or None
        None where starting point, level or date is missing; `lacking` says which.
    """
    start = _start(indicator, as_of)
    if start is None or indicator.goal is None or indicator.due is None:
        return None
    day, value, origin = start
    if day >= indicator.due:
        return None
    return RequiredPath(day, indicator.due, value, indicator.goal, indicator.is_share, origin)


def lacking(indicator: Indicator, as_of: date | None = None) -> str:
    """Say what a path lacks, in words for a table; empty if it lacks nothing."""
    start = _start(indicator, as_of)
    if start is None:
        return "No starting point" if indicator.baseline is None else "Starting point not dated"
    if indicator.goal is None:
        return "No single target"
    if indicator.due is None:
        return "No date"
    return "No time between" if start[0] >= indicator.due else ""


def needed_each_quarter(frame: "pd.DataFrame", as_of: date | None = None) -> list[str]:
    """Say how far each indicator would have to move each quarter, in a straight line.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `indicators`.
    as_of : datetime.date, optional
        Leave out what was observed after this day.

    Returns
    -------
    list of str
        Such as "+0.5"; where it cannot be said, what is missing: "No starting point",
        "No single target", "Starting point not dated", "No date" or "No time between".
    """
    texts = []
    for name in frame["indicator"]:
        path = required_path(known()[name], as_of)
        if path is None:
            texts.append(lacking(known()[name], as_of))
        else:
            change = path.change_a_quarter
            texts.append(f"{'+' if change > 0 else ''}{prose.number(change, DECIMALS)}")
    return texts


def _start(indicator: Indicator, as_of: date | None) -> tuple[date, float, Origin] | None:
    """Return day, level and origin of a starting point."""
    if indicator.baseline is not None:
        if indicator.baseline_date is not None:
            return indicator.baseline_date, indicator.baseline, Origin.PRINTED
        if indicator.stated is not None:
            return indicator.stated, indicator.baseline, Origin.UNDATED
        return None
    series = own_series(indicator.name, as_of)
    if series is None or indicator.is_change:
        return None
    begun = plan_span()[0]
    points = list(zip(series.dates, series.values, strict=True))
    day, value = ([point for point in points if point[0] < begun] or points[:1])[-1]
    return day, value, Origin.OBSERVED
