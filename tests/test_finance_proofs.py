"""Does the evidence carry the saving? The proofs added up by hand."""

from dataclasses import replace

import pytest
from finance_cases import PRICE_BASES

from helpers import evidence, finance
from helpers.finance import proofs

pytestmark = pytest.mark.usefixtures("book_evidence")

MID = finance.Assumptions
SPEND = 1157.1  # £ million, implied by the efficiency benefits of Appendix D


def test_the_proofs_of_the_source_by_hand():
    found = proofs.support(MID())
    # Non-tariff prices of 0.8 to 6.0, and 0.95 for temporary staff.
    assert (found.measured_low, found.measured_high) == pytest.approx((1.75, 6.95))
    assert found.gap == 81
    assert found.together == pytest.approx(87.95)
    assert found.claimed == pytest.approx(115.71)
    assert found.carried == pytest.approx(87.95 / 115.71)


def test_a_proof_with_one_figure_counts_with_it_at_both_ends(monkeypatch):
    held = [
        row | {"low": None} if row["proof"] in proofs.MEASURED else row
        for row in evidence.rows("savings-proofs")
    ]
    rows = evidence.rows
    monkeypatch.setattr(
        proofs.evidence,
        "rows",
        lambda name, **where: held if name == "savings-proofs" else rows(name, **where),
    )
    found = proofs.support(MID())
    assert found.measured_low == found.measured_high == pytest.approx(6.95)


def test_the_gap_to_london_from_the_printed_spends_is_smaller_than_printed():
    found = proofs.support(MID())
    assert found.gap_recomputed == pytest.approx((632 - 589) / 632 * SPEND, abs=0.05)
    assert found.gap_recomputed == pytest.approx(78.7, abs=0.05)
    assert found.gap_recomputed < found.gap


def test_the_effect_of_size_is_printed_as_a_share_of_spend():
    assert proofs.support(MID()).size_effect == pytest.approx(0.18 * SPEND, abs=0.05)


@pytest.mark.parametrize(("scenario", "percent"), [("best", 15), ("mid", 10), ("worst", 5)])
def test_the_claim_is_the_saving_of_the_last_year_and_the_proofs_stay(scenario, percent):
    found, mid = proofs.support(MID(scenario=scenario)), proofs.support(MID())
    assert found.claimed == pytest.approx(percent / 100 * SPEND, abs=0.05)
    assert found.together == mid.together
    assert found.carried == pytest.approx(mid.carried * 10 / percent)
    assert proofs.support(MID(savings=f"0,0,0,{percent}")) == found


def test_the_proofs_cover_a_small_claim_and_any_claim_of_nothing():
    assert proofs.support(MID(savings="0,2,4,7")).carried > 1
    nothing = proofs.support(MID(savings="0,0,0,0"))
    assert nothing.claimed == 0
    assert nothing.carried == float("inf")


@pytest.mark.parametrize("base", PRICE_BASES)
def test_claim_and_proofs_are_in_the_same_prices(base):
    plain = MID()
    assert proofs.support(replace(plain, price_base=base)) == proofs.support(plain)


def test_spend_a_head_is_as_printed():
    assert proofs.spend_per_head() == {"nwl": 632, "rest-of-london": 589, "rest-of-england": 577}


def test_the_spend_a_head_left_is_below_london_and_in_one_reading_below_england():
    everywhere, own = proofs.spend_per_head_left(0.10)
    assert everywhere == pytest.approx(568.8)
    # The case applies the saving to 1.15 of 1.38 billion.
    assert own == pytest.approx(632 * (1 - 0.1 * 1.15 / 1.38))
    assert own == pytest.approx(579.33, abs=0.01)
    heads = proofs.spend_per_head()
    assert everywhere < heads["rest-of-england"] < own < heads["rest-of-london"]


@pytest.mark.parametrize("saving", [0.0, 1.0])
def test_the_spend_a_head_left_at_the_ends(saving):
    everywhere, own = proofs.spend_per_head_left(saving)
    assert everywhere == pytest.approx(632 * (1 - saving))
    assert own == pytest.approx(632 - saving * 632 * 1.15 / 1.38)


def test_every_proof_of_the_source_is_listed():
    listed = proofs.listed()
    assert len(listed) == len(evidence.rows("savings-proofs"))
    assert {*proofs.MEASURED, proofs.GAP, "commissioner-size"} <= set(listed["proof"])
    assert listed["locator"].notna().all()
