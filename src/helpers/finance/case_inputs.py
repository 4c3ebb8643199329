"""What the 2009 case starts from: its inputs, read from the evidence as arrays.

Two groups of inputs are not determined by the source and are read back from its results,
and each says so: the acute spend that savings apply to, and the costs that boroughs keep.
Salaries are a third: the case prints them, but its assumptions do not lead to them.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from helpers import evidence
from helpers.finance.calendar import boroughs, part_year, scenarios, years

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERCENT = 100
THOUSAND, MILLION = 1e3, 1e6
# Costs that follow the number of the Partnership's staff: category to what each of them costs.
COSTS_A_HEAD = (
    "office-future",
    "utilities-future",
    "furniture-future",
    "support-functions-future",
    "technology-future",
    "training-future",
)
DIRECTORATE_COSTS = ("spd-staff", "spd-indirect", "spd-consultancy", "spd-overheads")


@dataclass(frozen=True)
class Inputs:
    """Inputs of the case; money in £ million of 2009/10, yearly rates.

    Attributes
    ----------
    areas : tuple of str
        Boroughs, in the order of Table 10; the first axis of every array by area.
    years : tuple of str
        Financial years; also the years of operation, the last axis of every array by year.
    own_costs : numpy.ndarray
        What each borough's trust spends on acute commissioning (Table 6). Shape (areas,).
    programme : float
        The NWL Collaborative Programme (section 2.2.1).
    weighted_shares : numpy.ndarray
        Share of the weighted population, adding to 1 (Table 10). Shape (areas,).
    staff : numpy.ndarray
        Whole-time equivalents in acute commissioning (Table 6). Shape (areas,).
    salaries : numpy.ndarray
        Salaries and on-costs of the Partnership. Printed, not derived: the assumptions given
        (interim share, day rate, on-costs) do not determine them. Shape (years,).
    costs_a_head : float
        Facilities, support, technology and training (44.4 staff by their cost a head).
    planning_directorate : float
        The Strategic Planning Directorate, from its four components.
    transition : numpy.ndarray
        One-off costs by year from rollout (Table 8). Shape (years,).
    retained_staff, retained_other : numpy.ndarray
        Costs that boroughs keep. Given as results only (Appendix D). Shape (areas, years).
    acute_spend : numpy.ndarray
        Acute spend with providers in the sector. Not published by area: implied by the mid
        case's benefit of the last year. Shape (areas,).
    savings : dict
        Scenario to the share of acute spend saved in each year of operation (Table 3).
    interim_shares : numpy.ndarray
        Share of the Partnership's staff who are interim. Shape (years,).
    interim_premium : float
        What one interim costs more than a permanent member of staff: the saving that the case
        gives for all temporary staff, by their number.
    partnership_staff : float
        Whole-time equivalents of the Partnership without the planning directorate.
    people : float
        People served, in millions (section 2.1).
    """

    areas: tuple[str, ...]
    years: tuple[str, ...]
    own_costs: "NDArray[np.float64]"
    programme: float
    weighted_shares: "NDArray[np.float64]"
    staff: "NDArray[np.float64]"
    salaries: "NDArray[np.float64]"
    costs_a_head: float
    planning_directorate: float
    transition: "NDArray[np.float64]"
    retained_staff: "NDArray[np.float64]"
    retained_other: "NDArray[np.float64]"
    acute_spend: "NDArray[np.float64]"
    savings: dict[str, "NDArray[np.float64]"]
    interim_shares: "NDArray[np.float64]"
    interim_premium: float
    partnership_staff: float
    people: float

    @property
    def existing_costs(self) -> "NDArray[np.float64]":
        """Existing running costs: own, and a share of the programme. Shape (areas,)."""
        return self.own_costs + self.weighted_shares * self.programme

    @property
    def partnership_costs(self) -> "NDArray[np.float64]":
        """Yearly running costs of the Partnership by year of operation. Shape (years,)."""
        return self.salaries + self.costs_a_head + self.planning_directorate


@cache
def inputs() -> Inputs:
    """Read the inputs of the case from the evidence.

    Raises
    ------
    EvidenceError
        If a table lacks an area, a year or an assumption that the model needs.
    """
    part = np.array([part_year(year) for year in years()])
    last = years()[-1]
    printed = _printed("retained_staff_costs", "other_retained_costs", "efficiency_benefits")
    final_saving = {
        name: np.array(
            [
                evidence.value("savings-scenarios", "saving_percent", scenario=name, year=year)
                for year in years()
            ]
        )
        / PERCENT
        for name in scenarios()
    }
    return Inputs(
        areas=boroughs(),
        years=years(),
        own_costs=_by_area("current-costs", "annual_cost_gbp_m"),
        programme=assumption("collaborative-programme"),
        weighted_shares=_by_area("contribution-shares", "share_percent") / PERCENT,
        staff=_by_area("current-costs", "wte"),
        salaries=_salaries() / part,
        costs_a_head=assumption("staff-acute-commissioning-vehicle")
        * sum(assumption(name) for name in COSTS_A_HEAD)
        / MILLION,
        planning_directorate=sum(assumption(name) for name in DIRECTORATE_COSTS) / MILLION,
        transition=_transition(),
        retained_staff=_retained(printed, "retained_staff_costs"),
        retained_other=_retained(printed, "other_retained_costs"),
        acute_spend=_by_borough(printed["efficiency_benefits", last]) / final_saving["mid"][-1],
        savings=final_saving,
        interim_shares=np.array([assumption(f"interim-share-{_slug(year)}") for year in years()])
        / PERCENT,
        interim_premium=assumption("temporary-staff-saving")
        / THOUSAND
        / assumption("staff-temporary"),
        partnership_staff=assumption("staff-acute-commissioning-vehicle"),
        people=assumption("population-served"),
    )


def assumption(name: str) -> float:
    """Return the value of one assumption of the case, in its own unit."""
    value: float = evidence.value("business-case-assumptions", "value", assumption=name)
    return value


def _slug(year: str) -> str:
    return year.replace("/", "-")


def _by_area(resource: str, column: str) -> "NDArray[np.float64]":
    return _by_borough(dict(evidence.columns(resource, "area", column)))


def _by_borough(values: "dict[str, float]") -> "NDArray[np.float64]":
    return np.array([values[area] for area in boroughs()])


def _salaries() -> "NDArray[np.float64]":
    return np.array(
        [
            evidence.value("running-costs", "cost_gbp_m", category="salaries-and-on-costs", year=y)
            for y in years()
        ]
    )


def _transition() -> "NDArray[np.float64]":
    """Read Table 8 to the pound; a year that it does not print costs nothing."""
    spent = dict.fromkeys(years(), 0.0)
    for row in evidence.rows("transition-costs"):
        if row["is_total"]:
            spent[row["year"]] += row["cost_gbp_thousand"] / THOUSAND
    return np.array(list(spent.values()))


def _printed(*lines: str) -> dict[tuple[str, str], dict[str, float]]:
    """Read lines of the case: each with its year to its amounts by area."""
    amounts: dict[tuple[str, str], dict[str, float]] = {}
    columns = ("line", "year", "area", "value_gbp_m")
    for line, year, area, amount in evidence.columns("net-benefit", *columns, line=lines):
        amounts.setdefault((line, year), {})[area] = amount
    return amounts


def _retained(printed: dict[tuple[str, str], dict[str, float]], line: str) -> "NDArray[np.float64]":
    """Take a cost that boroughs keep; in the first year of operation it runs as in the second."""
    costs = np.array([-_by_borough(printed[line, year]) for year in years()]).T
    costs[:, 0] = costs[:, 1]
    return costs
