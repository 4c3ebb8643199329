"""Tiles that observed series fill: published measures, and indicators of the plan of 2024."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from helpers import areas, evidence, measures, prose, trajectories
from helpers.dashboard.icons import assurance_icon, variation_icon
from helpers.dashboard.owners import NO_OWNER, aim_owners
from helpers.dashboard.tile import (
    BASELINE,
    EVERYONE,
    NO_DATA,
    NO_ICON,
    NO_TARGET,
    NOTHING,
    PLAN,
    PROVIDERS,
    SERIES,
    Tile,
    better_in_words,
    in_words,
    target_in_words,
)


def held_series(as_of: date) -> list["trajectories.Series"]:
    """Return the series as they stood on a day.

    A value dated by the first day of a month is of the whole of it: it counts once the month
    is over.

    Parameters
    ----------
    as_of : datetime.date
        The day.
    """
    found = []
    for series in trajectories.attached(as_of=as_of):
        count = sum(_over(day, as_of) for day in series.dates)
        if count:
            found.append(replace(series, dates=series.dates[:count], values=series.values[:count]))
    return found


def _over(day: date, as_of: date) -> bool:
    same_month = (day.year, day.month) == (as_of.year, as_of.month)
    ends_today = (as_of + timedelta(days=1)).month != as_of.month
    return not (day.day == 1 and same_month and not ends_today)


def providers(as_of: date) -> Iterator[Tile]:
    """Yield a tile for each series of a published measure, or one where none is held.

    Parameters
    ----------
    as_of : datetime.date
        What is dated later is left out.
    """
    held = held_series(as_of)
    for row in evidence.rows("measures"):
        measure = measures.known()[row["measure"]]
        owner = _measure_owner(measure)
        found = [series for series in held if series.measure == measure.name]
        for series in found:
            yield _from_series(series, PROVIDERS, owner)
        if not found:
            yield Tile(
                PROVIDERS,
                measure.name,
                measure.title,
                EVERYONE,
                NO_DATA,
                target_in_words(measure.standard, measure.unit, measure.direction),
                NO_ICON,
                NO_ICON,
                better_in_words(measure.direction),
                owner,
                NOTHING,
                measure.standard_source_id or row["source_id"],
                measure.standard_locator or row["locator"],
                aim=measure.standard,
                unit=measure.unit,
                notes=(measure.note,) if measure.note else (),
            )


def _from_series(series: "trajectories.Series", section: str, owner: str) -> Tile:
    chart = trajectories.control(series)
    usual = measures.known()[series.measure].basis
    basis = f" ({series.basis})" if series.basis != usual else ""
    day, value = series.dates[-1], series.values[-1]
    source_id, locator = series.places[0]
    return Tile(
        section,
        series.measure,
        series.title,
        f"{series.area_name}{basis}{_comparator(series.area)}",
        f"{_value(series, value)} in {in_words(day, short=True)}",
        target_in_words(series.target, series.unit, series.direction),
        variation_icon(chart),
        assurance_icon(chart),
        better_in_words(series.direction),
        owner,
        SERIES,
        source_id,
        locator,
        area=series.area,
        value=value,
        aim=series.target,
        unit=series.unit,
        dated=day,
        points=len(series.dates),
        notes=series.notes,
        priority=series.priority,
    )


def _comparator(area: str) -> str:
    kinds = {row["area"]: row["kind"] for row in evidence.rows("areas")}
    return ", to compare" if kinds.get(area) == "comparator" else ""


def _value(series: "trajectories.Series", value: float) -> str:
    return prose.percent(value, 1) if series.is_share else series.write(value)


def plan_indicators(as_of: date) -> Iterator[Tile]:
    """Yield a tile for each indicator of the plan, or for each of its own series.

    Parameters
    ----------
    as_of : datetime.date
        What is dated later is left out.
    """
    held = held_series(as_of)
    printed = {row["indicator"]: row for row in evidence.rows("indicators")}
    for name, promise in trajectories.known().items():
        owner = aim_owners(promise.aim)
        own = [series for series in held if series.measure == name]
        for series in own:
            yield _from_series(series, PLAN, owner)
        if own:
            continue
        near = [series for series in held if series.indicator == name]
        day = promise.baseline_date or promise.stated
        started = promise.baseline is not None and day is not None and day <= as_of
        row = printed[name]
        yield Tile(
            PLAN,
            name,
            promise.title,
            areas.name(areas.SECTOR),
            f"Followed by “{near[0].title}”"
            if near
            else f"Baseline {row['baseline_printed']}"
            + (f" ({row['baseline_date_printed']})" if row["baseline_date_printed"] else "")
            if started
            else NO_DATA,
            row["target_printed"] or NO_TARGET,
            NO_ICON,
            NO_ICON,
            better_in_words(promise.direction),
            owner,
            SERIES if near else BASELINE if started else NOTHING,
            promise.source_id,
            promise.locator,
            unit=promise.unit,
            priority=promise.priority,
        )


def _measure_owner(measure: measures.Measure) -> str:
    """Return who answers for the indicator that a measure bears on."""
    if measure.indicator is None:
        return NO_OWNER
    return aim_owners(trajectories.known()[measure.indicator].aim)
