"""Runs notebooks on a worker: a process of its own, which the worker starts and talks to.

A worker of Dask may not have child processes of multiprocessing, which warm kernels are, and
lives longer than one version of our code. So each build has its runs done by a fresh process
that has that build's code and nothing of Dask.
"""

import contextlib
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nwlbook.cluster.wire import pack, places_of, unpack
from nwlbook.kernels import server
from nwlbook.kernels.bytecode import compile_helpers

if TYPE_CHECKING:
    from nwlbook.kernels.attempt import Kernels

WARM = "warm"
# A builder that was killed cannot say that it needs us no more. Workers start us again.
IDLE_LIMIT = 600


class Runner:
    """Does the runs that it is sent, as many at once as there are connections.

    Parameters
    ----------
    root : Path
        The unpacked project.
    kernels : Kernels
        Where kernels are listed while they run.
    """

    def __init__(self, root: Path, kernels: "Kernels") -> None:
        self.root = root
        self.kernels = kernels
        self._lock = threading.Lock()
        self._running = 0
        self._ended = time.monotonic()

    def serve(self, connection: Connection) -> None:
        """Do one run: read it, and answer with what came of it."""
        self._count(1)
        try:
            # A worker that has gone does not want the answer.
            with connection, contextlib.suppress(EOFError, OSError):
                connection.send_bytes(self.answer(connection.recv_bytes()))
        finally:
            self._count(-1)

    def answer(self, request: bytes) -> bytes:
        """Run a notebook and return what came of it, packed."""
        from nwlbook.kernels.attempt import Attempt, AttemptError

        asked = unpack(request)
        attempt = Attempt(
            self.root,
            self.root / asked["folder"],
            asked["time_limit"],
            asked["warm"],
            self.kernels,
            asked["memory_limit"],
        )
        failure = None
        try:
            executed: Any = attempt.run(asked["notebook"], asked["parameters"])
        except AttemptError as error:
            executed = attempt.notebook
            failure = {
                "name": error.name,
                "message": error.message,
                "cell": error.cell,
                "traceback": error.traceback,
            }
        return pack({"notebook": executed, "seconds": attempt.seconds, "failure": failure})

    @property
    def idle(self) -> float:
        """Seconds since the last run ended; nothing while one goes on."""
        with self._lock:
            return 0.0 if self._running else time.monotonic() - self._ended

    def _count(self, change: int) -> None:
        with self._lock:
            self._running += change
            self._ended = time.monotonic()


def main() -> None:
    """Serve runs until the worker closes our standard input, or nothing has come for long.

    Called with the project and the kind of kernels. The first line of standard input is the
    key that connections are made with. Standard output says where to connect, and which folders
    there are.
    """
    root, kind = Path(sys.argv[1]), sys.argv[2]
    lifeline, answer = _keep_standard_streams()
    key = bytes.fromhex(lifeline.readline())
    if kind == WARM:
        server.warm_up()
    # Both take half a second: the fork server does its own imports meanwhile.
    from nwlbook.kernels.attempt import Kernels

    compile_helpers(root)
    runner = Runner(root, Kernels())
    folder = Path(tempfile.mkdtemp(prefix="nwl-"))
    address = str(folder / "runner") if hasattr(socket, "AF_UNIX") else None
    with Listener(address, authkey=key) as listener:
        said = {"address": listener.address, "folder": str(folder), "places": places_of(root)}
        with answer:
            answer.write(json.dumps(said))
        for wait in (lifeline.read, lambda: _until_idle(runner)):
            threading.Thread(target=_end_after, args=(wait, runner, folder), daemon=True).start()
        while True:
            with contextlib.suppress(EOFError, OSError, AuthenticationError):
                connection = listener.accept()
                threading.Thread(target=runner.serve, args=(connection,), daemon=True).start()


def _keep_standard_streams() -> tuple[Any, Any]:
    """Take the two streams to the worker for ourselves; what kernels inherit is harmless."""
    lifeline, answer = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return lifeline, answer


def _until_idle(runner: Runner) -> None:
    while (left := IDLE_LIMIT - runner.idle) > 0:
        time.sleep(left)


def _end_after(wait: Any, runner: Runner, folder: Path) -> None:
    wait()
    runner.kernels.kill()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
