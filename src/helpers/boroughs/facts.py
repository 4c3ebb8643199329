"""What the plan of 2024 says of a borough in its own figures, and what it does not say."""

from typing import TYPE_CHECKING

from helpers import areas, evidence, prose
from helpers.boroughs import people
from helpers.boroughs.census import census
from helpers.boroughs.plan import partnership_of, partnerships

if TYPE_CHECKING:
    import pandas as pd

# A fact that so many other partnerships give is one that could be given for all.
COMPARABLE = 2
NO_OTHER, NOTHING = "Given for no other", "Nothing further"
TOGETHER = "Of the boroughs of the partnership together."

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
    others = _of_boroughs()
    others = others[(others["borough"] != area) & (others["borough"] == others["area"])]
    notes = held["note"].fillna("")
    return held.assign(
        shown=[
            prose.quantity(row.value, row.unit)
            + (f", {row.period}" if isinstance(row.period, str) else "")
            for row in held.itertuples()
        ],
        elsewhere=[_elsewhere(fact, others) or NO_OTHER for fact in held["fact"]],
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

    facts = _of_boroughs()
    own = set(facts.loc[facts["borough"] == area, "fact"])
    rows = []
    for fact, group in facts[~facts["fact"].isin(own)].groupby("fact", sort=False):
        holders = sorted(group["borough"].unique(), key=areas.boroughs().index)
        givers = {each.slug for each in partnerships() if set(holders) & set(each.members)}
        rows.append(
            {
                "fact": fact,
                "title": group["title"].iloc[0],
                "partnerships": len(givers),
                "holders": "; ".join(areas.name(each) for each in holders),
                "given": "Figure" if group["value"].notna().any() else "Words only",
                "comparable": len(givers) >= COMPARABLE,
                "source_id": group["source_id"].iloc[0],
                "locator": group["locator"].iloc[0],
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


def _of_boroughs() -> "pd.DataFrame":
    """Return every fact once for each borough it is about; a shared one is about all members."""
    import pandas as pd

    facts = evidence.load("borough-facts")
    members = {each.slug: each.members for each in partnerships()}
    about = facts["area"].map(
        lambda area: (area,) if area in areas.boroughs() else members.get(area, ())
    )
    spread = facts.assign(borough=about).explode("borough")
    return pd.DataFrame(spread.dropna(subset="borough")).reset_index(drop=True)


def _elsewhere(fact: str, others: "pd.DataFrame") -> str:
    """Write what the plan gives for other boroughs alone: ``Ealing 14%; Brent 65%``."""
    chosen = others[(others["fact"] == fact) & others["value"].notna()]
    return "; ".join(
        f"{areas.name(row.borough)} {prose.quantity(row.value, row.unit)}"
        for row in chosen.itertuples()
    )


def _inside(title: str) -> str:
    return title[:1].lower() + title[1:]
