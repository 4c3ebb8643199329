"""Residents of the boroughs as two Censuses counted them.

Values of North West London are those of sums over its boroughs, and so exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

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
        both = set(self.residents) & set(self.residents_before)
        chosen = both if area == areas.SECTOR else both & {area}
        if not chosen:
            return None
        later = sum(self.residents[each] for each in chosen)
        return (later / sum(self.residents_before[each] for each in chosen) - 1) * HUNDRED

    def share(self, group: str, area: str) -> float | None:
        """Return the share of an age group among residents, per cent; None if not held."""
        whole = set.intersection(*(set(counts) for counts in self.ages.values()))
        chosen = whole if area == areas.SECTOR else whole & {area}
        if not chosen:
            return None
        everyone = sum(counts[each] for counts in self.ages.values() for each in chosen)
        return sum(self.ages[group][each] for each in chosen) / everyone * HUNDRED


@cache
def census() -> Census:
    """Return the residents of each borough. Source: the resource ``population``."""
    known = set(areas.boroughs())
    rows = [row for row in evidence.rows("population") if row["area"] in known]
    before, now = (pick(row["census_year"] for row in rows) for pick in (min, max))

    def counted(year: int, group: str) -> dict[str, int]:
        found = {
            row["area"]: row["persons"]
            for row in rows
            if (row["census_year"], row["age_group"]) == (year, group)
        }
        return {area: found[area] for area in areas.boroughs() if area in found}

    groups = dict.fromkeys(row["age_group"] for row in rows if row["age_group"] != EVERYONE)
    return Census(
        before,
        now,
        counted(before, EVERYONE),
        counted(now, EVERYONE),
        {group: counted(now, group) for group in groups},
    )


def age_words(group: str) -> str:
    """Write an age group as a sentence does: ``aged 0 to 19``, ``aged 65 and over``."""
    return f"aged {group.replace('-plus', ' and over').replace('-', ' to ')}"
