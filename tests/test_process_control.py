"""Control charts, against worked examples that NHS England's teams published.

CHECKS is "SPC Charts XmR Testing", the checks for charts made elsewhere than in the Single
Chart Tool v5.0 of NHS England's Making Data Count team; WORKED is the spreadsheet "Data - For
testing.csv". Both are in NHSDigital/fdp-react-design-system, in the folder
src/components/DataVisualisation/charts/SPC/SPCChart/test-data. CHECKS takes six points for a
shift and for a trend.
"""

import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import EvidenceError
from helpers.process_control import Assurance, Rule, Variation, xmr

WORKED = [
    55, 60, 51, 50, 51, 60, 50, 51, 52, 52, 60, 50, 60, 50, 49, 45, 51, 45, 44, 43, 40, 35, 30, 25,
]  # fmt: skip
CHECKS_LIMITS = [20, 24, 20, 26, 22, 16, 18, 16, 31, 28, 34, 26, 30, 19, 18]
CHECKS_CONFLICT = [43, 41, 37, 36, 31, 23, 15, 13, 15, 18, 23, 27, 31, 36, 27, 19, 17, 27, 15, 22]
CHECKS_TARGET = [
    16, 24, 22, 19, 19, 18, 24, 25, 18, 17, 16, 25, 15, 23, 19,
    35, 32, 35, 31, 27, 33, 28, 38, 35, 30, 28, 29, 27, 24, 23,
]  # fmt: skip
CHECKS_LAST = [16, 20, 22, 18, 21, 18, 26, 28, 24, 26, 19, 18, 25, 32, 43, 28, 22]
CHECKS_TREND = [
    11, 14, 18, 20, 22, 23, 18, 21, 17, 23, 26, 20, 16, 25, 23, 22, 19, 16, 15, 12,
]  # fmt: skip
CHECKS_PAUSES = [
    23, 30, 28, 25, 25, 20, 18, 24, 16, 13, 14, 18, 18, 24, 26, 29, 19, 20, 28, 16,
]  # fmt: skip
SIX = {"shift_points": 6, "trend_points": 6}
STABLE = [50, 52] * 10
NUMBERS = st.lists(st.integers(-60, 60), min_size=13, max_size=40)
DIRECTIONS = st.sampled_from(["increase", "decrease", "neither"])


def months(count, first=2022):
    return [date(first + row // 12, row % 12 + 1, 1) for row in range(count)]


def chart(values, direction="increase", target=None, rebased=(), dates=None, **settings):
    return xmr(values, dates or months(len(values)), direction, target, rebased, **settings)


def points(found, wanted):
    """Return positions, counted from one, as CHECKS does."""
    return [row for row, signal in enumerate(found.signals, 1) if signal in wanted]


def ruled(found, rule):
    return [row for row, rules in enumerate(found.rules, 1) if rule in rules]


IMPROVING = (Variation.IMPROVING_HIGH, Variation.IMPROVING_LOW)
CONCERNING = (Variation.CONCERNING_HIGH, Variation.CONCERNING_LOW)


# Published worked examples


def test_mean_moving_range_and_limits_equal_the_worked_spreadsheet_to_eight_decimals():
    found = chart(WORKED)
    assert found.mean[0] == pytest.approx(48.29166667, abs=1e-8)
    assert found.moving_range_mean[0] == pytest.approx(4.869565217, abs=1e-8)
    assert found.upper[0] == pytest.approx(61.24471014, abs=1e-8)
    assert found.lower[0] == pytest.approx(35.33862319, abs=1e-8)
    assert found.moving_range[:6] == (None, 5, 9, 1, 1, 9)
    assert found.moving_range_upper[0] == pytest.approx(3.27 * 4.869565217)
    assert len(set(found.upper)) == len(set(found.lower)) == len(set(found.mean)) == 1


def test_limits_equal_those_of_the_checks():
    found = chart(CHECKS_LIMITS)
    assert [round(line[0], 2) for line in (found.mean, found.upper, found.lower)] == [
        23.20, 37.64, 8.76,
    ]  # fmt: skip
    assert round(found.moving_range_mean[0], 2) == 5.43


def test_limits_equal_the_snapshot_of_nhsrplotthedots():
    """tests/testthat/_snaps/ptd_spc_standard.md, of R's rnorm(20) from seed 123."""
    values = [
        -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621,
        -1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272,
        -0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141,
    ]  # fmt: skip
    found = chart(values)
    assert round(found.mean[0], 3) == 0.142
    assert (round(found.lower[0], 2), round(found.upper[0], 2)) == (-3.01, 3.29)
    assert set(found.signals) == {Variation.COMMON}


def test_a_turning_trend_is_read_as_the_checks_read_it():
    high_is_good = chart(CHECKS_CONFLICT, "increase", **SIX)
    low_is_good = chart(CHECKS_CONFLICT, "decrease", **SIX)
    assert points(high_is_good, CONCERNING) == [5, 6, 7]
    assert points(low_is_good, CONCERNING) == [12, 13, 14]
    assert ruled(high_is_good, Rule.TREND) == list(range(1, 15))
    assert ruled(high_is_good, Rule.SHIFT) == list(range(6, 12))
    assert ruled(high_is_good, Rule.OUTSIDE) == [1, 2]
    assert {3, 4} <= set(ruled(high_is_good, Rule.TWO_OF_THREE))
    assert any("Eight points meet a rule of improvement" in note for note in high_is_good.notes)


def test_six_points_in_a_row_are_a_trend_of_which_every_point_is_marked():
    assert ruled(chart(CHECKS_TREND, **SIX), Rule.TREND) == [*range(1, 7), *range(14, 21)]


def test_two_equal_values_end_a_trend():
    assert ruled(chart(CHECKS_PAUSES, **SIX), Rule.TREND) == []


@pytest.mark.parametrize(
    ("direction", "rebased", "readings"),
    [
        ("increase", (), {40: Assurance.FAILS, 30: Assurance.HIT_AND_MISS, 10: Assurance.PASSES}),
        ("decrease", (), {40: Assurance.PASSES, 30: Assurance.HIT_AND_MISS, 10: Assurance.FAILS}),
        ("neither", (), {40: Assurance.NO_DIRECTION}),
        ("increase", (16,), {14: Assurance.PASSES, 30: Assurance.HIT_AND_MISS}),
    ],
)
def test_a_target_is_compared_with_the_latest_limits_as_in_the_checks(direction, rebased, readings):
    starts = [months(30)[row - 1] for row in rebased]
    for target, expected in readings.items():
        assert chart(CHECKS_TARGET, direction, target, starts).assurance is expected


@pytest.mark.parametrize(
    ("last", "readings"),
    [
        (45, (Variation.IMPROVING_HIGH, Variation.CONCERNING_HIGH, Variation.NEITHER_HIGH)),
        (25, (Variation.COMMON, Variation.COMMON, Variation.COMMON)),
        (5, (Variation.CONCERNING_LOW, Variation.IMPROVING_LOW, Variation.NEITHER_LOW)),
    ],
)
def test_the_variation_icon_is_that_of_the_last_point_of_the_checks(last, readings):
    for direction, expected in zip(("increase", "decrease", "neither"), readings, strict=True):
        assert chart([*CHECKS_LAST, last], direction).variation is expected


def test_thirteen_points_have_limits_and_twelve_have_none_as_in_the_checks():
    values = [30, 31, 25, 35, 34, 15, 21, 23, 30, 26, 26, 22, 25]
    enough, short = chart(values, target=20), chart(values[:12], target=20)
    assert enough.missing == 0
    assert len(enough.upper) == 13
    assert enough.variation is Variation.COMMON
    assert short.missing == 1
    assert short.mean[0] == pytest.approx(26.5)
    assert short.upper == short.lower == short.moving_range_upper == ()
    assert set(short.signals) == {Variation.TOO_FEW}
    assert short.assurance is Assurance.TOO_FEW
    assert "12 points are held and process limits need 13: one more" in short.notes[0]


def test_mean_and_limits_are_calculated_anew_from_a_day_that_the_analyst_names():
    found = chart(CHECKS_TARGET, rebased=[months(30)[15]])
    before, after = chart(CHECKS_TARGET[:15]), chart(CHECKS_TARGET[15:])
    assert found.starts == (0, 15)
    assert found.mean == pytest.approx(before.mean + after.mean)
    assert found.upper == pytest.approx(before.upper + after.upper)
    assert found.moving_range[15] is None
    assert found.notes == ("Mean and process limits are calculated anew from April 2023.",)


def test_a_shift_crosses_a_recalculation_as_in_the_checks():
    values = [
        28, 23, 26, 21, 23, 25, 24, 29, 30, 27, 25, 30, 27, 26, 19,
        22, 26, 28, 29, 33, 28, 30, 31, 30, 26, 27, 34, 30, 32, 35,
    ]  # fmt: skip
    found = chart(values, rebased=[months(30)[15]], **SIX)
    side = np.sign(np.array(values) - np.array(found.mean))
    assert found.starts == (0, 15)
    assert (side[14:19] == -1).all()
    assert 15 not in ruled(found, Rule.SHIFT)  # five in a row
    lower = chart([*values[:13], 24, *values[14:]], rebased=[months(30)[15]], **SIX)
    assert set(range(14, 20)) <= set(ruled(lower, Rule.SHIFT))


# The rules, against a slow reading of their words


def slow_rules(values, mean, reach, shift_points, trend_points):
    """Return rule to positions, window by window."""
    count, found = len(values), {rule: set() for rule in Rule}
    for row in range(count):
        if abs(values[row] - mean) > reach + 1e-9:
            found[Rule.OUTSIDE].add(row)
    for length, rule in ((shift_points, Rule.SHIFT), (trend_points, Rule.TREND)):
        for start in range(count - length + 1):
            window = values[start : start + length]
            steps = [after - before for before, after in pairwise(window)]
            tested = [value - mean for value in window] if rule is Rule.SHIFT else steps
            if all(each > 1e-9 for each in tested) or all(each < -1e-9 for each in tested):
                found[rule].update(range(start, start + length))
    for start in range(count - 2):
        away = [value - mean for value in values[start : start + 3]]
        close = [abs(each) > reach * 2 / 3 + 1e-9 for each in away]
        one_side = all(each > 1e-9 for each in away) or all(each < -1e-9 for each in away)
        if one_side and sum(close) >= 2:
            found[Rule.TWO_OF_THREE].update(start + row for row in range(3) if close[row])
    return found


@given(NUMBERS, st.integers(6, 8), st.integers(6, 8))
def test_each_rule_marks_what_its_words_say(values, shift, trend):
    found = chart(values, shift_points=shift, trend_points=trend)
    expected = slow_rules(values, found.mean[0], found.upper[0] - found.mean[0], shift, trend)
    for rule, rows in expected.items():
        assert {row - 1 for row in ruled(found, rule)} == rows
    marked = set().union(*expected.values())
    assert {row for row, signal in enumerate(found.signals) if signal.special} == marked


@given(NUMBERS, DIRECTIONS, st.integers(1, 9), st.integers(-99, 99))
def test_another_unit_moves_the_lines_and_changes_no_reading(values, direction, scale, offset):
    before = chart(values, direction)
    after = chart([scale * value + offset for value in values], direction)
    assert after.signals == before.signals
    assert after.rules == before.rules
    assert after.upper == pytest.approx([scale * line + offset for line in before.upper])
    assert after.lower == pytest.approx([scale * line + offset for line in before.lower])


@given(NUMBERS)
def test_the_mirrored_series_reads_the_same_with_the_other_direction(values):
    swap = {
        Variation.IMPROVING_HIGH: Variation.IMPROVING_LOW,
        Variation.CONCERNING_LOW: Variation.CONCERNING_HIGH,
        Variation.COMMON: Variation.COMMON,
    }
    mirrored = chart([-value for value in values], "decrease")
    assert list(mirrored.signals) == [swap[signal] for signal in chart(values).signals]


@given(NUMBERS, st.randoms(use_true_random=False))
def test_the_order_in_which_points_are_given_does_not_matter(values, random):
    rows = list(zip(values, months(len(values)), strict=True))
    random.shuffle(rows)
    assert chart([v for v, _ in rows], dates=[d for _, d in rows]) == chart(values)


@given(st.lists(st.integers(0, 100), min_size=13, max_size=40), st.integers(0, 100), DIRECTIONS)
def test_limits_cut_at_the_bounds_change_no_reading(values, target, direction):
    free = chart(values, direction, target)
    cut = chart(values, direction, target, bounds=(0, 100))
    assert cut.signals == free.signals
    assert cut.assurance is free.assurance
    assert min(cut.lower) >= 0
    assert max(cut.upper) <= 100
    assert cut.clipped == (cut.lower != free.lower or cut.upper != free.upper)
    assert cut.clipped == any("drawn no further than 0 and 100" in note for note in cut.notes)


def test_seven_points_are_a_shift_unless_the_analyst_says_otherwise():
    values = [49, 51] * 6 + [51] * 6 + [49]
    assert ruled(chart(values), Rule.SHIFT) == list(range(12, 19))
    assert ruled(chart(values, shift_points=8), Rule.SHIFT) == []


# Series that are not as one would wish


@pytest.mark.parametrize("value", [0, 100, 0.1, 1 / 3, -7.7])
@pytest.mark.parametrize("count", [13, 24, 97])
def test_a_series_of_one_value_has_no_signal_and_says_that_its_limits_collapse(value, count):
    found = chart([value] * count, target=value)
    assert found.upper == found.lower == found.mean == (value,) * count
    assert set(found.signals) == {Variation.COMMON}
    assert found.assurance is Assurance.PASSES
    assert "All values from January 2022 are the same" in found.notes[-1]


def test_a_point_on_the_mean_is_on_neither_side_whatever_rounding_does():
    found = chart([0.3, 0.5] * 6 + [0.4] * 9)
    assert ruled(found, Rule.SHIFT) == []


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_points_have_a_mean_and_say_how_many_are_missing(count):
    found = chart(list(range(count)), target=3, rebased=[date(2022, 2, 1)])
    assert found.missing == 13 - count
    assert found.mean == (0.5,) * 2 if count == 2 else (0,)
    assert found.moving_range == (None, 1)[:count]
    assert found.variation is Variation.TOO_FEW


def test_ten_thousand_points_take_no_time():
    values = np.random.default_rng(1).normal(size=10_000)
    days = [date(2000, 1, 1) + timedelta(days=row) for row in range(10_000)]
    start = time.perf_counter()
    found = chart(values, dates=days)
    assert time.perf_counter() - start < 2
    assert len(found.signals) == 10_000


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ([5], "One period is missing between May 2022 and July 2022"),
        ([5, 6], "Two periods are missing between May 2022 and August 2022"),
        ([3, 8, 9], "Three periods are missing in two gaps, the first after March 2022"),
    ],
)
def test_points_beside_a_gap_are_neighbours_and_the_gap_is_told(left_out, sentence):
    rows = [row for row in range(20) if row not in left_out]
    values = [STABLE[row] for row in rows]
    found = chart(values, dates=[months(20)[row] for row in rows])
    assert found.moving_range == chart(values).moving_range
    assert found.notes == (
        f"{sentence}: moving ranges and rules take the points on either side as neighbours.",
    )


@pytest.mark.parametrize(
    "dates",
    [
        months(20),
        [date(2018 + row // 4, 3 * (row % 4) + 1, 1) for row in range(20)],
        [date(2024, 1, 1) + timedelta(days=7 * row) for row in range(20)],
        [date(2024, 1, 1) + timedelta(days=row) for row in range(20)],
        [date(2004 + row, 4, 1) for row in range(20)],
    ],
)
def test_months_quarters_weeks_days_and_years_have_no_gaps_of_their_own(dates):
    assert chart(STABLE, dates=dates).notes == ()


def test_weekly_points_are_named_by_their_days():
    dates = [date(2024, 1, 1) + timedelta(days=7 * row) for row in range(20)]
    found = chart(STABLE, rebased=[dates[5]], dates=dates)
    assert "from 5 February 2024." in found.notes[0]


def test_limits_that_rest_on_few_points_are_called_provisional():
    found = chart(STABLE, rebased=[months(20)[14]])
    assert found.notes[1] == (
        "The process limits from March 2023 rest on six points, fewer than 12, and are provisional."
    )


@pytest.mark.parametrize(
    ("days", "place"),
    [
        ([date(2023, 8, 1)], "from August 2023"),
        ([date(2031, 1, 1)], "after August 2023"),
        ([date(2022, 2, 1)], "from February 2022"),
    ],
)
def test_a_recalculation_that_leaves_a_point_alone_is_not_made_and_is_told(days, place):
    found = chart(STABLE, rebased=days)
    assert found.starts == (0,)
    assert found.upper == chart(STABLE).upper
    assert f"The recalculation {place} is not made" in found.notes[0]


def test_a_recalculation_before_the_first_point_changes_nothing():
    assert chart(STABLE, rebased=[date(2020, 1, 1), date(2022, 1, 1)]) == chart(STABLE)


def test_a_recalculation_on_a_day_without_a_point_begins_at_the_next():
    assert chart(STABLE, rebased=[date(2022, 9, 15)]).starts == (0, 9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"values": [*STABLE[:-1], float("nan")]}, "value of 2023-08-01: 'nan': expected a finite"),
        ({"values": [*STABLE[:-1], float("inf")]}, "'inf': expected a finite number"),
        ({"values": [*STABLE[:-1], None]}, "expected a finite number"),
        ({"values": ["x"] * 20}, "needs numbers and dates"),
        ({"values": [*STABLE[:-1], -1], "bounds": (0, 100)}, "'-1': expected 0 to 100"),
        ({"values": [*STABLE[:-1], 101], "bounds": (0, 100)}, "'101': expected 0 to 100"),
        ({"dates": [*months(19), months(19)[-1]]}, "'2023-07-01': expected one value a date"),
        ({"dates": pd.Series(pd.to_datetime([*months(19), None]))}, "row 20: expected a date"),
        ({"dates": months(19)}, "20 values stand against 19 dates"),
        ({"dates": ["soon"] * 20}, "needs numbers and dates"),
        ({"values": [], "dates": []}, "at least one point"),
        ({"direction": "up"}, "direction: 'up': expected increase, decrease or neither"),
        ({"target": float("nan")}, "target: 'nan': expected a finite number"),
        ({"shift_points": 5}, "shift_points: '5': expected 6 to 8 points"),
        ({"trend_points": 9}, "trend_points: '9': expected 6 to 8 points"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_one_line(changes, message):
    given_ = {"values": STABLE, "dates": months(20), "direction": "increase", **changes}
    with pytest.raises(EvidenceError) as refusal:
        xmr(**given_)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_series_of_pandas_and_times_of_day_are_taken_as_days():
    expected = chart(STABLE)
    stamps = pd.Series(pd.to_datetime(months(20)))
    assert xmr(pd.Series(STABLE), stamps, "increase") == expected
    assert xmr(STABLE, list(stamps), "increase") == expected
    hours = [datetime(day.year, day.month, day.day, 5) for day in months(20)]
    assert xmr(STABLE, hours, "increase") == expected


def test_every_reading_has_its_own_words_and_the_letter_of_its_icon():
    for readings in (Variation, Assurance):
        assert len({each.words for each in readings}) == len(readings)
    assert {each.letter for each in Variation} == {"", "H", "L"}
    assert {each.letter for each in Assurance} == {"", "P", "F", "?"}
    assert [each for each in Variation if not each.special] == [
        Variation.COMMON,
        Variation.TOO_FEW,
    ]


def test_importing_the_package_loads_neither_numpy_nor_pandas():
    check = (
        "import sys, helpers.process_control; sys.exit(bool({'numpy', 'pandas'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0
