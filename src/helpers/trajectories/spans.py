"""The years of the plan, in days."""

from datetime import date, timedelta
from functools import cache

from helpers import evidence

APRIL, MARCH = 4, 3


@cache
def plan_span() -> tuple[date, date]:
    """Return the first and the last day that the plan's dated aims cover, in whole years."""
    rows = evidence.rows("priority-aims")
    first = min(row["target_start"] for row in rows if row["target_start"])
    last = max(row["target_end"] for row in rows if row["target_end"])
    return (
        date(first.year if first.month >= APRIL else first.year - 1, APRIL, 1),
        date(last.year if last.month <= MARCH else last.year + 1, MARCH, 31),
    )


def year_start(number: int) -> date:
    """Return the first day of the plan's first, second, … financial year."""
    return date(plan_span()[0].year + number - 1, APRIL, 1)


def year_end(number: int) -> date:
    """Return the last day of the plan's first, second, … financial year."""
    return date(plan_span()[0].year + number, MARCH, 31)


def years() -> int:
    """Return how many financial years the plan has."""
    first, last = plan_span()
    return last.year - first.year


def year_name(number: int) -> str:
    """Write the plan's first, second, … financial year: ``2024/25``."""
    start = year_start(number).year
    return f"{start}/{(start + 1) % 100:02}"


def year_later(day: date) -> date:
    """Return the same day of the next year; the day before it, for the last of a leap February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return (day + timedelta(days=1)).replace(year=day.year + 1) - timedelta(days=1)
