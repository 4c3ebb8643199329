"""Make one edition of a build: stage, render and check it, or take it from the last build."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from multiprocessing.connection import wait
from pathlib import Path

from nwlbook import engines
from nwlbook.book import Book
from nwlbook.earlier_build import EarlierBuild
from nwlbook.editions import place, write_links
from nwlbook.errors import BuildError
from nwlbook.figures_record import NAME as RECORD
from nwlbook.figures_record import made_with, summary_of
from nwlbook.garbage import collect_seldom
from nwlbook.plan import Edition
from nwlbook.reuse import (
    Made,
    edition_key,
    is_current,
    render_key,
    reuse_project,
    reuse_site,
    site_digest,
)
from nwlbook.runs import RunResult


@dataclass(frozen=True)
class EditionTask:
    """All that making an edition needs; it can go to another process.

    Attributes
    ----------
    book : Book
        The configuration.
    edition : Edition
        What to make.
    editions : sequence of Edition
        All of the build.
    results : mapping
        Run id to its result, for the runs of this edition.
    images : mapping
        Label to static image; empty for an edition that is unchanged.
    assets : mapping
        File in the staged project to the file that it is copied from.
    engine : str
        ``quarto`` or ``embedded``.
    versions : mapping
        Versions of what the engine runs on.
    formats : tuple of str
        Any of ``html``, ``pdf``, ``docx`` and ``epub``.
    documents : mapping
        Slug of each edition to the names of its documents.
    jobs : int
        Chapters worked on at a time.
    root, outputs, cache, folder : Path
        The project, where builds are published, what is kept from build to build, and this
        build.
    earlier : EarlierBuild, optional
        Build to compare with.
    draft : bool
        Whether chapters are missing.
    key : str
        Digest of all that it is made from.
    unchanged : bool
        Whether it can be taken over whole from the last build.
    warnings : tuple of str
        What has been missing so far.
    """

    book: Book
    edition: Edition
    editions: Sequence[Edition]
    results: Mapping[str, RunResult]
    images: Mapping[str, Path]
    assets: Mapping[str, Path]
    engine: engines.Engine
    versions: Mapping[str, str]
    formats: tuple[str, ...]
    documents: Mapping[str, list[str]]
    jobs: int
    root: Path
    outputs: Path
    cache: Path
    folder: Path
    earlier: EarlierBuild | None
    draft: bool
    key: str = ""
    unchanged: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def project(self) -> Path:
        """Folder of the staged project."""
        return self.folder / "project" / self.edition.slug

    @property
    def site(self) -> Path:
        """Folder of the edition's site."""
        return self.folder / "site" / place(self.edition.slug)


@dataclass
class EditionBuilt:
    """What came of an edition.

    Attributes
    ----------
    made : Made
        What the next build needs to know to take it over.
    problems : list of str
        What is wrong with its site.
    seconds : dict
        Stage to the seconds it took.
    """

    made: Made
    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Take the time of a stage."""
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def built_editions(tasks: Sequence[EditionTask]) -> Iterator[EditionBuilt]:
    """Make editions, several at a time where there are several cores, and yield them in order.

    Parameters
    ----------
    tasks : sequence of EditionTask
        One an edition.

    Raises
    ------
    InputError, BuildError
        As `build_edition`, for the first that fails.
    """
    workers = _workers(tasks)
    if workers == 1:
        yield from map(build_edition, tasks)
        return
    # Processes of their own, since most of the work between the calls of pandoc and typst is
    # Python's, of which one process does one thing at a time.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_begin) as pool:
        try:
            yield from pool.map(build_edition, tasks)
        except BrokenProcessPool as error:
            raise BuildError("a process that makes editions was ended from outside") from error
        finally:
            pool.shutdown(cancel_futures=True)


def prepare(tasks: Sequence[EditionTask]) -> None:
    """Import and start what making the editions will need, while their charts are drawn.

    Parameters
    ----------
    tasks : sequence of EditionTask
        One an edition.
    """
    # Processes of their own could not inherit it.
    if _workers(tasks) == 1:
        for task in tasks:
            if not task.unchanged:
                from nwlbook.stage import edition_title
                from nwlbook.theme.reference_document import reference_document

                reference_document(edition_title(task.book, task.edition))
                import_module("nwlbook.checks")
                engines.prepare(task.engine, task.formats)


def _workers(tasks: Sequence[EditionTask]) -> int:
    return min(len(tasks), os.cpu_count() or 1)


def _begin() -> None:
    """Begin a process for editions: it ends as soon as the builder has gone, however that came."""
    collect_seldom()
    builder = multiprocessing.parent_process()

    def watch() -> None:
        if builder is not None:
            wait([builder.sentinel])
            os._exit(1)

    # Ctrl-C at the terminal is meant for the builder.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()


def build_edition(task: EditionTask) -> EditionBuilt:
    """Make the site of an edition.

    Raises
    ------
    InputError
        If a chapter cannot be staged or rendered.
    BuildError
        If the engine fails.
    """
    task.site.mkdir(parents=True, exist_ok=True)
    built = EditionBuilt(Made())
    if task.unchanged:
        # It was checked when it was made, and has not been touched since.
        with built.stage("stage"):
            built.made = reuse_project(task.outputs, task.edition.slug, task.project, task.site)
            write_links(task.site, task.edition, task.editions, dict(task.documents))
        return built
    _make(task, built)
    return built


def compared(task: EditionTask) -> EditionTask:
    """Return a task that knows its key, and whether the last build made the edition from it."""
    key = edition_key(task)
    return replace(task, key=key, unchanged=is_current(task.outputs, task.edition.slug, key))


def _make(task: EditionTask, built: EditionBuilt) -> None:
    # Not imported above: a build that finds everything as it was needs neither.
    from nwlbook.checks import documents_problems, page_problems
    from nwlbook.stage import stage_edition

    with built.stage("stage"):
        chapters = stage_edition(
            task.book,
            task.edition,
            task.results,
            task.images,
            task.assets,
            task.project,
            made_with=made_with(task.engine, task.versions, task.root),
            earlier=task.earlier,
            draft=task.draft,
            cache=task.cache,
        )
        figures = summary_of(task.project / RECORD)
    documents = task.documents[task.edition.slug]

    def check_pages() -> None:
        with built.stage("check"):
            write_links(task.site, task.edition, task.editions, dict(task.documents))
            own = task.engine == "embedded"
            built.problems = page_problems(
                task.site, chapters, documents, own_pages=own, cache=task.cache / "pages"
            )

    with built.stage("render"):
        rendering = render_key(task.project, task.engine, task.versions, task.formats)
        warnings = reuse_site(task.outputs, task.edition.slug, rendering, task.site)
        if warnings is not None:
            check_pages()
        else:
            rendered = engines.render_edition(
                task.engine,
                task.project,
                task.site,
                task.formats,
                task.jobs,
                task.cache,
                on_pages=check_pages,
            )
            warnings = rendered.warnings
            for name, taken in rendered.seconds.items():
                built.seconds[f"render: {name}"] = taken
    with built.stage("check"):
        digest = site_digest(task.site)
        built.made = Made(
            task.key, rendering, digest, tuple(dict.fromkeys([*task.warnings, *warnings])), figures
        )
        built.problems += documents_problems(task.site, chapters, documents)
