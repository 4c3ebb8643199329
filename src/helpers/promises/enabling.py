"""What the priorities lean on: enabling functions, and the programmes of the plan's Section 3."""

from typing import TYPE_CHECKING

from helpers import evidence, prose
from helpers.errors import EvidenceError
from helpers.promises.calendar import UNDATED, aims
from helpers.promises.order import actions

if TYPE_CHECKING:
    import pandas as pd

OTHERWISE = "Another date"


def enabling_by_priority() -> "pd.DataFrame":
    """Count the actions of each enabling function by priority.

    Returns
    -------
    pandas.DataFrame
        A row a function, most actions first: ``function, title``, the numbers of the
        priorities and ``all``. A priority that has the function without an action has 0.
    """
    numbers = [row["priority"] for row in evidence.rows("priorities")]
    counts = (
        evidence.load("enabling-functions")
        .pivot(index="function", columns="priority", values="actions")
        .reindex(columns=numbers)
        .fillna(0)
        .astype(int)
    )
    counts["all"] = counts.sum(axis=1)
    frame = counts.reset_index().rename_axis(columns=None)
    frame.insert(1, "title", frame["function"].map(_title))
    return frame.sort_values(["all", "title"], ascending=[False, True]).reset_index(drop=True)


def enabling_functions() -> "pd.DataFrame":
    """Return each enabling function with its aims, how many are dated, and its actions by year.

    Returns
    -------
    pandas.DataFrame
        A row a function, in the order of `enabling_by_priority`: ``function, title,
        priorities`` (how many have it), ``aims, dated``, the columns of years of `actions`.

    Raises
    ------
    EvidenceError
        If an enabling aim or action belongs to no function.
    """
    order = enabling_by_priority()
    found = evidence.load("enabling-functions")
    aimed, done = aims(), actions()
    aimed, done = aimed[aimed["enabling"]], done[done["enabling"]]
    of_aim, of_action = aimed["aim"].map(_function), done["aim"].map(_function)
    columns = list(done["column"].cat.categories)
    counts = done.groupby([of_action, "column"], observed=False).size().unstack(fill_value=0)
    rows = order[["function", "title"]].assign(
        priorities=order["function"].map(found["function"].value_counts()),
        aims=order["function"].map(of_aim.value_counts()).fillna(0).astype(int),
        dated=order["function"].map(aimed["due"].notna().groupby(of_aim).sum()).fillna(0),
    )
    for column in columns:
        rows[str(column)] = order["function"].map(counts[column]).fillna(0).astype(int)
    return rows.astype({"dated": int})


def programmes() -> "pd.DataFrame":
    """Count what the enabling programmes list, by when it is to be done.

    Returns
    -------
    pandas.DataFrame
        A row a programme: ``programme, title, items``, a column for each printed period (such
        as ``2024/25``), `OTHERWISE` (items outside these that print a date of their own),
        `UNDATED` and ``unsecured`` (items that hang on money not yet secured). Purposes,
        outcomes, principles and standards count as items.
    """
    frame = evidence.load("enabling-programmes")
    own_date = frame["date_start"].notna().map({True: OTHERWISE, False: UNDATED})
    when = frame["period_printed"].fillna(own_date)
    columns = [*frame["period_printed"].dropna().unique(), OTHERWISE, UNDATED]
    counts = frame.groupby(["programme", when]).size().unstack(fill_value=0)
    counts = counts.reindex(frame["programme"].unique(), columns=columns, fill_value=0)
    unsecured = frame["funding_condition"].notna().groupby(frame["programme"]).sum()
    rows = counts.assign(items=counts.sum(axis=1), unsecured=unsecured)
    rows = rows.rename_axis(columns=None).reset_index()
    return rows.assign(title=rows["programme"].map(prose.sentence_case))


def _function(aim: str) -> str:
    """Return the enabling function that a printed name stands for, by its leading word."""
    functions = dict.fromkeys(row["function"] for row in evidence.rows("enabling-functions"))
    for function in functions:
        if function.split("-")[0] in aim.lower():
            return function
    raise EvidenceError(f"enabling function '{aim}': expected one of {', '.join(functions)}")


def _title(function: str) -> str:
    return prose.sentence_case(function.replace("-", " "))
