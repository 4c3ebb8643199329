import json
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from helpers import plots, style
from helpers.errors import ExhibitError
from helpers.figures import chart_json
from helpers.forecasts import forecast

HOSTILE = '<a href="https://example.org">Standard</a>'
WANDERING = [61.0, 63.0, 60.0, 62.0, 66.0, 64.0, 67.0, 65.0, 69.0, 66.0] * 2
UNTIL = date(2022, 3, 31)


def months(count):
    return [date(2020 + row // 12, row % 12 + 1, 1) for row in range(count)]


def draw(values=WANDERING, dates=None, until=UNTIL, **settings):
    dates = months(len(values)) if dates is None else dates
    made = forecast(values, dates, until=until, share=True)
    return plots.forecast_chart(
        values, dates, made, axis="Seen in time", text=lambda value: f"{value:.1f}%", **settings
    )


EVERY = {
    "forecast": draw(target=80),
    "no target": draw(),
    "target in the way": draw(target=66),
    "long label": draw(target=66, target_label="The standard that the whole of England has set"),
    "too few": draw(WANDERING[:11], target=80),
    "one": draw([61.0], target=61),
    "equal": draw([70.0] * 20, target=70),
    "gap": draw(WANDERING[:19], [*months(9), *months(20)[10:]]),
}
every_figure = pytest.mark.parametrize("figure", EVERY.values(), ids=EVERY)


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def seen(trace):
    return [(x, y) for x, y in zip(trace.x, trace.y, strict=True) if x is not None]


@every_figure
def test_a_chart_is_basic_traces_of_plain_json_in_the_style_of_the_book(figure):
    json.dumps(chart_json(figure), allow_nan=False)
    assert {trace.type for trace in figure.data} == {"scatter"}
    assert figure.layout.template == style.TEMPLATE
    assert not figure.layout.title.text
    assert figure.layout.yaxis.title.text == "Seen in time"


@every_figure
def test_what_was_observed_is_drawn_whole_and_last_so_that_nothing_covers_it(figure):
    assert figure.data[-1].name == "Observed"
    assert not figure.data[-1].line.dash
    assert len(seen(figure.data[-1])) >= 1


def test_the_forecast_is_dashed_and_starts_where_the_observed_line_ends():
    figure = named(EVERY["forecast"])
    assert figure["Forecast"].line.dash == "dash"
    assert seen(figure["Forecast"])[0] == seen(figure["Observed"])[-1]
    assert figure["Forecast"].x[-1] == date(2022, 1, 1)  # twenty months can test five ahead


def test_each_band_lies_between_its_edges_and_the_wider_one_behind():
    figure = EVERY["forecast"]
    bands = [(lower, upper) for lower, upper in pairwise(figure.data) if upper.fill == "tonexty"]
    assert [upper.name for _, upper in bands] == ["95% interval", "80% interval"]
    (lowest, highest), (lower, higher) = bands
    edges = [lowest.y, lower.y, higher.y, highest.y]
    assert all(list(edge) == sorted(edge) for edge in zip(*edges, strict=True))
    assert all(lowest.y[1:][row] < highest.y[1:][row] for row in range(5))


def test_no_two_entries_of_the_legend_differ_by_colour_alone():
    entries = [
        (trace.line.dash, trace.fill)
        for trace in EVERY["target in the way"].data
        if trace.showlegend is not False
    ]
    assert len(set(entries)) == len(entries) == 5


def test_a_target_is_named_at_its_line_where_there_is_room():
    figure = EVERY["forecast"]
    (label,) = figure.layout.annotations
    assert label.text == "Target: 80.0%"
    assert label.y == 80


@pytest.mark.parametrize("name", ["target in the way", "long label"])
def test_a_target_is_named_in_the_legend_where_there_is_no_room_beside_it(name):
    figure = EVERY[name]
    assert not figure.layout.annotations
    (target,) = [
        trace for trace in figure.data if trace.line.dash == "dot" and not trace.fill and trace.name
    ]
    assert target.showlegend
    assert target.name.endswith(": 66.0%")
    assert figure.layout.showlegend


def test_too_few_points_are_drawn_without_a_forecast():
    figure = EVERY["too few"]
    assert set(named(figure)) == {"Observed", "Target: 80.0%"}
    assert not figure.layout.showlegend


@pytest.mark.parametrize("name", ["one", "forecast"])
def test_the_line_of_a_target_has_a_length(name):
    (line,) = [
        trace for trace in EVERY[name].data if trace.name and trace.name.startswith("Target")
    ]
    assert line.x[0] < line.x[1]


def test_a_gap_breaks_the_line():
    line = EVERY["gap"].data[-1]
    assert line.x[9] is None and line.y[9] is None
    assert len(seen(line)) == 19


def test_readers_learn_the_month_the_value_and_the_interval():
    figure = named(EVERY["forecast"])
    assert figure["Observed"].hovertext[0] == "January 2020: 61.0%"
    assert figure["Forecast"].hovertext[1].startswith("September 2021: ")
    assert "95% interval" in figure["Forecast"].hovertext[1]


def test_names_are_shown_as_they_are():
    figure = draw(target=80, target_label=HOSTILE)
    assert "<a" not in json.dumps(chart_json(figure))


def test_columns_of_a_table_will_do():
    frame = pd.DataFrame({"month": pd.to_datetime(months(20)), "share": WANDERING})
    figure = draw(frame["share"], frame["month"], target=80)
    assert chart_json(figure) == chart_json(EVERY["forecast"])


def test_a_chart_of_nothing_is_refused():
    with pytest.raises(ExhibitError, match="at least one thing"):
        draw([])


def test_a_long_series_has_no_markers():
    figure = draw(WANDERING * 4, until=date(2027, 1, 1))
    assert figure.data[-1].mode == "lines"
    assert EVERY["forecast"].data[-1].mode == "lines+markers"
