"""What a published record may say of evidence of which counts are suppressed.

The digest of such a file would give the counts away: a handful of small numbers is soon tried.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from helpers import data_package, disclosure, evidence, observation_files
from nwlbook.cache import file_digest

RULES = "disclosure"


def published_digest(root: Path, name: str) -> str | None:
    """Return a digest of what the book may know of a file of evidence.

    Parameters
    ----------
    root : Path
        Folder of the project.
    name : str
        The file, from the root of the project.

    Returns
    -------
    str or None
        Of the file's content, or where counts are suppressed of what is left without them;
        None if the file cannot be read.
    """
    digest = file_digest(root / name)
    if digest is None:
        return None
    left = _left_of(name)
    return digest if left is None else _digest(left)


def rules() -> str:
    """Return a digest of what the evidence asks to be suppressed; empty if it asks for nothing."""
    package = data_package.descriptor()
    asked = {
        entry["path"]: entry[disclosure.BLOCK]
        for entry in package["resources"]
        if disclosure.BLOCK in entry
    }
    if observation_files.BLOCK in package:
        asked[observation_files.FOLDER] = package[observation_files.BLOCK]
    return _digest(asked) if asked else ""


def _left_of(name: str) -> object:
    """Return what is left of a file of which counts are suppressed, or None if none are."""
    package = data_package.descriptor()
    if observation_files.BLOCK in package and name.startswith(f"{observation_files.FOLDER}/"):
        return [asdict(row) for row in observation_files.added() if row.origin == name]
    for entry in package["resources"]:
        if disclosure.BLOCK in entry and f"data/{entry['path']}" == name:
            return evidence.rows(entry["name"])
    return None


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
