"""Load the evidence by name, typed as its descriptor says.

One resource is read at a time, so that a run depends only on the tables it used.
The builder validates the whole package first; the checks here are for the analyst
who works in a notebook and meets a bad cell before any build does.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from helpers.errors import EvidenceError
from helpers.paths import project_root

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


CASTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "string": (str, "text"),
    "integer": (int, "a whole number"),
    "number": (float, "a number"),
    "boolean": (_boolean, "true or false"),
    "date": (date.fromisoformat, "a date such as 2024-07-05"),
    "year": (int, "a year such as 2024"),
}


def data_folder() -> Path:
    """Return the folder of the evidence."""
    return project_root() / "data"


@cache
def descriptor() -> Row:
    """Return the data package descriptor.

    Raises
    ------
    EvidenceError
        If the descriptor is missing or is not valid YAML with resources.
    """
    file = data_folder() / "datapackage.yaml"
    try:
        content = file.read_bytes()
        compiled = compiled_descriptor(project_root(), content)
        if compiled.is_file():
            return dict(json.loads(compiled.read_text(encoding="utf-8")))
        package = yaml.load(content, Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise EvidenceError(f"{_shown(file)}: not found") from error
    except yaml.YAMLError as error:
        raise EvidenceError(
            f"{_shown(file)}: not valid YAML: {' '.join(str(error).split())}"
        ) from error
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise EvidenceError(f"{_shown(file)}: expected a data package with a list of resources")
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
    return root / "outputs" / "cache" / "evidence" / f"{digest}.json"


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
    for entry in descriptor()["resources"]:
        if entry.get("name") == name:
            return dict(entry)
    known = ", ".join(sorted(str(entry.get("name")) for entry in descriptor()["resources"]))
    raise EvidenceError(f"data/datapackage.yaml: no resource '{name}': expected one of {known}")


def rows(name: str) -> list[Row]:
    """Read one resource as typed rows, without pandas.

    Parameters
    ----------
    name : str
        Name of the resource.

    Returns
    -------
    list of dict
        One dictionary a row, in file order; a missing value is None.

    Raises
    ------
    EvidenceError
        With file, row, column, value and what was expected.
    """
    file = data_folder() / resource(name)["path"]
    changed = file.stat().st_mtime_ns if file.is_file() else 0
    return list(_read(name, file, changed))


def load(name: str, **where: Any) -> "pd.DataFrame":
    """Read one resource as a data frame.

    Parameters
    ----------
    name : str
        Name of the resource.
    **where
        Keep only the rows in which each named column equals the given value, or is
        in the given list of values.

    Returns
    -------
    pandas.DataFrame
        Columns as described; dates are ``datetime64``; missing values are NA.

    Raises
    ------
    EvidenceError
        If a row does not fit the descriptor, or `where` names no column.
    """
    import pandas as pd

    fields = resource(name)["schema"]["fields"]
    columns = [field["name"] for field in fields]
    frame = pd.DataFrame(rows(name), columns=columns)
    for field in fields:
        if field["type"] == "date":
            frame[field["name"]] = pd.to_datetime(frame[field["name"]])
        elif field["type"] == "number":
            frame[field["name"]] = frame[field["name"]].astype("float64")
    for column, wanted in where.items():
        if column not in columns:
            raise EvidenceError(
                f"{name}: no column '{column}': expected one of {', '.join(columns)}"
            )
        keep = frame[column].isin(wanted) if isinstance(wanted, list) else frame[column] == wanted
        frame = frame[keep]
    return frame.reset_index(drop=True)


def value(name: str, column: str, **where: Any) -> Any:
    """Return the one value of a column in the one row that matches.

    Parameters
    ----------
    name : str
        Name of the resource.
    column : str
        Column whose value is wanted.
    **where
        Values that identify the row.

    Raises
    ------
    EvidenceError
        If no row, or more than one, matches.
    """
    found = [row for row in rows(name) if all(row[key] == wanted for key, wanted in where.items())]
    if len(found) != 1:
        asked = ", ".join(f"{key}={wanted}" for key, wanted in where.items())
        raise EvidenceError(f"{name}: expected one row where {asked}, found {len(found)}")
    return found[0][column]


@cache
def _read(name: str, file: Path, changed: int) -> tuple[Row, ...]:
    """Read a resource once for each state of its file."""
    fields = {field["name"]: field for field in resource(name)["schema"]["fields"]}
    return tuple(_typed(file, fields))


def _typed(file: Path, fields: dict[str, Row]) -> Iterator[Row]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise EvidenceError(f"{_shown(file)}: not found") from error
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{_shown(file)}: byte {error.start} is not UTF-8 text") from error
    reader = csv.DictReader(io.StringIO(text))
    header = list(reader.fieldnames or [])
    for column in fields:
        if column not in header:
            raise EvidenceError(f"{_shown(file)}: row 1: column '{column}' is missing")
    for column in header:
        if column not in fields:
            raise EvidenceError(f"{_shown(file)}: row 1: column '{column}' is not described")
    for number, record in enumerate(reader, start=2):
        if None in record or None in record.values():
            raise EvidenceError(
                f"{_shown(file)}: row {number}: expected {len(header)} cells, found another number"
            )
        yield {
            column: _cast(file, number, column, field, record[column])
            for column, field in fields.items()
        }


def _cast(file: Path, number: int, column: str, field: Row, text: str) -> Any:
    cast, expectation = CASTS[field["type"]]
    if text == "":
        if field.get("constraints", {}).get("required"):
            raise EvidenceError(
                f"{_shown(file)}: row {number}: column '{column}': empty: expected {expectation}"
            )
        return None
    try:
        return cast(text)
    except ValueError as error:
        raise EvidenceError(
            f"{_shown(file)}: row {number}: column '{column}': '{text}': expected {expectation}"
        ) from error


def _shown(file: Path) -> str:
    return file.relative_to(project_root()).as_posix()
