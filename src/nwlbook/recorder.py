"""Runs inside a kernel: records what a notebook used, and works out its inline expressions."""

import os
import sys
from collections.abc import Iterable
from pathlib import PurePath
from types import FrameType
from typing import Any

MIME_TYPE = "application/vnd.nwlbook.run+json"
ROOT_VARIABLE = "NWLBOOK_ROOT"
EXCLUDED_FOLDERS = {"outputs", ".venv", ".git", "__pycache__", ".ipynb_checkpoints"}


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
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.modules_before = frozenset(sys.modules)

    def relative(self, path: str | bytes | int | None) -> str | None:
        """Return a path from the root with slashes, or None if it is not of the project."""
        if path is None:
            path = "."
        if not isinstance(path, str | bytes):
            return None
        absolute = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        for root in self.roots:
            if absolute == root or absolute.startswith(root + os.sep):
                parts = PurePath(absolute).relative_to(root).parts
                return None if EXCLUDED_FOLDERS.intersection(parts) else "/".join(parts) or "."
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


def _is_import_system(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name.split(".")[0] in {"importlib", "_frozen_importlib_external", "pkgutil"}
