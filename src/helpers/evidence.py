"""Load the evidence by name, typed as its descriptor says.

One resource is read at a time, so that a run depends only on the tables it used.
The builder validates the whole package first; the checks here are for the analyst
who works in a notebook and meets a bad cell before any build does.
"""

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import yaml_text
from helpers.errors import EvidenceError
from helpers.paths import project_root

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


class _NamedRow(Row):
    """A row that says so when it is asked for a column that its table has not."""

    def __init__(self, row: Row, table: str) -> None:
        super().__init__(row)
        self._table = table

    def __missing__(self, column: str) -> Any:
        """Refuse, as evidence that is not as described."""
        raise EvidenceError(
            f"table '{self._table}': no column '{column}', which the book reads: "
            f"found {', '.join(self)}"
        )


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
    value = float(_plain(text, PLAIN_NUMBER))
    # Hundreds of digits are read as infinity.
    if math.isinf(value):
        raise ValueError(text)
    return value


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
        If the descriptor cannot be read, or is not YAML with resources as `yaml_text` reads it.
    """
    file = data_folder() / "datapackage.yaml"
    try:
        content = file.read_bytes()
        compiled = compiled_descriptor(project_root(), content)
        if compiled.is_file():
            return dict(json.loads(compiled.read_text(encoding="utf-8")))
        package = yaml_text.load(content.decode("utf-8"))
    except FileNotFoundError as error:
        raise EvidenceError(f"{_shown(file)}: not found") from error
    except OSError as error:
        raise EvidenceError(f"{_shown(file)}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{_shown(file)}: byte {error.start} is not UTF-8 text") from error
    except yaml_text.YamlTextError as error:
        place = f"{_shown(file)}:{error.line}" if error.line else _shown(file)
        raise EvidenceError(f"{place}: {error.message}") from error
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
    return [_NamedRow(row, name) for row in _rows(name)]


def _rows(name: str) -> tuple[Row, ...]:
    return _read(name, *_state(name))


def _state(name: str) -> tuple[Path, int]:
    """Return the file of a resource and when it was last changed."""
    file = data_folder() / resource(name)["path"]
    return file, file.stat().st_mtime_ns if file.is_file() else 0


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
    fields = _fields(name)
    frame = _frame(name, *_state(name))
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


@cache
def _frame(name: str, file: Path, changed: int) -> "pd.DataFrame":
    """Make the data frame of a resource once for each state of its file.

    A caller gets a copy, which pandas makes only of what is then changed.
    """
    import pandas as pd

    fields = _fields(name)
    frame = pd.DataFrame(_read(name, file, changed), columns=list(fields))
    for column, field in fields.items():
        if field["type"] == "date":
            frame[column] = pd.to_datetime(frame[column])
        elif field["type"] == "number":
            frame[column] = frame[column].astype("float64")
        elif field["type"] in {"integer", "year"} and frame[column].hasnans:
            # A column of floats would write the whole number 3 as 3.0.
            frame[column] = frame[column].astype("Int64")
    return frame


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
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    for column in fields:
        if column not in header:
            raise EvidenceError(f"{_shown(file)}: row 1: column '{column}' is missing")
    for column in header:
        if column not in fields:
            raise EvidenceError(f"{_shown(file)}: row 1: column '{column}' is not described")
    columns = [(column, header.index(column), *_cast_of(field)) for column, field in fields.items()]
    for number, cells in enumerate(filter(None, reader), start=2):
        if len(cells) != len(header):
            raise EvidenceError(
                f"{_shown(file)}: row {number}: expected {len(header)} cells, found another number"
            )
        row = {}
        for column, place, cast, expectation, required in columns:
            text = cells[place]
            if text:
                try:
                    row[column] = cast(text)
                except ValueError as error:
                    raise EvidenceError(
                        f"{_shown(file)}: row {number}: column '{column}': '{text}': "
                        f"expected {expectation}"
                    ) from error
            elif required:
                raise EvidenceError(
                    f"{_shown(file)}: row {number}: column '{column}': empty: "
                    f"expected {expectation}"
                )
            else:
                row[column] = None
        yield row


def _cast_of(field: Row) -> tuple[Callable[[str], Any], str, bool]:
    """Return how to read a cell of a column, what it must be, and whether it must be there."""
    return *CASTS[field["type"]], bool(field.get("constraints", {}).get("required"))


def _shown(file: Path) -> str:
    return file.relative_to(project_root()).as_posix()
