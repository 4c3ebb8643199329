"""Run notebooks with their parameters: those that changed, in parallel, into copies."""

import functools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nwlbook import sources
from nwlbook.cache import Dependencies, Entry, RunCache, write_atomically
from nwlbook.jobs import Job, prepare
from nwlbook.kernels import copies
from nwlbook.runs import Run, RunFailed, RunResult

if TYPE_CHECKING:
    from nwlbook.kernels.attempt import Attempt, AttemptError

__all__ = ["Run", "RunFailed", "RunResult", "execute"]

FAILED = Path("outputs") / "failed"
TRACEBACK_LINES = 12
# The fork server takes two to three seconds to import all that it hands on, an ordinary kernel
# a second or two to start and import what its notebook needs. For so few runs it does not pay.
FEW = 2


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
    missing: dict[int, Job] = {}
    for place, run in enumerate(runs):
        job = prepare(run, root)
        found = job.look_up(root, cache)
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
        results |= _run_all(missing, root, cache, jobs, report, time_limit, warm)
        cache.prune(began)
    return [results[place] for place in range(len(runs))]


def _run_all(
    missing: Mapping[int, Job],
    root: Path,
    cache: RunCache,
    jobs: int,
    report: Callable[[RunResult], None],
    time_limit: int,
    warm: bool,
) -> dict[int, RunResult]:
    """Run in parallel and return the results by place; raise the first failure in order."""
    # This import takes half a second: the fork server does its own meanwhile.
    from nwlbook.kernels.attempt import Attempt, Kernels

    results: dict[int, RunResult] = {}
    failures: dict[int, BaseException] = {}
    kernels = Kernels()
    attempt = functools.partial(Attempt, root, time_limit=time_limit, warm=warm, kernels=kernels)
    with ThreadPoolExecutor(jobs, thread_name_prefix="run") as pool:
        futures = {
            pool.submit(_run, job, attempt(job.run.notebook.absolute().parent), cache): place
            for place, job in missing.items()
        }
        try:
            for future in _as_they_end(futures):
                error = future.exception()
                if error is None:
                    results[futures[future]] = future.result()
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


def _run(job: Job, attempt: "Attempt", cache: RunCache) -> RunResult:
    """Run one notebook in a kernel of its own and remember what came of it."""
    from nwlbook.kernels.attempt import AttemptError

    root = attempt.root
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
    return job.result_of(entry, outputs, cache)


def _run_failed(
    job: Job, root: Path, failure: "AttemptError", executed: Mapping[str, Any] | None
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
    job: Job, root: Path, failed: Mapping[str, str], executed: Mapping[str, Any]
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


def _keep_failed(job: Job, root: Path, executed: Mapping[str, Any] | None) -> Path:
    outputs = copies.outputs_of(executed or {"cells": []})
    file = _failed_file(job.run, root)
    text = copies.text_of(copies.executed_copy(job.source, outputs))
    write_atomically(file, text.encode())
    return file


def _failed_file(run: Run, root: Path) -> Path:
    return root / FAILED / f"{run.id}.ipynb"
