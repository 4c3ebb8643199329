"""Panels of a priority's figures: paths, control charts and forecasts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from helpers import plots
from helpers.plots.paths import Panel, required_chart
from helpers.process_control import ControlChart
from helpers.trajectories.indicators import SHARE, Indicator
from helpers.trajectories.observed import Series, own_series
from helpers.trajectories.outlook import Outlook, control
from helpers.trajectories.required import required_path
from helpers.trajectories.wording import SHORT, chance_words, names, written

MOST_PANELS = 6
MOST_POINTS = 120  # ten years of months


def path_panels(indicators: Sequence[Indicator], as_of: date) -> list[Panel]:
    """Return a panel for each indicator that has a required path, with what was observed."""
    panels = []
    for indicator in indicators:
        path = required_path(indicator, as_of)
        if path is None:
            continue
        series = own_series(indicator.name, as_of)
        seen = (series.dates[-MOST_POINTS:], series.values[-MOST_POINTS:]) if series else ((), ())
        panels.append(
            Panel(
                title=indicator.title,
                chart=required_chart(path, partial(written, indicator.unit), seen),
                scale=indicator.name,
                suffix="%" if indicator.unit == SHARE else "",
            )
        )
    return panels


def control_panels(series: Sequence[Series]) -> list[Panel]:
    """Return a control chart for each series, at most `MOST_PANELS`, the newest points of each."""
    panels = []
    for each, name in list(zip(series, names(series), strict=True))[:MOST_PANELS]:
        chart = control(each)
        said = [SHORT[chart.variation], SHORT.get(chart.assurance, "")]
        panels.append(
            Panel(
                title=f"{name}: {', '.join(word for word in said if word)}",
                chart=plots.control_chart(
                    newest(chart), axis="", text=each.write, target_label=each.target_label
                ),
                scale=each.unit,
                suffix="%" if each.unit == SHARE else "",
            )
        )
    return panels


def forecast_panels(outlooks: Sequence[Outlook]) -> list[Panel]:
    """Return a forecast chart for each series that has one, at most `MOST_PANELS`."""
    made = [each for each in outlooks if each.has_dates]
    labels = names([each.series for each in made])
    return [
        Panel(
            title=f"{name}: {_chance(each)}",
            chart=plots.forecast_chart(
                each.series.values[-MOST_POINTS:],
                each.series.dates[-MOST_POINTS:],
                each.forecast,
                axis="",
                text=each.series.write,
                target=each.series.target,
                target_label=each.series.target_label,
            ),
            scale=each.series.unit,
            suffix="%" if each.series.unit == SHARE else "",
        )
        for each, name in list(zip(made, labels, strict=True))[:MOST_PANELS]
        if each.forecast is not None
    ]


def _chance(each: Outlook) -> str:
    return "no level to reach" if each.chance is None else chance_words(each.chance)


def newest(chart: ControlChart) -> ControlChart:
    """Return the chart with its newest points only; its lines still rest on all."""
    if len(chart.dates) <= MOST_POINTS:
        return chart
    left_out = len(chart.dates) - MOST_POINTS
    return replace(
        chart,
        dates=chart.dates[-MOST_POINTS:],
        values=chart.values[-MOST_POINTS:],
        mean=chart.mean[-MOST_POINTS:],
        lower=chart.lower[-MOST_POINTS:],
        upper=chart.upper[-MOST_POINTS:],
        moving_range=chart.moving_range[-MOST_POINTS:],
        moving_range_mean=chart.moving_range_mean[-MOST_POINTS:],
        moving_range_upper=chart.moving_range_upper[-MOST_POINTS:],
        rules=chart.rules[-MOST_POINTS:],
        signals=chart.signals[-MOST_POINTS:],
        starts=(0, *(start - left_out for start in chart.starts if start > left_out)),
    )
