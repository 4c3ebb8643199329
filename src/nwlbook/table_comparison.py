"""Compare two states of a table: which values moved, which rows and columns came and went.

Rows are matched by what names them, not by their place, so that a row that is added or
removed moves nothing else.
"""

import csv
import io
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nwlbook.moves import Move, number_of

# Where a row comes from is no value of it.
PLACE = ("source_id", "locator")
# Data is written with ten significant digits; the last ones are rounding in the computation.
NOISE = Decimal("2e-9")

Cell = str | Decimal
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """Two states of a table beside each other.

    Attributes
    ----------
    is_comparable : bool
        Whether both have one layout; otherwise nothing else is said.
    compared : int
        Values of rows and columns that both states have.
    moves : tuple of Move
        Those that moved, in the order of the table.
    new_rows, gone_rows : tuple of str
        Names of rows.
    new_columns, gone_columns : tuple of str
        Columns.
    new_values, gone_values : tuple of Move
        What stands in new rows, and what stood in those that are gone.
    """

    is_comparable: bool = True
    compared: int = 0
    moves: tuple[Move, ...] = ()
    new_rows: tuple[str, ...] = ()
    gone_rows: tuple[str, ...] = ()
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()
    new_values: tuple[Move, ...] = ()
    gone_values: tuple[Move, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is anything to tell."""
        told = (*self.moves, *self.new_rows, *self.gone_rows, *self.new_columns, *self.gone_columns)
        return not self.is_comparable or bool(told)


@dataclass(frozen=True)
class _Table:
    """One state: its rows as they are written, and as they are compared."""

    header: list[str]
    written: list[list[str]]
    cells: list[Row]

    def pick(self, columns: Sequence[str]) -> "_Table":
        places = [self.header.index(name) for name in columns]
        return _Table(
            list(columns),
            [[row[place] for place in places] for row in self.written],
            [tuple(row[place] for place in places) for row in self.cells],
        )


def compare_tables(before: str, after: str) -> Comparison:
    """Compare two states of a table.

    Parameters
    ----------
    before, after : str
        CSV with a header.

    Raises
    ------
    csv.Error
        If one of them is not CSV.
    """
    old, new = _read(before), _read(after)
    headers = (old.header, new.header)
    if any(not header or len(set(header)) < len(header) for header in headers) or (
        old.header[0] != new.header[0]
    ):
        return Comparison(is_comparable=False)
    gone_columns = tuple(name for name in old.header if name not in new.header)
    new_columns = tuple(name for name in new.header if name not in old.header)
    common = [name for name in new.header if name in old.header]
    left, right = old.pick(common), new.pick(common)
    key = _key_length(left, right)
    pairs, alone_left, alone_right = _paired(left.cells, right.cells, key)
    scales = [_scale(place, left, right) for place in range(len(common))]
    values = [place for place in range(key, len(common)) if common[place] not in PLACE]
    moves = tuple(
        Move(
            row=_name(right.written[j][:key]),
            column=common[place],
            before=left.written[i][place],
            after=right.written[j][place],
            scale=scales[place],
        )
        for i, j in pairs
        for place in values
        if _moved(left.cells[i][place], right.cells[j][place])
    )
    return Comparison(
        compared=len(pairs) * len(values),
        moves=moves,
        new_rows=tuple(_name(right.written[j][:key]) for j in alone_right),
        gone_rows=tuple(_name(left.written[i][:key]) for i in alone_left),
        new_columns=new_columns,
        gone_columns=gone_columns,
        new_values=tuple(
            Move(_name(right.written[j][:key]), common[place], None, right.written[j][place])
            for j in alone_right
            for place in values
        ),
        gone_values=tuple(
            Move(_name(left.written[i][:key]), common[place], left.written[i][place], None)
            for i in alone_left
            for place in values
        ),
    )


def _read(text: str) -> _Table:
    lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    header, *rows = lines or [[]]
    width = len(header)
    written = [(row + [""] * width)[:width] for row in rows]
    return _Table(header, written, [tuple(_cell(text) for text in row) for row in written])


def _cell(text: str) -> Cell:
    """Return what a cell is compared by: 1 and 1.0 are one number."""
    number = number_of(text)
    return text if number is None else number.normalize() + 0


def _moved(before: Cell, after: Cell) -> bool:
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return abs(after - before) > NOISE * max(abs(before), abs(after))
    return before != after


def _key_length(old: _Table, new: _Table) -> int:
    """Return how many of the first columns name a row.

    As few as tell all rows apart in both states; a column of numbers is a value, unless it is
    the first, which names the rows of every table of the book.
    """
    limit = 1
    while limit < len(new.header) and not _is_numeric(limit, old, new):
        limit += 1
    for length in range(1, limit + 1):
        if all(len({row[:length] for row in each.cells}) == len(each.cells) for each in (old, new)):
            return length
    return limit


def _is_numeric(place: int, *tables: _Table) -> bool:
    cells = [row[place] for table in tables for row in table.cells if row[place] != ""]
    return bool(cells) and all(isinstance(cell, Decimal) for cell in cells)


def _scale(place: int, *tables: _Table) -> Decimal:
    cells = (row[place] for table in tables for row in table.cells)
    return max((abs(cell) for cell in cells if isinstance(cell, Decimal)), default=Decimal(0))


def _paired(
    old: Sequence[Row], new: Sequence[Row], key: int
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Match rows: first those that are equal, then those equal in fewer of the first columns.

    So rows that share their names, which a table may have, are matched with what is likest.
    """
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(old))), list(range(len(new)))
    for length in range(len(new[0]) if new else 0, key - 1, -1):
        waiting: defaultdict[Row, deque[int]] = defaultdict(deque)
        for i in left:
            waiting[old[i][:length]].append(i)
        alone = []
        for j in right:
            same = waiting.get(new[j][:length])
            if same:
                pairs.append((same.popleft(), j))
            else:
                alone.append(j)
        left, right = sorted(i for rest in waiting.values() for i in rest), alone
    return sorted(pairs, key=lambda pair: pair[1]), left, right


def _name(cells: Sequence[str]) -> str:
    return ", ".join(cell for cell in cells if cell)
