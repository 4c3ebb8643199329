"""What a priority's chapter says and shows, for every priority and for days far apart."""

from datetime import date

import pytest
from trajectories_cases import DAYS, PRIORITIES, promises

from helpers import evidence, responsibilities, style, trajectories
from helpers.errors import ExhibitError
from helpers.plots import paths
from helpers.trajectories import exhibits, findings, panels, watch
from helpers.trajectories.required import RequiredPath, lacking
from helpers.trajectories.wording import chance_words, day_words, out_of

pytestmark = pytest.mark.usefixtures("book_evidence")


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
