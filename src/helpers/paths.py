"""Where the project is."""

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
