"""The few kinds of chart that the book draws, each in one place.

A name stands above its own row rather than beside it, so that a chart reads as well on a
phone as on a desk. Lines and bars are labelled directly; nothing rests on colour alone.
"""

import html
import textwrap
from collections.abc import Callable, Collection, Sequence
from typing import Any

import plotly.graph_objects as go

from helpers import style
from helpers.errors import ExhibitError

LINE = 20  # height of a line of a name, in pixels
BAR = 18  # height of a bar
ROW = 34  # height of what is drawn under a name, with the space around it
FOOT = 56
LABEL_WIDTH = 44  # characters of a name that fit on a line of a phone's chart
LABEL_LINES = 2


def ranked_bars(
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    *,
    axis: str,
    highlighted: Collection[str] = (),
) -> go.Figure:
    """Draw one horizontal bar a name, each with its value written at its end.

    Parameters
    ----------
    names : sequence of str
        What each bar stands for, from the top.
    values : sequence of float
        Length of each bar; negative ones run to the left.
    texts : sequence of str
        Value of each bar as it is written.
    axis : str
        Title of the axis: measure and unit.
    highlighted : collection of str
        Names drawn in the strong colour; if none are, all are.
    """
    _something(names)
    strong = set(highlighted) or set(names)
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.22 * (high - low)
    chart = style.chart(
        go.Bar(
            x=list(values),
            y=list(range(len(names))),
            orientation="h",
            width=_share(names, BAR),
            marker={"color": [style.HIGHLIGHT if n in strong else style.CONTEXT for n in names]},
            text=[f" {text} " for text in texts],
            textposition="outside",
            textfont={"size": 14, "color": style.TEXT},
            cliponaxis=False,
            hovertext=[f"{_plain(n)}: {t}" for n, t in zip(names, texts, strict=True)],
            hoverinfo="text",
        ),
        height=_height(names) + FOOT,
    )
    chart.update_xaxes(
        title_text=axis,
        range=[low - (room if low < 0 else 0), high + (room if high > 0 else 0)],
        showticklabels=False,
        ticks="",
        showline=False,
        zeroline=True,
        zerolinecolor=style.TEXT,
    )
    _rows(chart, names, strong if highlighted else ())
    return chart


def paired_dots(
    names: Sequence[str],
    first: Sequence[float],
    second: Sequence[float],
    labels: tuple[str, str],
    *,
    axis: str,
    extent: tuple[float, float],
) -> go.Figure:
    """Draw two dots a row joined by a line: a filled circle and an open diamond.

    Parameters
    ----------
    names : sequence of str
        What each row stands for, from the top.
    first, second : sequence of float
        Position of the circle and of the diamond.
    labels : tuple of str
        What circle and diamond stand for; written once, at the top row.
    axis : str
        Title of the axis: measure and unit.
    extent : tuple of float
        Range of the axis.
    """
    _something(names)
    rows = list(range(len(names)))
    joins_x: list[float | None] = []
    joins_y: list[float | None] = []
    for row, start, end in zip(rows, first, second, strict=True):
        joins_x += [start, end, None]
        joins_y += [row, row, None]
    chart = style.chart(
        go.Scatter(
            x=joins_x,
            y=joins_y,
            mode="lines",
            line={"color": style.CONTEXT, "width": 3},
            hoverinfo="skip",
            showlegend=False,
        ),
        *(
            go.Scatter(
                x=list(values),
                y=rows,
                mode="markers",
                name=_plain(label),
                marker={
                    "size": 13,
                    "color": colour,
                    "symbol": symbol,
                    "line": {"width": 2, "color": colour},
                },
                hovertext=[
                    f"{_plain(n)}, {_plain(label)}: {v:g}"
                    for n, v in zip(names, values, strict=True)
                ],
                hoverinfo="text",
            )
            for values, label, colour, symbol in (
                (first, labels[0], style.PAIR[0], "circle"),
                (second, labels[1], style.PAIR[1], "diamond-open"),
            )
        ),
        height=_height(names) + FOOT + 40,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False},
    )
    chart.update_xaxes(title_text=axis, range=list(extent), showgrid=True, gridcolor=style.GRID)
    _rows(chart, names)
    return chart


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
    _something(years)
    _something(series)
    chart = style.chart()
    for given, values in series.items():
        name = _plain(given)
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


def columns_by_year(
    years: Sequence[str], values: Sequence[float], *, axis: str, text: Callable[[float], str]
) -> go.Figure:
    """Draw one column a year with its value written on it; deficits hang below zero."""
    _something(years)
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.14 * (high - low)
    chart = style.chart(
        go.Bar(
            x=list(years),
            y=list(values),
            marker={"color": [style.PAIR[0] if v >= 0 else style.PAIR[1] for v in values]},
            text=[text(value) for value in values],
            textposition="outside",
            textfont={"size": 14, "color": style.TEXT},
            cliponaxis=False,
            hovertext=[f"{y}: {text(v)}" for y, v in zip(years, values, strict=True)],
            hoverinfo="text",
        )
    )
    chart.update_xaxes(type="category", side="bottom")
    chart.update_yaxes(title_text=axis, range=[low - (room if low < 0 else 0), high + room])
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
    _something(names)
    texts = [f"{start:%B %Y} to {end:%B %Y}" for start, end in zip(starts, ends, strict=True)]
    chart = style.chart(
        *(
            go.Scatter(
                x=[start, end],
                y=[row, row],
                mode="lines+markers",
                line={"color": style.HIGHLIGHT, "width": 8},
                marker={"size": 9, "symbol": "square", "color": style.HIGHLIGHT},
                hovertext=f"{_plain(name)}: {text}",
                hoverinfo="text",
            )
            for row, (name, start, end, text) in enumerate(
                zip(names, starts, ends, texts, strict=True)
            )
        ),
        height=_height(names) + FOOT,
    )
    chart.update_xaxes(
        range=list(extent),
        showgrid=True,
        gridcolor=style.GRID,
        tick0=extent[0],
        dtick="M12",
        tickformat="%b<br>%Y",
    )
    _rows(chart, names)
    return chart


def level_targets(
    names: Sequence[str],
    targets: Sequence[float],
    baselines: Sequence[float | None],
    implied: Sequence[bool],
) -> go.Figure:
    """Draw targets that are shares: a track from 0 to 100 %, the target, the baseline.

    A filled circle is a printed target, an open one a target implied by words such as
    "all"; a square is a printed baseline.
    """
    _something(names)
    rows = list(range(len(names)))
    track_x: list[float | None] = []
    track_y: list[float | None] = []
    for row in rows:
        track_x += [0, 100, None]
        track_y += [row, row, None]
    chart = style.chart(
        go.Scatter(
            x=track_x,
            y=track_y,
            mode="lines",
            line={"color": style.GRID, "width": 6},
            hoverinfo="skip",
        ),
        height=_height(names) + FOOT + 20,
    )
    for row, target, baseline in zip(rows, targets, baselines, strict=True):
        if baseline is not None:
            chart.add_trace(
                go.Scatter(
                    x=[baseline, target],
                    y=[row, row],
                    mode="lines+markers",
                    line={"color": style.SEQUENTIAL[1], "width": 6},
                    marker={"size": [13, 0], "symbol": "square", "color": style.SEQUENTIAL[1]},
                    hovertext=f"{_plain(names[row])}: from {baseline:g}% to {target:g}%",
                    hoverinfo="text",
                )
            )
    chart.add_trace(
        go.Scatter(
            x=list(targets),
            y=rows,
            mode="markers",
            marker={
                "size": 14,
                "color": ["#ffffff" if each else style.HIGHLIGHT for each in implied],
                "line": {"width": 2.5, "color": style.HIGHLIGHT},
            },
            hovertext=[
                f"{_plain(n)}: target {t:g}%{' (implied)' if i else ''}"
                for n, t, i in zip(names, targets, implied, strict=True)
            ],
            hoverinfo="text",
        )
    )
    chart.add_trace(
        go.Scatter(
            x=[104] * len(rows),
            y=rows,
            mode="text",
            text=[f"{target:g}%" for target in targets],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    chart.update_xaxes(
        title_text="Per cent", range=[-2, 116], tickvals=[0, 25, 50, 75, 100], zeroline=False
    )
    _rows(chart, names)
    return chart


def _something(items: Collection[Any]) -> None:
    """Refuse to draw nothing."""
    if not items:
        raise ExhibitError("a chart needs at least one thing to draw")


def _plain(text: str) -> str:
    """Write a text so that plotly, which reads tags and links in texts, shows it as it is."""
    return html.escape(text, quote=False)


def _lines(names: Sequence[str]) -> int:
    """Return how many lines the longest name takes."""
    return max(len(_wrapped(name)) for name in names)


def _wrapped(name: str) -> list[str]:
    """Break a name into lines; one that needs too many ends in an ellipsis."""
    return textwrap.wrap(name, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder=" …")


def _row(names: Sequence[str]) -> int:
    """Return the height of a row in pixels: the lines of a name and what stands under it."""
    return LINE * _lines(names) + ROW


def _height(names: Sequence[str]) -> int:
    return _row(names) * len(names) + 12


def _share(names: Sequence[str], pixels: int) -> float:
    """Return a height in pixels as a share of a row."""
    return pixels / _row(names)


def _rows(chart: go.Figure, names: Sequence[str], strong: Collection[str] = ()) -> None:
    """Write each name above its row and put the first row at the top."""
    for row, name in enumerate(names):
        text = "<br>".join(_plain(line) for line in _wrapped(name))
        chart.add_annotation(
            xref="paper",
            x=0,
            y=row,
            yshift=BAR / 2 + 3,
            text=f"<b>{text}</b>" if name in strong else text,
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            align="left",
        )
    above = _share(names, LINE * _lines(names) + round(BAR / 2) + 12)
    chart.update_yaxes(
        range=[len(names) - 1 + _share(names, BAR), -above],
        showticklabels=False,
        showgrid=False,
        zeroline=False,
    )
