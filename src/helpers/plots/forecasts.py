"""The forecast chart: what was observed, what is expected, and how sure that is."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from helpers import style
from helpers.plots.rows import plain, something

if TYPE_CHECKING:
    from helpers.forecasts import Forecast

WIDE_BAND, NARROW_BAND = "#d3e2ee", "#9cc0dd"  # tints of the sequence: dark lines stand out on both
MANY = 60  # points, above which markers are left out
LEGEND = 60  # height of the legend, in pixels
# What a label takes of the plot of a phone's chart, in pixels.
LETTER, MARGIN, LETTER_HEIGHT = 7.5, 12, 34
PLOT_WIDTH, PLOT_HEIGHT = 270, 300

Course = tuple[list[date], list[float]]


def forecast_chart(
    values: Iterable[float],
    dates: Iterable[date],
    forecast: "Forecast",
    *,
    axis: str,
    text: Callable[[float], str],
    target: float | None = None,
    target_label: str = "Target",
) -> go.Figure:
    """Draw an observed series and its forecast.

    Parameters
    ----------
    values : iterable of float
        What was observed.
    dates : iterable of date
        When.
    forecast : Forecast
        From `forecasts.forecast`. One with no dates draws nothing.
    axis : str
        Title of the vertical axis: measure and unit.
    text : callable
        Writes a value.
    target : float, optional
        A level to compare with, in the unit of the values.
    target_label : str
        What the target is called; its value is written after it.

    Returns
    -------
    plotly.graph_objects.Figure
        The observed line whole, broken where points are missing; the forecast dashed, in two
        bands that start at the last observed point.
    """
    points = sorted(
        (date(day.year, day.month, day.day), float(value))
        for day, value in zip(dates, values, strict=True)
    )
    something(points)
    observed = [day for day, _ in points], [value for _, value in points]
    chart = style.chart()
    courses = [observed]
    if forecast.dates:
        courses += _draw_forecast(chart, observed, forecast, text)
        _add_legend(chart)
    if target is not None:
        _draw_target(chart, target, f"{plain(target_label)}: {plain(text(target))}", courses)
    chart.add_trace(_observed(observed, text))
    style.set_axes(
        chart,
        x={"type": "date", "tickformat": "%b<br>%Y", "nticks": 6},
        y={"title_text": axis, "zeroline": False},
    )
    return chart


def _add_legend(chart: go.Figure) -> None:
    chart.update_layout(
        height=style.HEIGHT + LEGEND,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "traceorder": "reversed",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )


def _observed(observed: Course, text: Callable[[float], str]) -> go.Scatter:
    days, values = observed
    steps = [_months(before, after) for before, after in pairwise(days)]
    usual = min(steps, default=1)
    x: list[date | None] = [days[0]]
    y: list[float | None] = [values[0]]
    for day, value, step in zip(days[1:], values[1:], steps, strict=True):
        if step > usual:
            x.append(None)
            y.append(None)
        x.append(day)
        y.append(value)
    return go.Scatter(
        x=x,
        y=y,
        mode="lines+markers" if len(days) <= MANY else "lines",
        line={"color": style.HIGHLIGHT, "width": 2.5},
        marker={"size": 6},
        name="Observed",
        hovertext=[
            "" if day is None or value is None else f"{day:%B %Y}: {plain(text(value))}"
            for day, value in zip(x, y, strict=True)
        ],
        hoverinfo="text",
    )


def _draw_forecast(
    chart: go.Figure, observed: Course, forecast: "Forecast", text: Callable[[float], str]
) -> list[Course]:
    """Draw bands and middle, and return the courses that no label may cover."""
    last_day, last_value = observed[0][-1], observed[1][-1]
    days = [last_day, *forecast.dates]
    bands = (
        ("95% interval", forecast.lower_95, forecast.upper_95, WIDE_BAND, "dot"),
        ("80% interval", forecast.lower_80, forecast.upper_80, NARROW_BAND, "solid"),
    )
    for name, lower, upper, colour, dash in bands:
        chart.add_trace(_edge(days, [last_value, *lower], dash))
        chart.add_trace(
            _edge(days, [last_value, *upper], dash).update(
                name=name, fill="tonexty", fillcolor=colour, showlegend=True
            )
        )
    middle = [last_value, *forecast.median]
    chart.add_trace(
        go.Scatter(
            x=days,
            y=middle,
            mode="lines",
            line={"color": style.HIGHLIGHT, "width": 2.5, "dash": "dash"},
            name="Forecast",
            hovertext=[""]
            + [
                f"{day:%B %Y}: {plain(text(value))}, 95% interval {plain(text(lower))} to "
                f"{plain(text(upper))}"
                for day, value, lower, upper in zip(
                    forecast.dates,
                    forecast.median,
                    forecast.lower_95,
                    forecast.upper_95,
                    strict=True,
                )
            ],
            hoverinfo="text",
        )
    )
    return [(days, [last_value, *edge]) for edge in (forecast.lower_95, forecast.upper_95)] + [
        (days, middle)
    ]


def _edge(days: Sequence[date], values: Sequence[float], dash: str) -> go.Scatter:
    return go.Scatter(
        x=list(days),
        y=list(values),
        mode="lines",
        line={"color": style.SEQUENTIAL[1], "width": 1, "dash": dash},
        hoverinfo="skip",
        showlegend=False,
    )


def _draw_target(chart: go.Figure, target: float, label: str, courses: Sequence[Course]) -> None:
    """Draw the target's line, named beside it where nothing is in the way, else in the legend."""
    first = min(days[0] for days, _ in courses)
    last = max(days[-1] for days, _ in courses)
    if first == last:
        first, last = first - timedelta(days=15), last + timedelta(days=15)
    place = _free_place(target, label, first, last, courses)
    chart.add_trace(
        go.Scatter(
            x=[first, last],
            y=[target, target],
            mode="lines",
            line={"color": style.CATEGORICAL[2], "width": 3, "dash": "dot"},
            name=label,
            showlegend=place is None,
            hoverinfo="skip",
        )
    )
    if place is None:
        _add_legend(chart)
        return
    side, level = place
    chart.add_annotation(
        x=first if side == "left" else last,
        y=target,
        text=label,
        xanchor=side,
        yanchor=level,
        yshift=3 if level == "bottom" else -3,
        font={"color": style.CATEGORICAL[2]},
        showarrow=False,
    )


def _free_place(
    target: float, label: str, first: date, last: date, courses: Sequence[Course]
) -> tuple[str, str] | None:
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
    along = np.linspace(0, 1, 400)
    span = (last - first).days
    lines = np.array(
        [
            np.interp(along, [(day - first).days / span for day in days], values, np.nan, np.nan)
            for days, values in courses
        ]
    )
    drawn = [value for _, values in courses for value in values] + [target]
    height = LETTER_HEIGHT / PLOT_HEIGHT * (max(drawn) - min(drawn))
    ends = {"left": along <= width, "right": along >= 1 - width}
    for level in ("bottom", "top"):
        away = lines - target if level == "bottom" else target - lines
        # On the line itself counts as in the way, on both sides of it.
        crossed = (away >= 0) & (away <= height)
        for side, beneath in ends.items():
            if not crossed[:, beneath].any():
                return side, level
    return None


def _months(before: date, after: date) -> int:
    return (after.year - before.year) * 12 + after.month - before.month
