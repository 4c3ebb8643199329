"""Who bears over-performance: the draws are as assumed, and sharing only divides the same sum."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers import evidence, finance
from helpers.errors import EvidenceError
from helpers.finance import over_performance
from helpers.finance.over_performance import ARRANGEMENTS, Chances, arrange, chances, draws
from helpers.finance.over_performance.arrangements import fund_payments
from helpers.finance.over_performance.by_borough import BAD_YEAR, _Tally
from helpers.finance.over_performance.draws import log_variance

pytestmark = pytest.mark.usefixtures("book_evidence")

BUDGETS = np.array([50.0, 100.0, 250.0])
POPULATION = np.array([0.3, 0.3, 0.4])
USUAL = Chances(
    mean=0.01,
    deviation=0.03,
    skewness=1.0,
    size_effect=0.25,
    correlation=0.3,
    threshold=0.05,
    fund_payment=0.005,
)
ASSUMED = st.builds(
    Chances,
    mean=st.floats(-0.05, 0.05),
    deviation=st.floats(0, 0.2),
    skewness=st.floats(0, 3),
    size_effect=st.floats(0, 1),
    correlation=st.floats(0, 1),
    threshold=st.floats(0, 0.2),
    fund_payment=st.floats(0, 0.05),
)


def changed(**values: float) -> Chances:
    return Chances(**{**{f.name: getattr(USUAL, f.name) for f in fields(USUAL)}, **values})


def draw(budgets: np.ndarray, assumed: Chances, **asked: int) -> np.ndarray:
    """All draws together, which the book takes some at a time."""
    return np.concatenate(list(over_performance.draw(budgets, assumed, **asked)))


def rates(assumed: Chances, draws: int = 100_000) -> np.ndarray:
    return draw(BUDGETS, assumed, periods=3, draws=draws) / BUDGETS


@pytest.mark.parametrize("skewness", [0.0, 1.0, 2.0])
def test_draws_have_the_moments_and_the_correlation_assumed(skewness):
    drawn = rates(changed(skewness=skewness))
    deviations = 0.03 * (BUDGETS / BUDGETS.mean()) ** -0.25
    assert drawn.mean(axis=(0, 1)) == pytest.approx([0.01] * 3)
    assert drawn.std(axis=(0, 1)) == pytest.approx(deviations, rel=0.02)
    flat = drawn.reshape(-1, 3)
    assert stats.skew(flat) == pytest.approx([skewness] * 3, abs=0.15)
    alike = np.corrcoef(flat.T)[np.triu_indices(3, 1)]
    assert alike == pytest.approx([0.3] * 3, abs=0.02)


def test_years_are_independent():
    drawn = rates(USUAL)
    assert np.corrcoef(drawn[:, 0, 0], drawn[:, 1, 0])[0, 1] == pytest.approx(0, abs=0.02)


def test_boroughs_wholly_alike_move_as_one():
    drawn = rates(changed(correlation=1.0, size_effect=0.0), draws=100)
    assert np.ptp(drawn, axis=-1).max() == pytest.approx(0, abs=1e-12)


def test_the_same_seed_draws_the_same_and_another_does_not():
    first, again, other = (
        draw(BUDGETS, USUAL, periods=2, draws=10, seed=seed) for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_draws_are_the_same_however_many_are_worked_out_at_a_time(monkeypatch):
    whole = list(over_performance.draw(BUDGETS, USUAL, periods=3, draws=100))
    assert len(whole) == 1
    monkeypatch.setattr(draws, "CELLS", 7 * 3 * len(BUDGETS))
    parts = list(over_performance.draw(BUDGETS, USUAL, periods=3, draws=100))
    assert [len(part) for part in parts] == [7] * 14 + [2]
    assert np.concatenate(parts) == pytest.approx(whole[0], rel=1e-9)


@given(st.integers(1, 60), st.integers(1, 3), st.integers(1, 25), st.integers(1, 5), st.booleans())
@settings(max_examples=60)
@example(many=1, years=1, step=1, seed=1, falling=False)
@example(many=60, years=3, step=1, seed=1, falling=True)
def test_a_bad_year_is_the_quantile_of_all_years_however_they_come(
    many, years, step, seed, falling
):
    costs = np.random.default_rng(seed).normal(size=(many, years, 2)).round(1)
    if falling:
        costs = -np.sort(-costs.reshape(-1, 2), axis=0).reshape(costs.shape)
    tally = _Tally(many * years, 2)
    for start in range(0, many, step):
        tally.add(costs[start : start + step])
    assert tally.bad_year() == pytest.approx(np.quantile(costs, 1 - 1 / BAD_YEAR, axis=(0, 1)))
    assert tally.costs == pytest.approx(costs.sum(axis=(0, 1)))


@pytest.mark.parametrize("skewness", [0.0, 0.1, 1.0, 5.0])
def test_the_variance_behind_a_skewness_gives_that_skewness(skewness):
    spread = log_variance(skewness)
    assert stats.lognorm(np.sqrt(spread) or 1e-9).stats("s") == pytest.approx(skewness, abs=1e-6)


@given(ASSUMED, st.integers(1, 5))
@settings(max_examples=40)
def test_the_sector_bears_the_same_under_every_arrangement(assumed, seed):
    over = draw(BUDGETS, assumed, periods=3, draws=50, seed=seed)
    outcomes = arrange(over, BUDGETS, POPULATION, assumed)
    assert list(outcomes) == list(ARRANGEMENTS)
    for outcome in outcomes.values():
        assert outcome.cost.sum(axis=-1) == pytest.approx(over.sum(axis=-1), abs=1e-6)


@given(ASSUMED, st.integers(1, 5))
@settings(max_examples=40)
def test_the_fund_pays_only_what_is_above_the_threshold_and_what_it_has(assumed, seed):
    over = draw(BUDGETS, assumed, periods=3, draws=50, seed=seed)
    paid = fund_payments(over, BUDGETS, assumed)
    above = np.maximum(over - assumed.threshold * BUDGETS, 0)
    assert (paid >= 0).all()
    assert (paid <= above + 1e-9).all()
    filled = assumed.fund_payment * BUDGETS.sum() * np.arange(1, 4)
    assert (paid.sum(axis=-1).cumsum(axis=1) <= filled + 1e-9).all()


def test_the_fund_keeps_for_later_runs_dry_and_divides_by_need():
    assumed = changed(threshold=0.05, fund_payment=0.01)  # £4 million a year of 400
    over = np.array([[[0.0, 0.0, 0.0], [6.5, 9.0, 0.0], [0.0, 0.0, 32.5]]])
    paid = fund_payments(over, BUDGETS, assumed)[0]
    # A quiet year, then 8 asked of 8 held, then 20 asked of 4.
    assert paid == pytest.approx(np.array([[0, 0, 0], [4, 4, 0], [0, 0, 4]]))
    # In pounds billion it is the same.
    assert fund_payments(over / 1000, BUDGETS / 1000, assumed)[0] == pytest.approx(paid / 1000)


def test_without_sharing_each_bears_its_own_and_in_a_pool_its_share():
    over = np.array([[[1.0, -2.0, 5.0]]])
    outcomes = arrange(over, BUDGETS, POPULATION, USUAL)
    assert outcomes["none"].cost.tolist() == over.tolist()
    assert outcomes["pool-population"].cost[0, 0] == pytest.approx([1.2, 1.2, 1.6])
    assert outcomes["pool-budget"].cost[0, 0] == pytest.approx([0.5, 1.0, 2.5])
    # Heads are shared out as shares of them are.
    heads = arrange(over, BUDGETS, POPULATION * 1000, USUAL)
    assert heads["pool-population"].cost[0, 0] == pytest.approx([1.2, 1.2, 1.6])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("correlation", 1.5, r"correlation: 1\.5: expected 0 to 1"),
        ("skewness", -1.0, "skewness: -1: expected 0 or more"),
        ("mean", -2.0, "mean: -2: expected -1 to 1"),
        ("fund_payment", float("nan"), "fund-payment: nan: expected 0 to 1"),
        ("skewness", float("inf"), "skewness: inf: expected 0 or more"),
    ],
)
def test_assumptions_out_of_range_are_refused(name, value, expected):
    with pytest.raises(EvidenceError, match=expected):
        changed(**{name: value})


@pytest.fixture
def table():
    return over_performance.results(chances(), draws=20_000)


def of(table, arrangement, measure):
    return table[table["arrangement"] == arrangement].set_index("area")[measure]


def test_assumptions_are_those_of_the_table_as_shares():
    assert chances().threshold == pytest.approx(
        evidence.value("over-performance-assumptions", "value", assumption="threshold") / 100
    )
    assert chances(correlation=0.0).correlation == 0


def test_each_assumption_is_ours_with_a_reason_and_lies_between_its_ends():
    for row in over_performance.assumptions():
        assert row["basis"] == "assumed"
        assert row["low"] <= row["value"] <= row["high"], row["assumption"]
        assert row["reason"]


def test_a_missing_assumption_is_named(monkeypatch):
    held = over_performance.assumptions()
    monkeypatch.setattr(evidence, "rows", lambda name: held[:-2])
    with pytest.raises(EvidenceError, match="no row for threshold, fund-payment"):
        chances()


def test_sharing_moves_nothing_between_boroughs_in_sum(table):
    for arrangement in ARRANGEMENTS:
        assert of(table, arrangement, "transfer_gbp_m").sum() == pytest.approx(0, abs=1e-9)


def test_in_a_pool_by_population_transfers_follow_the_gap_of_the_shares(table):
    known = finance.inputs()
    mean = chances().mean
    due = mean * (known.weighted_shares * known.acute_spend.sum() - known.acute_spend)
    moved = of(table, "pool-population", "transfer_gbp_m")
    assert moved.to_numpy() == pytest.approx(due, abs=1e-3)


def test_in_a_pool_by_budget_nobody_pays_for_others_and_all_are_as_safe(table):
    assert of(table, "pool-budget", "transfer_gbp_m").abs().max() < 1e-9
    assert of(table, "pool-budget", "difficulty_percent").nunique() == 1


def test_a_fund_never_makes_difficulty_likelier_and_small_budgets_face_it_most(table):
    alone = of(table, "none", "difficulty_percent")
    assert (of(table, "fund", "difficulty_percent") < alone).all()
    spend = dict(zip(finance.boroughs(), finance.inputs().acute_spend, strict=True))
    assert alone.idxmin() == max(spend, key=lambda area: spend[area])


def test_a_bad_year_is_passed_in_as_many_years_as_it_says():
    budgets = finance.inputs().acute_spend
    over = draw(budgets, chances(), periods=over_performance.periods(), draws=20_000)
    table = over_performance.results(chances(), draws=20_000)
    limit = of(table, "none", "bad_year_percent").to_numpy() / 100 * budgets
    passed = (over > limit).mean(axis=(0, 1))
    assert passed == pytest.approx([1 / over_performance.BAD_YEAR] * 8, abs=1e-3)


def test_a_full_fund_prevents_all_difficulty_and_an_empty_one_none():
    rich = over_performance.results(chances(fund_payment=1.0), draws=500)
    assert of(rich, "fund", "difficulty_percent").max() == 0
    poor = over_performance.results(chances(fund_payment=0.0), draws=500)
    assert of(poor, "fund", "difficulty_percent").equals(of(poor, "none", "difficulty_percent"))


def test_what_if_tries_both_ends_of_each_assumption():
    tried = over_performance.what_if(draws=500)
    assert len(tried) == 1 + 2 * len(over_performance.assumptions())
    counted = tried[list(ARRANGEMENTS)]
    assert ((counted >= 0) & (counted <= len(finance.boroughs()))).all(axis=None)
    threshold = tried[tried["title"].str.contains("serious difficulty")]
    assert threshold["none"].is_monotonic_decreasing


def test_what_if_says_which_assumption_is_at_which_end_and_what_comes_of_it():
    tried = over_performance.what_if(draws=500)
    assert list(tried.columns) == ["title", "value", *ARRANGEMENTS]
    expected = [("All", "as assumed", chances())]
    for held in over_performance.assumptions():
        part = 100 if held["unit"].startswith("percent") else 1
        field = held["assumption"].replace("-", "_")
        for end in ("low", "high"):
            text = f"{held[end]:g}" + held["unit"].replace("percent", "%") * (part == 100)
            changed = chances(**{field: held[end] / part})
            expected.append((held["title"], text, changed))
    assert len(tried) == len(expected)
    for (_, found), (title, text, assumed) in zip(tried.iterrows(), expected, strict=True):
        assert (found["title"], found["value"]) == (title, text)
        simulated = over_performance.results(assumed, draws=500)
        for name in ARRANGEMENTS:
            serious = of(simulated, name, "difficulty_percent").sum() / 100
            assert found[name] == pytest.approx(serious), (title, text, name)


def test_serious_difficulty_is_counted_once_a_draw_in_whichever_year_it_comes():
    known = finance.inputs()
    assert over_performance.periods() == 3
    over = draw(known.acute_spend, chances(), periods=3, draws=2000)
    found = over_performance.results(chances(), draws=2000)
    for name, outcome in arrange(over, known.acute_spend, known.weighted_shares, chances()).items():
        limit = chances().threshold * known.acute_spend
        # What a fund tops up to the limit stands at it, within rounding.
        passed = (outcome.borne > limit * (1 + 1e-9)).any(axis=1).mean(axis=0) * 100
        assert of(found, name, "difficulty_percent").to_numpy() == pytest.approx(passed), name
        assert list(of(found, name, "difficulty_percent").index) == list(finance.boroughs())


def test_values_are_written_with_their_unit():
    written = {
        row["assumption"]: over_performance.written(row)
        for row in evidence.rows("over-performance-assumptions")
    }
    assert written["threshold"].endswith("% of budget")
    assert float(written["correlation"]) == chances().correlation
