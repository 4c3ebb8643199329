"""One tile of the dashboard, and the words that tiles share."""

from dataclasses import dataclass
from datetime import date

from helpers import areas, prose
from helpers.trajectories.indicators import DOWNWARD, UPWARD

SERIES, BASELINE, NOTHING = EXTENTS = ("A series of values", "A baseline only", "No data held")
NO_DATA = NOTHING
NO_TARGET = "None held"
NO_ICON = "No points"
EVERYONE = "All providers"
HIGHER, LOWER, WITHIN = "Higher is better", "Lower is better", "Within a range"
PROVIDERS, OWN, COMPETENCY, PRODUCTIVITY, PLAN = (
    "providers-against-targets",
    "acv-against-sla",
    "wcc-metrics",
    "clinical-governance",
    "plan-2024",
)
# The four contents that the case asks for, by their keys there, and what 2024 adds.
SECTIONS = {
    PROVIDERS: "Providers against targets",
    OWN: "The Partnership's own indicators",
    COMPETENCY: "Competencies of commissioning",
    PRODUCTIVITY: "Quality and productivity",
    PLAN: "Indicators of the plan of 2024",
}


@dataclass(frozen=True)
class Tile:
    """One thing that a committee would follow.

    Attributes
    ----------
    section : str
        A key of `SECTIONS`.
    measure : str
        Slug of what is followed.
    title, place : str
        What it is, and where.
    latest : str
        The latest value with its date, a baseline, or that no data is held.
    target : str
        What it is to reach, with the direction in words.
    variation, assurance : str
        The icons of the control chart as text.
    better : str
        Which way is better, in words.
    owner : str
        Who answers for it, as the source prints it.
    holding : str
        One of `EXTENTS`.
    source_id, locator : str
        Where value, target or wish stands.
    area : str
        Slug of an area or code of a trust.
    value : float or None
        The latest value, as a number.
    aim : float or None
        The target, in the unit of the value.
    unit : str
        Unit of both.
    dated : datetime.date or None
        What the latest value is of; the first day of a month stands for all of it.
    points : int
        Values in the series.
    notes : tuple of str
        What a reader should know besides, in sentences.
    priority : int or None
        Priority of the plan that an indicator belongs to.
    """

    section: str
    measure: str
    title: str
    place: str
    latest: str
    target: str
    variation: str
    assurance: str
    better: str
    owner: str
    holding: str
    source_id: str
    locator: str
    area: str = areas.SECTOR
    value: float | None = None
    aim: float | None = None
    unit: str = ""
    dated: date | None = None
    points: int = 0
    notes: tuple[str, ...] = ()
    priority: int | None = None


def target_in_words(target: float | None, unit: str, direction: str) -> str:
    """Write a target with its direction: ``85% or more``."""
    if target is None:
        return NO_TARGET
    written = prose.quantity(target, unit)
    if direction in UPWARD:
        return f"{written} or more"
    return f"{written} or less" if direction in DOWNWARD else written


def better_in_words(direction: str) -> str:
    """Say which way is better."""
    if direction in UPWARD:
        return HIGHER
    return LOWER if direction in DOWNWARD else WITHIN


def in_words(day: date, *, short: bool = False) -> str:
    """Write what a value is of: a month if it is dated by the first day of one.

    Parameters
    ----------
    day : datetime.date
        As the value is dated.
    short : bool
        Whether the month is cut to three letters, for a narrow column.
    """
    month = f"{day:%b %Y}" if short else f"{day:%B %Y}"
    return month if day.day == 1 else f"{day.day} {month}"
