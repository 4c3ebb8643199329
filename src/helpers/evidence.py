"""Load the evidence by name, typed as its descriptor says.

One resource is read at a time, so that a run depends only on the tables it used.
The builder validates the whole package first; the checks here are for the analyst
who works in a notebook and meets a bad cell before any build does.
"""

import csv
import hashlib
import io
import json
import re
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


# Python's own readers also take "1_000", " 5", "nan", "inf" and "20240705".
PLAIN_INTEGER = re.compile(r"[+-]?[0-9]+")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _plain(text: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(text):
        raise ValueError(text)
    return text


def _integer(text: str) -> int:
    return int(_plain(text, PLAIN_INTEGER))


def _number(text: str) -> float:
    return float(_plain(text, PLAIN_NUMBER))


def _date(text: str) -> date:
    return date.fromisoformat(_plain(text, PLAIN_DATE))


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


CASTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "string": (str, "text"),
    "integer": (_integer, "a whole number"),
    "number": (_number, "a number"),
    "boolean": (_boolean, "true or false"),
    "date": (_date, "a date such as 2024-07-05"),
    "year": (_integer, "a year such as 2024"),
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
        One dictionary a row, in file order; a missing value is None. The caller may
        change them.

    Raises
    ------
    EvidenceError
        With file, row, column, value and what was expected.
    """
    return [dict(row) for row in _rows(name)]


def _rows(name: str) -> tuple[Row, ...]:
    file = data_folder() / resource(name)["path"]
    changed = file.stat().st_mtime_ns if file.is_file() else 0
    return _read(name, file, changed)


def load(name: str, /, **where: Any) -> "pd.DataFrame":
    """Read one resource as a data frame.

    Parameters
    ----------
    name : str
        Name of the resource.
    **where
        Keep only the rows in which each named column equals the given value, or is
        one of the given values: a list, tuple or set.

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

    fields = _fields(name)
    columns = list(fields)
    frame = pd.DataFrame(_rows(name), columns=columns)
    for column, field in fields.items():
        if field["type"] == "date":
            frame[column] = pd.to_datetime(frame[column])
        elif field["type"] == "number":
            frame[column] = frame[column].astype("float64")
        elif field["type"] in {"integer", "year"} and frame[column].hasnans:
            # A column of floats would write the whole number 3 as 3.0.
            frame[column] = frame[column].astype("Int64")
    for column, wanted in where.items():
        _known(name, column, fields)
        several = isinstance(wanted, list | tuple | set | frozenset)
        frame = frame[frame[column].isin(wanted) if several else frame[column] == wanted]
    return frame.reset_index(drop=True)


def value(name: str, column: str, /, **where: Any) -> Any:
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
        If no row, or more than one, matches, or there is no such column.
    """
    fields = _fields(name)
    for each in (column, *where):
        _known(name, each, fields)
    found = [row for row in _rows(name) if all(row[key] == wanted for key, wanted in where.items())]
    if len(found) != 1:
        asked = ", ".join(f"{key}={wanted}" for key, wanted in where.items())
        raise EvidenceError(f"{name}: expected one row where {asked}, found {len(found)}")
    return found[0][column]


@cache
def _read(name: str, file: Path, changed: int) -> tuple[Row, ...]:
    """Read a resource once for each state of its file."""
    return tuple(_typed(file, _fields(name)))


def _fields(name: str) -> dict[str, Row]:
    """Return the description of each column of a resource, in order."""
    described = resource(name)
    if "schema" not in described:
        raise EvidenceError(f"{name}: not a table: data/{described['path']} is read by other means")
    return {field["name"]: field for field in described["schema"]["fields"]}


def _known(name: str, column: str, fields: dict[str, Row]) -> None:
    if column not in fields:
        raise EvidenceError(f"{name}: no column '{column}': expected one of {', '.join(fields)}")


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
