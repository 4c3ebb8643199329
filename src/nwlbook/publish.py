"""Put a finished build in the place of the last one, in one step.

Two renames are not one: a reader between them would find nothing. So `outputs/current`
is a symbolic link, replaced at once, and the names that readers use lead through it.
"""

import contextlib
import errno
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from helpers.paths import is_inside
from nwlbook.cache import drop_temporaries
from nwlbook.errors import BuildError
from nwlbook.processes import drop_folders_of_the_killed, is_running

CURRENT = "current"
KEPT = 2
LINKS = ("site", "project", "manifest.json")
# What a build reads, and what builds themselves keep.
PROTECTED = ("data", "notebooks", "src", "node_modules", "outputs/builds", "outputs/cache")
# What `new_build` calls a build.
BUILD = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z-[0-9]+")
LOGS_KEPT = 50
# What keeps a link from being made where links are known: no reason to make copies instead.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO}


def new_build(outputs: Path) -> Path:
    """Make the folder of a new build, after dropping the remains of builds that were killed.

    Parameters
    ----------
    outputs : Path
        The project's `outputs` folder.

    Raises
    ------
    BuildError
        If it cannot be written to.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    folder = outputs / "builds" / f"{stamp}-{os.getpid()}"
    try:
        folder.mkdir(parents=True)
        (outputs / "logs").mkdir(exist_ok=True)
        drop_remains(outputs)
    except OSError as error:
        raise BuildError(f"cannot write to {outputs}: {error.strerror}") from error
    return folder


def folder_problem(folder: Path, root: Path) -> str:
    """Return why a folder is not one to build into; empty if it is.

    Parameters
    ----------
    folder : Path
        It need not exist.
    root : Path
        Folder of the project.
    """
    for name in PROTECTED:
        if is_inside(folder, root / name):
            return f"expected a folder outside {name}"
    # Of a folder that is not there yet: what it would be made in.
    held = next(above for above in (folder, *folder.parents) if os.path.lexists(above))
    if not held.is_dir() or (held == folder and any(held.iterdir()) and not holds_builds(held)):
        return "expected a new or empty folder, or that of a build"
    return ""


def holds_builds(folder: Path) -> bool:
    """Tell whether a folder is one that builds are published in.

    What stands there under the names of a build would be replaced or dropped, so it must not
    be somebody else's.
    """
    if not (folder / "builds").is_dir():
        return False
    builds = [*(folder / "builds").iterdir()]
    if not all(BUILD.fullmatch(build.name) for build in builds):
        return False
    finished = any((build / "manifest.json").is_file() for build in builds)
    return finished or not any((folder / name).exists() for name in (CURRENT, *LINKS))


def publish(build: Path, outputs: Path) -> str | None:
    """Make a finished build the current one and drop old ones.

    Parameters
    ----------
    build : Path
        Folder made by `new_build`, now complete.
    outputs : Path
        The project's `outputs` folder.

    Returns
    -------
    str or None
        A warning where the system has no links and copies were made instead.
    """
    before = _current(outputs)
    try:
        _link(outputs / CURRENT, Path("builds") / build.name)
        for name in LINKS:
            _link(outputs / name, Path(CURRENT) / name)
        warning = None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        _copy(build, outputs)
        warning = "this system has no symbolic links: the site was copied, not switched in one step"
    prune(outputs, {build.name, before})
    return warning


def prune(outputs: Path, keep: set[str], kept: int = KEPT) -> None:
    """Drop all but the newest finished builds, and the remains of builds whose process is gone.

    Parameters
    ----------
    outputs : Path
        Folder that builds are published in.
    keep : set of str
        Builds that stay, whatever the clock said when they were made.
    kept : int
        How many finished builds stay besides; the current one does in any case.
    """
    builds = sorted((outputs / "builds").iterdir(), reverse=True)
    finished = [build for build in builds if (build / "manifest.json").is_file()]
    # Another process may publish its build at this moment: first who still may, then what was.
    running = {build.name for build in builds if _may_publish(build)}
    newest = {build.name for build in finished[:kept]}
    spared = {*keep, *newest, *running, _current(outputs)}
    for build in builds:
        if build.name not in spared:
            shutil.rmtree(build, ignore_errors=True)


def drop_unfinished(outputs: Path) -> None:
    """Drop what this process began to build and did not finish."""
    for build in (outputs / "builds").iterdir():
        if _process(build) == str(os.getpid()) and not (build / "manifest.json").is_file():
            shutil.rmtree(build, ignore_errors=True)


def drop_remains(outputs: Path) -> None:
    """Drop what killed builds left: it may be what fills the disk."""
    builds = list((outputs / "builds").iterdir())
    dead = [
        build
        for build in builds
        if not (build / "manifest.json").is_file() and not is_running(_process(build))
    ]
    for build in dead:
        shutil.rmtree(build, ignore_errors=True)
    if dead and (outputs / "cache").is_dir():
        drop_temporaries(outputs / "cache")
    for name in (CURRENT, *LINKS):
        for fresh in outputs.glob(f".{name}.*"):
            if not is_running(fresh.name.rpartition(".")[2]):
                _drop(fresh)
    for log in sorted((outputs / "logs").glob("*.log"))[:-LOGS_KEPT]:
        log.unlink(missing_ok=True)
    drop_folders_of_the_killed()


def _current(outputs: Path) -> str:
    """Return the name of the build that readers see; nothing if there is none."""
    with contextlib.suppress(OSError):
        return (outputs / CURRENT).readlink().name
    return ""


def _may_publish(build: Path) -> bool:
    """Tell whether another process is still at work on a build; this one has ended its own."""
    process = _process(build)
    is_own_finished = process == str(os.getpid()) and (build / "manifest.json").is_file()
    return is_running(process) and not is_own_finished


def _process(build: Path) -> str:
    """Return the number of the process that a build folder is named after."""
    return build.name.rpartition("-")[2]


def _drop(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _link(link: Path, target: Path) -> None:
    """Make a link, or replace one, so that it never is absent."""
    if link.is_symlink() and link.readlink() == target:
        return
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _copy(build: Path, outputs: Path) -> None:
    for name in LINKS:
        fresh = outputs / f".{name}.{os.getpid()}"
        if (build / name).is_dir():
            shutil.copytree(build / name, fresh)
            shutil.rmtree(outputs / name, ignore_errors=True)
        else:
            shutil.copyfile(build / name, fresh)
        fresh.replace(outputs / name)
