"""Charts over time: lines by year, spans, and single events."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import plotly.graph_objects as go

from helpers import style
from helpers.plots.rows import FOOT, height, plain, something, write_rows

GAP = "\N{NO-BREAK SPACE}" * 2  # between a dot and its date; plain spaces fold in print


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
    style.set_axes(
        chart,
        x={"type": "category", "range": [-0.25, len(years) - 0.7]},
        y={"title_text": axis, "rangemode": "tozero"},
    )
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
    style.set_axes(
        chart,
        x={
            "range": list(extent),
            "showgrid": True,
            "gridcolor": style.GRID,
            "tick0": extent[0],
            "dtick": "M12",
            "tickformat": "%b<br>%Y",
        },
    )
    write_rows(chart, names)
    return chart


def moments(
    names: Sequence[str],
    days: Sequence[Any],
    texts: Sequence[str],
    planned: Sequence[bool],
) -> go.Figure:
    """Draw one moment a row on a scale of time, its date beside it.

    Parameters
    ----------
    names : sequence of str
        What happened, from the top.
    days : sequence of datetime
        When.
    texts : sequence of str
        When, as it is written.
    planned : sequence of bool
        Whether it was still to come when its source was written: drawn as an open circle.
    """
    something(names)
    first, last = min(days), max(days)
    # A date stands on the side of its dot that has room, and the name of a late one ends at the
    # right, so that name, date and dot stay together on a wide chart and inside a narrow one.
    passed = [(day - first) / ((last - first) or timedelta(days=1)) for day in days]
    room = (last - first) * 0.04
    chart = style.chart(
        go.Scatter(
            x=list(days),
            y=list(range(len(names))),
            mode="markers+text",
            marker={
                "size": 14,
                "color": ["#ffffff" if each else style.HIGHLIGHT for each in planned],
                "line": {"width": 2.5, "color": style.HIGHLIGHT},
            },
            text=[f"{GAP}{plain(text)}{GAP}" for text in texts],
            textposition=["middle left" if part > 1 / 2 else "middle right" for part in passed],
            textfont={"size": 13, "color": style.TEXT},
            cliponaxis=False,
            hovertext=[
                f"{plain(name)}: {plain(text)}{', planned' if ahead else ''}"
                for name, text, ahead in zip(names, texts, planned, strict=True)
            ],
            hoverinfo="text",
        ),
        height=height(names) + FOOT,
    )
    style.set_axes(
        chart,
        x={
            "range": [first - room, last + room],
            "showgrid": True,
            "gridcolor": style.GRID,
            "tickformat": "%Y",
            "nticks": 6,
        },
    )
    write_rows(chart, names)
    for part, name in zip(passed, chart.layout.annotations, strict=True):
        if part > 2 / 3:
            name.update(x=1, xanchor="right", align="right")
    return chart
