"""Who is like whom: distances between boroughs on features that are held of all.

Distances are Euclidean over standardised features: of each feature the mean of the boroughs is
taken off and the rest divided by their standard deviation, so that every feature counts alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from helpers import areas
from helpers.boroughs import people
from helpers.boroughs.features import Feature

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# The groups of ages add up to everyone: the middle ones say nothing that the ends do not.
REDUNDANT_AGES = slice(1, -1)


@dataclass(frozen=True)
class Neighbours:
    """How far boroughs lie from one another.

    Attributes
    ----------
    areas : tuple of str
        Boroughs that have every feature.
    left_out : tuple of str
        Boroughs that lack one.
    features : tuple of Feature
        What they are compared by.
    distances : numpy.ndarray
        In standard deviations, shape (areas, areas).
    """

    areas: tuple[str, ...]
    left_out: tuple[str, ...]
    features: tuple[Feature, ...]
    distances: "Array"

    def ordered(self, area: str) -> list[tuple[str, float]]:
        """Return the other boroughs with their distances, the nearest first."""
        row = self.areas.index(area)
        others = [
            (other, float(self.distances[row, column]))
            for column, other in enumerate(self.areas)
            if other != area
        ]
        return sorted(others, key=lambda pair: pair[1])

    def nearest(self, area: str) -> str:
        """Return the borough most like another."""
        return self._nearest[area]

    def mutual(self) -> list[tuple[str, str]]:
        """Return the pairs each of which is the other's nearest, the closest first."""
        pairs = [
            (one, other)
            for place, one in enumerate(self.areas)
            for other in [self.nearest(one)]
            if self.nearest(other) == one and place < self.areas.index(other)
        ]
        return sorted(pairs, key=lambda pair: self.ordered(pair[0])[0][1])

    def stays(self, area: str) -> int:
        """Return in how many comparisons with one feature fewer the nearest stays nearest."""
        return sum(fewer.nearest(area) == self.nearest(area) for fewer in self._with_one_fewer)

    @cached_property
    def _nearest(self) -> dict[str, str]:
        apart = self.distances + np.diag(np.full(len(self.areas), np.inf))
        return {
            area: self.areas[int(row.argmin())] for area, row in zip(self.areas, apart, strict=True)
        }

    @cached_property
    def _with_one_fewer(self) -> "list[Neighbours]":
        return [
            neighbours([each for each in self.features if each is not left])
            for left in self.features
        ]


def compared_features() -> tuple[Feature, ...]:
    """Return what likeness is measured by: residents and what is held of them."""
    ages = [feature for feature in people.features() if feature.name.startswith("aged-")]
    redundant = {feature.name for feature in ages[REDUNDANT_AGES]}
    return (
        people.residents(),
        *(feature for feature in people.features() if feature.name not in redundant),
    )


def neighbours(features: Sequence[Feature]) -> Neighbours:
    """Measure how far boroughs lie from one another.

    Parameters
    ----------
    features : sequence of Feature
        What they are compared by; one in which all are alike adds nothing.
    """
    complete = tuple(
        area for area in areas.boroughs() if all(area in each.values for each in features)
    )
    left_out = tuple(area for area in areas.boroughs() if area not in complete)
    values = np.array([[each.values[area] for each in features] for area in complete], dtype=float)
    spread = values.std(axis=0)
    scaled = np.divide(
        values - values.mean(axis=0), spread, out=np.zeros_like(values), where=spread > 0
    )
    distances = np.sqrt(((scaled[:, None, :] - scaled[None, :, :]) ** 2).sum(axis=-1))
    return Neighbours(complete, left_out, tuple(features), distances)


def neighbour_table(found: Neighbours, missing: str) -> "pd.DataFrame":
    """Return who is nearest to whom.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, name, nearest, distance, second`` and ``stays`` (in how many comparisons
        with one feature fewer the nearest stays nearest); for boroughs left out the names are
        `missing`.
    """
    import pandas as pd

    rows = []
    for area in areas.boroughs():
        row: dict[str, object] = {"area": area, "name": areas.name(area)}
        if area in found.left_out:
            rows.append({**row, "nearest": missing, "second": missing})
            continue
        near = found.ordered(area)
        rows.append(
            {
                **row,
                "nearest": areas.name(near[0][0]),
                "distance": near[0][1],
                "second": areas.name(near[1][0]) if len(near) > 1 else missing,
                "stays": found.stays(area),
            }
        )
    return pd.DataFrame(rows)
