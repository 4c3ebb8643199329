"""How firm an order of boroughs is: when the assumptions change."""

from dataclasses import replace
from typing import TYPE_CHECKING

from helpers import areas
from helpers.boroughs.promise import net_benefit_ranks
from helpers.finance import BASES, Assumptions, project, scenarios
from helpers.finance.assumptions import AS_SCENARIO

if TYPE_CHECKING:
    import pandas as pd


def rank_ranges(case: Assumptions) -> "pd.DataFrame":
    """Return within what the boroughs' ranks by net benefit move with the assumptions.

    Parameters
    ----------
    case : Assumptions
        Of the reader. Every scenario of savings is combined with every way of sharing out
        the Partnership's cost; all else stays as it is.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, name, assumed, best, worst`` (1 is the highest net benefit over all
        years) and ``combinations``, in the order of the case assumed.
    """
    import pandas as pd

    assumed = net_benefit_ranks(project(case))
    tried = [
        net_benefit_ranks(
            project(replace(case, scenario=scenario, savings=AS_SCENARIO, contribution_basis=basis))
        )
        for scenario in scenarios()
        for basis in BASES
    ]
    rows = [
        {
            "area": area,
            "name": areas.name(area),
            "assumed": rank,
            "best": min(rank, *(each[area] for each in tried)),
            "worst": max(rank, *(each[area] for each in tried)),
            "combinations": len(tried),
        }
        for area, rank in assumed.items()
    ]
    return pd.DataFrame(rows).sort_values("assumed", kind="stable").reset_index(drop=True)
