"""Actions that stand in a year after the target that they serve.

An action of the plan names its aim, and the aim has a date; that is the only tie between
the two. An aim can be printed in several rows with dates of their own, and an action names
the aim and not the row. So an action counts as late only if its year begins after the last
date of all rows of its aim; if the aim runs on but the measured targets that belong to it
were all due before, it is late for what can be measured. An action can prepare more than its
aim, so late is a question to ask and not a fault that is proved.
"""

from typing import TYPE_CHECKING

from helpers import evidence
from helpers.promises.calendar import aims, targets
from helpers.trajectories.spans import year_end, year_name, year_start

if TYPE_CHECKING:
    import pandas as pd

AFTER_AIM, AFTER_TARGETS = "After its aim", "After its measured targets"


def actions() -> "pd.DataFrame":
    """Return the actions of the plan with the column of years that each stands in.

    Returns
    -------
    pandas.DataFrame
        As the resource ``priority-actions`` describes it, with ``column`` (such as
        ``2024/25``, or ``2026/27 on`` for the last, which has no end), ``begins`` and
        ``ends``, first and last day of that year; NaT where there is no end.
    """
    import pandas as pd

    frame = evidence.load("priority-actions")
    open_ended = set(frame.loc[frame["open_ended"], "plan_year"])
    names = {
        number: f"{year_name(number)}{' on' if number in open_ended else ''}"
        for number in sorted(frame["plan_year"].unique())
    }
    return frame.assign(
        column=pd.Categorical(frame["plan_year"].map(names), list(names.values()), ordered=True),
        begins=pd.to_datetime([year_start(number) for number in frame["plan_year"]]),
        ends=pd.to_datetime(
            [
                None if open_ended else year_end(number)
                for number, open_ended in zip(frame["plan_year"], frame["open_ended"], strict=True)
            ]
        ),
    )


def comparable() -> "pd.DataFrame":
    """Return the actions whose aim has a last date, so that the two can be compared.

    Returns
    -------
    pandas.DataFrame
        Rows of `actions` with ``aim`` as in the table of aims, ``aim_due`` (last date of the
        aim, as a day), ``aim_printed``
        (that date as printed), ``targets_due`` (last date of the measured targets that belong
        to the aim; NaT where none has one) and ``lateness``: `AFTER_AIM`, `AFTER_TARGETS` or
        empty.
    """
    import pandas as pd

    aimed = aims()
    groups = {
        row.aim_id: (row.priority, row.group, row.aim) for row in aimed.itertuples(index=False)
    }
    ends = {
        name: rows.loc[rows["due"].idxmax()]
        for name, rows in aimed.groupby(["priority", "group", "aim"])
        # An aim that is open-ended in one row has no last date.
        if rows["due"].notna().any() and not rows["is_open"].any()
    }
    dated = targets().dropna(subset=["due", "aim_id"])
    measured = dated["due"].groupby(dated["aim_id"].map(groups)).max()
    found = actions()
    found = found[[groups.get(aim) in ends for aim in found["aim_id"]]].reset_index(drop=True)
    named = [groups[aim] for aim in found["aim_id"]]
    found = found.assign(
        aim=[name[-1] for name in named],
        aim_due=pd.to_datetime([ends[name]["due"] for name in named]),
        aim_printed=[ends[name]["target_date_printed"] for name in named],
        targets_due=pd.to_datetime([measured.get(name) for name in named]),
        lateness="",
    )
    found.loc[found["begins"] > found["targets_due"], "lateness"] = AFTER_TARGETS
    found.loc[found["begins"] > found["aim_due"], "lateness"] = AFTER_AIM
    return found


def late() -> "pd.DataFrame":
    """Return the actions of `comparable` that count as late, those after their aim first."""
    found = comparable()
    found = found[found["lateness"] != ""]
    ordered = found.assign(after_aim=found["lateness"] == AFTER_AIM).sort_values(
        ["after_aim", "priority"], ascending=[False, True], kind="stable"
    )
    return ordered.drop(columns="after_aim").reset_index(drop=True)
