"""What a build is asked for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nwlbook.limits import MEMORY_LIMIT, TIME_LIMIT
from nwlbook.parameters import SECTOR

FORMATS = ("html", "pdf", "docx", "epub")
# Runs wait for their kernels as long as they compute.
JOBS = 2 * (os.cpu_count() or 1)


@dataclass(frozen=True)
class Request:
    """What a build is asked for.

    Attributes
    ----------
    root : Path
        Folder of the project.
    editions : tuple of str
        Slugs; ``nwl`` is the sector's.
    formats : tuple of str
        Any of ``html``, ``pdf``, ``docx`` and ``epub``.
    engine : str
        ``auto``, ``quarto`` or ``embedded``.
    parameters : mapping
        What ``-p`` gave.
    jobs : int, optional
        Runs at a time; by default as many as keep this machine, or the cluster, busy.
    warm : bool
        Whether kernels are forked from a warm server.
    into : Path, optional
        Folder to build into instead of the project's `outputs`.
    since : Path, optional
        Earlier build, or copy of its site, to compare each edition with.
    scheduler : str, optional
        Address of the Dask cluster that runs the notebooks instead of this machine.
    keep_going : bool
        Whether to make a draft of the other chapters when some fail.
    time_limit : float
        Seconds that one notebook may take.
    memory_limit : float
        Gigabytes that one notebook may take, where the system can limit it.
    """

    root: Path
    editions: tuple[str, ...] = (SECTOR,)
    formats: tuple[str, ...] = FORMATS
    engine: str = "auto"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    jobs: int | None = None
    warm: bool = True
    into: Path | None = None
    since: Path | None = None
    scheduler: str | None = None
    keep_going: bool = False
    time_limit: float = TIME_LIMIT
    memory_limit: float = MEMORY_LIMIT
