"""Start the command as a process, look at it while it works, and find what it leaves."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

COMMAND = Path(sys.executable).with_name("nwlbook")
VARIABLE = "NWLBOOK_FAULT"
LONGEST_BUILD = 300.0
SHORT_STAGES = ("check", "publish")
# Seconds in which everything that a build started has to be gone after it.
GONE_WITHIN = 10.0


@dataclass(frozen=True)
class Said:
    """What a build came to: its exit code, negative for a signal, and what it said."""

    code: int
    text: str
    seconds: float

    @property
    def line(self) -> str:
        """The first line that is not empty."""
        return next((line for line in self.text.splitlines() if line.strip()), "")

    @property
    def traceback(self) -> bool:
        """Whether a program's inner workings were shown to a person."""
        return "Traceback (most recent call last)" in self.text or "--- Logging error" in self.text


class Builder:
    """A build in a process and a session of its own, with a temporary folder of its own.

    Parameters
    ----------
    root : Path
        The project.
    *arguments : str
        Of `nwlbook build`.
    environment : mapping, optional
        What is set beside the environment that is there.
    before : sequence of str
        A command that runs the command.
    temporary : Path, optional
        Folder for temporary files, instead of a new one.
    """

    def __init__(
        self,
        root: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
        temporary: Path | None = None,
    ) -> None:
        self.outputs = root / "outputs"
        self.token = secrets.token_hex(8)
        # Addresses of sockets have to be short.
        self.temporary = temporary or Path(tempfile.mkdtemp(prefix="flt-", dir="/tmp"))
        self.furthest = "start"
        self.memory = 0  # the most bytes that the builder itself took
        self._known = _builds(self.outputs)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 read when the build has ended
        self.began = time.monotonic()
        inherited = {name: text for name, text in os.environ.items() if name != "NWLBOOK_ROOT"}
        self.process = subprocess.Popen(
            [*before, str(COMMAND), "build", "--to", "html,pdf", *arguments],
            cwd=root,
            env={
                **inherited,
                "CI": "true",
                "TMPDIR": str(self.temporary),
                VARIABLE: self.token,
                **(environment or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def stage(self) -> str:
        """Return how far the build is, by what it has written."""
        new = sorted(_builds(self.outputs) - self._known)
        if not new:
            return "start"
        name, folder = new[-1], self.outputs / "builds" / new[-1]
        with contextlib.suppress(OSError):
            if (self.outputs / "current").readlink().name == name:
                return "published"
        if (folder / "manifest.json").exists():
            return "publish"
        if (folder / "site" / "editions.html").exists():
            return "check"
        if (folder / "project" / "nwl" / "figures.json").exists():
            return "render"
        if (folder / "site").exists():
            return "stage"
        log = self.outputs / "logs" / f"{name}.log"
        with contextlib.suppress(OSError):
            return "images" if "INFO images" in log.read_text() else "execute"
        return "start"

    def reach(self, stage: str, *, stand_still: bool = False) -> bool:
        """Wait until the build is at a stage; say whether it got there before it ended.

        If asked, and always at a stage that is soon over, the builder stands still then, to be
        killed or let go on: on a busy machine it could have ended before.
        """
        order = list(STAGES)
        stand_still = stand_still or stage in SHORT_STAGES
        slowly = min(order.index(stage) - 1, order.index("render"))
        while self.process.poll() is None:
            at = self.stage()
            if order.index(at) >= order.index(stage):
                if stand_still:
                    self.kill(signal.SIGSTOP)
                return True
            if stand_still and order.index(at) >= slowly:
                self._step()
            else:
                time.sleep(0.002)
        return False

    def _step(self) -> None:
        """Let the builder run for a moment, and stop it: some stages are over in a blink."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGCONT)
            time.sleep(0.001)
            os.kill(self.process.pid, signal.SIGSTOP)

    def end(self, limit: float = LONGEST_BUILD) -> Said:
        """Wait for its end and return what it came to."""
        deadline = time.monotonic() + limit
        while self.process.poll() is None and time.monotonic() < deadline:
            self._look_at_memory()
            self.furthest = max(self.furthest, self.stage(), key=STAGES.index)
            time.sleep(0.02)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            return Said(-999, f"hung: not done after {limit:g} seconds", limit)
        self._said.seek(0)
        text = self._said.read().decode(errors="replace")
        return Said(self.process.returncode, text, time.monotonic() - self.began)

    def _look_at_memory(self) -> None:
        with contextlib.suppress(OSError, IndexError):
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            self.memory = int(status.partition("VmHWM:")[2].split()[0]) * 1024

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Signal the builder alone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def children(self, *named: str) -> list[psutil.Process]:
        """Return what the build has started and still runs, or those whose command says so."""
        found = []
        for process in psutil.process_iter(["environ", "cmdline", "status"]):
            own = process.pid == self.process.pid
            if own or process.info["status"] == psutil.STATUS_ZOMBIE:
                continue
            command = " ".join(process.info["cmdline"] or [])
            environment = process.info["environ"] or {}
            ours = environment.get(VARIABLE) == self.token or str(self.temporary) in command
            if ours and all(name in command for name in named):
                found.append(process)
        return found

    def left(self) -> tuple[float, list[str]]:
        """Wait until all that the build started is gone: the seconds that took, and what is not.

        What then still runs is ended.
        """
        began = time.monotonic()
        while (found := self.children()) and time.monotonic() - began < GONE_WITHIN:
            time.sleep(0.05)
        taken = time.monotonic() - began
        names = []
        for process in found:
            with contextlib.suppress(psutil.Error):
                names.append(" ".join(process.cmdline())[:80])
                process.kill()
        return taken, names

    def remains(self) -> list[str]:
        """Return what stands in the temporary folder, and drop it."""
        names = sorted(item.name for item in self.temporary.iterdir())
        shutil.rmtree(self.temporary, ignore_errors=True)
        return names


# As `Builder.stage` names them, in their order.
STAGES = ("start", "execute", "images", "stage", "render", "check", "publish", "published")


def build(root: Path, *arguments: str, **settings: object) -> Said:
    """Build undisturbed, and say what it came to."""
    builder = Builder(root, *arguments, **settings)  # type: ignore[arg-type]
    said = builder.end()
    builder.left()
    builder.remains()
    return said


def rebuilt(root: Path, temporary: Path) -> tuple[Said, list[str]]:
    """Build undisturbed where a build was before, and return what both left in a folder."""
    builder = Builder(root, temporary=temporary)
    said = builder.end()
    builder.left()
    return said, builder.remains()


def _builds(outputs: Path) -> set[str]:
    with contextlib.suppress(OSError):
        return {build.name for build in (outputs / "builds").iterdir()}
    return set()
