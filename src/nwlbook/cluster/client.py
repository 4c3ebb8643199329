"""The builder's end of a Dask cluster: send the project once, have runs done there."""

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import cloudpickle
from distributed import Client, KilledWorker

from nwlbook.cluster import wire, worker
from nwlbook.cluster.bundle import Bundle, make_bundle
from nwlbook.cluster.versions import COMMON, expected_versions
from nwlbook.errors import BuildError, InputError
from nwlbook.kernels.attempt import AttemptError

# How long a run may wait while the cluster has no worker at all: time to start another one.
ALONE_LIMIT = 60
POLL = 2
DISCONNECT_LIMIT = 5
# Dask tries a run again on another worker when one is lost, three times unless its own
# configuration says otherwise. This is how often it does when a worker lost the run's process.
RETRIES = 2
# Runs under way for each thread of the cluster: the next one is there when one ends.
RUNS_A_THREAD = 2

cloudpickle.register_pickle_by_value(worker)


class Cluster:
    """A Dask cluster that does runs.

    Parameters
    ----------
    client : Client
        Connection to its scheduler.
    address : str
        How the scheduler was named.
    root : Path
        The project.
    """

    def __init__(self, client: Client, address: str, root: Path) -> None:
        self.client = client
        self.address = address
        self.root = root
        self.versions, self.optional = expected_versions(root)
        self.since = 0
        self.bundle = Bundle(b"", frozenset())
        self._plugin = ""
        self._sent: tuple[Bundle, bool] | None = None
        self._places = wire.places_of(root)
        self._futures: set[Any] = set()
        self._lock = threading.Lock()
        self._stopped = False
        self._alone_since: float | None = None

    @property
    def jobs(self) -> int:
        """How many runs keep the cluster busy."""
        return max(1, RUNS_A_THREAD * sum(self.client.nthreads().values()))

    def refuse_other_versions(self) -> None:
        """Refuse a cluster whose packages are not ours: it would not give the same bytes.

        Raises
        ------
        InputError
            For the first machine that differs.
        """
        packages = [name for name in self.versions if name != "python"]
        found: Any = self.client.get_versions(packages=packages)
        common = {name: self.versions[name] for name in COMMON}
        machines = [("scheduler", common, found["scheduler"])]
        machines += [
            (f"worker {name}", self.versions, each) for name, each in found["workers"].items()
        ]
        for machine, versions, each in machines:
            if said := worker.difference(versions, self.optional, each["packages"]):
                raise InputError(f"--scheduler {self.address}: {machine}: {said}")

    def send(self, notebooks: Iterable[Path], *, warm: bool) -> None:
        """Send the project to every worker of now and later.

        Parameters
        ----------
        notebooks : iterable of Path
            What is to be run.
        warm : bool
            Whether kernels may be forked.

        Raises
        ------
        BuildError
            If a worker cannot take it, or the scheduler is lost.
        """
        self.since = time.time_ns()
        self._alone_since = None
        bundle = make_bundle(self.root, notebooks)
        if self._plugin and (bundle, warm) == self._sent:
            return
        self._forget()
        self.bundle, self._sent = bundle, (bundle, warm)
        digest = bundle.digest
        # Of this build alone: another one with the same files has its own, and ends it.
        self._plugin = f"nwlbook-{digest[:16]}-{secrets.token_hex(4)}"
        kind = "warm" if warm else "ordinary"
        plugin = worker.BookOnWorker(
            self._plugin, digest, bundle.content, kind, self.versions, self.optional
        )
        try:
            self.client.register_plugin(plugin)
        except Exception as error:
            said = " ".join(str(error).split())
            raise BuildError(f"{self.address}: the project could not be sent: {said}") from None

    def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Have a notebook run on a worker and wait for what comes of it.

        Parameters
        ----------
        request : mapping
            What the worker's runner is to do.

        Raises
        ------
        AttemptError
            If the cluster could not do it. That the notebook failed is an answer.
        """
        future = self.client.submit(
            _run_on_worker(self._plugin),
            wire.pack(request),
            key=f"nwlbook-{secrets.token_hex(8)}",
            retries=RETRIES,
            pure=False,
        )
        with self._lock:
            self._futures.add(future)
        try:
            outcome = self._outcome(future)
        finally:
            with self._lock:
                self._futures.discard(future)
            future.release()
        if "difference" in outcome:
            raise AttemptError(
                "OtherVersions", f"a worker joined: {outcome['difference']}", None, []
            )
        pairs = zip(outcome["places"], self._places, strict=True)
        return wire.unpack(outcome["answer"], dict(pairs))

    def kill(self) -> None:
        """End what runs, and let no other run."""
        with self._lock:
            self._stopped = True
            futures = list(self._futures)
        with contextlib.suppress(Exception):
            self.client.cancel(futures, force=True)
        self._forget()

    def close(self) -> None:
        """Leave nothing of this build running on the cluster, and disconnect."""
        self._forget()
        with contextlib.suppress(Exception):
            self.client.close(timeout=DISCONNECT_LIMIT)

    def _forget(self) -> None:
        plugin, self._plugin = self._plugin, ""
        # If the cluster has gone there is nothing to end.
        with contextlib.suppress(Exception):
            if plugin and self.client.status == "running":
                self.client.unregister_worker_plugin(plugin)

    def _outcome(self, future: Any) -> dict[str, Any]:
        while True:
            try:
                outcome: dict[str, Any] = future.result(timeout=POLL)
                return outcome
            except TimeoutError:
                self._refuse_to_wait_alone()
            except KilledWorker as error:
                tries = error.allowed_failures + 1
                message = f"given up: {tries} workers were lost while they ran it"
                raise AttemptError("WorkersLost", message, None, []) from None
            except CancelledError:
                message = f"the connection to {self.address} was lost"
                raise AttemptError("ClusterLost", message, None, []) from None
            except Exception as error:
                message = f"given up after {RETRIES + 1} tries on the cluster: {error}"
                raise AttemptError(type(error).__name__, message, None, []) from None

    def _refuse_to_wait_alone(self) -> None:
        """Give up once there has been no worker for long."""
        if self._stopped:
            raise AttemptError("Interrupted", "the build was interrupted", None, [])
        if self.client.scheduler_info(n_workers=-1)["workers"]:
            self._alone_since = None
            return
        self._alone_since = self._alone_since or time.monotonic()
        if time.monotonic() - self._alone_since > ALONE_LIMIT:
            message = f"{self.address} has had no worker for {ALONE_LIMIT} seconds"
            raise AttemptError("WorkersLost", message, None, [])


def _run_on_worker(plugin: str) -> Callable[[bytes], dict[str, Any]]:
    """Return the task. As a function within another it goes by value wherever it is sent on."""

    def run(request: bytes) -> dict[str, Any]:
        from distributed import get_worker

        book: Any = get_worker().plugins[plugin]
        answer: dict[str, Any] = book.run(request)
        return answer

    return run
