"""What over-performance means for each borough of the case, and how far we could be wrong."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis import kept
from helpers.finance.assumptions import PERCENT
from helpers.finance.calendar import years
from helpers.finance.case_inputs import inputs
from helpers.finance.over_performance.arrangements import ARRANGEMENTS, Outcome, arrange
from helpers.finance.over_performance.assumed import (
    Chances,
    assumptions,
    chances,
    field_of,
    share,
    written,
)
from helpers.finance.over_performance.draws import DRAWS, draw

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# A bad year is one of so many: as bad or worse comes no more often.
BAD_YEAR = 20
DRAWS_WHAT_IF = 20_000
# What a fund tops up to the threshold stands at it but for the last bit of a number.
ROUNDING = 1 + 1e-9


def periods() -> int:
    """Return the years simulated: those of the case after its first, which is part of one."""
    return len(years()) - 1


def results(assumed: Chances, draws: int = DRAWS) -> "pd.DataFrame":
    """Return what each arrangement means for each borough, on the budgets of the case.

    Parameters
    ----------
    assumed : Chances
        Of the simulation.
    draws : int
        How many.

    Returns
    -------
    pandas.DataFrame
        One row an arrangement and borough: ``arrangement``, ``area``; ``average_gbp_m`` and
        ``transfer_gbp_m`` (what it costs more than without sharing), £ million of 2009/10 in
        an average year; ``bad_year_percent`` (of budget, passed in one of `BAD_YEAR` years);
        ``difficulty_percent`` (chance that in at least one of the years what is left to a
        borough passes the threshold).
    """
    known = inputs()
    return _simulated(
        known.areas, known.acute_spend, known.weighted_shares, periods(), assumed, draws
    )


@kept
def _simulated(
    areas: tuple[str, ...],
    budgets: "NDArray[np.float64]",
    weighted_shares: "NDArray[np.float64]",
    years_simulated: int,
    assumed: Chances,
    draws: int,
) -> "pd.DataFrame":
    """Return the results on given budgets, £ million, and shares, both by area."""
    import pandas as pd

    whole = draws * years_simulated
    tallies = {name: _Tally(whole, len(budgets)) for name in ARRANGEMENTS}
    for over in draw(budgets, assumed, periods=years_simulated, draws=draws):
        for name, outcome in arrange(over, budgets, weighted_shares, assumed).items():
            tallies[name].add(outcome.cost)
            tallies[name].serious += _in_difficulty(outcome, budgets, assumed)
    usual = tallies["none"].costs / whole
    tables = []
    for name, tally in tallies.items():
        average = tally.costs / whole
        tables.append(
            pd.DataFrame(
                {
                    "arrangement": name,
                    "area": areas,
                    "average_gbp_m": average,
                    "transfer_gbp_m": average - usual,
                    "bad_year_percent": tally.bad_year() / budgets * PERCENT,
                    "difficulty_percent": tally.serious / draws * PERCENT,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


class _Tally:
    """What has come of an arrangement so far, by borough.

    Attributes
    ----------
    costs : numpy.ndarray
        The sum of all years drawn. Shape (areas,).
    serious : numpy.ndarray
        In how many draws there was serious difficulty. Shape (areas,).
    """

    def __init__(self, whole: int, areas: int) -> None:
        self.costs, self.serious = np.zeros(areas), np.zeros(areas)
        self._place, self._between = divmod((1 - 1 / BAD_YEAR) * (whole - 1), 1)
        # Only the highest costs are held: a bad year is among them.
        self._most = whole - int(self._place)
        self._highest = np.empty((0, areas))

    def add(self, cost: "NDArray[np.float64]") -> None:
        """Add the costs of some draws, by draw, year and area."""
        self.costs += cost.sum(axis=(0, 1))
        held = np.concatenate([self._highest, cost.reshape(-1, cost.shape[-1])])
        beyond = max(0, len(held) - self._most)
        self._highest = np.partition(held, beyond, axis=0)[beyond:]

    def bad_year(self) -> "NDArray[np.float64]":
        """Return the cost that is passed in one of `BAD_YEAR` years: a quantile of all."""
        ordered = np.sort(self._highest, axis=0)
        low, high = ordered[0], ordered[min(1, len(ordered) - 1)]
        passed: NDArray[np.float64] = low + (high - low) * self._between
        return passed


@kept
def _difficulty(
    areas: tuple[str, ...],
    budgets: "NDArray[np.float64]",
    weighted_shares: "NDArray[np.float64]",
    years_simulated: int,
    assumed: Chances,
    draws: int,
) -> "pd.DataFrame":
    """Return ``arrangement``, ``area`` and ``difficulty_percent`` of `_simulated` alone."""
    import pandas as pd

    serious = {name: np.zeros(len(budgets)) for name in ARRANGEMENTS}
    for over in draw(budgets, assumed, periods=years_simulated, draws=draws):
        for name, outcome in arrange(over, budgets, weighted_shares, assumed).items():
            serious[name] += _in_difficulty(outcome, budgets, assumed)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "arrangement": name,
                    "area": areas,
                    "difficulty_percent": count / draws * PERCENT,
                }
            )
            for name, count in serious.items()
        ],
        ignore_index=True,
    )


def _in_difficulty(
    outcome: Outcome, budgets: "NDArray[np.float64]", assumed: Chances
) -> "NDArray[np.int_]":
    """Return in how many draws what is left to each borough passes the threshold in any year."""
    limit = assumed.threshold * budgets * ROUNDING
    passed = np.zeros(outcome.borne[:, 0].shape, dtype=bool)
    for year in range(outcome.borne.shape[1]):
        passed |= outcome.borne[:, year] > limit
    count: NDArray[np.int_] = np.count_nonzero(passed, axis=0)
    return count


def what_if(draws: int = DRAWS_WHAT_IF) -> "pd.DataFrame":
    """Return what becomes of serious difficulty when one assumption is low or high.

    Parameters
    ----------
    draws : int
        How many for each setting, the same ones for all.

    Returns
    -------
    pandas.DataFrame
        First the assumptions as they stand, then two rows an assumption: ``title``,
        ``value`` (with its unit) and, one column a key of `ARRANGEMENTS`, how many boroughs
        are to be expected in serious difficulty in at least one of the years.
    """
    import pandas as pd

    usual = chances()
    records = [{"title": "All", "value": "as assumed", **_expected(usual, draws)}]
    for row in assumptions():
        for end in ("low", "high"):
            changed = replace(usual, **{field_of(row): share(row, end)})
            expected = _expected(changed, draws)
            records.append({"title": row["title"], "value": written(row, end), **expected})
    return pd.DataFrame(records)


def _expected(assumed: Chances, draws: int) -> dict[str, float]:
    """Return the expected number of boroughs in serious difficulty, by arrangement."""
    known = inputs()
    table = _difficulty(
        known.areas, known.acute_spend, known.weighted_shares, periods(), assumed, draws
    )
    totals = table.groupby("arrangement", sort=False)["difficulty_percent"].sum() / PERCENT
    return {str(name): float(total) for name, total in totals.items()}
