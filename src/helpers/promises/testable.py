"""Which promises can be tested at all.

A promise is a measured target, or an aim that has none. To say whether it was kept takes a
date, a measure, a starting point and observations; each is looked for on its own.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from helpers import evidence, observations
from helpers.promises.calendar import AIM, TARGET, aims, targets

if TYPE_CHECKING:
    import pandas as pd

# What a test takes, in the order of asking.
CRITERIA: Mapping[str, str] = {
    "dated": "Date",
    "measured": "Measured target",
    "baseline": "Starting point",
    "series": "Observed series",
}
COMPARATOR = "comparator"


def promises(as_of: date) -> "pd.DataFrame":
    """Return every promise with what is there to test it by.

    Parameters
    ----------
    as_of : datetime.date
        The day to look from: what was observed after it does not count.

    Returns
    -------
    pandas.DataFrame
        Columns ``priority, kind, key, title, level, printed``, one yes or no for each of
        `CRITERIA`, ``published`` (a statistic that is published bears on it, held here or
        not), ``passed`` (how many of the criteria) and ``source_id, locator``. A target
        without a date of its own has that of its aim. A series counts if it is of an area or a
        trust here, and of the target or of a measure that bears on it.
    """
    import pandas as pd

    aimed, measured = aims(), targets()
    observed, published = _observed(as_of), _published()
    of_aim = aimed.set_index("aim_id")["target_date_printed"]
    printed = measured["target_date_printed"].fillna(measured["aim_id"].map(of_aim))
    numbers = measured.assign(
        kind=TARGET,
        key=measured["indicator"],
        printed=printed,
        measured=True,
        baseline=measured["baseline_value"].notna(),
        series=measured["indicator"].isin(observed),
        published=measured["indicator"].isin(published),
    )
    rest = aimed[~aimed["aim_id"].isin(measured["aim_id"].dropna())]
    words = rest.assign(
        kind=AIM,
        key=rest["aim_id"],
        title=rest["aim"],
        printed=rest["target_date_printed"],
        measured=False,
        baseline=False,
        series=False,
        published=False,
    )
    frame = pd.concat([numbers, words], ignore_index=True)
    frame["dated"] = frame["printed"].notna()
    frame["passed"] = frame[list(CRITERIA)].sum(axis=1)
    columns = [
        "priority", "kind", "key", "title", "level", "printed", *CRITERIA, "published", "passed",
        "source_id", "locator",
    ]  # fmt: skip
    ordered = frame.sort_values("priority", kind="stable")[columns]
    return ordered.reset_index(drop=True)


def funnel(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Count how many promises are left when each criterion is asked after the one before it.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `promises`.

    Returns
    -------
    pandas.DataFrame
        Columns ``criterion`` (empty for all promises), ``left`` and ``alone`` (how many meet
        this one, whatever the others).
    """
    import pandas as pd

    rows, kept = [("", len(frame), len(frame))], frame
    for criterion in CRITERIA:
        kept = kept[kept[criterion]]
        rows.append((criterion, len(kept), int(frame[criterion].sum())))
    return pd.DataFrame(rows, columns=["criterion", "left", "alone"])


def by_priority(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Count the promises of each priority that meet each criterion, and all of them.

    Returns
    -------
    pandas.DataFrame
        A row a priority: ``priority, title, promises``, each of `CRITERIA` and ``all``.
    """
    titles = evidence.load("priorities")[["priority", "short_title"]]
    whole = (frame["passed"] == len(CRITERIA)).rename("all")
    counted = frame.assign(all=whole, promises=1).groupby("priority")
    counts = counted[["promises", *CRITERIA, "all"]].sum()
    wide = titles.merge(counts, left_on="priority", right_index=True, how="left").fillna(0)
    return wide.rename(columns={"short_title": "title"})


def unpromised(as_of: date) -> list[str]:
    """Return the titles of the measures with a series here that bear on no target."""
    held = _held(as_of)
    return list(dict.fromkeys(held.loc[held["indicator"].isna(), "title"]))


def _observed(as_of: date) -> set[str]:
    return set(_held(as_of)["indicator"].dropna())


def _held(as_of: date) -> "pd.DataFrame":
    """Return the series that are held of an area or a trust here, begun by a day."""
    import pandas as pd

    elsewhere = {row["area"] for row in evidence.rows("areas") if row["kind"] == COMPARATOR}
    held = observations.held()
    here = ~held["area"].isin(elsewhere) & (held["first"] <= pd.Timestamp(as_of))
    return held[here]


def _published() -> set[str]:
    """Return the targets that a measure with a publisher bears on."""
    return {row["indicator"] for row in evidence.rows("measures") if row["indicator"]}
