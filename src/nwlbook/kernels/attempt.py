"""Run one notebook in a kernel of its own, through papermill."""

import contextlib
import logging
import math
import os
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.parameterize import parameterize_notebook

from nwlbook.kernels import server
from nwlbook.kernels.provisioner import KIND_VARIABLE, ORDINARY
from nwlbook.recorder import MEMORY_VARIABLE, OUTPUT_LIMIT, ROOT_VARIABLE, too_much_output

KERNEL = "nwlbook"
START_LIMIT = 60
KERNEL_SPECIFICATIONS = Path(__file__).parent / "jupyter" / "kernels"

# What the libraries would say of a failure, we say ourselves and once.
_silent = logging.getLogger("nwlbook.kernels")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


class AttemptError(Exception):
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
    memory_limit : float, optional
        Gigabytes that its kernel may take.

    Attributes
    ----------
    since : int
        Moment, in nanoseconds since 1970, from which it may have read the project's files.
    """

    root: Path
    cwd: Path
    time_limit: float
    warm: bool
    kernels: "Kernels"
    memory_limit: float | None = None
    notebook: nbformat.NotebookNode | None = field(default=None, init=False)
    seconds: float = field(default=0.0, init=False)
    flooded: bool = field(default=False, init=False)
    _cell: str | None = field(default=None, init=False)
    since: int = field(default=0, init=False)
    _began: float = field(default=math.inf, init=False)

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
        AttemptError
            If a cell raises, the kernel dies or the time is up. What had been put out until
            then is in `notebook`.
        """
        try:
            executed = self._executed(_with_metadata(notebook), parameters)
        except PapermillExecutionError as error:
            message = error.evalue
            if error.ename == "MemoryError" and self.memory_limit:
                message += f" (a run may take {self.memory_limit:g} GB: see --memory-limit)"
            raise AttemptError(error.ename, message.strip(), self._cell, error.traceback) from None
        except (CellTimeoutError, DeadKernelError) as error:
            if self.flooded:
                name, message = "OutputLimit", too_much_output()
            elif isinstance(error, CellTimeoutError):
                name = "TimeLimit"
                message = f"took longer than {self.time_limit:g} seconds (see --time-limit)"
            else:
                name = "DeadKernel"
                message = "the kernel died; it may have crashed or run out of memory"
            raise AttemptError(name, message, self._cell, []) from None
        except RuntimeError as error:
            raise AttemptError("KernelStart", str(error), None, []) from None
        finally:
            ensure_event_loop().close()
        self.seconds = time.monotonic() - self._began
        if self._cell != executed.cells[-1].id:
            # papermill takes sys.exit() for an end like any other.
            message = "the notebook ended itself before its last cell"
            raise AttemptError("SystemExit", message, self._cell, [])
        return executed

    def _executed(
        self, notebook: nbformat.NotebookNode, parameters: Mapping[str, Any]
    ) -> nbformat.NotebookNode:
        # Those steps of papermill.execute_notebook that a run needs. Its last would turn what
        # came of the run into text, for a file that nobody asked for.
        if parameters:
            notebook = parameterize_notebook(
                notebook,
                dict(parameters),
                engine_name=BookEngine.NAME,
                kernel_name=KERNEL,
                language="python",
            )
        executed = papermill_engines.execute_notebook_with_engine(
            BookEngine.NAME, notebook, KERNEL, progress_bar=False, attempt=self
        )
        raise_for_execution_errors(executed, None)
        return executed

    def begin(self) -> None:
        """Let the time run: the kernel is there."""
        self.since = time.time_ns()
        self._began = time.monotonic()

    def seconds_left(self, _: Any = None) -> float:
        """Return how long the rest of the notebook may take."""
        # nbclient takes a limit of nothing as none.
        return max(0.01, self._began + self.time_limit - time.monotonic())

    def enter_cell(self, cell: nbformat.NotebookNode, **_: Any) -> None:
        """Remember which cell is about to run."""
        self._cell = cell.id

    def environment(self) -> dict[str, str]:
        """Return the environment of the kernel."""
        inherited = server.environment()
        path = [str(self.root / "src"), inherited.get("PYTHONPATH", "")]
        environment = {
            **inherited,
            ROOT_VARIABLE: str(self.root),
            "PYTHONPATH": os.pathsep.join(entry for entry in path if entry),
        }
        if self.memory_limit:
            environment[MEMORY_VARIABLE] = str(round(self.memory_limit * 1e9))
        if not self.warm:
            environment[KIND_VARIABLE] = ORDINARY
        return environment


def _with_metadata(notebook: Mapping[str, Any]) -> nbformat.NotebookNode:
    """Return a copy with the metadata that papermill writes into.

    Its own loading would turn the notebook into text, read that and check it twice.
    """
    node = nbformat.from_dict(notebook)
    node.metadata["papermill"] = nbformat.from_dict({"parameters": {}})
    for cell in node.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata["papermill"] = nbformat.NotebookNode()
    return node


def make_validator() -> None:
    """Let nbformat turn its schema into a program, or each of the first runs would at once."""
    nbformat.validate(nbformat.v4.new_notebook())


class Kernels:
    """The kernels that run at the moment, so that an interrupted build can end them."""

    def __init__(self) -> None:
        self._running: set[AsyncKernelManager] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def add(self, manager: AsyncKernelManager) -> None:
        """List a kernel that has started; if the build was interrupted meanwhile, refuse it."""
        with self._lock:
            if self._stopped:
                raise DeadKernelError("the build was interrupted")
            self._running.add(manager)

    def remove(self, manager: AsyncKernelManager) -> None:
        """Take a kernel off the list."""
        with self._lock:
            self._running.discard(manager)

    def kill(self) -> None:
        """End all kernels, and let no other run."""
        with self._lock:
            self._stopped = True
            for manager in self._running:
                provisioner = manager.provisioner
                if provisioner is not None and provisioner.has_process:
                    provisioner.process.kill()  # type: ignore[attr-defined]


class BoundedClient(PapermillNotebookClient):
    """Runs a notebook, and ends its kernel before what it puts out fills the memory.

    The recorder stops a cell that prints too much by itself; this stops what goes past it: the
    output of other threads, and things displayed.
    """

    attempt: Attempt
    taken = 0

    def process_message(self, msg: dict[str, Any], *place: Any, **named: Any) -> Any:
        """Count what a message carries, then let it be handled as usual."""
        content = msg["content"]
        self.taken += len(content.get("text") or "")
        self.taken += sum(len(str(value)) for value in (content.get("data") or {}).values())
        if self.taken <= OUTPUT_LIMIT:
            return super().process_message(msg, *place, **named)
        self.attempt.flooded = True
        self.km.provisioner.process.kill()
        return None


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
        client = BoundedClient(
            nb_man,
            km=manager,
            kernel_name=kernel_name,
            timeout_func=attempt.seconds_left,
            on_cell_start=attempt.enter_cell,
            record_timing=False,
            log=_silent,
        )
        client.attempt = attempt
        loop = ensure_event_loop()
        try:
            environment = attempt.environment()
            start = manager.start_kernel(
                cwd=str(attempt.cwd), env=environment, stdout=subprocess.DEVNULL
            )
            loop.run_until_complete(start)
            attempt.kernels.add(manager)
            client.kc = loop.run_until_complete(_connected_client(manager))
            attempt.begin()
            client.execute()
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            loop.run_until_complete(manager.shutdown_kernel(now=True))
            attempt.kernels.remove(manager)


async def _connected_client(manager: AsyncKernelManager) -> AsyncKernelClient:
    """Return a client whose kernel has answered on both channels.

    jupyter_client's own `wait_for_ready` then listens for another 0.2 s to empty the channel,
    which nothing here needs: answers to other questions are passed over.
    """
    client = manager.client()
    # Whether the kernel lives is asked of its process, and no cell asks for input.
    client.start_channels(stdin=False, hb=False)
    client.allow_stdin = False
    began = time.monotonic()
    while await manager.is_alive() and time.monotonic() - began < START_LIMIT:
        client.kernel_info()
        with contextlib.suppress(Empty):
            await client.get_shell_msg(timeout=1)
            await client.get_iopub_msg(timeout=0.2)
            return client
    client.stop_channels()
    raise RuntimeError("the kernel did not start")


papermill_engines.register(BookEngine.NAME, BookEngine)
logging.getLogger("papermill").addHandler(logging.NullHandler())
