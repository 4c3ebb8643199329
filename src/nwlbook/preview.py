"""Serve the book on this machine and rebuild it when something it is made from changes."""

import functools
import http.server
import threading
import time
from pathlib import Path

from nwlbook.build import Build, Request
from nwlbook.errors import BookError, InputError
from nwlbook.progress import Progress

WATCHED = ("_quarto.yml", "index.qmd", "notebooks", "data", "src/helpers")
PAUSE_SECONDS = 0.5
State = dict[str, tuple[int, int]]


def serve(root: Path, port: int) -> None:
    """Build, serve at a local address, and rebuild at each change until interrupted.

    Parameters
    ----------
    root : Path
        Folder of the project.
    port : int
        Port on this machine; nothing outside it can connect.

    Raises
    ------
    InputError
        If the port is taken.
    """
    progress = Progress()
    seen = watched_state(root)
    rebuild(root, progress)
    try:
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", port), functools.partial(_Handler, directory=str(root / "outputs/site"))
        )
    except OSError as error:
        raise InputError(f"--port {port}: {error.strerror}") from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    progress.console.print(f"http://127.0.0.1:{port}/ shows the book; Ctrl+C stops")
    try:
        while True:
            time.sleep(PAUSE_SECONDS)
            now = watched_state(root)
            if now != seen:
                seen = now
                rebuild(root, progress)
    except KeyboardInterrupt:
        server.shutdown()


def rebuild(root: Path, progress: Progress) -> bool:
    """Build the pages; on an error say it and leave the last good ones.

    Returns
    -------
    bool
        Whether the build succeeded.
    """
    began = time.perf_counter()
    try:
        Build(Request(root=root, formats=("html",)), progress).run()
    except BookError as error:
        progress.console.print(f"error: {error}", markup=False)
        return False
    progress.console.print(f"built in {time.perf_counter() - began:.1f} s")
    return True


def watched_state(root: Path) -> State:
    """Return size and time of change of every file that the book is made from."""
    files = [
        file
        for name in WATCHED
        for file in ([root / name] if (root / name).is_file() else (root / name).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    ]
    return {
        str(file): (file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists()
    }


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files that a browser must not keep, without a line for each request."""

    def end_headers(self) -> None:
        """Add the header that keeps a rebuilt page from being shown as it was."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
