"""What falls due, what is past, and which actions come too late, on the days it turns."""

from datetime import date, timedelta
from typing import Any

import pytest

from helpers.trajectories import watch
from helpers.trajectories.spans import year_start

pytestmark = pytest.mark.usefixtures("book_evidence")

DAY = timedelta(days=1)
DUE = date(2026, 3, 31)


def aim(name: str, words: str, end: date | None, start: date | None = None) -> dict[str, Any]:
    return {
        "aim_id": name,
        "aim": words,
        "title": f"{words} {name}",
        "group": "Part",
        "target_date_printed": "as printed",
        "target_start": start or end,
        "target_end": end,
    }


def action(name: str, aim_id: str | None, plan_year: int) -> dict[str, Any]:
    return {
        "action_id": name,
        "action": f"Do {name}",
        "aim_id": aim_id,
        "plan_year": plan_year,
        "funding_condition": None,
    }


def test_aims_of_the_same_words_are_told_apart_by_their_first_outcome(monkeypatch):
    tables = {
        "priority-aims": [
            {"aim_id": "b", "aim": "Care", "priority": 4, "order": 3},
            {"aim_id": "a", "aim": "Care", "priority": 4, "order": 1},
            {"aim_id": "c", "aim": "Prevent", "priority": 4, "order": 2},
            {"aim_id": "d", "aim": "Care", "priority": 4, "order": 4},
            {"aim_id": "again", "aim": "Prevent", "priority": 4, "order": 5},
            {"aim_id": "half", "aim": "Half", "priority": 4, "order": 6},
            {"aim_id": "other", "aim": "Care", "priority": 5, "order": 0},
        ],
        "aim-outcomes": [
            {"aim_id": "a", "outcome": "Second", "order": 2, "repeat_of": None},
            {"aim_id": "a", "outcome": "First", "order": 1, "repeat_of": None},
            {"aim_id": "b", "outcome": "Third", "order": 3, "repeat_of": None},
            {"aim_id": "c", "outcome": "Fourth", "order": 4, "repeat_of": None},
            {"aim_id": "again", "outcome": "Fourth", "order": 5, "repeat_of": "c"},
            {"aim_id": "half", "outcome": "Fourth", "order": 6, "repeat_of": "c"},
            {"aim_id": "half", "outcome": "Fifth", "order": 7, "repeat_of": None},
        ],
    }
    monkeypatch.setattr(watch.evidence, "rows", lambda name: [dict(each) for each in tables[name]])
    assert [(each["aim_id"], each["title"]) for each in watch.aims(4)] == [
        ("a", "First"),
        ("c", "Prevent"),
        ("b", "Third"),
        ("d", "Care"),
        ("half", "Half"),
    ]


def test_dated_aims_come_earliest_first_and_undated_ones_not_at_all(monkeypatch):
    rows = [
        aim("late", "Care", DUE + DAY),
        aim("long", "Care", DUE, DUE - 9 * DAY),
        aim("open", "Care", None),
        aim("short", "Care", DUE, DUE - 10 * DAY),
    ]
    monkeypatch.setattr(watch, "aims", lambda priority: rows if priority == 4 else [])
    found = watch.milestones(4)
    assert [each.aim_id for each in found] == ["short", "long", "late"]
    assert found[0] == watch.Milestone(
        "short", "Part", "Care short", "as printed", DUE - 10 * DAY, DUE
    )


@pytest.mark.parametrize(
    ("as_of", "past", "soon"),
    [
        (DUE - DAY, 0, 1),
        (DUE, 0, 1),
        (DUE + DAY, 1, 0),
        (date(2025, 3, 31), 0, 0),
        (date(2025, 4, 1), 0, 1),
    ],
)
def test_an_aim_is_past_on_the_day_after_and_due_within_a_year(monkeypatch, as_of, past, soon):
    own = [aim("one", "Care", DUE)]
    monkeypatch.setattr(watch, "aims", lambda priority: own if priority == 4 else [])
    assert len(watch.past(4, as_of)) == past
    assert len(watch.due_soon(4, as_of)) == soon


def test_an_action_is_late_if_its_year_begins_after_every_row_of_its_aim(monkeypatch):
    second, third = year_start(2), year_start(3)
    monkeypatch.setattr(
        watch,
        "aims",
        lambda _: [
            aim("early", "Twice", second - DAY),
            aim("later", "Twice", third),
            aim("dated", "Half", second - DAY),
            aim("open", "Half", None),
            aim("undated", "Never", None),
            aim("once", "Once", second),
        ],
    )
    planned = [
        action("without", None, 5),
        action("elsewhere", "another-priority", 5),
        action("half", "dated", 5),
        action("never", "undated", 5),
        action("on-the-day", "once", 2),
        action("too-late", "once", 3),
        action("on-the-last-day", "early", 3),
        action("after-both", "early", 4),
    ]
    monkeypatch.setattr(watch, "_actions", lambda _: planned)
    assert watch.late_actions(4) == (
        watch.LateAction("too-late", "Do too-late", 3, "Once", second),
        watch.LateAction("after-both", "Do after-both", 4, "Twice", third),
    )
