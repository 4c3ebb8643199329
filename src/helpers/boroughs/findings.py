"""What is found of a borough, in sentences that stay grammatical and true for every one.

Each returns a title of at most 15 words without a full stop.
"""

from collections.abc import Sequence

from helpers import areas, prose
from helpers.boroughs import people, plan
from helpers.boroughs.census import census
from helpers.boroughs.features import Feature
from helpers.boroughs.plan import Partnership
from helpers.boroughs.promise import needed_words, net_benefit_ranks
from helpers.figures import fitting
from helpers.finance import Assumptions, Projection, boroughs, sensitivity
from helpers.finance.findings import SMALL, money

HUNDRED = 100


def on_the_map(area: str, drawn: int, is_drawn: bool) -> str:
    """Say that a borough is one of those drawn."""
    if not is_drawn:
        return f"{areas.name(area)} is not on the map: no boundary is held"
    return f"{areas.name(area)} is one of {prose.count(drawn)} boroughs of North West London"


def size(area: str) -> str:
    """Say how many people a borough has and which place that is, as a whole sentence."""
    residents = people.residents()
    name, rank = areas.name(area), residents.rank(area)
    if rank is None:
        return f"No Census count is held for {name}."
    whole = len(residents.values)
    return (
        f"{name} had {residents.write(residents.values[area])} residents at the Census of "
        f"{census().now}, the {_largest(rank, whole)} of {prose.count(whole)} boroughs."
    )


def growth(area: str) -> str:
    """Say how a borough's population changed beside the sector's, as a whole sentence."""
    counted = census()
    own, sector = counted.growth(area), counted.growth(areas.SECTOR)
    span = f"Between {counted.before} and {counted.now}"
    if sector is None:
        return "No growth of population can be told."
    whole = f"that of {areas.name(areas.SECTOR)} {_changed(sector)}"
    if own is None:
        return f"{span} {whole.replace('that of', 'the population of', 1)}."
    return f"{span} the population of {areas.name(area)} {_changed(own)}; {whole}."


def people_title(area: str, features: Sequence[Feature]) -> str:
    """Say what a borough alone has most or least of, of what it is compared by."""
    name = areas.name(area)
    held = [feature for feature in features if area in feature.values]
    if not held:
        return f"No official statistic is held for {name}"
    for feature in sorted(held, key=lambda each: -_remoteness(each, area)):
        found = feature.extreme(area)
        if found:
            return f"{name} has {found} of the {prose.count(len(feature.values))}"
    return f"On no measure does {name} stand alone at either end"


def gain_rank(area: str, projection: Projection) -> str:
    """Say which place a borough's net benefit takes among the boroughs of the case."""
    ranks = net_benefit_ranks(projection)
    owner = prose.possessive(areas.name(area))
    whole = prose.count(len(ranks))
    alike = sum(rank == ranks[area] for rank in ranks.values())
    if alike == len(ranks) > 1:
        return f"All {whole} boroughs come to the same net benefit"
    if alike > 1:
        return f"{owner} net benefit shares the {prose.ordinal(ranks[area])} place of {whole}"
    return f"{owner} net benefit is the {_largest(ranks[area], len(ranks))} of {whole}"


def without_savings(area: str, case: Assumptions) -> str:
    """Say what becomes of a borough if nothing is saved on hospital care."""
    amount = sensitivity.without_savings(case).total(area)
    name = areas.name(area)
    if amount < -SMALL:
        return f"Without savings {name} would be {money(-amount)} worse off"
    if amount > SMALL:
        return f"Even without savings {name} would be {money(amount)} better off"
    return f"Without savings {name} would be neither better nor worse off"


def break_even(area: str, case: Assumptions) -> str:
    """Say what share of the savings assumed a borough needs to lose nothing."""
    needs = sensitivity.break_even(case)
    found = {each: needs[each] for each in boroughs()}
    name, share = areas.name(area), found[area].path_share * HUNDRED
    needing = sum(each.needs_saving for each in found.values())
    if share == float("inf"):
        return f"No saving would come in time for {name}"
    if share <= 0:
        others = prose.out_of(needing, len(found))
        return f"{name} needs no saving to break even; {others} boroughs {_verb(needing)}"
    more = sum(each.path_share > found[area].path_share for each in found.values())
    place = "the most" if not more else f"{prose.ordinal(more + 1)} most"
    needed = f"{needed_words(share)} of {_path(case)} savings"
    return f"{name} breaks even at {needed}, {place} of {prose.count(len(found))}"


def local_share(area: str, partnership: Partnership) -> str:
    """Say how much of a partnership's plan is its own."""
    scopes = plan.scopes().set_index("partnership")
    row = scopes.loc[partnership.slug]
    more = int((scopes["local_share"].round(6) > round(row["local_share"], 6)).sum())
    place = f"{prose.ordinal(more + 1)} of {prose.count(len(scopes))}"
    parts = prose.out_of(int(row["local"]), int(row["activities"]))
    owner = prose.possessive(areas.name(area))
    return f"{owner} partnership marks {parts} activities as local, {place}"


def touched(area: str, partnership: Partnership) -> str:
    """Say how many priorities a partnership's plan touches, and which it does not if that fits."""
    counts = plan.touched(partnership.slug)
    missing = plan.unmentioned(partnership.slug)
    owner, whole = prose.possessive(areas.name(area)), len(counts)
    parts = prose.out_of(whole - len(missing), whole)
    if not missing:
        return f"{owner} plan touches all {prose.count(whole)} priorities"
    short = f"{owner} plan touches {parts} priorities"
    return fitting(f"{short}, not {_alternatives(missing)}", short)


def not_mentioned(partnership: Partnership) -> str:
    """Say which priorities a plan does not mention, as the end of a sentence."""
    missing = plan.unmentioned(partnership.slug)
    return f"does not mention {_alternatives(missing)}" if missing else "mentions all of them"


def _path(case: Assumptions) -> str:
    """Name the savings whose share is meant where a case breaks even."""
    return "assumed" if any(case.saving_shares()) else f"{case.scenario}-case"


def _largest(rank: int, whole: int) -> str:
    """Write a place by size: ``largest``, ``second largest``, ``smallest``."""
    if rank == whole > 1:
        return "smallest"
    return "largest" if rank == 1 else f"{prose.ordinal(rank)} largest"


def _alternatives(names: Sequence[str]) -> str:
    """Join names as a denial does: ``maternity, cancer or planned care``."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _verb(count: int) -> str:
    return "does" if count == 1 else "do"


def _changed(percent: float) -> str:
    written = prose.percent(abs(percent), 1)
    if prose.rounded(percent, 1) == 0:
        return "stayed the same"
    return f"{'grew' if percent > 0 else 'shrank'} by {written}"


def _remoteness(feature: Feature, area: str) -> float:
    """Return how far from the others a borough stands, in widths of the range of all."""
    others = [value for each, value in feature.values.items() if each != area]
    width = max(feature.values.values()) - min(feature.values.values())
    nearest = min((abs(feature.values[area] - value) for value in others), default=0.0)
    return nearest / width if width else 0.0
