"""A project with a good build and a change to be built, and what must hold after a fault."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from faults.builder import Builder, Said, build, rebuilt
from faults.state import WATCHED, Reader, site_of, strays

# Pages that a reader fetches all the while, of whichever book has them.
PAGES = (*WATCHED, "notebooks/benefits.html", "nwl-report.pdf")


@dataclass(frozen=True)
class Templates:
    """What each scene starts from, and what it has to end with.

    Attributes
    ----------
    last_good : Path
        A project whose last build is older than its newest change.
    clean : Path
        The changed project, built once, from nothing, in another folder.
    before, after : dict
        The sites of the two.
    """

    last_good: Path
    clean: Path
    before: dict[str, str]
    after: dict[str, str]


def make_templates(
    folder: Path, make: Callable[[Path], Path], change: Callable[[Path], None]
) -> Templates:
    """Build a book before and after a change, each from nothing."""
    good, clean = make(folder / "good"), make(folder / "clean")
    change(clean)
    for root in (good, clean):
        said = build(root)
        if said.code:
            raise RuntimeError(f"the book of the campaign does not build: {said.text}")
    change(good)
    found = Templates(good, clean, site_of(good / "outputs"), site_of(clean / "outputs"))
    if not found.before or found.before == found.after:
        raise RuntimeError("the change of the campaign's book changes nothing")
    return found


class Site(Enum):
    """What the site is while a fault is done."""

    GOOD = "the last good one or the new one"
    OTHER = "always there, and may be another"
    GONE = "spoilt by the fault itself"


@dataclass
class Outcome:
    """What came of a fault.

    Attributes
    ----------
    fault : str
        What was done.
    how : str
        By which means.
    said : Said
        What the build said that the fault was done to.
    stage : str
        Where it was then.
    left : list of str
        Processes that were still there seconds later.
    gone : float
        Seconds until none was left.
    intact : list of str
        What was wrong with the last good site, during the fault and after.
    next : Said or None
        What the next build said.
    same : bool
        Whether the next build made the bytes of one from nothing.
    stray : list of str
        What the two left in `outputs` or the temporary folder that does not belong there.
    expected : tuple of int
        Exit codes that are right.
    says : str
        What the answer has to contain.
    seconds : float
        What all of it took.
    memory : int
        The most bytes that the builder itself took.
    spoilt : bool
        Whether the fault itself is one of the last good site.
    """

    fault: str
    how: str
    said: Said
    stage: str = ""
    left: list[str] = field(default_factory=list)
    gone: float = 0.0
    intact: list[str] = field(default_factory=list)
    next: Said | None = None
    same: bool = False
    stray: list[str] = field(default_factory=list)
    expected: tuple[int, ...] = (0,)
    says: str = ""
    seconds: float = 0.0
    memory: int = 0
    spoilt: bool = False

    @property
    def problems(self) -> list[str]:
        """Return what did not hold."""
        found = [f"the site: {text}" for text in self.intact]
        found += [f"still runs: {text}" for text in self.left]
        found += [f"left behind: {text}" for text in self.stray]
        if self.said.code not in self.expected:
            found.append(f"ended with {self.said.code}: {self.said.text[-600:]}")
        if self.says not in self.said.text:
            found.append(f"does not say '{self.says}': {self.said.text[-600:]}")
        if self.said.traceback:
            found.append(f"a traceback: {self.said.text[-1500:]}")
        if self.next is None or self.next.code:
            found.append(f"the next build failed: {self.next and self.next.text[-600:]}")
        if not self.same:
            found.append("the next build made other bytes than a clean one")
        return found


class Scene:
    """A copy of the project of which the last build is older than the newest change.

    Parameters
    ----------
    folder : Path
        Where to make it.
    templates : Templates
        What it is a copy of.
    known : tuple of str
        Folders of the cache that hold what the build to come needs.
    """

    def __init__(self, folder: Path, templates: Templates, known: tuple[str, ...] = ()) -> None:
        self.root = folder
        self.outputs = folder / "outputs"
        self.templates = templates
        self.afterwards = ExitStack()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(templates.last_good, folder, symlinks=True)
        for name in known:
            shutil.copytree(
                templates.clean / "outputs" / "cache" / name,
                self.outputs / "cache" / name,
                dirs_exist_ok=True,
            )

    def without_cache(self) -> "Scene":
        """Drop the cache, as a fresh clone has none."""
        shutil.rmtree(self.outputs / "cache")
        return self

    @contextmanager
    def watched(self, outcome: Outcome, site: Site = Site.GOOD) -> Iterator[None]:
        """Read the site while something happens, then note what was wrong with it."""
        if site is Site.GONE:
            yield
            return
        versions = (self.templates.before, self.templates.after) if site is Site.GOOD else ()
        pages = tuple(name for name in PAGES if name in self.templates.before)
        with Reader(self.outputs, versions, pages) as reader:
            yield
        outcome.intact += dict.fromkeys(reader.missed)
        if versions and site_of(self.outputs) not in versions:
            outcome.intact.append("is neither the last good one nor the new one")

    def settle(self, outcome: Outcome, builder: Builder, site: Site = Site.GOOD) -> Outcome:
        """Wait for processes to end, build again, and compare all of that with a clean build."""
        if not outcome.gone:
            outcome.gone, outcome.left = builder.left()
        failed_early = outcome.said.code and outcome.stage not in ("publish", "published")
        if site is Site.GOOD and failed_early and site_of(self.outputs) != self.templates.before:
            outcome.intact.append("is another although the build failed")
        with self.watched(outcome, site):
            outcome.next, remains = rebuilt(self.root, builder.temporary)
        outcome.stray += remains
        outcome.same = site_of(self.outputs) == self.templates.after
        outcome.stray += strays(self.outputs, self.templates.clean / "outputs")
        outcome.seconds = time.monotonic() - builder.began
        self.afterwards.close()
        shutil.rmtree(self.root, ignore_errors=True)
        return outcome
