"""Charts of a course over time, one under another: required paths, and whole charts stacked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from helpers import style
from helpers.plots.rows import LINE, plain, something, wrapped

if TYPE_CHECKING:
    from helpers.trajectories import RequiredPath

TALLEST = 990  # height of a stack that fits on a printed page, in pixels
PANEL, LEAST_PANEL = 150, 60  # height of what is drawn in a panel, in pixels
GAP = 26  # between a panel and the title of the next
HEAD, LEGEND_LINE, FOOT = 8, 20, 44
DAY_HEAD = 32  # room above a chart for the name of a marked day


@dataclass(frozen=True)
class Panel:
    """One chart of a stack.

    Attributes
    ----------
    title : str
        What it shows; stands above it.
    chart : plotly.graph_objects.Figure
        Traces over time on one pair of axes.
    scale : str
        Panels of one scale share the range of their vertical axes, such as their unit.
    suffix : str
        Written after each number of the vertical axis.
    """

    title: str
    chart: go.Figure
    scale: str
    suffix: str = ""


def stacked(panels: Sequence[Panel], *, extent: tuple[date, date] | None = None) -> go.Figure:
    """Draw whole charts one under another, on one axis of time, with one legend.

    Entries of the legend lose what stands in brackets, which differs from panel to panel, and
    labels beside lines move into it.

    Parameters
    ----------
    panels : sequence of Panel
        The charts, from the top.
    extent : tuple of date, optional
        First and last day of the axis of time.
    """
    something(panels)
    titles = [wrapped(panel.title) for panel in panels]
    names = {_entry(trace): None for panel in panels for trace in panel.chart.data if trace.name}
    # On a phone the legend takes a line an entry.
    head = HEAD + LEGEND_LINE * len(names)
    room = (TALLEST - head - FOOT - sum(LINE * len(lines) + GAP for lines in titles)) / len(panels)
    drawn = min(PANEL, max(LEAST_PANEL, int(room)))
    heights = [LINE * len(lines) + drawn + GAP for lines in titles]
    height = head + sum(heights) + FOOT
    plot = height - head - FOOT
    traces: list[go.Scatter] = []
    axes: dict[str, Any] = {}
    heads: list[dict[str, Any]] = []
    listed: set[str] = set()
    top = 1.0
    for number, (panel, lines) in enumerate(zip(panels, titles, strict=True), start=1):
        axis = "" if number == 1 else str(number)
        upper = top - LINE * len(lines) / plot
        lower = upper - drawn / plot
        for trace in panel.chart.data:
            name = _entry(trace)
            shown = bool(name) and name not in listed and trace.showlegend is not False
            if _is_target(trace):
                shown = name not in listed
            listed |= {name} if shown else set()
            place = {"xaxis": "x", "yaxis": f"y{axis}"}
            said = {"name": name, "showlegend": shown, "legendgroup": name}
            traces.append(go.Scatter({**trace.to_plotly_json(), **place, **said}))
        axes[f"yaxis{axis}"] = {
            "domain": [max(0.0, lower), upper],
            "range": _range([each for each in panels if each.scale == panel.scale]),
            "ticksuffix": panel.suffix,
            "nticks": 4,
            "zeroline": False,
            "anchor": "x",
        }
        heads.append(
            {
                "xref": "paper",
                "x": 0,
                "yref": "paper",
                "y": upper,
                "yshift": 4,
                "text": "<br>".join(plain(line) for line in lines),
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "bottom",
                "align": "left",
            }
        )
        top -= heights[number - 1] / plot
    last = f"y{len(panels)}" if len(panels) > 1 else "y"
    # All at once: plotly checks a chart again for each piece that is added to it.
    return style.chart(
        *traces,
        **axes,
        annotations=heads,
        height=height,
        margin={"l": 12, "r": 24, "t": head, "b": FOOT, "pad": 4},
        xaxis={
            "type": "date",
            "tickformat": "%b<br>%Y",
            "nticks": 6,
            "showgrid": True,
            "gridcolor": style.GRID,
            "anchor": last,
            "range": list(extent) if extent else None,
        },
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1 + 8 / plot,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )


def required_chart(
    path: "RequiredPath",
    text: Callable[[float], str],
    observed: tuple[Sequence[date], Sequence[float]] = ((), ()),
) -> go.Figure:
    """Draw a required path: a square at its start, a circle at its target, a line between.

    For shares a dashed curve shows the logistic path; what was observed is drawn in diamonds.

    Parameters
    ----------
    path : RequiredPath
        From `trajectories.required_path`.
    text : callable
        Writes a value.
    observed : tuple of two sequences
        Days and values that were observed.
    """
    days = [path.start, *path.quarters(), path.end]
    chart = style.chart(_course(days, [path.straight(day) for day in days], "solid", text))
    if path.is_share:
        chart.add_trace(_course(days, [path.logistic(day) for day in days], "dash", text))
    if observed[0]:
        chart.add_trace(
            _points(observed[0], observed[1], "Observed", "diamond", style.PAIR[1], text)
        )
    chart.add_trace(
        _points([path.start], [path.first], "Starting point", "square", style.HIGHLIGHT, text)
    )
    chart.add_trace(_points([path.end], [path.last], "Target", "circle", style.HIGHLIGHT, text))
    return chart


def mark_day(chart: go.Figure, day: date, words: str) -> None:
    """Draw an upright line at a day, named above the chart, behind all else.

    A day outside the axis of time, which must have a range, is left out.
    """
    first, last = (date.fromisoformat(str(end)[:10]) for end in chart.layout.xaxis.range)
    if not first <= day <= last:
        return
    late = (day - first) > (last - day)
    # Set at once: plotly's own ways of adding them take twenty times as long.
    line = {
        "type": "line",
        "layer": "below",
        "line": {"color": style.TEXT, "width": 1.5, "dash": "dot"},
        "xref": "x",
        "x0": day.isoformat(),
        "x1": day.isoformat(),
        "yref": "y domain",
        "y0": 0,
        "y1": 1,
    }
    name = {
        "xref": "x",
        "x": day.isoformat(),
        "yref": "paper",
        "y": 1,
        "text": plain(words),
        "showarrow": False,
        "xanchor": "right" if late else "left",
        "yanchor": "bottom",
    }
    chart.layout.shapes = (*chart.layout.shapes, line)
    chart.layout.annotations = (*chart.layout.annotations, name)
    chart.layout.margin.t = DAY_HEAD


def _course(
    days: Sequence[date], values: Sequence[float], dash: str, text: Callable[[float], str]
) -> go.Scatter:
    name = "Straight path" if dash == "solid" else "Logistic path"
    return go.Scatter(
        x=list(days),
        y=list(values),
        mode="lines",
        name=name,
        line={"color": style.SEQUENTIAL[1], "width": 2.5, "dash": dash},
        hovertext=[
            f"{name}, {day:%B %Y}: {plain(text(value))}"
            for day, value in zip(days, values, strict=True)
        ],
        hoverinfo="text",
    )


def _points(
    days: Sequence[date],
    values: Sequence[float],
    name: str,
    symbol: str,
    colour: str,
    text: Callable[[float], str],
) -> go.Scatter:
    return go.Scatter(
        x=list(days),
        y=list(values),
        mode="markers",
        name=name,
        marker={"size": 11, "symbol": symbol, "color": colour},
        hovertext=[
            f"{name}, {day:%B %Y}: {plain(text(value))}"
            for day, value in zip(days, values, strict=True)
        ],
        hoverinfo="text",
        cliponaxis=False,
    )


def _entry(trace: go.Scatter) -> str:
    """Return a trace's name without what stands in brackets."""
    return (trace.name or "").partition(" (")[0]


def _is_target(trace: go.Scatter) -> bool:
    """Tell a target's line, which a single chart may label beside the line instead."""
    return bool(trace.name) and trace.line.dash == "dot" and trace.mode == "lines"


def _range(panels: Sequence[Panel]) -> list[float]:
    values = [
        value
        for panel in panels
        for trace in panel.chart.data
        for value in trace.y
        if value is not None
    ]
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or abs(high) * 0.1 or 1.0
    return [low - room, high + room]
