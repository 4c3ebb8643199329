"""Who gains and who pays: the tables under every basis and at the extremes."""

import math
from dataclasses import replace

import numpy as np
import pytest
from finance_cases import AREAS, BASES, SHARED, shared

from helpers import finance
from helpers.finance import Assumptions, fairness
from helpers.finance.contributions import contribution_shares

pytestmark = pytest.mark.usefixtures("book_evidence")


@pytest.fixture(params=SHARED)
def case(request):
    return shared(request.param)


def row(table, area):
    return table.set_index("area").loc[area]


def test_shares_add_up_to_the_whole(case):
    table = fairness.shares(case)
    assert list(table["area"]) == list(AREAS[1:])
    for column in table.columns.drop("area"):
        total = table[column].sum(skipna=False)
        assert math.isnan(total) or total == pytest.approx(100, abs=0.01), column


def test_shares_of_net_benefit_are_given_only_where_nobody_loses():
    assert fairness.shares(Assumptions())["net_benefit_percent"].notna().all()
    assert fairness.shares(shared("nothing saved"))["net_benefit_percent"].isna().all()
    assert fairness.shares(shared("late"))["net_benefit_percent"].isna().all()


def test_a_small_gain_is_a_gain():
    case = Assumptions(savings="0,0.5,0.5,0.5")
    net = finance.project(case).lines["net_benefit"][1:].sum(axis=1)
    assert 0 < net.min() < 1  # £ million
    assert fairness.shares(case)["net_benefit_percent"].notna().all()
    agreed = row(fairness.fairness(case).rename(columns={"basis": "area"}), "weighted-population")
    assert agreed["gini"] > 0


def test_shares_of_net_benefit_are_those_of_the_published_totals():
    # Appendix D: net benefit of Westminster and of the sector over the four years.
    westminster = -0.16 + 2.05 + 6.30 + 10.52
    sector = -1.43 + 22.31 + 68.77 + 115.05
    computed = row(fairness.shares(Assumptions()), "westminster")["net_benefit_percent"]
    assert computed == pytest.approx(westminster / sector * 100, abs=0.02)


def test_full_operation_agrees_with_the_last_year_of_the_case_as_planned():
    table, projection = fairness.full_operation(Assumptions()), finance.project(Assumptions())
    last = projection.years[-1]
    for area in AREAS:
        here = row(table, area)
        lines = {name: projection.amount(name, area, last) for name in projection.lines}
        assert here["existing_gbp_m"] == pytest.approx(lines["existing_running_costs"])
        assert here["contribution_gbp_m"] == pytest.approx(-lines["partnership_running_costs"])
        assert here["change_gbp_m"] == pytest.approx(
            lines["efficiency_benefits"] - lines["net_benefit"]
        )


def test_full_operation_does_not_depend_on_savings_or_the_start():
    planned = fairness.full_operation(Assumptions())
    for name in ("nothing saved", "late"):
        assert fairness.full_operation(shared(name)).equals(planned)


def test_a_full_year_is_at_the_rates_of_the_last_year_of_operation(monkeypatch):
    usual = row(fairness.full_operation(Assumptions()), "nwl")["contribution_gbp_m"]
    known = finance.inputs()
    dearer = replace(known, salaries=known.salaries + np.array([0, 0, 0, 1.0]))
    monkeypatch.setattr(fairness, "inputs", lambda: dearer)
    found = row(fairness.full_operation(Assumptions()), "nwl")["contribution_gbp_m"]
    assert found - usual == pytest.approx(known.weighted_shares.sum())


def test_costs_a_head_add_up_and_follow_the_people_served(case):
    table = fairness.full_operation(case)
    assert table["after_a_head"].to_numpy() == pytest.approx(
        (table["contribution_a_head"] + table["kept_a_head"]).to_numpy()
    )
    assert row(table, "nwl")["weighted_heads_million"] == pytest.approx(1.85)
    spent = (table["existing_a_head"] * table["weighted_heads_million"])[1:].sum()
    assert spent == pytest.approx(row(table, "nwl")["existing_gbp_m"])


def test_by_weighted_population_each_head_contributes_the_same():
    a_head = fairness.full_operation(shared("weighted-population"))["contribution_a_head"]
    assert a_head.max() - a_head.min() < 1e-3
    # £5.16 million over 1.85 million people.
    assert a_head[0] == pytest.approx(5.16 / 1.85, abs=0.01)


def test_every_basis_collects_the_same_from_the_sector(case):
    table = fairness.contributions_by_basis(case)
    totals = table[list(BASES)].sum()
    assert totals.max() - totals.min() < 0.001 * totals.max()
    assert list(table["area"]) == list(AREAS[1:])
    paid = table[list(BASES)].to_numpy().tolist()
    assert table["range"].tolist() == pytest.approx([max(each) - min(each) for each in paid])


def test_each_basis_shares_out_the_same_cost_by_its_own_shares():
    table = fairness.contributions_by_basis(Assumptions())
    cost = finance.project(Assumptions()).amount("partnership_running_costs", "nwl", "2012/13")
    for basis in BASES:
        due = -cost * contribution_shares(finance.inputs(), basis)
        # The agreed shares add up to one within their rounding.
        assert table[basis].to_numpy() == pytest.approx(due, rel=2e-3), basis


def test_a_full_year_is_the_last_one_s_with_the_interim_staff_assumed():
    case = Assumptions(interim_share="0")
    table, last = fairness.full_operation(case), finance.project(case)
    for area in AREAS:
        paid = last.amount("partnership_running_costs", area, "2012/13")
        assert row(table, area)["contribution_gbp_m"] == pytest.approx(-paid)
    dearer = fairness.full_operation(Assumptions(interim_share="100"))
    assert row(dearer, "nwl")["contribution_gbp_m"] > row(table, "nwl")["contribution_gbp_m"]


def test_bases_do_not_depend_on_the_readers_own():
    compared = [fairness.fairness(Assumptions(contribution_basis=basis)) for basis in BASES]
    assert all(each.equals(compared[0]) for each in compared)


def test_the_agreed_basis_is_fairer_than_present_cost_if_savings_come_and_less_if_not():
    def misplaced(case):
        table = fairness.fairness(case).set_index("basis")["misplaced_percent"]
        return table["weighted-population"], table["current-cost"]

    agreed, present = misplaced(Assumptions())
    assert agreed < present
    agreed, present = misplaced(shared("nothing saved"))
    assert agreed > present


def test_gini_is_given_only_where_nobody_loses(case):
    for _, basis in fairness.fairness(case).iterrows():
        assert math.isnan(basis["gini"]) == (basis["lowest_a_head"] < 0)
        assert (basis["losing"] > 0) == (basis["lowest_a_head"] < 0)


@pytest.mark.parametrize("name", ["mid", "nothing saved"])
def test_fairness_is_that_of_the_case_under_each_basis(name):
    known = finance.inputs()
    heads = known.weighted_shares * 1.85
    table = fairness.fairness(shared(name)).set_index("basis")
    assert list(table.index) == list(BASES)
    for basis in BASES:
        case = finance.project(Assumptions(**{**SHARED[name], "contribution_basis": basis}))
        net = case.lines["net_benefit"][1:].sum(axis=1)
        paid = -case.lines["partnership_running_costs"][1:].sum(axis=1)
        a_head, found = net / heads, table.loc[basis]
        moved = np.abs(paid / paid.sum() - (net + paid) / (net + paid).sum()).sum() / 2
        assert found["misplaced_percent"] == pytest.approx(moved * 100)
        assert (found["lowest_a_head"], found["highest_a_head"]) == (
            pytest.approx(a_head.min()),
            pytest.approx(a_head.max()),
        )
        assert (found["losing"], found["boroughs"]) == ((net < 0).sum(), 8)
        assert found["title"] == finance.BASES[basis]


def test_what_each_borough_gains_is_counted_before_it_pays():
    case = finance.project(Assumptions())
    costs = ("existing_running_costs", "retained_staff_costs", "other_retained_costs")
    gained = sum(case.lines[name][1:].sum(axis=1) for name in (*costs, "efficiency_benefits"))
    shares = fairness.shares(Assumptions())
    assert shares["gain_percent"].to_numpy() == pytest.approx(gained / gained.sum() * 100)


def test_today_only_the_unit_changes():
    then, now = (fairness.full_operation(shared(name)) for name in ("mid", "today"))
    ratio = (now["change_gbp_m"] / then["change_gbp_m"]).round(9)
    assert ratio.nunique() == 1
    assert ratio[0] > 1
