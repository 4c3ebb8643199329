"""The 2009 business case as a model: from its inputs to its published net benefits.

Part 3, section 2 and Appendix D of the Commissioning Partnership case. A published figure is
never an output of the model: it is what the model is compared with. Two inputs are not
determined by the source and are read back from its results, and say so: the acute spend
that savings apply to (`baseline_acute_spend`) and the costs that boroughs keep
(`retained_costs`).
"""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from helpers import evidence

if TYPE_CHECKING:
    import pandas as pd

SECTOR = "nwl"
MONTHS_A_YEAR = 12
DAYS_A_YEAR = 365
LINES = (
    "existing_running_costs",
    "partnership_running_costs",
    "net_cost_reduction",
    "retained_staff_costs",
    "other_retained_costs",
    "efficiency_benefits",
    "net_benefit",
)


@cache
def years() -> tuple[str, ...]:
    """Return the financial years of the case, in order."""
    return tuple(dict.fromkeys(row["year"] for row in evidence.rows("savings-scenarios")))


@cache
def boroughs() -> tuple[str, ...]:
    """Return the boroughs that contribute to the Partnership, in the order of Table 10."""
    return tuple(
        row["area"] for row in evidence.rows("contribution-shares") if row["area"] != SECTOR
    )


@cache
def rollout() -> date:
    """Return the mid-point date on which staff move to the Partnership."""
    moved: date = evidence.value(
        "business-case-assumptions", "value_date", assumption="staff-move-date"
    )
    return moved


def days_after_rollout() -> int:
    """Return the days from rollout to the end of the first financial year."""
    return (_first_year_end() - rollout()).days + 1


def part_year(year: str) -> float:
    """Return the share of a year that the Partnership runs, in whole months."""
    if year != years()[0]:
        return 1.0
    end, start = _first_year_end(), rollout()
    months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month + 1
    return months / MONTHS_A_YEAR


def _first_year_end() -> date:
    return date(int(years()[0][:4]) + 1, 3, 31)


def collaborative_programme_cost() -> float:
    """Return the yearly cost of the NWL Collaborative Programme, in £ million."""
    total: float = evidence.value(
        "business-case-assumptions", "value", assumption="collaborative-programme"
    )
    return total


def existing_running_costs(area: str, year: str) -> float:
    """Return what acute commissioning costs an area today, in £ million.

    Its own cost (Table 6) and its share of the Collaborative Programme.
    """
    own: float = evidence.value("current-costs", "annual_cost_gbp_m", area=area)
    return (own + _share(area) * collaborative_programme_cost()) * part_year(year)


def contribution(area: str, year: str) -> float:
    """Return an area's contribution to the Partnership, in £ million.

    Its share of weighted population (Table 10) of the Partnership's cost (Table 9).
    """
    total: float = evidence.value(
        "partnership-costs", "cost_gbp_m", category="partnership", year=year
    )
    return _share(area) * total


def retained_costs(area: str, year: str, line: str) -> float:
    """Return a cost that an area keeps after the move, in £ million.

    The source gives these as results only, so those of full years are inputs; the first
    year is 7 of 12 months of the second.
    """
    printed_year = years()[1] if year == years()[0] else year
    return -_published(area, printed_year, line) * part_year(year)


def baseline_acute_spend(area: str) -> float:
    """Return the yearly acute spend that savings apply to, in £ million.

    Not published by area: implied by the mid case's benefit of the last year.
    """
    last = years()[-1]
    return _published(area, last, "efficiency_benefits") / saving("mid", last)


def saving(scenario: str, year: str) -> float:
    """Return the share of acute spend saved in a scenario and year (Table 3)."""
    percent: float = evidence.value(
        "savings-scenarios", "saving_percent", scenario=scenario, year=year
    )
    return percent / 100


def scenarios() -> tuple[str, ...]:
    """Return the savings scenarios, in the order of Table 3."""
    return tuple(dict.fromkeys(row["scenario"] for row in evidence.rows("savings-scenarios")))


def borough_lines(area: str, scenario: str, year: str) -> dict[str, float]:
    """Return each line of the case for one borough, in £ million, costs negative.

    Parameters
    ----------
    area : str
        Slug of a borough.
    scenario : str
        ``best``, ``mid`` or ``worst``.
    year : str
        Financial year, such as ``2010/11``.
    """
    existing = existing_running_costs(area, year)
    partnership = -contribution(area, year)
    staff = -retained_costs(area, year, "retained_staff_costs")
    other = -retained_costs(area, year, "other_retained_costs")
    efficiency = saving(scenario, year) * baseline_acute_spend(area)
    values = (
        existing,
        partnership,
        existing + partnership,
        staff,
        other,
        efficiency,
        existing + partnership + staff + other + efficiency,
    )
    return dict(zip(LINES, values, strict=True))


@cache
def net_benefits() -> "pd.DataFrame":
    """Return the model beside the published figures.

    Returns
    -------
    pandas.DataFrame
        One row an area, scenario, year and line: ``published_gbp_m`` (mid case only),
        ``model_gbp_m``, ``difference_gbp_m`` (model less published), ``source_id`` and
        ``locator`` of the published figure. The sector is the sum of its boroughs.
    """
    import pandas as pd

    records = []
    for scenario in scenarios():
        for year in years():
            lines = {area: borough_lines(area, scenario, year) for area in boroughs()}
            lines = {
                SECTOR: {line: sum(each[line] for each in lines.values()) for line in LINES},
                **lines,
            }
            records += [
                {
                    "area": area,
                    "scenario": scenario,
                    "year": year,
                    "line": line,
                    "model_gbp_m": amount,
                }
                for area, each in lines.items()
                for line, amount in each.items()
            ]
    published = evidence.load("net-benefit").rename(columns={"value_gbp_m": "published_gbp_m"})
    merged = pd.DataFrame(records).merge(
        published.drop(columns="note"), on=["area", "scenario", "year", "line"], how="left"
    )
    merged["model_gbp_m"] = merged["model_gbp_m"].round(6)
    merged["difference_gbp_m"] = (merged["model_gbp_m"] - merged["published_gbp_m"]).round(6)
    order = {area: position for position, area in enumerate((SECTOR, *boroughs()))}
    merged = merged.sort_values("area", key=lambda column: column.map(order), kind="stable")
    return merged[
        [
            "area",
            "scenario",
            "year",
            "line",
            "published_gbp_m",
            "model_gbp_m",
            "difference_gbp_m",
            "source_id",
            "locator",
        ]
    ].reset_index(drop=True)


def payback_days(first_year: float, second_year: float) -> float | None:
    """Return the days after rollout until the first year's deficit is made good.

    Parameters
    ----------
    first_year, second_year : float
        Net benefit of the first two years, in the same unit.

    Returns
    -------
    float or None
        0 if there is no deficit; None if the second year does not begin to repay it.
    """
    if first_year >= 0:
        return 0.0
    if second_year <= 0:
        return None
    return days_after_rollout() + DAYS_A_YEAR * -first_year / second_year


@cache
def paybacks() -> "pd.DataFrame":
    """Return the payback period of each area and scenario, modelled and published.

    Returns
    -------
    pandas.DataFrame
        Columns ``area``, ``scenario``, ``published_days`` (mid case, boroughs only) and
        ``model_days``; 0 is immediate, missing where the second year does not begin to
        repay the first.
    """
    import pandas as pd

    net = net_benefits()
    net = net[net["line"] == "net_benefit"].set_index(["area", "scenario", "year"])["model_gbp_m"]
    published = {
        (row["area"], row["scenario"]): row["payback_days"] for row in evidence.rows("payback")
    }
    first, second = years()[:2]
    records = []
    for area in (SECTOR, *boroughs()):
        for scenario in scenarios():
            days = payback_days(net[area, scenario, first], net[area, scenario, second])
            records.append(
                {
                    "area": area,
                    "scenario": scenario,
                    "published_days": published.get((area, scenario)),
                    "model_days": None if days is None else round(days, 1),
                }
            )
    return pd.DataFrame(records)


def _share(area: str) -> float:
    percent: float = evidence.value("contribution-shares", "share_percent", area=area)
    return percent / 100


@cache
def _published_by_key() -> dict[tuple[str, str, str], float]:
    return {
        (row["area"], row["year"], row["line"]): row["value_gbp_m"]
        for row in evidence.rows("net-benefit")
    }


def _published(area: str, year: str, line: str) -> float:
    return _published_by_key()[area, year, line]
