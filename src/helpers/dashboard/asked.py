"""Tiles that the case of 2009 and the plan of 2024 ask for, and that no series fills."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from helpers import areas, evidence, prose, realisation
from helpers.dashboard.owners import NO_OWNER
from helpers.dashboard.tile import (
    BASELINE,
    COMPETENCY,
    NO_DATA,
    NO_ICON,
    NO_TARGET,
    NOTHING,
    OWN,
    PRODUCTIVITY,
    Tile,
    better_in_words,
    in_words,
)

if TYPE_CHECKING:
    import pandas as pd

VOLUME_KPI = "volume-metrics-measured"
EFFICIENCY = "efficiency-improvement"
FIRST_SCORES = "first-competency-scores"
TRUSTS, VEHICLE = "Trusts", "Trusts, with the Partnership"


def competencies(as_of: date) -> "pd.DataFrame":
    """Return the competency scores of the sector beside those of the rest of England.

    Parameters
    ----------
    as_of : datetime.date
        No scores are returned for a day before they came out.

    Returns
    -------
    pandas.DataFrame
        One row a competency: ``competency, title, nwl, england, difference, position, owner,
        dated, source_id, locator``.
    """
    import pandas as pd

    dated = evidence.value("timeline-2009", "date_start", event=FIRST_SCORES)
    scores = evidence.load("competency-scores")
    wide = scores.pivot(index="competency", columns="area", values="score")
    here, elsewhere = wide[areas.SECTOR], wide["rest-of-england"]
    first = scores[scores["area"] == areas.SECTOR].set_index("competency")
    frame = first.assign(
        nwl=here,
        england=elsewhere,
        difference=(here - elsewhere).round(2),
        owner=first["partnership_contributes"].map({True: VEHICLE, False: TRUSTS}),
        dated=pd.Timestamp(dated),
    ).reset_index()
    frame["position"] = frame["difference"].map(_position)
    return frame if dated <= as_of else frame.iloc[:0]


def _position(difference: float) -> str:
    if difference == 0:
        return "Equal"
    apart = prose.number(abs(difference), 2)
    return f"▲ {apart} above" if difference > 0 else f"▼ {apart} below"


def own_indicators() -> Iterator[Tile]:
    """Yield a tile for each indicator of Table 5 of the case."""
    register = realisation.register()
    for row in register[register["level"] == realisation.HEADLINE].itertuples():
        has_baseline = row.status == realisation.MEASURABLE
        yield Tile(
            OWN,
            row.item,
            row.kpi,
            areas.name(areas.SECTOR),
            row.baseline if has_baseline else NO_DATA,
            NO_TARGET,
            NO_ICON,
            NO_ICON,
            "Not stated as a number",
            row.doer,
            BASELINE if has_baseline else NOTHING,
            row.source_id,
            row.locator,
        )


def competency_tiles(as_of: date) -> Iterator[Tile]:
    """Yield a tile for each competency, with the scores if they had come out by a day.

    Parameters
    ----------
    as_of : datetime.date
        What is dated later is left out.
    """
    scores = competencies(as_of)
    dated = {row.competency: row for row in scores.itertuples()}
    for row in evidence.rows("competency-scores"):
        if row["area"] != areas.SECTOR:
            continue
        known = dated.get(row["competency"])
        day = known.dated.date() if known else None
        yield Tile(
            COMPETENCY,
            f"competency-{row['competency']}",
            row["title"],
            areas.name(areas.SECTOR),
            f"Baseline {prose.number(row['score'], 2)} in {in_words(day)}" if day else NO_DATA,
            NO_TARGET,
            NO_ICON,
            NO_ICON,
            better_in_words("increase"),
            VEHICLE if row["partnership_contributes"] else TRUSTS,
            BASELINE if day else NOTHING,
            row["source_id"],
            row["locator"],
            value=row["score"] if day else None,
            dated=day,
        )


def productivity() -> Iterator[Tile]:
    """Yield the volume metrics of 2009, and what 2024 wants of productivity."""
    register = realisation.register().set_index("measure")
    for row in evidence.rows("volume-metrics"):
        yield _wish(
            row,
            measure=row["metric"],
            title=row["title"],
            better=better_in_words(row["direction"]),
            owner=register.loc[VOLUME_KPI, "doer"],
        )
    for row in evidence.rows("system-facts"):
        if row["fact"] == EFFICIENCY:
            yield _wish(
                row,
                measure=row["fact"],
                title=row["title"],
                target=f"{prose.quantity(row['value'], row['unit'])} a year, to {row['period']}",
                better=better_in_words("increase"),
            )
    for row in evidence.rows("productivity-levels"):
        yield _wish(row, measure=row["item_id"], title=row["item"], better="No measure printed")


def _wish(
    row: evidence.Row,
    *,
    measure: str,
    title: str,
    better: str,
    target: str = NO_TARGET,
    owner: str = NO_OWNER,
) -> Tile:
    """Return the tile of something for which nothing was ever measured here."""
    return Tile(
        PRODUCTIVITY,
        measure,
        title,
        areas.name(areas.SECTOR),
        NO_DATA,
        target,
        NO_ICON,
        NO_ICON,
        better,
        owner,
        NOTHING,
        row["source_id"],
        row["locator"],
    )
