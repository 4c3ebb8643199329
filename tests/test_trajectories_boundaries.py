"""The days and levels on which the answer about a promise turns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

import pandas as pd
import pytest

from helpers import measures
from helpers.trajectories import (
    Indicator,
    Origin,
    RequiredPath,
    Series,
    Status,
    required_path,
    status,
)
from helpers.trajectories.required import lacking

# The package has a function of the first one's name.
STATUS, REQUIRED, OBSERVED = (
    import_module(f"helpers.trajectories.{name}") for name in ("status", "required", "observed")
)
DAY = timedelta(days=1)
FROM, DUE = date(2024, 4, 1), date(2025, 3, 31)
BEGUN = date(2024, 4, 1)

RISE = Indicator(
    name="checks",
    title="Health checks",
    priority=1,
    unit="percent",
    direction="at least",
    baseline=50.0,
    baseline_date=date(2024, 3, 31),
    target=60.0,
    low=None,
    high=None,
    due_from=FROM,
    due=DUE,
    implied=False,
    is_change=False,
    aim=None,
    stated=None,
    source_id="plan",
    locator="Page 1",
)
FALL = replace(RISE, direction="at most", baseline=60.0, target=50.0)
UNKNOWN_START = replace(RISE, baseline=None, baseline_date=None)


@pytest.fixture
def observe(monkeypatch: pytest.MonkeyPatch):
    """Return a function that lets points be all that was observed of any promise."""

    def observed(points: Sequence[tuple[date, float]]) -> None:
        def own(name: str, as_of: date | None = None) -> Series | None:
            known = [(day, value) for day, value in points if as_of is None or day <= as_of]
            return series(known) if known else None

        for module in (STATUS, REQUIRED):
            monkeypatch.setattr(module, "own_series", own)
        monkeypatch.setattr(STATUS, "attached", lambda *_: ())
        monkeypatch.setattr(REQUIRED, "plan_span", lambda: (BEGUN, DUE))

    observed([])
    return observed


def series(points: Sequence[tuple[date, float]]) -> Series:
    dates, values = zip(*points, strict=True)
    return Series(
        measure="checks", title="Health checks", indicator="checks", priority=1, area="nwl",
        area_name="North West London", unit="percent", basis="people", direction="at least",
        is_change=False, dates=dates, values=values, target=None, target_label="", due=None,
        notes=(), places=(),
    )  # fmt: skip


def half_way(path: RequiredPath) -> date:
    return path.start + (path.end - path.start) / 2


# A promise on the day that it falls due, and the days around it


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(DUE - DAY, Status.NOT_DUE), (DUE, Status.NOT_DUE), (DUE + DAY, Status.PAST)],
)
def test_a_promise_is_past_on_the_day_after_it_was_due(observe, as_of, expected):
    assert status(RISE, as_of) is expected


def test_what_others_observed_is_asked_for_its_priority_and_day(observe, monkeypatch):
    asked = []
    monkeypatch.setattr(STATUS, "attached", lambda *given: asked.append(given) or ())
    assert status(RISE, DUE) is Status.NOT_DUE
    assert asked == [(RISE.priority, DUE)]


def test_without_a_day_nothing_is_due(observe):
    assert status(replace(RISE, due=None), DUE + DAY) is Status.UNDATED


@pytest.mark.parametrize(
    ("day", "value", "expected"),
    [
        (DUE, 60, Status.MET),
        (DUE, 59.9, Status.MISSED),
        (DUE + DAY, 59.9, Status.MISSED),
        # Nothing tells that it was not kept in time.
        (DUE + DAY, 60, Status.MET),
        (FROM, 59.9, Status.MISSED),
        (FROM - DAY, 59.9, Status.STALE),
    ],
)
def test_what_one_value_says_of_a_promise_that_is_past(observe, day, value, expected):
    observe([(day, value)])
    assert status(RISE, DUE + 9 * DAY) is expected


def test_the_last_value_in_time_counts_and_not_the_best(observe):
    observe([(FROM, 70), (DUE, 59), (DUE + DAY, 61)])
    assert status(RISE, DUE + 9 * DAY) is Status.MET_LATE
    observe([(FROM, 59), (DUE, 70), (DUE + DAY, 61)])
    assert status(RISE, DUE + 9 * DAY) is Status.MET


def test_on_the_day_that_it_is_due_a_promise_may_still_be_on_its_path(observe):
    observe([(DUE - DAY, 59.99)])
    assert status(RISE, DUE) is Status.ON_PATH
    assert status(RISE, DUE + DAY) is Status.MISSED


# The path between starting point and target


@pytest.mark.parametrize(
    ("promise", "off", "expected"),
    [
        (RISE, 0.0, Status.ON_PATH),
        (RISE, -0.01, Status.BEHIND),
        (RISE, 0.01, Status.ON_PATH),
        (FALL, 0.0, Status.ON_PATH),
        (FALL, 0.01, Status.BEHIND),
        (FALL, -0.01, Status.ON_PATH),
    ],
)
def test_which_side_of_the_path_is_behind_depends_on_the_direction(observe, promise, off, expected):
    path = required_path(promise)
    assert path is not None
    day = half_way(path)
    observe([(day, path.straight(day) + off)])
    assert status(promise, day) is expected


def test_the_starting_point_itself_tells_nothing(observe):
    start = RISE.baseline_date
    for day, expected in ((start, Status.NO_START), (start + DAY, Status.BEHIND)):
        observe([(day, 50.0)])
        assert status(RISE, date(2024, 6, 1)) is expected


def test_a_path_is_straight_between_its_ends_and_flat_outside():
    path = RequiredPath(date(2024, 1, 1), date(2024, 1, 11), 10, 20, False, Origin.PRINTED)
    levels = [path.straight(path.start + days * DAY) for days in (-5, 0, 1, 5, 10, 15)]
    assert levels == pytest.approx([10, 10, 11, 15, 20, 20])
    falling = replace(path, first=20, last=10)
    assert falling.straight(path.start + DAY) == pytest.approx(19)


def test_the_change_each_quarter_by_hand():
    # Four years with one leap day are sixteen quarters.
    path = RequiredPath(date(2024, 4, 1), date(2028, 4, 1), 20, 52, True, Origin.PRINTED)
    assert path.change_a_quarter == pytest.approx(2)
    assert replace(path, first=52, last=20).change_a_quarter == pytest.approx(-2)


def test_quarters_lie_between_the_ends_and_are_never_the_ends():
    path = RequiredPath(date(2024, 3, 31), date(2025, 3, 31), 0, 1, False, Origin.PRINTED)
    within = [date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    assert list(path.quarters()) == within
    wider = replace(path, start=date(2024, 3, 30), end=date(2025, 4, 1))
    assert list(wider.quarters()) == [date(2024, 3, 31), *within, date(2025, 3, 31)]


# What a path starts from, and what it lacks


def test_a_promise_due_on_the_day_it_starts_from_has_no_path(observe):
    late = replace(RISE, baseline_date=DUE)
    assert required_path(late) is None
    assert lacking(late) == "No time between"
    in_time = replace(RISE, baseline_date=DUE - DAY)
    assert required_path(in_time) is not None
    assert lacking(in_time) == ""


@pytest.mark.parametrize(
    ("promise", "text"),
    [
        (UNKNOWN_START, "No starting point"),
        (replace(RISE, baseline_date=None), "Starting point not dated"),
        (replace(RISE, target=None), "No single target"),
        (replace(RISE, due=None), "No date"),
    ],
)
def test_what_a_path_lacks_is_said(observe, promise, text):
    assert required_path(promise) is None
    assert lacking(promise) == text


def test_a_path_of_a_share_is_one_and_of_a_count_is_none(observe):
    for unit, is_share in (("percent", True), ("people", False)):
        path = required_path(replace(RISE, unit=unit))
        assert path is not None
        assert path.is_share is is_share


def test_what_a_path_lacks_is_what_is_known_on_the_day(observe):
    observe([(DUE - DAY, 55.0)])
    assert lacking(UNKNOWN_START, DUE) == ""
    assert lacking(UNKNOWN_START, DUE - 2 * DAY) == "No starting point"


def test_a_printed_starting_point_goes_before_the_day_of_the_plan(observe):
    both = replace(RISE, stated=date(2024, 7, 5))
    path = required_path(both)
    assert path is not None
    assert (path.start, path.first, path.origin) == (RISE.baseline_date, 50, Origin.PRINTED)
    undated = required_path(replace(both, baseline_date=None))
    assert undated is not None
    assert (undated.start, undated.origin) == (date(2024, 7, 5), Origin.UNDATED)


def test_a_series_starts_a_path_before_the_plan_or_as_soon_as_it_can(observe):
    observe([(BEGUN - 2 * DAY, 1), (BEGUN - DAY, 2), (BEGUN, 3), (BEGUN + DAY, 4)])
    path = required_path(UNKNOWN_START)
    assert path is not None
    assert (path.start, path.first, path.origin) == (BEGUN - DAY, 2, Origin.OBSERVED)
    observe([(BEGUN, 3), (BEGUN + DAY, 4)])
    path = required_path(UNKNOWN_START)
    assert path is not None
    assert (path.start, path.first) == (BEGUN, 3)


def test_a_series_does_not_start_the_path_of_a_change(observe):
    observe([(BEGUN - DAY, 2), (BEGUN, 3)])
    assert required_path(replace(UNKNOWN_START, is_change=True)) is None


@pytest.mark.parametrize(("value", "kept"), [(59.9, False), (60, True), (60.1, True)])
def test_at_least_holds_at_the_level_itself(value, kept):
    assert RISE.meets(value) is kept


@pytest.mark.parametrize(("value", "kept"), [(49.9, True), (50, True), (50.1, False)])
def test_at_most_holds_at_the_level_itself(value, kept):
    assert FALL.meets(value) is kept


def test_what_is_needed_each_quarter_has_its_sign_and_counts_from_the_day(observe, monkeypatch):
    observe([(DUE - 9 * DAY, 55.0)])
    promises = {
        "up": replace(RISE, baseline_date=date(2023, 3, 31), target=54.0),
        "down": FALL,
        "level": replace(RISE, target=50.0),
        "observed": UNKNOWN_START,
    }
    monkeypatch.setattr(REQUIRED, "known", lambda: promises)
    frame = pd.DataFrame({"indicator": list(promises)})

    def needed(as_of: date | None) -> list[str]:
        return REQUIRED.needed_each_quarter(frame, as_of)

    quarter = 365.25 / 4
    assert needed(DUE) == [
        f"+{4 / ((DUE - date(2023, 3, 31)).days / quarter):.2f}",
        f"\N{MINUS SIGN}{10 / (365 / quarter):.2f}",
        "0.00",
        f"+{5 / (9 / quarter):.2f}",
    ]
    # The day before nothing was observed yet.
    assert needed(DUE - 10 * DAY)[-1] == "No starting point"


def test_a_range_needs_both_its_ends():
    between = replace(RISE, direction="between", target=None, low=1.0, high=2.0)
    assert [between.meets(value) for value in (0.9, 1, 2, 2.1)] == [False, True, True, False]
    assert replace(between, high=None).meets(1.5) is None


def test_of_several_bases_the_usual_one_counts_or_else_the_longest(monkeypatch, book_evidence):
    name = "dementia-diagnosis-rate"
    usual = measures.known()[name].basis
    short, long = ([(FROM + month * DAY, 60.0) for month in range(count)] for count in (1, 3))

    def held(basis: str, points: list[tuple[date, float]], area: str = "nwl") -> Series:
        return replace(series(points), measure=name, basis=basis, area=area)

    def own(*found: Series) -> Series | None:
        monkeypatch.setattr(
            OBSERVED,
            "attached",
            lambda priority, as_of: found if (priority, as_of) == (4, DUE) else (),
        )
        return OBSERVED.own_series(name, DUE)

    expected, other = held(usual, short), held("another basis", long)
    assert own(other, expected) == own(expected, other) == expected
    assert own(held("a third", short), other) == own(other, held("a third", short)) == other
    assert own(held(usual, long, "brent"), replace(expected, measure="beds")) is None
