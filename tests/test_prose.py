from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import prose

AMOUNTS = st.floats(-1e9, 1e9, allow_nan=False)
DECIMALS = st.integers(0, 4)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "−1"),
        (-2.5, 0, "−3"),
        (2.675, 2, "2.68"),  # the nearest float is a little less
        (1.005, 2, "1.01"),
        (-1.005, 2, "−1.01"),
        (0.1 + 0.2, 1, "0.3"),
        (-0.004, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (999.5, 0, "1,000"),
        (1234.5, 1, "1,234.5"),
        (-1234567, 0, "−1,234,567"),
        (0.5, 2, "0.50"),
    ],
)
def test_numbers_are_rounded_half_away_from_zero(value, decimals, text):
    assert prose.number(value, decimals) == text


@given(AMOUNTS, DECIMALS)
def test_a_number_reads_back_within_half_a_unit_of_its_last_place(value, decimals):
    text = prose.number(value, decimals)
    assert "-" not in text
    back = Decimal(text.replace(",", "").replace(prose.MINUS, "-"))
    assert abs(back - Decimal(value)) <= Decimal(1).scaleb(-decimals) / 2 + Decimal("1e-6")
    assert -back.as_tuple().exponent == decimals


@given(AMOUNTS, DECIMALS)
def test_a_number_and_its_negative_differ_by_the_sign_alone(value, decimals):
    positive, negative = prose.number(abs(value), decimals), prose.number(-abs(value), decimals)
    is_nought = not positive.strip("0.")
    assert negative == (positive if is_nought else f"−{positive}")


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_printed_number_is_written_as_it_was_printed(units, decimals):
    printed = Decimal(units).scaleb(-decimals)
    assert prose.rounded(float(printed), decimals) == printed
    assert prose.number(float(printed), decimals) == f"{printed:,.{decimals}f}".replace("-", "−")


@given(AMOUNTS, AMOUNTS, DECIMALS)
def test_rounding_keeps_order(one, other, decimals):
    low, high = sorted((one, other))
    assert prose.rounded(low, decimals) <= prose.rounded(high, decimals)


def test_units_stand_where_english_puts_them():
    assert prose.percent(7.25, 1) == "7.3%"
    assert prose.percent(-3) == "−3%"
    assert prose.gbp(1887) == "£1,887"
    assert prose.gbp(-1887.5) == "−£1,888"
    assert prose.gbp(-0.4) == "£0"
    assert prose.gbp_million(-1.434) == "−£1.43 million"
    assert prose.gbp_million(115.71, 0) == "£116 million"
    assert prose.gbp_billion(5.25) == "£5.3 billion"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (22, "percent", "22%"),
        (22.50, "percent", "22.5%"),
        (80.3, "years", "80.3 years"),
        (2, "rank", "rank 2"),
        (1000, "count", "1,000"),
        (5.3, "GBP billion", "£5.3 billion"),
        (796, "GBP thousand", "£796 thousand"),
        (640, "GBP", "£640"),
        (-5.5, "GBP million", "−£5.5 million"),
        (0, "percent", "0%"),
        (-3, "percent", "−3%"),
        (1200, "people", "1,200 people"),
        (0.1 + 0.2, "ratio", "0.3 ratio"),
    ],
)
def test_a_quantity_keeps_its_decimals_and_says_its_unit(value, unit, text):
    assert prose.quantity(value, unit) == text


@pytest.mark.parametrize(
    ("value", "nouns", "text"),
    [
        (0, ("borough",), "no boroughs"),
        (1, ("borough",), "one borough"),
        (8, ("borough",), "eight boroughs"),
        (9, (), "nine"),
        (10, ("borough",), "10 boroughs"),
        (1234, ("row",), "1,234 rows"),
        (1, ("activity", "activities"), "one activity"),
        (2, ("activity", "activities"), "two activities"),
        (-1, ("place",), "−1 places"),
    ],
)
def test_counts_are_in_words_below_ten_with_their_noun(value, nouns, text):
    assert prose.count(value, *nouns) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (6, 8, "six of eight"),
        (0, 5, "none of five"),
        (9, 9, "nine of nine"),
        (9, 10, "9 of 10"),
        (0, 12, "0 of 12"),
    ],
)
def test_a_share_counts_part_and_whole_alike(part, whole, text):
    assert prose.out_of(part, whole) == text


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (1, "first"), (9, "ninth"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"),
        (21, "21st"), (22, "22nd"), (23, "23rd"), (24, "24th"), (101, "101st"), (111, "111th"),
        (112, "112th"),
    ],
)  # fmt: skip
def test_ranks_are_in_words_to_the_ninth(position, text):
    assert prose.ordinal(position) == text


def test_names_are_joined_as_a_sentence_does():
    assert prose.listed([]) == "none"
    assert prose.listed([], empty="nobody") == "nobody"
    assert prose.listed(["Brent"]) == "Brent"
    assert prose.listed(["Brent", "Ealing"]) == "Brent and Ealing"
    assert prose.listed(("Brent", "Ealing", "Harrow")) == "Brent, Ealing and Harrow"


def test_sentence_case_leaves_names_within_alone():
    assert prose.sentence_case("the NHS in Brent") == "The NHS in Brent"
    assert prose.sentence_case("") == ""


def test_possessives():
    assert prose.possessive("Brent") == "Brent's"
    assert prose.possessive("St James") == "St James'"
