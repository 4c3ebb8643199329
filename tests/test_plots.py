import html
import json
import re
from datetime import datetime

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import plots, style
from helpers.errors import ExhibitError
from helpers.figures import chart_json

NAMES = ["Brent", "Hammersmith and Fulham", "Ealing"]
LONG = "People of high or medium need who have a care plan that they themselves agreed to, all year"
HOSTILE = '<a href="https://example.org">Brent</a> & <b>all</b>'
YEARS = ["2009/10", "2010/11", "2011/12"]


def ranked(names=NAMES, values=None, **settings) -> go.Figure:
    values = range(len(names), 0, -1) if values is None else values
    texts = [f"{value:g} beds" for value in values]
    return plots.ranked_bars(names, values, texts, axis="Beds", **settings)


def dots(names=NAMES, **settings) -> go.Figure:
    ends = [1.0] * len(names), [2.0] * len(names)
    return plots.paired_dots(
        names, *ends, ("Here", "There"), axis="Score", extent=(0, 3), **settings
    )


def lines(series=None, **settings) -> go.Figure:
    series = {"Best": [0.0, 1.0, 3.0], "Mid": [0.0, 1.0, 2.0]} if series is None else series
    return plots.lines_by_year(YEARS, series, axis="£ million", text=str, **settings)


def columns(years=YEARS, values=(-1.5, 2.0, 4.0)) -> go.Figure:
    return plots.columns_by_year(years, values, axis="£ million", text=lambda v: f"{v:.2f}")


def spans(names=NAMES) -> go.Figure:
    starts = [datetime(2024, 4 + row % 9, 1) for row in range(len(names))]
    ends = [datetime(2025, 3, 31)] * len(names)
    return plots.spans(names, starts, ends, extent=("2024-04-01", "2029-03-31"))


def levels(names=NAMES) -> go.Figure:
    count = len(names)
    return plots.level_targets(
        names, [100.0, 90.0, 70.5][:count], [40.0, None, None][:count], [True, False, False][:count]
    )


BY_NAME = {"ranked": ranked, "dots": dots, "spans": spans, "levels": levels}
ALL = {**BY_NAME, "lines": lines, "columns": columns}

every_kind = pytest.mark.parametrize("kind", ALL)
every_kind_with_names = pytest.mark.parametrize("kind", BY_NAME)


def row_texts(chart: go.Figure) -> list[str]:
    return [each.text for each in chart.layout.annotations]


def visible(text: str) -> str:
    """Return what plotly writes on the chart, with line breaks as spaces."""
    return html.unescape(re.sub("</?b>", "", text.replace("<br>", " ")))


@every_kind
def test_a_chart_has_the_book_s_template_and_no_title(kind):
    chart = ALL[kind]()
    assert chart.layout.template == style.TEMPLATE
    assert not chart.layout.template.data.to_plotly_json()
    assert not chart.layout.title.text
    assert len(chart.data) > 0


@every_kind
def test_a_chart_is_the_same_json_each_time(kind):
    first, second = (
        json.dumps(chart_json(ALL[kind]()), allow_nan=False, sort_keys=True) for _ in range(2)
    )
    assert first == second


@every_kind
def test_nothing_is_named_by_a_legend_alone_but_circle_and_diamond(kind):
    assert bool(ALL[kind]().layout.showlegend) == (kind == "dots")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: ranked([]),
        lambda: dots([]),
        lambda: lines({}),
        lambda: columns([], ()),
        lambda: spans([]),
        lambda: levels([]),
    ],
)
def test_a_chart_of_nothing_is_refused(draw):
    with pytest.raises(ExhibitError, match="at least one thing to draw"):
        draw()


@every_kind_with_names
def test_each_row_has_its_name_once_and_the_first_row_is_on_top(kind):
    chart = BY_NAME[kind]()
    assert [visible(text) for text in row_texts(chart)] == NAMES
    assert [each.y for each in chart.layout.annotations] == [0, 1, 2]
    below, above = chart.layout.yaxis.range
    assert above < 0 < len(NAMES) - 1 < below


@every_kind_with_names
@pytest.mark.parametrize("name", [LONG, "x" * 200, "word " * 60, HOSTILE * 3])
def test_every_name_wraps_to_two_lines_that_fit_a_phone(kind, name):
    (text,) = row_texts(BY_NAME[kind]([name]))
    parts = re.sub("</?b>", "", text).split("<br>")
    assert 1 <= len(parts) <= 2
    assert all(0 < len(html.unescape(part)) <= 44 for part in parts)


@every_kind_with_names
def test_a_name_too_long_for_two_lines_says_that_it_goes_on(kind):
    (short,), (long,) = row_texts(BY_NAME[kind](["Brent"])), row_texts(BY_NAME[kind]([LONG * 2]))
    assert long.removesuffix("</b>").endswith("…")
    assert "…" not in short


WRITTEN = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=120
).filter(str.strip)


@settings(max_examples=20)
@given(st.lists(WRITTEN, min_size=1, max_size=3))
def test_a_chart_grows_with_its_names_and_no_name_is_lost(names):
    chart = ranked(names, tuple(range(1, len(names) + 1)))
    assert len(chart.layout.annotations) == len(names)
    one = ranked(names[:1], (1.0,))
    assert chart.layout.height >= one.layout.height
    for name, text in zip(names, row_texts(chart), strict=True):
        shown = visible(text).removesuffix("…").strip()
        assert "".join(" ".join(name.split()).split()).startswith("".join(shown.split()))


@every_kind_with_names
def test_a_hostile_name_is_written_not_obeyed(kind):
    content = json.dumps(chart_json(BY_NAME[kind]([HOSTILE])))
    assert "<a href" not in content
    assert "<b>all" not in content
    assert visible(row_texts(BY_NAME[kind]([HOSTILE]))[0]).startswith("<a href")


def test_a_hostile_series_is_written_not_obeyed():
    chart = lines({HOSTILE: [1.0, 2.0, 3.0]}, highlighted=HOSTILE)
    assert "<a href" not in json.dumps(chart_json(chart))
    assert chart.data[0].line.color == style.HIGHLIGHT
    assert visible(chart.layout.annotations[0].text) == HOSTILE


def test_bars_start_at_zero_and_leave_room_for_their_values():
    for values in ((3.0, 2.0, 1.0), (-3.0, -2.0, -1.0), (-3.0, 0.0, 5.0)):
        chart = ranked(values=values)
        low, high = chart.layout.xaxis.range
        assert low <= 0 <= high
        assert low == 0 if min(values) >= 0 else low < min(values)
        assert high == 0 if max(values) <= 0 else high > max(values)
        assert list(chart.data[0].x) == list(values)


def test_each_bar_has_its_value_written_on_it():
    chart = ranked(values=(3.0, 2.0, 1.0))
    assert [text.strip() for text in chart.data[0].text] == ["3 beds", "2 beds", "1 beds"]
    assert list(chart.data[0].hovertext) == [
        "Brent: 3 beds",
        "Hammersmith and Fulham: 2 beds",
        "Ealing: 1 beds",
    ]


def test_a_highlighted_bar_differs_by_more_than_its_colour():
    chart = ranked(highlighted=["Ealing"])
    assert list(chart.data[0].marker.color) == [style.CONTEXT, style.CONTEXT, style.HIGHLIGHT]
    assert row_texts(chart) == ["Brent", "Hammersmith and Fulham", "<b>Ealing</b>"]


def test_without_a_highlight_all_bars_are_strong_and_none_is_bold():
    chart = ranked()
    assert set(chart.data[0].marker.color) == {style.HIGHLIGHT}
    assert "<b>" not in "".join(row_texts(chart))


def test_names_values_and_texts_must_be_as_many():
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        plots.ranked_bars(NAMES, [1.0, 2.0, 3.0], ["1", "2"], axis="Beds")


def test_paired_dots_differ_in_shape_and_are_joined_row_by_row():
    chart = dots()
    joins, circles, diamonds = chart.data
    assert list(joins.x) == [1.0, 2.0, None] * 3
    assert list(joins.y) == [0, 0, None, 1, 1, None, 2, 2, None]
    assert (circles.name, circles.marker.symbol) == ("Here", "circle")
    assert (diamonds.name, diamonds.marker.symbol) == ("There", "diamond-open")
    assert circles.marker.color != diamonds.marker.color
    assert list(chart.layout.xaxis.range) == [0, 3]


def test_names_of_paired_dots_can_be_made_bold():
    assert "<b>" not in "".join(row_texts(dots()))
    marked = row_texts(dots(highlighted=[NAMES[1]]))
    assert ["<b>" in text for text in marked] == [False, True, False]


def test_each_line_is_named_at_its_end():
    chart = lines(highlighted="Mid")
    named = {visible(each.text): (each.x, each.y) for each in chart.layout.annotations}
    assert named == {"Best": ("2011/12", 3.0), "Mid": ("2011/12", 2.0)}
    widths = {trace.name: trace.line.width for trace in chart.data}
    assert widths["Mid"] > widths["Best"]
    assert chart.layout.yaxis.rangemode == "tozero"
    assert chart.layout.xaxis.type == "category"


def test_columns_show_deficits_by_direction_colour_and_sign():
    chart = columns()
    low, high = chart.layout.yaxis.range
    assert low < -1.5
    assert high > 4
    assert list(chart.data[0].text) == ["-1.50", "2.00", "4.00"]
    deficit, gain, _ = chart.data[0].marker.color
    assert deficit != gain
    assert columns(values=(1.0, 2.0, 4.0)).layout.yaxis.range[0] == 0


def test_each_span_runs_from_its_first_day_to_its_last():
    chart = spans()
    assert len(chart.data) == 3
    assert [trace.y for trace in chart.data] == [(0, 0), (1, 1), (2, 2)]
    assert tuple(chart.data[1].x) == (datetime(2024, 5, 1), datetime(2025, 3, 31))
    assert chart.data[1].hovertext == "Hammersmith and Fulham: May 2024 to March 2025"
    assert list(chart.layout.xaxis.range) == ["2024-04-01", "2029-03-31"]


def test_an_implied_target_is_open_a_printed_one_filled_and_both_are_written():
    chart = levels()
    tracks, baseline, targets, texts = chart.data
    assert list(tracks.x) == [0, 100, None] * 3
    assert list(baseline.x) == [40, 100]
    assert list(targets.x) == [100, 90, 70.5]
    implied, printed, _ = targets.marker.color
    assert (implied, printed) == ("#ffffff", style.HIGHLIGHT)
    assert "(implied)" in targets.hovertext[0]
    assert "(implied)" not in targets.hovertext[1]
    assert list(texts.text) == ["100%", "90%", "70.5%"]
