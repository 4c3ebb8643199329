"""The 2009 business case: the model beside figures typed here from the print, a second time."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import areas, evidence, finance

pytestmark = pytest.mark.usefixtures("book_evidence")

YEARS = ("2009/10", "2010/11", "2011/12", "2012/13")
TABLE_4 = {
    "best": (0, 35, 104, 174),
    "mid": (0, 23, 69, 116),
    "worst": (0, 12, 35, 58),
}
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

BOROUGHS = st.sampled_from(sorted(TABLE_12))
SHARES = st.floats(0, 1)
MONEY = st.floats(0.001, 1000)


def model(**where: str) -> dict[tuple[str, str, str, str], float]:
    frame = finance.net_benefits()
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    keys = zip(frame["area"], frame["scenario"], frame["year"], frame["line"], strict=True)
    return dict(zip(keys, frame["model_gbp_m"], strict=True))


def test_the_shape_of_the_case():
    assert finance.years() == YEARS
    assert finance.scenarios() == ("best", "mid", "worst")
    assert finance.boroughs() == tuple(TABLE_10)
    assert finance.rollout() == date(2009, 9, 1)
    assert finance.days_after_rollout() == 212
    assert finance.part_year("2009/10") == pytest.approx(7 / 12)
    assert [finance.part_year(year) for year in YEARS[1:]] == [1, 1, 1]
    assert finance.collaborative_programme_cost() == pytest.approx(1.1)


def test_all_cells_of_appendix_d_are_recomputed_within_rounding():
    frame = finance.net_benefits()
    cells = frame[(frame["area"] != "nwl") & frame["published_gbp_m"].notna()]
    assert len(cells) == 8 * 4 * 7
    assert set(cells["scenario"]) == {"mid"}
    assert cells["difference_gbp_m"].abs().max() <= 0.014
    recomputed = cells["model_gbp_m"] - cells["published_gbp_m"]
    assert (cells["difference_gbp_m"] - recomputed).abs().max() < 1e-6


def test_the_sector_s_table_is_the_sum_of_its_boroughs_and_within_rounding():
    values = model(scenario="mid")
    for line, printed in TABLE_11.items():
        for year, published in zip(YEARS, printed, strict=True):
            whole = values["nwl", "mid", year, line]
            assert whole == pytest.approx(published, abs=0.03), (line, year)
            parts = sum(values[area, "mid", year, line] for area in finance.boroughs())
            assert whole == pytest.approx(parts, abs=1e-5)


def test_the_published_column_is_the_print():
    frame = finance.net_benefits()
    published = frame[frame["published_gbp_m"].notna()].set_index(["area", "year", "line"])
    for line, printed in TABLE_11.items():
        for year, value in zip(YEARS, printed, strict=True):
            assert published.loc[("nwl", year, line), "published_gbp_m"] == value
    for area, printed in TABLE_12.items():
        for year, value in zip(YEARS, printed[:4], strict=True):
            assert published.loc[(area, year, "net_benefit"), "published_gbp_m"] == value


def test_only_the_mid_case_is_published_and_each_published_cell_has_its_place():
    frame = finance.net_benefits()
    assert len(frame) == 9 * 3 * 4 * 7
    assert not frame.duplicated(["area", "scenario", "year", "line"]).any()
    assert frame["model_gbp_m"].notna().all()
    is_mid = frame["scenario"] == "mid"
    for column in ("published_gbp_m", "difference_gbp_m", "source_id", "locator"):
        assert frame.loc[is_mid, column].notna().all()
        assert frame.loc[~is_mid, column].isna().all()
    assert list(frame["area"].unique()) == ["nwl", *finance.boroughs()]


def test_net_benefits_of_each_borough_are_those_of_table_12():
    values = model(scenario="mid", line="net_benefit")
    for area, printed in TABLE_12.items():
        for year, published in zip(YEARS, printed[:4], strict=True):
            assert values[area, "mid", year, "net_benefit"] == pytest.approx(published, abs=0.014)


def test_savings_of_each_scenario_are_those_of_table_4():
    values = model(area="nwl", line="efficiency_benefits")
    for scenario, printed in TABLE_4.items():
        for year, published in zip(YEARS, printed, strict=True):
            saved = values["nwl", scenario, year, "efficiency_benefits"]
            assert saved == pytest.approx(published, abs=0.5), (scenario, year)


def test_contributions_share_out_the_whole_cost_of_table_9():
    for year, total in zip(YEARS, TABLE_9_TOTAL, strict=True):
        shared = sum(finance.contribution(area, year) for area in finance.boroughs())
        assert shared == pytest.approx(total, abs=1e-9)


def test_contributions_of_each_borough_are_those_of_table_10():
    for area, (share, *printed) in TABLE_10.items():
        assert evidence.value("contribution-shares", "share_percent", area=area) == share
        for year, published in zip(YEARS, printed, strict=True):
            assert finance.contribution(area, year) == pytest.approx(published, abs=0.0085)


def test_existing_costs_are_a_trust_s_own_and_its_share_of_the_programme():
    assert finance.existing_running_costs("brent", "2012/13") == pytest.approx(0.36 + 0.1592 * 1.1)
    first = finance.existing_running_costs("brent", "2009/10")
    assert first == pytest.approx(7 / 12 * (0.36 + 0.1592 * 1.1))


def test_costs_that_a_borough_keeps_are_positive_and_part_of_a_year_at_first():
    for area in finance.boroughs():
        for line in ("retained_staff_costs", "other_retained_costs"):
            first, second = (finance.retained_costs(area, year, line) for year in YEARS[:2])
            assert second >= 0
            assert first == pytest.approx(7 / 12 * second)


def test_the_implied_spend_adds_up_to_about_the_printed_one():
    printed = evidence.value(
        "business-case-assumptions", "value", assumption="nwl-provider-acute-spend"
    )
    implied = sum(finance.baseline_acute_spend(area) for area in finance.boroughs())
    assert implied == pytest.approx(printed * 1000, rel=0.01)


@settings(max_examples=30)
@given(BOROUGHS, st.sampled_from(YEARS), SHARES, SHARES, SHARES)
def test_net_benefit_is_linear_in_the_saving(area, year, one, other, weight):
    def net(share: float) -> float:
        with pytest.MonkeyPatch.context() as patch:
            printed = finance.saving
            patch.setattr(
                finance, "saving", lambda case, y: share if case == "any" else printed(case, y)
            )
            return finance.borough_lines(area, "any", year)["net_benefit"]

    mixed = net(weight * one + (1 - weight) * other)
    assert mixed == pytest.approx(weight * net(one) + (1 - weight) * net(other), abs=1e-6)
    slope = finance.baseline_acute_spend(area)
    assert net(one) - net(other) == pytest.approx(slope * (one - other), abs=1e-6)


@settings(max_examples=30)
@given(BOROUGHS, st.sampled_from(("best", "mid", "worst")), st.sampled_from(YEARS))
def test_the_lines_of_a_borough_add_up(area, scenario, year):
    lines = finance.borough_lines(area, scenario, year)
    assert tuple(lines) == finance.LINES
    existing, partnership, reduction, staff, other, efficiency, net = lines.values()
    assert reduction == pytest.approx(existing + partnership)
    assert net == pytest.approx(reduction + staff + other + efficiency)
    assert existing > 0 > partnership
    assert staff <= 0
    assert other <= 0
    assert efficiency >= 0


def test_a_better_scenario_is_never_worse():
    values = model(line="net_benefit")
    for area in ("nwl", *finance.boroughs()):
        for year in YEARS:
            best, mid, worst = (
                values[area, case, year, "net_benefit"] for case in ("best", "mid", "worst")
            )
            assert best >= mid >= worst
            assert (best > worst) == (year != YEARS[0])


def test_payback_periods_are_those_of_table_12_within_three_days():
    frame = finance.paybacks()
    assert len(frame) == 9 * 3
    mid = frame[frame["scenario"] == "mid"].set_index("area")
    for area, (*_, published) in TABLE_12.items():
        assert mid.loc[area, "published_days"] == published
        assert mid.loc[area, "model_days"] == pytest.approx(published, abs=3)
        assert (mid.loc[area, "model_days"] == 0) == (published == 0)
    others = frame[(frame["scenario"] != "mid") | (frame["area"] == "nwl")]
    assert others["published_days"].isna().all()


def test_a_better_scenario_pays_back_no_later():
    days = finance.paybacks().set_index(["area", "scenario"])["model_days"]
    for area in (areas.SECTOR, *finance.boroughs()):
        assert days[area, "best"] <= days[area, "mid"] <= days[area, "worst"]


def test_payback_of_brent_as_printed():
    assert finance.payback_days(-0.47, 2.90) == pytest.approx(271, abs=0.5)


@given(st.floats(0, 1000), st.floats(-1000, 1000))
def test_without_a_deficit_payback_is_immediate(first, second):
    assert finance.payback_days(first, second) == 0


@given(MONEY, st.floats(-1000, 0))
def test_a_deficit_that_the_second_year_does_not_repay_has_no_payback(deficit, second):
    assert finance.payback_days(-deficit, second) is None


@given(MONEY, MONEY, MONEY)
def test_payback_comes_later_the_larger_the_deficit_and_the_smaller_the_gain(one, other, gain):
    small, large = sorted((one, other))
    assert finance.payback_days(-small, gain) <= finance.payback_days(-large, gain)
    assert finance.payback_days(-gain, large) <= finance.payback_days(-gain, small)


@given(MONEY, MONEY, st.floats(0.01, 100))
def test_payback_starts_after_the_first_year_and_does_not_depend_on_the_unit(deficit, gain, unit):
    days = finance.payback_days(-deficit, gain)
    assert days > finance.days_after_rollout()
    assert finance.payback_days(-deficit * unit, gain * unit) == pytest.approx(days)


def test_a_deficit_as_large_as_the_next_gain_is_repaid_when_that_year_ends():
    assert finance.payback_days(-2.0, 2.0) == 212 + 365


def test_a_changed_input_changes_the_model_and_not_the_print(copied_project):
    copied_project.edit(
        "data/partnership-2009/savings-scenarios.csv", "best,2012/13,15,", "best,2012/13,20,"
    )
    frame = finance.net_benefits().set_index(["area", "scenario", "year", "line"])
    at = ("nwl", "best", "2012/13", "efficiency_benefits")
    assert frame.loc[at, "model_gbp_m"] == pytest.approx(2 * 115.71, abs=0.1)
    mid = ("nwl", "mid", "2012/13", "net_benefit")
    assert frame.loc[mid, "published_gbp_m"] == 115.05
