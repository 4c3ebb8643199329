"""Residents of the boroughs as two Censuses counted them.

Values of North West London are those of sums over its boroughs, and so exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from helpers import areas, evidence

EVERYONE = "all"
HUNDRED = 100


@dataclass(frozen=True)
class Census:
    """Residents counted by two Censuses, by borough.

    Attributes
    ----------
    before, now : int
        Years of the Censuses.
    residents_before, residents : mapping
        Area to all residents of each year.
    ages : mapping
        Age group of the later Census to residents by area, the youngest first.
    """

    before: int
    now: int
    residents_before: Mapping[str, int]
    residents: Mapping[str, int]
    ages: Mapping[str, Mapping[str, int]]

    def growth(self, area: str) -> float | None:
        """Return by how many per cent a borough, or all of them, grew; None if not held."""
        chosen = _chosen(self._counted_twice, area)
        if not chosen:
            return None
        later = sum(self.residents[each] for each in chosen)
        return (later / sum(self.residents_before[each] for each in chosen) - 1) * HUNDRED

    def share(self, group: str, area: str) -> float | None:
        """Return the share of an age group among residents, per cent; None if not held."""
        chosen = _chosen(self._counted_by_age, area)
        if not chosen:
            return None
        everyone = sum(counts[each] for counts in self.ages.values() for each in chosen)
        return sum(self.ages[group][each] for each in chosen) / everyone * HUNDRED

    @cached_property
    def _counted_twice(self) -> set[str]:
        return set(self.residents) & set(self.residents_before)

    @cached_property
    def _counted_by_age(self) -> set[str]:
        return set.intersection(*(set(counts) for counts in self.ages.values()))


@cache
def census() -> Census:
    """Return the residents of each borough. Source: the resource ``population``."""
    known = set(areas.boroughs())
    found: dict[tuple[int, str], dict[str, int]] = {}
    for area, year, group, persons in evidence.columns(
        "population", "area", "census_year", "age_group", "persons"
    ):
        if area in known:
            found.setdefault((year, group), {})[area] = persons
    before, now = (pick(year for year, _ in found) for pick in (min, max))

    def counted(year: int, group: str) -> dict[str, int]:
        held = found.get((year, group), {})
        return {area: held[area] for area in areas.boroughs() if area in held}

    groups = dict.fromkeys(group for _, group in found if group != EVERYONE)
    return Census(
        before,
        now,
        counted(before, EVERYONE),
        counted(now, EVERYONE),
        {group: counted(now, group) for group in groups},
    )


def _chosen(counted: set[str], area: str) -> set[str]:
    """Return the boroughs that an area is made of, as far as they are counted."""
    return counted if area == areas.SECTOR else counted & {area}


def age_words(group: str) -> str:
    """Write an age group as a sentence does: ``aged 0 to 19``, ``aged 65 and over``."""
    return f"aged {group.replace('-plus', ' and over').replace('-', ' to ')}"
