"""One thing that boroughs can be compared by, and where a borough stands in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from helpers import areas, prose
from helpers.plots.strips import Strip

if TYPE_CHECKING:
    import pandas as pd

PERCENT = "percent"


@dataclass(frozen=True)
class Feature:
    """A figure held for several boroughs.

    Attributes
    ----------
    name : str
        Slug.
    title : str
        What is measured, without its unit.
    unit : str
        ``percent``, ``years``, ``score`` or ``people``.
    decimals : int
        Digits after the point.
    period : str
        When.
    values : mapping
        Area to value, for the boroughs that have one.
    sector : float or None
        The value of North West London, where it follows exactly from its boroughs'.
    most, least : str
        What the borough with the highest and with the lowest value has, as the end of a
        sentence that begins "Brent has".
    places : pandas.DataFrame
        Where the rows of evidence that it rests on come from.
    """

    name: str
    title: str
    unit: str
    decimals: int
    period: str
    values: Mapping[str, float]
    sector: float | None
    most: str
    least: str
    places: "pd.DataFrame"

    @property
    def heading(self) -> str:
        """Title and unit, as the heading of a column."""
        units = {PERCENT: " (%)", "years": " (years from birth)"}
        return self.title + units.get(self.unit, "")

    def write(self, value: float) -> str:
        """Write a value with its unit where the unit is a sign."""
        written = prose.number(value, self.decimals)
        return f"{written}%" if self.unit == PERCENT else written

    def written(self, area: str, missing: str) -> str:
        """Write an area's value, or what stands for one that is not held."""
        value = self.sector if area == areas.SECTOR else self.values.get(area)
        return missing if value is None else self.write(value)

    def rank(self, area: str) -> int | None:
        """Return an area's rank, 1 for the highest; equal values share the better rank."""
        return standing(self.values, area, self.decimals)[0] if area in self.values else None

    def place(self, area: str, missing: str) -> str:
        """Write an area's place among the boroughs that have a value: ``third of eight``."""
        return place(self.values, area, missing, self.decimals)

    def extreme(self, area: str) -> str | None:
        """Return what an area alone has most or least of, or None."""
        if area not in self.values or len(self.values) < 2:
            return None
        rank, alike = standing(self.values, area, self.decimals)
        if alike > 1:
            return None
        return {1: self.most, len(self.values): self.least}.get(rank)

    def strip(self, chosen: Collection[str] | None = None) -> Strip:
        """Return the feature as a row of a chart of dots.

        Parameters
        ----------
        chosen : collection of str, optional
            Areas to draw, besides those at the ends of the row; all if not given.
        """
        ends = self.ends
        return Strip(
            title=f"{self.title}, {self.period}",
            values={
                areas.name(area): value
                for area, value in self.values.items()
                if chosen is None or area in chosen or area in ends
            },
            write=self.write,
            mark=self.sector,
        )

    @property
    def ends(self) -> set[str]:
        """The areas that have the highest value, or the lowest."""
        picked = [pick(self.values.values()) for pick in (min, max) if self.values]
        return {area for end in picked for area in _alike(self.values, end, self.decimals)}


def values_by_area(
    features: Sequence[Feature], missing: str, chosen: Collection[str] | None = None
) -> "pd.DataFrame":
    """Return the values of some features, one a row, as they are written.

    Parameters
    ----------
    features : sequence of Feature
        What is shown.
    missing : str
        Stands for a value that is not held.
    chosen : collection of str, optional
        Boroughs whose values are returned, besides those at the ends; all if not given.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure, name, period, shown``: the boroughs, then North West London where it
        has an exact value.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "measure": feature.heading,
                "name": areas.name(area),
                "period": feature.period,
                "shown": feature.written(area, missing),
            }
            for feature in features
            for ends in [feature.ends]
            for area in (*areas.boroughs(), areas.SECTOR)
            if (
                chosen is None or area in chosen or area in ends
                if area != areas.SECTOR
                else feature.sector is not None
            )
        ]
    )


def ranks(values: Mapping[str, float], decimals: int) -> dict[str, int]:
    """Rank areas by value, 1 for the highest; values alike as written share the better rank."""
    written = {area: prose.rounded(value, decimals) for area, value in values.items()}
    best: dict[Decimal, int] = {}
    for rank, value in enumerate(sorted(written.values(), reverse=True), start=1):
        best.setdefault(value, rank)
    return {area: best[own] for area, own in written.items()}


def place(values: Mapping[str, float], area: str, missing: str, decimals: int) -> str:
    """Write an area's place among all that have a value: ``third of eight, shared``."""
    if area not in values:
        return missing
    rank, alike = standing(values, area, decimals)
    if alike == len(values) > 1:
        return "all alike"
    words = f"{prose.ordinal(rank)} of {prose.count(len(values))}"
    return f"{words}, shared" if alike > 1 else words


def standing(values: Mapping[str, float], area: str, decimals: int) -> tuple[int, int]:
    """Return an area's rank, as `ranks` gives it, and how many areas share it, itself among them.

    Much less work than ranking all: few values have to be written to be told from the area's.
    """
    own = values[area]
    alike = _alike(values, own, decimals)
    above = sum(value > own for value in values.values())
    return 1 + above - sum(values[each] > own for each in alike), len(alike)


def _alike(values: Mapping[str, float], value: float, decimals: int) -> list[str]:
    """Return the areas whose values are the same as one as they are written."""
    written, apart = prose.rounded(value, decimals), 2 * 10**-decimals
    return [
        area
        for area, other in values.items()
        if abs(other - value) < apart and prose.rounded(other, decimals) == written
    ]
