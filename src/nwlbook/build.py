"""Build the book: evidence, parameters, plan, execute, images, stage, render, check, publish."""

import json
import os
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nwlbook import charts, engines, sources
from nwlbook.book import Book, read_book
from nwlbook.cache import RunCache
from nwlbook.chapters import numbered_cells
from nwlbook.checks import site_problems
from nwlbook.editions import link_problems, place, write_links
from nwlbook.errors import BuildError, InputError
from nwlbook.execute import RunResult, execute
from nwlbook.exhibits import exhibit_of
from nwlbook.kernels import server
from nwlbook.manifest import write_manifest
from nwlbook.parameters import SECTOR, Domains, read_domains, validated
from nwlbook.plan import Edition, plan_edition, runs_of
from nwlbook.progress import Progress
from nwlbook.prose_check import refuse_typed_figures
from nwlbook.publish import holds_builds, new_build, publish
from nwlbook.reuse import render_key, reuse_site
from nwlbook.validation import validate_evidence

FORMATS = ("html", "pdf", "docx", "epub")


@dataclass(frozen=True)
class Request:
    """What a build is asked for.

    Attributes
    ----------
    root : Path
        Folder of the project.
    editions : tuple of str
        Slugs; ``nwl`` is the sector's.
    formats : tuple of str
        Any of ``html``, ``pdf``, ``docx`` and ``epub``.
    engine : str
        ``auto``, ``quarto`` or ``embedded``.
    parameters : mapping
        What ``-p`` gave.
    jobs : int
        Runs at a time.
    warm : bool
        Whether kernels are forked from a warm server.
    into : Path, optional
        Folder to build into instead of the project's `outputs`.
    """

    root: Path
    editions: tuple[str, ...] = (SECTOR,)
    formats: tuple[str, ...] = FORMATS
    engine: str = "auto"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    jobs: int = 2 * (os.cpu_count() or 1)
    warm: bool = True
    into: Path | None = None


class Build:
    """One build, from the request to the published site.

    Parameters
    ----------
    request : Request
        What to build.
    progress : Progress
        Where to say how far it is.
    """

    def __init__(self, request: Request, progress: Progress) -> None:
        self.request = request
        self.progress = progress
        self.outputs = request.into or request.root / "outputs"
        self.cache = request.root / "outputs" / "cache"
        self.seconds: dict[str, float] = {}
        self.warnings: list[str] = []
        self.rendered: dict[str, str] = {}

    def run(self) -> Path:
        """Build and publish.

        Returns
        -------
        Path
            First page of the last edition asked for.

        Raises
        ------
        InputError
            If the input is bad; nothing was written in the place of the last good build.
        BuildError
            If a run, the engine or a check failed; likewise.
        """
        began = time.perf_counter()
        engine = engines.choose_engine(self.request.engine)
        self._check_formats()
        self._check_folder()
        if self.request.warm and not (self.cache / "runs").exists():
            # A first build runs everything: the kernels' imports go on while evidence is read.
            server.warm_up()
        with self._stage("evidence"):
            validate_evidence(self.request.root, self.cache)
        with self._stage("plan"):
            book = read_book(self.request.root)
            editions = plan_editions(book, self.request, read_domains())
        folder = new_build(self.outputs)
        with self.progress.log(self.outputs / "logs" / f"{folder.name}.log"):
            with self._stage("execute"):
                results = self._execute(editions)
            assets = asset_files(self.request.root)
            with self._stage("images"):
                images = self._images(editions, results, assets["assets/plotly.min.js"])
            for edition in editions:
                self._edition(book, edition, editions, results, images, assets, engine, folder)
            with self._stage("check"):
                self._refuse(
                    list(link_problems(folder / "site", editions, self._documents(book, editions))),
                    "links between editions",
                )
            seconds = self.seconds | {"total": time.perf_counter() - began}
            write_manifest(
                folder,
                root=self.request.root,
                editions=editions,
                formats=self.request.formats,
                results=results,
                engine={"name": engine, "versions": engines.engine_versions(engine)},
                seconds=seconds,
                rendered=self.rendered,
                warnings=self.warnings,
            )
            with self._stage("publish"):
                warning = publish(folder, self.outputs)
            for message in [*self.warnings, *([warning] if warning else [])]:
                self.progress.warn(message)
        return self.outputs / "site" / place(editions[-1].slug) / "index.html"

    def _check_formats(self) -> None:
        for name in self.request.formats:
            if name not in FORMATS:
                raise InputError(f"--to {name}: expected {' or '.join(FORMATS)}")
        if "html" not in self.request.formats:
            raise InputError("--to: html is always built; add it to the list")

    def _check_folder(self) -> None:
        """Refuse to build into a folder that holds something else."""
        into = self.request.into
        if into is None or not into.exists():
            return
        if not into.is_dir() or (any(into.iterdir()) and not holds_builds(into)):
            raise InputError(f"--into {into}: expected a new or empty folder, or that of a build")

    def _execute(self, editions: Sequence[Edition]) -> dict[str, RunResult]:
        runs = runs_of(editions)
        with self.progress.count("Running notebooks", len(runs)) as advance:
            results = execute(
                runs,
                root=self.request.root,
                cache=RunCache(self.cache / "runs"),
                jobs=self.request.jobs,
                on_result=lambda result: advance(result.run.id, result.cached),
                warm=self.request.warm,
            )
        return {result.run.id: result for result in results}

    def _images(
        self, editions: Sequence[Edition], results: Mapping[str, RunResult], bundle: Path
    ) -> dict[str, dict[str, Path]]:
        """Return the static images of each edition: label, and label with ``-narrow``."""
        from nwlbook.images import render_svgs

        found = {edition.slug: dict(charts_of(edition, results)) for edition in editions}
        wanted = {}
        for slug, each in found.items():
            for label, chart in each.items():
                wanted[f"{slug}/{label}"] = chart
                layout = {**chart["layout"], "width": charts.NARROW}
                wanted[f"{slug}/{label}-narrow"] = {**chart, "layout": layout}
        with warnings.catch_warnings():
            # A missing browser is said once, as a warning of the build.
            warnings.simplefilter("ignore", UserWarning)
            images = render_svgs(
                wanted, cache=self.cache / "images", bundle=bundle, width=charts.WIDTH
            )
        if wanted and not images:
            self.warnings.append(
                "no browser found: the PDF has no charts; install chromium and build again"
            )
        made: dict[str, dict[str, Path]] = {edition.slug: {} for edition in editions}
        for name, file in images.items():
            slug, _, label = name.partition("/")
            made[slug][label] = file
        return made

    def _edition(
        self,
        book: Book,
        edition: Edition,
        editions: Sequence[Edition],
        results: Mapping[str, RunResult],
        images: Mapping[str, Mapping[str, Path]],
        assets: Mapping[str, Path],
        engine: engines.Engine,
        folder: Path,
    ) -> None:
        from nwlbook.stage import stage_edition

        project = folder / "project" / edition.slug
        site = folder / "site" / place(edition.slug)
        site.mkdir(parents=True, exist_ok=True)
        with self._stage("stage"):
            chapters = stage_edition(book, edition, results, images[edition.slug], assets, project)
        with self._stage("render"):
            key = render_key(project, engine, engines.engine_versions(engine), self.request.formats)
            self.rendered[edition.slug] = key
            if reuse_site(self.outputs, edition.slug, key, site):
                rendered = engines.Rendered()
            else:
                rendered = engines.render_edition(
                    engine,
                    project,
                    site,
                    self.request.formats,
                    self.request.jobs,
                    self.cache / "images",
                )
        for name, taken in rendered.seconds.items():
            self._add(f"render: {name}", taken)
        self.warnings += rendered.warnings
        documents = self._documents(book, editions)
        write_links(site, edition, editions, documents)
        with self._stage("check"):
            problems = site_problems(
                site, chapters, documents[edition.slug], own_pages=engine == "embedded"
            )
        self._refuse(problems, edition.slug)

    def _documents(self, book: Book, editions: Sequence[Edition]) -> dict[str, list[str]]:
        """Return the names of the documents that stand beside the pages of each edition."""
        from nwlbook.stage import document_name

        endings = [name for name in self.request.formats if name != "html"]
        return {
            edition.slug: [f"{document_name(book, edition)}.{ending}" for ending in endings]
            for edition in editions
        }

    def _refuse(self, problems: Sequence[str], what: str) -> None:
        """Say what is wrong with a built site, and stop if anything is."""
        for problem in problems:
            self.progress.warn(problem)
        if problems:
            raise BuildError(
                f"{what}: {len(problems)} problems in the built site; the first: {problems[0]}"
            )

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        self.progress.say(name)
        yield
        self._add(name, time.perf_counter() - began)

    def _add(self, name: str, taken: float) -> None:
        self.seconds[name] = self.seconds.get(name, 0.0) + taken


def plan_editions(book: Book, request: Request, domains: Domains) -> list[Edition]:
    """Plan every edition asked for, after checking all that can be checked without a kernel.

    Raises
    ------
    InputError
        If a parameter, an edition or a notebook is bad.
    """
    if "priority" in request.parameters:
        raise InputError(
            "-p priority: every edition has all priorities; "
            "use 'nwlbook run notebooks/priority-trajectory.ipynb -p priority=…' for one"
        )
    for entry in book.entries:
        refuse_typed_figures(sources.read_source(book.root / entry.file), entry.file)
    return [
        plan_edition(book, validated({**request.parameters, "borough": slug}, domains), domains)
        for slug in request.editions
    ]


def charts_of(
    edition: Edition, results: Mapping[str, RunResult]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield label and chart of each figure of an edition."""
    for chapter in edition.chapters:
        executed = json.loads(results[chapter.run.id].notebook.read_text(encoding="utf-8"))
        for number, cell in numbered_cells(executed["cells"]):
            if cell["cell_type"] != "code":
                continue
            exhibit = exhibit_of(cell, f"cell {number}", chapter.entry.file)
            if exhibit is not None and exhibit.chart is not None:
                ending = f"-{chapter.suffix}" if chapter.suffix else ""
                yield exhibit.label + ending, exhibit.chart


def asset_files(root: Path) -> dict[str, Path]:
    """Return the browser assets: file in the staged project to the file copied from."""
    from nwlbook import theme

    return theme.asset_files(root)
