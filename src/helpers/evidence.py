"""Load the evidence by name, typed as its descriptor says.

One resource is read at a time, so that a run depends only on the tables it used.
The builder validates the whole package first; the checks here are for the analyst
who works in a notebook and meets a bad cell before any build does.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import disclosure
from helpers.data_package import KEPT, Row, data_folder, described, described_in_file, resource
from helpers.errors import EvidenceError
from helpers.large_tables import LargeTable, large_table
from helpers.paths import project_root
from helpers.typed_rows import some_typed, typed, typed_column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Row", "columns", "load", "places", "rows", "value"]

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
        found = some_typed(_state(name)[0], table, described(name), table.rows(narrowing))
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
    fields = described(name)
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
    fields = described(name)
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
    read = (
        typed_column(file, column, fields[column], table.column(column), rows) for column in wanted
    )
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
    fields = described(name)
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
    rows = tuple(typed(file, described_in_file(entry)))
    return disclosure.suppressed(rows, rule) if rule else rows


@cache
def _frame(name: str, file: Path, changed: int, narrowing: Narrowing) -> "pd.DataFrame":
    """Make the data frame of a resource, or of some of its rows, once for each state of its file.

    A caller gets a copy, which pandas makes only of what is then changed.
    """
    import pandas as pd

    fields, table = described(name), _large(name)
    rows: Sequence[Row]
    if table is None or not narrowing:
        rows = _read(name, file, changed)
    else:
        chosen = table.rows(narrowing)
        # To look up a good part of the rows one by one would take longer than to read all,
        # which then serves every such question.
        if len(chosen) >= MANY * len(table):
            return _frame(name, file, changed, ())
        rows = list(some_typed(file, table, fields, chosen))
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
    return table if table is not None and sorted(table.heading) == sorted(described(name)) else None


def _texts_asked(name: str, where: dict[str, Any]) -> Narrowing:
    """Return a question that has to be about texts alone."""
    fields = described(name)
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
