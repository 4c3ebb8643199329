"""What the case of 2009 promised a borough under given assumptions, and how firm that was."""

from dataclasses import replace
from typing import TYPE_CHECKING

from helpers import areas, evidence, prose
from helpers.boroughs.features import place, ranks
from helpers.finance import (
    MONTHS_A_YEAR,
    SECTOR,
    Assumptions,
    Projection,
    boroughs,
    findings,
    inputs,
    prices,
    project,
    scenarios,
    sensitivity,
)
from helpers.finance.assumptions import AS_SCENARIO, PERCENT
from helpers.finance.calendar import longest_delay

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

ASSUMED = " (assumed here)"
LEAST = 0.1  # per cent: less is not written
DECIMALS = 3  # £ million: to the thousand pounds
NEVER = -1e9  # stands for a payback that does not come: after every other


def summary(projection: Projection, area: str) -> "pd.DataFrame":
    """Return what the case costs and gives an area, beside the sector, with its rank.

    Parameters
    ----------
    projection : Projection
        The case computed.
    area : str
        A borough of the case.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure, here, sector`` (written with their unit) and ``place`` (among the
        boroughs; the largest first, for payback the soonest).
    """
    import pandas as pd

    case, last = projection.assumptions, projection.years[-1]
    factor = prices.price_factor(case.price_base)
    kept = -projection.lines["retained_staff_costs"] - projection.lines["other_retained_costs"]
    present = inputs().own_costs * factor
    amounts: dict[str, Iterable[float]] = {
        "Its own cost of acute commissioning before, a year": [present.sum(), *present],
        f"Contribution to the Partnership, {last}": -projection.lines["partnership_running_costs"][
            :, -1
        ],
        f"Costs that it keeps, {last}": kept[:, -1],
        f"Savings on hospital care, {last}": projection.lines["efficiency_benefits"][:, -1],
        f"Net benefit, {last}": projection.lines["net_benefit"][:, -1],
        "Net benefit, all years": projection.lines["net_benefit"].sum(axis=1),
        f"Present value, at {case.discount_rate:g}% a year": projection.present_values().values(),
    }
    rows = [
        _row(measure, dict(zip(projection.areas, values, strict=True)), area)
        for measure, values in amounts.items()
    ]
    days = projection.paybacks()
    rows.append(
        {
            "measure": "Paid back",
            "here": prose.sentence_case(findings.payback_words(days[area])),
            "sector": prose.sentence_case(findings.payback_words(days[SECTOR])),
            "place": _place(
                {each: NEVER if due is None else -due for each, due in days.items()}, area
            ),
        }
    )
    return pd.DataFrame(rows)


def net_benefit_ranks(projection: Projection) -> dict[str, int]:
    """Return each borough's rank by net benefit over all years, 1 for the highest."""
    totals = projection.totals()
    return ranks({area: totals[area] for area in boroughs()}, DECIMALS)


def ranked(projection: Projection) -> "pd.DataFrame":
    """Return the boroughs by net benefit over all years, the largest first.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, name, gbp_m`` (£ million in prices of the assumptions).
    """
    import pandas as pd

    totals = projection.totals()
    return (
        pd.DataFrame(
            [{"area": area, "name": areas.name(area), "gbp_m": totals[area]} for area in boroughs()]
        )
        .sort_values("gbp_m", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


def variations(case: Assumptions, area: str) -> "pd.DataFrame":
    """Return an area's net benefit over all years as savings and start change.

    Parameters
    ----------
    case : Assumptions
        Of the reader; in each row only what its name says differs from it.
    area : str
        A borough of the case.

    Returns
    -------
    pandas.DataFrame
        Columns ``name, gbp_m, payback`` (in words) and ``assumed`` (whether it is the case
        itself). A start a year later is left out where the years of the case have no room
        for it.
    """
    import pandas as pd

    saving = any(case.saving_shares())
    cases: dict[str, Assumptions] = {}
    if case.savings != AS_SCENARIO:
        name = prose.sentence_case(case.case_name()) if saving else "No saving at all"
        cases[name + ASSUMED] = case
    for scenario in scenarios():
        changed = replace(case, scenario=scenario, savings=AS_SCENARIO)
        own = ASSUMED if changed == case else ""
        cases[f"{prose.sentence_case(scenario)} case{own}"] = changed
    projections = {name: project(each) for name, each in cases.items()}
    if saving:
        projections["No saving at all"] = sensitivity.without_savings(case)
    if case.delay() + MONTHS_A_YEAR <= longest_delay():
        later = replace(case, slippage_months=case.slippage_months + MONTHS_A_YEAR)
        projections["Started a year later"] = project(later)
    return pd.DataFrame(
        [
            {
                "name": name,
                "gbp_m": each.total(area),
                "payback": prose.sentence_case(findings.payback_words(each.payback(area))),
                "assumed": name.endswith(ASSUMED),
            }
            for name, each in projections.items()
        ]
    )


def break_even_shares(case: Assumptions) -> "pd.DataFrame":
    """Return what share of the savings assumed each borough needs to lose nothing.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, name, share`` (per cent of the path; 0 where no saving is needed,
        missing where none comes in time) and ``written``; who needs most first.
    """
    import pandas as pd

    found = sensitivity.break_even(case)
    rows = []
    for area in boroughs():
        share = found[area].path_share * PERCENT
        never = share == float("inf")
        rows.append(
            {
                "area": area,
                "name": areas.name(area),
                "share": None if never else max(0.0, share),
                "written": "none in time" if never else needed_words(share),
            }
        )
    frame = pd.DataFrame(rows)
    order = frame["share"].fillna(float("inf"))
    return frame.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def needed_words(share: float) -> str:
    """Write what share of the savings, in per cent, an area needs to break even."""
    if share <= 0:
        return "needs none"
    if share < LEAST:
        return f"under {prose.percent(LEAST, 1)}"
    return prose.percent(share, 0 if share >= 1 else 1)


def path_words(case: Assumptions) -> str:
    """Name the savings whose share is meant where a case breaks even."""
    return case.case_name() if any(case.saving_shares()) else f"{case.scenario} case"


def places(area: str) -> "list[pd.DataFrame]":
    """Return the rows of evidence that an area's share of the case rests on."""
    return [
        evidence.load(name, area=area)
        for name in ("net-benefit", "current-costs", "contribution-shares")
    ]


def _row(measure: str, amounts: dict[str, float], area: str) -> dict[str, str]:
    return {
        "measure": measure,
        "here": prose.gbp_million(amounts[area]),
        "sector": prose.gbp_million(amounts[SECTOR]),
        "place": _place(amounts, area),
    }


def _place(amounts: dict[str, float], area: str) -> str:
    among = {each: amount for each, amount in amounts.items() if each != SECTOR}
    return place(among, area, "", DECIMALS)
