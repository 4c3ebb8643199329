"""Which bodies the plan leans on, and in which year: owners, and those an aim depends on."""

from typing import TYPE_CHECKING

from helpers import responsibilities
from helpers.promises.calendar import aims, year_columns

if TYPE_CHECKING:
    import pandas as pd

OWNERS, DEPENDENCIES = "aim-owners", "aim-dependencies"


def by_year_due(resource: str) -> "pd.DataFrame":
    """Count for each body the aims that name it, by the year in which they fall due.

    A cell of the plan that covers several aims counts for each of them, because each has a
    date of its own; a body that a cell names twice counts once.

    Parameters
    ----------
    resource : str
        `OWNERS` or `DEPENDENCIES`.

    Returns
    -------
    pandas.DataFrame
        A row a body: ``body, title, kind``, the columns of `year_columns` and ``all``; those
        with most aims first.
    """
    columns = year_columns()
    named = responsibilities.named(resource)
    aimed = aims()
    order = dict(zip(aimed["aim_id"], aimed["order"], strict=True))
    pairs = named.merge(aimed[["priority", "aim_id", "order", "year"]], on="priority")
    first, last = (pairs[name].map(order) for name in ("aim_id_x", "last_aim_id"))
    covered = pairs[pairs["order_y"].between(first, last)]
    covered = covered.drop_duplicates(["body", "aim_id_y"])
    counts = (
        covered.groupby(["body", "title", "kind", "year"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=columns, fill_value=0)
    )
    return (
        counts.assign(all=counts.sum(axis=1))
        .reset_index()
        .sort_values(["all", "title"], ascending=[False, True])
        .reset_index(drop=True)
        .rename_axis(columns=None)
    )


def peaks(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return the heaviest loads that a body carries in one financial year.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `by_year_due`.

    Returns
    -------
    pandas.DataFrame
        Columns ``title, year, aims``: one row, or several where they are equal.
    """
    years = year_columns()[:-2]
    long = frame.melt(id_vars=["title"], value_vars=years, var_name="year", value_name="aims")
    return long[long["aims"] == long["aims"].max()].reset_index(drop=True)
