"""Every point of the trajectories in one table: promised, asked for, observed, expected."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from helpers import areas
from helpers.trajectories.indicators import Indicator, Origin, known
from helpers.trajectories.observed import Series, attached
from helpers.trajectories.outlook import outlook
from helpers.trajectories.required import required_path

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "indicator", "priority", "area", "kind", "date", "value", "lower", "upper", "unit",
    "source_id", "locator",
)  # fmt: skip
DECIMALS = 4


def trajectory_rows() -> "pd.DataFrame":
    """Return every baseline, target, required, observed and forecast point, one row each.

    Returns
    -------
    pandas.DataFrame
        Columns as in `COLUMNS`; kind is ``baseline``, ``target``, ``required``, ``observed`` or
        ``forecast``. Required points lie on the straight line from the starting point to a
        dated target, one at the end of each quarter between; where the plan prints no day for
        the starting point, the line's first point is required too and shows what it was taken
        to be. Observed and forecast rows bear the name of the measure, in its unit, which can
        be another than that of the indicator that it bears on; ``lower`` and ``upper`` of a
        forecast hold 95 of 100 outcomes, those of a target are the ends of a range. What observed
        values are counted from stands at the end of ``locator``.
    """
    import pandas as pd

    records: list[dict[str, Any]] = []
    for indicator in known().values():
        records += _promised(indicator)
    for series in attached():
        records += _seen(series)
    frame = pd.DataFrame(records, columns=list(COLUMNS))
    return frame.astype({"value": "float64", "lower": "float64", "upper": "float64"})


def _promised(indicator: Indicator) -> Iterator[dict[str, Any]]:
    common = {
        "indicator": indicator.name,
        "priority": indicator.priority,
        "area": areas.SECTOR,
        "unit": indicator.unit,
        "source_id": indicator.source_id,
        "locator": indicator.locator,
    }
    if indicator.baseline is not None:
        day = indicator.baseline_date
        yield common | {"kind": "baseline", "date": day, "value": indicator.baseline}
    if indicator.target is not None or indicator.low is not None:
        yield common | {
            "kind": "target",
            "date": indicator.due,
            "value": indicator.target,
            "lower": indicator.low,
            "upper": indicator.high,
        }
    path = required_path(indicator)
    if path is None:
        return
    days = [path.start] if path.origin is Origin.UNDATED else []
    for day in (*days, *path.quarters()):
        value = round(path.straight(day), DECIMALS)
        yield common | {"kind": "required", "date": day, "value": value}


def _seen(series: Series) -> Iterator[dict[str, Any]]:
    source_id, locator = series.places[0]
    common = {
        "indicator": series.measure,
        "priority": series.priority,
        "area": series.area,
        "unit": series.unit,
        "source_id": source_id,
        "locator": f"{locator}; {series.basis}" if series.basis else locator,
    }
    for day, value in zip(series.dates, series.values, strict=True):
        yield common | {"kind": "observed", "date": day, "value": value}
    expected = outlook(series).forecast
    if expected is None:
        return
    for day, value, lower, upper in zip(
        expected.dates, expected.median, expected.lower_95, expected.upper_95, strict=True
    ):
        yield common | {
            "kind": "forecast",
            "date": day,
            "value": round(value, DECIMALS),
            "lower": round(lower, DECIMALS),
            "upper": round(upper, DECIMALS),
        }
