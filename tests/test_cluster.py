"""Runs on a Dask cluster of two local processes that have nothing of ours installed."""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from builder_books import Command, contents, entered, make_book
from tiny_project import code, make_project, outputs_text, prose, write_notebook

from nwlbook.build import Build
from nwlbook.cache import RunCache
from nwlbook.cluster.bundle import make_bundle
from nwlbook.errors import InputError
from nwlbook.execute import Run, RunFailed, RunResult, execute
from nwlbook.progress import Progress
from nwlbook.request import Request

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")

from nwlbook.cluster import client as cluster_client
from nwlbook.cluster import connect as connecting
from nwlbook.cluster.client import Cluster
from nwlbook.cluster.connect import connect
from nwlbook.cluster.versions import expected_versions
from nwlbook.cluster.worker import BookOnWorker, difference

pytest_plugins = ["builder_fixtures"]

PARAMETERS = code('borough = "nwl"\nrate = 0.5', "parameters")
# A process that has the installed packages and not the project: -S leaves out its .pth file.
DASK = "import sys; sys.path.append(sys.argv.pop(1)); from distributed.cli.{0} import main; main()"


class Machines:
    """A scheduler and workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        options = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
        self.scheduler = self._start("dask_scheduler", *options)
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self) -> None:
        options = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
        folder = ["--local-directory", str(self.folder)]
        self.workers.append(self._start("dask_worker", self.address, *options, *folder))

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, module: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-S", "-c", DASK.format(module)]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*command, sysconfig.get_path("purelib"), *options], stdout=log, stderr=log
            )


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    made = Machines(tmp_path_factory.mktemp("machines"))
    made.add_worker()
    made.add_worker()
    until(lambda: reachable(made.address))
    yield made
    made.end()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "book")


@pytest.fixture
def cluster(machines: Machines, root: Path) -> Iterator[Cluster]:
    with closing(connect(machines.address, root)) as connected:
        connected.client.wait_for_workers(2, timeout=30)
        yield connected


def reachable(address: str) -> bool:
    host, _, port = address.removeprefix("tcp://").partition(":")
    with socket.socket() as attempt:
        return attempt.connect_ex((host, int(port))) == 0


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def run_all(
    root: Path, runs: list[Run], cluster: Cluster | None, **options: Any
) -> list[RunResult]:
    name = "cluster" if cluster else "local"
    cache = RunCache(root / "outputs" / name)
    options = {"jobs": 4, "time_limit": 60, "warm": False, **options}
    return execute(runs, root=root, cache=cache, cluster=cluster, **options)


def compared(results: list[RunResult]) -> list[tuple[Any, ...]]:
    return [
        (each.run.id, each.key, each.notebook.read_bytes(), each.expressions, each.used)
        for each in results
    ]


def test_runs_give_the_bytes_that_they_give_here(root: Path, cluster: Cluster) -> None:
    (root / "src/helpers/warns.py").write_text(
        "import warnings\ndef careful():\n    warnings.warn(__file__)\n    return __file__\n"
    )
    notebook = write_notebook(
        root,
        "profile",
        PARAMETERS,
        code("import os\nfrom helpers import sums, warns\nprint(borough, os.getcwd())"),
        code("warns.careful(), {'brent', 'ealing', 'harrow'}, '\\ud800'"),
        code("import json\njson.__file__, open('../data/beds.csv').read(), os.listdir('../data')"),
        prose("`{python} sums.double(rate)` in `{python} borough.title()`"),
    )
    runs = [Run(name, notebook, {"borough": name}) for name in ("brent", "ealing", "harrow")]
    reported: list[str] = []
    there = run_all(root, runs, cluster, on_result=lambda result: reported.append(result.run.id))
    here = run_all(root, runs, None)
    warm = execute(runs, root=root, cache=RunCache(root / "outputs/warm"), jobs=2, cluster=cluster)
    assert compared(there) == compared(here) == compared(warm)
    assert there[1].expressions == {"sums.double(rate)": "1.0", "borough.title()": "Ealing"}
    assert {"data/beds.csv", "data/", "src/helpers/warns.py"} <= set(there[0].used)
    assert sorted(reported) == ["brent", "ealing", "harrow"]
    assert not any(result.cached for result in there)


def test_what_is_in_the_cache_is_not_sent(
    root: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [
        Run(name, write_notebook(root, name, code(f"print({name!r})")), {}) for name in ("a", "b")
    ]
    run_all(root, runs, cluster)
    sent: list[str] = []
    run = cluster.run
    monkeypatch.setattr(cluster, "run", lambda request: sent.append(request) or run(request))
    monkeypatch.setattr(cluster, "send", lambda *_, **__: pytest.fail("sent the project"))
    assert [result.cached for result in run_all(root, runs, cluster)] == [True, True]
    assert sent == []
    monkeypatch.undo()
    monkeypatch.setattr(cluster, "run", lambda request: sent.append(request) or run(request))
    write_notebook(root, "b", code("print('other')"))
    assert [result.cached for result in run_all(root, runs, cluster)] == [True, False]
    assert len(sent) == 1
    local = execute(runs, root=root, cache=RunCache(root / "outputs" / "cluster"), jobs=1)
    assert [result.cached for result in local] == [True, True]


def test_what_was_edited_after_it_was_sent_is_run_again(
    root: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = write_notebook(root, "beds", code("print(open('../data/beds.csv').read())"))
    runs = [Run("beds", notebook, {})]
    send = cluster.send

    def edit_when_sent(*given: Any, **options: Any) -> None:
        send(*given, **options)
        (root / "data/beds.csv").write_text("borough,beds\nbrent,200\n")

    monkeypatch.setattr(cluster, "send", edit_when_sent)
    assert "100" in outputs_text(run_all(root, runs, cluster)[0].notebook)
    monkeypatch.undo()
    (second,) = run_all(root, runs, cluster)
    assert not second.cached
    assert "200" in outputs_text(second.notebook)


def test_failures_are_reported_as_here(root: Path, cluster: Cluster) -> None:
    (root / "src/helpers/fails.py").write_text("def fail(x):\n    return 1 / x\n")
    cells = [PARAMETERS, code("print('so far')\nfrom helpers import fails"), code("fails.fail(0)")]
    cell = Run("cell", write_notebook(root, "cell", *cells), {"borough": "brent"})
    inline = Run("inline", write_notebook(root, "inline", code("1"), prose("`{python} no`")), {})
    dies = Run("dies", write_notebook(root, "dies", code("import os\nos._exit(3)")), {})
    sleeps = write_notebook(root, "sleeps", code("import time\ntime.sleep(60)"))
    runs = [cell, inline, dies, Run("sleeps", sleeps, {})]
    said, copies = [], []
    for where in (cluster, None):
        failures: list[RunFailed] = []
        run_all(root, runs, where, time_limit=5, on_failure=failures.append)
        # They come as they fail.
        failures.sort(key=lambda failure: runs.index(failure.run))
        assert [failure.run.id for failure in failures] == ["cell", "inline", "dies", "sleeps"]
        said.append([str(failure) for failure in failures])
        # Whether a kernel says that it has begun a cell before it dies in it is a matter of luck.
        copies.append([failure.copy.read_bytes() for failure in failures[:2]])
    assert said[0] == said[1]
    assert copies[0] == copies[1]
    assert "fails.py" in said[0][0]


def test_a_file_that_does_not_go_along_is_named(root: Path, cluster: Cluster) -> None:
    (root / "notes.txt").write_text("here")
    reads = code("try:\n    open('../notes.txt')\nexcept OSError:\n    pass")
    run = Run("reads", write_notebook(root, "reads", reads), {})
    with pytest.raises(RunFailed, match=r"'notes\.txt', which does not go to a cluster"):
        run_all(root, [run], cluster)


def test_a_lost_runner_is_replaced(root: Path, cluster: Cluster) -> None:
    marks = root / "marks"
    marks.mkdir()
    mark = f"import os, time\nopen(f'{marks}/{{os.getpid()}}', 'w')\ntime.sleep(2)"
    run = Run("slow", write_notebook(root, "slow", code(mark), code("'done'")), {})
    sockets: list[str] = []

    def kill() -> None:
        def runners(dask_worker: Any) -> list[tuple[int, str]]:
            books = dask_worker.plugins.values()
            found = [book.runner for book in books if getattr(book, "runner", None)]
            return [(runner.process.pid, runner.sockets) for runner in found]

        until(lambda: any(marks.iterdir()))
        (((pid, folder),),) = filter(None, cluster.client.run(runners).values())
        sockets.append(folder)
        os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    (result,) = run_all(root, [run], cluster)
    killer.join()
    assert outputs_text(result.notebook) == "'done'"
    kernels = [int(file.name) for file in marks.iterdir()]
    assert len(kernels) == 2
    until(lambda: all(map(gone, kernels)), 5)
    cluster.close()
    assert [Path(folder).exists() for folder in sockets] == [False]


def test_an_interrupted_build_ends_its_kernels_there(root: Path, cluster: Cluster) -> None:
    marks = root / "marks"
    marks.mkdir()
    sleeps = f"import os, time\nopen(f'{marks}/{{os.getpid()}}', 'w')\ntime.sleep(60)"
    waits = f"import os, time\nwhile not os.listdir({str(marks)!r}): time.sleep(0.05)"
    runs = [
        Run("sleeper", write_notebook(root, "sleeper", code(sleeps)), {}),
        Run("quick", write_notebook(root, "quick", code(waits)), {}),
    ]

    def interrupt(_: RunResult) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_all(root, runs, cluster, on_result=interrupt)
    assert time.monotonic() - began < 40
    until(lambda: all(gone(int(file.name)) for file in marks.iterdir()), 30)


def make_slow_book(root: Path, marks: Path) -> Path:
    """Write a book whose profiles leave a mark when they begin and take their time."""
    make_book(root)
    slow = f"import os, time\\nopen(f'{marks}/{{os.getpid()}}', 'w').close()\\ntime.sleep(1)\\n"
    file = root / "notebooks" / "profile.ipynb"
    text = file.read_text()
    assert "from helpers import areas" in text
    file.write_text(text.replace("from helpers import areas", f"{slow}from helpers import areas"))
    return root


@pytest.mark.build
def test_a_book_is_the_same_when_a_worker_is_killed_meanwhile(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    here, there = (make_slow_book(tmp_path / name, marks) for name in ("here", "there"))
    with entered(here):
        Build(Request(root=here, formats=("html",)), Progress(quiet=True)).run()
    before = set(marks.iterdir())
    assert len(before) == 2
    lost: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        """Kill the worker of a profile that has just begun; one may run both, in turn."""
        until(lambda: set(marks.iterdir()) > before)
        kernel = (set(marks.iterdir()) - before).pop()
        above = {process.pid for process in psutil.Process(int(kernel.name)).parents()}
        lost.extend(worker for worker in machines.workers if worker.pid in above)
        lost[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    request = Request(root=there, formats=("html",), scheduler=machines.address)
    with entered(there):
        Build(request, Progress(quiet=True)).run()
        killer.join()
        until(lambda: all(gone(int(file.name)) for file in marks.iterdir()), 5)
        monkeypatch.setattr(Cluster, "send", lambda *_, **__: pytest.fail("sent again"))
        Build(request, Progress(quiet=True)).run()
    machines.workers.remove(lost[0])
    lost[0].wait()
    machines.add_worker()
    # The profile of the lost worker was run once more.
    assert len(list(marks.iterdir())) == 5
    for name in ("site", "project"):
        assert contents(there / "outputs" / name) == contents(here / "outputs" / name)


def test_a_run_is_given_up_when_the_cluster_is_lost(
    machines: Machines, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_client, "POLL", 0.2)
    run = Run("slow", write_notebook(root, "slow", code("import time\ntime.sleep(60)")), {})
    lone = Machines(machines.folder)
    try:
        lone.add_worker()
        until(lambda: reachable(lone.address))
        with closing(connect(lone.address, root)) as cluster:
            began = cluster.run
            for victim, limit, said in (
                (lone.workers[0], 1, r"^slow\.ipynb .*: WorkersLost: tcp://.* has had no worker"),
                (lone.scheduler, 60, r"^slow\.ipynb .*: ClusterLost: the connection to tcp://.*"),
            ):

                def run_and_lose(request: Any, victim: Any = victim) -> dict[str, Any]:
                    threading.Timer(1, victim.kill).start()
                    return began(request)

                monkeypatch.setattr(cluster_client, "ALONE_LIMIT", limit)
                monkeypatch.setattr(cluster, "run", run_and_lose)
                with pytest.raises(RunFailed, match=said):
                    run_all(root, [run], cluster)
    finally:
        lone.end()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("host", "host: expected tcp://HOST:PORT or tls://HOST:PORT"),
        ("http://host:80", "http://host:80: expected tcp://HOST:PORT"),
        ("tcp://127.0.0.1", "tcp://127.0.0.1: expected tcp://HOST:PORT"),
        ("tcp://127.0.0.1:1", "tcp://127.0.0.1:1: cannot be reached: "),
        ("tcp://127.0.0.1:99999", "tcp://127.0.0.1:99999: cannot be reached: "),
        ("tcp://no-such-host.invalid:8786", "no-such-host.invalid:8786: cannot be reached: "),
    ],
)
def test_a_scheduler_that_cannot_be_reached_is_bad_input(
    book: Path, command: Command, address: str, said: str
) -> None:
    began = time.monotonic()
    outcome = command("build", "--scheduler", address)
    assert outcome.code == 2
    assert outcome.error.startswith("error: --scheduler ")
    assert said in outcome.error
    assert outcome.error.count("\n") == 1
    assert time.monotonic() - began < 10
    assert not (book / "outputs" / "builds").exists()


def test_what_listens_but_is_no_scheduler_is_bad_input(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "CONNECT_LIMIT", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(InputError, match="no Dask scheduler answered"):
            connect(address, root)


def test_tls_without_keys_is_bad_input(machines: Machines, root: Path) -> None:
    with pytest.raises(InputError, match=r"^--scheduler tls://.*: no Dask scheduler answered: "):
        connect(machines.address.replace("tcp", "tls"), root)


def test_other_versions_are_refused(
    machines: Machines, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "requirements/book.txt").write_text("pandas==3 \\\n    --hash=sha256:0\n")
    connect(machines.address, root).close()
    ours, optional = expected_versions(root)
    for versions, said in (
        ({"pandas": "2.0"}, r"worker tcp://\S+: pandas is \d\S+ there and 2\.0 here"),
        ({"python": "3.11.0"}, r"scheduler: python is \S+ there and 3\.11\.0 here"),
    ):
        changed = {**ours, **versions}
        monkeypatch.setattr(
            cluster_client, "expected_versions", lambda _, found=changed: (found, optional)
        )
        with pytest.raises(InputError, match=said):
            connect(machines.address, root)


def test_difference_names_the_package_and_forgives_what_some_systems_lack() -> None:
    here = {"python": "3.11.7", "colorama": "0.4"}
    assert difference(here, {"colorama"}, {"python": "3.11.7", "colorama": None}) == ""
    assert difference(here, set(), {"python": "3.11.7"}) == "colorama is missing there and 0.4 here"
    assert "0.5 there" in difference(here, {"colorama"}, {"python": "3.11.7", "colorama": "0.5"})


def test_a_worker_that_joins_with_other_versions_runs_nothing(root: Path, tmp_path: Path) -> None:
    bundle = make_bundle(root, [])
    plugin = BookOnWorker("book", bundle.digest, bundle.content, "warm", {"python": "2.7"}, set())
    plugin.setup(SimpleNamespace(local_directory=str(tmp_path / "there")))
    assert "2.7 here" in plugin.run(b"")["difference"]
    unpacked = tmp_path / "there" / "nwlbook" / bundle.digest
    assert (unpacked / "project/data/beds.csv").read_bytes() == (
        root / "data/beds.csv"
    ).read_bytes()
    assert sorted(item.name for item in unpacked.parent.iterdir()) == [bundle.digest, "outputs"]


def test_missing_dask_is_said(
    book: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        monkeypatch.setitem(sys.modules, "distributed", None)
        monkeypatch.delitem(sys.modules, "nwlbook.cluster.client")
        outcome = command("build", "--scheduler", f"tcp://127.0.0.1:{listening.getsockname()[1]}")
    assert outcome.code == 2
    assert outcome.error == (
        "error: --scheduler: distributed is not installed; install this project's extra 'cluster'\n"
    )


def test_the_same_files_make_the_same_bundle(root: Path, tmp_path: Path) -> None:
    first = make_bundle(root, [])
    other = make_project(tmp_path / "elsewhere" / "book")
    assert make_bundle(other, []).digest == first.digest
    assert {"data", "data/beds.csv", "src/helpers/sums.py"} <= first.names
    (root / "outputs").mkdir()
    (root / "outputs" / "big").write_text("x")
    (root / "src/helpers/__pycache__").mkdir()
    (root / "notes.txt").write_text("x")
    assert make_bundle(root, []).digest == first.digest
    (root / "data/here").symlink_to(root / "data")
    (root / "data/linked.csv").symlink_to(root / "notes.txt")
    assert make_bundle(root, []).names == first.names | {"data/linked.csv"}
    (root / "more").mkdir()
    (root / "more/page.qmd").write_text("A page.")
    assert "more/page.qmd" in make_bundle(root, [root / "more/page.qmd"]).names
