"""How a priority's chapter writes days, chances, values, and the names of series."""

from collections.abc import Sequence
from datetime import date

from helpers import prose
from helpers.process_control import Assurance, Variation
from helpers.trajectories.observed import Series

SHORT = {
    Variation.COMMON: "common cause",
    Variation.IMPROVING_HIGH: "improving",
    Variation.IMPROVING_LOW: "improving",
    Variation.CONCERNING_HIGH: "concerning",
    Variation.CONCERNING_LOW: "concerning",
    Variation.NEITHER_HIGH: "special cause",
    Variation.NEITHER_LOW: "special cause",
    Variation.TOO_FEW: "too few points",
    Assurance.PASSES: "passes",
    Assurance.FAILS: "falls short",
    Assurance.HIT_AND_MISS: "hit and miss",
}


def names(series: Sequence[Series]) -> list[str]:
    """Name each series: by its area, and by measure or basis where these differ."""
    measures = {each.measure for each in series}
    result = []
    for each in series:
        others = [
            other
            for other in series
            if (other.measure, other.area) == (each.measure, each.area) and other != each
        ]
        name = each.area_name if len(measures) == 1 else f"{each.area_name}: {each.title}"
        result.append(f"{name} ({each.basis or 'usual basis'})" if others else name)
    return result


def chance_words(chance: float) -> str:
    """Write a chance from 0 to 1: ``29 in 100``."""
    hundredths = round(chance * 100)
    if hundredths < 1:
        return "less than 1 in 100"
    return "more than 99 in 100" if hundredths > 99 else f"{hundredths} in 100"


def day_words(day: date) -> str:
    """Write a day: ``22 November 2026``."""
    return f"{day.day} {day:%B %Y}"


def written(unit: str, value: float) -> str:
    """Write a value with its unit, to one decimal."""
    return prose.quantity(round(value, 1), unit)


def out_of(part: int, whole: int) -> str:
    """Write how many of a whole: ``none of 12``, ``three of nine``, ``all eight``."""
    if part == whole > 1:
        return f"all {prose.count(whole)}"
    return prose.out_of(part, whole) if part else f"none of {prose.count(whole)}"
