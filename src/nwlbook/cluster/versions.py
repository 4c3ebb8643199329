"""Which packages a cluster must have, and in which version."""

import re
from pathlib import Path

from distributed.versions import get_versions

from nwlbook.jobs import LOCK_FILE

LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==[^\s;]+\s*(?P<marker>;)?", re.MULTILINE)
# What has to be the same for the machines of a cluster to understand each other.
COMMON = ("python", "dask", "distributed")


def expected_versions(root: Path) -> tuple[dict[str, str], set[str]]:
    """Return the versions that a cluster must have.

    Parameters
    ----------
    root : Path
        The project, whose lock file names the packages that count.

    Returns
    -------
    versions : dict
        Package to the version installed here.
    optional : set of str
        Those that the lock file wants on some systems only.
    """
    lock = root / LOCK_FILE
    found = LOCKED.finditer(lock.read_text(encoding="utf-8")) if lock.is_file() else ()
    markers = {match["name"]: bool(match["marker"]) for match in found}
    here = get_versions(packages=[*COMMON[1:], *markers])["packages"]
    versions = {name: here[name] for name in (*COMMON, *markers) if here[name]}
    return versions, {name for name, marked in markers.items() if marked}
