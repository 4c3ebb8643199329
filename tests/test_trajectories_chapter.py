"""What a priority's chapter says and shows, for every priority and for days far apart."""

from datetime import date
from types import SimpleNamespace

import pytest

from helpers import areas, evidence, prose, responsibilities, style, trajectories
from helpers.boroughs import plan
from helpers.errors import ExhibitError
from helpers.markdown import escaped
from helpers.plots import paths
from helpers.trajectories import exhibits, findings, pages, panels, watch
from helpers.trajectories.required import Origin, RequiredPath, lacking
from helpers.trajectories.rows import DECIMALS
from helpers.trajectories.wording import chance_words, day_words, out_of

pytestmark = pytest.mark.usefixtures("book_evidence")

DAYS = (date(2024, 7, 5), date(2026, 11, 22), date(2030, 1, 1))
PRIORITIES = range(1, 10)


def promises(priority: int) -> list[trajectories.Indicator]:
    return [each for each in trajectories.known().values() if each.priority == priority]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("priority", PRIORITIES)
def test_findings_are_short_and_count_what_is_there(priority, day):
    own = promises(priority)
    series = trajectories.attached(priority, day)
    assert len(findings.aims_finding(priority, day).split()) <= 15
    assert len(findings.path_finding(own, day).split()) <= 15
    if series:
        assert len(findings.control_finding(series).split()) <= 15
    for said in (
        findings.measured(own),
        findings.timing(priority, day),
        findings.standing(own, day),
        findings.seen(series),
        findings.paths(own, day),
        findings.lateness(priority),
    ):
        assert said.endswith(".")
        assert "  " not in said
        assert "nan" not in said.lower()
    dated = watch.milestones(priority)
    gone, soon = watch.past(priority, day), watch.due_soon(priority, day)
    assert not set(gone) & set(soon)
    assert len(gone) + len(soon) <= len(dated)
    assert all(each.end < day for each in gone)


@pytest.mark.parametrize("priority", PRIORITIES)
def test_before_the_plan_nothing_is_past_and_after_it_everything(priority):
    dated = watch.milestones(priority)
    assert watch.past(priority, DAYS[0]) == ()
    assert watch.past(priority, DAYS[-1]) == dated
    assert watch.due_soon(priority, DAYS[-1]) == ()
    assert trajectories.attached(priority, date(2020, 1, 1)) == ()


@pytest.mark.parametrize("priority", PRIORITIES)
def test_each_indicator_has_a_row_with_a_status(priority):
    frame = trajectories.indicators(priority)
    table = exhibits.indicator_table(frame, DAYS[1])
    assert list(table["title"]) == list(frame["title"])
    assert (table[["start", "target", "due", "needed", "status"]] != "").all(axis=None)


def test_a_path_is_drawn_or_what_it_lacks_is_said():
    for each in trajectories.known().values():
        assert (trajectories.required_path(each) is None) == bool(lacking(each))


def test_every_action_stands_in_its_chapter_once():
    for priority in PRIORITIES:
        page = pages.actions_page(priority)
        rows = [row for row in evidence.rows("priority-actions") if row["priority"] == priority]
        assert sum(line.startswith("- ") for line in page.splitlines()) == len(rows)


def test_every_aim_has_its_hands_and_a_cell_counts_for_all_it_spans():
    owned = pages.hands(2).set_index("aim_id")
    assert owned.loc["p2-1", "owners"] == owned.loc["p2-4", "owners"] != pages.NOBODY
    for priority in PRIORITIES:
        assert list(pages.hands(priority)["title"]) == [
            row["title"] for row in watch.aims(priority)
        ]


def test_aims_printed_a_second_time_are_left_out_and_no_two_are_called_the_same():
    own = [row for priority in PRIORITIES for row in watch.aims(priority)]
    assert len(own) == responsibilities.printed_aims() < len(evidence.rows("priority-aims"))
    for priority in PRIORITIES:
        titles = [row["title"] for row in watch.aims(priority)]
        assert len(titles) == len(set(titles))


def test_late_actions_begin_after_every_row_of_their_aim():
    ends: dict[tuple[int, str], list[date]] = {}
    for row in evidence.rows("priority-aims"):
        if row["target_end"]:
            ends.setdefault((row["priority"], row["aim"]), []).append(row["target_end"])
    found = [(priority, each) for priority in PRIORITIES for each in watch.late_actions(priority)]
    assert found
    for priority, each in found:
        assert each.due == max(ends[priority, each.aim])
        assert trajectories.year_start(each.plan_year) > each.due


def test_money_that_is_not_secured_is_named_with_its_place():
    rows = [row for row in evidence.rows("priority-actions") if row["funding_condition"]]
    assert sum(len(watch.unfunded(priority)) for priority in PRIORITIES) == len(rows) > 0
    priority = rows[0]["priority"]
    page = pages.watch_page(priority, promises(priority), DAYS[1])
    assert rows[0]["action"] in page
    assert "Priority" in page


@pytest.mark.parametrize("priority", PRIORITIES)
def test_a_borough_sees_the_items_of_its_own_plan_alone(priority):
    for borough in areas.boroughs():
        partnership = plan.partnership_of(borough)
        links = plan.touched(partnership.slug).set_index("priority").loc[priority, "links"]
        page = pages.boroughs_page(priority, borough)
        assert ("has no item" in page) == (links == 0)
        items = plan.items(partnership.slug)
        themes = {line.partition(":**")[0] for line in page.splitlines() if line.startswith("- ")}
        assert len(themes) <= items["theme"].nunique()
        assert ("plan together" in page) == partnership.is_shared
        assert escaped(partnership.title) in page


@pytest.mark.parametrize("priority", PRIORITIES)
def test_the_whole_area_sees_how_many_items_each_partnership_has(priority):
    page = pages.boroughs_page(priority, areas.SECTOR)
    for each in plan.partnerships():
        links = plan.touched(each.slug).set_index("priority").loc[priority, "links"]
        counted = escaped(f"{each.title} ({links})")
        assert (counted in page) == (links > 0)
        assert escaped(each.title) in page or page.startswith("No plan")


def test_what_is_compared_with_what_is_said():
    series = trajectories.attached(6, DAYS[1])
    assert "The plan prints no share" in findings.basis(series)
    assert "95% for “A&E attendances" in findings.basis(series)
    assert findings.basis(()) == ""
    assert "No observed series" in findings.seen(trajectories.attached(1, DAYS[1]))


def test_series_too_short_for_a_forecast_say_how_many_points_are_missing():
    outlooks = [trajectories.outlook(each) for each in trajectories.attached(6, DAYS[1])]
    assert len(findings.refusals(outlooks).split("7 more")) == 2
    assert findings.horizon(outlooks, DAYS[1]) == ""
    assert exhibits.notes([each.series for each in outlooks], outlooks)


def test_the_trusts_and_england_are_charted_forecast_and_named():
    series = trajectories.attached(8, DAYS[1])
    assert {each.area for each in series} >= {"england"}
    assert len(series) == 5
    table = exhibits.control_table(series)
    assert table["assurance"].str.contains("target").all()
    outlook = trajectories.outlook(series[0])
    assert outlook.has_dates
    assert "That is past" in findings.horizon([outlook], DAYS[1])
    assert "That is past" not in findings.horizon([outlook], date(2025, 10, 1))
    assert len(exhibits.places(series)) >= 2


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 12, "none of 12"), (1, 1, "one of one"), (3, 9, "three of nine"), (8, 8, "all eight")],
)
def test_parts_are_written_as_speech_has_them(part, whole, text):
    assert out_of(part, whole) == text


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0, "less than 1 in 100"), (0.29, "29 in 100"), (1, "more than 99 in 100")],
)
def test_a_chance_is_never_written_as_certain(chance, text):
    assert chance_words(chance) == text


def path_panel(title: str, scale: str = "a") -> paths.Panel:
    path = RequiredPath(
        date(2024, 4, 1), date(2026, 3, 31), 40, 80, True, trajectories.Origin.PRINTED
    )
    return paths.Panel(title, paths.required_chart(path, str, ([date(2025, 1, 1)], [50])), scale)


def test_charts_stacked_share_their_time_and_their_legend():
    chart = paths.stacked([path_panel("One <b>"), path_panel("Two", "b")])
    listed = [trace.name for trace in chart.data if trace.showlegend]
    assert len(listed) == len(set(listed))
    assert {"Straight path", "Logistic path", "Observed", "Starting point", "Target"} == set(listed)
    assert {trace.yaxis for trace in chart.data} == {"y", "y2"}
    assert {trace.xaxis for trace in chart.data} == {"x"}
    first, second = chart.layout.yaxis.domain, chart.layout.yaxis2.domain
    assert 0 <= second[0] < second[1] < first[0] < first[1] <= 1
    assert [each.text for each in chart.layout.annotations] == ["One &lt;b&gt;", "Two"]


@pytest.mark.parametrize("count", [1, 2, panels.MOST_PANELS])
def test_a_stack_fits_on_a_page(count):
    chart = paths.stacked(
        [path_panel("A name that is as long as two lines of a phone, or so")] * count
    )
    assert chart.layout.height <= paths.TALLEST + 1


def test_nothing_is_not_stacked():
    with pytest.raises(ExhibitError):
        paths.stacked([])


def test_a_day_is_marked_where_the_axis_has_it():
    for day, marked in ((date(2025, 6, 1), 1), (date(2031, 1, 1), 0)):
        chart = style.chart()
        chart.update_xaxes(range=["2024-04-01", "2029-03-31"])
        paths.mark_day(chart, day, day_words(day))
        assert len(chart.layout.shapes) == len(chart.layout.annotations) == marked


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
