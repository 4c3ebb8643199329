"""The case under given assumptions: every line, its payback and its present value."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from helpers.finance import model, prices
from helpers.finance.assumptions import Assumptions
from helpers.finance.calendar import SECTOR
from helpers.finance.case_inputs import Inputs, inputs
from helpers.finance.contributions import contribution_shares

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """The case computed; money in £ million in prices of `assumptions.price_base`.

    Attributes
    ----------
    assumptions : Assumptions
        What it was computed with.
    areas : tuple of str
        The sector, then the boroughs.
    years : tuple of str
        Financial years.
    lines : dict
        One array a line of `model.LINES`, costs negative. Shape (areas, years); the sector
        is the sum of its boroughs.
    """

    assumptions: Assumptions
    areas: tuple[str, ...]
    years: tuple[str, ...]
    lines: "dict[str, Array]"

    def line(self, name: str, area: str) -> "Array":
        """Return a line of one area by year, shape (years,)."""
        return self.lines[name][self._rows[area]]

    def amount(self, name: str, area: str, year: str) -> float:
        """Return a line of one area in one year."""
        return float(self.line(name, area)[self.years.index(year)])

    def net_benefit(self, area: str) -> "Array":
        """Return the net benefit of one area by year, shape (years,)."""
        return self.line("net_benefit", area)

    def total(self, area: str) -> float:
        """Return the net benefit of one area over all years."""
        return float(self.net_benefit(area).sum())

    def present_value(self, area: str) -> float:
        """Return the net present value of one area, discounted to the first year."""
        rate = self.assumptions.discount_rate
        return float(prices.present_value(self.net_benefit(area), rate))

    def payback(self, area: str) -> float | None:
        """Return the payback period in days after rollout: 0 immediate, None never in time."""
        days = float(model.payback_days(self.net_benefit(area), self.assumptions.delay()))
        return None if np.isnan(days) else days

    def totals(self) -> dict[str, float]:
        """Return the net benefit of each area over all years."""
        return self._by_area(self.lines["net_benefit"].sum(axis=1))

    def present_values(self) -> dict[str, float]:
        """Return the net present value of each area, discounted to the first year."""
        rate = self.assumptions.discount_rate
        return self._by_area(prices.present_value(self.lines["net_benefit"], rate))

    def paybacks(self) -> dict[str, float | None]:
        """Return the payback period of each area, as `payback` gives it."""
        days = model.payback_days(self.lines["net_benefit"], self.assumptions.delay())
        return {area: None if np.isnan(due) else due for area, due in self._by_area(days).items()}

    def frame(self, *areas: str) -> "pd.DataFrame":
        """Return it tidy, all of it or some areas: ``area, year, line, gbp_m``."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"area": area, "year": year, "line": name, "gbp_m": float(amounts[row, column])}
                for area in areas or self.areas
                for row in [self._rows[area]]
                for column, year in enumerate(self.years)
                for name, amounts in self.lines.items()
            ]
        )

    def _by_area(self, amounts: "Array") -> dict[str, float]:
        return dict(zip(self.areas, amounts.tolist(), strict=True))

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {area: row for row, area in enumerate(self.areas)}


def project(assumptions: Assumptions, given: Inputs | None = None) -> Projection:
    """Compute the case under given assumptions.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader.
    given : Inputs, optional
        Instead of those of the evidence, to ask what another input would change.
    """
    known = given or inputs()
    computed = model.lines(
        known,
        np.array(assumptions.saving_shares()),
        delay=assumptions.delay(),
        contribution_shares=contribution_shares(known, assumptions.contribution_basis),
        interim_share=assumptions.interim(),
    )
    factor = prices.price_factor(assumptions.price_base)
    return Projection(
        assumptions,
        (SECTOR, *known.areas),
        known.years,
        {
            name: np.vstack([amounts.sum(axis=0), amounts]) * factor
            for name, amounts in computed.items()
        },
    )
