"""The time of the 2009 case: its years, its planned rollout, and how far that may move."""

from datetime import date
from functools import cache

from helpers import evidence

SECTOR = "nwl"
MONTHS_A_YEAR = 12


@cache
def years() -> tuple[str, ...]:
    """Return the financial years of the case, in order."""
    return tuple(dict.fromkeys(row["year"] for row in evidence.rows("savings-scenarios")))


@cache
def scenarios() -> tuple[str, ...]:
    """Return the savings scenarios, in the order of Table 3."""
    return tuple(dict.fromkeys(row["scenario"] for row in evidence.rows("savings-scenarios")))


@cache
def boroughs() -> tuple[str, ...]:
    """Return the boroughs that contribute to the Partnership, in the order of Table 10."""
    return tuple(
        row["area"] for row in evidence.rows("contribution-shares") if row["area"] != SECTOR
    )


def standpoint(area: str) -> str:
    """Return the area whose figures stand for a reader's: their own, if the case has any.

    Parameters
    ----------
    area : str
        Sector or borough. For a borough that the case does not know it is the sector.
    """
    return area if area in boroughs() else SECTOR


@cache
def rollout() -> date:
    """Return the mid-point date on which staff were to move to the Partnership."""
    moved: date = evidence.value(
        "business-case-assumptions", "value_date", assumption="staff-move-date"
    )
    return moved


def year_start(year: str) -> date:
    """Return the first day of a financial year, such as 1 April 2009 of ``2009/10``."""
    return date(int(year[:4]), 4, 1)


def months_between(start: date, end: date) -> int:
    """Return the whole months from the first day of one month to that of another."""
    return (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month


def first_year_months() -> int:
    """Return the months that the Partnership was to run in the first year."""
    return months_between(rollout(), year_start(years()[1]))


def part_year(year: str) -> float:
    """Return the share of a year that the Partnership was to run, in whole months."""
    return first_year_months() / MONTHS_A_YEAR if year == years()[0] else 1.0


def earliest_delay() -> int:
    """Return the delay, in months, of a rollout on the first day of the case (negative)."""
    return months_between(rollout(), year_start(years()[0]))


def longest_delay() -> int:
    """Return the delay, in months, of a rollout in the last month of the case."""
    return first_year_months() + (len(years()) - 1) * MONTHS_A_YEAR - 1


def month_of(delay: int) -> date:
    """Return the first day of the month that lies some months after the planned rollout."""
    months = rollout().month - 1 + delay
    return date(rollout().year + months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)
