"""The case under uncertainty: what the draws must obey, and their means worked out exactly."""

from dataclasses import replace

import numpy as np
import pytest
from finance_cases import AREAS, EXTREMES, LATEST, YEARS
from hypothesis import given
from hypothesis import strategies as st

from helpers import finance
from helpers.finance import model, prices, prospects, simulation, uncertainty
from helpers.finance.contributions import contribution_shares

pytestmark = pytest.mark.usefixtures("book_evidence")

FEW, MANY = 400, 20_000
MID = finance.Assumptions


def few(assumed: finance.Assumptions | None = None, **settings: object) -> simulation.Simulation:
    return simulation.simulate(assumed or MID(), **{"draws": FEW, **settings})


def expected(assumed: finance.Assumptions, lowest: float | None = None) -> np.ndarray:
    """Return the mean net benefit by area and year, by the means of what is drawn.

    Delay alone is not linear: its months have the chances of a triangular distribution from
    0 to 12 whose peak is at 0, rounded down.
    """
    known = finance.inputs()
    if assumed.savings == "scenario":
        mode = {"best": 0.15, "mid": 0.10, "worst": 0.05}[assumed.scenario]
        multiple = ((0.05 if lowest is None else lowest) + mode + 0.15) / 3 / mode
        path = known.savings[assumed.scenario] * multiple
    else:
        path = np.array(assumed.saving_shares())  # as likely to fall short as to exceed
    drawn = replace(
        known,
        salaries=known.salaries + (4.68 - 3.98) / 3,
        transition=known.transition * (100 + 100 + 200) / 300,
    )
    net = np.zeros((9, 4))
    for months in range(12):
        chance = (1 - months / 12) ** 2 - (1 - (months + 1) / 12) ** 2
        boroughs = model.lines(
            drawn,
            path,
            delay=min(assumed.delay() + months, LATEST),
            contribution_shares=contribution_shares(known, assumed.contribution_basis),
            interim_share=assumed.interim(),
        )["net_benefit"]
        net += chance * np.vstack([boroughs.sum(axis=0), boroughs])
    return net * prices.price_factor(assumed.price_base)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    one, same, other = few(), few(), few(seed=7)
    assert np.array_equal(one.net_benefit, same.net_benefit)
    assert np.array_equal(one.paybacks, same.paybacks, equal_nan=True)
    assert not np.array_equal(one.net_benefit, other.net_benefit)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("name", EXTREMES)
def test_whatever_is_assumed_every_draw_is_a_number_and_every_chance_a_chance(name, wide):
    drawn = few(MID(**EXTREMES[name]), from_nothing=wide)
    assert drawn.areas == AREAS
    assert drawn.years == YEARS
    assert drawn.net_benefit.shape == (FEW, 9, 4)
    assert drawn.paybacks.shape == (FEW, 9)
    assert np.isfinite(drawn.net_benefit).all()
    assert drawn.net_benefit[:, 0] == pytest.approx(drawn.net_benefit[:, 1:].sum(axis=1))
    assert not (drawn.paybacks < 0).any()
    for area in AREAS:
        chances = [
            *drawn.chance_worse_off(area),
            drawn.chance_of_loss(area),
            drawn.chance_paid_back(area, 365),
        ]
        assert len(drawn.chance_worse_off(area)) == 4
        assert all(0 <= chance <= 1 for chance in chances)
        low, middle, high = drawn.quantiles(area, (0.05, 0.5, 0.95))
        assert low <= middle <= high
        assert ((drawn.totals(area) >= low) & (drawn.totals(area) <= high)).mean() == (
            pytest.approx(0.9, abs=0.02)
        )


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"scenario": "best"},
        {"scenario": "worst", "contribution_basis": "current-cost", "price_base": "2023/24"},
        {"savings": "3,5,7,9", "interim_share": "33"},
        {"slippage_months": 36, "savings": "10,10,10,10"},
        {"slippage_months": LATEST},
    ],
)
def test_the_mean_of_the_draws_is_the_one_worked_out(changed):
    assumed = MID(**changed)
    drawn = simulation.simulate(assumed, draws=MANY)
    spread = drawn.net_benefit.std(axis=0) / np.sqrt(MANY)
    # Savings of boroughs are drawn together, so that their means err together too.
    assert (np.abs(drawn.net_benefit.mean(axis=0) - expected(assumed)) <= 5 * spread + 1e-9).all()
    assert (spread[:, -1] > 0).all()


def test_the_mean_of_draws_from_nothing_is_the_one_worked_out():
    drawn = simulation.simulate(MID(), draws=MANY, from_nothing=True)
    spread = drawn.net_benefit.std(axis=0) / np.sqrt(MANY)
    off = np.abs(drawn.net_benefit.mean(axis=0) - expected(MID(), lowest=0.0))
    assert (off <= 5 * spread + 1e-9).all()


def test_savings_from_nothing_range_more_widely():
    narrow, wide = few(), few(from_nothing=True)
    for area in AREAS:
        low, high = narrow.quantiles(area, (0.05, 0.95))
        lower, higher = wide.quantiles(area, (0.05, 0.95))
        assert lower < low
        assert higher - lower > high - low


def test_correlation_widens_the_sector_and_no_borough():
    apart, alike = (
        simulation.simulate(MID(), correlation=correlation, draws=MANY) for correlation in (0, 1)
    )
    spread = {area: [each.totals(area).std() for each in (apart, alike)] for area in AREAS}
    assert spread["nwl"][1] > 1.15 * spread["nwl"][0]
    for area in AREAS[1:]:
        assert spread[area][1] == pytest.approx(spread[area][0], rel=0.04)


def test_the_correlation_asked_for_is_that_of_the_variables_behind_the_savings():
    from scipy.special import ndtri

    random = np.random.default_rng(1)
    for correlation in (0, 0.3, 0.9):
        shared, own = (random.standard_normal((MANY, count)) for count in (1, 3))
        uniform = simulation._alike(shared, own, correlation)
        found = np.corrcoef(ndtri(uniform), rowvar=False)
        assert found[~np.eye(3, dtype=bool)] == pytest.approx(correlation, abs=0.03)
        assert (uniform.mean(axis=0), uniform.std(axis=0)) == (
            pytest.approx(0.5, abs=0.02),
            pytest.approx(12**-0.5, abs=0.01),
        )
    shared, own = (random.standard_normal((FEW, count)) for count in (1, 3))
    together = simulation._alike(shared, own, 1)
    assert together[:, 0] == pytest.approx(together[:, 2])


@given(
    st.floats(0, 1),
    st.floats(0, 2),
    st.floats(0, 2).filter(lambda reach: reach > 1e-3),
    st.floats(0, 1),
)
def test_triangular_draws_keep_to_their_ends_and_rise_with_the_uniform(low, peak, reach, first):
    high, mode = low + reach, low + min(peak, reach)
    uniform = np.array(sorted((first, 0.0, 0.5, 1 - 1e-12)))
    drawn = simulation._triangular(uniform, low, mode, high)
    assert np.isfinite(drawn).all()
    assert drawn[0] == pytest.approx(low)
    assert drawn[-1] == pytest.approx(high, abs=1e-5)
    assert (np.diff(drawn) >= -1e-9).all()
    assert ((drawn >= low - 1e-9) & (drawn <= high + 1e-9)).all()


@pytest.mark.parametrize("mode", [0.5, 0.8, 1.5])
def test_a_uniform_draw_is_the_share_of_the_distribution_below_the_triangular_one(mode):
    uniform = np.linspace(0, 1, 50)
    drawn = simulation._triangular(uniform, 0.5, mode, 1.5)
    below, above = drawn <= mode, drawn > mode
    assert (drawn[below] - 0.5) ** 2 == pytest.approx(uniform[below] * (mode - 0.5), abs=1e-12)
    assert (1.5 - drawn[above]) ** 2 == pytest.approx((1 - uniform[above]) * (1.5 - mode))


def test_the_likeliest_saving_is_that_of_the_scenario_within_the_source_s_range():
    known = finance.inputs()
    for scenario, likeliest in (("worst", 0.5), ("mid", 1.0), ("best", 1.5)):
        path, low, mode, high = uncertainty._saving_range(MID(scenario=scenario), known)
        assert (low, mode, high) == pytest.approx((0.5, likeliest, 1.5))
        assert path * mode == pytest.approx(known.savings[scenario])


def test_more_than_all_that_is_spent_is_never_saved():
    known = finance.inputs()
    whole = few(MID(savings="100,100,100,100", start_date="2009-04-01"))
    assert (whole.net_benefit[:, 1:, -1] < known.acute_spend + known.existing_costs).all()
    assert uncertainty._saving_range(MID(savings="0,20,40,80"), known)[3] == pytest.approx(1.25)
    assert uncertainty._saving_range(MID(savings="0,0,0,0"), known)[3] == pytest.approx(1.5)


def test_savings_given_are_what_the_draws_range_about():
    low, high = few(MID(savings="10,10,10,10")), few(MID(savings="20,20,20,20"))
    assert low.totals("nwl").mean() < high.totals("nwl").mean()
    nothing = few(MID(savings="0,0,0,0"))
    assert (nothing.totals("nwl") < 0).all()
    assert nothing.chance_of_loss("brent") == 1
    assert np.isnan(nothing.paybacks[:, AREAS.index("brent")]).all()
    assert nothing.chance_paid_back("brent", 10_000) == 0


def test_interim_staff_cost_every_draw_what_they_cost_more():
    known = finance.inputs()
    none, all_interim = (few(MID(interim_share=share)) for share in ("0", "100"))
    # In the last year the Partnership runs for all of it, however late a draw begins.
    dearer = none.net_benefit[:, 0, -1] - all_interim.net_benefit[:, 0, -1]
    assert dearer == pytest.approx(known.partnership_staff * known.interim_premium, rel=1e-3)


def test_the_terms_of_the_draws_are_those_of_the_case_and_of_our_ranges():
    assumed = MID(scenario="worst", slippage_months=3, interim_share="20", price_base="2016/17")
    given = uncertainty.terms(assumed, correlation=0.3)
    assert (given.rollout, given.delay, given.interim) == (finance.rollout(), 3, 0.2)
    assert (given.low, given.mode, given.high) == pytest.approx((0.5, 0.5, 1.5))
    assert given.correlation == 0.3
    assert given.slippage == (0, 0, 12)
    assert given.kept == (75, 100, 125)
    assert given.set_up == (100, 100, 200)
    assert given.dearest == pytest.approx(4.68 - 3.98)
    assert given.factor == prices.price_factor("2016/17")
    assert given.shares == pytest.approx(finance.inputs().weighted_shares)


def test_how_widely_savings_range_is_told_by_the_last_year_of_the_scenarios():
    known = finance.inputs()
    paths = {"best": [0, 9, 9, 0.2], "mid": [0, 1, 2, 0.1], "worst": [0, 1, 2, 0.06]}
    other = replace(known, savings={name: np.array(path) for name, path in paths.items()})
    path, *ends = uncertainty._saving_range(MID(scenario="best"), other)
    assert path.tolist() == paths["mid"]
    assert ends == pytest.approx([0.6, 2.0, 2.0])


def test_at_the_horizon_no_draw_starts_later_still():
    drawn = few(MID(slippage_months=LATEST))
    assert not drawn.net_benefit[:, :, :3].any()
    assert (drawn.net_benefit[:, 0, 3] < 0).all()
    assert np.isnan(drawn.paybacks).all()


def test_payback_of_the_draws_is_that_of_their_net_benefit():
    drawn = few()
    for row in range(20):
        for column, area in enumerate(AREAS):
            days = drawn.paybacks[row, column]
            first_deficit = drawn.net_benefit[row, column]
            started = first_deficit[np.flatnonzero(first_deficit)[0]]
            assert (days == 0) == (started > 0), area
            assert days == 0 or days > 30
    waits = drawn.paybacks[:, AREAS.index("brent")]
    assert drawn.chance_paid_back("brent", np.median(waits)) == pytest.approx(0.5, abs=0.01)


def test_who_is_worse_off_is_counted_by_year_and_in_all():
    net = np.zeros((4, 9, 4))
    net[:, 1] = [[-1, 0.5, 0.5, 0.5], [-1, 0, 0, 0], [-1, -1, 3, 3], [0, 0, 0, 0]]
    paybacks = np.full((4, 9), np.nan)
    paybacks[:, 1] = [365, np.nan, 400, 0]
    drawn = simulation.Simulation(AREAS, YEARS, net, paybacks)
    assert drawn.chance_worse_off("brent").tolist() == [0.75, 0.25, 0, 0]
    assert drawn.chance_of_loss("brent") == 0.25
    assert drawn.totals("brent").tolist() == [0.5, -1, 4, 0]
    assert [drawn.chance_paid_back("brent", days) for days in (364, 365)] == [0.25, 0.5]


@pytest.mark.parametrize("cells", [1, 100])
def test_draws_are_the_same_however_many_are_worked_out_at_a_time(monkeypatch, cells):
    whole = few()
    monkeypatch.setattr(simulation, "CELLS", cells)
    parts = few()
    assert parts.net_benefit == pytest.approx(whole.net_benefit, rel=1e-9, abs=1e-12)
    assert parts.paybacks == pytest.approx(whole.paybacks, rel=1e-9, nan_ok=True)


def test_draws_of_some_areas_are_those_of_all():
    whole = few()
    drawing = simulation.Drawing(uncertainty.terms(MID()), FEW, simulation.SEED)
    for areas in (("nwl", "harrow"), ("harrow", "brent"), ("nwl",)):
        some = drawing.of(areas)
        assert some.areas == areas
        for column, area in enumerate(areas):
            row = AREAS.index(area)
            assert some.net_benefit[:, column] == pytest.approx(whole.net_benefit[:, row])
            assert some.paybacks[:, column] == pytest.approx(whole.paybacks[:, row], nan_ok=True)


@pytest.mark.parametrize("group", [1, 4, 99])
def test_prospects_are_what_the_draws_show_however_few_areas_are_held(monkeypatch, group):
    monkeypatch.setattr(prospects, "GROUP", group)
    compute = prospects._shown.__wrapped__
    for settings in ({}, {"from_nothing": True}):
        whole = few(**settings)
        found = compute(uncertainty.terms(MID(), **settings), FEW, simulation.SEED)
        assert (found.areas, found.years) == (AREAS, YEARS)
        for area in AREAS:
            shares = (0.95, 0.05)
            assert found.quantiles(area, shares) == pytest.approx(whole.quantiles(area, shares))
            assert (found.chance_worse_off(area) == whole.chance_worse_off(area)).all()
            assert found.chance_of_loss(area) == whole.chance_of_loss(area)
            for days in prospects.LIMITS:
                assert found.chance_paid_back(area, days) == whole.chance_paid_back(area, days)
            counts, edges = found.histogram(area)
            assert counts.sum() == FEW
            assert len(counts) == prospects.BINS
            assert edges[[0, -1]] == pytest.approx(
                [whole.totals(area).min(), whole.totals(area).max()]
            )


@pytest.mark.parametrize(
    "settings", [{}, {"correlation": 0.0}, {"from_nothing": True}, {"seed": 7}, {"draws": 20}]
)
def test_prospects_are_drawn_as_asked(settings):
    asked = {"draws": FEW, **settings}
    found = prospects.prospects(MID(scenario="worst"), **asked)
    drawn = simulation.simulate(MID(scenario="worst"), **asked)
    for area in AREAS:
        quantiles = drawn.quantiles(area, prospects.SHARES)
        assert found.quantiles(area, prospects.SHARES) == pytest.approx(quantiles)


def test_prospects_follow_all_that_they_are_made_from(monkeypatch, tmp_path):
    """What is kept for one case is not taken for another's."""
    monkeypatch.setattr("helpers.analysis.project_root", lambda: tmp_path)
    computed = []
    draw = simulation.Drawing.of
    monkeypatch.setattr(
        simulation.Drawing, "of", lambda self, areas: computed.append(areas) or draw(self, areas)
    )

    def asked(assumed: finance.Assumptions, **settings: object) -> bool:
        before = len(computed)
        prospects.prospects(assumed, draws=20, **settings)
        return len(computed) > before

    assert asked(MID())
    assert not asked(MID())
    changes = (
        {"scenario": "best"},
        {"savings": "1,2,3,4"},
        {"slippage_months": 3},
        {"interim_share": "50"},
        {"contribution_basis": "equal-shares"},
        {"price_base": "2023/24"},
    )
    assert all(asked(MID(**change)) for change in changes)
    assert asked(MID(), correlation=0.1)
    assert asked(MID(), from_nothing=True)
    # Neither changes a draw.
    assert not asked(MID(discount_rate=5.0))
