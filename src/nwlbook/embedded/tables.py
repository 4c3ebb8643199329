"""Read tables written as HTML into pandoc's tree, for the formats that have no HTML."""

from collections.abc import Callable
from typing import Any

from nwlbook.embedded import pandoc
from nwlbook.embedded.tree import Node, text
from nwlbook.errors import BuildError

# In letters of the type of tables: the line of a Word document, that of a table of many
# columns, and what the room inside the edges of a cell takes.
_LINE, _DENSE_LINE = 88, 104
_EDGES = 3
# In letters: what a short column holds, up to where a long one grows, how wide a table is
# that stands at its natural width, and what short columns may take before the others starve.
_SHORT = 16
_LONG = 60
_NARROW = 46
_ROOM = 70


def read_table(markup: str) -> Node:
    """Read one HTML table.

    Parameters
    ----------
    markup : str
        HTML of the table.

    Returns
    -------
    dict
        The table of the tree, without caption.

    Raises
    ------
    BuildError
        If the markup does not hold one whole table.
    """
    # A call for each table: most tables of a chapter that has changed are as they were, and
    # what pandoc answered is remembered.
    blocks, _, _ = pandoc.read(f"<div>{markup}</div>", "html")
    inner = blocks[0]["c"][1] if len(blocks) == 1 and blocks[0]["t"] == "Div" else []
    tables = [block for block in inner if block["t"] == "Table"]
    if len(tables) != 1:
        raise BuildError(f"the HTML of a table cannot be read: {markup[:80]}…")
    attr, _, *rest = tables[0]["c"]
    return {"t": "Table", "c": [["", attr[1], []], [None, []], *rest]}


def column_weights(table: Node) -> list[int]:
    """Return how much of the width each column needs in print.

    Parameters
    ----------
    table : dict
        A table of the tree.

    Returns
    -------
    list of int
        0 for a column that takes its natural width, else its share of what is left.
    """
    head, bodies = table["c"][3], table["c"][4]
    columns = len(table["c"][2])
    cells = _lengths([row for body in bodies for rows in body[2:4] for row in rows], columns)
    heads = _lengths(head[1], columns)
    natural = [max(known) for known in (a + b for a, b in zip(cells, heads, strict=True))]
    if sum(natural) <= _NARROW:
        return [0] * columns
    # a heading may go over two lines
    wrapped = [max(*a, *(length // 2 for length in b)) for a, b in zip(cells, heads, strict=True)]
    weights = [
        0 if most <= _SHORT else (sum(known) // len(known) + min(most, _LONG)) // 2
        for known, most in zip(cells, wrapped, strict=True)
    ]
    short = sum(most for most, weight in zip(natural, weights, strict=True) if not weight)
    if short > _ROOM:
        return [weight or most for most, weight in zip(wrapped, weights, strict=True)]
    if not any(weights):
        weights[0] = 1
    return weights


def column_shares(table: Node) -> list[float]:
    """Return the share of the line that each column takes, where none is of natural width.

    Parameters
    ----------
    table : dict
        A table of the tree.

    Returns
    -------
    list of float
        Adds up to 1, or to less in a table that needs less than the line.
    """
    line = _DENSE_LINE if is_dense(table) else _LINE
    heads, cells = (
        table["c"][3][1],
        [row for body in table["c"][4] for rows in body[2:4] for row in rows],
    )
    columns = len(table["c"][2])
    natural = [max(known) + _EDGES for known in _lengths([*heads, *cells], columns)]
    if sum(natural) <= line:
        return [length / line for length in natural]
    # no word is broken; what is short stays on one line; a heading may go over several
    words = _lengths([*heads, *cells], columns, _longest_word)
    needed = [
        max(max(word), max(cell) if max(cell) <= _SHORT else 0) + _EDGES
        for word, cell in zip(words, _lengths(cells, columns), strict=True)
    ]
    free = line - sum(needed)
    if free <= 0:
        return [length / sum(needed) for length in needed]
    # the rest of the line goes to the columns that would fill it
    wish = [
        max(0, (sum(cell) // len(cell) + min(max(cell), _LONG)) // 2 + _EDGES - need)
        for cell, need in zip(_lengths(cells, columns), needed, strict=True)
    ]
    if not any(wish):
        wish = needed
    return [
        (need + free * each / sum(wish)) / line for need, each in zip(needed, wish, strict=True)
    ]


def _longest_word(sentence: str) -> int:
    return max((len(word) for word in sentence.split()), default=0)


def _lengths(rows: list[Any], columns: int, measure: Callable[[str], int] = len) -> list[list[int]]:
    """Return the lengths of the cells of each column."""
    lengths: list[list[int]] = [[1] for _ in range(columns)]
    for row in rows:
        for known, cell in zip(lengths, row[1], strict=False):
            known.append(measure(text(cell[4])))
    return lengths


def is_dense(table: Node) -> bool:
    """Return whether a table has so many columns that print needs a smaller type."""
    return len(table["c"][2]) > 7
