"""How a series varies, where it is going, and the chance that it keeps its promise."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from helpers.errors import EvidenceError
from helpers.forecasts import FEWEST, Forecast, forecast
from helpers.process_control import ControlChart, xmr
from helpers.trajectories.indicators import DOWNWARD, UPWARD
from helpers.trajectories.observed import Series
from helpers.trajectories.spans import plan_span

WHOLE = (0.0, 100.0)  # per cent


@dataclass(frozen=True)
class Outlook:
    """What can be expected of a series.

    Attributes
    ----------
    series : Series
        What was observed.
    forecast : Forecast or None
        None where the series cannot be forecast at all; with no dates if it is too short.
    refusal : str
        Why there is none, in a sentence.
    """

    series: Series
    forecast: Forecast | None
    refusal: str

    @property
    def has_dates(self) -> bool:
        """Whether anything is forecast."""
        return self.forecast is not None and bool(self.forecast.dates)

    @property
    def day(self) -> date | None:
        """The day that the chance is told for: when it falls due, or the last one forecast."""
        if self.forecast is None or not self.forecast.dates:
            return None
        last = self.forecast.dates[-1]
        return last if self.series.due is None else min(last, self.series.due)

    @property
    def chance(self) -> float | None:
        """The chance, 0 to 1, that the level is met on `day`; None where it cannot be told."""
        comparable = self.series.direction in (*UPWARD, *DOWNWARD)
        if self.forecast is None or self.day is None or self.series.target is None:
            return None
        if not comparable:
            return None
        return self.forecast.chance(self.series.target, self.day, self.series.direction)


@cache
def control(series: Series) -> ControlChart:
    """Return the control chart of a series.

    Raises
    ------
    EvidenceError
        If the points cannot be charted.
    """
    return xmr(
        series.values,
        series.dates,
        series.better,
        series.target,
        bounds=WHOLE if series.is_share else None,
    )


@cache
def outlook(series: Series) -> Outlook:
    """Forecast a series to the day that it falls due, or to the end of the plan.

    A forecast is made once a process. Series of fewer points than a forecast needs at all cost
    nothing.
    """
    due = series.due if series.due is not None and series.due > series.dates[-1] else None
    try:
        made = forecast(
            series.values, series.dates, until=due or plan_span()[1], share=series.is_share
        )
    except EvidenceError as error:
        return Outlook(series, None, f"There is no forecast: {error}.")
    if made.dates:
        return Outlook(series, made, "")
    if made.held < FEWEST:
        refusal = (
            f"There is no forecast: it takes {FEWEST} points without a long gap, "
            f"{FEWEST - made.held} more than are held."
        )
        return Outlook(series, made, refusal)
    return Outlook(series, made, " ".join(made.notes[-1:]))
