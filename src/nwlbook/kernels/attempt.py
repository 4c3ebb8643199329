"""Run one notebook in a kernel of its own, through papermill."""

import contextlib
import logging
import math
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from nwlbook.kernels.provisioner import KIND_VARIABLE, ORDINARY
from nwlbook.recorder import ROOT_VARIABLE

KERNEL = "nwlbook"
KERNEL_SPECIFICATIONS = Path(__file__).parent / "jupyter" / "kernels"

# What the libraries would say of a failure, we say ourselves and once.
_silent = logging.getLogger("nwlbook.kernels")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


class AttemptFailed(Exception):
    """A notebook did not run to its end.

    Parameters
    ----------
    name : str
        Name of the error.
    message : str
        What it said.
    cell : str or None
        Id of the cell that was running.
    traceback : list of str
        Its traceback as the kernel gave it.
    """

    def __init__(self, name: str, message: str, cell: str | None, traceback: list[str]) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.cell = cell
        self.traceback = traceback


@dataclass
class Attempt:
    """One try at a notebook.

    Parameters
    ----------
    root : Path
        The project.
    cwd : Path
        Working directory of the kernel.
    time_limit : float
        Seconds that the whole notebook may take.
    warm : bool
        Whether its kernel may be forked.
    kernels : Kernels
        Where the kernel is listed while it runs.
    """

    root: Path
    cwd: Path
    time_limit: float
    warm: bool
    kernels: "Kernels"
    notebook: nbformat.NotebookNode | None = None
    cell: str | None = None
    _deadline: float = field(default=math.inf, init=False)

    def run(
        self, notebook: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> nbformat.NotebookNode:
        """Execute a notebook and return it with its outputs.

        Parameters
        ----------
        notebook : mapping
            What to execute, as JSON values.
        parameters : mapping
            Values to inject after the `parameters` cell.

        Raises
        ------
        AttemptFailed
            If a cell raises, the kernel dies or the time is up. What had been put out until
            then is in `notebook`.
        """
        self._deadline = time.monotonic() + self.time_limit
        try:
            return execute_notebook(
                nbformat.from_dict(notebook),
                None,
                parameters=dict(parameters),
                engine_name=BookEngine.NAME,
                kernel_name=KERNEL,
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                attempt=self,
            )
        except PapermillExecutionError as error:
            raise AttemptFailed(error.ename, error.evalue, self.cell, error.traceback) from None
        except CellTimeoutError:
            message = f"took longer than {self.time_limit:g} seconds"
            raise AttemptFailed("TimeLimit", message, self.cell, []) from None
        except DeadKernelError:
            message = "the kernel died; it may have crashed or run out of memory"
            raise AttemptFailed("DeadKernel", message, self.cell, []) from None
        except RuntimeError as error:
            # What jupyter_client raises when a kernel never answers.
            raise AttemptFailed("KernelStart", str(error), self.cell, []) from None
        finally:
            ensure_event_loop().close()

    def seconds_left(self, _: Any = None) -> float:
        """Return how long the rest of the notebook may take."""
        return max(0.1, self._deadline - time.monotonic())

    def enter_cell(self, cell: nbformat.NotebookNode, **_: Any) -> None:
        """Remember which cell is about to run."""
        self.cell = cell.id

    def environment(self) -> dict[str, str]:
        """Return the environment of the kernel."""
        path = [str(self.root / "src"), os.environ.get("PYTHONPATH", "")]
        environment = {
            **os.environ,
            ROOT_VARIABLE: str(self.root),
            "PYTHONPATH": os.pathsep.join(entry for entry in path if entry),
            # A personal profile could run code of its own at the start of each kernel.
            "IPYTHONDIR": str(self.kernels.profile),
        }
        if not self.warm:
            environment[KIND_VARIABLE] = ORDINARY
        return environment


class Kernels:
    """The kernels that run at the moment, so that an interrupted build can end them.

    Parameters
    ----------
    profile : Path
        Folder for IPython's settings, empty so that all kernels start alike.
    """

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self._running: set[AsyncKernelManager] = set()
        self._lock = threading.Lock()
        self._stopped = False

    @contextlib.contextmanager
    def running(self, manager: AsyncKernelManager) -> Iterator[None]:
        """List a kernel for as long as the block lasts."""
        with self._lock:
            if self._stopped:
                raise DeadKernelError("the build was interrupted")
            self._running.add(manager)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(manager)

    def kill(self) -> None:
        """End all kernels, and let no other start."""
        with self._lock:
            self._stopped = True
            for manager in self._running:
                process = getattr(manager.provisioner, "process", None)
                if process is not None:
                    process.kill()


class BookEngine(NBClientEngine):
    """The papermill engine that starts our kernels and ends them at once."""

    NAME = "nwlbook"

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, attempt: Attempt, **_: Any
    ) -> None:
        """Execute the notebook that papermill has put the parameters into."""
        attempt.notebook = nb_man.nb
        manager = AsyncKernelManager(
            kernel_name=kernel_name,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(KERNEL_SPECIFICATIONS)]),
            log=_silent,
        )
        loop = ensure_event_loop()
        with attempt.kernels.running(manager):
            client = None
            try:
                loop.run_until_complete(
                    manager.start_kernel(cwd=str(attempt.cwd), env=attempt.environment())
                )
                client = PapermillNotebookClient(
                    nb_man,
                    km=manager,
                    kernel_name=kernel_name,
                    startup_timeout=math.ceil(attempt.seconds_left()),
                    timeout_func=attempt.seconds_left,
                    on_cell_start=attempt.enter_cell,
                    record_timing=False,
                    log=_silent,
                )
                client.execute()
            finally:
                if client is not None and client.kc is not None:
                    client.kc.stop_channels()
                loop.run_until_complete(manager.shutdown_kernel(now=True))


papermill_engines.register(BookEngine.NAME, BookEngine)
logging.getLogger("papermill").addHandler(logging.NullHandler())
