"""The model beside the published figures, whatever the reader assumes.

A published figure is never an output of the model: it is what the model is compared with.
"""

from functools import cache
from typing import TYPE_CHECKING

from helpers import evidence
from helpers.finance.assumptions import Assumptions
from helpers.finance.calendar import SECTOR, boroughs, scenarios
from helpers.finance.model import LINES
from helpers.finance.projection import Projection, project

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "area",
    "scenario",
    "year",
    "line",
    "published_gbp_m",
    "model_gbp_m",
    "difference_gbp_m",
    "source_id",
    "locator",
)


@cache
def as_planned(scenario: str) -> Projection:
    """Return the case as the source has it, in one scenario."""
    return project(Assumptions(scenario=scenario))


def net_benefits() -> "pd.DataFrame":
    """Return the model beside the published figures.

    Returns
    -------
    pandas.DataFrame
        One row an area, scenario, year and line: ``published_gbp_m`` (mid case only),
        ``model_gbp_m``, ``difference_gbp_m`` (model less published), ``source_id`` and
        ``locator`` of the published figure. The model stands to the thousand pounds, parts
        first, so that lines add up to their totals and boroughs to the sector; its inputs are
        printed to the ten thousand.
    """
    import pandas as pd

    modelled = pd.DataFrame(
        [
            {"area": area, "scenario": scenario, "year": year, "line": line, "model_gbp_m": amount}
            for scenario in scenarios()
            for (area, year, line), amount in _to_the_thousand(as_planned(scenario)).items()
        ]
    )
    published = evidence.load("net-benefit").rename(columns={"value_gbp_m": "published_gbp_m"})
    merged = modelled.merge(
        published.drop(columns="note"), on=["area", "scenario", "year", "line"], how="left"
    )
    merged["difference_gbp_m"] = (merged["model_gbp_m"] - merged["published_gbp_m"]).round(3)
    order = {area: position for position, area in enumerate((SECTOR, *boroughs()))}
    merged = merged.sort_values("area", key=lambda column: column.map(order), kind="stable")
    return merged[list(COLUMNS)].reset_index(drop=True)


def _to_the_thousand(projection: Projection) -> dict[tuple[str, str, str], float]:
    """Round the lines that boroughs are charged and credited, and add up the others from them."""
    rounded = {name: amounts[1:].round(3) for name, amounts in projection.lines.items()}
    rounded["net_cost_reduction"] = (
        rounded["existing_running_costs"] + rounded["partnership_running_costs"]
    )
    rounded["net_benefit"] = (
        rounded["net_cost_reduction"]
        + rounded["retained_staff_costs"]
        + rounded["other_retained_costs"]
        + rounded["efficiency_benefits"]
    )
    return {
        (area, year, name): round(float(amount), 3)
        for name in LINES
        for area, row in zip(
            projection.areas, [rounded[name].sum(axis=0), *rounded[name]], strict=True
        )
        for year, amount in zip(projection.years, row, strict=True)
    }


def paybacks() -> "pd.DataFrame":
    """Return the payback period of each area and scenario, modelled and published.

    Returns
    -------
    pandas.DataFrame
        Columns ``area``, ``scenario``, ``published_days`` (mid case, boroughs only) and
        ``model_days``; 0 is immediate, missing where the four years do not pay it back.
    """
    import pandas as pd

    published = {
        (row["area"], row["scenario"]): row["payback_days"] for row in evidence.rows("payback")
    }
    records = []
    for area in (SECTOR, *boroughs()):
        for scenario in scenarios():
            days = as_planned(scenario).payback(area)
            records.append(
                {
                    "area": area,
                    "scenario": scenario,
                    "published_days": published.get((area, scenario)),
                    "model_days": None if days is None else round(days, 1),
                }
            )
    return pd.DataFrame(records)
