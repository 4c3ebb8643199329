"""Run notebooks with their parameters: those that changed, in parallel, into copies."""

import functools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nwlbook import failures, sources
from nwlbook.cache import Dependencies, Entry, RunCache, write_atomically
from nwlbook.jobs import Job, prepare
from nwlbook.kernels import copies
from nwlbook.kernels.bytecode import compile_helpers
from nwlbook.limits import TIME_LIMIT
from nwlbook.runs import FAILED, Run, RunFailed, RunResult

if TYPE_CHECKING:
    from nwlbook.cluster.attempt import RemoteAttempt
    from nwlbook.cluster.client import Cluster
    from nwlbook.kernels.attempt import Attempt, AttemptError, Kernels

__all__ = ["Run", "RunFailed", "RunResult", "execute"]

# The fork server takes a second to import what it hands on; an ordinary kernel takes a second or
# two to start and import what its own notebook needs. For so few runs the server does not pay.
FEW = 2


def execute(
    runs: Sequence[Run],
    *,
    root: Path,
    cache: RunCache,
    jobs: int,
    on_result: Callable[[RunResult], None] | None = None,
    on_failure: Callable[[RunFailed], None] | None = None,
    time_limit: float = TIME_LIMIT,
    memory_limit: float | None = None,
    warm: bool = True,
    cluster: "Cluster | None" = None,
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
    on_failure : callable, optional
        Called in this thread with each run that failed, as it does; the others then go on and
        the results lack it. Without it the first failure ends everything.
    time_limit : float
        Seconds that one notebook may take.
    memory_limit : float, optional
        Gigabytes that the kernel of one notebook may take, where the system can limit it.
    warm : bool
        Whether kernels may be forked from a process that has the heavy packages already;
        they are if it runs already or there is enough to do for it.
    cluster : Cluster, optional
        Where to run instead of on this machine.

    Returns
    -------
    list of RunResult
        In the order of `runs`, without those that failed.

    Raises
    ------
    InputError
        If a source is not well formed, or parameters are given to one that has none.
    RunFailed
        For the first run, in order, that failed, unless `on_failure` takes it. Those not yet
        started then are not.
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
        if cluster is not None:
            cluster.send((job.run.notebook for job in missing.values()), warm=warm)
        elif warm:
            from nwlbook.kernels import server

            warm = len(missing) > FEW or server.is_running()
            if warm:
                server.warm_up()
        # The longest first, so that none is left when the others have ended.
        longest = sorted(missing, key=lambda place: -cache.last_seconds(missing[place].key))
        missing = {place: missing[place] for place in longest}
        limits = {"time_limit": time_limit, "memory_limit": memory_limit, "warm": warm}
        results |= _run_all(missing, root, cache, jobs, report, on_failure, limits, cluster)
        cache.prune(began)
    return [results[place] for place in sorted(results)]


def _run_all(
    missing: Mapping[int, Job],
    root: Path,
    cache: RunCache,
    jobs: int,
    report: Callable[[RunResult], None],
    on_failure: Callable[[RunFailed], None] | None,
    limits: Mapping[str, Any],
    cluster: "Cluster | None",
) -> dict[int, RunResult]:
    """Run in parallel and return the results by place; hand on failures, or raise the first."""
    results: dict[int, RunResult] = {}
    failed: dict[int, BaseException] = {}
    kernels, attempt = _where_to_run(root, limits, cluster)
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
                elif on_failure is not None and isinstance(error, RunFailed):
                    on_failure(error)
                else:
                    failed[futures[future]] = error
                    _cancel(futures)
        except BaseException:
            # Interrupted, or the caller's report failed: threads end once kernels do.
            _cancel(futures)
            kernels.kill()
            raise
    if failed:
        raise failed[min(failed)]
    return results


def _where_to_run(
    root: Path, limits: Mapping[str, Any], cluster: "Cluster | None"
) -> "tuple[Kernels | Cluster, Callable[[Path], Attempt | RemoteAttempt]]":
    """Return what can end the runs that go on, and what makes a try from a working directory."""
    if cluster is not None:
        from nwlbook.cluster.attempt import RemoteAttempt

        return cluster, functools.partial(RemoteAttempt, root, kernels=cluster, **limits)
    # These take half a second: the fork server does its own imports meanwhile.
    from nwlbook.kernels.attempt import Attempt, Kernels, make_validator

    compile_helpers(root)
    make_validator()
    kernels = Kernels()
    return kernels, functools.partial(Attempt, root, kernels=kernels, **limits)


def _as_they_end(futures: Mapping[Future[RunResult], int]) -> Iterator[Future[RunResult]]:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from sorted((each for each in done if not each.cancelled()), key=futures.__getitem__)


def _cancel(futures: Mapping[Future[RunResult], int]) -> None:
    for future in futures:
        future.cancel()


def _run(job: Job, attempt: "Attempt | RemoteAttempt", cache: RunCache) -> RunResult:
    """Run one notebook in a kernel of its own and remember what came of it."""
    from nwlbook.kernels.attempt import AttemptError

    root = attempt.root
    copy = copies.recorded_copy(job.source, job.expressions)
    try:
        executed: Mapping[str, Any] = attempt.run(copy, dict(sorted(job.run.parameters.items())))
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
    if not used.changed_since(root, attempt.since):
        cache.remember(job.key, entry)
    return job.result_of(entry, outputs, cache)


def _run_failed(
    job: Job, root: Path, failure: "AttemptError", executed: Mapping[str, Any] | None
) -> RunFailed:
    place = copies.place_of(job.source, failure.cell)
    lines = failures.author_lines(
        failure.traceback, root, copies.places_by_count(job.source, executed or {"cells": []})
    )
    return _failed(job, root, place, failure.name, failure.message, lines, executed)


def _expression_failed(
    job: Job, root: Path, failed: Mapping[str, str], executed: Mapping[str, Any]
) -> RunFailed:
    cell = next(
        cell
        for cell in job.source["cells"]
        if failed["expression"] in sources.inline_expressions({"cells": [cell]})
    )
    place = copies.place_of(job.source, cell["id"])
    message = f"{failed['message']} (in the inline expression `{failed['expression']}`)"
    return _failed(job, root, place, failed["name"], message, "", executed)


def _failed(
    job: Job,
    root: Path,
    place: int | None,
    name: str,
    message: str,
    traceback: str,
    executed: Mapping[str, Any] | None,
) -> RunFailed:
    """Keep the failed copy, and say all that is known of the failure."""
    file = _failed_file(job.run, root)
    text = copies.text_of(copies.failed_copy(job.source, executed))
    write_atomically(file, text.encode())
    return RunFailed(
        job.run,
        place,
        name,
        failures.plain_message(message),
        traceback,
        file,
        chapter=failures.chapter_title(job.source, job.run.notebook),
        line=failures.first_line(job.source["cells"][place - 1]) if place else "",
    )


def _failed_file(run: Run, root: Path) -> Path:
    return root / FAILED / f"{run.id}.ipynb"
