import calendar
import math
import time
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from helpers import evidence
from helpers.errors import EvidenceError
from helpers.forecasts import FEWEST, candidates, forecast, points_needed
from helpers.forecasts.backtest import (
    LEAST_FREEDOM,
    MOST_ORIGINS,
    MOST_WIDENED,
    NEARLY_AS_GOOD,
    choose,
    origins_for,
)
from helpers.forecasts.candidates import (
    CANDIDATES,
    LAST_VALUE,
    YEAR_EARLIER,
    NotFittedError,
    last_value,
    straight_line,
    year_earlier,
)
from helpers.forecasts.history import FEWEST_ORIGINS, FEWEST_TO_FIT, MOST, read_history
from helpers.forecasts.scales import PLAIN, logit, share

FIRST = date(2020, 1, 1)
LINE = "Straight line from first to last value"
LEVEL = "Smoothed level"
TREND = "Local linear trend"
FITTED_FROM = 3  # the candidates before have closed forms
YEAR = np.array([50.0, 60, 40, 70, 30, 55, 45, 65, 35, 52, 48, 58])
HARMLESS = [50.0, 53.0, 49.0, 51.0, 54.0, 50.0, 48.0, 52.0] * 20


def months(count, first=FIRST, apart=1):
    start = first.year * 12 + first.month - 1
    places = range(start, start + count * apart, apart)
    return [date(place // 12, place % 12 + 1, 1) for place in places]


def month_after(days, steps):
    return months(steps + 1, days[-1])[-1]


def ahead(values, steps=3, dates=None, **settings):
    dates = months(len(values)) if dates is None else dates
    return forecast(values, dates, until=month_after(dates, steps), **settings)


def without(places, count=30):
    kept = [place for place in range(count) if place not in places]
    return [HARMLESS[place] for place in kept], [months(count)[place] for place in kept]


def wandering(count, seed=1, scale=1.0):
    return 50 + scale * np.cumsum(np.random.default_rng(seed).normal(size=count))


@pytest.fixture
def quick(monkeypatch):
    """Leave out the models that are fitted, where it does not matter which one is chosen."""
    few = {name: CANDIDATES[name] for name in list(CANDIDATES)[:FITTED_FROM]}
    monkeypatch.setattr("helpers.forecasts.backtest.CANDIDATES", few)


closed_forms = pytest.mark.usefixtures("quick")


# What a forecast is


def test_a_forecast_has_the_months_asked_for_and_nested_intervals():
    made = ahead(HARMLESS[:24], 6)
    assert made.dates == tuple(months(6, date(2022, 1, 1)))
    assert all(
        wide <= narrow <= middle <= upper <= widest
        for wide, narrow, middle, upper, widest in zip(
            made.lower_95, made.lower_80, made.median, made.upper_80, made.upper_95, strict=True
        )
    )
    assert made.missing == 0


@closed_forms
def test_a_table_has_one_row_a_month():
    made = ahead(HARMLESS[:24], 6)
    frame = made.frame()
    assert list(frame.columns) == [
        "date", "median", "lower_80", "upper_80", "lower_95", "upper_95",
    ]  # fmt: skip
    assert list(frame["date"]) == list(made.dates)
    assert list(frame["upper_95"]) == list(made.upper_95)


def test_the_same_series_gives_the_same_forecast():
    values = wandering(18)
    assert ahead(values) == ahead(values)


@closed_forms
def test_the_order_of_the_rows_does_not_matter():
    values, days = list(wandering(24)), months(24)
    turned = forecast(values[::-1], days[::-1], until=date(2022, 3, 1))
    assert turned == forecast(values, days, until=date(2022, 3, 1))


@closed_forms
@pytest.mark.parametrize(
    "kind",
    [list, pd.Series, np.array, pd.to_datetime, lambda days: np.array(days, "datetime64[ns]")],
    ids=["dates", "series", "array", "index", "datetime64"],
)
def test_dates_may_be_of_any_kind_that_a_table_holds(kind):
    made = forecast(pd.Series(HARMLESS[:20]), kind(months(20)), until=date(2021, 11, 1))
    assert made == ahead(HARMLESS[:20])


@closed_forms
def test_dates_keep_to_the_end_of_the_month_if_those_observed_do():
    days = [day.replace(day=calendar.monthrange(day.year, day.month)[1]) for day in months(24)]
    made = forecast(HARMLESS[:24], days, until=date(2022, 2, 10))
    assert made.dates == (date(2022, 1, 31), date(2022, 2, 28))


@closed_forms
def test_quarters_are_forecast_as_quarters():
    days = months(24, apart=3)
    made = forecast(HARMLESS[:24], days, until=date(2026, 9, 30))
    assert days[-1] == date(2025, 10, 1)
    assert made.dates == (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
    assert made.chance(50, date(2026, 9, 30), "at least") == made.chance(
        50, date(2026, 7, 1), "at least"
    )


# How much it needs, and how far it goes


@pytest.mark.parametrize("count", [0, 1, 2, 11, FEWEST - 1])
def test_too_few_points_give_no_forecast_and_say_how_many_are_missing(count):
    made = forecast(HARMLESS[:count], months(count), until=date(2030, 1, 1))
    assert made.dates == made.median == made.backtest == ()
    assert made.model == ""
    assert made.missing >= FEWEST - count
    assert made.notes[0].startswith("There is no forecast")
    assert made.chance(50, date(2030, 1, 1), "at least") is None
    assert made.frame().empty
    if count:
        assert f"{made.missing} more than are held" in made.notes[0]


@closed_forms
def test_one_point_more_makes_a_forecast():
    assert ahead(HARMLESS[:FEWEST]).dates
    assert not ahead(HARMLESS[: FEWEST - 1]).dates


@given(st.integers(1, 60), st.integers(0, 60))
def test_each_step_is_tested_from_enough_points_in_time(steps, more):
    count = points_needed(steps) + more
    origins = origins_for(count, steps)
    assert FEWEST_ORIGINS <= len(set(origins)) == len(origins) <= MOST_ORIGINS
    assert origins[0] >= FEWEST_TO_FIT
    assert origins[-1] == count - steps


@closed_forms
def test_a_forecast_ends_where_its_test_does_and_says_what_more_would_take():
    made = ahead(HARMLESS[:24], 42)
    assert len(made.dates) == 9
    assert (made.held, made.needed, made.missing) == (24, points_needed(42), 33)
    assert "The forecast ends after nine months" in made.notes[0]
    assert "33 more than are held" in made.notes[0]
    assert made.chance(50, made.dates[-1], "at least") is not None
    assert made.chance(50, month_after(months(24), 42), "at least") is None


def test_a_date_that_is_past_needs_no_forecast():
    made = forecast(HARMLESS[:24], months(24), until=date(2021, 12, 31))
    assert not made.dates
    assert made.notes == ("There is no forecast: the date asked for is not after the last value.",)


def test_ten_thousand_points_take_no_longer_than_ten_years_of_them():
    values = wandering(10_000, scale=0.1)
    days = months(10_000, date(1200, 1, 1))
    began = time.process_time()
    made = ahead(values, 3, dates=days)
    assert time.process_time() - began < 4
    recent = ahead(values[-MOST:], 3, dates=days[-MOST:])
    assert made.median == recent.median
    assert made.upper_95 == recent.upper_95
    assert made.held == 10_000
    assert f"last {MOST} months" in made.notes[0]


# What it refuses

TWICE = "January 2020 has more than one value: expected one a month"
ONE_STEP = "expected one a month or one a quarter"


def mixed_from(month):
    return f"values of months and of quarters mixed, from {month}: expected one or the other"


@pytest.mark.parametrize(
    ("values", "dates", "message"),
    [
        ([1.0] * 3, months(2), "3 values with 2 dates: expected one each"),
        ([1.0] * 3, [*months(2), FIRST], TWICE),
        ([1.0] * 2, [FIRST, date(2020, 1, 8)], TWICE),
        ([1.0, math.nan], months(2), "2020-02-01: value 'nan': expected a number"),
        ([1.0, math.inf], months(2), "2020-02-01: value 'inf': expected a number"),
        ([1.0, None], months(2), "2020-02-01: value 'None': expected a number"),
        ([1.0, "many"], months(2), "2020-02-01: value 'many': expected a number"),
        ([1.0], ["2020-01-01"], "date '2020-01-01': expected a date"),
        ([1.0], [pd.NaT], "date 'NaT': expected a date"),
        ([1.0], [np.datetime64("NaT")], "date 'NaT': expected a date"),
        ([1.0] * 9, months(9, apart=12), f"values 12 months apart: {ONE_STEP}"),
        ([1.0] * 9, months(9, apart=2), f"values 2 months apart: {ONE_STEP}"),
        ([1.0] * 20, months(10) + months(10, date(2021, 1, 1), 3), mixed_from("October 2020")),
        (
            [1.0] * 20,
            months(10, apart=3) + months(10, date(2022, 5, 1)),
            mixed_from("January 2020"),
        ),
    ],
)
def test_what_is_no_series_is_refused_in_one_line(values, dates, message):
    with pytest.raises(EvidenceError) as refusal:
        forecast(values, dates, until=date(2030, 1, 1))
    assert str(refusal.value) == message


@closed_forms
@pytest.mark.parametrize("value", [-0.1, 100.1, -1e9])
def test_a_share_outside_its_limits_is_refused(value):
    values = [*HARMLESS[:20], value]
    with pytest.raises(EvidenceError, match=r"^2021-09-01: value '.*': expected 0 to 100$"):
        ahead(values, share=True)
    assert ahead(values).dates


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=15),
    st.integers(0, 14),
    st.sampled_from([math.nan, math.inf, -math.inf, -1.0, 100.5, None, "", "n/a"]),
)
def test_one_bad_value_is_enough_to_refuse_a_series(values, place, bad):
    values[place % len(values)] = bad
    with pytest.raises(EvidenceError, match="expected"):
        forecast(values, months(len(values)), until=date(2030, 1, 1), share=True)


@given(st.lists(st.dates(date(2000, 1, 1), date(2004, 12, 31)), max_size=17))
def test_any_dates_are_read_or_refused_in_one_line(days):
    try:
        history = read_history([1.0] * len(days), days, PLAIN)
    except EvidenceError as refusal:
        assert "\n" not in str(refusal)
        assert "expected" in str(refusal)
    else:
        assert history.held <= len(days)
        assert len(history.values) == len(history.observed)
        assert (~history.observed).sum() <= 0.1 * history.held
        assert history.observed.sum() == history.held


# Gaps


@closed_forms
@pytest.mark.parametrize(
    ("places", "count"), [([10], "one missing month"), ([10, 11], "two missing months")]
)
def test_a_short_gap_is_bridged_and_said(places, count):
    values, days = without(places)
    made = ahead(values, dates=days)
    assert made.dates
    assert made.held == len(values)
    assert made.notes[0] == f"A straight line stands for {count}."


def test_a_bridge_is_a_straight_line():
    days = [*months(2), *months(32, date(2020, 5, 1))]
    history = read_history([0.0, 1.0, 4.0, 5.0, *[5.0] * 30], days, PLAIN)
    assert list(history.values[:6]) == [0, 1, 2, 3, 4, 5]
    assert list(history.observed[:6]) == [True, True, False, False, True, True]


@closed_forms
@pytest.mark.parametrize(("place", "judged"), [(25, False), (23, True)])
def test_no_forecast_is_judged_by_a_bridge(place, judged):
    bridged = 25
    assert {place, bridged} <= set(origins_for(30, 1))

    def error(changed):
        history = read_history(*without([bridged]), PLAIN)
        history.values[place] += changed
        rows = choose(history, 1, PLAIN).tested
        return next(row.mean_absolute_error for row in rows if row.model == YEAR_EARLIER)

    assert (error(0) != error(1000)) == judged


@closed_forms
def test_a_long_gap_starts_the_series_anew():
    values, days = without([8, 9, 10])
    made = ahead(values, dates=days)
    assert made.held == 19
    assert made.notes[0] == (
        "The forecast uses the values from December 2020: before them three months are missing."
    )
    assert made.median == ahead(values[8:], dates=days[8:]).median


@closed_forms
def test_many_short_gaps_start_the_series_anew():
    values, days = without([2, 4, 6, 8])
    made = ahead(values, dates=days)
    assert made.held == 21
    assert "before them one month is missing" in made.notes[0]


@closed_forms
def test_a_missing_quarter_is_a_gap_of_quarters():
    days = months(30, apart=3)
    made = forecast(HARMLESS[:29], [*days[:5], *days[6:]], until=month_after(days, 6))
    assert made.notes[0] == "A straight line stands for one missing quarter."


# Shares


@given(
    st.lists(st.integers(0, 100).map(float), min_size=FEWEST, max_size=FEWEST),
)
@settings(max_examples=5, deadline=None)
def test_no_share_leaves_0_to_100(values):
    made = ahead(values, 3, share=True)
    numbers = [*made.median, *made.lower_95, *made.upper_95, *made.lower_80, *made.upper_80]
    assert all(0 <= number <= 100 for number in numbers)
    chance = made.chance(50, made.dates[-1], "at least")
    assert 0 <= chance <= 1


@given(st.floats(0, 100))
def test_a_share_survives_the_logit_scale(value):
    assert share(logit(np.array([value])))[0] == pytest.approx(value, abs=1e-8)


def test_the_logit_scale_has_no_end_that_leaves_the_shares():
    assert list(share(np.array([-np.inf, -800.0, 800.0, np.inf]))) == [0, 0, 100, 100]
    assert np.isfinite(logit(np.array([0.0, 100.0]))).all()


def test_a_share_near_its_limit_has_more_room_away_from_it():
    values = np.random.default_rng(3).uniform(95, 99.5, size=24)
    made = ahead(values, share=True)
    assert made.upper_95[-1] <= 100
    assert made.median[-1] - made.lower_95[-1] > made.upper_95[-1] - made.median[-1]


# Series that do little, or too much


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [0.0, 50.0, 100.0])
def test_equal_values_stay_as_they_are_and_the_note_says_what_that_means(value):
    made = ahead([value] * 24, share=True)
    assert made.median == made.lower_95 == made.upper_95 == (value,) * 3
    assert made.model == LAST_VALUE
    assert made.chance(value, made.dates[-1], "at least") == 1
    assert made.chance(value, made.dates[-1], "at most") == 1
    assert made.chance(60, made.dates[-1], "at least") == float(value >= 60)
    assert "The intervals have no width" in made.notes[-1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "values",
    [
        [50.0] * 15 + [60.0] * 9,
        [50.0] * 23 + [60.0],
        [0.0] * 12 + [100.0] * 12,
        [0.0, 100.0] * 12,
        [*np.arange(14.0), *HARMLESS[:10]],
        list(1e9 + wandering(24)),
        list(1e-9 * wandering(24)),
    ],
    ids=["step", "last", "all or nothing", "alternating", "line that breaks", "large", "small"],
)
def test_odd_series_give_numbers_and_no_warnings(values):
    made = ahead(values)
    assert np.isfinite(made.frame().drop(columns="date").to_numpy(dtype=float)).all()
    assert made.model in CANDIDATES


def test_a_level_shift_is_followed():
    values = np.concatenate([50 + wandering(12, 3, 0.2) - 50, 70 + wandering(12, 4, 0.2) - 50])
    made = ahead(values)
    assert made.median[-1] == pytest.approx(np.mean(values[-4:]), abs=2)


# The choice


@pytest.fixture(scope="module")
def held():
    frame = evidence.load("cancer-62-day")
    return {
        name: forecast(rows["percent_within"], rows["month"], until=date(2026, 3, 31), share=True)
        for name, rows in frame.groupby("provider", sort=False)
    }


def test_on_the_held_series_the_choice_is_not_worse_than_the_better_naive_forecast(held):
    assert len(held) == 5
    for made in held.values():
        errors = {row.model: row.mean_absolute_error for row in made.backtest}
        better = min(errors[LAST_VALUE], errors[YEAR_EARLIER])
        assert errors[made.model] <= better * (1 + NEARLY_AS_GOOD)
        assert [row.model for row in made.backtest if row.chosen] == [made.model]
        assert {row.steps for row in made.backtest} == {6}


def test_the_simplest_of_the_models_that_do_nearly_as_well_is_chosen(held):
    for made in held.values():
        best = min(row.mean_absolute_error for row in made.backtest)
        simplest = next(
            row for row in made.backtest if row.mean_absolute_error <= best * (1 + NEARLY_AS_GOOD)
        )
        assert simplest.chosen


def test_eleven_months_of_a_held_series_are_too_few():
    rows = evidence.load("ae-4-hour", provider_code="RYJ")
    made = forecast(rows["percent_within"], rows["month"], until=date(2025, 9, 30), share=True)
    assert (made.held, made.needed, made.missing) == (11, FEWEST, 7)


@pytest.mark.parametrize(
    ("values", "model"),
    [
        (list(YEAR) * 3, YEAR_EARLIER),
        (list(np.arange(30) * 2.0 + np.array(HARMLESS[:30]) / 1000), LINE),
        (list(50 + np.random.default_rng(5).normal(size=36)), LEVEL),
    ],
    ids=["yearly course", "line", "noise"],
)  # fmt: skip
def test_the_model_that_fits_the_series_is_chosen(values, model):
    assert ahead(values).model == model


@closed_forms
def test_the_backtest_of_the_naive_forecast_is_what_one_works_out_by_hand():
    values = wandering(24)
    row = ahead(values, 6).backtest[0]
    origins, steps = range(12, 19), range(6)
    expected = np.mean([abs(values[o + step] - values[o - 1]) for o in origins for step in steps])
    assert (row.model, row.origins, row.steps) == (LAST_VALUE, 7, 6)
    assert row.mean_absolute_error == pytest.approx(expected)


@closed_forms
def test_the_error_of_a_share_is_in_percentage_points():
    values = [60.0, 70.0] * 12
    made = ahead(values, 1, share=True)
    assert made.backtest[0].mean_absolute_error == pytest.approx(10)


@closed_forms
def test_a_year_earlier_is_compared_with_two_years_of_values():
    assert YEAR_EARLIER in {row.model for row in ahead(HARMLESS[:24]).backtest}
    assert YEAR_EARLIER not in {row.model for row in ahead(HARMLESS[:23]).backtest}


def test_a_model_that_cannot_be_fitted_is_left_out_and_named(monkeypatch):
    def fails(values, steps, season):
        raise NotFittedError("no maximum")

    monkeypatch.setattr(
        "helpers.forecasts.backtest.CANDIDATES", {LAST_VALUE: last_value, TREND: fails}
    )
    # What is kept of the true candidates must not answer for these.
    monkeypatch.setattr("helpers.forecasts.result.choose", choose.__wrapped__)
    made = ahead(HARMLESS[:24])
    assert f"{TREND} could not be fitted and was left out." in made.notes
    assert TREND not in {row.model for row in made.backtest}
    assert made.dates


def test_a_fit_that_does_not_converge_is_not_used():
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    model = ETSModel(pd.Series(wandering(24)), error="add", trend="add", damped_trend=True)
    with pytest.raises(NotFittedError, match="converge"):
        candidates._fitted(model, maxiter=1)


# The distributions


def test_the_interval_of_the_last_value_has_its_closed_form():
    values = wandering(40)
    result = last_value(values, 4, 12)
    deviation = math.sqrt(np.mean(np.diff(values) ** 2))
    assert result.middle == pytest.approx([values[-1]] * 4)
    assert result.spread == pytest.approx([deviation * math.sqrt(step) for step in (1, 2, 3, 4)])
    assert result.freedom == 39


def test_the_interval_of_the_straight_line_has_its_closed_form():
    values = wandering(40)
    result = straight_line(values, 3, 12)
    slope = (values[-1] - values[0]) / 39
    deviation = np.std(np.diff(values), ddof=1)
    assert result.middle == pytest.approx([values[-1] + slope * step for step in (1, 2, 3)])
    assert result.spread == pytest.approx(
        [deviation * math.sqrt(step * (1 + step / 39)) for step in (1, 2, 3)]
    )


def test_a_year_earlier_repeats_the_last_year_and_widens_once_a_year():
    values = wandering(36)
    result = year_earlier(values, 14, 12)
    assert list(result.middle[:12]) == list(values[-12:])
    assert list(result.middle[12:]) == list(values[-12:-10])
    assert len(set(np.round(result.spread[:12], 9))) == 1
    assert result.spread[12] == pytest.approx(result.spread[0] * math.sqrt(2))


@pytest.mark.parametrize("name", list(CANDIDATES)[FITTED_FROM:])
def test_a_fitted_model_does_not_depend_on_the_unit(name):
    values = wandering(30)
    plain = CANDIDATES[name](values, 4, 12)
    larger = CANDIDATES[name](1000 * values - 7, 4, 12)
    assert larger.middle == pytest.approx(1000 * plain.middle - 7, rel=1e-4)
    assert larger.spread == pytest.approx(1000 * plain.spread, rel=1e-3)


def test_a_smoothed_level_of_noise_is_its_mean():
    values = 50 + np.random.default_rng(2).normal(size=100)
    result = CANDIDATES[LEVEL](values, 2, 12)
    assert result.middle == pytest.approx([values.mean()] * 2, abs=0.2)
    assert result.spread == pytest.approx([values.std()] * 2, rel=0.05)


def test_intervals_of_a_random_walk_hold_what_they_should():
    chance = np.random.default_rng(11)
    held = []
    for _ in range(400):
        walk = np.cumsum(chance.normal(size=30))
        result = last_value(walk[:24], 6, 12)
        reach = t.ppf(0.975, result.freedom) * result.spread
        held.append(abs(walk[24:] - result.middle) <= reach)
    assert 0.92 <= np.mean(held) <= 0.98


@closed_forms
def test_intervals_are_widened_when_the_test_surprised_the_model():
    calm = list(wandering(16, 7, 0.1))
    values = calm + list(calm[-1] + 5 * np.array([1, -1, 2, -2, 3, -3, 2, -2]))
    history = read_history(values, months(24), PLAIN)
    choice, made = choose(history, 3, PLAIN), ahead(values)
    assert 1 < choice.widened == made.widened <= MOST_WIDENED
    model = CANDIDATES[made.model](history.values, 3, 12)
    assert choice.predictive.spread == pytest.approx(model.spread * choice.widened)
    assert any("times as wide as the model alone says" in note for note in made.notes)


@closed_forms
def test_a_spread_known_from_too_few_values_widens_nothing():
    # The first changes from one year to the next are tiny, the later ones are not.
    changes = np.array([0.01, 0.02, 0.01, 4, -4, 4, -4, 4, -4, 4, -4, 4])
    history = read_history([*YEAR, *(YEAR + changes)], months(24), PLAIN)
    last = origins_for(24, 9)[-1]
    assert 0 < year_earlier(history.values[:last], 9, 12).freedom < LEAST_FREEDOM
    choice = choose(history, 9, PLAIN)
    assert next(row.model for row in choice.tested if row.chosen) == YEAR_EARLIER
    assert choice.widened == 1


# The chance of a target


@closed_forms
def test_the_chance_follows_the_interval():
    made = ahead(wandering(30), 4, share=True)
    last = made.dates[-1]
    assert made.chance(made.median[-1], last, "at least") == pytest.approx(0.5)
    assert made.chance(made.upper_95[-1], last, "at least") == pytest.approx(0.025)
    assert made.chance(made.lower_80[-1], last, "increase") == pytest.approx(0.9)
    assert made.chance(made.lower_80[-1], last, "decrease") == pytest.approx(0.1)


@given(st.floats(0, 100), st.floats(0, 100))
@settings(max_examples=50)
def test_a_harder_target_is_never_more_likely(one, other):
    last = SHARES.dates[-1]
    lower, higher = sorted((one, other))
    assert SHARES.chance(lower, last, "at least") >= SHARES.chance(higher, last, "at least")
    assert SHARES.chance(lower, last, "at most") <= SHARES.chance(higher, last, "at most")
    assert SHARES.chance(one, last, "at least") + SHARES.chance(
        one, last, "at most"
    ) == pytest.approx(1)


SHARES = ahead(wandering(24), 6, share=True)


def test_the_chance_is_that_of_the_month_of_the_date():
    assert SHARES.chance(60, date(2022, 3, 31), "at least") == SHARES.chance(
        60, datetime(2022, 3, 1), "at least"
    )
    assert SHARES.chance(60, date(2022, 3, 31), "at least") != SHARES.chance(
        60, date(2022, 4, 1), "at least"
    )


@pytest.mark.parametrize("by", [date(2019, 1, 1), date(2021, 12, 31), date(2022, 7, 1)])
def test_there_is_no_chance_for_a_date_that_is_not_forecast(by):
    assert SHARES.chance(60, by, "at least") is None


@pytest.mark.parametrize(
    ("target", "direction", "message"),
    [
        (60, "up", "direction 'up': expected at least, increase, at most and decrease"),
        (101, "at least", "target 101: expected 0 to 100"),
        (math.nan, "at least", "target nan: expected 0 to 100"),
    ],
)
def test_a_question_that_has_no_answer_is_refused(target, direction, message):
    with pytest.raises(EvidenceError, match=f"^{message}$"):
        SHARES.chance(target, date(2022, 3, 31), direction)
