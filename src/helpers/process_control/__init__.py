"""Statistical process control as the NHS reads it: XmR charts of Making Data Count.

`xmr` draws the limits of a series from its own variation, says which points are special
cause variation and by which rule, and reads the two summary icons in words.
"""

from helpers.process_control.chart import (
    LEAST_POINTS,
    SHIFT_POINTS,
    TREND_POINTS,
    ControlChart,
    xmr,
)
from helpers.process_control.readings import Assurance, Direction, Rule, Variation

__all__ = [
    "LEAST_POINTS",
    "SHIFT_POINTS",
    "TREND_POINTS",
    "Assurance",
    "ControlChart",
    "Direction",
    "Rule",
    "Variation",
    "xmr",
]
