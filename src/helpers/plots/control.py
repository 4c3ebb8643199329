"""The control chart: points, mean, process limits, and special causes by shape and colour."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import plotly.graph_objects as go

from helpers import style
from helpers.plots.rows import plain
from helpers.process_control import ControlChart, Variation
from helpers.process_control.notes import dates_in_words

LINE = "#8f8f8f"
FEW = 3  # points, below which each is named on the axis
MANY = 60  # points, above which markers shrink
LEGEND = 92  # height of a legend that takes a line an entry, as on a phone, in pixels
# What a label takes of the plot of a phone's chart, in pixels.
LETTER, MARGIN, LETTER_HEIGHT = 7.5, 12, 34
PLOT_WIDTH, PLOT_HEIGHT = 270, 300

# How a point looks and what the legend says of it: shape first, colour second.
KINDS = (
    (
        (Variation.COMMON, Variation.TOO_FEW),
        "Common cause",
        {"symbol": "circle", "color": "#ffffff", "line": {"color": "#6b6b6b", "width": 2}},
    ),
    (
        (Variation.IMPROVING_HIGH, Variation.IMPROVING_LOW),
        "Special cause: improving",
        {"symbol": "diamond", "color": style.PAIR[0]},
    ),
    (
        (Variation.CONCERNING_HIGH, Variation.CONCERNING_LOW),
        "Special cause: concerning",
        {"symbol": "square", "color": style.PAIR[1]},
    ),
    (
        (Variation.NEITHER_HIGH, Variation.NEITHER_LOW),
        "Special cause: neither",
        {"symbol": "triangle-up", "color": style.CATEGORICAL[2]},
    ),
)


def control_chart(
    chart: ControlChart,
    *,
    axis: str,
    text: Callable[[float], str],
    target_label: str = "Target",
) -> go.Figure:
    """Draw an XmR chart.

    Parameters
    ----------
    chart : ControlChart
        From `process_control.xmr`.
    axis : str
        Title of the vertical axis: measure and unit.
    text : callable
        Writes a value.
    target_label : str
        What the target is called; its value is written after it.
    """
    words = dates_in_words(chart.dates)
    figure = style.chart(_course(chart), *_levels(chart, text))
    if chart.target is not None:
        label = f"{plain(target_label)}: {plain(text(chart.target))}"
        _draw_target(figure, chart, chart.target, label)
    figure.add_traces(_points(chart, words, text))
    figure.update_layout(
        height=style.HEIGHT + LEGEND,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    dates = {"tickvals": list(chart.dates)} if len(chart.dates) < FEW else {}
    style.set_axes(
        figure,
        x={"type": "date", "tickformat": "%b<br>%Y", "nticks": 6, **dates},
        y={"title_text": axis, "zeroline": False},
    )
    return figure


def _levels(chart: ControlChart, text: Callable[[float], str]) -> list[go.Scatter]:
    """Draw mean and limits, broken where they are calculated anew."""
    latest = "latest " if len(chart.starts) > 1 else ""
    drawn = [(chart.mean, f"Mean ({latest}{text(chart.mean[-1])})", "solid", True)]
    if chart.upper:
        limits = f"Process limits ({latest}{text(chart.lower[-1])} to {text(chart.upper[-1])})"
        drawn += [(chart.upper, limits, "dash", True), (chart.lower, limits, "dash", False)]
    one = len(chart.dates) == 1
    return [
        go.Scatter(
            x=_ends(chart) if one else _broken(chart.dates, chart.starts),
            y=[level[0], level[0]] if one else _broken(level, chart.starts),
            mode="lines",
            line={"color": style.TEXT, "width": 2, "dash": dash},
            name=plain(name),
            showlegend=listed,
            hoverinfo="skip",
        )
        for level, name, dash, listed in drawn
    ]


def _broken(entries: Sequence[object], starts: Sequence[int]) -> list[object]:
    """Put a gap before each section but the first."""
    result: list[object] = []
    for position, entry in enumerate(entries):
        if position in starts[1:]:
            result.append(None)
        result.append(entry)
    return result


def _ends(chart: ControlChart) -> list[date]:
    """Return first and last day, or the days around a single one, so that a line has a length."""
    around = timedelta(days=15 if len(chart.dates) == 1 else 0)
    return [chart.dates[0] - around, chart.dates[-1] + around]


def _course(chart: ControlChart) -> go.Scatter:
    return go.Scatter(
        x=list(chart.dates),
        y=list(chart.values),
        mode="lines",
        line={"color": LINE, "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )


def _points(
    chart: ControlChart, words: Sequence[str], text: Callable[[float], str]
) -> list[go.Scatter]:
    """Draw the points, one trace a kind that occurs."""
    traces = []
    few = len(chart.dates) <= MANY
    for readings, name, marker in KINDS:
        found = [row for row, signal in enumerate(chart.signals) if signal in readings]
        if not found:
            continue
        special = chart.signals[found[0]].special
        traces.append(
            go.Scatter(
                x=[chart.dates[row] for row in found],
                y=[chart.values[row] for row in found],
                mode="markers",
                name=name if chart.upper else "Value",
                marker={"size": (12 if special else 8) if few else (8 if special else 4), **marker},
                hovertext=[_hover(chart, row, words, text) for row in found],
                hoverinfo="text",
            )
        )
    return traces


def _hover(
    chart: ControlChart, row: int, words: Sequence[str], text: Callable[[float], str]
) -> str:
    rules = "".join(f"<br>{rule.value}" for rule in chart.rules[row])
    return f"{words[row]}: {plain(text(chart.values[row]))}{rules}"


def _draw_target(figure: go.Figure, chart: ControlChart, target: float, label: str) -> None:
    """Draw the target, named beside its line where nothing is in the way, else in the legend."""
    days = _ends(chart)
    place = _free_place(chart, target, label)
    figure.add_trace(
        go.Scatter(
            x=days,
            y=[target, target],
            mode="lines",
            line={"color": style.CATEGORICAL[2], "width": 3, "dash": "dot"},
            name=label,
            showlegend=place is None,
            hoverinfo="skip",
        )
    )
    if place:
        side, level = place
        figure.add_annotation(
            x=days[0] if side == "left" else days[-1],
            y=target,
            text=label,
            xanchor=side,
            yanchor=level,
            yshift=3 if level == "bottom" else -3,
            font={"color": style.CATEGORICAL[2]},
            showarrow=False,
        )


def _free_place(chart: ControlChart, target: float, label: str) -> tuple[str, str] | None:
    """Find an end of the target's line, and a side of it, where a phone has room for a label.

    Returns
    -------
    tuple of str, or None
        Anchors of the label: ``left`` or ``right``, ``bottom`` (above the line) or ``top``.
    """
    import numpy as np

    width = (len(label) * LETTER + MARGIN) / PLOT_WIDTH  # as a share of the time shown
    if width > 1:
        return None
    time = np.array(chart.dates, dtype="datetime64[D]").astype(float)
    time = (time - time[0]) / ((time[-1] - time[0]) or 1)
    along = np.union1d(time, np.linspace(0, 1, 400))
    lines = [chart.values, chart.mean, *([chart.lower, chart.upper] if chart.upper else [])]
    courses = np.array([np.interp(along, time, line) for line in lines])
    drawn = np.append(courses, target)
    height = LETTER_HEIGHT / PLOT_HEIGHT * ((drawn.max() - drawn.min()) or 1)
    outward = ("bottom", "top") if target >= chart.mean[-1] else ("top", "bottom")
    ends = {"right": along >= 1 - width, "left": along <= width}
    for level in outward:
        above, below = (height, 0.0) if level == "bottom" else (0.0, height)
        inside = (courses > target - below) & (courses < target + above)
        for side, beneath in ends.items():
            if not inside[:, beneath].any():
                return side, level
    return None
