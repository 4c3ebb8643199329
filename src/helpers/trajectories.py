"""Indicators of the 2024 plan: what was promised, from where, by when, and how fast."""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from helpers import evidence, prose

if TYPE_CHECKING:
    import pandas as pd

QUARTERS_A_YEAR = 4
DAYS_A_YEAR = 365.25


@cache
def plan_span() -> tuple[date, date]:
    """Return the first and the last day that the plan's dated aims cover, in whole years."""
    rows = evidence.rows("priority-aims")
    starts = [row["target_start"] for row in rows if row["target_start"]]
    ends = [row["target_end"] for row in rows if row["target_end"]]
    first = min(starts)
    return (
        date(first.year if first.month >= 4 else first.year - 1, 4, 1),
        date(max(ends).year, 3, 31) if max(ends).month <= 3 else date(max(ends).year + 1, 3, 31),
    )


def year_end(number: int) -> date:
    """Return the last day of the plan's first, second, … financial year."""
    return date(plan_span()[0].year + number, 3, 31)


def indicators(priority: int | None = None) -> "pd.DataFrame":
    """Return the indicators of one priority, or of all.

    Parameters
    ----------
    priority : int, optional
        Number of the priority.

    Returns
    -------
    pandas.DataFrame
        As the resource ``indicators`` describes it, printed order.
    """
    return evidence.load("indicators", **({} if priority is None else {"priority": priority}))


def needed_each_quarter(frame: "pd.DataFrame") -> list[str]:
    """Say how far each indicator would have to move each quarter, in a straight line.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `indicators`.

    Returns
    -------
    list of str
        Such as "+0.5"; where it cannot be said, what is missing: "No starting point",
        "No single target", "Starting point not dated", "No date" or "No time between".
    """
    texts = []
    for row in frame.itertuples():
        if row.baseline_value != row.baseline_value:
            texts.append("No starting point")
        elif row.target_value != row.target_value:
            texts.append("No single target")
        elif row.baseline_end is None or row.baseline_end != row.baseline_end:
            texts.append("Starting point not dated")
        elif row.target_end is None or row.target_end != row.target_end:
            texts.append("No date")
        elif row.target_end <= row.baseline_end:
            texts.append("No time between")
        else:
            days = (row.target_end - row.baseline_end).days
            quarters = days / DAYS_A_YEAR * QUARTERS_A_YEAR
            change = (row.target_value - row.baseline_value) / quarters
            texts.append(f"{'+' if change > 0 else ''}{prose.number(change, 2)}")
    return texts


def trajectory_rows() -> "pd.DataFrame":
    """Return every baseline, target and required point, one row each.

    Returns
    -------
    pandas.DataFrame
        Columns ``indicator, priority, area, kind, date, value, lower, upper, unit, source_id,
        locator``; kind is ``baseline``, ``target`` or ``required``. Required points lie on
        the straight line from a dated baseline to a dated target, one each quarter between.
    """
    import pandas as pd

    records: list[dict[str, object]] = []
    for row in evidence.rows("indicators"):
        common = {
            "indicator": row["indicator"],
            "priority": row["priority"],
            "area": "nwl",
            "unit": row["unit"],
            "source_id": row["source_id"],
            "locator": row["locator"],
        }
        if row["baseline_value"] is not None:
            records.append(
                common
                | {"kind": "baseline", "date": row["baseline_end"], "value": row["baseline_value"]}
            )
        if row["target_value"] is not None or row["target_low"] is not None:
            records.append(
                common
                | {
                    "kind": "target",
                    "date": row["target_end"],
                    "value": row["target_value"],
                    "lower": row["target_low"],
                    "upper": row["target_high"],
                }
            )
        if all(
            row[name] is not None
            for name in ("baseline_value", "baseline_end", "target_value", "target_end")
        ):
            records += [common | point for point in _required(row)]
    columns = [
        "indicator", "priority", "area", "kind", "date", "value", "lower", "upper", "unit",
        "source_id", "locator",
    ]  # fmt: skip
    return pd.DataFrame(records, columns=columns)


def _required(row: evidence.Row) -> list[dict[str, object]]:
    import pandas as pd

    start, end = row["baseline_end"], row["target_end"]
    points = []
    for quarter in pd.date_range(start, end, freq="QE-MAR"):
        if start < quarter.date() < end:
            elapsed = (quarter.date() - start).days / (end - start).days
            value = row["baseline_value"] + elapsed * (row["target_value"] - row["baseline_value"])
            points.append({"kind": "required", "date": quarter.date(), "value": round(value, 4)})
    return points
