"""What to watch: what falls due, what is past, what comes too late, what has no money yet."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from helpers import evidence
from helpers.trajectories.spans import year_later, year_start


@dataclass(frozen=True)
class Milestone:
    """An aim of the plan with a date.

    Attributes
    ----------
    aim_id, group : str
        Its key, and the part of the priority that it stands in.
    title : str
        Its words; of an aim with several rows, the first outcome of its row.
    printed : str
        Its date as printed.
    start, end : datetime.date
        First and last day of the time in which it falls due.
    """

    aim_id: str
    group: str
    title: str
    printed: str
    start: date
    end: date


@dataclass(frozen=True)
class LateAction:
    """An action whose year begins after all dates of the aim that it serves.

    Attributes
    ----------
    action_id, action : str
        Its key, and its words.
    plan_year : int
        Year of the plan under which it is printed.
    aim : str
        Words of the aim.
    due : datetime.date
        Last day on which any row of that aim falls due.
    """

    action_id: str
    action: str
    plan_year: int
    aim: str
    due: date


def aims(priority: int) -> list[dict[str, Any]]:
    """Return the aims of a priority in printed order, those printed a second time left out.

    Parameters
    ----------
    priority : int
        Number of the priority.

    Returns
    -------
    list of dict
        Rows of ``priority-aims`` with ``title``: the words of the aim, or, where several rows
        have the same words, the first outcome of each. A row is printed a second time if all
        of its outcomes are.
    """
    outcomes: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(evidence.rows("aim-outcomes"), key=lambda row: row["order"]):
        outcomes.setdefault(row["aim_id"], []).append(row)
    found = [
        row
        for row in evidence.rows("priority-aims")
        if row["priority"] == priority and not _is_repeated(outcomes.get(row["aim_id"], []))
    ]
    times = Counter(row["aim"] for row in found)
    for row in found:
        own = outcomes.get(row["aim_id"])
        row["title"] = own[0]["outcome"] if own and times[row["aim"]] > 1 else row["aim"]
    return sorted(found, key=lambda row: row["order"])


def milestones(priority: int) -> tuple[Milestone, ...]:
    """Return the dated aims of a priority, the earliest due first."""
    found = [
        Milestone(
            row["aim_id"],
            row["group"],
            row["title"],
            row["target_date_printed"],
            row["target_start"],
            row["target_end"],
        )
        for row in aims(priority)
        if row["target_end"]
    ]
    return tuple(sorted(found, key=lambda each: (each.end, each.start)))


def due_soon(priority: int, as_of: date) -> tuple[Milestone, ...]:
    """Return the aims of which the last day lies in the twelve months from a day."""
    until = year_later(as_of)
    return tuple(each for each in milestones(priority) if as_of <= each.end < until)


def past(priority: int, as_of: date) -> tuple[Milestone, ...]:
    """Return the aims of which the last day lies before a day."""
    return tuple(each for each in milestones(priority) if each.end < as_of)


def late_actions(priority: int) -> tuple[LateAction, ...]:
    """Return the actions that are scheduled after the target that they serve.

    An action names an aim, and an aim can have several rows with dates of their own: an action
    is late only if its year of the plan begins after the last of them. An action without an
    aim, or with one that has an undated row, is never late. Years with an open end count from
    their beginning.
    """
    ends: dict[str, list[date | None]] = {}
    names = {}
    for row in aims(priority):
        ends.setdefault(row["aim"], []).append(row["target_end"])
        names[row["aim_id"]] = row["aim"]
    found = []
    for row in _actions(priority):
        aim = names.get(row["aim_id"])
        days = ends.get(aim, []) if aim else []
        due = [day for day in days if day is not None]
        if aim is None or not due or len(due) < len(days):
            continue
        if year_start(row["plan_year"]) > max(due):
            found.append(
                LateAction(row["action_id"], row["action"], row["plan_year"], aim, max(due))
            )
    return tuple(found)


def unfunded(priority: int) -> list[dict[str, Any]]:
    """Return the actions that hang on money not yet secured, as rows of ``priority-actions``."""
    return [row for row in _actions(priority) if row["funding_condition"]]


def _is_repeated(outcomes: list[dict[str, Any]]) -> bool:
    return bool(outcomes) and all(row["repeat_of"] for row in outcomes)


def _actions(priority: int) -> list[dict[str, Any]]:
    return [row for row in evidence.rows("priority-actions") if row["priority"] == priority]
