"""What the case may be asked with, and what is refused with the range that is allowed."""

from dataclasses import replace
from datetime import date

import pytest
from finance_cases import BASES, EARLIEST, LATEST, PATHS, SCENARIOS, assumptions, first_of_month
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import finance
from helpers.errors import AssumptionError

pytestmark = pytest.mark.usefixtures("book_evidence")

PERCENTAGES = "expected 'scenario' or 4 percentages from 0 to 100, one for each year"
SLIPPAGE = "expected whole months from 0 to {}, so that rollout falls into the years of the case"
RATE = "expected per cent a year above -100 and up to 100"
START = (
    "expected 'published' or the first day of a month from 2009-04-01 to 2013-03-01, "
    "such as 2009-09-01"
)
INTERIM = "expected 'published' or a percentage from 0 to 100"


def refusal(**given: object) -> str:
    with pytest.raises(AssumptionError) as caught:
        finance.Assumptions(**given)
    return str(caught.value)


def test_the_defaults_are_the_source_s_own():
    case = finance.Assumptions()
    assert case.as_published
    assert case.saving_shares() == pytest.approx((0, 0.02, 0.06, 0.10))
    assert case.interim() is None
    assert case.delay() == 0
    assert case.begins() == finance.rollout() == date(2009, 9, 1)
    assert case.case_name() == "mid case"


@pytest.mark.parametrize(
    ("scenario", "shares"),
    [
        ("best", (0, 0.03, 0.09, 0.15)),
        ("mid", (0, 0.02, 0.06, 0.1)),
        ("worst", (0, 0.01, 0.03, 0.05)),
    ],
)
def test_savings_are_those_of_table_3_unless_given(scenario, shares):
    assert finance.Assumptions(scenario=scenario).saving_shares() == pytest.approx(shares)
    given = finance.Assumptions(scenario=scenario, savings="0, 2.5,6,100")
    assert given.saving_shares() == pytest.approx((0, 0.025, 0.06, 1))
    assert given.case_name() == "savings as given"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scenario": "median"}, "scenario=median: expected one of best, mid, worst"),
        (
            {"contribution_basis": "by-luck"},
            f"contribution_basis=by-luck: expected one of {', '.join(BASES)}",
        ),
        ({"discount_rate": -100}, f"discount_rate=-100: {RATE}"),
        ({"discount_rate": -250.5}, f"discount_rate=-250.5: {RATE}"),
        ({"discount_rate": 100.5}, f"discount_rate=100.5: {RATE}"),
        ({"discount_rate": 250.0}, f"discount_rate=250: {RATE}"),
        ({"discount_rate": float("nan")}, f"discount_rate=nan: {RATE}"),
        ({"discount_rate": float("inf")}, f"discount_rate=inf: {RATE}"),
        ({"discount_rate": "low"}, f"discount_rate=low: {RATE}"),
        ({"slippage_months": -1}, f"slippage_months=-1: {SLIPPAGE.format(42)}"),
        ({"slippage_months": 43}, f"slippage_months=43: {SLIPPAGE.format(42)}"),
        ({"slippage_months": 1.5}, f"slippage_months=1.5: {SLIPPAGE.format(42)}"),
        (
            {"slippage_months": 42, "start_date": "2009-10-01"},
            f"slippage_months=42: {SLIPPAGE.format(41)}",
        ),
        (
            {"slippage_months": 48, "start_date": "2009-04-01"},
            f"slippage_months=48: {SLIPPAGE.format(47)}",
        ),
        ({"start_date": "soon"}, f"start_date=soon: {START}"),
        ({"start_date": "2009-09-02"}, f"start_date=2009-09-02: {START}"),
        ({"start_date": "2009-03-01"}, f"start_date=2009-03-01: {START}"),
        ({"start_date": "2013-04-01"}, f"start_date=2013-04-01: {START}"),
        ({"start_date": "0001-01-01"}, f"start_date=0001-01-01: {START}"),
        ({"interim_share": "101"}, f"interim_share=101: {INTERIM}"),
        ({"interim_share": "-1"}, f"interim_share=-1: {INTERIM}"),
        ({"interim_share": "few"}, f"interim_share=few: {INTERIM}"),
    ],
)
def test_what_is_out_of_range_is_refused_with_what_is_allowed(given, message):
    assert refusal(**given) == message


@pytest.mark.parametrize(
    ("savings", "shown"),
    [
        ("5", "5"),
        ("", ""),
        ("0,2,6", "0,2,6"),
        ("0,2,6,10,12", "0,2,6,10,12"),
        ("0,2,6,", ""),
        ("0,2,6,ten", "ten"),
        ("0,2,6,100.01", "100.01"),
        ("-1,2,6,10", "-1"),
        ("0,2,nan,10", "nan"),
        ("0,2,6,inf", "inf"),
        ("0%,2%,6%,10%", "0%"),
        ([0, 2, 6, 10], "[0"),
    ],
)
def test_savings_must_be_one_percentage_a_year(savings, shown):
    assert refusal(savings=savings) == f"savings={shown}: {PERCENTAGES}, such as 0,2,6,10"


def test_the_highest_discount_rate_is_allowed():
    assert finance.Assumptions(discount_rate=100).discount_rate == 100


def test_prices_may_be_those_of_the_case_and_of_later_years_held():
    for base in ("2008/09", "2009", "2009/11", "2099/00", ""):
        message = refusal(price_base=base)
        assert message.startswith(f"price_base={base}: expected one of 2009/10, 2010/11, ")
        assert message.endswith("2022/23, 2023/24")


@settings(max_examples=25)
@given(assumptions())
def test_whatever_is_allowed_starts_within_the_years_of_the_case(case):
    assert EARLIEST <= case.delay() <= LATEST
    assert date(2009, 4, 1) <= case.begins() <= date(2013, 3, 1)
    assert case.begins().day == 1
    assert len(case.saving_shares()) == 4
    assert all(0 <= share <= 1 for share in case.saving_shares())


@given(PATHS, st.sampled_from(SCENARIOS))
def test_savings_given_are_taken_as_they_are(path, scenario):
    case = finance.Assumptions(scenario=scenario, savings=",".join(map(repr, path)))
    assert case.saving_shares() == pytest.approx([level / 100 for level in path])


@settings(max_examples=15)
@given(st.integers(EARLIEST, LATEST), st.data())
def test_a_later_start_is_the_same_as_slippage(moved, data):
    late = data.draw(st.integers(0, LATEST - moved))
    start = finance.Assumptions(start_date=first_of_month(moved + late))
    slipped = finance.Assumptions(start_date=first_of_month(moved), slippage_months=late)
    assert start.delay() == slipped.delay() == moved + late
    assert start.begins() == slipped.begins()
    one, other = (finance.project(case) for case in (start, slipped))
    for name in finance.LINES:
        assert (one.lines[name] == other.lines[name]).all()


def test_an_earlier_start_brings_the_savings_forward():
    early = finance.Assumptions(start_date="2009-04-01")
    assert early.delay() == EARLIEST
    assert early.begins() == date(2009, 4, 1)
    assert not early.as_published
    on_time = finance.project(finance.Assumptions())
    assert finance.project(early).total("nwl") > on_time.total("nwl")


def test_only_scenario_and_discount_rate_leave_the_figures_as_published():
    plain = finance.Assumptions()
    assert replace(plain, scenario="worst", discount_rate=0).as_published
    for changed in (
        {"savings": "0,2,6,11"},
        {"start_date": "2009-10-01"},
        {"slippage_months": 1},
        {"interim_share": "15"},
        {"contribution_basis": "equal-shares"},
        {"price_base": "2010/11"},
    ):
        assert not replace(plain, **changed).as_published
        one, other = (finance.project(case) for case in (replace(plain, **changed), plain))
        assert (one.lines["net_benefit"] != other.lines["net_benefit"]).any()


def test_the_assumptions_are_described_in_words():
    assert finance.Assumptions().describe() == [
        ("Savings by year of operation", "0%, 2%, 6%, 10% (mid case)"),
        ("Rollout", "September 2009"),
        ("Interim staff", "as planned by year"),
        ("Contributions by", "weighted population"),
        ("Discount rate", "3.5% a year"),
        ("Prices of", "2009/10"),
    ]
    changed = finance.Assumptions(
        savings="0,0,2.5,5",
        start_date="2010-01-01",
        slippage_months=3,
        interim_share="20",
        contribution_basis="current-cost",
        discount_rate=-1,
        price_base="2023/24",
    )
    assert changed.describe() == [
        ("Savings by year of operation", "0%, 0%, 2.5%, 5% (savings as given)"),
        ("Rollout", "April 2010, three months late"),
        ("Interim staff", "20% in all years"),
        ("Contributions by", "present cost"),
        ("Discount rate", "\N{MINUS SIGN}1% a year"),
        ("Prices of", "2023/24"),
    ]
    one_late = finance.Assumptions(slippage_months=1).describe()
    assert ("Rollout", "October 2009, one month late") in one_late


@pytest.mark.parametrize("basis", BASES)
def test_every_basis_has_a_name_that_the_reader_can_read(basis):
    described = dict(finance.Assumptions(contribution_basis=basis).describe())
    assert described["Contributions by"] == finance.BASES[basis]
    assert "-" not in finance.BASES[basis]
