"""Charts of what may come: swings around a value, intervals, and a distribution."""

import itertools
import math
from collections.abc import Callable, Collection, Sequence

import plotly.graph_objects as go

from helpers import prose, style
from helpers.plots.rows import BAR, FOOT, height, plain, share, something, write_rows

Write = Callable[[float], str]


def swing_bars(
    names: Sequence[str],
    lows: Sequence[float],
    highs: Sequence[float],
    centre: float,
    *,
    axis: str,
    text: Write,
) -> go.Figure:
    """Draw one bar a name from its low to its high end, with a line at what is assumed.

    Parameters
    ----------
    names : sequence of str
        What each bar stands for, from the top.
    lows, highs : sequence of float
        Ends of each bar; written beside them unless they are the centre itself.
    centre : float
        Where the line stands.
    axis : str
        Title of the axis: measure and unit.
    text : callable
        Writes a value.
    """
    something(names)
    rows = list(range(len(names)))
    least, most = min(centre, *lows, *highs), max(centre, *lows, *highs)
    room = 0.3 * (most - least) or abs(centre) * 0.3 or 1.0
    chart = style.chart(
        go.Bar(
            x=[high - low for low, high in zip(lows, highs, strict=True)],
            base=list(lows),
            y=rows,
            orientation="h",
            width=share(names, BAR),
            marker={"color": style.HIGHLIGHT},
            hovertext=[
                f"{plain(n)}: {text(low)} to {text(high)}"
                for n, low, high in zip(names, lows, highs, strict=True)
            ],
            hoverinfo="text",
        ),
        *(
            go.Scatter(
                x=list(ends),
                y=rows,
                mode="text",
                text=["" if text(end) == text(centre) else f" {text(end)} " for end in ends],
                textposition=side,
                textfont={"size": 13, "color": style.TEXT},
                cliponaxis=False,
                hoverinfo="skip",
            )
            for ends, side in (
                ([min(pair) for pair in zip(lows, highs, strict=True)], "middle left"),
                ([max(pair) for pair in zip(lows, highs, strict=True)], "middle right"),
            )
        ),
        height=height(names) + FOOT,
    )
    chart.add_vline(x=centre, line={"color": style.TEXT, "width": 1.5, "dash": "dot"})
    style.set_axes(
        chart,
        x={
            "title_text": f"{axis} (dotted: {text(centre)}, as assumed)",
            "range": [least - room, most + room],
            "showticklabels": False,
            "ticks": "",
            "showline": False,
        },
    )
    write_rows(chart, names)
    chart.update_shapes(layer="below")
    return chart


def interval_rows(
    names: Sequence[str],
    lows: Sequence[float],
    middles: Sequence[float],
    highs: Sequence[float],
    *,
    axis: str,
    text: Write,
    highlighted: Collection[str] = (),
) -> go.Figure:
    """Draw an interval a name with a dot at its middle, all three written.

    Parameters
    ----------
    names : sequence of str
        What each row stands for, from the top.
    lows, middles, highs : sequence of float
        Of each interval.
    axis : str
        Title of the axis: measure and unit.
    text : callable
        Writes a value.
    highlighted : collection of str
        Names drawn in the strong colour; if none are, all are.
    """
    something(names)
    strong = set(highlighted) or set(names)
    colours = [style.HIGHLIGHT if name in strong else style.CATEGORICAL[4] for name in names]
    least, most = min(0.0, *lows), max(0.0, *highs)
    room = 0.24 * (most - least) or 1.0
    chart = style.chart(
        *(
            go.Scatter(
                x=[low, high],
                y=[row, row],
                mode="lines",
                line={"color": colour, "width": 5},
                hovertext=f"{plain(name)}: {text(low)} to {text(high)}",
                hoverinfo="text",
            )
            for row, (name, low, high, colour) in enumerate(
                zip(names, lows, highs, colours, strict=True)
            )
        ),
        go.Scatter(
            x=list(middles),
            y=list(range(len(names))),
            mode="markers",
            marker={"size": 13, "color": "#ffffff", "line": {"width": 3, "color": colours}},
            hovertext=[f"{plain(n)}: {text(m)}" for n, m in zip(names, middles, strict=True)],
            hoverinfo="text",
        ),
        go.Scatter(
            x=list(highs),
            y=list(range(len(names))),
            mode="text",
            text=[
                f"  {text(middle)} ({text(low)} to {text(high)})"
                for low, middle, high in zip(lows, middles, highs, strict=True)
            ],
            textposition="middle right",
            textfont={"size": 12, "color": style.TEXT},
            cliponaxis=False,
            hoverinfo="skip",
        ),
        height=height(names) + FOOT,
    )
    style.set_axes(
        chart,
        x={
            "title_text": axis,
            "range": [least, most + 3 * room],
            "showticklabels": False,
            "ticks": "",
            "showline": False,
            "zeroline": True,
            "zerolinecolor": style.TEXT,
        },
    )
    write_rows(chart, names, strong if highlighted else ())
    return chart


def histogram(
    edges: Sequence[float],
    shares: Sequence[float],
    marks: tuple[tuple[float, str], tuple[float, str]],
    *,
    axis: str,
) -> go.Figure:
    """Draw a distribution as columns side by side, with lines at two named values.

    Parameters
    ----------
    edges : sequence of float
        Edges of the columns, one more than there are columns.
    shares : sequence of float
        Per cent of the draws in each column.
    marks : tuple of two tuples
        Value and name of the left and of the right line.
    axis : str
        Title of the horizontal axis: measure and unit.
    """
    something(shares)
    columns = list(itertools.pairwise(edges))
    # As many decimals as it takes to tell one edge from the next.
    decimals = max(0, -math.floor(math.log10(edges[1] - edges[0])))
    chart = style.chart(
        go.Bar(
            x=[(low + high) / 2 for low, high in columns],
            y=list(shares),
            width=[high - low for low, high in columns],
            marker={"color": style.SEQUENTIAL[2], "line": {"width": 1, "color": "#ffffff"}},
            hovertext=[
                f"{prose.number(low, decimals)} to {prose.number(high, decimals)}: "
                f"{prose.percent(part, 1)}"
                for (low, high), part in zip(columns, shares, strict=True)
            ],
            hoverinfo="text",
        ),
        bargap=0,
    )
    top = max(shares)
    for value, _ in marks:
        chart.add_vline(x=value, line={"color": style.TEXT, "width": 2, "dash": "dot"})
    for level, side, (_, name) in zip((1.24, 1.13), ("left", "right"), marks, strict=True):
        chart.add_annotation(
            x=0 if side == "left" else 1,
            xref="paper",
            y=top * level,
            text=plain(name),
            showarrow=False,
            xanchor=side,
            bgcolor="#ffffff",
        )
    style.set_axes(
        chart,
        x={"title_text": axis, "showgrid": False, "range": [edges[0], edges[-1]]},
        y={"title_text": "Per cent of draws", "range": [0, top * 1.32]},
    )
    return chart
