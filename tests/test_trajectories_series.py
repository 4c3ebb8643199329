"""Observed series beside what was promised: required paths, status, forecasts, and trouble."""

from datetime import date
from itertools import pairwise

import pytest
from trajectories_cases import months

from helpers import evidence, trajectories
from helpers.errors import EvidenceError
from helpers.process_control import Assurance, Variation
from helpers.trajectories import Origin, Status, exhibits, findings, panels
from helpers.trajectories.required import RequiredPath

SCHOOLS = "mhst-school-coverage"  # a starting point without a date, a target with one
DEMENTIA = "dementia-diagnosis-rate"  # no starting point, a target for 2024/25
APPOINTMENTS = "gp-appointments"  # a change upwards
LIST = "community-waiting-list"  # a change downwards
HEADING = "indicator,area,date,value,source\n"


def drop(project, values, *, indicator=DEMENTIA, area="nwl", first=date(2024, 4, 1), days=None):
    days = days or months(len(values), first)
    rows = "".join(
        f"{indicator},{area},{day},{value},A survey\n"
        for day, value in zip(days, values, strict=True)
    )
    project.write("data/observations/dropped.csv", HEADING + rows)


def promise(name: str):
    return trajectories.known()[name]


def dropped(name: str = DEMENTIA, as_of: date | None = None):
    return [each for each in trajectories.attached(as_of=as_of) if each.measure == name]


def test_a_starting_point_without_a_date_is_taken_for_the_day_of_the_plan(book_evidence):
    path = trajectories.required_path(promise(SCHOOLS))
    assert path.origin is Origin.UNDATED
    assert path.start == date(2024, 7, 5)
    assert path.straight(path.start) == path.first == promise(SCHOOLS).baseline
    assert path.straight(path.end) == path.last == promise(SCHOOLS).goal
    quarters = (path.end - path.start).days / 365.25 * 4
    assert path.change_a_quarter * quarters == pytest.approx(path.last - path.first)


def test_a_logistic_path_stays_between_its_ends_and_moves_one_way():
    rising = RequiredPath(date(2024, 4, 1), date(2029, 3, 31), 10, 90, True, Origin.PRINTED)
    levels = [rising.logistic(day) for day in (rising.start, *rising.quarters(), rising.end)]
    assert levels[0] == pytest.approx(10)
    assert levels[-1] == pytest.approx(90)
    steps = [after - before for before, after in pairwise(levels)]
    assert min(steps) > 0
    assert steps[len(steps) // 2] > steps[0]
    to_all = RequiredPath(date(2024, 4, 1), date(2029, 3, 31), 0, 100, True, Origin.PRINTED)
    assert [to_all.logistic(day) for day in (to_all.start, to_all.end)] == [0, 100]
    days = RequiredPath(date(2024, 4, 1), date(2029, 3, 31), 60, 28, False, Origin.PRINTED)
    with pytest.raises(ValueError, match=r"^a logistic path needs shares$"):
        days.logistic(days.start)
    assert days.straight(date(2000, 1, 1)) == 60
    assert days.straight(date(2040, 1, 1)) == 28


def test_a_series_starts_a_path_that_the_plan_does_not(copied_project):
    assert trajectories.required_path(promise(DEMENTIA)) is None
    drop(copied_project, [58, 60, 61], first=date(2024, 2, 1))
    path = trajectories.required_path(promise(DEMENTIA))
    assert (path.start, path.first, path.origin) == (date(2024, 3, 1), 60, Origin.OBSERVED)
    assert trajectories.required_path(promise(DEMENTIA), date(2024, 2, 15)).first == 58
    texts = trajectories.needed_each_quarter(trajectories.indicators(4))
    assert any(text.startswith("+") for text in texts)


@pytest.mark.parametrize(
    ("values", "as_of", "expected"),
    [
        ([], date(2024, 7, 5), Status.NOT_DUE),
        ([], date(2026, 11, 22), Status.PAST),
        ([], date(2030, 1, 1), Status.PAST),
        ([60, 68], date(2024, 7, 5), Status.MET),
        ([60, 65], date(2024, 7, 5), Status.ON_PATH),
        ([60, 60.1], date(2024, 7, 5), Status.BEHIND),
        ([60], date(2024, 7, 5), Status.NO_START),
        ([60] * 11 + [70], date(2026, 11, 22), Status.MET),
        ([60] * 12, date(2026, 11, 22), Status.MISSED),
        ([60] * 12 + [70], date(2026, 11, 22), Status.MET_LATE),
        ([70] * 12 + [60], date(2026, 11, 22), Status.MISSED),
    ],
)
def test_where_a_promise_stands_on_a_day(copied_project, values, as_of, expected):
    if values:
        drop(copied_project, values)
    assert trajectories.status(promise(DEMENTIA), as_of) is expected


def test_values_from_before_the_time_given_cannot_tell_whether_it_was_kept(copied_project):
    drop(copied_project, [60, 61], first=date(2023, 4, 1))
    assert trajectories.status(promise(DEMENTIA), date(2026, 11, 22)) is Status.STALE


def test_what_is_observed_elsewhere_or_otherwise_does_not_settle_a_promise(copied_project):
    day = date(2026, 11, 22)
    drop(copied_project, [70], area="brent")
    assert trajectories.status(promise(DEMENTIA), day) is Status.IN_PARTS
    assert trajectories.status(promise("cancer-62-day-standard"), day) is Status.OTHERWISE


def test_an_undated_promise_can_only_be_met(copied_project):
    drop(copied_project, [55, 60], indicator="cancer-early-diagnosis")
    assert (
        trajectories.status(promise("cancer-early-diagnosis"), date(2025, 1, 1)) is Status.NO_DATE
    )
    drop(copied_project, [55, 75], indicator="cancer-early-diagnosis")
    assert trajectories.status(promise("cancer-early-diagnosis"), date(2025, 1, 1)) is Status.MET


def test_a_range_is_met_inside_it_and_a_promise_without_a_level_never(copied_project):
    size = promise("neighbourhood-population")
    assert [size.meets(value) for value in (49_999, 50_000, 70_000, 70_001)] == [
        False, True, True, False,
    ]  # fmt: skip
    fall = promise(LIST)
    assert fall.goal == -5
    assert [fall.meets(value) for value in (-6, -5, -4, 5)] == [True, True, False, False]
    assert promise(APPOINTMENTS).goal == 5


def test_what_is_observed_after_the_day_does_not_count(copied_project):
    drop(copied_project, [60, 60, 70])
    assert len(dropped(as_of=date(2024, 5, 15))[0].values) == 2
    assert dropped(as_of=date(2024, 3, 1)) == []
    assert trajectories.status(promise(DEMENTIA), date(2024, 5, 15)) is Status.BEHIND


@pytest.mark.parametrize("count", [1, 2, 12, 13, 17])
def test_too_few_points_are_charted_and_what_is_missing_is_said(copied_project, count):
    drop(copied_project, [60 + n % 3 for n in range(count)])
    (series,) = dropped()
    chart, expected = trajectories.control(series), trajectories.outlook(series)
    assert chart.missing == max(0, 13 - count)
    assert not expected.has_dates
    assert expected.chance is None
    assert str(18 - count) in expected.refusal
    (panel,) = panels.control_panels([series])
    assert panel.chart.data
    assert len(exhibits.control_points([series])) == count
    assert len(findings.control_finding([series]).split()) <= 15


def test_a_series_long_enough_is_forecast_and_scored(copied_project):
    drop(copied_project, [60 + n % 4 for n in range(24)], indicator=SCHOOLS)
    (series,) = dropped(SCHOOLS)
    expected = trajectories.outlook(series)
    assert expected.has_dates
    assert expected.day <= series.due
    assert 0 <= expected.chance <= 1
    assert min(expected.forecast.lower_95) >= 0
    assert max(expected.forecast.upper_95) <= 100
    assert trajectories.outlook(series) is expected
    assert len(findings.forecast_finding([expected]).split()) <= 15
    assert len(panels.forecast_panels([expected])) == len(exhibits.forecast_table([expected])) == 1


def test_equal_values_and_a_level_shift_are_drawn_and_said(copied_project):
    drop(copied_project, [60] * 14)
    chart = trajectories.control(dropped()[0])
    assert any("the same" in note for note in chart.notes)
    assert chart.assurance is Assurance.FAILS
    drop(copied_project, [40, 41] * 8 + [60, 61] * 4)
    assert trajectories.control(dropped()[0]).variation is Variation.IMPROVING_HIGH


def test_gaps_are_said(copied_project):
    days = months(6) + months(8, date(2025, 1, 1))
    drop(copied_project, [60 + n % 3 for n in range(14)], days=days)
    assert any("missing" in note for note in trajectories.control(dropped()[0]).notes)


def test_days_are_charted_and_not_forecast(copied_project):
    days = [date.fromordinal(date(2024, 4, 1).toordinal() + n) for n in range(40)]
    drop(copied_project, [60 + n % 3 for n in range(40)], days=days)
    expected = trajectories.outlook(dropped()[0])
    assert expected.forecast is None
    assert "more than one value" in expected.refusal
    assert findings.refusals([expected]) == expected.refusal


def test_ten_thousand_points_are_charted_by_their_newest(copied_project):
    days = [date.fromordinal(date(1998, 1, 1).toordinal() + n) for n in range(10_000)]
    drop(copied_project, [60 + n % 3 for n in range(10_000)], days=days)
    (series,) = dropped()
    (panel,) = panels.control_panels([series])
    assert max(len(trace.x) for trace in panel.chart.data) <= panels.MOST_POINTS
    assert len(exhibits.control_points([series])) == panels.MOST_POINTS
    assert not trajectories.outlook(series).has_dates


def test_values_on_two_bases_are_two_series(copied_project):
    rows = "".join(
        f"{DEMENTIA},nwl,{day},{60 + n},A survey,{basis}\n"
        for basis in ("registered", "estimated")
        for n, day in enumerate(months(3))
    )
    copied_project.write("data/observations/x.csv", HEADING[:-1] + ",basis\n" + rows)
    first, second = dropped()
    assert {first.basis, second.basis} == {"registered", "estimated"}
    assert any("another basis" in note for note in first.notes)
    assert len(set(exhibits.names([first, second]))) == 2


@pytest.mark.parametrize("rows", ["-1", "101", "60\n" + f"{DEMENTIA},nwl,2024-04-01,61,A survey"])
def test_impossible_shares_and_duplicates_are_refused_in_one_line(copied_project, rows):
    value, *rest = rows.split("\n")
    content = HEADING + f"{DEMENTIA},nwl,2024-04-01,{value},A survey\n" + "\n".join(rest)
    copied_project.write("data/observations/x.csv", content)
    with pytest.raises(EvidenceError, match=r"data/observations/x\.csv: row \d") as error:
        trajectories.attached()
    assert "\n" not in str(error.value)


def test_only_the_drawn_series_are_cut_to_what_a_page_holds(copied_project):
    areas = ["nwl", "brent", "ealing", "harrow", "hillingdon", "hounslow", "westminster"]
    rows = "".join(f"{DEMENTIA},{area},2024-04-01,60,A survey\n" for area in areas)
    copied_project.write("data/observations/x.csv", HEADING + rows)
    series = dropped()
    assert len(panels.control_panels(series)) == panels.MOST_PANELS < len(series)
    assert len(exhibits.control_table(series)) == len(series)
    assert "table has all" in findings.basis(series)


def test_the_rows_hold_what_is_observed_and_what_is_expected(copied_project, monkeypatch):
    drop(copied_project, [60 + n % 4 for n in range(24)])
    copied_project.write(
        "data/official-statistics/cancer-62-day.csv",
        (copied_project.root / "data/official-statistics/cancer-62-day.csv")
        .read_text()
        .partition("\n")[0]
        + "\n",
    )
    frame = trajectories.trajectory_rows()
    assert set(frame["kind"]) == {"baseline", "target", "required", "observed", "forecast"}
    own = frame[frame["indicator"] == DEMENTIA]
    assert list(own["kind"].unique()) == ["target", "required", "observed", "forecast"]
    ahead = own[own["kind"] == "forecast"]
    assert (ahead["lower"] <= ahead["value"]).all()
    assert (ahead["value"] <= ahead["upper"]).all()
    assert ahead["date"].min() > own.loc[own["kind"] == "observed", "date"].max()
    accidents = frame[frame["indicator"] == "ae-4-hour"]
    assert set(accidents["kind"]) == {"observed"}
    assert set(accidents["priority"]) == {6}
    assert not frame.duplicated(["indicator", "area", "kind", "date"]).any()
    assert set(frame["priority"]) == {row["priority"] for row in evidence.rows("priorities")}


def test_each_measure_without_an_indicator_speaks_of_a_priority(book_evidence):
    judged = {row["measure"] for row in evidence.rows("measure-priorities")}
    alone = {row["measure"] for row in evidence.rows("measures") if row["indicator"] is None}
    assert judged == alone
