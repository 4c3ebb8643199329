"""kill -9 at random moments."""

import random
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from faults.builder import SHORT_STAGES, STAGES, Builder, Said
from faults.scene import Outcome, Scene, Templates

ALL_KNOWN = ("runs", "images")
# How many kills of fifty are done at each stage, and which folders of the cache are filled
# then: what a stage is to be hit in has to do something.
SHARES: dict[str, tuple[int, tuple[str, ...]]] = {
    "start": (4, ALL_KNOWN),
    "execute": (12, ()),
    "images": (8, ("runs",)),
    "stage": (4, ALL_KNOWN),
    "render": (10, ALL_KNOWN),
    "check": (3, ALL_KNOWN),
    "publish": (5, ALL_KNOWN),
    "published": (4, ALL_KNOWN),
}


# Of a book whose builds take minutes: seconds into each stage, by hand.
REAL_SECONDS = {"execute": 12.0, "render": 1.5, "publish": 0.0}


@dataclass(frozen=True)
class Kill:
    """One kill.

    Attributes
    ----------
    number : int
        From 1.
    stage : str
        Stage after the beginning of which it comes.
    part : float
        How far into it, from 0 to 1.
    known : tuple of str
        Folders of the cache that hold what the build needs.
    cold : bool
        Whether there is no cache at all.
    """

    number: int
    stage: str
    part: float
    known: tuple[str, ...]
    cold: bool


def kills(seed: int) -> list[Kill]:
    """Return fifty kills spread over all stages, the same for each seed."""
    chance = random.Random(seed)  # noqa: S311 no secret
    stages = [stage for stage, (share, _) in SHARES.items() for _ in range(share)]
    found = []
    for number, stage in enumerate(stages, 1):
        known = SHARES[stage][1]
        found.append(Kill(number, stage, chance.random(), known, not known and number % 2 == 0))
    return found


def killed(kill: Kill, templates: Templates, folder: Path, seconds: dict[str, float]) -> Outcome:
    """Kill a build, and see what comes of it and of the next.

    Parameters
    ----------
    kill : Kill
        When.
    templates : Templates
        The book.
    folder : Path
        Where the scene is made.
    seconds : dict
        How long each stage lasts, about.
    """
    scene = Scene(folder, templates, kill.known)
    if kill.cold:
        scene.without_cache()
    outcome = Outcome("", "", Said(0, "", 0.0))
    with scene.watched(outcome):
        builder = Builder(scene.root)
        builder.reach(kill.stage)
        if kill.stage not in SHORT_STAGES:
            time.sleep(kill.part * seconds.get(kill.stage, 0.0))
        outcome.stage = builder.stage()
        builder.kill()
        outcome.said = builder.end()
    # Between the look at the stage and the end it may have gone on.
    outcome.stage = max(outcome.stage, builder.stage(), key=STAGES.index)
    cache = "none" if kill.cold else ", ".join(kill.known) or "of the last build"
    outcome.fault = f"kill -9 of the builder, {outcome.stage}"
    outcome.how = f"cache: {cache}"
    outcome.expected = (-9, 0)
    return scene.settle(outcome, builder)


def stage_seconds(templates: Templates, folder: Path) -> dict[str, float]:
    """Return how long each stage lasts that kills are spread over."""
    found: dict[str, float] = {}
    long = [stage for stage in STAGES if stage not in SHORT_STAGES]
    for known in {known for _, known in SHARES.values()}:
        scene = Scene(folder, templates, known)
        builder = Builder(scene.root)
        began: dict[str, float] = {}
        for stage in long:
            if builder.reach(stage):
                began[stage] = time.monotonic()
        builder.end()
        builder.left()
        builder.remains()
        for stage, after in pairwise(long):
            if SHARES[stage][1] == known and after in began:
                found[stage] = began[after] - began[stage]
    return found


def kills_of_real_book() -> list[Kill]:
    """Return kills of a large book: one with nothing cached, two later ones."""
    return [
        Kill(number, stage, 1.0, SHARES[stage][1], stage == "execute")
        for number, stage in enumerate(REAL_SECONDS, 1)
    ]
