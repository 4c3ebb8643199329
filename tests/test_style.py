import plotly.graph_objects as go
import pytest

from helpers import style

# The lightest of the sequence stands only where a number stands beside it.
DRAWN = {*style.CATEGORICAL, *style.PAIR, *style.SEQUENTIAL[:2], style.HIGHLIGHT}


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", sorted(DRAWN))
def test_what_is_drawn_stands_out_from_white(colour):
    assert contrast(colour, "#ffffff") >= 3


def test_text_and_highlight_can_be_told_apart_from_what_they_stand_on():
    assert contrast(style.TEXT, "#ffffff") >= 4.5
    assert contrast(style.HIGHLIGHT, style.CONTEXT) >= 3


def test_a_chart_has_the_book_s_template_and_nothing_of_plotly_s():
    chart = style.chart(go.Bar(x=["a"], y=[1]))
    template = chart.layout.template
    assert template.layout.paper_bgcolor == template.layout.plot_bgcolor == "#ffffff"
    assert list(template.layout.colorway) == list(style.CATEGORICAL)
    assert template.layout.font.size >= 12
    assert not template.data.to_plotly_json()
    assert not chart.layout.title.text
    assert not template.layout.title.text


def test_settings_of_one_chart_do_not_reach_the_next():
    tall = style.chart(height=900, showlegend=True)
    assert (tall.layout.height, tall.layout.showlegend) == (900, True)
    assert style.chart().layout.height is None
    assert style.chart().layout.template.layout.height == style.HEIGHT


def test_traces_are_drawn_in_the_order_given():
    chart = style.chart(go.Bar(name="first"), go.Scatter(name="second"))
    assert [trace.name for trace in chart.data] == ["first", "second"]


def test_axes_are_set_as_plotly_itself_would_and_keep_what_they_have() -> None:
    settings = {"title_text": "Beds", "range": [0, 3], "tickfont": {"size": 12}, "ticks": ""}
    ours, plotlys = (
        style.chart(go.Bar(x=[1], y=[2]), xaxis={"nticks": 4}, yaxis={"nticks": 5})
        for _ in range(2)
    )
    style.set_axes(ours, x=settings)
    style.set_axes(ours, y={"zeroline": False})
    plotlys.update_xaxes(**settings)
    plotlys.update_yaxes(zeroline=False)
    assert ours == plotlys
    assert ours.layout.xaxis.nticks == 4
