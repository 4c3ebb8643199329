"""What the data package says of the evidence: which tables there are, and their columns."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from helpers import disclosure, yaml_text
from helpers.errors import EvidenceError
from helpers.paths import project_root, shown
from helpers.sealed import read_sealed

Row = dict[str, Any]
KEPT = Path("outputs") / "cache" / "evidence"


def data_folder() -> Path:
    """Return the folder of the evidence."""
    return project_root() / "data"


@cache
def descriptor() -> Row:
    """Return the data package descriptor.

    Raises
    ------
    EvidenceError
        If the descriptor cannot be read, or is not YAML with resources as `yaml_text` reads it.
    """
    file = data_folder() / "datapackage.yaml"
    try:
        content = file.read_bytes()
        compiled = compiled_descriptor(project_root(), content)
        if (kept := read_sealed(compiled)) is not None:
            return dict(json.loads(kept))
        package = yaml_text.load(content.decode("utf-8"))
    except FileNotFoundError as error:
        raise EvidenceError(f"{shown(file)}: not found") from error
    except OSError as error:
        raise EvidenceError(f"{shown(file)}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{shown(file)}: byte {error.start} is not UTF-8 text") from error
    except yaml_text.YamlTextError as error:
        place = f"{shown(file)}:{error.line}" if error.line else shown(file)
        raise EvidenceError(f"{place}: {error.message}") from error
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise EvidenceError(f"{shown(file)}: expected a data package with a list of resources")
    return package


def compiled_descriptor(root: Path, content: bytes) -> Path:
    """Return where the builder keeps a descriptor of this content in a form read faster.

    Parameters
    ----------
    root : Path
        Folder of the project.
    content : bytes
        The descriptor as it stands.
    """
    digest = hashlib.sha256(content).hexdigest()[:16]
    return root / KEPT / f"{digest}.json"


def resource(name: str) -> Row:
    """Return the description of one resource.

    Parameters
    ----------
    name : str
        Name of the resource, such as ``net-benefit``.

    Raises
    ------
    EvidenceError
        If the package describes no such resource.
    """
    entry = _entries().get(name)
    if entry is None:
        known = ", ".join(sorted(_entries()))
        raise EvidenceError(f"data/datapackage.yaml: no resource '{name}': expected one of {known}")
    return dict(entry)


@cache
def _entries() -> dict[str, Row]:
    """Return the description of each resource by its name, the first of each name."""
    return {str(entry.get("name")): entry for entry in reversed(descriptor()["resources"])}


@cache
def described(name: str) -> dict[str, Row]:
    """Return the description of each column that a caller is given, in order.

    Parameters
    ----------
    name : str
        Name of the resource.

    Raises
    ------
    EvidenceError
        If it is not a table.
    """
    entry = resource(name)
    found = described_in_file(entry)
    return disclosure.with_column(found) if disclosure.BLOCK in entry else found


def described_in_file(entry: Row) -> dict[str, Row]:
    """Return the description of each column of a resource's file, in order.

    Parameters
    ----------
    entry : dict
        As `resource` returns it.

    Raises
    ------
    EvidenceError
        If it is not a table.
    """
    if "schema" not in entry:
        message = f"{entry['name']}: not a table: data/{entry['path']} is read by other means"
        raise EvidenceError(message)
    return {field["name"]: field for field in entry["schema"]["fields"]}
