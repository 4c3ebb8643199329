"""Run notebooks with their parameters: those that changed, in parallel, into copies."""

import functools
import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nwlbook import sources
from nwlbook.cache import Dependencies, Entry, RunCache, file_digest, write_atomically
from nwlbook.errors import BuildError
from nwlbook.kernels import copies
from nwlbook.sources import Literal, Notebook

if TYPE_CHECKING:
    from nwlbook.kernels.attempt import AttemptError, Kernels

FAILED = Path("outputs") / "failed"
LOCK_FILE = Path("requirements") / "book.txt"
TRACEBACK_LINES = 12
# The fork server takes two to three seconds to import all that it hands on, an ordinary kernel
# a second or two to start and import what its notebook needs. For so few runs it does not pay.
FEW = 2


@dataclass(frozen=True)
class Run:
    """One notebook with one set of parameters.

    Attributes
    ----------
    id : str
        Name of the run, used for files.
    notebook : Path
        Source: a notebook or Quarto Markdown.
    parameters : mapping
        Values to inject.
    """

    id: str
    notebook: Path
    parameters: Mapping[str, Literal]


@dataclass(frozen=True)
class RunResult:
    """What came of a run.

    Attributes
    ----------
    run : Run
        The run.
    key : str
        First-level key: code, parameters and locked packages.
    seconds : float
        How long it took when it ran.
    cached : bool
        Whether it did not have to run now.
    notebook : Path
        The executed copy, in the cache.
    expressions : dict
        Inline expression of the prose to its text.
    used : tuple of str
        Files and folders (with a slash) under the root that it read or imported.
    """

    run: Run
    key: str
    seconds: float
    cached: bool
    notebook: Path
    expressions: dict[str, str]
    used: tuple[str, ...]


class RunFailed(BuildError):  # noqa: N818
    """A notebook did not run to its end.

    Attributes
    ----------
    run : Run
        The run.
    cell : int or None
        Cell of the source that failed, from 1; None if it was none of them.
    name : str
        Name of the error.
    message : str
        What it said.
    traceback : str
        Last lines of the traceback, without colours.
    copy : Path
        The copy with the outputs up to the failure.
    """

    def __init__(
        self, run: Run, cell: int | None, name: str, message: str, traceback: str, copy: Path
    ) -> None:
        place = f"{run.notebook.name}, cell {cell}" if cell else run.notebook.name
        what = f"{name}: {message}" if message else name
        lines = [
            f"{place} (run '{run.id}'): {what}",
            *([traceback] if traceback else []),
            f"Executed copy up to there: {copy}",
        ]
        super().__init__("\n".join(lines))
        self.run = run
        self.cell = cell
        self.name = name
        self.message = message
        self.traceback = traceback
        self.copy = copy


@dataclass(frozen=True)
class _Job:
    """A run with what is known of it before it runs."""

    run: Run
    source: Notebook
    expressions: list[str]
    key: str
    digest: str


def execute(
    runs: Sequence[Run],
    *,
    root: Path,
    cache: RunCache,
    jobs: int,
    on_result: Callable[[RunResult], None] | None = None,
    time_limit: int = 120,
    warm: bool = True,
) -> list[RunResult]:
    """Run notebooks, or find what came of them when nothing they use has changed since.

    Parameters
    ----------
    runs : sequence of Run
        What to run.
    root : Path
        The project.
    cache : RunCache
        Where outcomes are kept.
    jobs : int
        How many kernels at once.
    on_result : callable, optional
        Called in this thread with each result as it comes.
    time_limit : int
        Seconds that one notebook may take.
    warm : bool
        Whether kernels may be forked from a process that has the heavy packages already;
        they are if it runs already or there is enough to do for it.

    Returns
    -------
    list of RunResult
        In the order of `runs`.

    Raises
    ------
    InputError
        If a source is not well formed, or parameters are given to one that has none.
    RunFailed
        For the first run, in order, that failed. Those not yet started then are not.
    """
    root = root.absolute()
    began = time.time_ns()
    report = on_result or (lambda result: None)
    results: dict[int, RunResult] = {}
    missing: dict[int, _Job] = {}
    for place, run in enumerate(runs):
        job = _prepare(run, root)
        found = _look_up(job, root, cache)
        if found is None:
            missing[place] = job
        else:
            results[place] = found
            report(found)
    if missing:
        if warm:
            from nwlbook.kernels import server

            warm = len(missing) > FEW or server.is_running()
            if warm:
                server.warm_up()
        for place, result in _run_all(missing, root, cache, jobs, report, time_limit, warm):
            results[place] = result
        cache.prune(began)
    return [results[place] for place in range(len(runs))]


def run_key(source: Notebook, run: Run, root: Path) -> str:
    """Return the first-level key of a run: all that decides its outcome and is known before.

    Parameters
    ----------
    source : dict
        The notebook, from `sources.read_source`.
    run : Run
        The run.
    root : Path
        The project.
    """
    code = [
        [cell["id"], cell["source"], sources.tags_of(cell)]
        for cell in source["cells"]
        if cell["cell_type"] == "code"
    ]
    return _json_digest(
        {
            "code": code,
            "parameters": dict(run.parameters),
            "folder": os.path.relpath(run.notebook.parent, root),
            "packages": file_digest(root / LOCK_FILE),
            "python": [platform.python_implementation(), platform.python_version()],
            "builder": _builder_digest(),
        }
    )


@functools.cache
def _builder_digest() -> str:
    """Digest of the modules that decide what comes of a run: old entries then go unused."""
    here = Path(__file__).parent
    files = [here / name for name in ("cache.py", "execute.py", "recorder.py", "sources.py")]
    files += sorted((here / "kernels").glob("*.py"))
    return _json_digest([[file.name, file_digest(file)] for file in files])


def _json_digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _prepare(run: Run, root: Path) -> _Job:
    source = copies.without_injected(sources.read_source(run.notebook))
    if run.parameters:
        sources.parameters_cell(source, run.notebook.name)
    return _Job(
        run=run,
        source=source,
        expressions=sources.inline_expressions(source),
        key=run_key(source, run, root),
        digest=_json_digest(source),
    )


def _look_up(job: _Job, root: Path, cache: RunCache) -> RunResult | None:
    entry = cache.find(job.key, root, job.expressions)
    if entry is None:
        return None
    notebook = cache.notebook(_copy_name(job, entry))
    if notebook is None:
        outputs = cache.outputs(entry)
        if outputs is None:
            return None
        notebook = _keep_copy(job, entry, outputs, cache)
    return _result(job, entry, notebook, cached=True)


def _copy_name(job: _Job, entry: Entry) -> str:
    """Name of the executed copy: today's source with these outputs."""
    return hashlib.sha256(f"{entry.result} {job.digest}".encode()).hexdigest()


def _keep_copy(job: _Job, entry: Entry, outputs: Mapping[str, Any], cache: RunCache) -> Path:
    text = copies.text_of(copies.executed_copy(job.source, outputs))
    return cache.keep_notebook(_copy_name(job, entry), text)


def _result(job: _Job, entry: Entry, notebook: Path, *, cached: bool) -> RunResult:
    return RunResult(
        run=job.run,
        key=job.key,
        seconds=entry.seconds,
        cached=cached,
        notebook=notebook,
        expressions={name: entry.expressions[name] for name in job.expressions},
        used=entry.dependencies.names,
    )


def _run_all(
    missing: Mapping[int, _Job],
    root: Path,
    cache: RunCache,
    jobs: int,
    report: Callable[[RunResult], None],
    time_limit: int,
    warm: bool,
) -> list[tuple[int, RunResult]]:
    """Run in parallel; give place and result of each, or raise what the first failure was."""
    # This import takes half a second: the fork server does its own meanwhile.
    from nwlbook.kernels.attempt import Kernels

    results: list[tuple[int, RunResult]] = []
    failures: dict[int, BaseException] = {}
    kernels = Kernels()
    with ThreadPoolExecutor(jobs, thread_name_prefix="run") as pool:
        futures = {
            pool.submit(_run, job, root, cache, kernels, time_limit, warm): place
            for place, job in missing.items()
        }
        try:
            for future in _as_they_end(futures):
                error = future.exception()
                if error is None:
                    results.append((futures[future], future.result()))
                    report(future.result())
                else:
                    failures[futures[future]] = error
                    _cancel(futures)
        except BaseException:
            # Interrupted, or the caller's report failed: threads end once kernels do.
            _cancel(futures)
            kernels.kill()
            raise
    if failures:
        raise failures[min(failures)]
    return results


def _as_they_end(futures: Mapping[Future[RunResult], int]) -> Iterator[Future[RunResult]]:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from sorted((each for each in done if not each.cancelled()), key=futures.__getitem__)


def _cancel(futures: Mapping[Future[RunResult], int]) -> None:
    for future in futures:
        future.cancel()


def _run(
    job: _Job, root: Path, cache: RunCache, kernels: "Kernels", time_limit: int, warm: bool
) -> RunResult:
    """Run one notebook in a kernel of its own and remember what came of it."""
    from nwlbook.kernels.attempt import Attempt, AttemptError

    attempt = Attempt(root, job.run.notebook.absolute().parent, time_limit, warm, kernels)
    copy = copies.recorded_copy(job.source, job.expressions)
    began = time.time_ns()
    try:
        executed = attempt.run(copy, dict(sorted(job.run.parameters.items())))
    except AttemptError as failure:
        raise _run_failed(job, root, failure, attempt.notebook) from None
    record = copies.record_of(executed)
    if record["failed"]:
        raise _expression_failed(job, root, record["failed"], executed)
    _failed_file(job.run, root).unlink(missing_ok=True)
    outputs = copies.outputs_of(executed)
    files = [*record["files"], *record["modules"]]
    used = Dependencies.observe(root, files, record["folders"])
    entry = Entry(cache.keep_outputs(outputs), used, record["expressions"], attempt.seconds)
    # What was written while it ran may have been read before or after: run again next time.
    if not used.changed_since(root, began):
        cache.remember(job.key, entry)
    return _result(job, entry, _keep_copy(job, entry, outputs, cache), cached=False)


def _run_failed(
    job: _Job, root: Path, failure: "AttemptError", executed: Mapping[str, Any] | None
) -> RunFailed:
    return RunFailed(
        job.run,
        copies.place_of(job.source, failure.cell),
        failure.name,
        failure.message,
        copies.last_lines(failure.traceback, TRACEBACK_LINES),
        _keep_failed(job, root, executed),
    )


def _expression_failed(
    job: _Job, root: Path, failed: Mapping[str, str], executed: Mapping[str, Any]
) -> RunFailed:
    cell = next(
        cell
        for cell in job.source["cells"]
        if failed["expression"] in sources.inline_expressions({"cells": [cell]})
    )
    return RunFailed(
        job.run,
        copies.place_of(job.source, cell["id"]),
        failed["name"],
        f"{failed['message']} (in the inline expression `{failed['expression']}`)",
        "",
        _keep_failed(job, root, executed),
    )


def _keep_failed(job: _Job, root: Path, executed: Mapping[str, Any] | None) -> Path:
    outputs = copies.outputs_of(executed or {"cells": []})
    file = _failed_file(job.run, root)
    text = copies.text_of(copies.executed_copy(job.source, outputs))
    write_atomically(file, text.encode())
    return file


def _failed_file(run: Run, root: Path) -> Path:
    return root / FAILED / f"{run.id.replace('/', '-')}.ipynb"
