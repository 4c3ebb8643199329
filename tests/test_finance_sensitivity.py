"""What the case rests on: break-even, delay and swings, each put back into the model."""

from dataclasses import replace

import numpy as np
import pytest
from finance_cases import AREAS, EXTREMES, LATEST, SCENARIOS, assumptions
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import evidence, finance
from helpers.finance import sensitivity

pytestmark = pytest.mark.usefixtures("book_evidence")

MID = finance.Assumptions
every_extreme = pytest.mark.parametrize("name", EXTREMES)


def case(name: str) -> finance.Assumptions:
    return finance.Assumptions(**EXTREMES[name])


def with_path(assumed: finance.Assumptions, shares: np.ndarray) -> finance.Assumptions:
    return replace(assumed, savings=",".join(repr(float(share) * 100) for share in shares))


# Without savings


@settings(max_examples=15)
@given(assumptions())
def test_the_case_without_savings_has_the_same_costs_and_nothing_else(assumed):
    bare, full = sensitivity.without_savings(assumed), finance.project(assumed)
    assert not bare.lines["efficiency_benefits"].any()
    costs = full.lines["net_benefit"] - full.lines["efficiency_benefits"]
    assert bare.lines["net_benefit"] == pytest.approx(costs, abs=1e-9)


# Break-even


@settings(max_examples=30)
@given(assumptions(), st.sampled_from(AREAS))
def test_the_break_even_savings_put_back_leave_nothing(assumed, area):
    assume(any(assumed.saving_shares()))
    found = sensitivity.break_even(assumed)[area]
    assume(found.needs_saving and np.isfinite(found.path_share))
    path = np.array(assumed.saving_shares()) * found.path_share
    assume(path.max() <= 1)
    projection = finance.project(with_path(assumed, path))
    scale = np.abs(projection.lines["existing_running_costs"]).sum()
    assert projection.total(area) == pytest.approx(0, abs=1e-9 * scale)
    assert found.final_percent == pytest.approx(path[-1] * 100)
    assert found.highest_percent == pytest.approx(path.max() * 100)


@settings(max_examples=30)
@given(assumptions())
def test_an_area_needs_a_saving_exactly_where_it_loses_without_one(assumed):
    bare = sensitivity.without_savings(assumed)
    for area, found in sensitivity.break_even(assumed).items():
        assert found.area == area
        assert found.needs_saving == (bare.total(area) < 0)


@settings(max_examples=20)
@given(assumptions(), st.sampled_from(AREAS))
def test_the_saving_of_a_full_year_covers_the_last_year_s_costs(assumed, area):
    found = sensitivity.break_even(assumed)[area]
    share = found.full_year_percent / 100
    assume(0 <= share <= 1)
    begun = replace(assumed, start_date="published", slippage_months=0)
    projection = finance.project(with_path(begun, np.full(4, share)))
    assert projection.net_benefit(area)[-1] == pytest.approx(0, abs=1e-9)


def test_break_even_as_published():
    found = sensitivity.break_even(MID())
    assert tuple(found) == AREAS
    sector = found["nwl"]
    # Costs over the four years of 3.60 against savings of 208.28.
    assert sector.path_share == pytest.approx(3.60 / 208.28, abs=2e-4)
    assert sector.final_percent == sector.highest_percent == pytest.approx(0.173, abs=0.002)
    # Costs of a whole year of 0.66 against 1,157.1 of spend.
    assert sector.full_year_percent == pytest.approx(0.66 / 1157.1 * 100, abs=0.001)
    assert not found["hounslow"].needs_saving
    assert max(found.values(), key=lambda each: each.final_percent).area == "brent"


def test_the_final_saving_needed_does_not_depend_on_how_much_is_assumed():
    needed = {
        name: sensitivity.break_even(MID(scenario=name))["brent"].final_percent
        for name in SCENARIOS
    }
    assert needed["best"] == pytest.approx(needed["mid"])
    assert needed["worst"] == pytest.approx(needed["mid"])
    in_later_prices = sensitivity.break_even(MID(price_base="2023/24"))["brent"]
    assert in_later_prices.final_percent == pytest.approx(needed["mid"])


def test_a_case_that_saves_nothing_is_judged_on_the_path_of_its_scenario():
    nothing = sensitivity.break_even(MID(savings="0,0,0,0", scenario="worst"))
    assert nothing == sensitivity.break_even(MID(scenario="worst"))


def test_where_no_saving_comes_in_time_none_is_enough():
    for assumed in (MID(slippage_months=LATEST), case("late with a single year of savings")):
        late = replace(assumed, slippage_months=LATEST)
        for found in sensitivity.break_even(late).values():
            assert found.path_share == found.final_percent == found.highest_percent == np.inf
            assert found.needs_saving
            assert np.isfinite(found.full_year_percent)


def test_break_even_is_that_of_the_inputs_given():
    known = finance.inputs()
    usual = sensitivity.break_even(MID())["brent"]
    # Twice the spend needs half the saving, and a dearer last year more of one.
    spending = replace(known, acute_spend=known.acute_spend * 2)
    richer = sensitivity.break_even(MID(), spending)["brent"]
    assert richer.path_share == pytest.approx(usual.path_share / 2)
    assert richer.full_year_percent == pytest.approx(usual.full_year_percent / 2)
    dearer = replace(known, salaries=known.salaries + np.array([0, 0, 0, 1.0]))
    found = sensitivity.break_even(MID(slippage_months=7), dearer)["nwl"]
    before = sensitivity.break_even(MID())["nwl"]
    # A million a year in the last year of operation, wherever the case begins.
    assert found.full_year_percent - before.full_year_percent == pytest.approx(
        100 * known.weighted_shares.sum() / known.acute_spend.sum()
    )


def test_where_nothing_is_saved_in_time_and_nothing_is_lost_no_saving_is_needed():
    known = finance.inputs()
    free = replace(
        known,
        salaries=known.salaries * 0,
        costs_a_head=0.0,
        planning_directorate=0.0,
        transition=known.transition * 0,
        retained_staff=known.retained_staff * 0,
        retained_other=known.retained_other * 0,
    )
    late = MID(slippage_months=LATEST)
    nothing = replace(free, own_costs=known.own_costs * 0, programme=0.0)
    for given_inputs, gains in ((free, True), (nothing, False)):
        found = sensitivity.break_even(late, given_inputs)
        for area in AREAS:
            total = finance.project(late, given_inputs).total(area)
            assert total > 0 if gains else total == 0
            assert found[area].path_share == 0
            assert not found[area].needs_saving


def test_a_falling_path_is_judged_by_its_highest_saving():
    found = sensitivity.break_even(MID(savings="100,0,0,0"))["brent"]
    assert found.final_percent == 0
    assert 0 < found.highest_percent == pytest.approx(found.path_share * 100)


# Delay


@every_extreme
def test_each_month_of_delay_is_the_case_begun_that_much_later(name):
    assumed = case(name)
    found = sensitivity.delay_totals(assumed)
    room = LATEST - assumed.delay()
    assert len(found) == min(12, room) + 1
    for more, projection in enumerate(found):
        assert projection.assumptions.delay() == assumed.delay() + more
    direct = finance.project(
        replace(assumed, slippage_months=assumed.slippage_months + len(found) - 1)
    )
    assert found[-1].total("nwl") == direct.total("nwl")


def test_the_months_of_delay_may_be_chosen():
    found = sensitivity.delay_totals(MID(), months=42)
    assert len(found) == 43
    totals = [projection.total("nwl") for projection in found]
    assert totals[:37] == sorted(totals[:37], reverse=True)


# Swings


@every_extreme
@pytest.mark.parametrize("area", ["nwl", "brent"])
def test_swings_come_widest_first_and_each_has_a_place(name, area):
    found = sensitivity.swings(case(name), area)
    assert len(found) == 7
    widths = [each.width for each in found]
    assert widths == sorted(widths, reverse=True)
    for each in found:
        assert each.width == pytest.approx(abs(each.high - each.low))
        assert each.basis in (sensitivity.SOURCE, sensitivity.OURS)
        assert each.title and each.low_text and each.high_text
        assert each.source_id and each.locator
    assert len({each.title for each in found}) == 7


SWINGS: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "Savings on hospital care": ({"scenario": "worst"}, {"scenario": "best"}),
    "Start of the Partnership": ({"slippage_months": 12}, {}),
    "Share of interim staff": ({"interim_share": "33"}, {"interim_share": "15"}),
}


@pytest.mark.parametrize("title", SWINGS)
@pytest.mark.parametrize("basis", ["weighted-population", "equal-shares"])
def test_the_ends_of_a_swing_are_the_case_itself_at_those_ends(title, basis):
    assumed = MID(contribution_basis=basis, price_base="2016/17")
    found = {each.title: each for each in sensitivity.swings(assumed, "harrow")}[title]
    low, high = (
        finance.project(replace(assumed, **changed)).total("harrow") for changed in SWINGS[title]
    )
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)


def test_the_ends_of_what_another_input_would_change():
    known = finance.inputs()
    changed = {
        "Spending that savings apply to": (
            known,
            replace(known, acute_spend=known.acute_spend * 1.38 / 1.15),
        ),
        "Running cost": (
            replace(known, salaries=known.salaries + 4.68 - 3.98),
            replace(known, planning_directorate=0.0),
        ),
        "Costs that boroughs keep": tuple(
            replace(
                known,
                retained_staff=known.retained_staff * share,
                retained_other=known.retained_other * share,
            )
            for share in (1.25, 0.75)
        ),
        "One-off cost of setting up": (replace(known, transition=known.transition * 2), known),
    }
    found = {each.title: each for each in sensitivity.swings(MID(), "nwl")}
    assert found.keys() == changed.keys() | SWINGS.keys()
    for title, (low, high) in changed.items():
        assert found[title].low == pytest.approx(finance.project(MID(), low).total("nwl")), title
        assert found[title].high == pytest.approx(finance.project(MID(), high).total("nwl")), title


def test_savings_given_are_varied_as_widely_as_the_scenarios_are():
    given = MID(savings="2,4,40,80")
    found = {each.title: each for each in sensitivity.swings(given, "brent")}
    savings = found["Savings on hospital care"]
    assert (savings.low_text, savings.high_text) == (
        "0.5 times those given",
        "1.5 times those given",
    )
    # No more than all that is spent.
    for end, path in ((savings.low, "1,2,20,40"), (savings.high, "3,6,60,100")):
        assert end == pytest.approx(finance.project(MID(savings=path)).total("brent"))


def place(resource: str, **where: str) -> tuple[str, str]:
    row = next(
        row for row in evidence.rows(resource) if all(row[key] == where[key] for key in where)
    )
    return row["source_id"], row["locator"]


def test_the_texts_say_what_the_ends_are_and_where_they_are_printed():
    found = {each.title: each for each in sensitivity.swings(MID(), "nwl")}
    case, ours = "business-case-assumptions", "model-ranges"
    expected = {
        "Savings on hospital care": (
            "worst case, 5%",
            "best case, 15%",
            place("savings-scenarios", scenario="worst"),
        ),
        "Spending that savings apply to": (
            "the sector's own hospitals",
            "all hospitals",
            place(case, assumption="sector-acute-spend"),
        ),
        "Running cost": (
            "estimated from the top down",
            "no planning directorate",
            place(case, assumption="top-down-running-cost"),
        ),
        "Share of interim staff": (
            "33% in all years",
            "15% in all years",
            place(case, assumption="interim-share-2009-10"),
        ),
        "Start of the Partnership": (
            "12 months later",
            "as assumed",
            place(ours, range="slippage"),
        ),
        "Costs that boroughs keep": (
            "125% of those planned",
            "75% of those planned",
            place(ours, range="retained-costs"),
        ),
        "One-off cost of setting up": (
            "200% of that planned",
            "as planned",
            place(ours, range="transition-costs"),
        ),
    }
    assert {
        title: (each.low_text, each.high_text, (each.source_id, each.locator))
        for title, each in found.items()
    } == expected
    ours = {title for title, each in found.items() if each.basis == sensitivity.OURS}
    assert ours == {
        "Start of the Partnership",
        "Costs that boroughs keep",
        "One-off cost of setting up",
    }


def test_a_share_of_interim_staff_is_told_as_far_as_it_is_known(monkeypatch):
    known = finance.inputs()
    finer = replace(known, interim_shares=np.array([0.335, 0.2, 0.15, 0.07 * 3]))
    monkeypatch.setattr(sensitivity, "inputs", lambda: finer)
    found = {each.title: each for each in sensitivity.swings(MID(), "nwl")}
    swing = found["Share of interim staff"]
    assert (swing.low_text, swing.high_text) == ("33.5% in all years", "15% in all years")


@pytest.mark.parametrize(
    ("slippage", "text"),
    [(41, "one month later"), (42, "no months later"), (35, "seven months later")],
)
def test_a_start_can_slip_no_further_than_the_years_of_the_case(slippage, text):
    found = {each.title: each for each in sensitivity.swings(MID(slippage_months=slippage), "nwl")}
    assert found["Start of the Partnership"].low_text == text


def test_the_estimate_from_the_top_down_is_dearer_by_what_the_source_prints():
    assert sensitivity.top_down_excess() == pytest.approx(4.68 - 3.98)
