"""When the aims and the measured targets of the plan fall due, and what is past on a day."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from helpers import evidence, prose
from helpers.trajectories.spans import year_end, year_later, year_name, years

if TYPE_CHECKING:
    import pandas as pd

AIM, TARGET = "Aim", "Measured target"
# Where an aim or a target stands on a day.
PAST, NEXT, LATER = "Past its date", "Due within a year", "Due later"
OPEN, UNDATED = "Open-ended", "No date"
STATES = (PAST, NEXT, LATER, OPEN, UNDATED)
# The evidence takes these dates to the end of the plan; they name no day by which all is done.
WITHOUT_END = re.compile(r"\+|onwards|commencing")
LEVELS = {
    "at least": "at least {}",
    "at most": "at most {}",
    "increase": "a rise of {}",
    "decrease": "a fall of {}",
}


def aims() -> "pd.DataFrame":
    """Return the aims of the plan with when they fall due.

    Returns
    -------
    pandas.DataFrame
        As the resource ``priority-aims`` describes it, without the rows that the plan prints
        a second time; with ``due`` (last day, NaT where there is none), ``is_open`` and
        ``year`` (financial year in which it falls due, or `OPEN`, or `UNDATED`).
    """
    outcomes = evidence.load("aim-outcomes")
    first = outcomes["repeat_of"].isna().groupby(outcomes["aim_id"]).any()
    frame = evidence.load("priority-aims")
    kept = frame["aim_id"].map(first).fillna(value=True).astype(bool)
    return _with_dates(frame[kept].reset_index(drop=True))


def targets() -> "pd.DataFrame":
    """Return the measured targets of the plan with when they fall due.

    Returns
    -------
    pandas.DataFrame
        As the resource ``indicators`` describes it, with ``level`` (the target in words) and
        ``due, is_open, year`` as in `aims`.
    """
    frame = evidence.load("indicators")
    levels = [_level(row) for row in evidence.rows("indicators")]
    return _with_dates(frame.assign(level=levels))


def by_year(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Count rows by priority and by the year in which they fall due.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `aims` or of `targets`.

    Returns
    -------
    pandas.DataFrame
        A row a priority: ``priority``, ``title``, the financial years of the plan, `OPEN`,
        `UNDATED` and ``all``.
    """
    columns = year_columns()
    counts = (
        frame.groupby(["priority", "year"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=columns, fill_value=0)
    )
    titled = evidence.load("priorities")[["priority", "short_title"]].rename(
        columns={"short_title": "title"}
    )
    wide = titled.merge(counts, left_on="priority", right_index=True, how="left")
    wide[columns] = wide[columns].fillna(0).astype(int)
    return wide.assign(all=wide[columns].sum(axis=1))


def entries(as_of: date) -> "pd.DataFrame":
    """Return the aims and the measured targets together, with where each stands on a day.

    Parameters
    ----------
    as_of : datetime.date
        The day to look from. What falls due on it is not yet past.

    Returns
    -------
    pandas.DataFrame
        Columns ``priority, kind, key, title, outcomes, printed, due, state, source_id,
        locator``; ``outcomes`` (those of an aim, or the level of a target) as one text.
        Sorted by priority and date, aims before targets.
    """
    import pandas as pd

    outcomes = evidence.load("aim-outcomes")
    said = outcomes.groupby("aim_id")["outcome"].agg("; ".join)
    aimed, measured = aims(), targets()
    parts = [
        aimed.assign(
            kind=AIM, key=aimed["aim_id"], title=aimed["aim"], outcomes=aimed["aim_id"].map(said)
        ),
        measured.assign(kind=TARGET, key=measured["indicator"], outcomes=measured["level"]),
    ]
    columns = [
        "priority", "kind", "key", "title", "outcomes", "printed", "due", "state", "source_id",
        "locator",
    ]  # fmt: skip
    frame = pd.concat(
        [part.assign(printed=part["target_date_printed"]) for part in parts], ignore_index=True
    )
    frame["state"] = [
        _state(due, is_open, as_of)
        for due, is_open in zip(frame["due"], frame["is_open"], strict=True)
    ]
    ordered = frame.sort_values(["priority", "due", "kind"], kind="stable", na_position="last")
    return ordered[columns].reset_index(drop=True)


def by_state(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Count rows of `entries` by priority and state: a row a priority, a column a state."""
    counts = frame.groupby(["priority", "state"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(STATES), fill_value=0).rename_axis(columns=None)
    titles = evidence.load("priorities")[["priority", "short_title"]]
    wide = titles.merge(counts, left_on="priority", right_index=True, how="left")
    wide[list(STATES)] = wide[list(STATES)].fillna(0).astype(int)
    return wide.rename(columns={"short_title": "title"})


def year_columns() -> list[str]:
    """Return the financial years of the plan, then `OPEN` and `UNDATED`."""
    return [*map(year_name, range(1, years() + 1)), OPEN, UNDATED]


def _with_dates(frame: "pd.DataFrame") -> "pd.DataFrame":
    printed = frame["target_date_printed"].fillna("")
    is_open = printed.str.contains(WITHOUT_END)
    due = frame["target_end"]
    year = [
        OPEN if without_end else _year(day) for day, without_end in zip(due, is_open, strict=True)
    ]
    return frame.assign(due=due.where(~is_open), is_open=is_open, year=year)


def _year(day: Any) -> str:
    """Return the financial year of a day; one after the plan's last counts with it."""
    if day is None or day != day:
        return UNDATED
    number = next((n for n in range(1, years() + 1) if day.date() <= year_end(n)), years())
    return year_name(number)


def _state(due: Any, is_open: bool, as_of: date) -> str:
    if is_open:
        return OPEN
    if due != due:
        return UNDATED
    if due.date() < as_of:
        return PAST
    return NEXT if due.date() < year_later(as_of) else LATER


def _level(row: evidence.Row) -> str:
    """Write a target: as printed where it is a word, otherwise with what it asks for."""
    if row["implied"]:
        return f"“{row['target_printed'].lower()}”"
    if row["target_value"] is None:
        low, high = (prose.number(row[end]) for end in ("target_low", "target_high"))
        return f"{low} to {high} {row['unit']}"
    return LEVELS[row["direction"]].format(prose.quantity(row["target_value"], row["unit"]))
