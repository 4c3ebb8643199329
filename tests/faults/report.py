"""Write what the campaign found as a page."""

import platform
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from faults.builder import STAGES
from faults.scene import Outcome

LONGEST = 110
HEADING = (
    "| Fault | By which means | The build ended with | It said | Last good site | Next build "
    "| Its bytes | s |",
    "|---|---|---:|---|---|---|---|---:|",
)


def page(
    kills: Sequence[Outcome],
    real: Sequence[Outcome],
    groups: Sequence[tuple[str, Sequence[Outcome]]],
    not_done: Sequence[tuple[str, str]],
) -> str:
    """Return `docs/reliability.md`.

    Parameters
    ----------
    kills, real : sequence of Outcome
        Of the small book and of chapters of the real one.
    groups : sequence of tuple
        Heading and outcomes of the other faults.
    not_done : sequence of tuple
        Faults that could not be done here, and why.
    """
    every = [*kills, *real, *(one for _, outcomes in groups for one in outcomes)]
    held = sum(not one.problems for one in every)
    lines = [
        "# Reliability: what was done to builds, and what came of it",
        "",
        f"{held} of {len(every)} faults left nothing wrong. Written by `make faults` on "
        f"{datetime.now(UTC):%-d %B %Y}, on {platform.system()} with Python "
        f"{platform.python_version()}.",
        "",
        "Each fault is really done to a build in a process of its own, of a project whose last "
        "good site is older than",
        "its newest change. Afterwards:",
        "",
        "- the **last good site** is what it was, or the new one whole; a reader that fetched "
        "pages all the while, during",
        "  the fault and the next build, never missed one and never got a part or an older one;",
        "- the **next build**, undisturbed, succeeds, and all **bytes** of its site are those of "
        "a build from nothing in",
        "  another folder;",
        "- no process is left after ten seconds; after the next build no half-written file in "
        "`outputs`, nothing in the",
        "  temporary folder;",
        "- no traceback was shown.",
        "",
        f"## kill -9 of the builder: {_count(kills)}",
        "",
        "The builder alone is killed, so that kernels, browser and workers are orphans. The book "
        "has four runs, six images and",
        "a PDF. Moments are random within each stage (with a seed); the stage is the one that "
        "the build was in when it died.",
        "",
        *_stages(kills),
        "",
        f"## kill -9 of a build of the book's own chapters: {_count(real)}",
        "",
        *_stages(real),
    ]
    for title, outcomes in groups:
        lines += ["", f"## {title}: {_count(outcomes)}", "", *HEADING]
        lines += [_row(one) for one in outcomes]
    if not_done:
        lines += ["", "## Not done here", "", *(f"- {name}: {why}" for name, why in not_done)]
    problems = [(one, text) for one in every for text in one.problems]
    if problems:
        lines += ["", "## What did not hold", ""]
        lines += [f"- {one.fault} ({one.how}): {_text(text, 400)}" for one, text in problems]
    return "\n".join([*lines, ""])


def _count(outcomes: Sequence[Outcome]) -> str:
    return f"{sum(not one.problems for one in outcomes)} of {len(outcomes)}"


def _stages(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield a table of kills by stage and state of the cache."""
    yield "| Stage | Cached before | Kills | Site intact | Recovered | Same bytes | Orphans, s |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    counted = Counter((one.stage, one.how) for one in outcomes)
    for stage, how in sorted(counted, key=lambda at: (STAGES.index(at[0]), at[1])):
        here = [one for one in outcomes if (one.stage, one.how) == (stage, how)]
        figures = (
            len(here),
            sum(not one.intact for one in here),
            sum(one.next is not None and not one.next.code for one in here),
            sum(one.same for one in here),
        )
        gone = "not" if any(one.left for one in here) else f"{max(one.gone for one in here):.1f}"
        yield f"| {stage} | {how} | {' | '.join(map(str, figures))} | {gone} |"


def _row(one: Outcome) -> str:
    cells: Iterable[str] = (
        one.fault,
        one.how,
        str(one.said.code),
        f"`{_text(one.said.line)}`" if one.said.line else "",
        "NOT INTACT" if one.intact else "spoilt by the fault" if one.spoilt else "intact",
        "succeeds" if one.next is not None and not one.next.code else "FAILS",
        "the same" if one.same else "OTHERS",
        f"{one.seconds:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _text(text: str, longest: int = LONGEST) -> str:
    """Return a text for a cell of a table, without the names of folders of this run."""
    plain = " ".join(text.split()).replace("|", r"\|").replace("`", "'")
    plain = re.sub(r"/[^\s:]*?/(?=outputs|node_modules|browser)", "PROJECT/", plain)
    plain = re.sub(r"\d{8}T\d{6}\.\d{6}Z-\d+", "BUILD", plain)
    plain = re.sub(r"Built in [\d.]+ s", "Built in … s", plain)
    return plain if len(plain) <= longest else f"{plain[:longest]}…"


def write(text: str) -> Path:
    """Write the page where the documentation is."""
    file = Path(__file__).parents[2] / "docs" / "reliability.md"
    file.write_text(text, encoding="utf-8")
    return file
