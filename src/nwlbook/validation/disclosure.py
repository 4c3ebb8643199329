"""Check what the data package asks of disclosure control."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers import disclosure, observation_files
from nwlbook.validation.words import DESCRIPTOR


def disclosure_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what cannot be done of what tables ask for: nothing is suppressed by halves.

    Parameters
    ----------
    root : Path
        Folder of the project.
    described : list of dict
        The resources of a descriptor whose schemas were found good.

    Yields
    ------
    str
        The resource, and what was expected.
    """
    for entry in described:
        for problem in disclosure.problems(entry):
            yield f"{DESCRIPTOR}: resource '{entry['name']}': {problem}"


def observation_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what cannot be done of what is asked for observations.

    Parameters
    ----------
    root : Path
        Folder of the project.
    described : list of dict
        The resources, whose tables of measures were found good.

    Yields
    ------
    str
        What was expected.
    """
    for problem in observation_files.disclosure_problems():
        yield f"{DESCRIPTOR}: {problem}"
