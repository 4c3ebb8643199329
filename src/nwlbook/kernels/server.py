"""The fork server: one process that has imported the heavy packages and forks kernels."""

import atexit
import multiprocessing
import multiprocessing.util
import os
import shutil
import signal
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

PRELOADED = ["nwlbook.kernels.preload"]

# Among more kernels than these some are likely to need what few notebooks do.
FEW_KERNELS = 8

# One thread for linear algebra: runs go in parallel already, a server with threads must not
# fork, and sums then come out the same on every machine. A fixed hash seed keeps the order of
# sets, and of whatever is printed from them, the same in each run. The last one stops a
# warning of the debugger, which each kernel imports and none of ours uses.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

# What the server needs to know to leave nothing behind when its builder is killed.
BUILDER_VARIABLE = "NWLBOOK_BUILDER"
FOLDER_VARIABLE = "NWLBOOK_SERVER_FOLDER"

# When it is to import the rest.
REST_VARIABLE = "NWLBOOK_REST_AFTER"

# multiprocessing keeps its children in module-level state that two threads must not touch at
# once, and starting one needs `__main__` and the environment changed for a moment.
_lock = threading.RLock()
_started = threading.Event()
_live: "weakref.WeakSet[ForkedKernel]" = weakref.WeakSet()


# The address of a socket has 107 characters, and what is added to the folder takes up to 40.
LONGEST_TEMPORARY_FOLDER = 64


def can_fork() -> bool:
    """Tell whether this system has a fork server, and room for the addresses of its sockets."""
    return (
        "forkserver" in multiprocessing.get_all_start_methods()
        and len(tempfile.gettempdir()) <= LONGEST_TEMPORARY_FOLDER
    )


def warm_up(*, rest_after: int = FEW_KERNELS) -> None:
    """Start the fork server if it does not run yet; return at once, it imports meanwhile.

    Parameters
    ----------
    rest_after : int
        Kernels that it is to fork before it imports what few notebooks need, while those run;
        0 to import that before the first.
    """
    if not can_fork():
        return
    from multiprocessing import forkserver, resource_tracker

    with _lock:
        # Its own start would let the server be interrupted that is started next.
        resource_tracker.ensure_running()
        with _environment_of_server(rest_after):
            multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
            forkserver.ensure_running()
    _started.set()


def environment() -> dict[str, str]:
    """Return the environment of this process as it is while no server is being started."""
    with _lock:
        return dict(os.environ)


def is_running() -> bool:
    """Tell whether this process has started the fork server."""
    return _started.is_set()


@contextmanager
def _environment_of_server(rest_after: int) -> Iterator[None]:
    """Change our own environment while the server, which inherits it, is started."""
    # A builder that itself runs in a kernel would hand on that kernel's parent to poll.
    changes: dict[str, str | None] = {
        **ENVIRONMENT,
        "JPY_PARENT_PID": None,
        BUILDER_VARIABLE: str(os.getpid()),
        FOLDER_VARIABLE: multiprocessing.util.get_temp_dir(),
        REST_VARIABLE: str(rest_after),
    }
    before = {name: os.environ.get(name) for name in changes}
    _set_environment(changes)
    # Ctrl-C at the terminal reaches the server too, and it ignores that only once it runs.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        _set_environment(before)


def _set_environment(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def _main_left_alone() -> Iterator[None]:
    """Keep a forked kernel from importing the program that started it.

    multiprocessing re-imports the parent's `__main__` in each child so that functions defined
    there can be unpickled. Ours would be the console script, or pytest. A module whose name
    ends in `.__main__` is the one kind that it never imports, because such modules run their
    program unconditionally; for the moment of the start we say that ours is one.
    """
    main = sys.modules["__main__"]
    before = getattr(main, "__spec__", None)
    main.__spec__ = ModuleSpec("nwlbook.__main__", None)
    try:
        yield
    finally:
        main.__spec__ = before


class ForkedKernel:
    """A kernel forked from the server, with as much of `subprocess.Popen` as Jupyter uses.

    Parameters
    ----------
    connection_file : str
        What `jupyter_client` wrote for the kernel to read.
    folder : Path
        Private folder of the sockets; the kernel removes it if it outlives its builder.
    cwd : str
        Working directory of the kernel.
    env : mapping
        Its whole environment.
    """

    stdin = stdout = stderr = None

    def __init__(
        self, connection_file: str, folder: Path, cwd: str, env: Mapping[str, str]
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        self._process: BaseProcess = context.Process(
            target=_serve, args=(connection_file, str(folder), cwd, dict(env))
        )
        warm_up()
        try:
            with _lock, _main_left_alone():
                self._process.start()
                _live.add(self)
        except (EOFError, OSError) as error:
            raise RuntimeError(f"the fork server gave no kernel: {error!r}") from error
        # The start has set it, which its type does not say.
        self.pid = int(self._process.pid or 0)

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        with _lock:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until the kernel has ended, or for some seconds."""
        wait([self._process.sentinel], timeout)
        return self.poll()

    def send_signal(self, signum: int) -> None:
        """Signal the kernel and what it started."""
        if self.poll() is not None:
            return
        try:
            # Its group is its own only once it has called setsid.
            os.killpg(self.pid, signum)
        except ProcessLookupError:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """End the kernel and what it started."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


@atexit.register
def kill_all() -> None:
    """End every kernel that this process forked.

    Runs before multiprocessing's own exit handler, which would wait for them.
    """
    for kernel in list(_live):
        try:
            kernel.kill()
        except ProcessLookupError:
            continue


def _serve(connection_file: str, folder: str, cwd: str, env: dict[str, str]) -> None:
    """Be a kernel: what runs in the forked process."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    # What other programs print is no part of the book, and could flood the builder's terminal.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _set_search_path(env.get("PYTHONPATH", ""))
    threading.Thread(target=_die_with_builder, args=(folder,), daemon=True).start()

    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    # All kernels inherit the server's global generator; ordinary ones start with their own.
    np.random.seed()
    sys.argv = ["ipykernel_launcher", "-f", connection_file]
    # A parent of 1 is "none to watch": the watchdog does that, at once instead of each second.
    application = IPKernelApp.instance(connection_file=connection_file, parent_handle=1)
    application.initialize(["--HistoryManager.enabled=False"])
    application.start()


def _set_search_path(pythonpath: str) -> None:
    """Give the kernel the path that a fresh interpreter with this PYTHONPATH would have."""
    from nwlbook.kernels.preload import SEARCH_PATH

    first = [entry for entry in pythonpath.split(os.pathsep) if entry]
    sys.path[:] = [*first, *(entry for entry in SEARCH_PATH if entry not in first)]


def _die_with_builder(folder: str) -> None:
    """End this kernel as soon as its builder has gone, however that came about."""
    builder = multiprocessing.parent_process()
    if builder is None:
        return
    # The far end of this pipe is held by the builder alone. It closes when the builder ends,
    # be it by SIGKILL, and when it drops the kernel.
    wait([builder.sentinel])
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(os.getpid(), signal.SIGKILL)
