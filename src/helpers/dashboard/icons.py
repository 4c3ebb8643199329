"""The summary icons of a control chart as text: a shape, a letter and words, no picture.

The shapes are those of the points in the control chart, so that a reader learns them once.
"""

from typing import TYPE_CHECKING

from helpers import prose
from helpers.process_control import Assurance, ControlChart, Variation

if TYPE_CHECKING:
    import pandas as pd

VARIATION = {
    Variation.COMMON: ("○", "Common cause"),
    Variation.IMPROVING_HIGH: ("◆", "Improving"),
    Variation.IMPROVING_LOW: ("◆", "Improving"),
    Variation.CONCERNING_HIGH: ("■", "Concerning"),
    Variation.CONCERNING_LOW: ("■", "Concerning"),
    Variation.NEITHER_HIGH: ("▲", "Special cause"),
    Variation.NEITHER_LOW: ("▲", "Special cause"),
    Variation.TOO_FEW: ("", "Too few points"),
}
ASSURANCE = {
    Assurance.PASSES: "Consistently passing",
    Assurance.FAILS: "Consistently falling short",
    Assurance.HIT_AND_MISS: "Hit and miss",
    Assurance.NO_TARGET: "No target",
    Assurance.NO_DIRECTION: "No better direction",
    Assurance.TOO_FEW: "Too few points",
}


def variation_icon(chart: ControlChart) -> str:
    """Write the variation icon: ``■ L Concerning``; with too few points, how many more."""
    lacking = f": {prose.count(chart.missing)} more needed" if chart.missing else ""
    return f"{_variation(chart.variation)}{lacking}"


def assurance_icon(chart: ControlChart) -> str:
    """Write the assurance icon: ``F Consistently falling short``."""
    return _assurance(chart.assurance)


def both_icons(variation: str, assurance: str) -> str:
    """Join the two icons for a narrow column; where both say the same, it is said once."""
    return variation if variation.startswith(assurance) else f"{variation}; {assurance}"


def icon_key() -> "pd.DataFrame":
    """Return what each icon means.

    Returns
    -------
    pandas.DataFrame
        One row an icon: ``icon`` (as the dashboard writes it), ``kind`` (``Variation`` or
        ``Assurance``) and ``meaning`` (the words of NHS England's key).
    """
    import pandas as pd

    return pd.DataFrame(
        [
            *((_variation(each), "Variation", each.words) for each in VARIATION),
            *((_assurance(each), "Assurance", each.words) for each in ASSURANCE),
        ],
        columns=["icon", "kind", "meaning"],
    )


def _variation(variation: Variation) -> str:
    shape, word = VARIATION[variation]
    return " ".join(part for part in (shape, variation.letter, word) if part)


def _assurance(assurance: Assurance) -> str:
    return " ".join(part for part in (assurance.letter, ASSURANCE[assurance]) if part)
