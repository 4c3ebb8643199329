"""Charts over time: lines by year, spans, and single events."""

from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go

from helpers import style
from helpers.plots.rows import FOOT, height, plain, something, write_rows


def lines_by_year(
    years: Sequence[str],
    series: dict[str, Sequence[float]],
    *,
    axis: str,
    text: Callable[[float], str],
    highlighted: str = "",
) -> go.Figure:
    """Draw one line a series over the years, each named at its end.

    Parameters
    ----------
    years : sequence of str
        Labels of the horizontal axis.
    series : dict
        Name to one value a year.
    axis : str
        Title of the vertical axis: measure and unit.
    text : callable
        Writes a value.
    highlighted : str
        The series drawn in the strong colour; if empty, all are.
    """
    something(years)
    something(series)
    chart = style.chart()
    for given, values in series.items():
        name = plain(given)
        strong = not highlighted or given == highlighted
        chart.add_trace(
            go.Scatter(
                x=list(years),
                y=list(values),
                mode="lines+markers",
                line={
                    "color": style.HIGHLIGHT if strong else "#8f8f8f",
                    "width": 4 if strong else 2,
                },
                marker={"size": 9 if strong else 7},
                name=name,
                hovertext=[f"{name}, {y}: {text(v)}" for y, v in zip(years, values, strict=True)],
                hoverinfo="text",
            )
        )
        chart.add_annotation(
            x=years[-1],
            y=values[-1],
            text=f"<b>{name}</b>" if strong else name,
            xanchor="right",
            yanchor="bottom",
            yshift=8,
            showarrow=False,
        )
    chart.update_xaxes(type="category", range=[-0.25, len(years) - 0.7])
    chart.update_yaxes(title_text=axis, rangemode="tozero")
    return chart


def spans(
    names: Sequence[str],
    starts: Sequence[Any],
    ends: Sequence[Any],
    *,
    extent: tuple[str, str],
) -> go.Figure:
    """Draw one span of time a row, its name above it.

    Parameters
    ----------
    names : sequence of str
        What each span stands for, from the top.
    starts, ends : sequence of datetime
        First and last day.
    extent : tuple of str
        First and last day of the axis, as ISO dates.
    """
    something(names)
    texts = [f"{start:%B %Y} to {end:%B %Y}" for start, end in zip(starts, ends, strict=True)]
    chart = style.chart(
        *(
            go.Scatter(
                x=[start, end],
                y=[row, row],
                mode="lines+markers",
                line={"color": style.HIGHLIGHT, "width": 8},
                marker={"size": 9, "symbol": "square", "color": style.HIGHLIGHT},
                hovertext=f"{plain(name)}: {text}",
                hoverinfo="text",
            )
            for row, (name, start, end, text) in enumerate(
                zip(names, starts, ends, texts, strict=True)
            )
        ),
        height=height(names) + FOOT,
    )
    chart.update_xaxes(
        range=list(extent),
        showgrid=True,
        gridcolor=style.GRID,
        tick0=extent[0],
        dtick="M12",
        tickformat="%b<br>%Y",
    )
    write_rows(chart, names)
    return chart
