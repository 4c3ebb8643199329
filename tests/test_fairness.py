"""Who gains and who pays: the tables, and sentences that stay true at the extremes."""

import math

import pytest

from helpers import areas, finance
from helpers.finance import Assumptions, fairness, over_performance
from helpers.finance import fairness_findings as findings

pytestmark = pytest.mark.usefixtures("book_evidence")

CASES = {
    "mid": Assumptions(),
    "nothing saved": Assumptions(savings="0,0,0,0"),
    "half saved": Assumptions(savings="50,50,50,50"),
    "late": Assumptions(slippage_months=42),
    "today": Assumptions(price_base="2023/24"),
    "no interim staff": Assumptions(interim_share="0"),
    **{basis: Assumptions(contribution_basis=basis) for basis in finance.BASES},
}
EVERYWHERE = ("nwl", *finance.boroughs())


@pytest.fixture(params=CASES.values(), ids=list(CASES))
def case(request):
    return request.param


def row(table, area):
    return table.set_index("area").loc[area]


def test_shares_add_up_to_the_whole(case):
    table = fairness.shares(case)
    assert list(table["area"]) == list(finance.boroughs())
    for column in table.columns.drop("area"):
        total = table[column].sum(skipna=False)
        assert math.isnan(total) or total == pytest.approx(100, abs=0.01), column


def test_shares_of_net_benefit_are_given_only_where_nobody_loses():
    assert fairness.shares(CASES["mid"])["net_benefit_percent"].notna().all()
    assert fairness.shares(CASES["nothing saved"])["net_benefit_percent"].isna().all()
    assert fairness.shares(CASES["late"])["net_benefit_percent"].isna().all()


def test_shares_of_net_benefit_are_those_of_the_published_totals():
    # Appendix D: net benefit of Westminster and of the sector over the four years.
    westminster = -0.16 + 2.05 + 6.30 + 10.52
    sector = -1.43 + 22.31 + 68.77 + 115.05
    computed = row(fairness.shares(CASES["mid"]), "westminster")["net_benefit_percent"]
    assert computed == pytest.approx(westminster / sector * 100, abs=0.02)


def test_full_operation_agrees_with_the_last_year_of_the_case_as_planned():
    table, projection = fairness.full_operation(CASES["mid"]), finance.project(CASES["mid"])
    last = projection.years[-1]
    for area in EVERYWHERE:
        here = row(table, area)
        lines = {name: projection.amount(name, area, last) for name in projection.lines}
        assert here["existing_gbp_m"] == pytest.approx(lines["existing_running_costs"])
        assert here["contribution_gbp_m"] == pytest.approx(-lines["partnership_running_costs"])
        assert here["change_gbp_m"] == pytest.approx(
            lines["efficiency_benefits"] - lines["net_benefit"]
        )


def test_full_operation_does_not_depend_on_savings_or_the_start():
    planned = fairness.full_operation(CASES["mid"])
    for name in ("nothing saved", "late"):
        assert fairness.full_operation(CASES[name]).equals(planned)


def test_costs_a_head_add_up_and_follow_the_people_served(case):
    table = fairness.full_operation(case)
    assert table["after_a_head"].to_numpy() == pytest.approx(
        (table["contribution_a_head"] + table["kept_a_head"]).to_numpy()
    )
    assert row(table, "nwl")["weighted_heads_million"] == pytest.approx(1.85)
    spent = (table["existing_a_head"] * table["weighted_heads_million"])[1:].sum()
    assert spent == pytest.approx(row(table, "nwl")["existing_gbp_m"])


def test_by_weighted_population_each_head_contributes_the_same():
    a_head = fairness.full_operation(CASES["weighted-population"])["contribution_a_head"]
    assert a_head.max() - a_head.min() < 1e-3
    # £5.16 million over 1.85 million people.
    assert a_head[0] == pytest.approx(5.16 / 1.85, abs=0.01)


def test_every_basis_collects_the_same_from_the_sector(case):
    table = fairness.contributions_by_basis(case)
    totals = table[list(finance.BASES)].sum()
    assert totals.max() - totals.min() < 0.001 * totals.max()
    assert (table["range"] >= 0).all()


def test_bases_do_not_depend_on_the_readers_own():
    compared = [fairness.fairness(Assumptions(contribution_basis=basis)) for basis in finance.BASES]
    assert all(each.equals(compared[0]) for each in compared)


def test_the_agreed_basis_is_fairer_than_present_cost_if_savings_come_and_less_if_not():
    def misplaced(case):
        table = fairness.fairness(case).set_index("basis")["misplaced_percent"]
        return table["weighted-population"], table["current-cost"]

    agreed, present = misplaced(CASES["mid"])
    assert agreed < present
    agreed, present = misplaced(CASES["nothing saved"])
    assert agreed > present


def test_gini_is_given_only_where_nobody_loses(case):
    for _, basis in fairness.fairness(case).iterrows():
        assert math.isnan(basis["gini"]) == (basis["lowest_a_head"] < 0)
        assert (basis["losing"] > 0) == (basis["lowest_a_head"] < 0)


def test_today_only_the_unit_changes():
    then, now = (fairness.full_operation(CASES[name]) for name in ("mid", "today"))
    ratio = (now["change_gbp_m"] / then["change_gbp_m"]).round(9)
    assert ratio.nunique() == 1
    assert ratio[0] > 1


def test_findings_are_short_plain_sentences(case):
    shares, costs = fairness.shares(case), fairness.full_operation(case)
    fair = fairness.fairness(case)
    own = {
        area: [
            findings.pays_and_gains(shares, area),
            findings.pays_and_paid(shares, area),
            findings.change(costs, area),
            findings.cost_a_head(costs, area),
        ]
        for area in EVERYWHERE
    }
    general = [
        findings.changes(costs),
        *(findings.losers(fair, basis) for basis in finance.BASES),
        *(findings.misplaced(fair, basis) for basis in finance.BASES),
    ]
    if fair["gini"].notna().all():
        general.append(findings.equality(fair))
    for sentence in [*general, *(each for said in own.values() for each in said)]:
        assert len(sentence.split()) <= 15, sentence
        assert "nan" not in sentence
        assert not sentence.endswith(".")
    for area in finance.boroughs():
        assert all(sentence.startswith(areas.name(area)) for sentence in own[area])


def test_findings_follow_the_case():
    def losers(name):
        return findings.losers(fairness.fairness(CASES[name]), "weighted-population")

    assert losers("mid") == "Every borough gains more than it pays"
    assert losers("nothing saved") == "Six of eight boroughs would pay more than they gain"
    assert losers("late") == "Every borough would pay more than it gains"


def test_change_says_more_less_or_as_much():
    costs = fairness.full_operation(CASES["mid"])
    assert findings.change(costs, "brent") == "Brent would pay £0.54 million a year more than now"
    assert "less than now" in findings.change(costs, "hounslow")
    level = costs.assign(change_gbp_m=0.001)
    assert findings.change(level, "brent") == "Brent would pay about as much a year as now"
    assert findings.changes(level) == "No borough would pay more than now"
    one = costs.assign(change_gbp_m=[0.3, 0.3] + [-0.1] * 7)
    assert findings.changes(one) == "Only Brent would pay more than now"


def test_findings_on_over_performance_are_short_for_every_area():
    table = over_performance.results(over_performance.chances(), draws=2000)

    def laid_out(measure):
        wide = table.pivot(index="area", columns="arrangement", values=measure)
        return wide.reindex(finance.boroughs()).reset_index()

    for area in EVERYWHERE:
        for sentence in (
            findings.fund(laid_out("difficulty_percent"), area),
            findings.bad_year(laid_out("bad_year_percent"), area),
            findings.transfer(laid_out("transfer_gbp_m"), area, "pool-population"),
        ):
            assert len(sentence.split()) <= 15, sentence
            assert area == "nwl" or areas.name(area) in sentence
    moved = laid_out("transfer_gbp_m")
    assert "would pay" in findings.transfer(moved, "westminster", "pool-population")
    assert "from others" in findings.transfer(moved, "ealing", "pool-population")
    assert "its own alone" in findings.transfer(moved, "nwl", "none")


def test_a_range_that_rounds_to_one_figure_is_one_figure():
    assert findings.percent_range(22.1, 29.8) == "22 to 30%"
    assert findings.percent_range(9.8, 10.3) == "10%"
