"""Trajectories of the plan of 2024: what was promised, from where, by when, and what is seen.

An indicator is a promise with a level and, mostly, a date. The path that would keep it runs
from its starting point to its target; the series that are held for it, or for a measure that
bears on it, say where it stands. Where something is missing, that is what is said.
"""

from helpers.trajectories.indicators import Indicator, Origin, indicators, known
from helpers.trajectories.observed import Series, attached, measure_priority
from helpers.trajectories.outlook import Outlook, control, outlook
from helpers.trajectories.required import RequiredPath, needed_each_quarter, required_path
from helpers.trajectories.rows import trajectory_rows
from helpers.trajectories.spans import plan_span, year_end, year_start, years
from helpers.trajectories.status import Status, status

__all__ = [
    "Indicator",
    "Origin",
    "Outlook",
    "RequiredPath",
    "Series",
    "Status",
    "attached",
    "control",
    "indicators",
    "known",
    "measure_priority",
    "needed_each_quarter",
    "outlook",
    "plan_span",
    "required_path",
    "status",
    "trajectory_rows",
    "year_end",
    "year_start",
    "years",
]
