"""Words that each step uses to say where a problem is and what was expected."""

import re
from collections import Counter
from collections.abc import Iterable

from helpers import cell_types

DESCRIPTOR = "data/datapackage.yaml"
# A byte that is not UTF-8, as the error handler surrogateescape keeps it.
STRAY_BYTE = re.compile("[\udc80-\udcff]")
PLAIN_YEAR = re.compile("[0-9]{4}")
SHOWN = 80


def expected_of_type(text: str, kind: str) -> str:
    """Return what a text should have been, or nothing if it is empty or of the type.

    Parameters
    ----------
    text : str
        The cell, or a limit as it would stand in a cell.
    kind : str
        Type of the column, one that the helpers read.
    """
    cast, expectation = cell_types.CASTS[kind]
    # Table Schema knows years of four digits only; the helpers take any whole number.
    if text and kind == "year" and not PLAIN_YEAR.fullmatch(text):
        return expectation
    try:
        if text:
            cast(text)
    except ValueError:
        return expectation
    return ""


def limit_text(limit: object) -> str:
    """Return a limit of the descriptor as it would stand in a cell.

    Parameters
    ----------
    limit : object
        As YAML reads it: yes and no are true and false, and a year is a number.
    """
    return str(limit).lower() if isinstance(limit, bool) else str(limit)


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that stand more than once, each of them once."""
    return [name for name, times in Counter(names).items() if times > 1]


def quoted(value: object) -> str:
    """Return a value in quotation marks, cut if it is long."""
    text = str(value)
    return f"'{text if len(text) <= SHOWN else text[:SHOWN] + '…'}'"
