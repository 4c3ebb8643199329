"""All checks in one register, with what disagrees and what cannot be recomputed."""

from functools import cache
from typing import TYPE_CHECKING

from helpers import evidence
from helpers.reconciliation import later_sources, partnership_inputs, partnership_tables
from helpers.reconciliation.check import DIFFERS, NOT_RECOMPUTABLE

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "check_id",
    "statement",
    "published",
    "recomputed",
    "difference",
    "tolerance",
    "status",
    "source_id",
    "locator",
)


@cache
def checks() -> "pd.DataFrame":
    """Return every figure that is recomputed.

    Returns
    -------
    pandas.DataFrame
        The columns of `everything`, all numbers; status ``reproduced`` or ``differs``.
    """
    import pandas as pd

    return pd.DataFrame(
        (
            check.check_id,
            check.statement,
            check.published,
            round(check.recomputed, 6),
            round(check.difference, 6),
            round(check.tolerance, 6),
            check.status,
            check.source_id,
            check.locator,
        )
        for module in (partnership_tables, partnership_inputs, later_sources)
        for check in module.checks()
    ).set_axis(COLUMNS, axis="columns")


def disagreements() -> "pd.DataFrame":
    """Return where the sources do not agree with themselves or each other.

    Returns
    -------
    pandas.DataFrame
        The resource ``observations``: both readings with their places, the one that this
        book uses, and why.
    """
    return evidence.load("observations")


def everything() -> "pd.DataFrame":
    """Return the whole register: recomputed, disagreeing, and not recomputable.

    Returns
    -------
    pandas.DataFrame
        Columns ``check_id, statement, published, recomputed, difference, tolerance, status,
        source_id, locator``. For a disagreement, `published` and `recomputed` are the first
        and the second reading, in words.
    """
    import pandas as pd

    noted = disagreements()
    missing = evidence.load("not-recomputable")
    return pd.concat(
        [
            checks(),
            noted.assign(
                check_id="noted-" + noted["observation"],
                published=noted["first_reading"],
                recomputed=noted["second_reading"],
                status=DIFFERS,
            ),
            missing.assign(
                published=missing["published_printed"], recomputed="", status=NOT_RECOMPUTABLE
            ),
        ],
        ignore_index=True,
    )[list(COLUMNS)]
