"""Choose among models by forecasting again what has already happened."""

from dataclasses import dataclass

import numpy as np

from helpers.analysis import kept
from helpers.forecasts.candidates import (
    CANDIDATES,
    YEAR_EARLIER,
    Model,
    NotFittedError,
    Predictive,
)
from helpers.forecasts.history import FEWEST_TO_FIT, History
from helpers.forecasts.scales import Scale

MOST_ORIGINS = 8
NEARLY_AS_GOOD = 0.05  # of the smallest error: within it the simpler model is taken
MOST_WIDENED = 3.0
LEAST_FREEDOM = 5  # a spread estimated from fewer values says nothing about how wide it should be
SEASONS_TO_COMPARE = 2


@dataclass(frozen=True)
class Tested:
    """How one model would have done.

    Attributes
    ----------
    model : str
        Its name in plain words.
    mean_absolute_error : float
        In the unit of the values, over all origins and steps.
    origins : int
        From how many points in time it forecast.
    steps : int
        How many steps ahead from each.
    chosen : bool
        Whether it makes the forecast.
    """

    model: str
    mean_absolute_error: float
    origins: int
    steps: int
    chosen: bool


@dataclass(frozen=True)
class Choice:
    """The chosen model's forecast and how it was chosen.

    Attributes
    ----------
    predictive : Predictive
        On the modelling scale, already widened.
    tested : tuple of Tested
        All candidates, the simplest first.
    widened : float
        How many times as wide as the model alone says; 1 or more.
    dropped : tuple of str
        Candidates that could not be fitted.
    """

    predictive: Predictive
    tested: tuple[Tested, ...]
    widened: float
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class _Replay:
    """A candidate's forecasts: its error as readers see it, and on the modelling scale."""

    predictive: Predictive
    mean_absolute_error: float
    widening: float


@kept
def choose(history: History, steps: int, scale: Scale) -> Choice:
    """Test every candidate on the past and let the best one forecast.

    Parameters
    ----------
    history : History
        The values so far.
    steps : int
        How many steps ahead, no more than the history's reach.
    scale : Scale
        What the models work on.

    Returns
    -------
    Choice
        Of the candidates whose error is within `NEARLY_AS_GOOD` of the smallest, the simplest.
        So it is never worse than the better naive forecast by more than that.
    """
    values = scale.forward(history.values)
    origins = origins_for(len(values), steps)
    replays, dropped = {}, []
    for name, model in CANDIDATES.items():
        if name == YEAR_EARLIER and len(values) < SEASONS_TO_COMPARE * history.season:
            continue
        try:
            replays[name] = _replay(model, values, history, origins, steps, scale)
        except NotFittedError:
            dropped.append(name)
    best = min(replay.mean_absolute_error for replay in replays.values())
    chosen = next(
        name
        for name, replay in replays.items()
        if replay.mean_absolute_error <= best * (1 + NEARLY_AS_GOOD)
    )
    predictive, widening = replays[chosen].predictive, replays[chosen].widening
    return Choice(
        Predictive(predictive.middle, predictive.spread * widening, predictive.freedom),
        tuple(
            Tested(name, replay.mean_absolute_error, len(origins), steps, name == chosen)
            for name, replay in replays.items()
        ),
        widening,
        tuple(dropped),
    )


def origins_for(count: int, steps: int) -> list[int]:
    """Return after how many values each forecast of the test starts.

    Every origin leaves all `steps` to compare with. They lie in the later half of the series,
    evenly spread, as far as that leaves `MOST_ORIGINS` of them.

    Parameters
    ----------
    count : int
        How many values there are.
    steps : int
        How many steps ahead.
    """
    latest = count - steps
    earliest = max(FEWEST_TO_FIT, min(count // 2, latest - MOST_ORIGINS + 1))
    number = min(MOST_ORIGINS, latest - earliest + 1)
    return [round(place) for place in np.linspace(earliest, latest, number)]


def _replay(
    model: Model,
    values: np.ndarray,
    history: History,
    origins: list[int],
    steps: int,
    scale: Scale,
) -> _Replay:
    steps_ahead = [slice(origin, origin + steps) for origin in origins]
    forecasts = [model(values[:origin], steps, history.season) for origin in origins]
    middle = np.array([forecast.middle for forecast in forecasts])
    spread = np.array(
        [
            forecast.spread if forecast.freedom >= LEAST_FREEDOM else np.full(steps, np.nan)
            for forecast in forecasts
        ]
    )
    # What stands on a bridge was not observed: no forecast is judged by it.
    judged = np.array([history.observed[ahead] for ahead in steps_ahead])
    errors = np.array([history.values[ahead] for ahead in steps_ahead]) - scale.back(middle)
    surprises = np.array([values[ahead] for ahead in steps_ahead]) - middle
    return _Replay(
        predictive=model(values, steps, history.season),
        mean_absolute_error=float(np.abs(errors[judged]).mean()),
        widening=_widening(surprises[judged], spread[judged]),
    )


def _widening(surprises: np.ndarray, spreads: np.ndarray) -> float:
    """Return how many times larger errors were than the model said, if they were.

    The sums are taken before the ratio, so that one origin at which the model was too sure of
    itself does not decide alone.
    """
    known = np.isfinite(spreads)
    expected = float((spreads[known] ** 2).sum())
    if not expected:
        return 1.0
    ratio = float((surprises[known] ** 2).sum()) / expected
    return float(np.clip(np.sqrt(ratio), 1.0, MOST_WIDENED))
