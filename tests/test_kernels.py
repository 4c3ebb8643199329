import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from tiny_project import code, make_project, write_notebook

from nwlbook import kernels
from nwlbook.kernels import server
from nwlbook.kernels.provisioner import KIND_VARIABLE, ORDINARY

SPECIFICATIONS = Path(kernels.__file__).parent / "jupyter"

needs_fork = pytest.mark.skipif(not server.can_fork(), reason="needs a fork server")

# The program of a builder, without the guard that multiprocessing asks of programs: it says
# each time that it is run, so a kernel that imports it is seen.
BUILDER = """
import sys
from pathlib import Path
root = Path(sys.argv[1])
with open(root / "programs", "a") as file:
    file.write("run\\n")
from nwlbook.cache import RunCache
from nwlbook.execute import Run, execute
from nwlbook.kernels import server
if sys.argv[2] == "warm":
    server.warm_up()
runs = [Run("sleeper", root / "notebooks/sleeper.ipynb", {})]
execute(runs, root=root, cache=RunCache(root / "cache"), jobs=1, warm=sys.argv[2] == "warm")
"""
SLEEPER = """
import os, subprocess, time
child = subprocess.Popen(["sleep", "120"])
with open("../pids.part", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename("../pids.part", "../pids")
time.sleep(120)
"""


@pytest.fixture(autouse=True)
def _specifications(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(SPECIFICATIONS))


@contextlib.contextmanager
def kernel(**options) -> Iterator[tuple[KernelManager, "Session"]]:
    manager, client = start_new_kernel(kernel_name="nwlbook", startup_timeout=60, **options)
    try:
        yield manager, Session(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


class Session:
    def __init__(self, client) -> None:
        self.client = client

    def run(self, source: str) -> str:
        """Return what some code printed, or the name of its error."""
        told: list[str] = []

        def hear(message) -> None:
            content = message["content"]
            told.append(content.get("text") or content.get("ename") or "")

        self.client.execute_interactive(source, output_hook=hear, timeout=30)
        return "".join(told).strip()


def gone(pid: int, within: float) -> bool:
    """Tell whether a process ends in time; one that nobody has waited for counts as ended."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


@needs_fork
def test_a_warm_kernel_has_the_packages_and_nothing_of_ours():
    with kernel() as (_, session):
        names = {"pandas", "plotly", "helpers"}
        told = session.run(f"import sys; print(sorted({names} & set(sys.modules)))")
        assert told == "['pandas', 'plotly']"


@needs_fork
def test_the_server_forks_with_one_thread():
    with kernel() as (_, session):
        told = session.run("import os; print(len(os.listdir(f'/proc/{os.getppid()}/task')))")
        assert told == "1"


@needs_fork
def test_kernels_draw_their_own_random_numbers():
    with kernel() as (_, first), kernel() as (_, second):
        for draw in ("import numpy; numpy.random.random()", "import random; random.random()"):
            told = f"{draw.replace('; ', '; print(')})"
            assert first.run(told) != second.run(told)


def test_a_kernel_has_its_folder_and_environment(tmp_path):
    with kernel(cwd=str(tmp_path), env={**os.environ, "MARK": "here"}) as (_, session):
        told = session.run(
            "import os; print(os.getcwd(), os.environ['MARK'], 'HOME' in os.environ)"
        )
        assert told == f"{tmp_path} here {'HOME' in os.environ}"


def test_kernels_talk_through_a_private_folder_that_goes_with_them():
    with kernel() as (manager, _):
        folder = Path(manager.ip).parent
        assert manager.transport == "ipc"
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


@pytest.mark.parametrize("kind", [pytest.param("warm", marks=needs_fork), ORDINARY])
def test_interrupt_restart_and_end(monkeypatch, kind):
    monkeypatch.setenv(KIND_VARIABLE, kind)
    with kernel() as (manager, session):
        forked = isinstance(manager.provisioner.process, server.ForkedKernel)
        assert forked == (kind == "warm")
        before = int(session.run("import os; mark = 1; print(os.getpid())"))
        timer = signal.setitimer
        previous = signal.signal(signal.SIGALRM, lambda *_: manager.interrupt_kernel())
        timer(signal.ITIMER_REAL, 0.3)
        try:
            assert session.run("import time\ntime.sleep(30)") == "KeyboardInterrupt"
        finally:
            signal.signal(signal.SIGALRM, previous)
        manager.restart_kernel(now=True)
        session.client.wait_for_ready(timeout=60)
        assert session.run("print('mark' in globals())") == "False"
        after = int(session.run("import os; print(os.getpid())"))
        assert before != after
        assert gone(before, within=2)
    assert gone(after, within=2)


def test_without_a_fork_server_kernels_are_ordinary(monkeypatch):
    monkeypatch.setattr(server, "can_fork", lambda: False)
    server.warm_up()
    with kernel() as (manager, session):
        assert not isinstance(manager.provisioner.process, server.ForkedKernel)
        assert session.run("print(1)") == "1"


def test_without_room_for_socket_addresses_kernels_are_ordinary(tmp_path, monkeypatch):
    assert server.can_fork()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("a" * 80)))
    assert not server.can_fork()


@pytest.fixture
def short_folder():
    """A temporary folder with a path short enough for sockets, whatever pytest's own is."""
    with tempfile.TemporaryDirectory(prefix="b-") as folder:
        yield Path(folder)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
@pytest.mark.parametrize("kind", [pytest.param("warm", marks=needs_fork), ORDINARY])
def test_no_kernel_outlives_a_killed_builder(tmp_path, short_folder, kind):
    root = make_project(tmp_path / "book")
    write_notebook(root, "sleeper", code(SLEEPER))
    program = tmp_path / "builder.py"
    program.write_text(BUILDER)
    scratch = short_folder
    builder = subprocess.Popen(
        [sys.executable, str(program), str(root), kind],
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    try:
        end = time.monotonic() + 60
        while not (root / "pids").exists() and time.monotonic() < end:
            assert builder.poll() is None
            time.sleep(0.05)
        kernel_pid, child_pid = map(int, (root / "pids").read_text().split())
    finally:
        builder.kill()
        builder.wait()
    assert gone(kernel_pid, within=5)
    if kind == "warm":
        # An ordinary kernel looks for its parent itself and leaves its children be.
        assert gone(child_pid, within=2)
        assert not list(scratch.glob("nwl-*/k-*"))
    else:
        os.kill(child_pid, signal.SIGKILL)
    assert (root / "programs").read_text() == "run\n"
