"""Forecasts of monthly and quarterly series, chosen by what would have worked so far.

A few simple models forecast the series again from earlier points, knowing nothing later. The
one with the smallest mean absolute error is taken, or the simplest of those nearly as good.
It forecasts no further ahead than it could be tested. Its intervals come from the model and
are widened where its errors in the test were larger than it said. Shares are modelled on a
logit scale, so that no forecast and no interval leaves 0 to 100 per cent. The coverage of the
intervals is measured by simulation: docs/forecast-coverage.md.
"""

from helpers.forecasts.backtest import Tested
from helpers.forecasts.history import FEWEST, points_needed
from helpers.forecasts.result import Forecast, forecast

__all__ = ["FEWEST", "Forecast", "Tested", "forecast", "points_needed"]
