"""What the case comes to, in sentences that follow the assumptions and stay true.

Each returns a title of at most 15 words without a full stop.
"""

import math
from itertools import pairwise

from helpers import areas, prose
from helpers.finance.assumptions import PERCENT
from helpers.finance.calendar import boroughs
from helpers.finance.projection import Projection
from helpers.finance.proofs import Support
from helpers.finance.prospects import Prospects
from helpers.finance.sensitivity import BreakEven, Swing

SMALL = 0.005  # £ million: rounds to nothing at two decimals
RARE = 0.01
ALL_BUT_TENTH = (0.05, 0.95)
SEVERAL = ("Savings", "Costs")  # how titles in the plural begin


def money(amount: float) -> str:
    """Write £ million with as many decimals as its size bears."""
    size = abs(amount)
    return prose.gbp_million(amount, 0 if size >= 100 else 1 if size >= 10 else 2)


def payback_words(days: float | None) -> str:
    """Say when a case has paid back: ``at once``, ``after 272 days``, ``not in these years``."""
    if days is None:
        return "not within the years of the case"
    return "at once" if days == 0 else f"after {prose.number(days)} days"


def net_benefit(projection: Projection, area: str) -> str:
    """Say what an area gains or loses in the last year."""
    last, amount = projection.years[-1], float(projection.net_benefit(area)[-1])
    if abs(amount) < SMALL:
        return f"{areas.name(area)} neither gains nor loses in {last}"
    if amount < 0:
        return f"{areas.name(area)} loses {money(-amount)} in {last}"
    return f"{prose.possessive(areas.name(area))} net benefit reaches {money(amount)} in {last}"


def total(projection: Projection, area: str) -> str:
    """Say what an area gains or loses over all years, as the end of a sentence."""
    amount = projection.total(area)
    years = prose.count(len(projection.years), "year")
    if abs(amount) < SMALL:
        return f"neither better nor worse off over {years}"
    return f"{money(abs(amount))} {'better' if amount > 0 else 'worse'} off over {years}"


def payback(projection: Projection) -> str:
    """Say how soon the boroughs have their money back."""
    paybacks = projection.paybacks()
    days = {area: paybacks[area] for area in boroughs()}
    never = [area for area, due in days.items() if due is None]
    at_once = [area for area, due in days.items() if due == 0]
    waiting = {area: due for area, due in days.items() if due}
    if len(never) == len(days):
        return "No borough pays back within the years of the case"
    if len(at_once) == len(days):
        return "Every borough gains at once, in its first year"
    if never:
        return (
            f"{prose.sentence_case(prose.out_of(len(never), len(days)))} boroughs "
            f"{'does' if len(never) == 1 else 'do'} not pay back in these years"
        )
    slowest = max(waiting, key=lambda area: waiting[area])
    waits = f"{areas.name(slowest)} waits {prose.number(waiting[slowest])} days"
    if not at_once:
        return f"No borough gains at once; {waits}"
    gain = "gains" if len(at_once) == 1 else "gain"
    return f"{prose.sentence_case(prose.count(len(at_once), 'borough'))} {gain} at once; {waits}"


def without_savings(projection: Projection) -> str:
    """Say how many boroughs lose if nothing is saved on hospital care."""
    totals = projection.totals()
    losing = [area for area in boroughs() if totals[area] < -SMALL]
    if not losing:
        return "Without any saving no borough would lose"
    whole = len(boroughs())
    if len(losing) == whole:
        return f"Without savings all {prose.count(whole)} boroughs would lose"
    verb = f"{prose.sentence_case(prose.out_of(len(losing), whole))} boroughs would lose"
    return f"{verb} without savings on hospital care"


def break_even(found: BreakEven) -> str:
    """Say what saving an area's case needs."""
    place = areas.name(found.area)
    if not found.needs_saving:
        return f"{place} needs no saving for the case to pay"
    if math.isinf(found.path_share):
        return f"No saving would come in time for {place}"
    if found.highest_percent > PERCENT:
        return f"{place} would have to save more than it spends"
    if found.highest_percent < SMALL:
        return f"{place} breaks even with next to no saving"
    return f"{place} breaks even once savings reach {prose.percent(found.highest_percent, 2)}"


def delay(projections: list[Projection], area: str) -> str:
    """Say what a month's delay costs an area on average, or saves it."""
    if len(projections) < 2:
        return "The years of the case leave no room for more delay"
    totals = [projection.total(area) for projection in projections]
    steps = [earlier - later for earlier, later in pairwise(totals)]
    lost = sum(steps) / len(steps)
    if abs(lost) < SMALL:
        if min(steps) < -SMALL and max(steps) > SMALL:
            return f"Some months of delay cost {areas.name(area)} money and others save it"
        return f"Delay makes next to no difference to {areas.name(area)}"
    verb = f"{'costs' if lost > 0 else 'saves'} {areas.name(area)} {money(abs(lost))}"
    alike = max(steps) - min(steps) < SMALL
    return f"Each month of delay {verb}" if alike else f"A month of delay {verb} on average"


def swing(swings: list[Swing]) -> str:
    """Say which assumption matters most."""
    widest, second = swings[:2]
    if widest.width < SMALL:
        return "No single assumption makes a difference"
    if widest.width - second.width < SMALL:
        return f"{widest.title} and {second.title[0].lower()}{second.title[1:]} matter most"
    matters = "matter" if widest.title.startswith(SEVERAL) else "matters"
    return f"{widest.title} {matters} most: {money(widest.width)} between the ends"


def simulated(drawn: Prospects, area: str) -> str:
    """Say within what an area's net benefit lies nine times in ten."""
    low, high = drawn.quantiles(area, ALL_BUT_TENTH)
    return f"Nine times in ten the net benefit lies between {money(low)} and {money(high)}"


def evidence_for_savings(found: Support) -> str:
    """Say how much of the claim the source's own proofs carry."""
    if not found.claimed:
        return "No saving is claimed for the last year, so none has to be proven"
    if found.carried >= 1:
        return "The proofs of the source, added up, cover the saving claimed"
    if round(found.carried * PERCENT) == PERCENT:
        return "The proofs of the source, added up, all but cover the saving claimed"
    return f"The proofs of the source add up to {prose.percent(found.carried * 100)} of the claim"


def chance(share: float) -> str:
    """Write a chance between 0 and 1 without saying more than draws can show."""
    if share == 0:
        return "nil"
    if share < RARE:
        return "under one in a hundred"
    if 1 - RARE < share < 1:
        return "over ninety-nine in a hundred"
    return prose.percent(share * PERCENT)
