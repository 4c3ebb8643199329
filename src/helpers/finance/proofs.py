"""Does the evidence carry the saving? The proofs that the source quantifies, added up."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers import evidence
from helpers.finance.assumptions import PERCENT, Assumptions
from helpers.finance.case_inputs import assumption, inputs

if TYPE_CHECKING:
    import pandas as pd

THOUSAND = 1e3
# Proofs that are sums of money found in measures of the Partnership itself.
MEASURED = ("non-tariff-prices", "temporary-to-permanent-staff")
# The proof that compares the sector with others on spend a head, which overlaps with the first.
GAP = "spend-per-head"


@dataclass(frozen=True)
class Support:
    """What the source's own proofs amount to beside the saving claimed, £ million a year.

    Attributes
    ----------
    claimed : float
        The saving of the last year.
    measured_low, measured_high : float
        Savings found in single measures: non-tariff prices and temporary staff.
    gap : float
        Saving if spend a head fell to that of the rest of London, as printed.
    gap_recomputed : float
        The same from the printed spends: the cut that closes the gap.
    size_effect : float
        The share by which the largest commissioners of England spend less than the smallest,
        applied to the spend: a comparison, not a plan, and printed as potential.
    """

    claimed: float
    measured_low: float
    measured_high: float
    gap: float
    gap_recomputed: float
    size_effect: float

    @property
    def together(self) -> float:
        """Measures at their highest and the gap to London: the most that can be added up."""
        return self.measured_high + self.gap

    @property
    def carried(self) -> float:
        """Share of the claim that this covers."""
        return self.together / self.claimed if self.claimed else float("inf")


def support(assumptions: Assumptions) -> Support:
    """Add up the proofs against the saving that an assumption claims.

    In prices of 2009/10, as the proofs are. The staff saving is left out of the claim by the
    source (it is in running costs) and counted here all the same, in the case's favour.

    Parameters
    ----------
    assumptions : Assumptions
        Its savings in the last year of operation are the claim.
    """
    proofs = {row["proof"]: row for row in evidence.rows("savings-proofs")}
    spend = float(inputs().acute_spend.sum())
    heads = spend_per_head()
    ends = [sum(_gbp_million(proofs[name], end) for name in MEASURED) for end in ("low", "high")]
    return Support(
        claimed=assumptions.saving_shares()[-1] * spend,
        measured_low=ends[0],
        measured_high=ends[1],
        gap=_gbp_million(proofs[GAP], "high"),
        gap_recomputed=(1 - heads["rest-of-london"] / heads["nwl"]) * spend,
        size_effect=proofs["commissioner-size"]["high"] / PERCENT * spend,
    )


def spend_per_head() -> dict[str, float]:
    """Return acute spend a head in 2007/08 by area, in £."""
    return {row["area"]: row["spend_per_head_gbp"] for row in evidence.rows("acute-spend-per-head")}


def spend_per_head_left(saving: float) -> tuple[float, float]:
    """Return the spend a head that a saving would leave, in £, in two readings.

    Parameters
    ----------
    saving : float
        Share of spend saved, 0 to 1.

    Returns
    -------
    tuple of float
        If it is saved on all hospital care; and if on the spend with the sector's own
        hospitals alone, to which the case applies it.
    """
    before = spend_per_head()["nwl"]
    own = assumption("nwl-provider-acute-spend") / assumption("sector-acute-spend")
    return before * (1 - saving), before * (1 - saving * own)


def listed() -> "pd.DataFrame":
    """Return every quantified proof of the source, as the resource ``savings-proofs`` has it."""
    return evidence.load("savings-proofs")


def _gbp_million(row: evidence.Row, end: str) -> float:
    amount = row[end] if row[end] is not None else row["high"]
    return float(amount / THOUSAND if row["unit"] == "GBP thousand" else amount)
