"""Faults of what a build has started: a kernel, the fork server, a browser, pandoc is killed."""

import contextlib
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from faults.builder import Builder
from faults.fault import IMAGES, RUNS, Fault, with_setting
from faults.scene import Site

PATIENCE = 90.0


def _kernels(builder: Builder) -> list[psutil.Process]:
    server = {process.pid for process in _server(builder)}
    return [one for one in builder.children("forkserver") if one.ppid() in server]


def _server(builder: Builder) -> list[psutil.Process]:
    return [one for one in builder.children("forkserver") if one.ppid() == builder.process.pid]


def _named(*names: str, but: str = "\0") -> Callable[[Builder], list[psutil.Process]]:
    def found(builder: Builder) -> list[psutil.Process]:
        ours = builder.children(*names)
        return [one for one in ours if but not in " ".join(one.info["cmdline"])]

    return found


def killing(find: Callable[[Builder], list[psutil.Process]]) -> Callable[[Builder], None]:
    """Return what waits for a child of a kind and kills it."""

    def kill(builder: Builder) -> None:
        deadline = time.monotonic() + PATIENCE
        while builder.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(psutil.Error):
                if found := find(builder):
                    for process in found:
                        process.send_signal(signal.SIGKILL)
                    return
            time.sleep(0.01)

    return kill


def _killed(
    name: str,
    find: Callable[[Builder], list[psutil.Process]],
    codes: tuple[int, ...],
    known: tuple[str, ...],
    *arguments: str,
    says: str = "",
) -> Fault:
    setting = with_setting(during=killing(find), arguments=arguments)
    site = Site.OTHER if arguments else Site.GOOD
    return Fault(name, "kill -9", setting, codes, says, known, site)


EDITION_WORKER = _named("multiprocessing.spawn", "spawn_main")
FAULTS = [
    _killed("its kernels are killed", _kernels, (1,), (), says="the kernel d"),
    _killed("the server that forks kernels is killed", _server, (0, 1), ()),
    _killed("the browser is killed", _named("--headless", but="--type="), (0,), RUNS),
    _killed("a page of the browser is killed", _named("--type=renderer"), (0,), RUNS),
    _killed("pandoc is killed", _named("/pandoc"), (0, 1), IMAGES),
    _killed(
        "a process that makes an edition is killed",
        EDITION_WORKER,
        (1,),
        IMAGES,
        "--borough",
        "brent",
        says="ended from outside",
    ),
]


def crashing_browser(folder: Path) -> Path:
    """Write a browser that ends at once."""
    file = folder / "browser"
    file.write_text("#!/bin/sh\necho 'no display' >&2\nexit 1\n")
    file.chmod(0o755)
    return file
