"""Tables and points of a priority's chapter, beside what they are drawn from."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from trajectories_cases import DAYS, PRIORITIES

from helpers import prose, trajectories
from helpers.process_control import Assurance, Variation
from helpers.trajectories import exhibits, panels, rows
from helpers.trajectories.outlook import control
from helpers.trajectories.required import Origin, RequiredPath, needed_each_quarter
from helpers.trajectories.rows import DECIMALS
from helpers.trajectories.wording import chance_words, day_words, names

pytestmark = pytest.mark.usefixtures("book_evidence")


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


def test_a_point_without_a_basis_has_the_place_alone(monkeypatch):
    monkeypatch.setattr(rows, "outlook", lambda _: SimpleNamespace(forecast=None))
    for basis, locator in (("", "Table 2"), ("people", "Table 2; people")):
        series = SimpleNamespace(
            measure="waits", priority=1, area="nwl", unit="percent", basis=basis,
            places=(("survey", "Table 2"),), dates=(DAYS[0],), values=(41.0,),
        )  # fmt: skip
        (point,) = rows._seen(series)
        assert point == {
            "indicator": "waits", "priority": 1, "area": "nwl", "unit": "percent",
            "source_id": "survey", "locator": locator, "kind": "observed", "date": DAYS[0],
            "value": 41.0,
        }  # fmt: skip


def test_forecasts_are_listed_with_their_last_point_and_their_chance():
    outlooks = [trajectories.outlook(each) for each in trajectories.attached()]
    made = [each for each in outlooks if each.has_dates]
    table = exhibits.forecast_table(outlooks)
    assert len(table) == len(made) > 1
    assert list(table["series"]) == names([each.series for each in made])
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
    assert list(points.index) == list(range(len(points)))


@pytest.mark.parametrize("is_share", [True, False])
def test_points_of_a_path_are_its_ends_and_the_quarters_between(monkeypatch, is_share):
    path = RequiredPath(date(2025, 5, 1), date(2026, 2, 1), 40.0, 50.0, is_share, Origin.PRINTED)
    first, *others = trajectories.known().values()

    def drawn(each: trajectories.Indicator, day: date) -> RequiredPath | None:
        return path if (each.name, day) == (first.name, DAYS[1]) else None

    monkeypatch.setattr(exhibits, "required_path", drawn)
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


@pytest.mark.parametrize(
    ("chosen", "said"), [(0, "1.2"), (1, "2.3 (plain: 1.2)"), (2, "3.5 (plain: 1.2)")]
)
def test_the_error_of_a_model_stands_beside_that_of_the_plain_one(chosen, said):
    tested = [
        SimpleNamespace(model=model, mean_absolute_error=error, chosen=place == chosen)
        for place, (model, error) in enumerate(
            [("plain", 1.23), ("trend", 2.34), ("season", 3.45001)]
        )
    ]
    outlook = SimpleNamespace(forecast=SimpleNamespace(backtest=tested))
    assert exhibits._errors(outlook) == said


def test_points_of_control_charts_have_their_limits_and_how_they_read(monkeypatch):
    limited = SimpleNamespace(
        dates=(DAYS[0], DAYS[1]), values=(41.236, 42.0), lower=(40.126, 40.0), upper=(44.126, 44.0),
        signals=(Variation.COMMON, Variation.CONCERNING_LOW),
    )  # fmt: skip
    short = SimpleNamespace(
        dates=(DAYS[0],), values=(7.0,), lower=(), upper=(), signals=(Variation.TOO_FEW,)
    )
    charts = {"A": limited, "B": short}
    monkeypatch.setattr(exhibits, "names", lambda series: [each.name for each in series])
    monkeypatch.setattr(exhibits, "control", lambda each: charts[each.name])
    monkeypatch.setattr(exhibits, "newest", lambda chart: chart)
    series = [SimpleNamespace(name="A"), SimpleNamespace(name="B")]
    found = exhibits.control_points(series).astype(object)
    columns = ["series", "month", "value", "lower", "upper", "reading"]
    assert list(found.columns) == columns
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["A", "2024-07-05", 41.236, 40.13, 44.13, "Common cause"],
        ["A", "2026-11-22", 42.0, 40.0, 44.0, "Concerning"],
        ["B", "2024-07-05", 7.0, None, None, "Too few points"],
    ]
    many = exhibits.control_points([series[1]] * (panels.MOST_PANELS + 1))
    assert len(many) == panels.MOST_PANELS


def test_what_is_needed_is_what_is_known_on_the_day(monkeypatch):
    monkeypatch.setattr(exhibits, "needed_each_quarter", lambda frame, day: [f"{day}"] * len(frame))
    table = exhibits.indicator_table(trajectories.indicators(1), DAYS[1])
    assert set(table["needed"]) == {"2026-11-22"}


def test_the_places_of_series_are_named_once():
    first, second = ("plan", "Page 1"), ("survey", "Table 2")
    series = [SimpleNamespace(places=(first, second)), SimpleNamespace(places=(second, first))]
    found = exhibits.places(series)
    assert list(found.columns) == ["source_id", "locator"]
    assert found.to_numpy().tolist() == [list(first), list(second)]


def test_what_a_chart_reads_is_written_with_the_letter_of_its_icon():
    for reading in (*Variation, *Assurance):
        letter = f" ({reading.letter})" if reading.letter else ""
        assert exhibits._icon(reading) == f"{reading.words}{letter}"
    assert {each.letter for each in (*Variation, *Assurance)} > {""}


@pytest.mark.parametrize(
    ("goal", "said"), [(None, "5% less"), (-5, "5% less"), (0.5, "5% more"), (5, "5% more")]
)
def test_a_change_is_written_with_its_way(goal, said):
    change = SimpleNamespace(target=5, unit="percent", is_change=True, goal=goal, implied=False)
    assert exhibits._target(change, "five") == said


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


def test_a_path_from_an_undated_start_shows_the_day_that_it_was_taken_for():
    frame = trajectories.trajectory_rows()
    origins = set()
    for each in trajectories.known().values():
        path = trajectories.required_path(each)
        own = frame[(frame["indicator"] == each.name) & (frame["kind"] == "required")]
        if path is None:
            assert own.empty
            continue
        days = [path.start] * (path.origin is Origin.UNDATED) + list(path.quarters())
        assert list(own["date"]) == days
        assert list(own["value"]) == [round(path.straight(day), DECIMALS) for day in days]
        origins.add(path.origin)
    assert Origin.UNDATED in origins
