"""The machine: what it can do and how much of it there is."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from nwlbook.doctor.finding import Finding
from nwlbook.kernels.server import LONGEST_TEMPORARY_FOLDER, can_fork
from nwlbook.limits import MEMORY_LIMIT

GIGABYTE = 10**9
# What the caches and two builds of all editions in four formats take, and what one build needs.
ROOM, LEAST_ROOM = 2 * GIGABYTE, GIGABYTE // 4
LEAST_MEMORY = 2 * GIGABYTE


def kernels(_: Path) -> Finding:
    """Look whether kernels can be forked warm."""
    if can_fork():
        return Finding("Kernels", "warm: forked with the heavy packages imported")
    costs = "each run begins a second or two later"
    if sys.platform == "win32":
        return Finding("Kernels", "ordinary: Windows has no fork", costs)
    remedy = f"set TMPDIR to a folder whose name has {LONGEST_TEMPORARY_FOLDER} characters or fewer"
    return Finding(
        "Kernels", "ordinary: the name of the temporary folder is too long", costs, remedy
    )


def processors(_: Path) -> Finding:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    if count == 1:
        return Finding("Processors", "1", "a build takes about twice as long as on two")
    return Finding("Processors", str(count))


def memory(_: Path) -> Finding:
    """Look how much memory there is."""
    if not hasattr(os, "sysconf"):
        return Finding("Memory", "not known on this system")
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    state = f"{total / GIGABYTE:.1f} GB; one notebook may take {MEMORY_LIMIT:g} (--memory-limit)"
    if total < LEAST_MEMORY:
        costs = "builds may be ended by the system"
        return Finding("Memory", state, costs, "run fewer notebooks at a time: --jobs 1")
    return Finding("Memory", state)


def disk(root: Path) -> Finding:
    """Look how much room there is."""
    free = shutil.disk_usage(root).free
    state = f"{free / GIGABYTE:.1f} GB free"
    remedy = "make room; 'make clean' removes all that was built"
    if free < LEAST_ROOM:
        return Finding("Disk", state, "nothing can be built", remedy, stops=True)
    if free < ROOM:
        return Finding("Disk", state, "a build of all editions may not fit", remedy)
    return Finding("Disk", state)


def outputs(root: Path) -> Finding:
    """Look whether something can be built into the project."""
    folder = _folder_for_outputs(root)
    if os.access(folder, os.W_OK | os.X_OK):
        return Finding("Outputs", "can be written")
    remedy = "allow writing there, or build elsewhere: --into DIR"
    return Finding(
        "Outputs", f"{folder} cannot be written to", "nothing can be built", remedy, True
    )


def links(root: Path) -> Finding:
    """Look whether a finished build can take the place of the last in one step."""
    name = "Links"
    with tempfile.TemporaryDirectory(dir=_folder_for_outputs(root)) as folder:
        try:
            (Path(folder) / "link").symlink_to("target")
        except OSError:
            costs = "readers may meet a half-copied site while a build is published"
            return Finding(name, "this system has no symbolic links", costs)
    return Finding(name, "supported: a build is published in one step")


def _folder_for_outputs(root: Path) -> Path:
    return root / "outputs" if (root / "outputs").is_dir() else root
