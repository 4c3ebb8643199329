"""Which differences between the plans of 2024 are larger than chance.

A plan is written and not drawn, so an interval says no more than how large a difference between
two counts has to be before it means anything.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from helpers.boroughs import plan

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

CONFIDENCE = 0.95
# Chances this close to one another are equal: what parts them is the rounding of the computer.
TIED = 1 + 1e-7


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
    from statsmodels.stats.multitest import multipletests

    scopes = plan.scopes()
    pairs = list(combinations(scopes["title"], 2))
    if not pairs:
        return pd.DataFrame(columns=["first", "second", "p_value", "differs"])
    tested = multipletests(
        pairwise_p_values(list(scopes["local"]), list(scopes["activities"])),
        alpha=1 - CONFIDENCE,
        method="holm",
    )
    return (
        pd.DataFrame(
            {
                "first": [one for one, _ in pairs],
                "second": [other for _, other in pairs],
                "p_value": tested[1],
                "differs": tested[0],
            }
        )
        .sort_values("p_value", kind="stable")
        .reset_index(drop=True)
    )


def pairwise_p_values(counts: Sequence[int], wholes: Sequence[int]) -> "NDArray[np.float64]":
    """Test for each pair of shares whether they differ: Fisher's exact test, two-sided.

    Each share is tested against all that follow it at once, which takes a hundredth of the time
    that a call for each pair does.

    Parameters
    ----------
    counts, wholes : sequence of int
        Numerator and denominator of each share.

    Returns
    -------
    numpy.ndarray
        P values in the order of `itertools.combinations`.
    """
    from scipy.stats import hypergeom

    count, whole = np.array(counts), np.array(wholes)
    found = [np.empty(0)]
    for place, (own, tried) in enumerate(zip(counts, wholes, strict=True)):
        others, others_tried = count[place + 1 :], whole[place + 1 :]
        # Each count that the first could have of what both have together; nought where it cannot.
        chances = hypergeom.pmf(
            np.arange(tried + 1)[:, None], tried + others_tried, own + others, tried
        )
        as_rare = chances <= chances[own] * TIED
        found.append(np.minimum(1.0, np.where(as_rare, chances, 0.0).sum(axis=0)))
    return np.concatenate(found)
