"""Charts of dots on a scale: pairs, and targets with their starting points."""

from collections.abc import Collection, Sequence

import plotly.graph_objects as go

from helpers import style
from helpers.plots.rows import FOOT, height, plain, something, write_rows


def paired_dots(
    names: Sequence[str],
    first: Sequence[float],
    second: Sequence[float],
    labels: tuple[str, str],
    *,
    axis: str,
    extent: tuple[float, float],
    highlighted: Collection[str] = (),
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
    highlighted : collection of str
        Names written in bold.
    """
    something(names)
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
                name=plain(label),
                marker={
                    "size": 13,
                    "color": colour,
                    "symbol": symbol,
                    "line": {"width": 2, "color": colour},
                },
                hovertext=[
                    f"{plain(n)}, {plain(label)}: {v:g}" for n, v in zip(names, values, strict=True)
                ],
                hoverinfo="text",
            )
            for values, label, colour, symbol in (
                (first, labels[0], style.PAIR[0], "circle"),
                (second, labels[1], style.PAIR[1], "diamond-open"),
            )
        ),
        height=height(names) + FOOT + 40,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False},
    )
    style.set_axes(
        chart,
        x={"title_text": axis, "range": list(extent), "showgrid": True, "gridcolor": style.GRID},
    )
    write_rows(chart, names, highlighted)
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
    something(names)
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
        height=height(names) + FOOT + 20,
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
                    hovertext=f"{plain(names[row])}: from {baseline:g}% to {target:g}%",
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
                f"{plain(n)}: target {t:g}%{' (implied)' if i else ''}"
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
    style.set_axes(
        chart,
        x={
            "title_text": "Per cent",
            "range": [-2, 116],
            "tickvals": [0, 25, 50, 75, 100],
            "zeroline": False,
        },
    )
    write_rows(chart, names)
    return chart
