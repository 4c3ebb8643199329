"""The few kinds of chart that the book draws, each in one place.

Names stand above their rows, lines and bars are labelled directly, and nothing rests on
colour alone.
"""

from helpers.plots.bars import columns_by_year, divided_bars, ranked_bars
from helpers.plots.control import control_chart
from helpers.plots.dots import level_targets, paired_dots
from helpers.plots.forecasts import forecast_chart
from helpers.plots.intervals import histogram, interval_rows, swing_bars
from helpers.plots.matrices import count_matrix, mark_matrix
from helpers.plots.strips import Strip, strip_dots
from helpers.plots.times import lines_by_year, moments, spans

__all__ = [
    "Strip",
    "columns_by_year",
    "control_chart",
    "count_matrix",
    "divided_bars",
    "forecast_chart",
    "histogram",
    "interval_rows",
    "level_targets",
    "lines_by_year",
    "mark_matrix",
    "moments",
    "paired_dots",
    "ranked_bars",
    "spans",
    "strip_dots",
    "swing_bars",
]
