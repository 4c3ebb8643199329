"""The few kinds of chart that the book draws, each in one place.

Names stand above their rows, lines and bars are labelled directly, and nothing rests on
colour alone.
"""

from helpers.plots.bars import columns_by_year, divided_bars, ranked_bars
from helpers.plots.dots import level_targets, paired_dots
from helpers.plots.matrices import count_matrix, mark_matrix
from helpers.plots.times import lines_by_year, moments, spans

__all__ = [
    "columns_by_year",
    "count_matrix",
    "divided_bars",
    "level_targets",
    "lines_by_year",
    "mark_matrix",
    "moments",
    "paired_dots",
    "ranked_bars",
    "spans",
]
