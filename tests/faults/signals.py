"""Faults of whoever runs a build: Ctrl-C, a closed terminal, a laptop that sleeps."""

import contextlib
import os
import signal
import time
from collections.abc import Callable

import psutil

from faults.builder import Builder
from faults.fault import IMAGES, RUNS, Fault, with_setting

STAGES = {"execute": (), "images": RUNS, "render": IMAGES}


def _interrupting(stage: str) -> Callable[[Builder], None]:
    """Return what does as a terminal does: everyone in the group gets the signal."""

    def interrupt(builder: Builder) -> None:
        builder.reach(stage, stand_still=stage == "render")
        time.sleep(0.3 if stage != "render" else 0.0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(builder.process.pid, signal.SIGINT)
        builder.kill(signal.SIGCONT)

    return interrupt


def _told(number: int, stage: str) -> Callable[[Builder], None]:
    def tell(builder: Builder) -> None:
        builder.reach(stage)
        time.sleep(0.3)
        builder.kill(number)

    return tell


def _asleep(seconds: float, *, all_of_it: bool) -> Callable[[Builder], None]:
    """Return what stops the builder, or all that it started too, for some seconds."""

    def sleep(builder: Builder) -> None:
        builder.reach("execute")
        time.sleep(1.5)
        own = [psutil.Process(builder.process.pid)]
        stopped = [*own, *(builder.children() if all_of_it else [])]
        for process in stopped:
            with contextlib.suppress(psutil.Error):
                process.suspend()
        time.sleep(seconds)
        for process in stopped:
            with contextlib.suppress(psutil.Error):
                process.resume()

    return sleep


FAULTS = [
    *(
        Fault(
            f"Ctrl-C, {stage}",
            "SIGINT to the process group",
            with_setting(during=_interrupting(stage)),
            (130,),
            "error: stopped",
            known,
        )
        for stage, known in STAGES.items()
    ),
    Fault(
        "the system ends it",
        "SIGTERM to the builder",
        with_setting(during=_told(signal.SIGTERM, "execute")),
        (143,),
        "error: stopped",
        (),
    ),
    Fault(
        "the terminal is closed",
        "SIGHUP to the builder",
        with_setting(during=_told(signal.SIGHUP, "images")),
        (129,),
        "error: stopped",
        RUNS,
    ),
    Fault(
        "a laptop sleeps",
        "SIGSTOP to builder and kernels, SIGCONT 20 seconds later",
        with_setting(during=_asleep(20, all_of_it=True)),
        (0,),
        known=(),
    ),
    Fault(
        "the builder sleeps and its kernels do not",
        "SIGSTOP to the builder for 40 seconds, of which a notebook may take 30",
        with_setting(during=_asleep(40, all_of_it=False), arguments=("--time-limit", "30")),
        (0, 1),
        known=(),
    ),
    Fault(
        "two builds at once, the same",
        "another `nwlbook build`, started with it",
        with_setting(during=lambda builder: beside(builder)),
        (0,),
        known=(),
    ),
    Fault(
        "two builds at once, the other into a folder of its own",
        "another `nwlbook build --into DIR`, started with it",
        with_setting(during=lambda builder: beside(builder, "--into", "books/other")),
        (0,),
        known=(),
    ),
]


def beside(builder: Builder, *arguments: str) -> None:
    """Run another build beside one."""
    other = Builder(builder.outputs.parent, *arguments)
    said = other.end()
    other.left()
    other.remains()
    if said.code:
        raise RuntimeError(f"the other build failed: {said.text}")
