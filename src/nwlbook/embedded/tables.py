"""Read tables written as HTML into pandoc's tree, for the formats that have no HTML."""

from nwlbook.embedded import pandoc
from nwlbook.embedded.tree import Node, text
from nwlbook.errors import BuildError

_SHORT = 16
_LONG = 60
_NARROW = 46


def read_tables(markups: dict[str, str]) -> dict[str, Node]:
    """Read HTML tables with one call of pandoc.

    Parameters
    ----------
    markups : dict
        HTML of each table by a key.

    Returns
    -------
    dict
        Table of each key, without caption.

    Raises
    ------
    BuildError
        If a markup does not hold one whole table.
    """
    if not markups:
        return {}
    keys = list(markups)
    parts = [f'<div id="{index}">{markups[key]}</div>' for index, key in enumerate(keys)]
    blocks, _, _ = pandoc.read("\n".join(parts), "html")
    divisions = [block for block in blocks if block["t"] == "Div"]
    result: dict[str, Node] = {}
    for index, key in enumerate(keys):
        found = divisions[index]["c"][1] if index < len(divisions) else []
        tables = [block for block in found if block["t"] == "Table"]
        if len(divisions) != len(keys) or len(tables) != 1:
            raise BuildError(f"the HTML of a table cannot be read: {markups[key][:80]}…")
        attr, _, *rest = tables[0]["c"]
        result[key] = {"t": "Table", "c": [["", attr[1], []], [None, []], *rest]}
    return result


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
    columns = len(table["c"][2])
    longest, needed = [1] * columns, [1] * columns
    for section in ([table["c"][3][1]], *([body[2], body[3]] for body in table["c"][4])):
        for row in (row for rows in section for row in rows):
            for column, cell in enumerate(row[1][:columns]):
                words = text(cell[4])
                longest[column] = max(longest[column], len(words))
                needed[column] = max(needed[column], *(len(w) for w in words.split() or [""]))
    if sum(longest) <= _NARROW:
        return [0] * columns
    weights = [min(length, _LONG) if length > _SHORT else 0 for length in longest]
    if not any(weights):
        weights[0] = 1
    return weights


def is_dense(table: Node) -> bool:
    """Return whether a table has so many columns that print needs a smaller type."""
    return len(table["c"][2]) > 7
