"""Drive a headless Chromium over its DevTools pipe.

Only what drawing static images needs: find a browser, open pages in it, evaluate
expressions in them and take the answers as they come. No port is opened and no file is
served, so several builds can run side by side.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nwlbook.errors import InputError
from nwlbook.processes import temporary_prefix

BROWSER_VARIABLE = "NWLBOOK_CHROMIUM"
COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--headless",
    # The pages hold nothing but our own charts, and containers seldom allow a sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    # A window of the browser's own would load pages that cost as much as all that we draw: its
    # new tab, and two that wait behind its address bar.
    "--no-startup-window",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--force-device-scale-factor=1",
    "--remote-debugging-pipe",
)
EMPTY_PAGE = "document.write('<!doctype html><title>page</title><body>'); document.close()"
CLOSING_SECONDS = 5.0
# The browser makes a socket in its temporary folder, of which the address has to be short.
LONGEST_TEMPORARY_FOLDER = 56
# The browser reads its commands from descriptor 3 and answers on 4.
COMMAND_DESCRIPTOR, ANSWER_DESCRIPTOR = 3, 4


class BrowserError(Exception):
    """The browser did not start, died, or gave no sign of life within its patience."""


class PageError(Exception):
    """An expression raised an error in the page; the text is the page's message."""


def find_browser() -> Path | None:
    """Find a Chromium or a relative of it.

    Returns
    -------
    Path or None
        What the environment variable `NWLBOOK_CHROMIUM` names, else the first of the
        usual commands that is on the path, else a usual macOS application, else None.

    Raises
    ------
    InputError
        If `NWLBOOK_CHROMIUM` names something that cannot be run.
    """
    named = os.environ.get(BROWSER_VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise InputError(f"{BROWSER_VARIABLE} names '{named}', which cannot be run")
        return Path(found)
    for command in (*COMMANDS, *APPLICATIONS):
        found = shutil.which(command)
        if found:
            return Path(found)
    return None


class Browser:
    """One headless browser, a context manager that leaves nothing behind.

    Parameters
    ----------
    executable : Path
        The browser's command, as `find_browser` returns it.
    patience : float
        Seconds without any sign of life after which the browser is given up.
    """

    def __init__(self, executable: Path, *, patience: float) -> None:
        self.executable = executable
        self.patience = patience
        self._last_id = 0
        self._unread = b""
        self._answers: dict[int, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        """Start the browser."""
        from fcntl import F_DUPFD_CLOEXEC, fcntl  # Windows has none, and imports this module too.

        self._profile = tempfile.TemporaryDirectory(
            prefix=temporary_prefix(), ignore_cleanup_errors=True
        )
        command_end, self._commands = os.pipe()
        self._answers_end, answer_end = os.pipe()
        # Above 9, so that moving one to descriptor 3 or 4 in the child cannot close the other.
        moved = [fcntl(end, F_DUPFD_CLOEXEC, 10) for end in (command_end, answer_end)]
        os.close(command_end)
        os.close(answer_end)
        log = str(Path(self._profile.name) / "log")
        try:
            self._process = os.posix_spawn(
                self.executable,
                [str(self.executable), *FLAGS, f"--user-data-dir={self._profile.name}"],
                self._environment(),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, log, os.O_WRONLY | os.O_CREAT, 0o600),
                    (os.POSIX_SPAWN_DUP2, moved[0], COMMAND_DESCRIPTOR),
                    (os.POSIX_SPAWN_DUP2, moved[1], ANSWER_DESCRIPTOR),
                ],
                setpgroup=0,
            )
        except OSError as error:
            self._release()
            raise BrowserError(f"{self.executable} does not start: {error.strerror}") from error
        finally:
            for end in moved:
                os.close(end)
        os.set_blocking(self._commands, False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the browser: ask if all went well, then kill what is left of it."""
        if error is None:
            with contextlib.suppress(BrowserError):
                self._send("Browser.close", {}, None)
                self._wait_for_end()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)
        self._release()

    def open_page(self) -> str:
        """Open an empty page in standards mode and return its name."""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        page: str = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})[
            "sessionId"
        ]
        # Without this a crash of the page's own process would pass for a long silence.
        self._call("Inspector.enable", {}, page)
        self.take(self.ask(page, EMPTY_PAGE))
        return page

    def ask(self, page: str, expression: str) -> int:
        """Start to evaluate an expression in a page, awaiting a promise, and return a ticket."""
        return self._send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
            page,
        )

    def take(self, *tickets: int) -> Any:
        """Wait for all of the tickets and return the value of the last one."""
        value = None
        for ticket in tickets:
            while ticket not in self._answers:
                self._receive()
            value = self._value(ticket)
        return value

    def take_first(self, tickets: Sequence[int]) -> int:
        """Wait until one of the tickets has an answer and return that ticket."""
        while True:
            for ticket in tickets:
                if ticket in self._answers:
                    return ticket
            self._receive()

    def _environment(self) -> dict[str, str]:
        """Return an environment in which what the browser leaves goes with its profile."""
        folder = self._profile.name
        own = {"TMPDIR": folder} if len(folder) <= LONGEST_TEMPORARY_FOLDER else {}
        return {**os.environ, **own}

    def _value(self, ticket: int) -> Any:
        result = self._answers.pop(ticket)
        details = result.get("exceptionDetails")
        if details:
            thrown = details.get("exception", {})
            message = thrown.get("description") or thrown.get("value") or details["text"]
            raise PageError(str(message).splitlines()[0])
        return result["result"].get("value")

    def _call(self, method: str, values: dict[str, Any], page: str | None = None) -> dict[str, Any]:
        ticket = self._send(method, values, page)
        while ticket not in self._answers:
            self._receive()
        return self._answers.pop(ticket)

    def _send(self, method: str, values: dict[str, Any], page: str | None) -> int:
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": values}
        if page is not None:
            message["sessionId"] = page
        rest = memoryview(json.dumps(message).encode() + b"\0")
        while rest:
            self._await(self._commands, selectors.EVENT_WRITE)
            try:
                rest = rest[os.write(self._commands, rest) :]
            except BrokenPipeError as error:
                raise BrowserError(f"the browser ended{self._last_words()}") from error
        return self._last_id

    def _receive(self) -> None:
        """Read one message: keep an answer, ignore an event, raise at a sign of death."""
        while b"\0" not in self._unread:
            self._await(self._answers_end, selectors.EVENT_READ)
            more = os.read(self._answers_end, 1 << 20)
            if not more:
                raise BrowserError(f"the browser ended{self._last_words()}")
            self._unread += more
        text, _, self._unread = self._unread.partition(b"\0")
        message = json.loads(text)
        if message.get("method") in ("Inspector.targetCrashed", "Target.targetCrashed"):
            raise BrowserError("a page of the browser crashed")
        if "error" in message:
            raise BrowserError(f"the browser refused: {message['error'].get('message')}")
        if "id" in message:
            self._answers[message["id"]] = message["result"]

    def _await(self, descriptor: int, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(self.patience):
                raise BrowserError(f"the browser gave no answer for {self.patience:g} seconds")

    def _wait_for_end(self) -> None:
        deadline = time.monotonic() + CLOSING_SECONDS
        with contextlib.suppress(ChildProcessError):
            while time.monotonic() < deadline:
                if os.waitpid(self._process, os.WNOHANG)[0]:
                    return
                time.sleep(0.01)

    def _last_words(self) -> str:
        """Return the last line that the browser wrote to its error output."""
        log = Path(self._profile.name) / "log"
        lines = log.read_text(errors="replace").split("\n") if log.exists() else []
        said = [line.strip() for line in lines if line.strip()]
        return f": {said[-1]}" if said else ""

    def _release(self) -> None:
        os.close(self._commands)
        os.close(self._answers_end)
        self._profile.cleanup()
