"""Priorities, days far apart and promises for tests of the trajectories."""

from datetime import date

from helpers import trajectories

DAYS = (date(2024, 7, 5), date(2026, 11, 22), date(2030, 1, 1))
PRIORITIES = range(1, 10)


def promises(priority: int) -> list[trajectories.Indicator]:
    """Return the indicators of one priority."""
    return [each for each in trajectories.known().values() if each.priority == priority]
