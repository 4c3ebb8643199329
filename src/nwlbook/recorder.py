"""Runs inside a kernel: records what a notebook used, and works out its inline expressions."""

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

MIME_TYPE = "application/vnd.nwlbook.run+json"
ROOT_VARIABLE = "NWLBOOK_ROOT"
# Bytes that the kernel may take, set by the builder.
MEMORY_VARIABLE = "NWLBOOK_MEMORY_LIMIT"
# Characters that one run may put out: forty times what the longest chapter does.
OUTPUT_LIMIT = 20_000_000
EXCLUDED_FOLDERS = {"outputs", ".venv", ".git", "__pycache__", ".ipynb_checkpoints"}
# What may lead elsewhere than it begins.
_UNTIDY = re.compile(r"//|/\.")


class Recorder:
    """Collects the files and folders under one root that this process reads.

    Parameters
    ----------
    root : str
        Absolute path of the project.
    """

    def __init__(self, root: str) -> None:
        # A project can be reached through a link; what is read may be named either way.
        # Both are spelt out with os.path because Path.resolve would follow the links inside
        # the project too, and lose a data file that is a link to somewhere else.
        self.roots = tuple({os.path.abspath(root), os.path.realpath(root)})  # noqa: PTH100
        self.excluded = tuple(
            os.path.join(root, folder, "")  # noqa: PTH118
            for root in self.roots
            for folder in EXCLUDED_FOLDERS
        )
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.modules_before = frozenset(sys.modules)

    def relative(self, path: str | bytes | int | None) -> str | None:
        """Return a path from the root with slashes, or None if it is not of the project."""
        if path is None:
            path = "."
        if not isinstance(path, str | bytes):
            return None
        # Most of what a kernel opens is plainly elsewhere.
        if (
            isinstance(path, str)
            and path.startswith(os.sep)
            and (not path.startswith(self.roots) or path.startswith(self.excluded))
            and not _UNTIDY.search(path)
        ):
            return None
        absolute = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        for root in self.roots:
            if absolute == root:
                return "."
            if absolute.startswith(root + os.sep):
                # Not with pathlib, which takes long over the modules of a whole environment.
                parts = absolute[len(root) + 1 :].split(os.sep)  # noqa: PTH206
                return None if EXCLUDED_FOLDERS.intersection(parts) else "/".join(parts)
        return None

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take note of an audit event; called by the interpreter at each one."""
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            if not writes and (name := self.relative(path)) is not None:
                self.files.add(name)
        elif (
            event in ("os.listdir", "os.scandir")
            # The import system lists every folder on its path. What it finds there is recorded
            # as modules; to depend on the listing would tie each run to every helper.
            and not _is_import_system(sys._getframe(1))
            and (name := self.relative(arguments[0])) is not None
        ):
            self.folders.add(name)

    def modules(self) -> set[str]:
        """Return the files of the project's modules that have been imported."""
        found = set()
        for name, module in list(sys.modules.items()):
            # Our own, there before the notebook began in one kind of kernel and not the other.
            if name in self.modules_before and name.split(".")[0] == "nwlbook":
                continue
            path = getattr(module, "__file__", None)
            if path and (relative := self.relative(path)) is not None:
                found.add(relative)
        return found


_recorder: Recorder | None = None


def start(root: str | None = None) -> None:
    """Begin to record what this process reads.

    Parameters
    ----------
    root : str, optional
        The project; the builder names it in the environment.
    """
    global _recorder
    if _recorder is not None:
        return
    _limit_memory(os.environ.get(MEMORY_VARIABLE))
    _limit_output()
    _recorder = Recorder(root or os.environ[ROOT_VARIABLE])
    sys.addaudithook(_recorder.hook)


def finish(expressions: Iterable[str]) -> None:
    """Work out the inline expressions and emit them with all that was recorded.

    Parameters
    ----------
    expressions : iterable of str
        Python expressions, evaluated in the notebook's namespace.
    """
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    shell = get_ipython()
    if _recorder is None or shell is None:
        raise RuntimeError("the recorder was not started in a notebook")
    values, failed = evaluate(expressions, shell.user_ns)
    payload = {
        "expressions": values,
        "failed": failed,
        "files": sorted(_recorder.files),
        "folders": sorted(_recorder.folders),
        "modules": sorted(_recorder.modules()),
    }
    display({MIME_TYPE: payload}, raw=True)


def evaluate(
    expressions: Iterable[str], namespace: dict[str, Any]
) -> tuple[dict[str, str], dict[str, str] | None]:
    """Evaluate expressions up to the first that fails.

    Parameters
    ----------
    expressions : iterable of str
        Python expressions.
    namespace : dict
        Where their names are looked up.

    Returns
    -------
    values : dict
        Expression to its value as text.
    failed : dict or None
        Expression, error name and message of the one that failed.
    """
    values: dict[str, str] = {}
    for expression in expressions:
        try:
            code = compile(expression, "<inline expression>", "eval")
            values[expression] = str(eval(code, namespace))  # noqa: S307
        except Exception as error:
            name = type(error).__name__
            return values, {"expression": expression, "name": name, "message": str(error)}
    return values, None


class OutputLimit(Exception):  # noqa: N818
    """A notebook prints more than a book can hold."""


def too_much_output() -> str:
    """Say what is wrong with a notebook that puts out too much."""
    return f"puts out more than {OUTPUT_LIMIT // 1_000_000} million characters"


def _limit_memory(limit: str | None) -> None:
    """Let an allocation fail before it takes the memory of everything else."""
    # Elsewhere the limit does not exist or does nothing.
    if limit and sys.platform == "linux":
        import resource

        wanted, (_, most) = int(limit), resource.getrlimit(resource.RLIMIT_DATA)
        if most != resource.RLIM_INFINITY:
            wanted = min(wanted, most)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


class _Limited:
    """The `write` of a stream, until the kernel has printed too much."""

    printed = 0

    def __init__(self, write: Callable[[str], int | None]) -> None:
        self.write = write

    def __call__(self, text: str) -> int | None:
        # Other threads hand on what programs write, and would end without a word.
        if threading.current_thread() is threading.main_thread():
            _Limited.printed += len(text)
            if _Limited.printed > OUTPUT_LIMIT:
                raise OutputLimit(too_much_output())
        return self.write(text)


def _limit_output() -> None:
    """Stop a cell that prints without end where it prints, before the text leaves the kernel."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None:
        # IPython puts a `write` of its own into the streams for each cell.
        shell.events.register("pre_run_cell", _limit_streams)


def _limit_streams(_: Any) -> None:
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream.write, _Limited):
            stream.write = _Limited(stream.write)  # type: ignore[method-assign]


def _is_import_system(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name.split(".")[0] in {"importlib", "_frozen_importlib_external", "pkgutil"}
