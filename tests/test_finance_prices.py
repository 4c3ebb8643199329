"""Prices of other years and present values, against figures worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.finance import prices

pytestmark = pytest.mark.usefixtures("book_evidence")

RATES = st.floats(-99, 100)
AMOUNTS = st.lists(st.floats(-1000, 1000), min_size=1, max_size=6)


def test_the_years_are_those_of_the_case_and_later_that_the_deflator_covers():
    years = prices.price_years()
    assert years[0] == "2009/10"
    assert years[-1] == "2023/24"
    assert len(years) == 15
    assert list(years) == sorted(years)


def test_prices_of_the_case_itself_change_nothing_and_later_ones_are_dearer():
    factors = [prices.price_factor(year) for year in prices.price_years()]
    assert factors[0] == 1
    assert factors == sorted(factors)
    assert len(set(factors)) == len(factors)


def test_the_price_of_a_financial_year_by_hand():
    # Three quarters of one calendar year's index and a quarter of the next one's.
    first = 0.75 * 68.217 + 0.25 * 69.1217
    second = 0.75 * 69.1217 + 0.25 * 70.834
    last = 0.75 * 96.2507 + 0.25 * 100
    assert prices.price_factor("2010/11") == pytest.approx(second / first)
    assert prices.price_factor("2023/24") == pytest.approx(last / first)


def test_discount_factors_are_those_of_the_green_book():
    # The published table of discount factors at 3.5 per cent, years 0 to 4.
    assert prices.discount_factors(3.5, 5) == pytest.approx(
        [1, 0.9662, 0.9335, 0.9019, 0.8714], abs=5e-5
    )


def test_a_present_value_by_hand():
    # An outlay now and three equal returns.
    assert prices.present_value([-10, 5, 5, 5], 3.5) == pytest.approx(
        -10 + 5 * (0.966184 + 0.933511 + 0.901943), abs=1e-5
    )
    assert prices.present_value([100, 110], 10) == pytest.approx(200)
    assert prices.present_value([0, 1], -50) == pytest.approx(2)


@given(RATES, st.integers(1, 40))
def test_the_first_year_is_not_discounted_and_each_later_one_by_the_same_share(rate, count):
    factors = prices.discount_factors(rate, count)
    assert factors[0] == 1
    assert len(factors) == count
    assert factors[1:] * (1 + rate / 100) == pytest.approx(factors[:-1])


@given(AMOUNTS)
def test_without_a_rate_the_present_value_is_the_sum(amounts):
    assert prices.present_value(amounts, 0) == pytest.approx(sum(amounts), abs=1e-9)


@given(st.lists(st.floats(0, 1000), min_size=2, max_size=6), st.floats(0, 50), st.floats(0, 50))
def test_a_higher_rate_never_makes_gains_worth_more(gains, one, other):
    low, high = sorted((one, other))
    assert prices.present_value(gains, high) <= prices.present_value(gains, low) + 1e-9


def test_many_rows_are_discounted_at_once():
    rows = np.arange(24.0).reshape(2, 3, 4)
    found = prices.present_value(rows, 3.5)
    assert found.shape == (2, 3)
    assert found[1, 2] == pytest.approx(float(prices.present_value(rows[1, 2], 3.5)))
