"""The sentences about the case: short, whole and true at the extremes.

What each claims is worked out again from the projection, not taken from the sentence's own
source.
"""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from finance_cases import AREAS, EXTREMES

from helpers import areas, finance
from helpers.finance import findings, proofs, prospects, sensitivity, simulation
from helpers.finance.sensitivity import BreakEven, Swing

pytestmark = pytest.mark.usefixtures("book_evidence")

MOST_WORDS = 15
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
every_extreme = pytest.mark.parametrize("name", EXTREMES)


def case(name: str) -> finance.Assumptions:
    return finance.Assumptions(**EXTREMES[name])


@cache
def projected(name: str) -> finance.Projection:
    return finance.project(case(name))


def sound(text: str) -> str:
    """Return a finding after the checks that each must pass."""
    assert text
    assert text[0].isupper()
    assert not text.endswith(".")
    assert len(text.split()) <= MOST_WORDS, text
    assert not re.search(r"\b(nan|inf|None)\b|\{|\}|  |-\d", text), text
    return text


def said(text: str) -> list[tuple[float, float]]:
    """Return each sum of money in a text, in £ million, and half the unit it is rounded to."""
    found = []
    for sign, digits in re.findall(r"(\N{MINUS SIGN}?)£([\d,.]+) million", text):
        plain = digits.replace(",", "")
        decimals = len(plain.partition(".")[2])
        found.append((float(plain) * (-1 if sign else 1), 0.5 * 10**-decimals + 1e-9))
    return found


def tells(text: str, *amounts: float) -> bool:
    """Whether the sums of money in a text are these, as rounded there."""
    told = said(text)
    assert len(told) == len(amounts), text
    return all(abs(value - true) <= unit for (value, unit), true in zip(told, amounts, strict=True))


def counted(text: str) -> int:
    """Return how many boroughs a sentence that starts with a count is about."""
    return COUNTS.index(text.split()[0].lower())


# What the case comes to


@every_extreme
def test_the_last_year_is_told_as_it_is(name):
    for area in AREAS:
        text = sound(findings.net_benefit(projected(name), area))
        amount = projected(name).amount("net_benefit", area, "2012/13")
        assert areas.name(area) in text
        assert text.endswith("in 2012/13")
        if amount < -0.005:
            assert "loses" in text
            assert tells(text, -amount)
        elif amount > 0.005:
            assert "net benefit reaches" in text
            assert tells(text, amount)
        else:
            assert "neither gains nor loses" in text


@every_extreme
def test_all_years_together_are_told_as_they_are(name):
    for area in AREAS:
        text = findings.total(projected(name), area)
        sound(f"{areas.name(area)} would be {text}")
        amount = sum(projected(name).amount("net_benefit", area, year) for year in finance.years())
        assert text.endswith("off over four years")
        if abs(amount) < 0.005:
            assert text.startswith("neither better nor worse")
        else:
            assert ("better" if amount > 0 else "worse") in text.split()
            assert tells(text, abs(amount))


def test_next_to_nothing_is_neither_a_gain_nor_a_loss():
    plain = projected("as published")
    lines = {name: np.zeros((9, 4)) for name in finance.LINES}
    lines["net_benefit"][:, -1] = -0.004
    nothing = replace(plain, lines=lines)
    assert sound(findings.net_benefit(nothing, "brent")) == (
        "Brent neither gains nor loses in 2012/13"
    )
    assert findings.total(nothing, "nwl") == "neither better nor worse off over four years"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (115.05, "£115 million"),
        (100, "£100 million"),
        (99.94, "£99.9 million"),
        (10, "£10.0 million"),
        (9.994, "£9.99 million"),
        (1234.5, "£1,235 million"),
        (16.77, "£16.8 million"),
        (0.47, "£0.47 million"),
        (-0.47, "\N{MINUS SIGN}£0.47 million"),
        (0, "£0.00 million"),
        (-0.001, "£0.00 million"),
    ],
)
def test_money_has_as_many_decimals_as_its_size_bears(amount, text):
    assert findings.money(amount) == text


# Payback


@every_extreme
def test_payback_is_told_as_it_is(name):
    text = sound(findings.payback(projected(name)))
    found = {area: projected(name).payback(area) for area in AREAS[1:]}
    never = sum(days is None for days in found.values())
    at_once = sum(days == 0 for days in found.values())
    first = [
        next((amount for amount in projected(name).net_benefit(area) if amount), 0)
        for area in AREAS[1:]
    ]
    assert at_once == sum(amount > 0 for amount in first)
    if never == 8:
        assert text == "No borough pays back within the years of the case"
    elif at_once == 8:
        assert text == "Every borough gains at once, in its first year"
    elif never:
        assert counted(text) == never
        assert ("does not" if never == 1 else "do not") in text
    else:
        longest = max(days for days in found.values())
        slowest = next(area for area, days in found.items() if days == longest)
        assert text.endswith(f"; {areas.name(slowest)} waits {longest:.0f} days")
        assert counted(text) == at_once
        assert ("gains" if at_once < 2 else "gain") in text.split(";")[0].split()


def test_each_kind_of_payback_stands_among_the_extremes():
    told = {findings.payback(projected(name)) for name in EXTREMES}
    for part in ("No borough pays", "Every borough gains", "not pay back", "waits"):
        assert any(part in text for text in told), part


def test_a_single_borough_is_told_in_the_singular_and_none_as_none():
    plain = projected("as published")

    def told(**net: list[float]) -> str:
        amounts = np.tile([-1.0, 2.0, 3.0, 4.0], (9, 1))
        for area, path in net.items():
            amounts[AREAS.index(area)] = path
        return sound(findings.payback(replace(plain, lines={"net_benefit": amounts})))

    assert told(brent=[-9, 0, 0, 0]) == "One of eight boroughs does not pay back in these years"
    assert told(brent=[1, 1, 1, 1]).startswith("One borough gains at once; ")
    assert told(brent=[-2, 3, 4, 5]) == "No borough gains at once; Brent waits 455 days"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (None, "not within the years of the case"),
        (0, "at once"),
        (271.6, "after 272 days"),
        (1400.0, "after 1,400 days"),
    ],
)
def test_payback_in_words(days, text):
    assert findings.payback_words(days) == text


# Without savings, and the saving needed


@every_extreme
def test_who_would_lose_without_savings_is_counted(name):
    bare = sensitivity.without_savings(case(name))
    text = sound(findings.without_savings(bare))
    full = projected(name).lines
    costs = (full["net_benefit"] - full["efficiency_benefits"]).sum(axis=1)[1:]
    losing = int((costs < -0.005).sum())
    if losing == 8:
        assert text == "Without savings all eight boroughs would lose"
    else:
        assert counted(text) == losing
        assert "of eight boroughs would lose" in text


def test_where_none_would_lose_without_savings_none_is_told():
    for amount in (0, 1):
        net = np.full((9, 4), float(amount))
        gaining = replace(projected("as published"), lines={"net_benefit": net})
        text = sound(findings.without_savings(gaining))
        assert text == "Without any saving no borough would lose"


def with_highest(assumed: finance.Assumptions, percent: float) -> finance.Projection:
    """Project the case with its savings scaled to a highest of so many per cent."""
    path = np.array(assumed.saving_shares())
    if not path.any():
        path = np.array(replace(assumed, savings="scenario").saving_shares())
    scaled = path / path.max() * max(percent, 0)
    return finance.project(replace(assumed, savings=",".join(f"{level:.9f}" for level in scaled)))


@every_extreme
def test_the_saving_told_is_the_one_at_which_the_case_turns(name):
    found = sensitivity.break_even(case(name))
    for area in AREAS:
        text = sound(findings.break_even(found[area]))
        assert areas.name(area) in text

        def total(percent: float, area: str = area) -> float:
            return with_highest(case(name), percent).total(area)

        if "needs no saving" in text:
            assert total(0) >= 0
        elif "No saving would come in time" in text:
            assert total(100) == pytest.approx(total(0))
            assert total(0) < 0
        elif "more than it spends" in text:
            assert total(100) < 0
        elif "next to no saving" in text:
            assert total(0) < 0 <= total(0.005)
        else:
            needed = float(re.search(r"breaks even once savings reach ([\d.]+)%$", text)[1])
            assert needed > 0
            assert total(needed - 0.0051) < 0 < total(needed + 0.0051)


def test_each_kind_of_break_even_can_be_told():
    def told(share: float, highest: float) -> str:
        return sound(findings.break_even(BreakEven("harrow", share, highest, highest, 0.1)))

    assert told(0.4, 2.345) == "Harrow breaks even once savings reach 2.35%"
    assert told(0.0, 0.0) == told(-1.0, -2.0) == "Harrow needs no saving for the case to pay"
    assert told(11, 110) == "Harrow would have to save more than it spends"
    assert told(1e-6, 1e-5) == "Harrow breaks even with next to no saving"
    assert told(np.inf, np.inf) == "No saving would come in time for Harrow"


# Delay


@every_extreme
def test_what_delay_is_told_to_cost_it_costs(name):
    later = sensitivity.delay_totals(case(name))
    for area in AREAS:
        text = sound(findings.delay(later, area))
        totals = [projection.total(area) for projection in later]
        steps = -np.diff(totals)
        if not len(steps):
            assert case(name).delay() == 42
            assert text == "The years of the case leave no room for more delay"
        elif "next to no difference" in text:
            assert abs(totals[0] - totals[-1]) < 0.005 * len(steps)
        elif text.startswith("Some months"):
            assert steps.min() < 0 < steps.max()
        else:
            assert ("costs" if totals[-1] < totals[0] else "saves") in text
            assert tells(text, abs(totals[0] - totals[-1]) / len(steps))
            if text.startswith("Each month"):
                assert np.ptp(steps) < 0.005
            else:
                assert text.endswith("on average")


def test_months_of_delay_that_differ_are_told_as_an_average():
    plain = projected("as published")

    def told(*totals: float) -> str:
        later = []
        for total in totals:
            net = np.zeros((9, 4))
            net[:, 0] = total
            later.append(replace(plain, lines={"net_benefit": net}))
        return sound(findings.delay(later, "ealing"))

    assert told(5, 4, 3) == "Each month of delay costs Ealing £1.00 million"
    assert told(5, 4, 2) == "A month of delay costs Ealing £1.50 million on average"
    assert told(2, 4, 5) == "A month of delay saves Ealing £1.50 million on average"
    assert told(5, 3, 5) == "Some months of delay cost Ealing money and others save it"
    assert told(5, 5, 5.001) == "Delay makes next to no difference to Ealing"
    # One month costs something, the others save as little as nothing.
    assert told(5, 4.99, 4.992, 4.994, 4.996) == "Delay makes next to no difference to Ealing"
    assert told(5, 4) == "Each month of delay costs Ealing £1.00 million"
    assert told(5) == "The years of the case leave no room for more delay"


# Swings


@every_extreme
@pytest.mark.parametrize("area", ["nwl", "hounslow", "westminster"])
def test_the_assumption_told_to_matter_most_does(name, area):
    found = sensitivity.swings(case(name), area)
    text = sound(findings.swing(found))
    widths = {each.title: abs(each.high - each.low) for each in found}
    widest = max(widths, key=lambda title: widths[title])
    assert text.startswith(widest)
    others = [width for title, width in widths.items() if title != widest]
    if "between the ends" in text:
        assert tells(text, widths[widest])
        assert widths[widest] - max(others) >= 0.005
    else:
        assert widths[widest] - max(others) < 0.005


def swings(**widths: float) -> list[Swing]:
    return [
        Swing(title.replace("_", " "), "less", "more", 0, width, "ours", "source", "place")
        for title, width in widths.items()
    ]


def test_a_swing_is_told_in_its_own_number_and_a_tie_as_a_tie():
    def told(**widths: float) -> str:
        return sound(findings.swing(swings(**widths)))

    assert told(Costs_kept=3, Start=1) == "Costs kept matter most: £3.00 million between the ends"
    assert told(Start=3, Costs_kept=1) == "Start matters most: £3.00 million between the ends"
    assert told(Start_of_A=3, Savings_on_B=3) == "Start of A and savings on B matter most"
    assert told(Start=0.001, Savings=0) == "No single assumption makes a difference"


def test_every_assumption_can_be_told_to_matter_most():
    found = {each.title: each for each in sensitivity.swings(case("as published"), "nwl")}
    several = {"Savings on hospital care", "Costs that boroughs keep"}
    assert several < found.keys()
    for title, each in found.items():
        text = sound(findings.swing([replace(each, low=0, high=9), replace(each, low=0, high=1)]))
        assert text.startswith(f"{title} {'matter' if title in several else 'matters'} most: ")
    titles = sorted(found, key=len)[-2:]
    tied = [replace(found[title], low=0, high=9) for title in titles]
    sound(findings.swing(tied))


# Draws


@every_extreme
@pytest.mark.parametrize("area", ["nwl", "kensington-and-chelsea"])
def test_nine_draws_in_ten_lie_where_they_are_told_to(name, area):
    drawn = simulation.simulate(case(name), draws=400)
    text = sound(findings.simulated(prospects.prospects(case(name), draws=400), area))
    (low, least), (high, most) = said(text)
    assert low < high
    totals = drawn.net_benefit[:, AREAS.index(area)].sum(axis=1)
    assert ((totals >= low - least) & (totals <= high + most)).mean() >= 0.9
    assert ((totals >= low + least) & (totals <= high - most)).mean() <= 0.9


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "nil"),
        (0.0004, "under one in a hundred"),
        (0.01, "1%"),
        (0.285, "29%"),
        (0.99, "99%"),
        (0.9996, "over ninety-nine in a hundred"),
        (1, "100%"),
    ],
)
def test_a_chance_is_no_surer_than_the_draws(share, text):
    assert findings.chance(share) == text


# Proofs


@every_extreme
def test_the_proofs_are_told_to_carry_what_they_do(name):
    text = sound(findings.evidence_for_savings(proofs.support(case(name))))
    # Non-tariff prices, temporary staff and the gap to London, in £ million.
    proven = 6 + 0.95 + 81
    claimed = case(name).saving_shares()[-1] * finance.inputs().acute_spend.sum()
    if "No saving is claimed" in text:
        assert claimed == 0
    elif "all but cover" in text:
        assert 0.995 * claimed <= proven < claimed
    elif "cover" in text:
        assert proven >= claimed
    else:
        told = float(re.search(r"add up to (\d+)% of the claim$", text)[1])
        assert told == pytest.approx(proven / claimed * 100, abs=0.5)
        assert told < 100


def test_proofs_that_come_to_the_very_claim_cover_it():
    found = proofs.Support(80.0, 1.0, 20.0, 60.0, 50.0, 0.0)
    assert findings.evidence_for_savings(found) == (
        "The proofs of the source, added up, cover the saving claimed"
    )


def test_each_kind_of_proof_stands_among_the_extremes():
    told = {findings.evidence_for_savings(proofs.support(case(name))) for name in EXTREMES}
    assert any(text.endswith("% of the claim") for text in told)
    assert {text for text in told if not text.endswith("% of the claim")} == {
        "No saving is claimed for the last year, so none has to be proven",
        "The proofs of the source, added up, cover the saving claimed",
        "The proofs of the source, added up, all but cover the saving claimed",
    }
