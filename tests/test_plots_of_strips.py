import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import plots
from helpers.errors import ExhibitError
from helpers.figures import chart_json
from helpers.plots import Strip

HOSTILE = '<a href="https://example.org">Brent</a>'
VALUES = {"Brent": 30.0, "Ealing": 26.0, "Harrow": 17.5}


def strip(values=None, **changes) -> Strip:
    settings = {"title": "Score", "values": values or VALUES, "write": lambda v: f"{v:.1f}"}
    return Strip(**{**settings, **changes})


def draw(*strips, **changes):
    settings = {"others": "Others", "mark_name": "All", "missing": "No data", **changes}
    return plots.strip_dots(list(strips) or [strip()], **settings)


def named(chart, name):
    found = [trace for trace in chart.data if trace.name == name]
    return found[0] if found else None


def texts(chart) -> list[str]:
    return [html.unescape(each.text) for each in chart.layout.annotations]


def test_each_row_has_a_scale_of_its_own_and_names_its_ends():
    chart = draw(strip(), strip({"Brent": 1.0, "Ealing": 3.0, "Harrow": 2.0}))
    dots = named(chart, "Others")
    assert list(dots.x) == [1.0, pytest.approx(0.68), 0.0, 0.0, 1.0, 0.5]
    assert texts(chart)[-4:] == ["17.5 Harrow", "30.0 Brent", "1.0 Brent", "3.0 Ealing"]
    assert len(set(dots.y[:3])) == len(set(dots.y[3:])) == 1
    assert dots.y[0] < dots.y[3]


def test_the_highlighted_name_has_a_dot_and_a_value_of_its_own():
    chart = draw(highlighted="Ealing")
    assert list(named(chart, "Ealing").x) == [pytest.approx(0.68)]
    assert len(named(chart, "Others").x) == 2
    assert named(chart, "Ealing").marker.size > named(chart, "Others").marker.size
    assert "Score: 26.0" in texts(chart)


def test_a_highlighted_name_without_a_value_says_so_and_has_no_dot():
    chart = draw(highlighted="Newland")
    assert named(chart, "Newland") is None
    assert "Score: No data" in texts(chart)


def test_a_mark_is_drawn_where_it_stands_and_not_where_there_is_none():
    chart = draw(strip(mark=20.0), strip())
    mark = named(chart, "All")
    assert list(mark.x) == [pytest.approx(0.2)]
    assert mark.marker.symbol == "line-ns"
    assert list(mark.hovertext) == ["All: 20.0"]
    assert named(draw(), "All") is None


def test_ends_that_several_share_say_how_many():
    chart = draw(strip({"Brent": 80.0, "Ealing": 80.0, "Harrow": 82.0}))
    assert texts(chart)[-2:] == ["80.0 (two)", "82.0 Harrow"]


def test_one_scale_for_all_rows_keeps_the_values():
    chart = draw(strip(), strip({"Brent": 1.0, "Ealing": 3.0}), extent=(0, 40), axis="Distance")
    assert list(named(chart, "Others").x) == [30.0, 26.0, 17.5, 1.0, 3.0]
    assert chart.layout.xaxis.title.text == "Distance"
    assert chart.layout.xaxis.range[0] < 0 and chart.layout.xaxis.range[1] > 40


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.floats(-1e6, 1e6), min_size=1))
def test_every_dot_stays_on_its_row(values):
    chart = draw(strip(values), highlighted="a")
    for trace in chart.data[1:]:
        assert all(0 <= x <= 1 for x in trace.x)
    assert sum(len(trace.x) for trace in chart.data[1:]) == len(values)


def test_names_are_shown_as_they_are():
    chart = draw(strip({HOSTILE: 1.0, "Ealing": 2.0}), highlighted=HOSTILE)
    assert "<a " not in str(chart_json(chart))


def test_nothing_cannot_be_drawn():
    with pytest.raises(ExhibitError):
        plots.strip_dots([], others="", mark_name="", missing="")
    with pytest.raises(ExhibitError):
        plots.strip_dots([Strip("Score", {}, str)], others="", mark_name="", missing="")
