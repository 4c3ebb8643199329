"""What stands in a worker of Dask: unpacks the project, and has its runs done.

This module goes to the workers by value, so that they need nothing of ours installed. It may
import the standard library and Dask only.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Mapping
from io import BytesIO
from multiprocessing.connection import Client
from pathlib import Path
from typing import IO, Any, cast

from distributed import Worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.versions import get_versions

FOLDER = "nwlbook"
# What no build has used for so long is removed.
KEPT_SECONDS = 86_400


class BookOnWorker(WorkerPlugin):
    """One build's project in one worker.

    Parameters
    ----------
    name : str
        Name that the worker knows it by.
    digest : str
        Digest of the archive.
    content : bytes
        The archive, of `project` and `code`.
    kind : str
        Kind of kernels, for the runner.
    versions : mapping
        Package to the version that the builder has.
    optional : set of str
        Those of them that not every system needs.
    """

    def __init__(
        self,
        name: str,
        digest: str,
        content: bytes,
        kind: str,
        versions: Mapping[str, str],
        optional: set[str],
    ) -> None:
        self.name = name
        self.digest = digest
        self.content = content
        self.kind = kind
        self.versions = versions
        self.optional = optional

    def setup(self, worker: Worker) -> None:
        """Unpack the project, unless an earlier build has."""
        self.lock = threading.Lock()
        self.runner: Runner | None = None
        # A worker may come long after the builder has compared the others with itself.
        packages = [name for name in self.versions if name != "python"]
        found = get_versions(packages=packages)["packages"]
        self.difference = difference(self.versions, self.optional, found)
        base = Path(worker.local_directory) / FOLDER
        self.folder = base / self.digest
        if not self.folder.is_dir():
            unpacked = base / f".{secrets.token_hex(8)}"
            with zipfile.ZipFile(BytesIO(self.content)) as archive:
                archive.extractall(unpacked)
            with contextlib.suppress(OSError):
                # Heavy analyses are kept with a key of their own, whatever else has changed.
                (base / "outputs").mkdir(exist_ok=True)
                (unpacked / "project" / "outputs").symlink_to(base / "outputs")
            with contextlib.suppress(OSError):
                unpacked.rename(self.folder)
            shutil.rmtree(unpacked, ignore_errors=True)
        self.content = b""
        os.utime(self.folder)
        for other in base.iterdir():
            if other.name != "outputs" and other.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)

    def teardown(self, worker: Worker) -> None:
        """End the runner and its kernels."""
        with self.lock:
            if self.runner:
                self.runner.end()

    def run(self, request: bytes) -> dict[str, Any]:
        """Have a notebook run.

        Parameters
        ----------
        request : bytes
            For the runner.

        Returns
        -------
        dict
            ``answer``, the runner's, and ``places``, folders as they are here; or
            ``difference``, what is installed otherwise than where the builder is.

        Raises
        ------
        ConnectionError
            If the runner is lost meanwhile; the run can be tried again.
        """
        if self.difference:
            return {"difference": self.difference}
        with self.lock:
            if self.runner is None or not self.runner.runs:
                if self.runner:
                    self.runner.end()
                self.runner = Runner(self.folder, self.kind)
            runner = self.runner
        try:
            return {"answer": runner.ask(request), "places": runner.places}
        except (EOFError, OSError) as error:
            raise ConnectionError(f"the process that runs notebooks was lost: {error!r}") from None


class Runner:
    """The process that runs notebooks, as its worker sees it.

    Parameters
    ----------
    folder : Path
        The unpacked archive.
    kind : str
        Kind of kernels.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self.key = secrets.token_bytes(32)
        self.sockets = ""
        path = [str(folder / "code"), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(  # noqa: S603
            # -P: nothing is imported from the working directory.
            [sys.executable, "-P", "-m", "nwlbook.cluster.runner", str(folder / "project"), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in path if entry)},
            start_new_session=True,
        )
        # Both are there because they were asked for, which their type does not say.
        self.stdin = cast("IO[bytes]", self.process.stdin)
        stdout = cast("IO[bytes]", self.process.stdout)
        try:
            self.stdin.write(self.key.hex().encode() + b"\n")
            self.stdin.flush()
            started = json.loads(stdout.read())
        except (OSError, ValueError):
            self.end()
            raise ConnectionError("the process that runs notebooks did not start") from None
        self.address: str = started["address"]
        self.sockets = started["folder"]
        self.places: list[str] = started["places"]

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self.process.poll() is None

    def ask(self, request: bytes) -> bytes:
        """Send a run and wait for what comes of it."""
        with Client(self.address, authkey=self.key) as connection:
            connection.send_bytes(request)
            return connection.recv_bytes()

    def end(self) -> None:
        """End the process and its kernels, and see it gone."""
        with contextlib.suppress(OSError):
            self.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.sockets:
            # It has removed them itself unless it was killed.
            shutil.rmtree(self.sockets, ignore_errors=True)


def difference(
    versions: Mapping[str, str], optional: set[str], found: Mapping[str, str | None]
) -> str:
    """Say which package is installed there otherwise than here; nothing if none is.

    Parameters
    ----------
    versions : mapping
        Package to its version here.
    optional : set of str
        Packages that may be missing there, because not every system needs them.
    found : mapping
        Package to its version there, or None.
    """
    for name, version in versions.items():
        there = found.get(name)
        if there != version and not (there is None and name in optional):
            return f"{name} is {there or 'missing'} there and {version} here"
    return ""
