"""What can be observed: the indicators of the plan, and measures that are published.

The plan's targets are seldom worded as the published statistics count. A measure has a unit
of its own and may bear on an indicator; an indicator is also a measure of itself.
"""

from dataclasses import dataclass
from functools import cache

from helpers import areas, evidence
from helpers.errors import EvidenceError

TRUST, BOARD, COUNTRY = "trust", "integrated care board", "country"


@dataclass(frozen=True)
class Measure:
    """Something that a series of observations can be of.

    Attributes
    ----------
    name : str
        Its slug, as observations name it.
    title : str
        What a reader calls it.
    unit : str
        Unit of its values, such as ``percent`` or ``days``.
    direction : str
        Which way is better: ``increase``, ``decrease``, ``at least``, ``at most`` or ``between``.
    indicator : str or None
        The indicator of the plan that it is, or bears on.
    basis : str
        What its values are counted from, if an observation does not say otherwise.
    is_change : bool
        Whether its values are changes, which may be negative, and not levels.
    standard : float or None
        Level that the national standard asks for, in `unit`, where a source for it is held.
    standard_source_id, standard_locator : str or None
        That source, and the place in it.
    note : str or None
        What is counted, and caveats.
    """

    name: str
    title: str
    unit: str
    direction: str
    indicator: str | None
    basis: str
    is_change: bool
    standard: float | None
    standard_source_id: str | None
    standard_locator: str | None
    note: str | None

    @property
    def limits(self) -> tuple[float, float | None] | None:
        """Least and most that a value can be, or None if it can be anything."""
        if self.is_change:
            return None
        return (0, 100) if self.unit == "percent" else (0, None)


@cache
def known() -> dict[str, Measure]:
    """Return all measures by name: the published ones, then the plan's indicators.

    Raises
    ------
    EvidenceError
        If a measure has the name of an indicator.
    """
    found = {
        row["measure"]: Measure(
            name=row["measure"],
            title=row["title"],
            unit=row["unit"],
            direction=row["direction"],
            indicator=row["indicator"],
            basis=row["basis"],
            is_change=False,
            standard=row["standard_value"],
            standard_source_id=row["standard_source_id"],
            standard_locator=row["standard_locator"],
            note=row["note"],
        )
        for row in evidence.rows("measures")
    }
    for row in evidence.rows("indicators"):
        name = row["indicator"]
        if name in found:
            raise EvidenceError(f"measures: '{name}': expected a name that no indicator has")
        found[name] = Measure(
            name=name,
            title=row["title"],
            unit=row["unit"],
            direction=row["direction"],
            indicator=name,
            basis="",
            is_change=row["change_only"],
            standard=None,
            standard_source_id=None,
            standard_locator=None,
            note=row["note"],
        )
    return found


@cache
def places() -> dict[str, str]:
    """Return the name of each area and each trust that can be observed, by slug or code."""
    trusts = organisations(TRUST)
    return areas.names() | {
        row["code"]: row["name"] for row in evidence.rows("organisations") if row["code"] in trusts
    }


@cache
def organisations(kind: str | None = None) -> dict[str, str]:
    """Return the area or trust that each organisation's code stands for in published files.

    Parameters
    ----------
    kind : str, optional
        `TRUST`, `BOARD` or `COUNTRY`.
    """
    return {
        row["code"]: row["area"] or row["code"]
        for row in evidence.rows("organisations")
        if kind is None or row["kind"] == kind
    }
