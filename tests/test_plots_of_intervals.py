import json
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import plots, style
from helpers.errors import ExhibitError
from helpers.figures import chart_json

NAMES = ["Savings", "Start", "Running cost"]
HOSTILE = '<a href="https://example.org">Brent</a> & <b>all</b>'
AMOUNTS = st.floats(-1000, 1000)
ENDS = st.tuples(AMOUNTS, AMOUNTS)


def money(value: float) -> str:
    return f"£{value:.2f} million"


def swings(names=NAMES, lows=(10, 5, 19), highs=(30, 20, 21), centre=20.0) -> go.Figure:
    count = len(names)
    return plots.swing_bars(names, lows[:count], highs[:count], centre, axis="Gain", text=money)


def intervals(names=NAMES, lows=(-2, 0, 1), middles=(1, 2, 3), highs=(3, 4, 9), **settings):
    count = len(names)
    return plots.interval_rows(
        names, lows[:count], middles[:count], highs[:count], axis="Gain", text=money, **settings
    )


def histogram(edges=(-10, 0, 10, 20), shares=(20, 50, 30), marks=((-5, "low"), (15, "high"))):
    return plots.histogram(edges, shares, marks, axis="Gain, £ million")


ALL = {"swings": swings, "intervals": intervals, "histogram": histogram}
every_kind = pytest.mark.parametrize("kind", ALL)
every_kind_with_names = pytest.mark.parametrize("kind", ["swings", "intervals"])


def row_names(chart: go.Figure) -> list[str]:
    return [each.text for each in chart.layout.annotations]


@every_kind
def test_a_chart_has_the_book_s_template_basic_traces_and_no_title_or_legend(kind):
    chart = ALL[kind]()
    assert chart.layout.template == style.TEMPLATE
    assert {trace.type for trace in chart.data} <= {"bar", "scatter"}
    assert not chart.layout.title.text
    assert not chart.layout.showlegend


@every_kind
def test_a_chart_is_the_same_json_each_time(kind):
    first, second = (json.dumps(chart_json(ALL[kind]()), allow_nan=False) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "draw",
    [
        lambda: swings([], (), ()),
        lambda: intervals([], (), (), ()),
        lambda: histogram((), ()),
    ],
)
def test_a_chart_of_nothing_is_refused(draw):
    with pytest.raises(ExhibitError, match="at least one thing to draw"):
        draw()


@every_kind_with_names
def test_each_row_has_its_name_once_and_the_first_row_is_on_top(kind):
    chart = ALL[kind]()
    assert row_names(chart) == NAMES
    assert [each.y for each in chart.layout.annotations] == [0, 1, 2]
    below, above = chart.layout.yaxis.range
    assert above < 0 < 2 < below


@every_kind_with_names
def test_a_hostile_name_is_written_not_obeyed(kind):
    content = json.dumps(chart_json(ALL[kind]([HOSTILE])))
    assert "<a href" not in content
    assert "<b>all" not in content
    assert "&lt;a href" in content


def test_a_hostile_mark_is_written_not_obeyed():
    content = json.dumps(chart_json(histogram(marks=((0, HOSTILE), (1, HOSTILE)))))
    assert "<a href" not in content
    assert "&lt;a href" in content


@every_kind_with_names
def test_a_chart_grows_with_its_rows(kind):
    assert ALL[kind]().layout.height > ALL[kind](NAMES[:1]).layout.height


@every_kind_with_names
def test_ends_must_be_as_many_as_names(kind):
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        ALL[kind]([*NAMES, "One more"])


# Swings


def test_a_bar_runs_from_its_low_to_its_high_end_and_a_line_marks_what_is_assumed():
    chart = swings()
    bars = chart.data[0]
    assert list(bars.base) == [10, 5, 19]
    assert list(bars.x) == [20, 15, 2]
    (line,) = chart.layout.shapes
    assert line.x0 == line.x1 == 20
    assert "dotted: £20.00 million, as assumed" in chart.layout.xaxis.title.text
    assert bars.hovertext[0] == "Savings: £10.00 million to £30.00 million"


def test_each_end_is_written_outside_its_bar_unless_it_is_what_is_assumed():
    left, right = swings().data[1:]
    assert [text.strip() for text in left.text] == [money(10), money(5), money(19)]
    assert [text.strip() for text in right.text] == [money(30), "", money(21)]
    assert (left.textposition, right.textposition) == ("middle left", "middle right")
    assert list(left.x) == [10, 5, 19]
    assert list(right.x) == [30, 20, 21]


def test_an_end_called_low_may_lie_above_the_other():
    # Below break-even a later start is worth more than the one assumed.
    left, right = swings(["Start"], (-1.0,), (-3.0,), -3.0).data[1:]
    assert (left.x, right.x) == ((-3.0,), (-1.0,))
    assert [text.strip() for text in (*left.text, *right.text)] == ["", money(-1)]


@settings(max_examples=25)
@given(st.lists(ENDS, min_size=1, max_size=4), AMOUNTS)
def test_every_bar_and_what_is_assumed_lie_within_the_axis(ends, centre):
    lows, highs = zip(*ends, strict=True)
    chart = swings([f"Row {row}" for row in range(len(ends))], lows, highs, centre)
    least, most = chart.layout.xaxis.range
    assert least < min(centre, *lows, *highs)
    assert most > max(centre, *lows, *highs)
    bars = chart.data[0]
    for base, length, high in zip(bars.base, bars.x, highs, strict=True):
        assert base + length == pytest.approx(high, abs=1e-9)


# Intervals


def test_an_interval_runs_from_low_to_high_with_a_dot_in_its_middle_and_all_are_written():
    chart = intervals()
    *lines, dots, texts = chart.data
    assert [tuple(line.x) for line in lines] == [(-2, 3), (0, 4), (1, 9)]
    assert [tuple(line.y) for line in lines] == [(0, 0), (1, 1), (2, 2)]
    assert tuple(dots.x) == (1, 2, 3)
    assert tuple(dots.y) == (0, 1, 2)
    assert texts.text[0].strip() == "£1.00 million (£-2.00 million to £3.00 million)"
    assert tuple(texts.x) == (3, 4, 9)
    assert lines[2].hovertext == "Running cost: £1.00 million to £9.00 million"


def test_a_highlighted_interval_differs_by_more_than_its_colour():
    *lines, dots, _ = intervals(highlighted=["Start"]).data
    assert len({line.line.color for line in lines}) == 2
    assert lines[1].line.color == style.HIGHLIGHT == dots.marker.line.color[1]
    assert row_names(intervals(highlighted=["Start"])) == ["Savings", "<b>Start</b>", NAMES[2]]


def test_without_a_highlight_all_intervals_are_strong_and_none_is_bold():
    *lines, _, _ = intervals().data
    assert {line.line.color for line in lines} == {style.HIGHLIGHT}
    assert "<b>" not in "".join(row_names(intervals()))


@settings(max_examples=25)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS).map(sorted), min_size=1, max_size=4))
def test_every_interval_and_nought_lie_within_the_axis_with_room_for_the_text(rows):
    lows, middles, highs = zip(*rows, strict=True)
    names = [f"Row {row}" for row in range(len(rows))]
    chart = intervals(names, lows, middles, highs)
    least, most = chart.layout.xaxis.range
    assert least <= min(0, *lows)
    assert most > max(0, *highs)
    assert most - max(0, *highs) >= 0.3 * (most - least)
    assert chart.layout.xaxis.zeroline


# Histogram


def test_columns_stand_side_by_side_between_their_edges():
    chart = histogram()
    (bars,) = chart.data
    assert list(bars.x) == [-5, 5, 15]
    assert list(bars.width) == [10, 10, 10]
    assert list(bars.y) == [20, 50, 30]
    assert chart.layout.bargap == 0
    assert chart.layout.yaxis.range[0] == 0
    assert chart.layout.yaxis.range[1] > 50
    assert bars.hovertext[0] == "\N{MINUS SIGN}10 to 0: 20.0%"


@pytest.mark.parametrize("width", [0.004, 0.04, 0.4, 1, 4, 40])
def test_the_edges_of_narrow_columns_are_told_apart(width):
    edges = [width * step - 0.1 for step in range(6)]
    (bars,) = histogram(edges, (10, 20, 40, 20, 10)).data
    told = [text.split(":")[0].split(" to ") for text in bars.hovertext]
    assert all(low != high for low, high in told)
    assert all(before[1] == after[0] for before, after in pairwise(told))


def test_marks_are_lines_each_named_once_on_its_own_line_of_text():
    chart = histogram()
    assert [line.x0 for line in chart.layout.shapes] == [-5, 15]
    assert row_names(chart) == ["low", "high"]
    low, high = chart.layout.annotations
    assert low.y != high.y
    assert min(low.y, high.y) > 50
    assert (low.xanchor, high.xanchor) == ("left", "right")


def test_there_is_an_edge_more_than_there_are_columns():
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        histogram((0, 1, 2), (50, 30, 20))
