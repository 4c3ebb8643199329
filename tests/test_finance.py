"""The 2009 business case: the model beside figures typed here from the print, a second time."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from finance_cases import AREAS, BASES, EARLIEST, LATEST, SCENARIOS, YEARS, assumptions
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import areas, evidence, finance
from helpers.finance import model
from helpers.finance import published as published_beside
from helpers.finance.contributions import contribution_shares

pytestmark = pytest.mark.usefixtures("book_evidence")

TABLE_4 = {"best": (35, 104, 174), "mid": (23, 69, 116), "worst": (12, 35, 58)}
TABLE_9_TOTAL = (4.02, 5.28, 5.16, 5.16)
TABLE_10 = {
    "brent": (15.92, 0.64, 0.84, 0.82, 0.82),
    "ealing": (17.54, 0.71, 0.93, 0.91, 0.91),
    "hammersmith-and-fulham": (9.75, 0.39, 0.52, 0.50, 0.50),
    "harrow": (10.11, 0.41, 0.53, 0.52, 0.52),
    "hillingdon": (12.38, 0.50, 0.65, 0.64, 0.64),
    "hounslow": (11.99, 0.48, 0.63, 0.62, 0.62),
    "kensington-and-chelsea": (9.61, 0.39, 0.51, 0.50, 0.50),
    "westminster": (12.70, 0.51, 0.67, 0.66, 0.66),
}
TABLE_11 = {
    "existing_running_costs": (3.72, 6.38, 6.38, 6.38),
    "partnership_running_costs": (-4.02, -5.28, -5.16, -5.16),
    "net_cost_reduction": (-0.30, 1.10, 1.22, 1.22),
    "retained_staff_costs": (-0.37, -0.63, -0.63, -0.63),
    "other_retained_costs": (-0.76, -1.31, -1.25, -1.25),
    "efficiency_benefits": (0.00, 23.14, 69.43, 115.71),
    "net_benefit": (-1.43, 22.31, 68.77, 115.05),
}
TABLE_12 = {
    "brent": (-0.47, 2.90, 9.84, 16.77, 271),
    "ealing": (-0.45, 4.34, 13.99, 23.63, 249),
    "hammersmith-and-fulham": (-0.18, 2.49, 7.76, 13.01, 237),
    "harrow": (-0.20, 1.98, 6.39, 10.73, 248),
    "hillingdon": (-0.11, 3.10, 9.28, 15.45, 224),
    "hounslow": (0.04, 3.05, 8.65, 14.23, 0),
    "kensington-and-chelsea": (0.11, 2.41, 6.58, 10.73, 0),
    "westminster": (-0.16, 2.05, 6.30, 10.52, 239),
}

DELAYS = st.integers(EARLIEST, LATEST)
ALL_DELAYS = np.arange(EARLIEST, LATEST + 1)
SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(np.array)
FACTORS = st.floats(0, 1)
MONEY = st.floats(0.001, 1000)


def published(**where: str) -> dict[tuple[str, str, str, str], float]:
    frame = finance.net_benefits()
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    keys = zip(frame["area"], frame["scenario"], frame["year"], frame["line"], strict=True)
    return dict(zip(keys, frame["model_gbp_m"], strict=True))


def days(*net_benefit: float, delay: int = 0) -> float:
    return float(finance.payback_days(net_benefit, delay))


def shared(basis: str) -> np.ndarray:
    return contribution_shares(finance.inputs(), basis)


# The published figures


def test_the_shape_of_the_case():
    assert finance.years() == YEARS
    assert finance.scenarios() == SCENARIOS
    assert (finance.SECTOR, *finance.boroughs()) == AREAS
    assert finance.rollout() == date(2009, 9, 1)
    assert finance.first_year_months() == 7
    assert finance.part_year("2009/10") == pytest.approx(7 / 12)
    assert [finance.part_year(year) for year in YEARS[1:]] == [1, 1, 1]
    assert tuple(finance.BASES) == BASES
    known = finance.inputs()
    assert known.programme == pytest.approx(1.1)
    assert known.planning_directorate == pytest.approx(1.186937)
    assert known.weighted_shares.sum() == pytest.approx(1, abs=1e-9)


def test_a_borough_that_the_case_does_not_know_is_told_of_the_sector():
    assert [finance.standpoint(area) for area in AREAS] == list(AREAS)
    assert finance.standpoint("barnet") == "nwl"


def test_all_cells_of_appendix_d_are_recomputed_within_rounding():
    frame = finance.net_benefits()
    cells = frame[(frame["area"] != "nwl") & frame["published_gbp_m"].notna()]
    assert len(cells) == 8 * 4 * 7
    assert set(cells["scenario"]) == {"mid"}
    assert cells["difference_gbp_m"].abs().max() <= 0.014
    recomputed = cells["model_gbp_m"] - cells["published_gbp_m"]
    assert (cells["difference_gbp_m"] - recomputed).abs().max() < 1e-6


def test_the_sector_s_table_is_the_sum_of_its_boroughs_and_within_rounding():
    values = published(scenario="mid")
    for line, printed in TABLE_11.items():
        for year, figure in zip(YEARS, printed, strict=True):
            whole = values["nwl", "mid", year, line]
            assert whole == pytest.approx(figure, abs=0.03), (line, year)
            parts = sum(values[area, "mid", year, line] for area in finance.boroughs())
            assert whole == pytest.approx(parts, abs=1e-5)


def test_the_published_column_is_the_print():
    frame = finance.net_benefits()
    printed_only = frame[frame["published_gbp_m"].notna()].set_index(["area", "year", "line"])
    for line, printed in TABLE_11.items():
        for year, value in zip(YEARS, printed, strict=True):
            assert printed_only.loc[("nwl", year, line), "published_gbp_m"] == value
    for area, printed in TABLE_12.items():
        for year, value in zip(YEARS, printed[:4], strict=True):
            assert printed_only.loc[(area, year, "net_benefit"), "published_gbp_m"] == value


def test_only_the_mid_case_is_published_and_each_published_cell_has_its_place():
    frame = finance.net_benefits()
    assert len(frame) == 9 * 3 * 4 * 7
    assert not frame.duplicated(["area", "scenario", "year", "line"]).any()
    assert frame["model_gbp_m"].notna().all()
    is_mid = frame["scenario"] == "mid"
    for column in ("published_gbp_m", "difference_gbp_m", "source_id", "locator"):
        assert frame.loc[is_mid, column].notna().all()
        assert frame.loc[~is_mid, column].isna().all()
    assert list(frame["area"].unique()) == list(AREAS)
    assert list(frame.columns) == list(published_beside.COLUMNS)


def test_what_is_published_stands_to_the_thousand_and_adds_up():
    values = published()
    for (area, scenario, year, line), amount in values.items():
        assert amount == round(amount, 3)
        if line == "net_benefit":
            parts = (
                "existing_running_costs",
                "partnership_running_costs",
                "retained_staff_costs",
                "other_retained_costs",
                "efficiency_benefits",
            )
            total = sum(values[area, scenario, year, part] for part in parts)
            assert amount == pytest.approx(total, abs=1e-9)


def test_net_benefits_of_each_borough_are_those_of_table_12():
    values = published(scenario="mid", line="net_benefit")
    for area, printed in TABLE_12.items():
        for year, figure in zip(YEARS, printed[:4], strict=True):
            off = values[area, "mid", year, "net_benefit"] - figure
            assert abs(round(off, 3)) <= 0.014, (area, year)


def test_savings_of_each_scenario_are_those_of_table_4():
    for scenario, printed in TABLE_4.items():
        saved = finance.as_planned(scenario).line("efficiency_benefits", "nwl")
        assert saved[0] == 0
        for amount, figure in zip(saved[1:], printed, strict=True):
            assert amount == pytest.approx(figure, abs=0.5), scenario


@pytest.mark.parametrize("basis", BASES)
def test_contributions_share_out_the_whole_cost_of_table_9_on_every_basis(basis):
    projection = finance.project(finance.Assumptions(contribution_basis=basis))
    paid = projection.lines["partnership_running_costs"]
    assert -paid[0] == pytest.approx(TABLE_9_TOTAL, abs=0.0085)
    assert paid[1:].sum(axis=0) == pytest.approx(paid[0], abs=1e-12)
    known = finance.inputs()
    months = np.array([finance.part_year(year) for year in YEARS])
    assert -paid[0] == pytest.approx(known.partnership_costs * months + known.transition)
    assert (paid[1:] < 0).all()


def test_contributions_of_each_borough_are_those_of_table_10():
    case = finance.as_planned("mid")
    for area, (share, *printed) in TABLE_10.items():
        assert evidence.value("contribution-shares", "share_percent", area=area) == share
        paid = -case.line("partnership_running_costs", area)
        assert paid == pytest.approx(printed, abs=0.0085), area


def test_existing_costs_are_a_trust_s_own_and_its_share_of_the_programme():
    existing = finance.as_planned("mid").line("existing_running_costs", "brent")
    assert existing[-1] == pytest.approx(0.36 + 0.1592 * 1.1)
    assert existing[0] == pytest.approx(7 / 12 * (0.36 + 0.1592 * 1.1))


def test_costs_that_a_borough_keeps_are_positive_and_part_of_a_year_at_first():
    case = finance.as_planned("mid")
    for line in ("retained_staff_costs", "other_retained_costs"):
        kept = -case.lines[line]
        assert (kept >= 0).all()
        assert kept[:, 0] == pytest.approx(7 / 12 * kept[:, 1])


def test_the_implied_spend_adds_up_to_about_the_printed_one():
    printed = evidence.value(
        "business-case-assumptions", "value", assumption="nwl-provider-acute-spend"
    )
    assert finance.inputs().acute_spend.sum() == pytest.approx(printed * 1000, rel=0.01)


def test_a_changed_input_changes_the_model_and_not_the_print(copied_project):
    copied_project.edit(
        "data/partnership-2009/savings-scenarios.csv", "best,2012/13,15,", "best,2012/13,20,"
    )
    frame = finance.net_benefits().set_index(["area", "scenario", "year", "line"])
    at = ("nwl", "best", "2012/13", "efficiency_benefits")
    assert frame.loc[at, "model_gbp_m"] == pytest.approx(2 * 115.71, abs=0.1)
    mid = ("nwl", "mid", "2012/13", "net_benefit")
    assert frame.loc[mid, "published_gbp_m"] == 115.05


# The lines


@settings(max_examples=25)
@given(assumptions())
def test_the_lines_add_up_and_the_sector_is_the_sum_of_its_boroughs(case):
    lines = finance.project(case).lines
    assert tuple(lines) == finance.LINES
    existing, partnership, reduction, staff, other, efficiency, net = lines.values()
    assert reduction == pytest.approx(existing + partnership, abs=1e-9)
    assert net == pytest.approx(reduction + staff + other + efficiency, abs=1e-9)
    assert (existing >= 0).all()
    assert (partnership <= 0).all()
    assert (staff <= 0).all()
    assert (other <= 0).all()
    assert (efficiency >= 0).all()
    for amounts in lines.values():
        assert amounts.shape == (9, 4)
        assert np.isfinite(amounts).all()
        assert amounts[0] == pytest.approx(amounts[1:].sum(axis=0), abs=1e-9)


@settings(max_examples=40)
@given(SHARES, SHARES, FACTORS, DELAYS, st.sampled_from(BASES))
def test_net_benefit_is_linear_in_the_saving(one, other, weight, delay, basis):
    known = finance.inputs()

    def lines(savings):
        return model.lines(known, savings, delay=delay, contribution_shares=shared(basis))

    mixed, first, second = lines(weight * one + (1 - weight) * other), lines(one), lines(other)
    expected = weight * first["net_benefit"] + (1 - weight) * second["net_benefit"]
    assert mixed["net_benefit"] == pytest.approx(expected, abs=1e-9)
    gained = first["net_benefit"] - second["net_benefit"]
    saved = (one - other) * known.acute_spend[:, None] @ model.operation()[delay - EARLIEST].T
    assert gained == pytest.approx(saved, abs=1e-9)


@settings(max_examples=20)
@given(DELAYS, st.sampled_from(BASES))
def test_without_a_saving_only_the_costs_are_left(delay, basis):
    lines = model.lines(
        finance.inputs(), np.zeros(4), delay=delay, contribution_shares=shared(basis)
    )
    assert not lines["efficiency_benefits"].any()
    costs = (
        lines["net_cost_reduction"] + lines["retained_staff_costs"] + lines["other_retained_costs"]
    )
    assert np.array_equal(lines["net_benefit"], costs)


def test_a_better_scenario_is_never_worse():
    values = published(line="net_benefit")
    for area in AREAS:
        for year in YEARS:
            best, mid, worst = (values[area, case, year, "net_benefit"] for case in SCENARIOS)
            assert best >= mid >= worst
            assert (best > worst) == (year != YEARS[0])


@settings(max_examples=20)
@given(
    st.lists(st.tuples(DELAYS, SHARES, st.floats(0, 1)), min_size=1, max_size=4),
    st.sampled_from(BASES),
)
def test_many_draws_at_once_are_the_single_ones(draws, basis):
    known = finance.inputs()
    delays, savings, interim = (np.array(each) for each in zip(*draws, strict=True))
    together = model.lines(
        known,
        savings[:, None, :],
        delay=delays,
        contribution_shares=shared(basis),
        interim_share=interim,
    )
    for row, (delay, path, share) in enumerate(draws):
        alone = model.lines(
            known, path, delay=delay, contribution_shares=shared(basis), interim_share=share
        )
        for name in finance.LINES:
            assert together[name].shape == (len(draws), 8, 4)
            assert together[name][row] == pytest.approx(alone[name], abs=1e-12)


def test_draws_may_differ_by_borough():
    known = finance.inputs()
    savings = np.full((2, 8, 4), 0.1)
    savings[1, 3] = 0.2
    saved = model.lines(known, savings)["efficiency_benefits"]
    changed = saved[1] / saved[0]
    assert np.flatnonzero(changed[:, 3] > 1.5).tolist() == [3]
    assert changed[3] == pytest.approx(2)


def test_a_point_of_interim_staff_costs_what_an_interim_costs_more():
    known = finance.inputs()
    planned = finance.as_planned("mid").line("partnership_running_costs", "nwl")
    paid = [
        finance.project(finance.Assumptions(interim_share=share)).line(
            "partnership_running_costs", "nwl"
        )
        for share in ("0", "15", "100")
    ]
    # Three of the four years are planned with 25 or 15 per cent, the first with 33.
    assert paid[1][2:] == pytest.approx(planned[2:])
    assert paid[1][0] > planned[0]
    whole = 0.95 / 18.9 * 44.4
    assert paid[0] - paid[2] == pytest.approx(whole * np.array([7 / 12, 1, 1, 1]))
    assert known.partnership_staff * known.interim_premium == pytest.approx(whole)


# Time


def test_unless_told_otherwise_the_case_begins_as_planned():
    known = finance.inputs()
    path = known.savings["mid"]
    usual, planned = model.lines(known, path), model.lines(known, path, delay=0)
    assert all((usual[name] == planned[name]).all() for name in finance.LINES)


def test_a_name_that_the_package_has_not_is_told():
    with pytest.raises(AttributeError, match=r"'helpers\.finance' has no attribute 'nothing'"):
        getattr(finance, "nothing")  # noqa: B009


def test_every_month_of_operation_falls_into_a_year():
    shares = model.operation()
    assert shares.shape == (len(ALL_DELAYS), 4, 4)
    assert shares.sum(axis=(1, 2)) * 12 == pytest.approx(43 - ALL_DELAYS)
    assert (shares.sum(axis=2) <= 1 + 1e-9).all()
    first_year = shares[:, :, 0].sum(axis=1) * 12
    assert first_year == pytest.approx(np.minimum(7, 43 - ALL_DELAYS))
    planned = shares[-EARLIEST]
    assert planned == pytest.approx(np.diag([7 / 12, 1, 1, 1]))


def test_three_months_late_by_hand():
    known = finance.inputs()
    late = model.lines(known, known.savings["mid"], delay=3)
    saved = late["efficiency_benefits"][0] / known.acute_spend[0]
    assert saved == pytest.approx([0, 9 / 12 * 0.02, 0.25 * 0.02 + 0.75 * 0.06, 0.085 + 0.005])
    existing = late["existing_running_costs"][0] / known.existing_costs[0]
    assert existing == pytest.approx([4 / 12, 1, 1, 1])


def test_a_start_on_the_first_day_runs_the_last_rates_for_longer():
    known = finance.inputs()
    early = model.lines(known, known.savings["mid"], delay=EARLIEST)
    existing = early["existing_running_costs"][0] / known.existing_costs[0]
    assert existing == pytest.approx([1, 1, 1, 1])
    saved = early["efficiency_benefits"][0] / known.acute_spend[0]
    assert saved == pytest.approx(
        [5 / 12 * 0.02, (7 * 0.02 + 5 * 0.06) / 12, (7 * 0.06 + 5 * 0.10) / 12, 0.10]
    )


@settings(max_examples=20)
@given(SHARES, st.integers(EARLIEST, LATEST - 12), st.sampled_from(BASES))
def test_a_year_s_delay_moves_every_line_by_a_year(savings, delay, basis):
    known = finance.inputs()
    on_time, late = (
        model.lines(known, savings, delay=when, contribution_shares=shared(basis))
        for when in (delay, delay + 12)
    )
    for name in finance.LINES:
        assert not late[name][:, 0].any()
        assert late[name][:, 1:] == pytest.approx(on_time[name][:, :-1], abs=1e-12)


def test_one_off_costs_move_with_the_year_of_rollout():
    known = finance.inputs()
    first, second = known.transition[:2]
    assert (first, second) == pytest.approx((0.796, 0.015))
    by_delay = {
        EARLIEST: [first, second, 0, 0],
        6: [first, second, 0, 0],
        7: [0, first, second, 0],
        18: [0, first, second, 0],
        30: [0, 0, first, second],
        31: [0, 0, 0, first],
        LATEST: [0, 0, 0, first],
    }
    for delay, expected in by_delay.items():
        assert model.transition_costs(known, delay) == pytest.approx(expected), delay
    together = model.transition_costs(known, list(by_delay))
    assert together == pytest.approx(np.array(list(by_delay.values())))


def before_one_off_costs(savings: np.ndarray, basis: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the net benefit over all years by delay and area, before and after set-up."""
    known, shares = finance.inputs(), shared(basis)
    net = model.lines(known, savings, delay=ALL_DELAYS, contribution_shares=shares)["net_benefit"]
    after = net.sum(axis=-1)
    one_off = model.transition_costs(known, ALL_DELAYS).sum(axis=-1)
    return after + one_off[:, None] * shares, after


def needed(basis: str) -> np.ndarray:
    """Return the saving at which each year of operation costs each area nothing."""
    known = finance.inputs()
    rates = model.yearly_rates(known, np.zeros(4), shared(basis))
    return -sum(rates.values()) / known.acute_spend[:, None]


@settings(max_examples=25)
@given(SHARES, st.sampled_from(BASES))
def test_delay_never_helps_where_every_year_of_operation_gains(more, basis):
    savings = np.maximum(needed(basis), 0) + more
    before, after = before_one_off_costs(savings, basis)
    assert (np.diff(before, axis=0) <= 1e-9).all()
    # What is left is the travel of the second year, which a late start puts off beyond the
    # years of the case: it is all that delay can ever save.
    escaped = np.diff(before - after, axis=0)
    assert (np.diff(after, axis=0) <= -escaped + 1e-9).all()
    assert -escaped.sum(axis=0) == pytest.approx(0.015 * shared(basis))


@settings(max_examples=25)
@given(FACTORS, st.sampled_from(BASES))
def test_delay_never_hurts_where_every_year_of_operation_loses(factor, basis):
    losing = (needed(basis) > 0).all(axis=1)
    assert losing.any()
    before, after = before_one_off_costs(needed(basis) * factor, basis)
    assert (np.diff(before[:, losing], axis=0) >= -1e-9).all()
    assert (np.diff(after[:, losing], axis=0) >= -1e-9).all()
    if factor < 0.99:
        assert (after[-1, losing] > after[0, losing]).all()


@settings(max_examples=25)
@given(SHARES, st.integers(EARLIEST, LATEST - 1), st.sampled_from(BASES))
def test_a_month_s_delay_loses_the_last_month_within_the_case(savings, delay, basis):
    before, _ = before_one_off_costs(savings, basis)
    rates = sum(model.yearly_rates(finance.inputs(), savings, shared(basis)).values())
    last_month = 43 - delay - 1
    year = 0 if last_month < 7 else min(3, 1 + (last_month - 7) // 12)
    lost = before[delay - EARLIEST] - before[delay - EARLIEST + 1]
    assert lost == pytest.approx(rates[:, year] / 12, abs=1e-9)


# Payback


def test_payback_periods_are_those_of_table_12_within_three_days():
    frame = finance.paybacks()
    assert len(frame) == 9 * 3
    mid = frame[frame["scenario"] == "mid"].set_index("area")
    for area, (*_, printed) in TABLE_12.items():
        assert mid.loc[area, "published_days"] == printed
        assert mid.loc[area, "model_days"] == pytest.approx(printed, abs=3)
        assert (mid.loc[area, "model_days"] == 0) == (printed == 0)
    others = frame[(frame["scenario"] != "mid") | (frame["area"] == "nwl")]
    assert others["published_days"].isna().all()


def test_payback_periods_stand_to_a_tenth_of_a_day_or_are_missing(monkeypatch):
    found = finance.paybacks().set_index(["area", "scenario"])["model_days"]
    brent = finance.project(finance.Assumptions()).payback("brent")
    assert brent != round(brent, 1)
    assert found["brent", "mid"] == round(brent, 1)
    never = finance.project(finance.Assumptions(savings="0,0,0,0"))
    monkeypatch.setattr(published_beside, "as_planned", lambda scenario: never)
    missing = finance.paybacks().set_index(["area", "scenario"])["model_days"]
    assert math.isnan(missing["brent", "mid"])
    assert missing["hounslow", "mid"] == 0


def test_a_better_scenario_pays_back_no_later():
    found = finance.paybacks().set_index(["area", "scenario"])["model_days"]
    for area in (areas.SECTOR, *finance.boroughs()):
        assert found[area, "best"] <= found[area, "mid"] <= found[area, "worst"]


def test_payback_of_brent_as_printed():
    assert days(-0.47, 2.90) == pytest.approx(271, abs=0.5)
    assert days(-0.47, 2.90, 9.84, 16.77) == days(-0.47, 2.90)


@given(MONEY, MONEY)
def test_payback_in_the_second_year_is_the_source_s_formula(deficit, gain):
    small, large = sorted((deficit, gain))
    assert days(-small, large) == pytest.approx(212 + 365 * small / large)


@given(st.floats(0, 1000), st.floats(-1000, 1000))
def test_without_a_deficit_payback_is_immediate(first, second):
    assert days(first, second) == 0


@given(MONEY, st.floats(-1000, 0))
def test_a_deficit_that_the_second_year_does_not_repay_has_no_payback_in_it(deficit, second):
    assert np.isnan(days(-deficit, second))


@given(MONEY, MONEY, MONEY)
def test_payback_comes_later_the_larger_the_deficit_and_the_smaller_the_gain(one, other, gain):
    small, large = sorted((one, other))
    plenty = gain + large
    assert days(-small, plenty) <= days(-large, plenty)
    assert days(-gain, gain + large) <= days(-gain, gain + small)


@given(MONEY, MONEY, st.floats(0.01, 100))
def test_payback_starts_after_the_first_year_and_does_not_depend_on_the_unit(deficit, more, unit):
    gain = deficit + more
    assert days(-deficit, gain) > 212
    assert days(-deficit * unit, gain * unit) == pytest.approx(days(-deficit, gain))


def test_a_deficit_as_large_as_the_next_gain_is_repaid_when_that_year_ends():
    assert days(-2.0, 2.0) == 212 + 365


def test_a_year_counts_its_own_days():
    # February 2012 has a 29th.
    assert days(-3.0, 1.0, 4.0) == pytest.approx(212 + 365 + 366 * 2 / 4)
    assert days(-3.0, 1.0, 0.0, 4.0) == pytest.approx(212 + 365 + 366 + 365 * 2 / 4)


def test_payback_is_the_first_time_that_deficits_are_made_good():
    assert days(-1.0, 2.0, -5.0, 5.0) == pytest.approx(212 + 365 / 2)
    assert np.isnan(days(-1.0, 0.5, -0.1, 0.5))
    assert days(1.0, -2.0, 3.0) == 0


def test_payback_counts_from_the_rollout_assumed():
    # Rollout on 1 December 2009 leaves 121 days of its year, in 2010/11 it leaves 212 again.
    assert days(-1.0, 2.0, delay=3) == pytest.approx(121 + 365 / 2)
    assert days(0.0, -1.0, 2.0, delay=12) == pytest.approx(212 + 366 / 2)
    assert days(-1.0, 2.0, delay=EARLIEST) == pytest.approx(365 + 365 / 2)
    assert np.isnan(days(0.0, 0.0, 0.0, -1.0, delay=LATEST))
    assert days(0.0, 0.0, 0.0, 1.0, delay=LATEST) == 0


def test_paybacks_of_many_draws_are_the_single_ones():
    net = np.array([[-1.0, 2.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [-9.0, 1.0, 1.0, 1.0]])
    together = finance.payback_days(net)
    assert together.shape == (3,)
    np.testing.assert_allclose(together, [days(*each) for each in net])


# The projection


def test_a_projection_is_asked_by_area_year_and_line():
    case = finance.project(finance.Assumptions())
    assert case.areas == AREAS
    assert case.years == YEARS
    assert case.amount("net_benefit", "brent", "2012/13") == pytest.approx(16.77, abs=0.014)
    assert case.total("nwl") == pytest.approx(case.net_benefit("nwl").sum())
    assert case.total("nwl") == pytest.approx(sum(TABLE_11["net_benefit"]), abs=0.05)
    frame = case.frame()
    assert len(frame) == 9 * 4 * 7
    brent = frame[(frame["area"] == "brent") & (frame["line"] == "net_benefit")]
    assert brent["gbp_m"].to_list() == pytest.approx(case.net_benefit("brent"))
    assert brent["year"].to_list() == list(YEARS)


def test_present_value_discounts_each_year_after_the_first():
    case = finance.project(finance.Assumptions())
    net = case.net_benefit("nwl")
    by_hand = net[0] + net[1] / 1.035 + net[2] / 1.035**2 + net[3] / 1.035**3
    assert case.present_value("nwl") == pytest.approx(by_hand)
    undiscounted = finance.project(finance.Assumptions(discount_rate=0))
    assert undiscounted.present_value("nwl") == pytest.approx(undiscounted.total("nwl"))


def test_what_is_asked_of_all_areas_at_once_is_what_each_is_asked():
    case = finance.project(finance.Assumptions(discount_rate=5, savings="0,0,0,1"))
    for found, each in (
        (case.totals(), case.total),
        (case.present_values(), case.present_value),
        (case.paybacks(), case.payback),
    ):
        assert list(found) == list(AREAS)
        for area in AREAS:
            assert found[area] == (None if each(area) is None else pytest.approx(each(area)))
    assert None in case.paybacks().values()


@settings(max_examples=15)
@given(assumptions())
def test_later_prices_change_the_scale_of_a_case_and_nothing_else(case):
    now, then = (finance.project(replace(case, price_base=base)) for base in ("2023/24", "2009/10"))
    for name in finance.LINES:
        assert now.lines[name] == pytest.approx(then.lines[name] * 1.4199812, rel=1e-6)
    for area in AREAS:
        assert now.payback(area) == pytest.approx(then.payback(area))


def test_a_case_may_be_asked_with_another_input():
    known = finance.inputs()
    doubled = replace(known, acute_spend=known.acute_spend * 2)
    plain, richer = (finance.project(finance.Assumptions(), given) for given in (None, doubled))
    saved = plain.line("efficiency_benefits", "ealing")
    assert richer.line("efficiency_benefits", "ealing") == pytest.approx(saved * 2)
    assert richer.total("ealing") - plain.total("ealing") == pytest.approx(saved.sum())


def test_payback_of_a_case_is_missing_at_once_or_in_days():
    never = finance.project(finance.Assumptions(savings="0,0,0,0"))
    at_once = finance.project(finance.Assumptions(savings="50,50,50,50"))
    assert never.payback("nwl") is None
    assert {at_once.payback(area) for area in AREAS} == {0}
    brent = finance.project(finance.Assumptions()).payback("brent")
    assert brent == pytest.approx(271, abs=3)
