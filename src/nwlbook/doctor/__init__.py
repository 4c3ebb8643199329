"""Say what is installed, what is missing, what that costs and how to get it.

It is asked when something is broken, so nothing here imports what might be: packages are
looked up by their names and commands are asked for their versions.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nwlbook.doctor import machine, packages, programs
from nwlbook.doctor.finding import Finding

__all__ = ["Finding", "examine"]

CHECKS: tuple[Callable[[Path], Finding], ...] = (
    packages.python,
    packages.locked_packages,
    packages.assets,
    packages.fonts,
    programs.chromium,
    programs.pandoc,
    programs.typst,
    programs.quarto,
    programs.hooks,
    machine.kernels,
    machine.processors,
    machine.memory,
    machine.disk,
    machine.outputs,
    machine.links,
)


def examine(root: Path) -> list[Finding]:
    """Look at everything that a build needs or can use.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Returns
    -------
    list of Finding
        In the order of importance; a check that fails is a finding too.
    """
    with ThreadPoolExecutor(len(CHECKS)) as workers:
        return list(workers.map(lambda check: _checked(check, root), CHECKS))


def _checked(check: Callable[[Path], Finding], root: Path) -> Finding:
    try:
        return check(root)
    except Exception as error:
        # Whatever is broken, the rest of the list is still worth having.
        name = check.__name__.replace("_", " ").capitalize()
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return Finding(name, f"cannot be examined: {said}", costs="unknown", stops=False)
