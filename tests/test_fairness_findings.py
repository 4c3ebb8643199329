"""Who gains, pays and bears over-performance, in words: short, whole and true to the figures."""

import pandas as pd
import pytest
from finance_cases import AREAS, BASES, SHARED, shared

from helpers import areas
from helpers.finance import fairness, over_performance
from helpers.finance import fairness_findings as findings

pytestmark = pytest.mark.usefixtures("book_evidence")

SHARES = pd.DataFrame(
    {
        "area": ["brent", "ealing", "harrow"],
        "contribution_percent": [12.34, 30.0, 57.66],
        "gain_percent": [11.06, 38.96, 49.98],
        "existing_percent": [9.94, 31.01, 59.05],
    }
)


def by_area(**columns: float) -> pd.DataFrame:
    """A table of Brent and Ealing in which Ealing's figures are three times Brent's."""
    return pd.DataFrame(
        {
            "area": ["brent", "ealing"],
            **{name.replace("_", "-"): [value, 3 * value] for name, value in columns.items()},
        }
    )


@pytest.mark.parametrize("name", SHARED)
def test_findings_are_short_plain_sentences(name):
    shares, costs = fairness.shares(shared(name)), fairness.full_operation(shared(name))
    fair = fairness.fairness(shared(name))
    own = {
        area: [
            findings.pays_and_gains(shares, area),
            findings.pays_and_paid(shares, area),
            findings.change(costs, area),
            findings.cost_a_head(costs, area),
        ]
        for area in AREAS
    }
    general = [
        findings.changes(costs),
        *(findings.losers(fair, basis) for basis in BASES),
        *(findings.misplaced(fair, basis) for basis in BASES),
    ]
    if fair["gini"].notna().all():
        general.append(findings.equality(fair))
    for sentence in [*general, *(each for said in own.values() for each in said)]:
        assert len(sentence.split()) <= 15, sentence
        assert "nan" not in sentence
        assert not sentence.endswith(".")
    for area in AREAS[1:]:
        assert all(sentence.startswith(areas.name(area)) for sentence in own[area])


# Who pays and who gains


def test_a_borough_s_shares_of_cost_and_gain_are_told_to_a_tenth():
    assert findings.pays_and_gains(SHARES, "brent") == (
        "Brent would pay 12.3% of the cost and have 11.1% of the gain"
    )
    assert findings.pays_and_paid(SHARES, "brent") == (
        "Brent would pay 12.3% of the new cost against 9.9% of the present"
    )


def test_for_the_sector_the_borough_is_told_whose_shares_differ_most():
    # Harrow has the largest shares, Ealing the widest gap of gain, Brent that of present cost.
    assert findings.pays_and_gains(SHARES, "nwl") == (
        "Ealing would pay 30.0% of the cost and have 39.0% of the gain"
    )
    assert findings.pays_and_paid(SHARES, "nwl") == (
        "Brent would pay 12.3% of the new cost against 9.9% of the present"
    )


def test_change_says_more_less_or_as_much():
    costs = fairness.full_operation(shared("mid"))
    assert findings.change(costs, "brent") == "Brent would pay £0.54 million a year more than now"
    assert "less than now" in findings.change(costs, "hounslow")
    level = costs.assign(change_gbp_m=0.001)
    assert findings.change(level, "brent") == "Brent would pay about as much a year as now"


def test_who_would_pay_more_than_now_is_counted():
    costs = fairness.full_operation(shared("mid"))

    def told(*dearer: float) -> str:
        # The sector, then those given, then boroughs that would pay less.
        changes = [9.9, *dearer] + [-0.1] * (8 - len(dearer))
        return findings.changes(costs.assign(change_gbp_m=changes))

    assert told() == told(0.0049) == "No borough would pay more than now"
    assert told(0.3) == "Only Brent would pay more than now"
    assert told(0.3, 0.4) == "Two of eight boroughs would pay more than now, Ealing the most"


def test_who_would_pay_more_than_it_gains_is_counted():
    def told(losing: int) -> str:
        table = pd.DataFrame({"basis": ["equal-shares"], "losing": [losing], "boroughs": [8]})
        return findings.losers(table, "equal-shares")

    assert told(0) == "Every borough gains more than it pays"
    assert told(1) == "One of eight boroughs would pay more than it gains"
    assert told(2) == "Two of eight boroughs would pay more than they gain"
    assert told(8) == "Every borough would pay more than it gains"


def test_losers_follow_the_case():
    def losers(name):
        return findings.losers(fairness.fairness(shared(name)), "weighted-population")

    assert losers("mid") == "Every borough gains more than it pays"
    assert losers("nothing saved") == "Six of eight boroughs would pay more than they gain"
    assert losers("late") == "Every borough would pay more than it gains"


def test_what_would_change_hands_is_told_to_the_penny_under_the_basis_asked_for():
    table = pd.DataFrame(
        {
            "basis": ["equal-shares", "current-staff"],
            "title": ["equal shares", "present staff"],
            "misplaced_percent": [9.876, 12.344],
        }
    )
    assert findings.misplaced(table, "current-staff") == (
        "By present staff, £12.34 of every £100 paid would have to change hands"
    )


def test_the_most_and_the_least_equal_basis_are_told():
    table = pd.DataFrame(
        {"title": ["third", "first", "fourth", "second"], "gini": [0.3, 0.10449, 0.4096, 0.2]}
    )
    assert findings.equality(table) == (
        "The Gini of net benefit runs from 0.104 (first) to 0.410 (fourth)"
    )


def test_cost_a_head_is_told_to_the_penny():
    table = pd.DataFrame(
        {"area": ["brent", "ealing"], "existing_a_head": [9, 2.789], "after_a_head": [8, 3.214]}
    )
    assert findings.cost_a_head(table, "ealing") == (
        "Ealing pays £2.79 a weighted head now, £3.21 in full operation"
    )


# Who bears over-performance


def test_findings_on_over_performance_are_short_for_every_area():
    table = over_performance.results(over_performance.chances(), draws=2000)

    def laid_out(measure):
        wide = table.pivot(index="area", columns="arrangement", values=measure)
        return wide.reindex(AREAS[1:]).reset_index()

    for area in AREAS:
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


def test_what_the_fund_does_is_told_of_the_borough_that_it_does_most_for():
    chances = by_area(none=20.4, fund=10.0)
    assert findings.fund(chances, "brent") == (
        "A fund takes Brent's chance of serious difficulty from 20% to 10%"
    )
    assert "Ealing" in findings.fund(chances, "nwl")


def test_a_bad_year_is_told_alone_and_pooled_to_a_tenth():
    assert findings.bad_year(by_area(none=2.06, pool_population=1.14), "ealing") == (
        "A bad year costs Ealing 6.2% of its budget alone, 3.4% pooled"
    )


def test_who_pays_for_whom_in_a_pool_is_told_with_the_amount():
    moved = by_area(pool=-0.456)
    assert findings.transfer(moved, "brent", "pool") == (
        "In a pool Brent would get £0.46 million a year from others"
    )
    # The one that most is moved to or from: the furthest from nothing, on either side.
    for amounts, told in (([-1.1, 1.0], "get"), ([1.0, -0.9], "pay")):
        moved["pool"] = amounts
        said = findings.transfer(moved, "nwl", "pool")
        assert said.startswith(f"In a pool Brent would {told} £")
    moved["pool"] = [-1.1, 1.0]
    assert findings.transfer(moved, "ealing", "pool") == (
        "In a pool Ealing would pay £1.00 million a year for others"
    )
    moved["pool"] = [0.0049, -0.0049]
    for area, name in (("brent", "Brent"), ("ealing", "Ealing")):
        assert findings.transfer(moved, area, "pool") == (
            f"In a pool {name} would on average pay for its own alone"
        )


def test_a_range_that_rounds_to_one_figure_is_one_figure():
    assert findings.percent_range(22.1, 29.8) == "22 to 30%"
    assert findings.percent_range(9.8, 10.3) == "10%"
    assert findings.percent_range(9.81, 10.34, 1) == "9.8 to 10.3%"
