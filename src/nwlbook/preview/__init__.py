"""Show the book on this machine while it is written: each change is built and shown at once."""

import os
import sys
import time
import traceback
from collections.abc import Iterable
from pathlib import Path

from helpers.errors import EvidenceError
from nwlbook.build import Build
from nwlbook.editions import place
from nwlbook.errors import BookError
from nwlbook.forgetting import forget_evidence
from nwlbook.kernels.server import warm_up
from nwlbook.parameters import SECTOR
from nwlbook.preview.server import PreviewServer
from nwlbook.preview.state import State
from nwlbook.preview.watching import Watcher
from nwlbook.progress import Progress
from nwlbook.request import Request

# A build of its own: the last book stays as it was, with its documents.
FOLDER = Path("outputs") / "preview"


def serve(root: Path, port: int, borough: str = SECTOR) -> None:
    """Build, serve at a local address, and build again at each change until interrupted.

    Parameters
    ----------
    root : Path
        Folder of the project.
    port : int
        Port on this machine; nothing outside it can connect.
    borough : str
        Edition to show; the sector's by default.

    Raises
    ------
    InputError
        If the port is taken.
    """
    progress = Progress()
    state = State()
    site = root / FOLDER / "site"
    try:
        with PreviewServer(site, place(borough), port, state), Watcher(root) as watcher:
            # So that the first edit of a cell does not wait for imports.
            warm_up(rest_after=0)
            progress.console.print(f"http://127.0.0.1:{port}/ shows the book; Ctrl+C stops")
            rebuild(root, borough, state, progress)
            while True:
                changed = watcher.wait()
                if is_builders_own(changed):
                    break
                forget_evidence()
                rebuild(root, borough, state, progress)
    except KeyboardInterrupt:
        progress.console.print("stopped")
        return
    restart()


def rebuild(root: Path, borough: str, state: State, progress: Progress) -> None:
    """Build the pages and say what came of it, in the terminal and in the browser."""
    began = time.perf_counter()
    state.update(building=True)
    request = Request(
        root=root, editions=(borough,), formats=("html",), engine="embedded", into=root / FOLDER
    )
    error = None
    try:
        Build(request, progress).run()
    except (BookError, EvidenceError) as failure:
        error = str(failure)
    except Exception as failure:
        # A mistake of the builder's own: the page is open, and the next edit may avoid it.
        progress.console.print(traceback.format_exc(), markup=False)
        error = f"the builder itself failed, see the terminal: {type(failure).__name__}: {failure}"
    if error:
        progress.console.print(f"error: {error}", markup=False)
    else:
        progress.console.print(f"built in {time.perf_counter() - began:.1f} s")
    state.update(building=False, error=error, version=built_version(root))


def built_version(root: Path) -> str | None:
    """Return the name of the build that is shown, or None if there is none yet."""
    current = root / FOLDER / "manifest.json"
    return current.resolve().parent.name if current.is_file() else None


def is_builders_own(changed: Iterable[Path]) -> bool:
    """Tell whether a file is a module that this process has imported and would keep using."""
    imported = {
        Path(file).resolve()
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "helpers" and (file := getattr(module, "__file__", None))
    }
    return any(path.resolve() in imported for path in changed)


def restart() -> None:
    """Become a new process of the same command, which imports the helpers as they are now."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
