"""Panels of a priority's figures: what each is called, and what it is drawn from."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from trajectories_cases import DAYS, months

from helpers import trajectories
from helpers.process_control import Assurance, ControlChart, Variation, xmr
from helpers.trajectories import exhibits, panels
from helpers.trajectories.required import Origin, RequiredPath
from helpers.trajectories.wording import chance_words, names, written

pytestmark = pytest.mark.usefixtures("book_evidence")


def test_a_panel_of_a_path_shows_it_beside_the_newest_of_what_was_observed(monkeypatch):
    path = RequiredPath(date(2025, 5, 1), date(2026, 2, 1), 40.0, 50.0, True, Origin.PRINTED)
    share = next(each for each in trajectories.known().values() if each.unit == "percent")
    count = next(each for each in trajectories.known().values() if each.unit != "percent")
    none = replace(share, name="without")
    days = months(130)
    seen = SimpleNamespace(dates=tuple(days), values=tuple(float(n) for n in range(130)))

    def drawn(each: trajectories.Indicator, day: date) -> RequiredPath | None:
        assert day == DAYS[1]
        return None if each.name == "without" else path

    def observed(name: str, day: date) -> SimpleNamespace | None:
        assert day == DAYS[1]
        return seen if name == share.name else None

    charted = []

    def chart(path, write, points):
        charted.append((path, write(41.26), points))
        return "a chart"

    monkeypatch.setattr(panels, "required_path", drawn)
    monkeypatch.setattr(panels, "own_series", observed)
    monkeypatch.setattr(panels, "required_chart", chart)
    found = panels.path_panels([none, share, count], DAYS[1])
    assert [(each.title, each.scale, each.suffix, each.chart) for each in found] == [
        (share.title, share.name, "%", "a chart"),
        (count.title, count.name, "", "a chart"),
    ]
    newest = (tuple(days[10:]), tuple(float(n) for n in range(10, 130)))
    assert charted == [
        (path, "41.3%", newest),
        (path, written(count.unit, 41.26), ((), ())),
    ]


def held(name: str, unit: str, count: int) -> SimpleNamespace:
    """A series of so many months."""
    days = months(count)
    return SimpleNamespace(
        name=name, unit=unit, dates=tuple(days), values=tuple(range(count)),
        target=76.0, target_label="Standard", write=f"{name}, written".format,
    )  # fmt: skip


def test_panels_of_forecasts_show_the_newest_points_and_the_level_asked(monkeypatch):
    monkeypatch.setattr(panels, "names", lambda series: [each.name for each in series])
    charted = []
    monkeypatch.setattr(
        panels.plots, "forecast_chart", lambda *given, **named: charted.append((given, named))
    )
    outlooks = [
        SimpleNamespace(series=held("A", "percent", 130), has_dates=True, forecast="a", chance=0.5),
        SimpleNamespace(series=held("B", "days", 5), has_dates=False, forecast="b", chance=None),
        SimpleNamespace(series=held("C", "days", 5), has_dates=True, forecast="c", chance=None),
    ]
    found = panels.forecast_panels(outlooks)
    assert [(each.title, each.scale, each.suffix) for each in found] == [
        ("A: 50 in 100", "percent", "%"),
        ("C: no level to reach", "days", ""),
    ]
    first, last = (outlooks[place].series for place in (0, 2))
    asked = [
        {"axis": "", "text": each.write, "target": 76.0, "target_label": "Standard"}
        for each in (first, last)
    ]
    assert charted == [
        ((first.values[10:], first.dates[10:], "a"), asked[0]),
        ((last.values, last.dates, "c"), asked[1]),
    ]


def test_panels_of_control_charts_say_what_each_shows(monkeypatch):
    monkeypatch.setattr(panels, "names", lambda series: [each.name for each in series])
    read = {
        "A": SimpleNamespace(variation=Variation.IMPROVING_HIGH, assurance=Assurance.FAILS),
        "B": SimpleNamespace(variation=Variation.COMMON, assurance=Assurance.NO_TARGET),
    }
    charted = []
    monkeypatch.setattr(panels, "control", lambda each: read[each.name])
    monkeypatch.setattr(panels, "newest", lambda chart: ("newest", chart))
    monkeypatch.setattr(
        panels.plots, "control_chart", lambda *given, **named: charted.append((given, named))
    )
    series = [held("A", "percent", 5), held("B", "days", 5)]
    found = panels.control_panels(series)
    assert [(each.title, each.scale, each.suffix) for each in found] == [
        ("A: improving, falls short", "percent", "%"),
        ("B: common cause", "days", ""),
    ]
    assert charted == [
        (
            (("newest", read[each.name]),),
            {"axis": "", "text": each.write, "target_label": "Standard"},
        )
        for each in series
    ]
    assert len(panels.control_panels([series[0]] * 9)) == panels.MOST_PANELS


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


@pytest.mark.parametrize("count", [5, 120])
def test_a_chart_that_a_page_holds_is_left_as_it_is(count):
    chart = chart_of(count)
    assert panels.newest(chart) is chart


def test_the_newest_points_of_a_chart_keep_their_lines_and_shifts():
    whole = chart_of(130, starts=(0, 5, 10, 11, 60))
    cut = panels.newest(whole)
    assert len(cut.dates) == panels.MOST_POINTS
    for name in (
        "dates", "values", "mean", "lower", "upper", "moving_range", "moving_range_mean",
        "moving_range_upper", "rules", "signals",
    ):  # fmt: skip
        assert getattr(cut, name) == getattr(whole, name)[10:], name
    # The tenth point is the first that is drawn; a shift after it stays where it is.
    assert cut.starts == (0, 1, 50)
    same = ("variation", "assurance", "missing", "target")
    assert all(getattr(cut, name) == getattr(whole, name) for name in same)


def chart_of(count: int, starts: tuple[int, ...] = (0,)) -> ControlChart:
    """A chart whose columns all differ."""
    usual = xmr(
        [float(place) for place in range(30)],
        months(30),
        "increase",
        None,
    )
    days = tuple(months(count))

    def column(first: float) -> tuple[float, ...]:
        return tuple(first + place for place in range(count))

    return replace(
        usual,
        dates=days,
        values=column(0),
        mean=column(1000),
        lower=column(2000),
        upper=column(3000),
        moving_range=column(4000),
        moving_range_mean=column(5000),
        moving_range_upper=column(6000),
        rules=tuple((f"{place}",) for place in range(count)),
        signals=tuple(
            Variation.COMMON if place % 2 else Variation.IMPROVING_HIGH for place in range(count)
        ),
        starts=starts,
    )
