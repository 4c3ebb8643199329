"""Where the project is."""

import contextlib
import os
from functools import cache
from pathlib import Path

ROOT_VARIABLE = "NWLBOOK_ROOT"


@cache
def project_root() -> Path:
    """Return the folder that holds `_quarto.yml` and `data/datapackage.yaml`.

    The builder names it in the environment. In an editor or in JupyterLab it is
    the nearest such folder at or above the working directory, else the checkout
    that this package was installed from.

    Returns
    -------
    Path
        Absolute path of the project.
    """
    named = os.environ.get(ROOT_VARIABLE)
    if named:
        return Path(named).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if is_project(folder):
            return folder
    return Path(__file__).resolve().parents[2]


def is_project(folder: Path) -> bool:
    """Tell whether a folder is the root of a report book project."""
    return (folder / "_quarto.yml").is_file() and (folder / "data" / "datapackage.yaml").is_file()


def project_around(start: Path) -> Path | None:
    """Return the root of the report book project that is at or above a folder, if any is."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if is_project(folder)), None)


def shown(file: Path) -> str:
    """Return the path of a file in the project, as messages give it."""
    return file.relative_to(project_root()).as_posix()


def is_inside(file: Path, folder: Path) -> bool:
    """Tell whether a file is in a folder, wherever symbolic links lead.

    Parameters
    ----------
    file : Path
        It need not exist.
    folder : Path
        Often the root of the project, which nothing that is read may lead out of.
    """
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (RuntimeError, ValueError):
        # Links that lead in a circle; a name that no file can have.
        return False


def is_file(file: Path) -> bool:
    """Tell whether there is such a file; of a name that no file can have there is none."""
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def unreadable(file: Path, root: Path) -> str:
    """Return why a file cannot be read, or should not be; empty if it can.

    Parameters
    ----------
    file : Path
        The file, which need not exist.
    root : Path
        Folder of the project, which nothing may lead out of.
    """
    if not is_inside(file, root):
        return "leads outside the project: expected a file in it"
    if not is_file(file):
        # Path.is_dir fails on a name that no file can have.
        is_folder = os.path.isdir(file)  # noqa: PTH112
        return "expected a file, found a folder" if is_folder else "not found"
    return "" if os.access(file, os.R_OK) else "cannot be read: Permission denied"


def make_private(folder: Path) -> None:
    """Make a folder that no other user of the machine can enter.

    What is kept from build to build is read as our own, some of it as Python objects: whoever
    could put something there could run code. Where it cannot be made nothing is kept.

    Parameters
    ----------
    folder : Path
        It may exist already.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
