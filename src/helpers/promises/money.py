"""What hangs on money that was not yet secured when the plan came out."""

import re
from typing import TYPE_CHECKING

from helpers import evidence, prose
from helpers.promises.order import actions

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "key", "item", "part", "printed", "due", "funding_condition", "source_id", "locator",
)  # fmt: skip
# The evidence takes what only has a beginning to the end of the plan.
BEGINNING = re.compile(r"^from|onwards", re.IGNORECASE)


def unsecured() -> "pd.DataFrame":
    """Return what the plan says hangs on money not yet secured, with the place in it.

    Returns
    -------
    pandas.DataFrame
        Columns as in `COLUMNS`: ``item`` (what is to be done), ``part`` (its priority, or its
        enabling programme and workstream), ``printed`` (when: the column of years of an
        action, otherwise as printed), ``due`` (last day; NaT for what has no end) and
        ``funding_condition`` (whose money). Actions of the priorities first.
    """
    import pandas as pd

    done = actions()
    titles = {row["priority"]: row["short_title"] for row in evidence.rows("priorities")}
    done = done.assign(
        key=done["action_id"],
        item=done["action"],
        part=[f"Priority {number}: {titles[number]}" for number in done["priority"]],
        printed=done["column"].astype(str),
        due=done["ends"],
    )
    enabling = evidence.load("enabling-programmes")
    printed = enabling["date_printed"].fillna(enabling["period_printed"]).fillna("No date")
    enabling = enabling.assign(
        key=enabling["item_id"],
        part=[
            f"{prose.sentence_case(programme)}: {workstream}"
            for programme, workstream in zip(
                enabling["programme"], enabling["workstream"], strict=True
            )
        ],
        printed=printed,
        due=enabling["date_end"].where(~printed.str.contains(BEGINNING)),
    )
    both = pd.concat([done, enabling], ignore_index=True)
    return both.loc[both["funding_condition"].notna(), list(COLUMNS)].reset_index(drop=True)
