"""Load the evidence by name, typed as its descriptor says.

One resource is read at a time, so that a run depends only on the tables it used.
The builder validates the whole package first; the checks here are for the analyst
who works in a notebook and meets a bad cell before any build does.
"""

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import disclosure, yaml_text
from helpers.cell_types import CASTS, Cast
from helpers.errors import EvidenceError
from helpers.large_tables import Column, LargeTable, large_table
from helpers.paths import project_root
from helpers.sealed import read_sealed

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
KEPT = Path("outputs") / "cache" / "evidence"
SEVERAL = (list, tuple, set, frozenset)
MANY = 0.25
# Columns of texts, each with those of which a row has one.
Narrowing = tuple[tuple[str, frozenset[str]], ...]


class _NamedRow(Row):
    """A row that says so when it is asked for a column that its table has not."""

    def __init__(self, row: Row, table: str) -> None:
        super().__init__(row)
        self._table = table

    def __missing__(self, column: str) -> Any:
        """Refuse, as evidence that is not as described."""
        raise _unread(self._table, column, self)


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


def rows(name: str, /, **where: str | Collection[str]) -> list[Row]:
    """Read one resource as typed rows, without pandas.

    Parameters
    ----------
    name : str
        Name of the resource.
    **where
        As of `columns`.

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
    narrowing = _texts_asked(name, where)
    table = _large(name) if narrowing else None
    found: Iterable[Row]
    if table is None:
        found = (row for row in _rows(name) if _fits(row, narrowing))
    else:
        found = _some(_state(name)[0], table, _fields(name), table.rows(narrowing))
    return [_NamedRow(row, name) for row in found]


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
    for column in where:
        _known(name, column, fields)
    frame = _frame(name, *_state(name), _narrowing(fields, where) if _large(name) else ())
    for column, wanted in where.items():
        several = isinstance(wanted, SEVERAL)
        frame = frame[frame[column].isin(wanted) if several else frame[column] == wanted]
    return frame.reset_index(drop=True)


def columns(name: str, /, *wanted: str, **where: str | Collection[str]) -> list[tuple[Any, ...]]:
    """Read some columns of one resource as typed rows: quick where the resource is large.

    Parameters
    ----------
    name : str
        Name of the resource.
    *wanted : str
        Names of the columns.
    **where
        Keep only the rows in which each named column, of texts, has the given one or one of
        those given.

    Returns
    -------
    list of tuple
        Each row's cells in the order of `wanted`, rows in file order; a missing value is None.

    Raises
    ------
    EvidenceError
        If there is no such column, or a cell of it does not fit the descriptor.
    """
    fields = _fields(name)
    for column in wanted:
        if column not in fields:
            raise _unread(name, column, fields)
    narrowing = _texts_asked(name, where)
    table = _large(name)
    if table is None:
        return [
            tuple(row[column] for column in wanted) for row in _rows(name) if _fits(row, narrowing)
        ]
    rows = table.rows(narrowing)
    file, _ = _state(name)
    read = (_column(file, column, fields[column], table.column(column), rows) for column in wanted)
    return list(zip(*read, strict=True))


def places(name: str, /, **where: str | Collection[str]) -> "pd.DataFrame":
    """Return where rows of one resource come from, each source and place in it once.

    Parameters
    ----------
    name, **where
        As of `columns`.

    Returns
    -------
    pandas.DataFrame
        Columns ``source_id, locator``, in the order of their first rows.
    """
    import pandas as pd

    wanted = ("source_id", "locator")
    return pd.DataFrame(list(dict.fromkeys(columns(name, *wanted, **where))), columns=list(wanted))


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
    """Read a resource once for each state of its file, without what it asks to be suppressed."""
    entry = resource(name)
    rule = disclosure.rule_of(entry)
    rows = tuple(_typed(file, _described(entry)))
    return disclosure.suppressed(rows, rule) if rule else rows


@cache
def _frame(name: str, file: Path, changed: int, narrowing: Narrowing) -> "pd.DataFrame":
    """Make the data frame of a resource, or of some of its rows, once for each state of its file.

    A caller gets a copy, which pandas makes only of what is then changed.
    """
    import pandas as pd

    fields, table = _fields(name), _large(name)
    rows: Sequence[Row]
    if table is None or not narrowing:
        rows = _read(name, file, changed)
    else:
        chosen = table.rows(narrowing)
        # To look up a good part of the rows one by one would take longer than to read all,
        # which then serves every such question.
        if len(chosen) >= MANY * len(table):
            return _frame(name, file, changed, ())
        rows = list(_some(file, table, fields, chosen))
    cells = {
        column: _series([row[column] for row in rows], field["type"])
        for column, field in fields.items()
    }
    return pd.DataFrame(cells, columns=list(fields))


def _series(values: Sequence[Any], kind: str) -> Any:
    """Return a column of a data frame in the type that its field has."""
    import numpy as np
    import pandas as pd

    match kind:
        case "date":
            return pd.to_datetime(pd.Series(values))
        case "number":
            return np.array(values, dtype="float64")
        case "integer" | "year":
            # A column of floats would write the whole number 3 as 3.0.
            return pd.array(values, dtype="Int64" if None in values else "int64")
        case "boolean" if None not in values:
            return np.array(values, dtype="bool")
        case "string":
            # Also where none of the rows has a text.
            return pd.array(values, dtype="str")
    return pd.Series(values, dtype="object")


@cache
def _fields(name: str) -> dict[str, Row]:
    """Return the description of each column that a caller is given, in order."""
    entry = resource(name)
    fields = _described(entry)
    return disclosure.with_column(fields) if disclosure.BLOCK in entry else fields


def _described(entry: Row) -> dict[str, Row]:
    """Return the description of each column of a resource's file, in order."""
    if "schema" not in entry:
        message = f"{entry['name']}: not a table: data/{entry['path']} is read by other means"
        raise EvidenceError(message)
    return {field["name"]: field for field in entry["schema"]["fields"]}


def _known(name: str, column: str, fields: dict[str, Row]) -> None:
    if column not in fields:
        raise EvidenceError(f"{name}: no column '{column}': expected one of {', '.join(fields)}")


def _unread(table: str, column: str, known: Iterable[str]) -> EvidenceError:
    return EvidenceError(
        f"table '{table}': no column '{column}', which the book reads: found {', '.join(known)}"
    )


def _large(name: str) -> LargeTable | None:
    """Return a resource as a large table, or None where it has to be read whole.

    So it has to be where counts are suppressed: what is kept of a large table holds them all.
    """
    if disclosure.BLOCK in resource(name):
        return None
    file, changed = _state(name)
    table = large_table(file, changed, project_root() / KEPT / name)
    return table if table is not None and sorted(table.heading) == sorted(_fields(name)) else None


def _texts_asked(name: str, where: dict[str, Any]) -> Narrowing:
    """Return a question that has to be about texts alone."""
    fields = _fields(name)
    for column in where:
        if column not in fields:
            raise _unread(name, column, fields)
        if fields[column]["type"] != "string":
            raise EvidenceError(f"{name}: rows are picked by texts: column '{column}' has none")
    return _narrowing(fields, where)


def _narrowing(fields: dict[str, Row], where: dict[str, Any]) -> Narrowing:
    """Return which part of a question is about texts, which can be answered before any cast."""
    asked = {
        column: frozenset(wanted if isinstance(wanted, SEVERAL) else [wanted])
        for column, wanted in where.items()
        if fields[column]["type"] == "string"
    }
    return tuple(asked.items())


def _fits(row: Row, narrowing: Narrowing) -> bool:
    return all(row[column] in texts for column, texts in narrowing)


def _typed(file: Path, fields: dict[str, Row]) -> Iterator[Row]:
    """Yield the rows of a file."""
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
    yield from _typed_rows(file, fields, header, enumerate(filter(None, reader), start=2))


def _some(
    file: Path, table: LargeTable, fields: dict[str, Row], rows: Sequence[int]
) -> Iterator[Row]:
    """Yield some rows of a large table."""
    numbers = (row + 2 for row in rows)
    yield from _typed_rows(
        file, fields, table.heading, zip(numbers, table.cells(rows), strict=True)
    )


def _typed_rows(
    file: Path, fields: dict[str, Row], header: list[str], records: Iterable[tuple[int, list[str]]]
) -> Iterator[Row]:
    """Type records, each with its number in the file, where the heading is the first."""
    columns = [(column, header.index(column), *_cast_of(field)) for column, field in fields.items()]
    for number, cells in records:
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
                    raise _misfit(file, number, column, text, expectation) from error
            elif required:
                raise _misfit(file, number, column, text, expectation)
            else:
                row[column] = None
        yield row


def _column(file: Path, column: str, field: Row, held: Column, rows: Sequence[int]) -> list[Any]:
    """Type the cells of a column in some rows."""
    cast, expectation, required = _cast_of(field)
    chosen = [held.numbers[row] for row in rows]
    # Each text once: most columns repeat few.
    cells: dict[int, Any] = {}
    for number in dict.fromkeys(chosen):
        text = held.texts[number]
        try:
            if required and not text:
                raise ValueError
            cells[number] = cast(text) if text else None
        except ValueError as error:
            record = rows[chosen.index(number)] + 2
            raise _misfit(file, record, column, text, expectation) from error
    return [cells[number] for number in chosen]


def _misfit(file: Path, number: int, column: str, text: str, expectation: str) -> EvidenceError:
    found = f"'{text}'" if text else "empty"
    return EvidenceError(
        f"{_shown(file)}: row {number}: column '{column}': {found}: expected {expectation}"
    )


def _cast_of(field: Row) -> tuple[Cast, str, bool]:
    """Return how to read a cell of a column, what it must be, and whether it must be there."""
    return *CASTS[field["type"]], bool(field.get("constraints", {}).get("required"))


def _shown(file: Path) -> str:
    return file.relative_to(project_root()).as_posix()
