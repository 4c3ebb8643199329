import html
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import plots, style
from helpers.errors import ExhibitError
from helpers.figures import chart_json

NAMES = ["Plan", "Engage", "Manage"]
HOSTILE = '<a href="https://example.org">Board</a>'
COLUMNS = ["One", "Two\nlines"]
KINDS = {"same": "Again", "moved": "Elsewhere"}
DAYS = [datetime(2009, 1, 1), datetime(2018, 1, 1), datetime(2024, 7, 5)]


def divided(parts=None):
    parts = {"Alone": [3, 0, 5], "Shared": [1, 2, 3]} if parts is None else parts
    return plots.divided_bars(NAMES, parts, axis="Activities")


def moments(names=NAMES):
    return plots.moments(names, DAYS, ["2009", "2018", "5 July 2024"], [False, True, False])


def counts(values=((1, 0), (0, 12), (4, 6))):
    return plots.count_matrix(NAMES, COLUMNS, values, axis="Priority")


def marks(values=(("same", None), (None, "moved"), (None, None)), kinds=KINDS):
    return plots.mark_matrix(NAMES, COLUMNS, values, kinds, axis="Benefit")


every_kind = pytest.mark.parametrize("draw", [divided, moments, counts, marks])


@every_kind
def test_a_chart_names_each_row_once_from_the_top_and_has_no_title(draw):
    chart = draw()
    assert [each.text for each in chart.layout.annotations] == NAMES
    assert [each.y for each in chart.layout.annotations] == [0, 1, 2]
    below, above = chart.layout.yaxis.range
    assert above < 0 < 2 < below
    assert chart.layout.template == style.TEMPLATE
    assert not chart.layout.title.text


@every_kind
def test_a_chart_is_the_same_json_each_time_and_has_basic_traces_only(draw):
    first, second = (json.dumps(chart_json(draw()), allow_nan=False) for _ in range(2))
    assert first == second
    assert {trace.type for trace in draw().data} <= {"bar", "scatter"}


def test_the_parts_of_a_bar_carry_their_counts_and_nought_carries_none():
    alone, shared = divided().data
    assert list(alone.text) == ["3", "", "5"]
    assert list(shared.text) == ["1", "2", "3"]
    assert (alone.name, shared.name) == ("Alone", "Shared")
    assert alone.marker.color != shared.marker.color
    assert divided().layout.barmode == "stack"
    assert divided().layout.showlegend


def test_a_bar_of_too_many_parts_or_of_none_is_refused():
    with pytest.raises(ExhibitError, match="at most 3 parts"):
        divided({name: [1, 1, 1] for name in "abcd"})
    with pytest.raises(ExhibitError, match="at least one thing"):
        divided({})


def test_a_planned_moment_is_open_and_a_reported_one_is_filled():
    (dots,) = moments().data
    assert list(dots.marker.color) == [style.HIGHLIGHT, "#ffffff", style.HIGHLIGHT]
    assert dots.hovertext[1] == "Engage: 2018, planned"
    assert [text.strip() for text in dots.text] == ["2009", "2018", "5 July 2024"]


def test_a_late_moment_has_its_date_to_its_left_and_the_last_third_their_names_too():
    chart = moments()
    assert list(chart.data[0].textposition) == ["middle right", "middle left", "middle left"]
    assert [each.xanchor for each in chart.layout.annotations] == ["left", "left", "right"]
    assert [each.x for each in chart.layout.annotations] == [0, 0, 1]


@given(st.lists(st.lists(st.integers(0, 99), min_size=2, max_size=2), min_size=3, max_size=3))
def test_a_count_matrix_writes_every_number_but_nought_in_its_cell(values):
    if not any(number for row in values for number in row):
        with pytest.raises(ExhibitError, match="at least one thing"):
            counts(values)
        return
    squares = counts(values).data[1]
    drawn = {(x, y): int(t) for x, y, t in zip(squares.x, squares.y, squares.text, strict=True)}
    assert drawn == {(x, y): n for y, row in enumerate(values) for x, n in enumerate(row) if n}


def test_the_largest_count_is_darkest_and_its_number_stays_readable():
    squares = counts().data[1]
    shade = dict(zip(squares.text, squares.marker.color, strict=True))
    ink = dict(zip(squares.text, squares.textfont.color, strict=True))
    assert shade["12"] == style.SEQUENTIAL[0]
    assert shade["1"] == style.SEQUENTIAL[-1]
    assert (ink["12"], ink["1"]) == ("#ffffff", style.TEXT)


def test_the_marks_of_a_matrix_differ_by_shape_of_fill_and_are_named():
    _, same, moved = marks().data
    assert (list(same.x), list(same.y)) == ([0], [0])
    assert (list(moved.x), list(moved.y)) == ([1], [1])
    assert same.marker.color != moved.marker.color
    assert (same.name, moved.name) == ("Again", "Elsewhere")
    assert same.hovertext[0] == "Plan, One: Again"
    assert moved.hovertext[0] == "Engage, Two lines: Elsewhere"


def test_a_matrix_of_a_third_kind_is_refused():
    with pytest.raises(ExhibitError, match="at most 2 kinds"):
        marks(kinds={**KINDS, "third": "Third"})


@pytest.mark.parametrize("values", [((1, 0), (0, 1)), ((1,), (0, 1), (1, 1))])
def test_a_ragged_matrix_is_refused(values):
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        counts(values)


def test_the_heads_of_a_matrix_stand_on_top_in_lines():
    axis = counts().layout.xaxis
    assert list(axis.ticktext) == ["One", "Two<br>lines"]
    assert axis.side == "top"
    assert axis.title.text == "Priority"


def test_hostile_names_and_heads_are_written_not_obeyed():
    charts = [
        plots.count_matrix([HOSTILE], [HOSTILE], [[1]], axis="Priority"),
        plots.mark_matrix([HOSTILE], [HOSTILE], [["a"]], {"a": HOSTILE}, axis="Benefit"),
        plots.moments([HOSTILE], DAYS[:1], [HOSTILE], [True]),
        plots.divided_bars([HOSTILE], {HOSTILE: [1]}, axis="Activities"),
    ]
    for chart in charts:
        content = json.dumps(chart_json(chart))
        assert "<a href" not in content
        assert html.escape("<a", quote=False) in content
