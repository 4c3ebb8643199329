"""Build the book: evidence, parameters, plan, execute, images, stage, render, check, publish."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.paths import make_private
from nwlbook import engines, sources
from nwlbook.book import Book, read_book
from nwlbook.cache import RunCache
from nwlbook.earlier_build import EarlierBuild, read_earlier, refuse_other_rules
from nwlbook.edition_build import EditionTask, built_editions, compared, prepare
from nwlbook.editions import link_problems, place
from nwlbook.errors import BuildError, InputError
from nwlbook.execute import execute
from nwlbook.manifest import write_manifest
from nwlbook.parameters import Domains, read_domains, validated
from nwlbook.plan import Edition, document_name, plan_edition, runs_of
from nwlbook.progress import Progress
from nwlbook.prose_check import SoundProse
from nwlbook.publish import KEPT, drop_unfinished, folder_problem, new_build, prune, publish
from nwlbook.request import FORMATS, JOBS, Request
from nwlbook.reuse import Made
from nwlbook.runs import RunFailed, RunResult
from nwlbook.static_images import browser_at_hand, draw_images
from nwlbook.validation import validate_evidence

if TYPE_CHECKING:
    from nwlbook.browser import Browser
    from nwlbook.cluster.client import Cluster


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
        self.made: dict[str, Made] = {}
        self.earlier: EarlierBuild | None = None
        self.failures: list[RunFailed] = []

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
            If a run, the engine or a check failed; likewise. With `keep_going`, after a draft
            of what did not fail was published to a folder of its own.
        """
        began = time.perf_counter()
        engine = engines.choose_engine(self.request.engine)
        self._check_formats()
        self._check_folder()
        if self.request.since:
            self.earlier = read_earlier(self.request.since)
        warm = self.request.warm and self.request.scheduler is None
        again = (self.cache / "runs").exists()
        with self._stage("evidence"):
            changed = validate_evidence(self.request.root, self.cache)
        make_private(self.cache)
        if self.earlier:
            refuse_other_rules(self.earlier)
        with self._stage("plan"):
            book = read_book(self.request.root)
            engines.check_configuration(engine, self.request.root)
            prose = SoundProse(self.cache / "prose")
            editions = plan_editions(book, self.request, read_domains(), prose)
        cluster = self._connect()
        folder = new_build(self.outputs)
        with (
            self._dropped_if_unfinished(),
            self._log(folder),
            ThreadPoolExecutor(1) as aside,
            ExitStack() as at_hand,
        ):
            with self._stage("execute"):
                # After a change in the evidence some charts will be drawn, few enough for the
                # browser to start while their notebooks run.
                browser = at_hand.enter_context(browser_at_hand(wanted=warm and again and changed))
                results = self._execute(editions, cluster)
            if self.failures:
                book, folder = self._turn_to_draft(book, folder)
                from nwlbook import drafts

                results |= drafts.stand_ins(self.failures, folder / "failed")
            assets = asset_files(self.request.root)
            documents = self._documents(book, editions)
            versions = engines.engine_versions(engine)
            tasks = [
                EditionTask(
                    book=book,
                    edition=edition,
                    editions=editions,
                    results={name: results[name] for name in edition.run_names},
                    images={},
                    assets=assets,
                    engine=engine,
                    versions=versions,
                    formats=tuple(self.request.formats),
                    documents=documents,
                    jobs=self.request.jobs or JOBS,
                    root=self.request.root,
                    outputs=self.outputs,
                    cache=self.cache,
                    folder=folder,
                    earlier=self.earlier,
                    draft=bool(self.failures),
                )
                for edition in editions
            ]
            with self._stage("images"):
                tasks = [compared(task) for task in tasks]
                # None of these is waited for: what comes next is made ready while the browser
                # draws, which takes a moment to end, and what this build takes the place of has
                # hundreds of files.
                done = [aside.submit(prepare, tasks)]
                tasks = self._with_images(tasks, assets["assets/plotly.min.js"], browser)
                done += [
                    aside.submit(at_hand.close),
                    aside.submit(prune, self.outputs, {folder.name}, KEPT - 1),
                ]
            self._make_editions(tasks)
            for each in done:
                each.result()
            with self._stage("check"):
                problems = list(link_problems(folder / "site", editions, documents))
                self._refuse(problems, "links between editions")
            seconds = self.seconds | {"total": time.perf_counter() - began}
            write_manifest(
                folder,
                root=self.request.root,
                editions=editions,
                formats=self.request.formats,
                results=results,
                engine={"name": engine, "versions": versions},
                seconds=seconds,
                made=self.made,
                warnings=self.warnings,
                failures=self.failures,
            )
            with self._stage("publish"):
                warning = publish(folder, self.outputs)
            for message in [*self.warnings, *([warning] if warning else [])]:
                self.progress.warn(message)
        if self.failures:
            from nwlbook.drafts import DraftBuilt

            page = self.outputs / "site" / "index.html"
            shown = page.relative_to(self.request.root) if not self.request.into else page
            raise DraftBuilt(self.failures, len(results), str(shown))
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
        if into is not None and (problem := folder_problem(into, self.request.root)):
            raise InputError(f"--into {into}: {problem}")

    def _connect(self) -> "AbstractContextManager[Cluster | None]":
        """Connect to the cluster before anything is written: it may not be there."""
        if self.request.scheduler is None:
            return nullcontext()
        from nwlbook.cluster.connect import connect

        return closing(connect(self.request.scheduler, self.request.root))

    def _execute(
        self, editions: Sequence[Edition], connection: "AbstractContextManager[Cluster | None]"
    ) -> dict[str, RunResult]:
        runs = runs_of(editions)
        count = self.progress.count("Running notebooks", len(runs))
        with connection as cluster, count as advance:

            def note_failure(failure: RunFailed) -> None:
                self.failures.append(failure)
                advance(failure.run.id, "failed")

            results = execute(
                runs,
                root=self.request.root,
                cache=RunCache(self.cache / "runs"),
                jobs=self.request.jobs or (cluster.jobs if cluster else JOBS),
                on_result=lambda result: advance(result.run.id, "cached" if result.cached else ""),
                on_failure=note_failure if self.request.keep_going else None,
                time_limit=self.request.time_limit,
                memory_limit=self.request.memory_limit,
                warm=self.request.warm,
                cluster=cluster,
            )
        # Reports follow the book, whichever run failed first.
        places = {run.id: place for place, run in enumerate(runs)}
        self.failures.sort(key=lambda failure: places[failure.run.id])
        return {result.run.id: result for result in results}

    def _turn_to_draft(self, book: Book, folder: Path) -> tuple[Book, Path]:
        """Go on in a folder of its own, which nothing that publishes the book looks into."""
        from nwlbook import drafts

        folder.rmdir()
        self.outputs /= drafts.FOLDER
        return drafts.marked_book(book), new_build(self.outputs)

    def _with_images(
        self, tasks: Sequence[EditionTask], bundle: Path, browser: "Browser | None"
    ) -> list[EditionTask]:
        """Draw the charts of the editions that are not taken over from the last build."""
        changed = [task for task in tasks if not task.unchanged]
        results = {name: result for task in changed for name, result in task.results.items()}
        editions = [task.edition for task in changed]
        images, missing = draw_images(
            editions, results, self.cache / "images", bundle, browser=browser
        )
        return [
            replace(task, images=images.get(task.edition.slug, {}), warnings=tuple(missing))
            for task in tasks
        ]

    def _make_editions(self, tasks: Sequence[EditionTask]) -> None:
        """Make the sites of all editions, those of several side by side."""
        with self.progress.count("Making editions", len(tasks), "edition") as advance:
            for task, built in zip(tasks, built_editions(tasks), strict=True):
                slug = task.edition.slug
                self.made[slug] = built.made
                # Each edition says what all miss.
                self.warnings = list(dict.fromkeys([*self.warnings, *built.made.warnings]))
                for name, taken in built.seconds.items():
                    self._add(name, taken)
                self._refuse(built.problems, slug)
                advance(slug, "" if built.seconds.get("render") else "cached")

    def _documents(self, book: Book, editions: Sequence[Edition]) -> dict[str, list[str]]:
        """Return the names of the documents that stand beside the pages of each edition."""
        endings = [name for name in self.request.formats if name != "html"]
        return {
            edition.slug: [f"{document_name(book, edition)}.{ending}" for ending in endings]
            for edition in editions
        }

    def _log(self, folder: Path) -> "AbstractContextManager[None]":
        return self.progress.log(self.outputs / "logs" / f"{folder.name}.log")

    @contextmanager
    def _dropped_if_unfinished(self) -> Iterator[None]:
        """Leave nothing of a build that fails, since it may be what filled the disk."""
        try:
            yield
        except BaseException:
            drop_unfinished(self.outputs)
            raise

    def _refuse(self, problems: Sequence[str], what: str) -> None:
        """Say what is wrong with a built site, and stop if anything is."""
        for problem in problems:
            self.progress.warn(problem)
        # What leads to a chapter that failed leads nowhere, and a draft says that it is one.
        if problems and not self.failures:
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


def plan_editions(
    book: Book, request: Request, domains: Domains, prose: SoundProse
) -> list[Edition]:
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
        prose.check(sources.read_source(book.root / entry.file), entry.file)
    return [
        plan_edition(book, validated({**request.parameters, "borough": slug}, domains), domains)
        for slug in request.editions
    ]


def asset_files(root: Path) -> dict[str, Path]:
    """Return the browser assets: file in the staged project to the file copied from."""
    from nwlbook import theme

    return theme.asset_files(root)
