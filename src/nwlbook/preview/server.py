"""The preview's server: the site as files, and a stream of events that its pages follow."""

import functools
import io
import json
import sys
import threading
from email.utils import formatdate
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

from nwlbook.errors import InputError
from nwlbook.preview.pages import PREFIX, followed, notice
from nwlbook.preview.state import State

ADDRESS = "127.0.0.1"
ASSETS = Path(__file__).with_name("assets")
TYPES = {"preview.js": "text/javascript", "preview.css": "text/css"}
# Seconds after which a silent stream is written to, to notice a page that is gone.
HEARTBEAT = 10.0


class PreviewServer:
    """Serves a site to this machine alone, a context manager.

    Parameters
    ----------
    site : Path
        Folder of the site; need not exist yet.
    start : PurePosixPath
        Where in it the edition is that is shown.
    port : int
        Port on this machine.
    state : State
        What pages follow.

    Raises
    ------
    InputError
        If the port is taken.
    """

    def __init__(self, site: Path, start: PurePosixPath, port: int, state: State) -> None:
        self.state = state
        handler = functools.partial(_Handler, directory=str(site), start=start, state=state)
        try:
            self._server = _Server((ADDRESS, port), handler)
        except OSError as error:
            raise InputError(f"--port {port}: {error.strerror}") from error
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the streams and the server, and free the port."""
        self.state.close()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over pages that go away before their answer; show other errors as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Serves files that a browser must not keep, without a line for each request."""

    def __init__(self, *arguments: Any, directory: str, start: PurePosixPath, state: State) -> None:
        self.start = start
        self.state = state
        super().__init__(*arguments, directory=directory)

    def do_GET(self) -> None:
        """Answer a request for a file or for the stream of events."""
        if not self._is_for_us():
            self.send_error(HTTPStatus.FORBIDDEN, "This address is not the preview's")
        elif self._path == f"{PREFIX}events":
            self._stream()
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer a request for what a file is like."""
        if not self._is_for_us():
            self.send_error(HTTPStatus.FORBIDDEN, "This address is not the preview's")
        else:
            super().do_HEAD()

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Choose what to send, and send its head."""
        if self._path.startswith(PREFIX):
            return self._asset(self._path.removeprefix(PREFIX))
        file = Path(self.translate_path(self.path))
        if self._path == "/" and self.start != PurePosixPath():
            self._redirect(f"/{self.start}/")
            return None
        if file.is_dir() and self._path.endswith("/"):
            file /= "index.html"
        # Taken before the page is read: a page of the next build would else be taken for it.
        version = self.state.snapshot.version
        if file.suffix == ".html" and file.is_file():
            return self._page(HTTPStatus.OK, followed(file.read_text("utf-8"), version))
        if file.exists():
            return super().send_head()
        if version is None:
            text = "The pages appear here as soon as the first build has ended."
            return self._page(HTTPStatus.OK, notice("The book is being built", text, version))
        text = f"The book has no page {self._path}. It may have been renamed or taken out."
        return self._page(HTTPStatus.NOT_FOUND, notice("No such page", text, version))

    def end_headers(self) -> None:
        """Add the headers that keep a rebuilt page from being shown as it was."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        # No page of another site may load parts of an unpublished book, nor frame it.
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "DENY")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    @property
    def _path(self) -> str:
        return urlsplit(self.path).path

    def _is_for_us(self) -> bool:
        """Refuse other names of this machine: a page of another site may have made them up."""
        port = self.connection.getsockname()[1]
        return self.headers.get("Host") in {f"{name}:{port}" for name in (ADDRESS, "localhost")}

    def _asset(self, name: str) -> io.BytesIO | None:
        if name not in TYPES:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return self._content(HTTPStatus.OK, TYPES[name], (ASSETS / name).read_bytes())

    def _page(self, status: HTTPStatus, page: str) -> io.BytesIO:
        return self._content(status, "text/html; charset=utf-8", page.encode())

    def _content(self, status: HTTPStatus, kind: str, content: bytes) -> io.BytesIO:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.end_headers()
        return io.BytesIO(content)

    def _redirect(self, to: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _stream(self) -> None:
        """Send each state of the preview, until the page or the preview ends."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"retry: 500\n\n")
        seen = -1
        while not self.state.closed:
            number, state = self.state.wait(seen, HEARTBEAT)
            text = ": still here" if number == seen else f"data: {json.dumps(state)}"
            seen = number
            self.wfile.write(f"{text}\n\n".encode())
            self.wfile.flush()
