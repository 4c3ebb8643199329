"""The few kinds of chart that the book draws, each in one place.

Names stand above their rows, lines and bars are labelled directly, and nothing rests on
colour alone.
"""

from helpers.plots.bars import columns_by_year, ranked_bars
from helpers.plots.dots import level_targets, paired_dots
from helpers.plots.times import lines_by_year, spans

__all__ = [
    "columns_by_year",
    "level_targets",
    "lines_by_year",
    "paired_dots",
    "ranked_bars",
    "spans",
]
