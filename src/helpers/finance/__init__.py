"""The 2009 business case as a model: from its inputs to net benefit, payback and risk.

Specified by Part 3, section 2 and Appendix D of the Commissioning Partnership case. Inputs
come from the evidence (`inputs`), what a reader may change from `Assumptions`; `project`
computes the case, `net_benefits` and `paybacks` hold it against the published figures. What
the source never showed is in the modules beside: `sensitivity`, `simulation`, `proofs`,
`contributions`, `over_performance`.

Names are looked up when they are first asked for: the builder needs the assumptions' ranges
at every start, and not the arithmetic with its arrays.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.finance.assumptions import BASES, Assumptions
    from helpers.finance.calendar import (
        MONTHS_A_YEAR,
        SECTOR,
        boroughs,
        first_year_months,
        part_year,
        rollout,
        scenarios,
        standpoint,
        years,
    )
    from helpers.finance.case_inputs import Inputs, inputs
    from helpers.finance.model import LINES, payback_days
    from helpers.finance.projection import Projection, project
    from helpers.finance.published import as_planned, net_benefits, paybacks

__all__ = [
    "BASES",
    "LINES",
    "MONTHS_A_YEAR",
    "SECTOR",
    "Assumptions",
    "Inputs",
    "Projection",
    "as_planned",
    "boroughs",
    "first_year_months",
    "inputs",
    "net_benefits",
    "part_year",
    "payback_days",
    "paybacks",
    "project",
    "rollout",
    "scenarios",
    "standpoint",
    "years",
]

_PLACES = {
    "assumptions": ("BASES", "Assumptions"),
    "calendar": (
        "MONTHS_A_YEAR",
        "SECTOR",
        "boroughs",
        "first_year_months",
        "part_year",
        "rollout",
        "scenarios",
        "standpoint",
        "years",
    ),
    "case_inputs": ("Inputs", "inputs"),
    "model": ("LINES", "payback_days"),
    "projection": ("Projection", "project"),
    "published": ("as_planned", "net_benefits", "paybacks"),
}


def __getattr__(name: str) -> Any:
    """Find a name in the module that defines it."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
