import json
from datetime import date

import pytest

from helpers import plots, style
from helpers.figures import chart_json
from helpers.process_control import xmr

HOSTILE = '<a href="https://example.org">Standard</a>'
STABLE = [50, 52] * 10
TURNING = [43, 41, 37, 36, 31, 23, 15, 13, 15, 18, 23, 27, 31, 36, 27, 19, 17, 27, 15, 22]


def months(count):
    return [date(2022 + row // 12, row % 12 + 1, 1) for row in range(count)]


def draw(values, direction="increase", target=None, rebased=(), target_label="Target", **settings):
    chart = xmr(values, months(len(values)), direction, target, rebased, **settings)
    return plots.control_chart(
        chart, axis="Waits", text=lambda value: f"{value:.1f} days", target_label=target_label
    )


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


EVERY = {
    "stable": draw(STABLE, target=60),
    "turning": draw(TURNING, "decrease", 30),
    "neither": draw(TURNING, "neither"),
    "rebased": draw(TURNING, rebased=[date(2022, 11, 1)]),
    "flat": draw([100] * 20, target=100, bounds=(0, 100)),
    "few": draw(STABLE[:5], target=60),
    "two": draw(STABLE[:2]),
    "one": draw([61], target=70),
}
every_figure = pytest.mark.parametrize("figure", EVERY.values(), ids=EVERY)


@every_figure
def test_a_chart_is_basic_traces_of_plain_json_in_the_style_of_the_book(figure):
    json.dumps(chart_json(figure), allow_nan=False)
    assert {trace.type for trace in figure.data} == {"scatter"}
    assert figure.layout.template == style.TEMPLATE
    assert not figure.layout.title.text
    assert figure.layout.yaxis.title.text == "Waits"


@every_figure
def test_every_line_has_a_length_and_every_point_is_drawn_once(figure):
    lines = [trace for trace in figure.data if trace.line.dash]
    assert all(len(set(trace.x)) > 1 for trace in lines)
    course = figure.data[0]
    marked = [x for trace in figure.data if trace.mode == "markers" for x in trace.x]
    assert sorted(marked) == sorted(course.x)


def test_special_causes_differ_by_shape_and_colour_and_the_legend_names_them():
    kinds = [
        trace
        for figure in (EVERY["turning"], EVERY["neither"])
        for trace in figure.data
        if trace.mode == "markers"
    ]
    looks = {trace.name: (trace.marker.symbol, trace.marker.color) for trace in kinds}
    assert set(looks) == {
        "Common cause",
        "Special cause: improving",
        "Special cause: concerning",
        "Special cause: neither",
    }
    assert len({symbol for symbol, _ in looks.values()}) == 4
    assert len({colour for _, colour in looks.values()}) == 4
    assert all(trace.showlegend is not False for trace in kinds)
    assert EVERY["turning"].layout.showlegend


def test_the_legend_names_only_what_is_drawn():
    assert list(named(EVERY["stable"])) == [
        "Mean (51.0 days)",
        "Process limits (45.7 days to 56.3 days)",
        "Target: 60.0 days",
        "Common cause",
    ]
    assert list(named(EVERY["few"]))[:1] + list(named(EVERY["few"]))[2:] == [
        "Mean (50.8 days)",
        "Value",
    ]


def test_the_mean_is_solid_the_limits_dashed_and_the_target_dotted():
    traces = named(EVERY["stable"])
    dashes = [trace.line.dash for trace in traces.values()]
    assert dashes == ["solid", "dash", "dot", None]
    limits = [trace for trace in EVERY["stable"].data if trace.line.dash == "dash"]
    assert sorted(trace.y[0] for trace in limits) == pytest.approx([45.68, 56.32])
    assert [trace.showlegend for trace in limits] == [True, False]


def test_lines_break_where_they_are_calculated_anew_and_the_legend_gives_the_latest():
    figure = EVERY["rebased"]
    for trace in figure.data:
        if trace.line.dash in ("solid", "dash"):
            assert trace.x[10] is None
            assert trace.y[10] is None
            assert trace.y[9] != trace.y[11]
    assert any(name.startswith("Mean (latest ") for name in named(figure))


def test_a_target_is_named_beside_its_line_where_nothing_is_in_the_way():
    above, below = draw(STABLE, target=70), draw(STABLE, target=30)
    for figure, side in ((above, "bottom"), (below, "top")):
        (note,) = figure.layout.annotations
        assert note.text.startswith("Target: ")
        assert note.yanchor == side
        assert named(figure)[note.text].showlegend is False


def test_a_target_amid_the_points_is_named_in_the_legend_instead():
    figure = draw(STABLE, target=51)
    assert not figure.layout.annotations
    assert named(figure)["Target: 51.0 days"].showlegend is True


def test_a_target_keeps_clear_of_a_single_spike():
    spiky = [*STABLE, 75, 50]
    (note,) = draw(spiky, target=70).layout.annotations
    assert note.xanchor == "left"


def test_a_label_too_long_for_a_phone_stands_in_the_legend():
    figure = draw(STABLE, target=70, target_label="A national standard with a very long name")
    assert not figure.layout.annotations


def test_hovering_gives_date_value_and_the_rules_in_words():
    (outside,) = [
        text
        for trace in EVERY["turning"].data
        for text in trace.hovertext or ()
        if text.startswith("January 2022")
    ]
    assert outside == (
        "January 2022: 43.0 days<br>a run of points all rising or all falling"
        "<br>two of three points close to the same process limit"
        "<br>a point outside the process limits"
    )


def test_texts_that_plotly_would_read_as_links_are_escaped():
    figure = draw(STABLE, target=70, target_label=HOSTILE)
    assert "<a" not in json.dumps(chart_json(figure))


def test_markers_shrink_where_there_are_many():
    few = [trace for trace in draw(STABLE).data if trace.mode == "markers"]
    many = [trace for trace in draw(STABLE * 20).data if trace.mode == "markers"]
    assert many[0].marker.size < few[0].marker.size
