"""What sentences, tables and points of a priority's chapter say, word by word."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from helpers import evidence, prose, trajectories
from helpers.markdown import escaped
from helpers.trajectories import exhibits, findings, pages, panels, watch
from helpers.trajectories.observed import PLAN_TARGET
from helpers.trajectories.outlook import control
from helpers.trajectories.required import Origin, RequiredPath, needed_each_quarter
from helpers.trajectories.rows import DECIMALS
from helpers.trajectories.wording import chance_words, day_words, names, written

pytestmark = pytest.mark.usefixtures("book_evidence")

DAYS = (date(2024, 7, 5), date(2026, 11, 22), date(2030, 1, 1))
PRIORITIES = range(1, 10)


def promises(priority: int) -> list[trajectories.Indicator]:
    return [each for each in trajectories.known().values() if each.priority == priority]


@pytest.mark.parametrize(
    ("ends", "is_share", "origin", "said"),
    [
        ((40.0, 48.0), True, Origin.PRINTED, "up by 2.0 percentage points a quarter, from 40%"),
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


def test_a_year_of_the_plan_is_open_but_for_the_last():
    last = pages.years()
    assert pages.plan_year_name(1, False) == pages.year_name(1)
    assert pages.plan_year_name(1, True) == f"{pages.year_name(1)} and after"
    assert pages.plan_year_name(last, True) == pages.year_name(last)


NOTHING = ("No aim falls due.", "No indicator.", "No action.", "No action says so.")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("priority", PRIORITIES)
def test_what_to_watch_stands_under_its_heading_or_is_said_to_be_none(priority, day):
    own = promises(priority)
    page = pages.watch_page(priority, own, day)
    parts = page.split("\n\n")
    assert parts[::2] == [
        f"**Due in the twelve months from {escaped(day_words(day))}.**",
        "**Past their date, and nothing observed.**",
        "**Planned for after the target that they serve.**",
        "**Waiting for money that is not secured.**",
    ]
    past = [each for each in own if trajectories.status(each, day) is trajectories.Status.PAST]
    expected = (
        [each.title for each in watch.due_soon(priority, day)],
        [each.title for each in past],
        [each.action for each in watch.late_actions(priority)],
        [row["action"] for row in watch.unfunded(priority)],
    )
    for part, titles, nothing in zip(parts[1::2], expected, NOTHING, strict=True):
        lines = part.split("\n")
        if titles:
            begun = zip(lines, titles, strict=True)
            assert all(line.startswith(f"- {escaped(title)}") for line, title in begun)
        else:
            assert lines == [nothing]


def test_an_indicator_past_its_date_is_listed_with_it(monkeypatch):
    dated = next(each for each in trajectories.known().values() if each.due)
    monkeypatch.setattr(pages, "status", lambda *_: trajectories.Status.PAST)
    page = pages.watch_page(dated.priority, [dated], DAYS[1])
    listed = f"- {escaped(dated.title)}: was due by {escaped(day_words(dated.due))}"
    assert f"**Past their date, and nothing observed.**\n\n{listed}\n\n**Planned" in page


def test_a_note_of_some_series_says_whose_it_is(monkeypatch):
    monkeypatch.setattr(exhibits, "names", lambda series: [each.name for each in series])
    monkeypatch.setattr(exhibits, "control", lambda each: SimpleNamespace(notes=each.control))
    series = [
        SimpleNamespace(name="A", notes=("Of all.", "Of two."), control=("Of one.",)),
        SimpleNamespace(name="B", notes=("Of all.",), control=("Of two.",)),
        SimpleNamespace(name="C", notes=("Of all.",), control=()),
    ]
    ahead = SimpleNamespace(notes=("Ahead.",))
    outlooks = [
        SimpleNamespace(has_dates=True, forecast=ahead),
        SimpleNamespace(has_dates=False, forecast=ahead),
        SimpleNamespace(has_dates=True, forecast=None),
    ]
    assert exhibits.notes(series, outlooks) == [
        "Of all.",
        "A and B: Of two.",
        "A: Of one.",
        "A: Ahead.",
    ]


def test_a_target_is_written_with_its_unit_its_way_and_as_printed():
    kinds = set()
    for priority in PRIORITIES:
        table = exhibits.indicator_table(trajectories.indicators(priority), DAYS[1])
        frame = trajectories.indicators(priority)
        for name, printed, said in zip(
            frame["indicator"], frame["target_printed"], table["target"], strict=True
        ):
            each = trajectories.known()[name]
            if each.target is None:
                assert said == f"{printed} {each.unit}"
                kinds.add("open")
                continue
            bare = prose.quantity(each.target, each.unit)
            way = ""
            if each.is_change:
                way = " more" if (each.goal or 0) > 0 else " less"
            told = f" (“{printed}”)" if each.implied else ""
            assert said == f"{bare}{way}{told}"
            kinds.add(f"{way}{'implied' if told else ''}")
    assert {"open", "", " more", " less"} <= kinds


def test_rows_say_what_the_series_and_their_forecasts_say():
    frame = trajectories.trajectory_rows()
    assert any(series.basis for series in trajectories.attached())
    for series in trajectories.attached():
        source_id, locator = series.places[0]
        place = f"{locator}; {series.basis}" if series.basis else locator
        own = frame[
            (frame["indicator"] == series.measure)
            & (frame["area"] == series.area)
            & frame["locator"].eq(place)
        ]
        assert set(own["unit"]) == {series.unit}
        assert set(own["source_id"]) == {source_id}
        seen = own[own["kind"] == "observed"]
        assert tuple(seen["date"]) == series.dates
        assert tuple(seen["value"]) == series.values
        made = trajectories.outlook(series).forecast
        ahead = own[own["kind"] == "forecast"]
        for column, values in (
            (
                ("value", made.median),
                ("lower", made.lower_95),
                ("upper", made.upper_95),
            )
            if made
            else ()
        ):
            assert list(ahead[column]) == [round(value, DECIMALS) for value in values]
        assert len(ahead) == (len(made.dates) if made else 0)


def test_forecasts_are_listed_with_their_last_point_and_their_chance():
    outlooks = [trajectories.outlook(each) for each in trajectories.attached()]
    made = [each for each in outlooks if each.has_dates]
    table = exhibits.forecast_table(outlooks)
    assert len(table) == len(made) > 1
    for row, each in zip(table.itertuples(), made, strict=True):
        write, ahead = each.series.write, each.forecast
        assert row.until == f"{ahead.dates[-1]:%B %Y}"
        ends = f"{write(ahead.lower_95[-1])} to {write(ahead.upper_95[-1])}"
        assert row.expected == f"{write(ahead.median[-1])} ({ends})"
        assert row.chance == ("No level" if each.chance is None else chance_words(each.chance))
        assert row.model == ahead.model
        chosen = next(one for one in ahead.backtest if one.chosen)
        assert row.error.startswith(prose.number(chosen.mean_absolute_error, 1))
        assert (ahead.backtest[0].model in row.error) == (chosen is not ahead.backtest[0])


def test_points_of_forecasts_are_those_of_the_charts():
    outlooks = [trajectories.outlook(each) for each in trajectories.attached()]
    made = [each for each in outlooks if each.has_dates][: panels.MOST_PANELS]
    points = exhibits.forecast_points(outlooks)
    expected = [value for each in made for value in each.forecast.median]
    assert list(points["median"]) == [round(value, 2) for value in expected]
    assert list(points["month"]) == [
        day.isoformat() for each in made for day in each.forecast.dates
    ]
    assert points["series"].nunique() == len(made)


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


@pytest.mark.parametrize("is_share", [True, False])
def test_points_of_a_path_are_its_ends_and_the_quarters_between(monkeypatch, is_share):
    path = RequiredPath(date(2025, 5, 1), date(2026, 2, 1), 40.0, 50.0, is_share, Origin.PRINTED)
    first, *others = trajectories.known().values()
    drawn = {first.name: path}
    for module in (exhibits, panels):
        monkeypatch.setattr(module, "required_path", lambda each, _: drawn.get(each.name))
    points = exhibits.path_points([first, *others], DAYS[1])
    days = [path.start, *path.quarters(), path.end]
    assert len(days) > 2
    assert list(points["day"]) == [day_words(day) for day in days]
    assert list(points["straight"]) == [round(path.straight(day), 1) for day in days]
    curve = [round(path.logistic(day), 1) for day in days] if is_share else [None] * len(days)
    assert list(points["logistic"]) == curve
    assert set(points["title"]) == {first.title}
    assert set(points["source_id"]) == {first.source_id}
    assert set(points["locator"]) == {first.locator}
    (panel,) = panels.path_panels([first, *others], DAYS[1])
    assert (panel.title, panel.scale) == (first.title, first.name)
    assert panel.suffix == ("%" if first.unit == "percent" else "")


@pytest.mark.parametrize("priority", PRIORITIES)
def test_an_action_stands_under_its_year_with_the_money_that_it_waits_for(priority):
    rows = [row for row in evidence.rows("priority-actions") if row["priority"] == priority]
    listed, year = [], ""
    for line in pages.actions_page(priority).split("\n"):
        if line.startswith("### "):
            year = line.removeprefix("### ").removesuffix(" {.unnumbered}")
        elif line.startswith("- "):
            listed.append((year, line.removeprefix("- ")))
    expected = []
    for row in rows:
        condition = row["funding_condition"]
        money = f" ({condition[0].lower()}{condition[1:]})" if condition else ""
        name = pages.plan_year_name(row["plan_year"], row["open_ended"])
        expected.append((escaped(name), escaped(f"{row['action']}{money}")))
    assert sorted(listed) == sorted(expected)


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


def test_a_value_of_a_chart_has_one_decimal_and_its_unit():
    assert written("percent", 41.26) == "41.3%"


@pytest.mark.parametrize("priority", PRIORITIES)
def test_the_table_of_indicators_says_what_is_printed_and_how_it_stands(priority):
    frame = trajectories.indicators(priority)
    table = exhibits.indicator_table(frame, DAYS[1])
    assert list(table["start"]) == list(frame["baseline_printed"].fillna("Not printed"))
    assert list(table["due"]) == list(frame["target_date_printed"].fillna("No date"))
    assert list(table["needed"]) == list(needed_each_quarter(frame, DAYS[1]))
    known = [trajectories.known()[name] for name in frame["indicator"]]
    stands = [prose.sentence_case(trajectories.status(each, DAYS[1]).value) for each in known]
    assert list(table["status"]) == stands


def test_the_table_of_control_charts_says_what_each_shows():
    series = [each for each in trajectories.attached() if each.target is not None]
    short = replace(
        series[0], target=None, area_name="Elsewhere", dates=series[0].dates[:5],
        values=series[0].values[:5],
    )  # fmt: skip
    table = exhibits.control_table([*series, short])
    assert list(table["series"]) == names([*series, short])
    for row, each in zip(table.itertuples(), [*series, short], strict=True):
        chart = control(each)
        assert row.latest == f"{each.write(each.values[-1])} in {each.dates[-1]:%B %Y}"
        assert row.target == (each.write(each.target) if each.target else "None printed")
        assert row.variation.startswith(chart.variation.words)
        assert row.assurance.startswith(chart.assurance.words)
        assert row.variation.endswith(f" ({chart.variation.letter})") == bool(
            chart.variation.letter
        )
    assert control(short).missing > 0
    assert table["points"].iloc[-1] == f"5, {control(short).missing} too few"
    assert table["points"].iloc[0] == str(len(series[0].dates))


def test_what_series_are_compared_with_is_said_once_for_each_kind():
    first = next(each for each in trajectories.attached() if each.target is not None)
    own = replace(first, target_label=PLAN_TARGET)
    standard = replace(first, target_label="Standard", title="Waits", target=76.0)
    bare = replace(first, target_label="Standard", title="A&E waits", target=None)
    plan_said = "Series of the plan's own indicators are compared with the plan's targets."
    assert findings.basis([]) == ""
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


def test_panels_of_forecasts_are_called_by_their_series_and_chance():
    outlooks = [trajectories.outlook(each) for each in trajectories.attached()]
    made = [each for each in outlooks if each.has_dates]
    shown = made[: panels.MOST_PANELS]
    without = trajectories.outlook(replace(shown[0].series, target=None))
    assert without.chance is None
    for asked in (outlooks, [without]):
        drawn = [each for each in asked if each.has_dates]
        labels = names([each.series for each in drawn])
        for panel, each, name in zip(panels.forecast_panels(asked), drawn, labels, strict=False):
            chance = "no level to reach" if each.chance is None else chance_words(each.chance)
            assert panel.title == f"{name}: {chance}"
            assert panel.scale == each.series.unit
            assert panel.suffix == ("%" if each.series.unit == "percent" else "")
        assert len(panels.forecast_panels(asked)) == min(len(drawn), panels.MOST_PANELS)
    assert exhibits.forecast_table([without])["chance"].tolist() == ["No level"]


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
    for name, count in (("milestones", dated), ("past", past), ("due_soon", soon)):
        monkeypatch.setattr(findings, name, lambda *_, count=count: [object()] * count)
    assert findings.timing(1, DAYS[1]) == said


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
        (0, 3, "None of three indicators have both ends of a path"),
        (1, 1, "One of one indicator has both ends of a path"),
        (1, 3, "One of three indicators has both ends of a path"),
        (3, 3, "All three indicators have both ends of a path"),
    ],
)
def test_how_many_indicators_have_both_ends_of_a_path(monkeypatch, drawn, whole, said):
    monkeypatch.setattr(findings, "required_path", lambda each, _: True if each else None)
    assert findings.path_finding([True] * drawn + [False] * (whole - drawn), DAYS[1]) == said


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((), ""),
        ((date(2027, 1, 1), date(2027, 3, 1)), "The last month forecast is March 2027."),
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
            forecast=SimpleNamespace(dates=(date(2020, 1, 1), end)),
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
    monkeypatch.setattr(findings, "past", lambda *_: [object()] * past)
    monkeypatch.setattr(findings, "milestones", lambda _: [object()] * dated)
    assert findings.aims_finding(1, DAYS[1]) == said


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
