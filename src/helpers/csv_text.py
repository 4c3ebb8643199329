"""Write data as CSV that a spreadsheet opens as data.

A spreadsheet runs a text that begins like a formula. Such a text gets an apostrophe in front of
it, which spreadsheets take for the sign of a text; numbers, negative ones too, stay numbers.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# A sign before an amount, such as in "-£1.43m", is no formula: it calls nothing.
FORMULA = re.compile(r"\s*(?:[=@\uff1d\uff20]|[-+\uff0b\uff0d].*[(!|\[])", re.DOTALL)


def csv_text(data: "pd.DataFrame") -> str:
    """Return a data frame as CSV, unformatted, numbers with ten significant digits.

    Parameters
    ----------
    data : pandas.DataFrame
        The rows; its index is left out.
    """
    safe = data.copy(deep=False)
    for place, dtype in enumerate(data.dtypes):
        if dtype.kind in "biufM":
            continue
        column = data.iloc[:, place]
        if any(map(_is_unsafe, column.tolist())):
            safe.isetitem(place, column.astype("object").map(as_data))
    return safe.to_csv(index=False, lineterminator="\n", float_format="%.10g")


def as_data(value: Any) -> Any:
    """Return a cell so that no spreadsheet runs it, nor takes a part of it for a row."""
    if not isinstance(value, str):
        return value
    # pandas puts no quotation marks around a carriage return, which ends a row.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if FORMULA.match(text) else text


def _is_unsafe(value: Any) -> bool:
    return isinstance(value, str) and ("\r" in value or FORMULA.match(value) is not None)
