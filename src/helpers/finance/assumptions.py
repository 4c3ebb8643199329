"""What the case can be asked with: its parameters, and the range that each may take."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from helpers import evidence, prose
from helpers.errors import AssumptionError
from helpers.finance import prices
from helpers.finance.calendar import (
    earliest_delay,
    longest_delay,
    month_of,
    months_between,
    rollout,
    scenarios,
    years,
)

PERCENT = 100

AS_PUBLISHED = "published"
AS_SCENARIO = "scenario"
# How the Partnership's cost may be shared out, the agreed way first.
BASES = {
    "weighted-population": "weighted population",
    "equal-shares": "equal shares",
    "current-staff": "present staff",
    "current-cost": "present cost",
    "expected-benefit": "expected benefit",
}
HIGHEST_DISCOUNT_RATE = 100


@dataclass(frozen=True)
class Assumptions:
    """The assumptions that a reader may change; the defaults are the source's own.

    Attributes
    ----------
    scenario : str
        Savings scenario: ``best``, ``mid`` or ``worst``.
    savings : str
        Instead of the scenario's: percentages of acute spend saved in each year of operation,
        such as ``0,2,6,10``; ``scenario`` for those of the scenario.
    start_date : str
        First day of the month of rollout; ``published`` for the source's.
    slippage_months : int
        Months that rollout comes after the start date.
    interim_share : str
        Per cent of the Partnership's staff who are interim, in all years; ``published`` for
        the source's.
    contribution_basis : str
        How the Partnership's cost is shared out: a key of `BASES`.
    discount_rate : float
        Per cent a year.
    price_base : str
        Financial year whose prices money is shown in.

    Raises
    ------
    AssumptionError
        At creation, if one is out of its range; the message names it, the value and what is
        allowed.
    """

    scenario: str = "mid"
    savings: str = AS_SCENARIO
    start_date: str = AS_PUBLISHED
    slippage_months: int = 0
    interim_share: str = AS_PUBLISHED
    contribution_basis: str = "weighted-population"
    discount_rate: float = 3.5
    price_base: str = "2009/10"

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        for name in ("scenario", "contribution_basis", "price_base"):
            if getattr(self, name) not in _choices(name):
                raise _refused(name, getattr(self, name))
        rate = self.discount_rate
        if not (isinstance(rate, int | float) and -PERCENT < rate <= HIGHEST_DISCOUNT_RATE):
            raise _refused("discount_rate", rate)
        self.saving_shares()
        self.interim()
        self.delay()

    def saving_shares(self) -> tuple[float, ...]:
        """Return the share of acute spend saved in each year of operation, 0 to 1."""
        if self.savings == AS_SCENARIO:
            return tuple(
                row["saving_percent"] / PERCENT
                for row in evidence.rows("savings-scenarios")
                if row["scenario"] == self.scenario
            )
        parts = str(self.savings).split(",")
        if len(parts) != len(years()):
            raise _refused("savings", self.savings)
        return tuple(_percentage("savings", part) / PERCENT for part in parts)

    def interim(self) -> float | None:
        """Return the share of interim staff, 0 to 1, or None for the source's by year."""
        if self.interim_share == AS_PUBLISHED:
            return None
        return _percentage("interim_share", str(self.interim_share)) / PERCENT

    def delay(self) -> int:
        """Return the months from the planned rollout to the one assumed."""
        moved = 0
        if self.start_date != AS_PUBLISHED:
            moved = months_between(rollout(), self._start())
        late = self.slippage_months
        if not (isinstance(late, int) and 0 <= late <= longest_delay() - moved):
            raise _refused("slippage_months", late, moved)
        return moved + late

    def _start(self) -> date:
        try:
            start = date.fromisoformat(str(self.start_date))
        except ValueError:
            start = date.min
        if start.day != 1 or not month_of(earliest_delay()) <= start <= month_of(longest_delay()):
            raise _refused("start_date", self.start_date)
        return start

    @property
    def as_published(self) -> bool:
        """Whether net benefit comes out as in the source, in its prices."""
        return self == Assumptions(scenario=self.scenario, discount_rate=self.discount_rate)

    def describe(self) -> list[tuple[str, str]]:
        """Return each assumption in words, for the reader: name and value."""
        shares = ", ".join(f"{share * PERCENT:g}%" for share in self.saving_shares())
        slipped = self.slippage_months
        return [
            ("Savings by year of operation", f"{shares} ({self.case_name()})"),
            (
                "Rollout",
                f"{self.begins():%B %Y}"
                + (f", {prose.count(slipped, 'month')} late" if slipped else ""),
            ),
            (
                "Interim staff",
                "as planned by year"
                if self.interim_share == AS_PUBLISHED
                else f"{self.interim_share}% in all years",
            ),
            ("Contributions by", BASES[self.contribution_basis]),
            ("Discount rate", f"{prose.quantity(self.discount_rate, 'percent')} a year"),
            ("Prices of", self.price_base),
        ]

    def case_name(self) -> str:
        """Name the savings assumed: ``mid case`` or ``savings as given``."""
        return "savings as given" if self.savings != AS_SCENARIO else f"{self.scenario} case"

    def begins(self) -> date:
        """Return the first day of the month of rollout."""
        return month_of(self.delay())


def expected(name: str, moved: int = 0) -> str:
    """Say what an assumption may be, as the end of a message that refuses something else.

    Parameters
    ----------
    name : str
        An attribute of `Assumptions`.
    moved : int
        Months from the planned rollout to the start date, on which the slippage that the
        years of the case have room for depends.
    """
    match name:
        case "savings":
            return (
                f"expected '{AS_SCENARIO}' or {len(years())} percentages from 0 to {PERCENT}, "
                "one for each year, such as 0,2,6,10"
            )
        case "start_date":
            return (
                f"expected '{AS_PUBLISHED}' or the first day of a month from "
                f"{month_of(earliest_delay())} to {month_of(longest_delay())}, such as 2009-09-01"
            )
        case "slippage_months":
            return (
                f"expected whole months from 0 to {longest_delay() - moved}, so that rollout falls "
                "into the years of the case"
            )
        case "interim_share":
            return f"expected '{AS_PUBLISHED}' or a percentage from 0 to {PERCENT}"
        case "discount_rate":
            return f"expected per cent a year above -{PERCENT} and up to {HIGHEST_DISCOUNT_RATE}"
        case _:
            return f"expected one of {', '.join(_choices(name))}"


def _choices(name: str) -> Collection[str]:
    match name:
        case "scenario":
            return scenarios()
        case "contribution_basis":
            return BASES
        case _:
            return prices.price_years()


def _refused(name: str, value: object, moved: int = 0) -> AssumptionError:
    shown = f"{value:g}" if isinstance(value, float) else value
    return AssumptionError(f"{name}={shown}: {expected(name, moved)}")


def _percentage(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= PERCENT:
        raise _refused(name, text.strip())
    return value
