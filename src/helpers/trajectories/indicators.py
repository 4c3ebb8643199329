"""The plan's indicators: unit, direction, starting point, target, dates and source."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from helpers import cell_types, evidence

if TYPE_CHECKING:
    import pandas as pd

UPWARD = ("at least", "increase")
DOWNWARD = ("at most", "decrease")
SHARE = "percent"


class Origin(Enum):
    """Where the date of a starting point comes from; the value says it in words."""

    PRINTED = "printed"
    UNDATED = "printed without a date, and taken for the day on which the plan came out"
    OBSERVED = "not printed, and taken from the series that is held"


@dataclass(frozen=True)
class Indicator:
    """A promise with a level.

    Attributes
    ----------
    name, title : str
        Its key and what a reader calls it.
    priority : int
        Number of the priority.
    unit : str
        Unit of starting point and target.
    direction : str
        ``at least``, ``increase``, ``at most``, ``decrease`` or ``between``.
    baseline : float or None
        Starting point, in `unit`.
    baseline_date : datetime.date or None
        Last day that it is printed for.
    target : float or None
        Level as printed; None where there is none or a range.
    low, high : float or None
        Ends of a range.
    due_from, due : datetime.date or None
        First and last day of the time in which it falls due.
    implied : bool
        Whether the target is read from words such as all.
    is_change : bool
        Whether the target is a change from a level that is not printed.
    aim : str or None
        Row of the aim that it belongs to.
    stated : datetime.date or None
        Day on which its source came out.
    source_id, locator : str
        The source, and the place in it.
    """

    name: str
    title: str
    priority: int
    unit: str
    direction: str
    baseline: float | None
    baseline_date: date | None
    target: float | None
    low: float | None
    high: float | None
    due_from: date | None
    due: date | None
    implied: bool
    is_change: bool
    aim: str | None
    stated: date | None
    source_id: str
    locator: str

    @property
    def is_share(self) -> bool:
        """Whether its values are per cent of a whole, and so from 0 to 100."""
        return self.unit == SHARE and not self.is_change

    @property
    def goal(self) -> float | None:
        """The level to reach, in `unit`; a fall is a negative change."""
        if self.target is not None and self.is_change and self.direction in DOWNWARD:
            return -abs(self.target)
        return self.target

    def meets(self, value: float) -> bool | None:
        """Tell whether a value keeps the promise, or None if no level is printed.

        Parameters
        ----------
        value : float
            In `unit`; a change has a sign.
        """
        if self.low is not None and self.high is not None:
            return self.low <= value <= self.high
        if self.goal is None:
            return None
        return value >= self.goal if self.direction in UPWARD else value <= self.goal


def indicators(priority: int | None = None) -> "pd.DataFrame":
    """Return the indicators of one priority, or of all.

    Parameters
    ----------
    priority : int, optional
        Number of the priority.

    Returns
    -------
    pandas.DataFrame
        As the resource ``indicators`` describes it, printed order.
    """
    return evidence.load("indicators", **({} if priority is None else {"priority": priority}))


@cache
def known() -> dict[str, Indicator]:
    """Return every indicator by its name, in printed order."""
    stated = {row["source_id"]: row.get("date") for row in evidence.rows("sources")}
    return {
        row["indicator"]: Indicator(
            name=row["indicator"],
            title=row["title"],
            priority=row["priority"],
            unit=row["unit"],
            direction=row["direction"],
            baseline=row["baseline_value"],
            baseline_date=row["baseline_end"],
            target=row["target_value"],
            low=row["target_low"],
            high=row["target_high"],
            due_from=row["target_start"],
            due=row["target_end"],
            implied=row["implied"],
            is_change=row["change_only"],
            aim=row["aim_id"],
            stated=_day(stated.get(row["source_id"])),
            source_id=row["source_id"],
            locator=row["locator"],
        )
        for row in evidence.rows("indicators")
    }


def _day(text: str | None) -> date | None:
    """Read the date of a source, where it is one day and not a year or a month."""
    return date.fromisoformat(text) if text and cell_types.PLAIN_DATE.fullmatch(text) else None
