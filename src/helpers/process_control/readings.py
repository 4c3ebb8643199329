"""What a control chart can say: rules, and the two summary icons with their words.

The words are those of the key that NHS England's Making Data Count prints under its icons.
"""

from enum import Enum
from typing import Literal

Direction = Literal["increase", "decrease", "neither"]


class Rule(Enum):
    """A rule by which a point is special cause variation; the value says it in words."""

    TREND = "a run of points all rising or all falling"
    SHIFT = "a run of points on one side of the mean"
    TWO_OF_THREE = "two of three points close to the same process limit"
    OUTSIDE = "a point outside the process limits"


class Variation(Enum):
    """What the variation of a point, or of the last one, means.

    Attributes
    ----------
    words : str
        What the icon says.
    letter : str
        The letter that the icon bears: H for high values, L for low ones, or none.
    """

    COMMON = ("Common cause: no significant change", "")
    IMPROVING_HIGH = (
        "Special cause of improving nature or lower pressure due to higher values",
        "H",
    )
    IMPROVING_LOW = (
        "Special cause of improving nature or lower pressure due to lower values",
        "L",
    )
    CONCERNING_HIGH = (
        "Special cause of concerning nature or higher pressure due to higher values",
        "H",
    )
    CONCERNING_LOW = (
        "Special cause of concerning nature or higher pressure due to lower values",
        "L",
    )
    NEITHER_HIGH = (
        "Special cause due to higher values, not necessarily improving or concerning",
        "H",
    )
    NEITHER_LOW = (
        "Special cause due to lower values, not necessarily improving or concerning",
        "L",
    )
    TOO_FEW = ("Too few points to tell special cause from common cause", "")

    def __init__(self, words: str, letter: str) -> None:
        self.words = words
        self.letter = letter

    @property
    def special(self) -> bool:
        """Whether this is special cause variation."""
        return self not in (Variation.COMMON, Variation.TOO_FEW)


class Assurance(Enum):
    """Whether the process can be relied on to meet its target.

    Attributes
    ----------
    words : str
        What the icon says.
    letter : str
        The letter that the icon bears: P for pass, F for fail, ? for hit and miss, or none.
    """

    PASSES = ("Variation indicates consistently passing the target", "P")
    FAILS = ("Variation indicates consistently falling short of the target", "F")
    HIT_AND_MISS = (
        "Variation indicates inconsistently passing and falling short of the target",
        "?",
    )
    NO_TARGET = ("No target to compare with the process limits", "")
    NO_DIRECTION = ("Neither direction is an improvement, so no target can be passed", "")
    TOO_FEW = ("Too few points to compare process limits with a target", "")

    def __init__(self, words: str, letter: str) -> None:
        self.words = words
        self.letter = letter


HIGH = {
    "increase": Variation.IMPROVING_HIGH,
    "decrease": Variation.CONCERNING_HIGH,
    "neither": Variation.NEITHER_HIGH,
}
LOW = {
    "increase": Variation.CONCERNING_LOW,
    "decrease": Variation.IMPROVING_LOW,
    "neither": Variation.NEITHER_LOW,
}


def assurance(
    target: float | None, lower: float, upper: float, direction: Direction, tolerance: float
) -> Assurance:
    """Compare a target with the process limits.

    A target on a limit counts as passed or failed, as in version 2.1 and later of NHS
    England's query. Where the limits collapse onto the target it counts as passed.

    Parameters
    ----------
    target : float, optional
        The target, in the unit of the series.
    lower, upper : float
        The latest process limits as calculated, not cut at the bounds of the unit.
    direction : {'increase', 'decrease', 'neither'}
        Which way is better.
    tolerance : float
        Difference that counts as none.
    """
    if target is None:
        return Assurance.NO_TARGET
    if direction == "neither":
        return Assurance.NO_DIRECTION
    below, above = target <= lower + tolerance, target >= upper - tolerance
    passed, failed = (below, above) if direction == "increase" else (above, below)
    if passed:
        return Assurance.PASSES
    return Assurance.FAILS if failed else Assurance.HIT_AND_MISS
