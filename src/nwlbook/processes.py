"""Whether the process that made something, and wrote its number on it, still runs."""

import os
import shutil
import tempfile
from pathlib import Path

# Of temporary folders; the number of the process follows. Short: sockets have short addresses.
PREFIX = "nwl-"


def is_running(process: str) -> bool:
    """Tell whether a process runs.

    Parameters
    ----------
    process : str
        Its number; what is none belongs to no process.
    """
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    return True


def temporary_prefix() -> str:
    """Return how the names of this process's temporary folders begin."""
    return f"{PREFIX}{os.getpid()}-"


def drop_folders_of_the_killed() -> None:
    """Drop temporary folders of processes that had no time to: profiles of browsers are large."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        process = folder.name.removeprefix(PREFIX).partition("-")[0]
        if process.isdecimal() and not is_running(process):
            shutil.rmtree(folder, ignore_errors=True)
