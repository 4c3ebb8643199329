"""Read a series into evenly spaced values, or say in one line why it cannot be."""

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import numpy as np

from helpers import prose
from helpers.errors import EvidenceError
from helpers.forecasts.scales import Scale

MONTHS_A_YEAR = 12
MONTHLY, QUARTERLY = 1, 3  # months from one point to the next
UNITS = {MONTHLY: "month", QUARTERLY: "quarter"}

# A model is fitted to a year of months before it is tested at all: that is also a little over
# twice the five parameters of the largest. Every distance ahead is tested from four points or
# more.
FEWEST_TO_FIT = 12
FEWEST_ORIGINS = 4
FEWEST = 18  # points without which there is no forecast: enough to test three steps ahead
MOST = 120  # points looked back on: ten years of months
LONGEST_BRIDGE = 2  # points missing in a row that a straight line may stand for
MOST_BRIDGED = 0.1  # of all points


@dataclass(frozen=True)
class History:
    """What a forecast rests on.

    Attributes
    ----------
    values : numpy.ndarray
        One value a month or quarter, in order, without gaps.
    observed : numpy.ndarray of bool
        Which of them were observed; the others stand on a straight line between neighbours.
    held : int
        Observed points since the last gap that is not bridged.
    months : int
        Months from one value to the next, 1 or 3.
    last : date, optional
        Date of the last value; none if there is no value.
    month_end : bool
        Whether every value is dated by the last day of its month.
    notes : tuple of str
        What was left out or filled in, as sentences.
    """

    values: np.ndarray
    observed: np.ndarray
    held: int
    months: int
    last: date | None
    month_end: bool
    notes: tuple[str, ...]

    @property
    def season(self) -> int:
        """How many values a year has."""
        return MONTHS_A_YEAR // self.months

    @property
    def unit(self) -> str:
        """What one step is called."""
        return UNITS[self.months]

    @property
    def reach(self) -> int:
        """How many steps ahead a forecast can be tested, and so made."""
        if self.held < FEWEST:
            return 0
        return int(self.observed.sum()) - FEWEST_TO_FIT - FEWEST_ORIGINS + 1

    def steps_until(self, day: date) -> int:
        """Return how many steps ahead the last point in or before the month of a day lies."""
        if self.last is None:
            return 0
        return max(0, (_month(day) - _month(self.last)) // self.months)

    def days_ahead(self, steps: int) -> tuple[date, ...]:
        """Return the dates of the points to come, on the day of the month of those before."""
        if self.last is None:
            return ()
        dates = []
        for step in range(1, steps + 1):
            year, month = divmod(_month(self.last) + step * self.months, MONTHS_A_YEAR)
            days = calendar.monthrange(year, month + 1)[1]
            day = days if self.month_end else min(self.last.day, days)
            dates.append(date(year, month + 1, day))
        return tuple(dates)


def points_needed(steps: int) -> int:
    """Return how many points a forecast needs.

    Parameters
    ----------
    steps : int
        Months or quarters ahead.
    """
    return max(FEWEST, FEWEST_TO_FIT + FEWEST_ORIGINS - 1 + steps)


def read_history(values: Sequence[Any], dates: Sequence[Any], scale: Scale) -> History:
    """Check a series and space it evenly.

    Parameters
    ----------
    values : sequence of float
        Observed values.
    dates : sequence of date
        Date of each; any day of its month will do.
    scale : Scale
        Gives the limits that values have to keep.

    Returns
    -------
    History
        The values after the last gap that is too long to bridge, at most `MOST` of them.

    Raises
    ------
    EvidenceError
        If a date or number is none, a value lies outside its limits, a month has two
        values, or the values are neither monthly nor quarterly.
    """
    if len(values) != len(dates):
        raise EvidenceError(f"{len(values)} values with {len(dates)} dates: expected one each")
    points = sorted(
        (_day(day), value) for day, value in zip(dates, values, strict=True)
    )  # fmt: skip
    numbers = np.array([_number(day, value, scale) for day, value in points])
    days = [day for day, _ in points]
    step = _step(days)
    places = np.array([_month(day) for day in days], dtype=int) // step
    start, notes = _start(days, places, UNITS[step])
    numbers, places = numbers[start:], places[start:]
    grid = np.arange(places[0], places[-1] + 1) if len(places) else places
    observed = np.isin(grid, places)
    bridged = int((~observed).sum())
    if bridged:
        notes.append(
            f"A straight line stands for {prose.count(bridged, f'missing {UNITS[step]}')}."
        )
    if len(grid) > MOST:
        notes.append(f"The forecast looks back on the last {MOST} {UNITS[step]}s only.")
    return History(
        values=np.interp(grid, places, numbers)[-MOST:] if len(grid) else numbers,
        observed=observed[-MOST:],
        held=len(numbers),
        months=step,
        last=days[-1] if days else None,
        month_end=bool(days) and all(_is_month_end(day) for day in days),
        notes=tuple(notes),
    )


def _start(days: list[date], places: np.ndarray, unit: str) -> tuple[int, list[str]]:
    """Return the first point to use: the one after the last gap that cannot be bridged."""
    missing = np.diff(places) - 1
    gaps = np.flatnonzero(missing > LONGEST_BRIDGE)
    start = int(gaps[-1]) + 1 if len(gaps) else 0
    if missing[start:].sum() > MOST_BRIDGED * len(places[start:]):
        start = int(np.flatnonzero(missing)[-1]) + 1
    if not start:
        return 0, []
    lacking = prose.count(int(missing[start - 1]), unit)
    return start, [
        f"The forecast uses the values from {days[start]:%B %Y}: before them {lacking} "
        f"{'is' if missing[start - 1] == 1 else 'are'} missing."
    ]


def _step(days: list[date]) -> int:
    """Return the months from one value to the next."""
    steps = [_month(after) - _month(before) for before, after in pairwise(days)]
    for day, step in zip(days, steps, strict=False):
        if step == 0:
            raise EvidenceError(f"{day:%B %Y} has more than one value: expected one a month")
    common = math.gcd(*steps)
    if common == QUARTERLY:
        return QUARTERLY
    if len(steps) > 1 and common != MONTHLY:
        raise EvidenceError(f"values {common} months apart: expected one a month or one a quarter")
    for day, (one, other) in zip(days, pairwise(steps), strict=False):
        if one == other == QUARTERLY:
            raise EvidenceError(
                f"values of months and of quarters mixed, from {day:%B %Y}: expected one or "
                "the other"
            )
    return MONTHLY


def _day(given: Any) -> date:
    day = given.astype("datetime64[D]").item() if isinstance(given, np.datetime64) else given
    if isinstance(day, datetime) and day == day:
        return day.date()
    if isinstance(day, date) and day == day:
        return day
    raise EvidenceError(f"date {str(given)!r}: expected a date")


def _number(day: date, given: Any, scale: Scale) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise EvidenceError(f"{day}: value {str(given)!r}: expected a number")
    if not scale.lowest <= number <= scale.highest:
        raise EvidenceError(
            f"{day}: value {str(given)!r}: expected {scale.lowest:g} to {scale.highest:g}"
        )
    return number


def _month(day: date) -> int:
    return day.year * MONTHS_A_YEAR + day.month - 1


def _is_month_end(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
