"""Put a finished build in the place of the last one, in one step.

Two renames are not one: a reader between them would find nothing. So `outputs/current`
is a symbolic link, replaced at once, and the names that readers use lead through it.
"""

import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from helpers.paths import is_inside
from nwlbook.errors import BuildError

CURRENT = "current"
KEPT = 2
LINKS = ("site", "project", "manifest.json")
# What a build reads, and what builds themselves keep.
PROTECTED = ("data", "notebooks", "src", "node_modules", "outputs/builds", "outputs/cache")
# What `new_build` calls a build.
BUILD = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z-[0-9]+")


def new_build(outputs: Path) -> Path:
    """Make the folder of a new build.

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
    try:
        _link(outputs / CURRENT, Path("builds") / build.name)
        for name in LINKS:
            _link(outputs / name, Path(CURRENT) / name)
        warning = None
    except OSError:
        _copy(build, outputs)
        warning = "this system has no symbolic links: the site was copied, not switched in one step"
    prune(outputs, keep=build.name)
    return warning


def prune(outputs: Path, keep: str) -> None:
    """Drop all but the newest finished builds, and the remains of builds whose process is gone."""
    builds = sorted((outputs / "builds").iterdir(), reverse=True)
    finished = [build for build in builds if (build / "manifest.json").is_file()]
    spared = {keep, *(build.name for build in finished[:KEPT])}
    for build in builds:
        if build.name in spared or (build not in finished and _running(build)):
            continue
        shutil.rmtree(build, ignore_errors=True)


def _running(build: Path) -> bool:
    """Tell whether the process that a build folder is named after still runs."""
    process = build.name.rpartition("-")[2]
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


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
