"""Recompute published totals, shares and derived figures, and say where they do not add up."""

from helpers.reconciliation.check import DIFFERS, NOT_RECOMPUTABLE, REPRODUCED, Check, rounding
from helpers.reconciliation.register import checks, disagreements, everything

__all__ = [
    "DIFFERS",
    "NOT_RECOMPUTABLE",
    "REPRODUCED",
    "Check",
    "checks",
    "disagreements",
    "everything",
    "rounding",
]
