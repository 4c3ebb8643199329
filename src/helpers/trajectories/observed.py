"""Observed series, attached to the indicators and the priorities that they bear on."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from helpers import areas, evidence, measures, observations, prose
from helpers.process_control import Direction
from helpers.trajectories.indicators import DOWNWARD, SHARE, UPWARD, known

PLAN_TARGET, STANDARD = "Target of the plan", "National standard"


@dataclass(frozen=True)
class Series:
    """One measure of one area on one basis.

    Attributes
    ----------
    measure, title : str
        Its key and what a reader calls it.
    indicator : str or None
        Indicator that it is, or bears on.
    priority : int or None
        Number of the priority that it speaks of.
    area, area_name : str
        Slug of an area or code of a trust, and its name.
    unit, basis : str
        Unit of the values, and what they are counted from.
    direction : str
        Which way is better, in the words of the evidence.
    is_change : bool
        Whether the values are changes.
    dates, values : tuple
        The points in order of time.
    target : float or None
        Level to compare with, in `unit`.
    target_label : str
        Whose level that is.
    due : datetime.date or None
        When the plan wants it; None for a standard, which always holds.
    notes : tuple of str
        What a reader should know, in sentences.
    places : tuple of tuple of str
        Source and place of the values and of the level, each pair once.
    """

    measure: str
    title: str
    indicator: str | None
    priority: int | None
    area: str
    area_name: str
    unit: str
    basis: str
    direction: str
    is_change: bool
    dates: tuple[date, ...]
    values: tuple[float, ...]
    target: float | None
    target_label: str
    due: date | None
    notes: tuple[str, ...]
    places: tuple[tuple[str, str], ...]

    @property
    def is_own(self) -> bool:
        """Whether it is of an indicator itself, and not of a measure counted otherwise."""
        return self.measure == self.indicator

    @property
    def is_share(self) -> bool:
        """Whether its values are per cent of a whole, and so from 0 to 100."""
        return self.unit == SHARE and not self.is_change

    @property
    def better(self) -> Direction:
        """Which way is better, as a control chart wants it."""
        if self.direction in UPWARD:
            return "increase"
        return "decrease" if self.direction in DOWNWARD else "neither"

    def write(self, value: float) -> str:
        """Write a value with its unit."""
        return prose.quantity(round(value, 1), self.unit)


@cache
def attached(priority: int | None = None, as_of: date | None = None) -> tuple[Series, ...]:
    """Return the series that are held, whoever added them.

    Parameters
    ----------
    priority : int, optional
        Only those that speak of this priority.
    as_of : datetime.date, optional
        Leave out what was observed after this day.

    Returns
    -------
    tuple of Series
        By measure and area; each has at least one point.
    """
    if priority is not None:
        return tuple(each for each in attached(None, as_of) if each.priority == priority)
    import pandas as pd

    frame = observations.series()
    if as_of is not None:
        frame = frame[frame["date"] <= pd.Timestamp(as_of)]
    apart = {
        (row.measure, row.area, row.basis): row.note
        for row in observations.held().itertuples(index=False)
    }
    found = []
    for key, group in frame.groupby(["measure", "area", "basis"], sort=False):
        measure = measures.known()[key[0]]
        promise = known().get(key[0])
        places = list(zip(group["source_id"], group["locator"], strict=True))
        if promise is not None:
            places.append((promise.source_id, promise.locator))
        elif measure.standard_source_id and measure.standard_locator:
            places.append((measure.standard_source_id, measure.standard_locator))
        said = [measure.note, apart.get(key), *group["note"].drop_duplicates()]
        found.append(
            Series(
                measure=measure.name,
                title=measure.title,
                indicator=measure.indicator,
                priority=measure_priority(measure),
                area=key[1],
                area_name=measures.places()[key[1]],
                unit=measure.unit,
                basis=key[2],
                direction=measure.direction,
                is_change=measure.is_change,
                dates=tuple(day.date() for day in group["date"]),
                values=tuple(float(value) for value in group["value"]),
                target=measure.standard if promise is None else promise.goal,
                target_label=STANDARD if promise is None else PLAN_TARGET,
                due=None if promise is None else promise.due,
                notes=tuple(dict.fromkeys(note for note in said if note)),
                places=tuple(dict.fromkeys(places)),
            )
        )
    return tuple(found)


def own_series(indicator: str, as_of: date | None = None) -> Series | None:
    """Return the series of an indicator itself for the whole area, or None.

    Of several bases it is the usual one, or else the one with most points.

    Parameters
    ----------
    indicator : str
        Name of the indicator.
    as_of : datetime.date, optional
        Leave out what was observed after this day.
    """
    found = [
        series
        for series in attached(known()[indicator].priority, as_of)
        if series.measure == indicator and series.area == areas.SECTOR
    ]
    usual = measures.known()[indicator].basis
    return max(found, key=lambda each: (each.basis == usual, len(each.dates)), default=None)


def measure_priority(measure: measures.Measure) -> int | None:
    """Return the priority that a measure speaks of: its indicator's, or the one judged."""
    if measure.indicator is not None:
        return known()[measure.indicator].priority
    return _judged().get(measure.name)


@cache
def _judged() -> dict[str, int]:
    return {row["measure"]: row["priority"] for row in evidence.rows("measure-priorities")}
