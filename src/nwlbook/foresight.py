"""What a build can tell before it has imported what it is made of: whether notebooks will run."""

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path

from helpers.paths import project_around
from nwlbook.kernels import server

VALIDATED = "evidence/validated"

# Kernels of a first build that start before the server imports what few notebooks need: as many
# as keep the cores busy meanwhile.
FIRST_KERNELS = 3

# Options of a build whose kernels are not forked here.
WITHOUT_SERVER = ("--help", "--ordinary-kernels", "--scheduler")


def foresee_runs(options: Sequence[str]) -> None:
    """Start the fork server if notebooks are sure to run: its imports take longest.

    They are in a first build, which runs everything, and once the evidence has changed. The
    options are looked at before anything has read them properly; a server that turns out not
    to be wanted ends with this process.

    Parameters
    ----------
    options : sequence of str
        What stands behind `nwlbook build` on the command line.
    """
    named = {option.partition("=")[0] for option in options}
    root = project_around(Path.cwd())
    if root is None or not named.isdisjoint(WITHOUT_SERVER):
        return
    cache = root / "outputs" / "cache"
    if not (cache / "runs").exists():
        server.warm_up(rest_after=FIRST_KERNELS)
    elif not was_valid(cache, evidence_state(root)):
        server.warm_up()


def evidence_state(root: Path) -> str:
    """Return a hash of everything under `data/`, names and contents."""
    digest = hashlib.sha256()
    for file in sorted((root / "data").rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(root).as_posix().encode(errors="surrogateescape"))
            try:
                digest.update(hashlib.sha256(file.read_bytes()).digest())
            except OSError as error:
                # The check of the files says it.
                digest.update(str(error.errno).encode())
    return digest.hexdigest()


def was_valid(memory: Path, state: str) -> bool:
    """Tell whether evidence in this state was the last that was found valid.

    Parameters
    ----------
    memory : Path
        Folder in which that is remembered.
    state : str
        From `evidence_state`.
    """
    with contextlib.suppress(OSError):
        return (memory / VALIDATED).read_bytes() == state.encode()
    return False
