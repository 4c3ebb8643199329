"""A forecast: what to expect, how sure that is, and how it was found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers import prose
from helpers.errors import EvidenceError
from helpers.forecasts.backtest import Choice, Tested, choose
from helpers.forecasts.candidates import Predictive
from helpers.forecasts.history import History, points_needed, read_history
from helpers.forecasts.scales import PLAIN, SHARE, Scale

if TYPE_CHECKING:
    import pandas as pd

NARROW, WIDE = 0.80, 0.95  # of outcomes that an interval is to hold
AT_LEAST = ("at least", "increase")
AT_MOST = ("at most", "decrease")
NO_WIDTH = 1e-12  # of the values: what rounding leaves of nothing
WORTH_SAYING = 1.05  # intervals widened by less are not noted


@dataclass(frozen=True)
class Forecast:
    """A forecast of a monthly or quarterly series; with no dates if none can be made.

    Attributes
    ----------
    dates : tuple of date
        The months or quarters forecast, on the same day of the month as those observed.
    median : tuple of float
        The value that is as likely to be exceeded as not.
    lower_80, upper_80, lower_95, upper_95 : tuple of float
        The intervals that are to hold the value in 80 and in 95 of 100 cases.
    model : str
        The chosen model in plain words; empty if there is no forecast.
    backtest : tuple of Tested
        How each candidate would have done, the simplest first.
    widened : float
        How many times as wide the intervals are as the model alone says; 1 or more.
    held : int
        Points that the forecast could rest on.
    needed : int
        Points that a forecast as far as was asked would need.
    notes : tuple of str
        What a reader has to know, as sentences.
    """

    dates: tuple[date, ...]
    median: tuple[float, ...]
    lower_80: tuple[float, ...]
    upper_80: tuple[float, ...]
    lower_95: tuple[float, ...]
    upper_95: tuple[float, ...]
    model: str
    backtest: tuple[Tested, ...]
    widened: float
    held: int
    needed: int
    notes: tuple[str, ...]
    _predictive: Predictive | None = field(repr=False, compare=False)
    _scale: Scale = field(repr=False, compare=False)
    _history: History = field(repr=False, compare=False)

    @property
    def missing(self) -> int:
        """How many more points a forecast as far as was asked would need."""
        return max(0, self.needed - self.held)

    def chance(self, target: float, by: date, direction: str) -> float | None:
        """Return the chance that a target is met at a date.

        It is the chance of the value at the last point in or before the month of that date,
        not of touching the target once before it.

        Parameters
        ----------
        target : float
            In the unit of the values.
        by : date
            The date that the target is set for.
        direction : str
            "at least" or "increase", or "at most" or "decrease".

        Returns
        -------
        float or None
            From 0 to 1; None if the date is not one of those forecast.

        Raises
        ------
        EvidenceError
            If the direction is none of these, or the target cannot be a value.
        """
        if direction not in AT_LEAST + AT_MOST:
            raise EvidenceError(
                f"direction {direction!r}: expected {prose.listed(AT_LEAST + AT_MOST)}"
            )
        if not self._scale.lowest <= target <= self._scale.highest:
            raise EvidenceError(
                f"target {target:g}: expected {self._scale.lowest:g} to {self._scale.highest:g}"
            )
        step = self._history.steps_until(by)
        if self._predictive is None or not 1 <= step <= len(self.dates):
            return None
        middle = self._predictive.middle[step - 1]
        spread = self._predictive.spread[step - 1]
        aim = float(self._scale.forward(np.array(target, dtype=float)))
        above = direction in AT_LEAST
        if not spread:
            return float(middle >= aim if above else middle <= aim)
        # Student's t. All of scipy.stats would take a second to import.
        from scipy.special import stdtr

        gap = (aim - middle) / spread
        return float(stdtr(self._predictive.freedom, -gap if above else gap))

    def frame(self) -> "pd.DataFrame":
        """Return the forecast as a table, one row a date."""
        import pandas as pd

        columns = ("median", "lower_80", "upper_80", "lower_95", "upper_95")
        return pd.DataFrame({"date": self.dates} | {name: getattr(self, name) for name in columns})


def forecast(
    values: Iterable[Any], dates: Iterable[Any], *, until: date, share: bool = False
) -> Forecast:
    """Forecast a monthly or quarterly series, as far ahead as that could be tested.

    Parameters
    ----------
    values : iterable of float
        Observed values, in any order, such as a column of a table.
    dates : iterable of date
        Date of each; any day of its month or quarter will do.
    until : date
        The last date asked for. The forecast ends earlier where the series is too short to
        test so long a forecast; its notes say how many points that would need.
    share : bool
        Whether the values are per cent, 0 to 100: then every forecast is.

    Returns
    -------
    Forecast
        With no dates if there are fewer than `FEWEST` points or nothing lies ahead.

    Raises
    ------
    EvidenceError
        If a date or number is none, a share lies outside 0 to 100, a month has two values,
        or the values are neither monthly nor quarterly.

    Notes
    -----
    The naive, seasonal naive and drift methods, rolling-origin tests, and the variance of
    exponential smoothing are those of Hyndman and Athanasopoulos, *Forecasting: Principles and
    Practice*, 3rd edition, sections 5.2, 5.5, 5.10 and 8.7.
    """
    scale = SHARE if share else PLAIN
    history = read_history(list(values), list(dates), scale)
    asked = history.steps_until(until)
    steps = min(asked, history.reach)
    needed = points_needed(asked)
    choice = choose(history, steps, scale) if steps else None
    predictive = choice.predictive if choice else None
    tested = choice.tested if choice else ()
    return Forecast(
        dates=history.days_ahead(steps),
        median=_quantile(predictive, 0.5, scale),
        lower_80=_quantile(predictive, (1 - NARROW) / 2, scale),
        upper_80=_quantile(predictive, (1 + NARROW) / 2, scale),
        lower_95=_quantile(predictive, (1 - WIDE) / 2, scale),
        upper_95=_quantile(predictive, (1 + WIDE) / 2, scale),
        model=next((row.model for row in tested if row.chosen), ""),
        backtest=tested,
        widened=choice.widened if choice else 1.0,
        held=history.held,
        needed=needed,
        notes=(
            *history.notes,
            *_shortfall(history, asked, steps, needed),
            *(_remarks(history, choice) if choice else ()),
        ),
        _predictive=predictive,
        _scale=scale,
        _history=history,
    )


def _quantile(predictive: Predictive | None, part: float, scale: Scale) -> tuple[float, ...]:
    if predictive is None:
        return ()
    from scipy.special import stdtrit

    points = predictive.middle + stdtrit(predictive.freedom, part) * predictive.spread
    return tuple(float(value) for value in scale.back(points))


def _shortfall(history: History, asked: int, steps: int, needed: int) -> list[str]:
    """Say why the forecast does not go as far as it was asked to."""
    if not history.held:
        return ["There is no forecast: no values are held."]
    if not asked:
        return ["There is no forecast: the date asked for is not after the last value."]
    if steps == asked:
        return []
    start = (
        f"The forecast ends after {prose.count(steps, history.unit)}"
        if steps
        else "There is no forecast"
    )
    lacking = needed - history.held
    if lacking > 0:
        return [
            f"{start}: to test one of {prose.count(asked, history.unit)} takes {needed} points, "
            f"{lacking} more than are held."
        ]
    return [f"{start}: the points that it looks back on cannot test a longer one."]


def _remarks(history: History, choice: Choice) -> list[str]:
    """Say what a reader has to know about how the forecast was found."""
    remarks = [f"{name} could not be fitted and was left out." for name in choice.dropped]
    width = choice.predictive.spread.max()
    if width <= NO_WIDTH * np.abs(choice.predictive.middle).max():
        remarks.append(
            "The intervals have no width because the series has done exactly what the model says "
            "so far, not because it must."
        )
    if choice.widened >= WORTH_SAYING:
        remarks.append(
            f"The intervals are {prose.number(choice.widened, 1)} times as wide as the model "
            "alone says, because its errors in the test were larger."
        )
    return remarks
