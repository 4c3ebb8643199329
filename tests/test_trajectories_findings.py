"""What a priority's chapter finds, word by word."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from trajectories_cases import DAYS

from helpers import trajectories
from helpers.process_control import Assurance, Variation
from helpers.trajectories import findings, panels
from helpers.trajectories.observed import PLAN_TARGET
from helpers.trajectories.required import Origin, RequiredPath
from helpers.trajectories.wording import chance_words, names, written

pytestmark = pytest.mark.usefixtures("book_evidence")


@pytest.mark.parametrize(
    ("ends", "is_share", "origin", "said"),
    [
        ((40.0, 48.0), True, Origin.PRINTED, "up by 2.0 percentage points a quarter, from 40%"),
        ((40.0, 42.0), True, Origin.PRINTED, "up by 0.5 percentage points a quarter, from 40%"),
        ((48.0, 40.0), True, Origin.PRINTED, "down by 2.0 percentage points a quarter, from 48%"),
        ((40.0, 48.0), False, Origin.OBSERVED, "up by 2.0 percent a quarter, from 40%"),
    ],
)
def test_pace_says_which_way_how_much_and_from_where(monkeypatch, ends, is_share, origin, said):
    path = RequiredPath(date(2025, 4, 1), date(2026, 4, 1), *ends, is_share, origin)
    monkeypatch.setattr(findings, "required_path", lambda *_: path)
    monkeypatch.setattr(findings, "lacking", lambda *_: None)
    indicator = next(each for each in trajectories.known().values() if each.unit == "percent")
    end = "" if origin is Origin.PRINTED else f"; its starting point is {origin.value}"
    assert findings.paths([indicator], DAYS[1]) == (
        f"“{indicator.title}” would have to go {said} on 1 April 2025 "
        f"to {ends[1]:.0f}% on 1 April 2026{end}."
    )


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        ([None, None], "Two forecasts, and no level to reach"),
        ([None, 0.3], f"The chance of the level asked is {chance_words(0.3)}"),
        ([0.3, 0.6], f"The best of two chances of the level asked is {chance_words(0.6)}"),
    ],
)
def test_finding_of_forecasts_counts_those_that_have_a_level(chances, said):
    without = SimpleNamespace(has_dates=False, chance=0.9)
    outlooks = [SimpleNamespace(has_dates=True, chance=chance) for chance in chances]
    assert findings.forecast_finding([without, *outlooks]) == said


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.0, "less than 1 in 100"),
        (0.004, "less than 1 in 100"),
        (0.01, "1 in 100"),
        (0.99, "99 in 100"),
        (0.996, "more than 99 in 100"),
    ],
)
def test_a_chance_is_never_said_to_be_none_or_certain(chance, said):
    assert chance_words(chance) == said


def test_series_are_named_by_what_tells_them_apart():
    def series(measure: str, area: str, basis: str = "") -> SimpleNamespace:
        return SimpleNamespace(
            measure=measure, title=measure.title(), area=area, area_name=area.title(), basis=basis
        )

    assert names([series("waits", "brent")]) == ["Brent"]
    assert names([series("waits", "brent"), series("waits", "ealing")]) == ["Brent", "Ealing"]
    both = [series("waits", "brent"), series("falls", "brent")]
    assert names(both) == ["Brent: Waits", "Brent: Falls"]
    bases = [
        series("waits", "brent"),
        series("waits", "brent", "people"),
        series("waits", "ealing"),
    ]
    assert names(bases) == ["Brent (usual basis)", "Brent (people)", "Ealing"]


def test_a_value_of_a_series_has_one_decimal_and_its_unit():
    shares = next(each for each in trajectories.attached() if each.unit == "percent")
    assert shares.write(41.26) == "41.3%"


def test_a_value_of_a_chart_has_one_decimal_and_its_unit():
    assert written("percent", 41.26) == "41.3%"


def test_what_series_are_compared_with_is_said_once_for_each_kind():
    first = next(each for each in trajectories.attached() if each.target is not None)
    own = replace(first, target_label=PLAN_TARGET)
    standard = replace(first, target_label="Standard", title="Waits", target=76.0)
    bare = replace(first, target_label="Standard", title="A&E waits", target=None)
    plan_said = "Series of the plan's own indicators are compared with the plan's targets."
    ward = replace(bare, title="GP wards at A&E")
    assert findings.basis([]) == ""
    assert findings.basis([ward, replace(bare, title="Waits at A&E")]) == (
        "No level is held for “GP wards at A&E” and “waits at A&E”."
    )
    drawn = "The first six of seven series are drawn; the table has all."
    assert findings.basis([own] * panels.MOST_PANELS) == plan_said
    assert findings.basis([own] * (panels.MOST_PANELS + 1)) == f"{plan_said} {drawn}"
    assert findings.basis([own]) == plan_said
    assert findings.basis([own, standard, standard, bare]) == (
        f"{plan_said} The plan prints no share for what is observed here. The level drawn is the "
        f"national standard: {standard.write(76.0)} for “waits”. No level is held for “A&E waits”."
    )


def test_series_without_forecast_say_why_together(monkeypatch):
    monkeypatch.setattr(findings, "names", lambda series: list(series))

    def outlook(name, refusal):
        return SimpleNamespace(series=name, refusal=refusal, has_dates=not refusal)

    some = [outlook("A", "Too few."), outlook("B", ""), outlook("C", "Too few.")]
    assert findings.refusals([outlook("B", "")]) == ""
    assert findings.refusals(some) == "A and C: Too few."
    assert findings.refusals([some[0], some[2]]) == "Too few."
    assert findings.refusals([*some, outlook("D", "Gaps.")]) == "A and C: Too few. D: Gaps."
    assert findings.refusals([some[0], outlook("D", "Gaps.")]) == "A: Too few. D: Gaps."


def indicator(*, implied: bool = False, baseline: float | None = None) -> SimpleNamespace:
    return SimpleNamespace(implied=implied, baseline=baseline)


OPEN, STARTED, READ = indicator(), indicator(baseline=40.0), indicator(implied=True)


@pytest.mark.parametrize(
    ("indicators", "said"),
    [
        ([], "It prints no target that can be measured: only milestones can be followed."),
        (
            [READ, READ],
            "It prints no numeric target of its own: two targets can be read from words such as "
            "all or every. Only milestones can be followed.",
        ),
        (
            [OPEN],
            "It prints one numeric target. None of these says where the figure starts from.",
        ),
        (
            [OPEN, STARTED, READ],
            "It prints two numeric targets, and one more can be read from words such as all. "
            "One of these says where the figure starts from.",
        ),
        (
            [STARTED, STARTED],
            "It prints two numeric targets. Two of these say where the figure starts from.",
        ),
    ],
)
def test_how_many_targets_are_printed_and_from_where_they_start(indicators, said):
    assert findings.measured(indicators) == said


@pytest.mark.parametrize(
    ("dated", "past", "soon", "said"),
    [
        (0, 0, 0, "None of its aims has a date, so none can be past on 22 November 2026."),
        (
            3,
            0,
            1,
            "On 22 November 2026 the time given for none of three dated aims is over; one falls "
            "due in the twelve months after it.",
        ),
        (
            3,
            1,
            2,
            "On 22 November 2026 the time given for one of three dated aims is over; two fall "
            "due in the twelve months after it.",
        ),
        (
            2,
            2,
            0,
            "On 22 November 2026 the time given for all two dated aims is over; none falls due "
            "in the twelve months after it.",
        ),
    ],
)
def test_how_many_dated_aims_are_past_and_soon_due(monkeypatch, dated, past, soon, said):
    asked = []
    for name, count in (("milestones", dated), ("past", past), ("due_soon", soon)):
        monkeypatch.setattr(
            findings, name, lambda *given, count=count: asked.append(given) or [object()] * count
        )
    assert findings.timing(4, DAYS[1]) == said
    assert sorted(asked) == [(4,), (4, DAYS[1]), (4, DAYS[1])]


def test_where_indicators_stand_is_counted_in_one_order(monkeypatch):
    states = list(trajectories.Status)
    monkeypatch.setattr(findings, "status", lambda each, _: each)
    assert findings.standing([], DAYS[1]) == "There is no indicator to follow."
    assert findings.standing([states[1]], DAYS[1]) == (
        f"On 22 November 2026 the one indicator stands as follows: one {states[1].value}."
    )
    assert findings.standing([states[2], states[0], states[2]], DAYS[1]) == (
        "On 22 November 2026 the three indicators stand as follows: "
        f"one {states[0].value}; two {states[2].value}."
    )


@pytest.mark.parametrize(
    ("drawn", "whole", "said"),
    [
        (0, 1, "None of one indicator has both ends of a path"),
        (0, 3, "None of three indicators have both ends of a path"),
        (1, 1, "One of one indicator has both ends of a path"),
        (1, 3, "One of three indicators has both ends of a path"),
        (3, 3, "All three indicators have both ends of a path"),
    ],
)
def test_how_many_indicators_have_both_ends_of_a_path(monkeypatch, drawn, whole, said):
    asked = []
    monkeypatch.setattr(
        findings, "required_path", lambda each, day: asked.append(day) or (True if each else None)
    )
    assert findings.path_finding([True] * drawn + [False] * (whole - drawn), DAYS[1]) == said
    assert asked == [DAYS[1]] * whole


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((), ""),
        ((date(2027, 1, 1), date(2027, 3, 1)), "The last month forecast is March 2027."),
        ((DAYS[1],), "The last month forecast is November 2026."),
        (
            (date(2026, 1, 1), date(2026, 3, 1)),
            "The last month forecast is March 2026. That is past on 22 November 2026, but what "
            "was observed since June 2025 is not held.",
        ),
    ],
)
def test_how_far_forecasts_reach_and_whether_that_is_past(ends, said):
    outlooks = [
        SimpleNamespace(
            forecast=SimpleNamespace(dates=(date(2020, 1, 1), date(2020, 2, 1), end)),
            series=SimpleNamespace(dates=(date(2019, 1, 1), date(2025, month, 1))),
        )
        for end, month in zip(ends, (6, 5), strict=False)
    ]
    none = SimpleNamespace(forecast=None, series=SimpleNamespace(dates=(date(2025, 2, 1),)))
    assert findings.horizon([*outlooks, none], DAYS[1]) == said


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (0, "No action is planned for after the target that it serves."),
        (1, "One action is planned for after the target that it serves."),
        (2, "Two actions are planned for after the target that they serve."),
    ],
)
def test_how_many_actions_come_too_late(monkeypatch, late, said):
    monkeypatch.setattr(findings, "late_actions", lambda _: [object()] * late)
    assert findings.lateness(1) == said


@pytest.mark.parametrize(
    ("past", "dated", "said"),
    [
        (0, 2, "None of two dated aims were due before 22 November 2026"),
        (1, 2, "One of two dated aims was due before 22 November 2026"),
        (2, 2, "All two dated aims were due before 22 November 2026"),
    ],
)
def test_how_many_dated_aims_were_due(monkeypatch, past, dated, said):
    asked = []
    for name, count in (("milestones", dated), ("past", past)):
        monkeypatch.setattr(
            findings, name, lambda *given, count=count: asked.append(given) or [object()] * count
        )
    assert findings.aims_finding(4, DAYS[1]) == said
    assert sorted(asked) == [(4,), (4, DAYS[1])]


def test_what_is_observed_is_named_once(monkeypatch):
    monkeypatch.setattr(findings, "control_finding", lambda series: f"All {len(series)} fall")
    waits, falls = SimpleNamespace(title="Waits"), SimpleNamespace(title="Falls")
    assert findings.seen([]) == (
        "No observed series is held that could be set against these promises."
    )
    assert findings.seen([waits]) == "One observed series is held (Waits): all 1 fall."
    assert findings.seen([waits, falls, waits]) == (
        "Three observed series are held (Waits and Falls): all 3 fall."
    )


@pytest.mark.parametrize(
    ("indicators", "said"),
    [
        ([], "Without an indicator there is no path to draw."),
        (["drawn", "drawn"], "A path. A path."),
        (
            ["No date", "drawn", "No starting point", "No date"],
            "A path. For the others no path can be drawn: two without a date and one without a "
            "starting point.",
        ),
        (
            ["No single target"],
            "For any of these no path can be drawn: one without a single level.",
        ),
    ],
)
def test_which_paths_can_be_drawn_and_what_the_others_lack(monkeypatch, indicators, said):
    def path(each: str, day: date) -> str | None:
        assert day == DAYS[1]
        return each if each == "drawn" else None

    def missing(each: str, day: date) -> str:
        assert day == DAYS[1]
        return "" if each == "drawn" else each

    monkeypatch.setattr(findings, "required_path", path)
    monkeypatch.setattr(findings, "lacking", missing)
    monkeypatch.setattr(findings, "_pace", lambda each, path: "A path.")
    assert findings.paths(indicators, DAYS[1]) == said


FALLS, PASSES, EITHER = (
    SimpleNamespace(assurance=assurance, variation=Variation.COMMON)
    for assurance in (Assurance.FAILS, Assurance.PASSES, Assurance.HIT_AND_MISS)
)
STEADY, SPECIAL = (
    SimpleNamespace(assurance=None, variation=variation)
    for variation in (Variation.COMMON, Variation.CONCERNING_LOW)
)


def few(missing: int) -> SimpleNamespace:
    return SimpleNamespace(assurance=None, variation=Variation.TOO_FEW, missing=missing)


@pytest.mark.parametrize(
    ("charts", "said"),
    [
        ([FALLS], "The one series consistently falls short of the level asked"),
        ([PASSES], "The one series consistently passes the level asked"),
        (
            [EITHER],
            "The one series sometimes passes and sometimes falls short of the level asked",
        ),
        (
            [FALLS, PASSES, EITHER],
            "One of three series consistently falls short of the level asked, "
            "one consistently passes",
        ),
        (
            [FALLS, FALLS, PASSES, PASSES],
            "Two of four series consistently fall short of the level asked, two consistently pass",
        ),
        (
            [EITHER, EITHER, SPECIAL],
            "None of two series consistently fall short of the level asked, none consistently pass",
        ),
        ([few(1)], "The one series cannot be read yet: one point is missing for limits"),
        ([few(3)], "The one series cannot be read yet: three points are missing for limits"),
        (
            [few(3), few(2)],
            "None of two series can be read yet: up to three points are missing for limits",
        ),
        (
            [few(2), few(2)],
            "None of two series can be read yet: two points are missing for limits",
        ),
        (
            [few(1), few(1), few(1)],
            "None of three series can be read yet: one point is missing for limits",
        ),
        ([STEADY], "The one series ends in common cause variation"),
        ([SPECIAL], "The one series ends in special cause variation"),
        ([STEADY, SPECIAL], "One of two series ends in special cause variation"),
        ([few(2), SPECIAL, SPECIAL], "Two of three series end in special cause variation"),
        ([STEADY, STEADY], "None of two series end in special cause variation"),
    ],
)
def test_what_the_control_charts_show_is_counted(monkeypatch, charts, said):
    monkeypatch.setattr(findings, "control", lambda each: each)
    assert findings.control_finding(charts) == said
