"""The nine priorities of 2024 side by side: what is promised, when, by whom, and testable how.

Two things are counted. An aim is a printed row of the tables of what a priority wants to
achieve; one that has two dates has two rows. A measured target is an indicator of the plan.
"""

from helpers.promises.calendar import (
    LATER,
    NEXT,
    OPEN,
    PAST,
    STATES,
    UNDATED,
    aims,
    by_state,
    by_year,
    entries,
    targets,
)
from helpers.promises.enabling import enabling_by_priority, enabling_functions, programmes
from helpers.promises.load import by_year_due, peaks
from helpers.promises.money import unsecured
from helpers.promises.order import AFTER_AIM, AFTER_TARGETS, actions, comparable, late
from helpers.promises.testable import CRITERIA, by_priority, funnel, promises, unpromised

__all__ = [
    "AFTER_AIM",
    "AFTER_TARGETS",
    "CRITERIA",
    "LATER",
    "NEXT",
    "OPEN",
    "PAST",
    "STATES",
    "UNDATED",
    "actions",
    "aims",
    "by_priority",
    "by_state",
    "by_year",
    "by_year_due",
    "comparable",
    "enabling_by_priority",
    "enabling_functions",
    "entries",
    "funnel",
    "late",
    "peaks",
    "programmes",
    "promises",
    "targets",
    "unpromised",
    "unsecured",
]
