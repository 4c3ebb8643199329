"""Names of the areas, from the evidence alone."""

from functools import cache

from helpers import evidence
from helpers.errors import EvidenceError

SECTOR = "nwl"


@cache
def names() -> dict[str, str]:
    """Return each area's name by its slug."""
    return {row["area"]: row["name"] for row in evidence.rows("areas")}


def name(area: str) -> str:
    """Return the name of an area.

    Raises
    ------
    EvidenceError
        If the evidence has no such area.
    """
    if area not in names():
        raise EvidenceError(f"areas: no area '{area}': expected one of {', '.join(names())}")
    return names()[area]


@cache
def boroughs() -> tuple[str, ...]:
    """Return the slugs of the boroughs, in the order of the evidence."""
    return tuple(row["area"] for row in evidence.rows("areas") if row["kind"] == "borough")
