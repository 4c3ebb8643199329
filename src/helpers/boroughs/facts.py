"""What the plan of 2024 says of a borough in its own figures, and what it does not say."""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from helpers import areas, evidence, prose
from helpers.boroughs import people
from helpers.boroughs.census import census
from helpers.boroughs.plan import by_borough, partnership_of, partnerships

if TYPE_CHECKING:
    import pandas as pd

# A fact that so many other partnerships give is one that could be given for all.
COMPARABLE = 2
# So many others are named; of more their number is given.
NAMED = 8
NO_OTHER, NOTHING = "Given for no other", "Nothing further"
TOGETHER = "Of the boroughs of the partnership together."


class Held(NamedTuple):
    """What the plan gives of a fact for a borough: of it alone, or of its partnership."""

    borough: str
    is_alone: bool
    title: str
    value: float | None
    unit: str
    source_id: str
    locator: str


LACKING = (
    "fact",
    "title",
    "partnerships",
    "holders",
    "given",
    "comparable",
    "source_id",
    "locator",
)


def figures(area: str) -> "pd.DataFrame":
    """Return the figures that the plan gives for a borough, beside those of others.

    Returns
    -------
    pandas.DataFrame
        Rows of ``borough-facts`` with ``shown`` (with unit and, where one is printed, period),
        ``elsewhere`` (what the plan gives for others) and ``remark``; those of a shared
        partnership say so. Empty if there are none.
    """
    held = _held(area)
    held = held[held["value"].notna() & (held["unit"] != "year")]
    shared = held["area"] != area
    notes = held["note"].fillna("")
    return held.assign(
        shown=[
            prose.quantity(row.value, row.unit)
            + (f", {row.period}" if isinstance(row.period, str) else "")
            for row in held.itertuples()
        ],
        elsewhere=[_elsewhere(fact, area) or NO_OTHER for fact in held["fact"]],
        remark=[
            f"{TOGETHER if both else ''} {note}".strip() or NOTHING
            for both, note in zip(shared, notes, strict=True)
        ],
    ).reset_index(drop=True)


def in_words(area: str) -> list[str]:
    """Return what the plan says of a borough without a figure, as in a sentence."""
    held = _held(area)
    return [_inside(title) for title in held.loc[held["value"].isna(), "title"]]


def differences(area: str) -> list[str]:
    """Return where the plan's figures differ from official statistics, a sentence each."""
    held = _held(area).dropna(subset="value").set_index("fact")["value"]
    counted = census()
    found = []
    if "population" in held and area in counted.residents:
        given, official = held["population"], float(counted.residents[area])
        if given != official:
            found.append(
                f"The plan gives {prose.number(given)} residents without a date, where the Census "
                f"of {counted.now} counted {prose.number(official)}."
            )
    for feature in people.features():
        stated, published = held.get(feature.name), feature.values.get(area)
        if stated is not None and published is not None and stated != published:
            found.append(
                f"{feature.title} is {prose.number(stated, 1)} years in the plan, without a date, "
                f"and {prose.number(published, 1)} in the official figures for {feature.period}."
            )
    return found


def strategy(area: str) -> tuple[int, int] | None:
    """Return the first and last year of a borough's health and wellbeing strategy, if given."""
    held = _held(area).dropna(subset="value").set_index("fact")["value"]
    first, last = (held.get(f"health-wellbeing-strategy-{end}-year") for end in ("first", "last"))
    return None if first is None or last is None else (int(first), int(last))


def lacking(area: str) -> "pd.DataFrame":
    """Return the facts that the plan gives for other boroughs and not for this one.

    Returns
    -------
    pandas.DataFrame
        One row a fact: ``fact, title, partnerships`` (how many others give it),
        ``holders`` (names of the boroughs), ``given`` (whether as a figure), ``comparable``
        (whether enough others give it), ``source_id, locator``; what most give first.
    """
    import pandas as pd

    rows = []
    for fact, held in _by_fact().items():
        known = {each.borough for each in held}
        if area in known:
            continue
        givers = {by_borough()[each].slug for each in known if each in by_borough()}
        rows.append(
            {
                "fact": fact,
                "title": held[0].title,
                "partnerships": len(givers),
                "holders": _named([each for each in areas.boroughs() if each in known]),
                "given": "Words only" if all(each.value is None for each in held) else "Figure",
                "comparable": len(givers) >= COMPARABLE,
                "source_id": held[0].source_id,
                "locator": held[0].locator,
            }
        )
    return (
        pd.DataFrame(rows, columns=LACKING)
        .sort_values("partnerships", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


def _held(area: str) -> "pd.DataFrame":
    """Return the facts of a borough and those of the partnership that it shares."""
    own = partnership_of(area)
    return evidence.load("borough-facts", area=[area, own.slug] if own else [area])


@cache
def _by_fact() -> dict[str, list[Held]]:
    """Return what the plan gives of each fact; what is of a partnership is of each member."""
    alone = dict.fromkeys(areas.boroughs())
    members = {each.slug: each.members for each in partnerships()}
    found: dict[str, list[Held]] = {}
    for area, fact, *given in evidence.columns("borough-facts", "area", "fact", *Held._fields[2:]):
        for borough in (area,) if area in alone else members.get(area, ()):
            found.setdefault(fact, []).append(Held(borough, borough == area, *given))
    return found


def _elsewhere(fact: str, area: str) -> str:
    """Write what the plan gives for other boroughs alone: ``Ealing 14%; Brent 65%``."""
    others = [
        (each.borough, each.value, each.unit)
        for each in _by_fact().get(fact, [])
        if each.borough != area and each.is_alone and each.value is not None
    ]
    if len(others) <= NAMED:
        return "; ".join(
            f"{areas.name(borough)} {prose.quantity(value, unit)}"
            for borough, value, unit in others
        )
    ends = (pick(others, key=lambda each: each[1]) for pick in (min, max))
    low, high = (prose.quantity(value, unit) for _, value, unit in ends)
    return f"{low} to {high}, {prose.count(len(others))} boroughs"


def _named(boroughs: list[str]) -> str:
    """Name boroughs, or say how many they are."""
    if len(boroughs) > NAMED:
        return prose.count(len(boroughs), "borough")
    return "; ".join(areas.name(each) for each in boroughs)


def _inside(title: str) -> str:
    return title[:1].lower() + title[1:]
