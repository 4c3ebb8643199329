"""Which differences between the plans of 2024 are larger than chance.

A plan is written and not drawn, so an interval says no more than how large a difference between
two counts has to be before it means anything.
"""

from itertools import combinations
from typing import TYPE_CHECKING

from helpers.boroughs import plan

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95


def local_intervals() -> "pd.DataFrame":
    """Return the share of local activities of each partnership with its interval.

    Wilson's interval: the shares that the count is compatible with if each activity were drawn by
    chance.

    Returns
    -------
    pandas.DataFrame
        As `plan.scopes`, with ``low`` and ``high``, per cent.
    """
    from statsmodels.stats.proportion import proportion_confint

    scopes = plan.scopes()
    low, high = proportion_confint(
        scopes["local"], scopes["activities"], alpha=1 - CONFIDENCE, method="wilson"
    )
    return scopes.assign(low=low * 100, high=high * 100)


def local_differences() -> "pd.DataFrame":
    """Test for each pair of partnerships whether their shares of local activities differ.

    Fisher's exact test of each pair, and Holm's correction for there being many pairs.

    Returns
    -------
    pandas.DataFrame
        Columns ``first, second`` (titles), ``p_value`` (corrected) and ``differs``, the
        clearest difference first.
    """
    import pandas as pd
    from scipy.stats import fisher_exact
    from statsmodels.stats.multitest import multipletests

    rows = list(plan.scopes().itertuples())
    pairs = list(combinations(rows, 2))
    if not pairs:
        return pd.DataFrame(columns=["first", "second", "p_value", "differs"])
    counts = [[[each.local, each.activities - each.local] for each in pair] for pair in pairs]
    tested = multipletests(
        [fisher_exact(table).pvalue for table in counts], alpha=1 - CONFIDENCE, method="holm"
    )
    return (
        pd.DataFrame(
            {
                "first": [one.title for one, _ in pairs],
                "second": [other.title for _, other in pairs],
                "p_value": tested[1],
                "differs": tested[0],
            }
        )
        .sort_values("p_value", kind="stable")
        .reset_index(drop=True)
    )
