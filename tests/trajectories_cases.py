"""Priorities, days far apart and promises for tests of the trajectories."""

from datetime import date

from helpers import trajectories

DAYS = (date(2024, 7, 5), date(2026, 11, 22), date(2030, 1, 1))
PRIORITIES = range(1, 10)


def promises(priority: int) -> list[trajectories.Indicator]:
    """Return the indicators of one priority."""
    return [each for each in trajectories.known().values() if each.priority == priority]


def months(count: int, first: date = date(2024, 4, 1)) -> list[date]:
    """Return the first days of so many months."""
    start = first.year * 12 + first.month - 1
    return [date((start + n) // 12, (start + n) % 12 + 1, 1) for n in range(count)]
