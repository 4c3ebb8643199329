"""One thing that boroughs can be compared by, and where a borough stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
        The rows of evidence it rests on.
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
        return ranks(self.values, self.decimals).get(area)

    def place(self, area: str, missing: str) -> str:
        """Write an area's place among the boroughs that have a value: ``third of eight``."""
        return place(self.values, area, missing, self.decimals)

    def extreme(self, area: str) -> str | None:
        """Return what an area alone has most or least of, or None."""
        if area not in self.values or len(self.values) < 2:
            return None
        own = prose.rounded(self.values[area], self.decimals)
        others = [
            prose.rounded(value, self.decimals)
            for other, value in self.values.items()
            if other != area
        ]
        if own > max(others):
            return self.most
        return self.least if own < min(others) else None

    def strip(self) -> Strip:
        """Return the feature as a row of a chart of dots."""
        return Strip(
            title=f"{self.title}, {self.period}",
            values={areas.name(area): value for area, value in self.values.items()},
            write=self.write,
            mark=self.sector,
        )


def values_by_area(features: Sequence[Feature], missing: str) -> "pd.DataFrame":
    """Return every value of some features, one a row, as it is written.

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
            for area in (*areas.boroughs(), areas.SECTOR)
            if area != areas.SECTOR or feature.sector is not None
        ]
    )


def ranks(values: Mapping[str, float], decimals: int) -> dict[str, int]:
    """Rank areas by value, 1 for the highest; values alike as written share the better rank."""
    written = {area: prose.rounded(value, decimals) for area, value in values.items()}
    return {
        area: 1 + sum(other > own for other in written.values()) for area, own in written.items()
    }


def place(values: Mapping[str, float], area: str, missing: str, decimals: int) -> str:
    """Write an area's place among all that have a value: ``third of eight, shared``."""
    found = ranks(values, decimals)
    if area not in found:
        return missing
    alike = sum(rank == found[area] for rank in found.values())
    if alike == len(found) > 1:
        return "all alike"
    words = f"{prose.ordinal(found[area])} of {prose.count(len(found))}"
    return f"{words}, shared" if alike > 1 else words
