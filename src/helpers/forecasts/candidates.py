"""The models that a forecast is chosen from, the simplest first.

Each takes evenly spaced values and says, for every step ahead, where the middle of the
outcomes lies and how far they spread: a Student's t distribution, because the spread is itself
estimated from few values.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np


class NotFittedError(Exception):
    """A model could not be fitted to the values."""


@dataclass(frozen=True)
class Predictive:
    """What a model expects, on its modelling scale.

    Attributes
    ----------
    middle, spread : numpy.ndarray
        Centre and scale of the distribution, one number a step ahead.
    freedom : int
        Degrees of freedom of its Student's t.
    """

    middle: np.ndarray
    spread: np.ndarray
    freedom: int


Model = Callable[[np.ndarray, int, int], Predictive]


def last_value(values: np.ndarray, steps: int, season: int) -> Predictive:
    """Carry the last value forward (the naive forecast).

    Parameters
    ----------
    values : numpy.ndarray
        Values in order, evenly spaced.
    steps : int
        How many steps ahead.
    season : int
        Values a year; not used here.
    """
    changes = np.diff(values)
    spread = np.sqrt(np.mean(changes**2) * np.arange(1, steps + 1))
    return Predictive(np.full(steps, values[-1]), spread, len(changes))


def year_earlier(values: np.ndarray, steps: int, season: int) -> Predictive:
    """Repeat the values of the year before (the seasonal naive forecast).

    Parameters
    ----------
    values : numpy.ndarray
        Values in order, a year or more; the spread is only known from more than a year.
    steps : int
        How many steps ahead.
    season : int
        Values a year.
    """
    ahead = np.arange(steps)
    changes = values[season:] - values[:-season]
    variance = np.mean(changes**2) if len(changes) else np.nan
    return Predictive(
        values[-season:][ahead % season],
        np.sqrt(variance * (ahead // season + 1)),
        len(changes),
    )


def straight_line(values: np.ndarray, steps: int, season: int) -> Predictive:
    """Continue the line from the first value to the last (the drift forecast).

    Parameters
    ----------
    values : numpy.ndarray
        Values in order, evenly spaced.
    steps : int
        How many steps ahead.
    season : int
        Values a year; not used here.
    """
    changes = np.diff(values)
    ahead = np.arange(1, steps + 1)
    # The slope is an average of these changes: its own error grows with the distance.
    variance = np.var(changes, ddof=1) * ahead * (1 + ahead / len(changes))
    return Predictive(values[-1] + np.mean(changes) * ahead, np.sqrt(variance), len(changes) - 1)


def _fitted(model: Any, **settings: Any) -> Any:
    """Fit a statsmodels model; whatever it warns of while fitting means that it has failed."""
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        warnings.simplefilter("error", RuntimeWarning)
        try:
            return model.fit(disp=0, **settings)
        # scipy and numpy refuse numbers that the search has driven out of range by ValueError.
        except (ConvergenceWarning, RuntimeWarning, np.linalg.LinAlgError, ValueError) as problem:
            raise NotFittedError(str(problem)) from problem


def _standardised(model: Callable[[np.ndarray, int], Predictive]) -> Model:
    """Let a model work on values of mean 0 and deviation 1, whatever their size is.

    Values that are all equal have no deviation: every model then expects no change.
    """

    def predict(values: np.ndarray, steps: int, season: int) -> Predictive:
        if np.ptp(values) == 0:
            return last_value(values, steps, season)
        mean, deviation = values.mean(), values.std()
        result = model((values - mean) / deviation, steps)
        if not (np.isfinite(result.middle).all() and np.isfinite(result.spread).all()):
            raise NotFittedError("the forecast is not a number")
        return Predictive(
            mean + deviation * result.middle, deviation * result.spread, result.freedom
        )

    predict.__doc__ = model.__doc__
    return predict


def _exponential_smoothing(
    values: np.ndarray, steps: int, parameters: int, **form: Any
) -> Predictive:
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    count = len(values)
    fitted = _fitted(ETSModel(pd.Series(values), error="add", **form))
    ahead = fitted.get_prediction(start=count, end=count + steps - 1)
    # The variance comes as a mean of squares; parameters estimated from few values make
    # that too small.
    variance = np.asarray(ahead.forecast_variance) * count / (count - parameters)
    return Predictive(ahead.predicted_mean.to_numpy(), np.sqrt(variance), count - parameters)


def _smoothed_level(values: np.ndarray, steps: int) -> Predictive:
    """Follow the level by exponential smoothing."""
    # Smoothing weight and first level.
    return _exponential_smoothing(values, steps, 2)


def _fading_trend(values: np.ndarray, steps: int) -> Predictive:
    """Follow level and trend by exponential smoothing; the trend fades."""
    # Two smoothing weights, damping, first level and first trend.
    return _exponential_smoothing(values, steps, 5, trend="add", damped_trend=True)


def _local_linear_trend(values: np.ndarray, steps: int) -> Predictive:
    """Let level and slope wander, each by its own variance (a state space model)."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    # Starting with most of the variance in the values and little in the slope, the search
    # ends at the likelihood's maximum twice as fast as from statsmodels' own start. Where a
    # variance comes so near to 0 that the gradient fails, Powell's method does without one.
    settings = {"start_params": [0.5, 0.3, 0.01], "cov_type": "none"}
    model = UnobservedComponents(values, "local linear trend")
    try:
        fitted = _fitted(model, **settings)
    except NotFittedError:
        fitted = _fitted(model, method="powell", maxfun=300, **settings)
    ahead = fitted.get_forecast(steps)
    return Predictive(
        np.asarray(ahead.predicted_mean),
        np.sqrt(ahead.var_pred_mean),
        len(values) - len(model.param_names),
    )


LAST_VALUE = "Last value carried forward"
YEAR_EARLIER = "Same as a year earlier"
# Simplest first: of models that do nearly as well, the first one is taken.
CANDIDATES: Mapping[str, Model] = MappingProxyType(
    {
        LAST_VALUE: last_value,
        YEAR_EARLIER: year_earlier,
        "Straight line from first to last value": straight_line,
        "Smoothed level": _standardised(_smoothed_level),
        "Smoothed level with a fading trend": _standardised(_fading_trend),
        "Local linear trend": _standardised(_local_linear_trend),
    }
)
