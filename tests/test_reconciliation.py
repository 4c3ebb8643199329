import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import evidence, finance, reconciliation
from helpers.reconciliation import DIFFERS, NOT_RECOMPUTABLE, REPRODUCED, Check, rounding

# A figure of the print, a wrong one in its place, and the checks that have to notice.
SPOILT = (
    (
        "partnership-2009/expected-savings.csv",
        "mid,2010/11,23,",
        "mid,2010/11,33,",
        {"savings-mid-2010/11"},
    ),
    (
        "partnership-2009/current-costs.csv",
        "ealing,3.50,0.34,",
        "ealing,4.50,0.44,",
        {"current-wte", "current-annual_cost_gbp_m", "existing-ealing-2012/13"},
    ),
    (
        "partnership-2009/running-costs.csv",
        "Partnership staff,false,2010/11,3.42,",
        "Partnership staff,false,2010/11,3.24,",
        {"running-acute-2010/11"},
    ),
    (
        "partnership-2009/running-costs.csv",
        'total",true,2011/12,5.16,',
        'total",true,2011/12,5.61,',
        {"running-total-2011/12"},
    ),
    (
        "partnership-2009/partnership-costs.csv",
        "Transition,false,2009/10,0.80,",
        "Transition,false,2009/10,0.08,",
        {"partnership-cost-2009/10"},
    ),
    (
        "partnership-2009/transition-costs.csv",
        "Programme office,false,2009/10,410,",
        "Programme office,false,2009/10,401,",
        {"transition-2009/10"},
    ),
    (
        "partnership-2009/contributions.csv",
        "brent,2010/11,0.84,",
        "brent,2010/11,0.48,",
        {"contribution-brent-2010/11", "contribution-nwl-2010/11"},
    ),
    (
        "partnership-2009/net-benefit.csv",
        "brent,mid,2010/11,net_benefit,2.90,",
        "brent,mid,2010/11,net_benefit,2.09,",
        {
            "net-benefit-brent-2010/11",
            "sector-net-benefit-2010/11",
            "summary-brent-2010/11",
            "payback-brent",
        },
    ),
    (
        "partnership-2009/net-benefit-summary.csv",
        "harrow,2011/12,6.39,",
        "harrow,2011/12,6.93,",
        {"summary-harrow-2011/12"},
    ),
    (
        "partnership-2009/payback.csv",
        "hounslow,mid,Immediate,0,",
        "hounslow,mid,Immediate,30,",
        {"payback-hounslow"},
    ),
    (
        "partnership-2009/competency-totals.csv",
        "rest-of-england,16.60,",
        "rest-of-england,17.60,",
        {"competencies-rest-of-england"},
    ),
    (
        "partnership-2009/acute-spend-by-population.csv",
        "800000,,524,",
        "800000,,542,",
        {"commissioner-size"},
    ),
    (
        "plan-2024/system-facts.csv",
        "nwl,1887,GBP,,finance,1946,",
        "nwl,1778,GBP,,finance,1946,",
        {"allocation-below-average"},
    ),
)


def check(published: float, recomputed: float, tolerance: float) -> Check:
    return Check("a", "A figure", published, recomputed, tolerance, "case", "Table 1")


@pytest.mark.parametrize(
    ("published", "recomputed", "tolerance", "status"),
    [
        (5.28, 5.28, 0.0, REPRODUCED),
        (5.28, 5.30, 0.045, REPRODUCED),
        (5.28, 5.33, 0.045, DIFFERS),
        (0.3, 0.1 + 0.2, 0.0, REPRODUCED),  # noise of floats is no difference
        (5.28, 5.27, 0.01, REPRODUCED),  # a difference as large as the tolerance
        (5.28, 5.26, 0.01, DIFFERS),
        (-1.0, 1.0, 0.5, DIFFERS),
    ],
)
def test_a_difference_beyond_rounding_and_only_that_differs(
    published, recomputed, tolerance, status
):
    assert check(published, recomputed, tolerance).status == status


def test_the_difference_is_recomputed_less_published():
    assert check(5.0, 5.5, 1.0).difference == 0.5


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=12), st.sampled_from((0, 1, 2)))
def test_rounding_of_parts_and_total_never_looks_like_a_difference(parts, decimals):
    printed = [round(part, decimals) for part in parts]
    total = round(sum(parts), decimals)
    tolerance = rounding(len(parts), 10.0**-decimals)
    assert check(total, sum(printed), tolerance).status == REPRODUCED


@pytest.fixture(scope="module")
def checks(book_evidence) -> pd.DataFrame:
    return reconciliation.checks()


def test_each_check_stands_once_and_says_what_it_is_and_where(checks):
    assert checks["check_id"].is_unique
    assert checks["statement"].str.strip().astype(bool).all()
    assert set(checks["source_id"]) <= {row["source_id"] for row in evidence.rows("sources")}
    assert checks["locator"].str.strip().astype(bool).all()
    assert checks["tolerance"].ge(0).all()


def test_the_status_follows_from_the_figures(checks):
    numeric = checks[checks["status"].isin([REPRODUCED, DIFFERS])]
    assert not numeric.empty
    difference = numeric["recomputed"] - numeric["published"]
    assert (difference - numeric["difference"]).abs().max() < 1e-5
    within = difference.abs() <= numeric["tolerance"] + 1e-6
    assert (within == (numeric["status"] == REPRODUCED)).all()


def test_every_table_of_the_case_is_checked_cell_by_cell(checks):
    held = set(checks["check_id"])
    for year in finance.years():
        for area in ("nwl", *finance.boroughs()):
            assert f"net-benefit-{area}-{year}" in held
            assert f"net-cost-reduction-{area}-{year}" in held
            assert f"contribution-{area}-{year}" in held
        for line in finance.LINES:
            assert f"sector-{line.replace('_', '-')}-{year}" in held
    assert {f"payback-{area}" for area in finance.boroughs()} <= held


def test_the_later_sources_are_checked_too(checks):
    for source in ("joint-forward-plan-2024", "ons-census-2021", "nhse-cancer-waits"):
        assert (checks["source_id"] == source).any()


def test_the_register_holds_what_is_recomputed_what_disagrees_and_what_cannot_be(checks):
    register = reconciliation.everything()
    assert list(register.columns) == list(checks.columns)
    assert set(register["status"]) == {REPRODUCED, DIFFERS, NOT_RECOMPUTABLE}
    assert register["check_id"].is_unique
    said = register[["check_id", "statement", "published", "source_id", "locator"]]
    assert said.notna().all(axis=None)
    noted = register[register["check_id"].str.startswith("noted-")]
    assert len(noted) == len(reconciliation.disagreements())
    assert (noted["status"] == DIFFERS).all()
    missing = register[register["status"] == NOT_RECOMPUTABLE]
    assert len(missing) == len(evidence.rows("not-recomputable"))
    assert not missing["check_id"].isin(checks["check_id"]).any()


def test_wrong_figures_are_noticed_by_the_checks_they_concern(checks, copied_project):
    for file, right, wrong, _ in SPOILT:
        copied_project.edit(f"data/{file}", right, wrong)
    spoilt = reconciliation.checks()
    before = set(checks.loc[checks["status"] == DIFFERS, "check_id"])
    noticed = set(spoilt.loc[spoilt["status"] == DIFFERS, "check_id"]) - before
    expected = set().union(*(each for *_, each in SPOILT))
    assert expected - noticed == set()
    untouched = ("hillingdon", "westminster", "kensington-and-chelsea", "census-", "cancer-", "ae-")
    assert not [each for each in noticed if any(word in each for word in untouched)]
