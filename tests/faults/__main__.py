"""Run the whole campaign and write docs/reliability.md: seven minutes to an hour on two cores.

make faults
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from faults import children, damage, runs, signals, surroundings
from faults.book import (
    change_real_chapters,
    change_small_book,
    make_real_chapters,
    make_small_book,
)
from faults.fault import Fault, suffered
from faults.kills import (
    REAL_SECONDS,
    Kill,
    killed,
    kills,
    kills_of_real_book,
    stage_seconds,
)
from faults.report import page, write
from faults.scene import Outcome, Templates, make_templates

SEED = 2009
GROUPS: list[tuple[str, list[Fault]]] = [
    ("Kernels", runs.FAULTS),
    ("What a build has started", children.FAULTS),
    ("Whoever runs it, and other builds", signals.FAULTS),
    ("The machine", surroundings.FAULTS),
    ("What stands in `outputs`", damage.FAULTS),
]


def main() -> int:
    """Run the campaign; 1 if anything did not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=SEED, help="of the moments of kills")
    given = asked.parse_args()
    # A shell that runs this in the background lets it, and all that it starts, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="nwl-faults-") as name:
        folder = Path(name)
        small = make_templates(folder / "small", make_small_book, change_small_book)
        seconds = stage_seconds(small, folder / "scene")
        of_small = [*_kills(kills(given.seed), small, folder, seconds)]
        groups = [(title, [*_faults(faults, small, folder)]) for title, faults in GROUPS]
        book = make_templates(folder / "real", make_real_chapters, change_real_chapters)
        of_real = [*_kills(kills_of_real_book(), book, folder, REAL_SECONDS)]
    missing = [
        (fault.name, fault.missing) for _, faults in GROUPS for fault in faults if fault.missing
    ]
    print(f"Wrote {write(page(of_small, of_real, groups, missing))}")
    every = [*of_small, *of_real, *(one for _, outcomes in groups for one in outcomes)]
    return int(any(one.problems for one in every))


def _kills(
    moments: list[Kill], templates: Templates, folder: Path, seconds: dict[str, float]
) -> Iterator[Outcome]:
    for kill in moments:
        outcome = killed(kill, templates, folder / "scene", seconds)
        yield _said(f"{kill.number} of {len(moments)}", outcome)


def _faults(faults: list[Fault], templates: Templates, folder: Path) -> Iterator[Outcome]:
    for fault in faults:
        if not fault.missing:
            yield _said("", suffered(fault, templates, folder / "scene"))


def _said(place: str, outcome: Outcome) -> Outcome:
    """Show an outcome to whoever waits."""
    mark = "held" if not outcome.problems else "DID NOT HOLD"
    print(f"{mark}: {place} {outcome.fault} ({outcome.seconds:.0f} s)", flush=True)
    for problem in outcome.problems:
        print(f"    {problem}", flush=True)
    return outcome


sys.exit(main())
