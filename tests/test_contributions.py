"""Ways to share the Partnership's cost, and the two measures of how fair they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import EvidenceError
from helpers.finance import BASES, inputs
from helpers.finance.contributions import contribution_shares, gini, misplaced_share

AMOUNTS = st.lists(st.floats(0.01, 1000), min_size=8, max_size=8).map(np.array)
UNUSABLE = ([-1.0, 2.0], [0.0, 0.0], [float("nan"), 1.0])


@pytest.mark.usefixtures("book_evidence")
@pytest.mark.parametrize("basis", BASES)
def test_shares_are_positive_and_add_up_under_every_basis(basis):
    shares = contribution_shares(inputs(), basis)
    assert (shares > 0).all()
    assert shares.sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.usefixtures("book_evidence")
def test_each_basis_follows_what_it_is_named_after():
    known = inputs()
    assert contribution_shares(known, "equal-shares") == pytest.approx([1 / 8] * 8)
    for basis, weights in {
        "weighted-population": known.weighted_shares,
        "current-staff": known.staff,
        "current-cost": known.own_costs,
        "expected-benefit": known.acute_spend,
    }.items():
        ratio = contribution_shares(known, basis) / weights
        assert ratio == pytest.approx([ratio[0]] * 8), basis


def test_a_quarter_is_misplaced_where_a_quarter_has_to_move():
    # Two pay half each; one has three quarters of the gain.
    assert misplaced_share([1, 1], [3, 1]) == pytest.approx(1 / 4)


def test_all_is_misplaced_where_those_who_pay_gain_nothing():
    assert misplaced_share([1, 0], [0, 5]) == 1


@given(AMOUNTS, AMOUNTS, st.floats(0.1, 10))
def test_misplaced_share_lies_between_nought_and_one_whatever_the_unit(paid, gained, unit):
    share = misplaced_share(paid, gained)
    assert 0 <= share <= 1
    assert misplaced_share(unit * paid, gained) == pytest.approx(share, abs=1e-9)
    assert misplaced_share(paid, unit * paid) == pytest.approx(0, abs=1e-9)


@given(AMOUNTS, AMOUNTS)
def test_moving_the_misplaced_share_makes_each_pay_as_it_gains(paid, gained):
    fair = gained / gained.sum() * paid.sum()
    moved = np.maximum(paid - fair, 0).sum()
    assert misplaced_share(paid, gained) == pytest.approx(moved / paid.sum(), abs=1e-9)


def test_gini_of_a_known_distribution():
    # One of two equal groups has everything: a half, the most that two groups can show.
    assert gini([0, 1], [1, 1]) == pytest.approx(1 / 2)
    assert gini([3, 3, 3], [1, 2, 3]) == pytest.approx(0)


@given(AMOUNTS, AMOUNTS)
def test_a_group_counts_as_its_members_would_one_by_one(rates, weights):
    halved = np.concatenate([weights, weights]) / 2
    assert gini(np.concatenate([rates, rates]), halved) == pytest.approx(gini(rates, weights))


@given(AMOUNTS, AMOUNTS)
def test_more_for_everyone_by_the_same_amount_makes_it_more_equal(rates, weights):
    assert gini(rates + 10, weights) <= gini(rates, weights) + 1e-12


@pytest.mark.parametrize("amounts", UNUSABLE)
def test_losses_and_nothing_have_no_shares(amounts):
    with pytest.raises(EvidenceError, match=r"gained: .* expected amounts that are not negative"):
        misplaced_share([1, 1], amounts)
    with pytest.raises(EvidenceError, match="paid: "):
        misplaced_share(amounts, [1, 1])


@pytest.mark.parametrize("amounts", UNUSABLE)
def test_losses_and_nothing_have_no_gini(amounts):
    with pytest.raises(EvidenceError, match="values: "):
        gini(amounts, [1, 1])
    with pytest.raises(EvidenceError, match="weights: "):
        gini([1, 1], amounts)
