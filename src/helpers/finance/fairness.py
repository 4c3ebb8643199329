"""How the Partnership's cost falls on boroughs, beside what each gains and what it pays now.

A borough's gain is what the Partnership is worth to it before it pays for it: the running costs
that it no longer has, less those that it keeps, plus its savings. Net benefit is that gain less
its contribution. Payments in proportion to the gain leave net benefits in the same proportion,
which payments in proportion to net benefit itself would not.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance import model, prices
from helpers.finance.assumptions import BASES, PERCENT, Assumptions
from helpers.finance.calendar import SECTOR
from helpers.finance.case_inputs import inputs
from helpers.finance.contributions import contribution_shares, gini, misplaced_share
from helpers.finance.projection import project

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def shares(assumptions: Assumptions) -> "pd.DataFrame":
    """Return each borough's share of what is paid and of what is gained over the whole case.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader.

    Returns
    -------
    pandas.DataFrame
        One row a borough: ``area`` and, in per cent, ``contribution_percent``,
        ``gain_percent``, ``net_benefit_percent`` (missing where a borough loses) and
        ``existing_percent`` (of present running costs).
    """
    import pandas as pd

    contribution, net = _totals(assumptions)
    return pd.DataFrame(
        {
            "area": inputs().areas,
            "contribution_percent": _percent(contribution),
            "gain_percent": _percent(net + contribution),
            "net_benefit_percent": _percent(net) if (net >= 0).all() and net.any() else np.nan,
            "existing_percent": _percent(inputs().existing_costs),
        }
    )


def full_operation(assumptions: Assumptions) -> "pd.DataFrame":
    """Return what acute commissioning costs now and in a whole year of full operation.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader; neither savings nor the start matter here.

    Returns
    -------
    pandas.DataFrame
        One row an area, the sector first: ``area``; in £ million a year in prices of the
        assumptions ``existing_gbp_m``, ``contribution_gbp_m``, ``kept_gbp_m`` and
        ``change_gbp_m`` (contribution and costs kept, less existing costs);
        ``weighted_heads_million`` (people served, by share of weighted population); and in
        £ a weighted head a year ``existing_a_head``, ``contribution_a_head``, ``kept_a_head``
        and ``after_a_head`` (contribution and costs kept).
    """
    import pandas as pd

    lines = _full_year(assumptions)
    existing = lines["existing_running_costs"]
    contribution = -lines["partnership_running_costs"]
    kept = -lines["retained_staff_costs"] - lines["other_retained_costs"]
    boroughs = pd.DataFrame(
        {
            "area": inputs().areas,
            "existing_gbp_m": existing,
            "contribution_gbp_m": contribution,
            "kept_gbp_m": kept,
            "change_gbp_m": contribution + kept - existing,
            "weighted_heads_million": inputs().weighted_shares * inputs().people,
        }
    )
    sector = boroughs.drop(columns="area").sum().to_frame().T.assign(area=SECTOR)
    whole = pd.concat([sector, boroughs], ignore_index=True)[list(boroughs.columns)]
    heads = whole["weighted_heads_million"]
    return whole.assign(
        existing_a_head=whole["existing_gbp_m"] / heads,
        contribution_a_head=whole["contribution_gbp_m"] / heads,
        kept_a_head=whole["kept_gbp_m"] / heads,
        after_a_head=(whole["contribution_gbp_m"] + whole["kept_gbp_m"]) / heads,
    )


def contributions_by_basis(assumptions: Assumptions) -> "pd.DataFrame":
    """Return what each borough would pay in a whole year of full operation, by basis.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader; their own basis does not matter.

    Returns
    -------
    pandas.DataFrame
        One row a borough: ``area``, one column a key of `BASES` and ``range`` (the highest
        less the lowest), £ million a year in prices of the assumptions.
    """
    import pandas as pd

    table = pd.DataFrame({"area": inputs().areas})
    for basis in BASES:
        lines = _full_year(replace(assumptions, contribution_basis=basis))
        table[basis] = -lines["partnership_running_costs"]
    paid = table[list(BASES)]
    return table.assign(range=paid.max(axis=1) - paid.min(axis=1))


def fairness(assumptions: Assumptions) -> "pd.DataFrame":
    """Return how fair each way of sharing the cost is, over the whole case.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader; their own basis does not matter.

    Returns
    -------
    pandas.DataFrame
        One row a basis: ``basis``, ``title``, ``misplaced_percent`` (share of contributions
        that would have to change hands for each borough to pay as it gains), ``gini`` (of net
        benefit a weighted head; missing where a borough loses, since it is not defined there),
        ``lowest_a_head`` and ``highest_a_head`` (that net benefit, £), ``losing`` (boroughs
        that pay more than they gain) and ``boroughs`` (their number).
    """
    import pandas as pd

    heads = inputs().weighted_shares * inputs().people
    records = []
    for basis, title in BASES.items():
        contribution, net = _totals(replace(assumptions, contribution_basis=basis))
        a_head = net / heads
        records.append(
            {
                "basis": basis,
                "title": title,
                "misplaced_percent": misplaced_share(contribution, net + contribution) * PERCENT,
                "gini": gini(a_head, heads) if (net >= 0).all() and net.any() else np.nan,
                "lowest_a_head": a_head.min(),
                "highest_a_head": a_head.max(),
                "losing": int((net < 0).sum()),
                "boroughs": len(net),
            }
        )
    return pd.DataFrame(records)


def _totals(assumptions: Assumptions) -> "tuple[Array, Array]":
    """Return contribution and net benefit of each borough over all years, £ million."""
    lines = project(assumptions).lines
    return (
        -lines["partnership_running_costs"][1:].sum(axis=1),
        lines["net_benefit"][1:].sum(axis=1),
    )


def _full_year(assumptions: Assumptions) -> "dict[str, Array]":
    """Return each line in a whole year at the rates of the last year of operation."""
    known = inputs()
    rates = model.yearly_rates(
        known,
        np.array(assumptions.saving_shares()),
        contribution_shares(known, assumptions.contribution_basis),
        assumptions.interim(),
    )
    factor = prices.price_factor(assumptions.price_base)
    return {name: amounts[..., -1] * factor for name, amounts in rates.items()}


def _percent(amounts: "Array") -> "Array":
    whole: Array = amounts / amounts.sum() * PERCENT
    return whole
