"""Read the cells of a table in the types that its description gives them.

A cell that does not fit is refused with file, row, column, value and what was expected.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from helpers.cell_types import CASTS, Cast
from helpers.data_package import Row
from helpers.errors import EvidenceError
from helpers.large_tables import Column, LargeTable
from helpers.paths import shown


def typed(file: Path, fields: dict[str, Row]) -> Iterator[Row]:
    """Yield the rows of a file, in its order; a missing value is None.

    Parameters
    ----------
    file : Path
        CSV with a heading.
    fields : dict
        Column to its description, as of `data_package.described_in_file`.

    Raises
    ------
    EvidenceError
        If the file cannot be read, or a heading or cell is not as described.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise EvidenceError(f"{shown(file)}: not found") from error
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{shown(file)}: byte {error.start} is not UTF-8 text") from error
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    for column in fields:
        if column not in header:
            raise EvidenceError(f"{shown(file)}: row 1: column '{column}' is missing")
    for column in header:
        if column not in fields:
            raise EvidenceError(f"{shown(file)}: row 1: column '{column}' is not described")
    yield from _typed_rows(file, fields, header, enumerate(filter(None, reader), start=2))


def some_typed(
    file: Path, table: LargeTable, fields: dict[str, Row], rows: Sequence[int]
) -> Iterator[Row]:
    """Yield some rows of a large table, as `typed` would.

    Parameters
    ----------
    file, fields
        As of `typed`.
    table : LargeTable
        Of the file.
    rows : sequence of int
        Which, counted from 0.
    """
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
                f"{shown(file)}: row {number}: expected {len(header)} cells, found another number"
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


def typed_column(
    file: Path, column: str, field: Row, held: Column, rows: Sequence[int]
) -> list[Any]:
    """Return the cells of one column of a large table in some rows.

    Parameters
    ----------
    file : Path
        Of the table.
    column : str
        Name of the column.
    field : dict
        Its description.
    held : Column
        Its texts.
    rows : sequence of int
        Which, counted from 0.

    Raises
    ------
    EvidenceError
        If a cell is not as described.
    """
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
        f"{shown(file)}: row {number}: column '{column}': {found}: expected {expectation}"
    )


def _cast_of(field: Row) -> tuple[Cast, str, bool]:
    """Return how to read a cell of a column, what it must be, and whether it must be there."""
    return *CASTS[field["type"]], bool(field.get("constraints", {}).get("required"))
