"""Where a promise stands on a day, in words, as far as it can be told."""

from datetime import date
from enum import Enum

from helpers.trajectories.indicators import UPWARD, Indicator
from helpers.trajectories.observed import Series, attached, own_series
from helpers.trajectories.required import required_path


class Status(Enum):
    """Where a promise stands; the value says it in words."""

    MET = "met when last observed"
    MET_LATE = "met, after the date"
    MISSED = "not met by the date"
    ON_PATH = "on path"
    BEHIND = "behind the path"
    NOT_DUE = "not yet due and unobserved"
    PAST = "past the date and unobserved"
    STALE = "past the date, observed only before it"
    NO_START = "cannot be told: no starting point"
    NO_LEVEL = "cannot be told: no single level"
    NO_DATE = "cannot be told: no date"
    UNDATED = "undated and unobserved"
    IN_PARTS = "cannot be told: observed in parts of the area only"
    OTHERWISE = "cannot be told: what is observed is counted otherwise"

    @property
    def is_observed(self) -> bool:
        """Whether a series of the promise itself, for the whole area, stands behind it."""
        return self not in (
            Status.NOT_DUE, Status.PAST, Status.UNDATED, Status.IN_PARTS, Status.OTHERWISE,
        )  # fmt: skip


def status(indicator: Indicator, as_of: date) -> Status:
    """Say where a promise stands on a day.

    What was observed after that day does not count, and a level counts as kept when the last
    value keeps it. A promise is due on the last day of the time that the plan gives it.

    Parameters
    ----------
    indicator : Indicator
        The promise.
    as_of : datetime.date
        The day to look from.
    """
    series = own_series(indicator.name, as_of)
    if series is None:
        return _unobserved(indicator, as_of)
    kept = indicator.meets(series.values[-1])
    if kept is None:
        return Status.NO_LEVEL
    if indicator.due is None:
        return Status.MET if kept else Status.NO_DATE
    if indicator.due < as_of:
        return _past(indicator, indicator.due, series, kept)
    if kept:
        return Status.MET
    path = required_path(indicator, as_of)
    if path is None:
        return Status.NO_START
    if series.dates[-1] <= path.start:
        return Status.NO_START
    ahead = series.values[-1] - path.straight(series.dates[-1])
    short = -ahead if indicator.direction in UPWARD else ahead
    return Status.BEHIND if short > 0 else Status.ON_PATH


def _unobserved(indicator: Indicator, as_of: date) -> Status:
    others = [
        series
        for series in attached(indicator.priority, as_of)
        if series.indicator == indicator.name
    ]
    if any(series.is_own for series in others):
        return Status.IN_PARTS
    if others:
        return Status.OTHERWISE
    if indicator.due is None:
        return Status.UNDATED
    return Status.PAST if indicator.due < as_of else Status.NOT_DUE


def _past(indicator: Indicator, due: date, series: Series, kept: bool) -> Status:
    """Compare what was observed in the time given for a promise with what came after it."""
    in_time = [
        value
        for day, value in zip(series.dates, series.values, strict=True)
        if day <= due and (indicator.due_from is None or day >= indicator.due_from)
    ]
    by_date = bool(in_time) and bool(indicator.meets(in_time[-1]))
    if kept:
        return Status.MET if by_date or not in_time else Status.MET_LATE
    if in_time or series.dates[-1] > due:
        return Status.MISSED
    return Status.STALE
