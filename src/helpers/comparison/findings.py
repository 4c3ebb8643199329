"""What comes out of setting boroughs side by side, in sentences that stay true.

Each returns a title of at most 15 words without a full stop.
"""

from typing import TYPE_CHECKING

from helpers import areas, evidence, prose
from helpers.boroughs.census import census
from helpers.comparison.neighbours import Neighbours
from helpers.figures import fitting

if TYPE_CHECKING:
    import pandas as pd


def growth() -> str:
    """Say where the population grew most and where least."""
    counted = census()
    grown = {area: counted.growth(area) for area in areas.boroughs()}
    held = {area: value for area, value in grown.items() if value is not None}
    if len(held) < 2:
        return "Too few boroughs have two Censuses to compare their growth"
    most, least = (pick(held, key=lambda area: held[area]) for pick in (max, min))
    verbs = ["grew" if held[area] >= 0 else "shrank" for area in (most, least)]
    sizes = [prose.percent(abs(held[area]), 1) for area in (most, least)]
    second = f"by {sizes[1]}" if verbs[0] == verbs[1] else f"{verbs[1]} by {sizes[1]}"
    said = (
        f"Population {verbs[0]} by {sizes[0]} in {areas.name(most)} and {second} in "
        f"{areas.name(least)}"
    )
    extremes = f"highest in {areas.name(most)}, lowest in {areas.name(least)}"
    return fitting(said, f"Population growth is {extremes}")


def closest(found: Neighbours) -> str:
    """Say which two boroughs are most alike."""
    if not found.mutual():
        return "Too few boroughs have every feature to be compared"
    one, other = found.mutual()[0]
    pair = f"the closest pair of {prose.count(len(found.areas))}"
    said = f"{prose.possessive(areas.name(one))} nearest neighbour is {areas.name(other)}, {pair}"
    return fitting(said, f"{areas.name(one)} and {areas.name(other)} are {pair}")


def nearest(found: Neighbours, area: str) -> str:
    """Say whom a borough is most like, as a whole sentence."""
    if area not in found.areas:
        return f"{areas.name(area)} lacks a feature and is not compared."
    other = found.nearest(area)
    back = " and the other way round" if found.nearest(other) == area else ""
    return f"{areas.name(area)} is most like {areas.name(other)}{back}."


def untouched(matrix: "pd.DataFrame") -> str:
    """Say which priorities no partnership's plan touches, or how many touch all of them.

    Parameters
    ----------
    matrix : pandas.DataFrame
        Of `side_by_side.priority_matrix`.
    """
    numbers = [column for column in matrix.columns if column != "title"]
    names = {row["priority"]: row["short_title"] for row in evidence.rows("priorities")}
    nowhere = [
        names[number][:1].lower() + names[number][1:]
        for number in numbers
        if not matrix[number].any()
    ]
    if nowhere:
        how_many = prose.sentence_case(prose.count(len(nowhere)))
        return fitting(
            f"No partnership's plan touches {' or '.join(nowhere)}",
            f"{how_many} priorities are touched by no plan",
        )
    complete = int((matrix[numbers] > 0).all(axis=1).sum())
    verb = "touches" if complete < 2 else "touch"
    parts = prose.sentence_case(prose.out_of(complete, len(matrix)))
    return f"{parts} plans {verb} every priority"


def plans(differences: "pd.DataFrame") -> str:
    """Say how many pairs of plans differ by more than chance."""
    count = int(differences["differs"].sum())
    verb = "differs" if count < 2 else "differ"
    some = prose.count(count) if count else "none"
    pairs = f"Of {prose.number(len(differences))} pairs of plans"
    return f"{pairs} {some} {verb} by more than chance"


def lasting_ranks(ranges: "pd.DataFrame") -> str:
    """Say how many boroughs keep their rank under every assumption tried."""
    count = int((ranges["best"] == ranges["worst"]).sum())
    verb = "keeps its" if count < 2 else "keep their"
    parts = prose.sentence_case(prose.out_of(count, len(ranges)))
    return f"{parts} boroughs {verb} rank whatever the savings and the shares"
