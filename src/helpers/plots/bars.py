"""Charts of bars: ranked ones, and one column a year."""

from collections.abc import Callable, Collection, Mapping, Sequence

import plotly.graph_objects as go

from helpers import style
from helpers.errors import ExhibitError
from helpers.plots.rows import BAR, FOOT, height, plain, share, something, write_rows

# Colour of each part of a divided bar and of the number on it.
PARTS = ((style.PAIR[0], "#ffffff"), (style.SEQUENTIAL[2], style.TEXT), (style.PAIR[1], style.TEXT))


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
    something(names)
    strong = set(highlighted) or set(names)
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.22 * (high - low)
    chart = style.chart(
        go.Bar(
            x=list(values),
            y=list(range(len(names))),
            orientation="h",
            width=share(names, BAR),
            marker={"color": [style.HIGHLIGHT if n in strong else style.CONTEXT for n in names]},
            text=[f" {text} " for text in texts],
            textposition="outside",
            textfont={"size": 14, "color": style.TEXT},
            cliponaxis=False,
            hovertext=[f"{plain(n)}: {t}" for n, t in zip(names, texts, strict=True)],
            hoverinfo="text",
        ),
        height=height(names) + FOOT,
    )
    style.set_axes(
        chart,
        x={
            "title_text": axis,
            "range": [low - (room if low < 0 else 0), high + (room if high > 0 else 0)],
            "showticklabels": False,
            "ticks": "",
            "showline": False,
            "zeroline": True,
            "zerolinecolor": style.TEXT,
        },
    )
    write_rows(chart, names, strong if highlighted else ())
    return chart


def columns_by_year(
    years: Sequence[str], values: Sequence[float], *, axis: str, text: Callable[[float], str]
) -> go.Figure:
    """Draw one column a year with its value written on it; deficits hang below zero."""
    something(years)
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
    style.set_axes(
        chart,
        x={"type": "category", "side": "bottom"},
        y={"title_text": axis, "range": [low - (room if low < 0 else 0), high + room]},
    )
    return chart


def divided_bars(
    names: Sequence[str], parts: Mapping[str, Sequence[int]], *, axis: str
) -> go.Figure:
    """Draw one horizontal bar a name, divided into counted parts with the count on each.

    Parameters
    ----------
    names : sequence of str
        What each bar stands for, from the top.
    parts : mapping
        What each part is, at most three, to one count a name; nought draws nothing.
    axis : str
        Title of the axis: what is counted.
    """
    something(names)
    something(parts)
    if len(parts) > len(PARTS):
        raise ExhibitError(f"a bar has at most {len(PARTS)} parts")
    chart = style.chart(
        *(
            go.Bar(
                x=list(counts),
                y=list(range(len(names))),
                orientation="h",
                width=share(names, BAR),
                name=plain(part),
                marker={"color": fill, "line": {"width": 2, "color": "#ffffff"}},
                text=[str(count) if count else "" for count in counts],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"size": 14, "color": ink},
                hovertext=[
                    f"{plain(n)}, {plain(part)}: {c}" for n, c in zip(names, counts, strict=True)
                ],
                hoverinfo="text",
            )
            for (part, counts), (fill, ink) in zip(parts.items(), PARTS, strict=False)
        ),
        barmode="stack",
        height=height(names) + 2 * FOOT,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yanchor": "top",
            "traceorder": "normal",
            "itemclick": False,
        },
    )
    style.set_axes(
        chart,
        x={
            "title_text": axis,
            "side": "top",
            "showticklabels": False,
            "ticks": "",
            "showline": False,
        },
    )
    write_rows(chart, names)
    return chart
