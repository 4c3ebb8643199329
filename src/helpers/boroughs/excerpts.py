"""Parts of long rankings: what a chapter on one borough draws where there are very many."""

from typing import TYPE_CHECKING

from helpers import prose

if TYPE_CHECKING:
    import pandas as pd

# Rows of a chart that a reader still looks through: all of London's boroughs. So many of them are
# kept for each end.
MOST, END = 33, 3


def around(ranked: "pd.DataFrame", column: str, value: str) -> "pd.DataFrame":
    """Return the part of a ranking around one row, with both ends of the whole.

    Parameters
    ----------
    ranked : pandas.DataFrame
        A ranking.
    column : str
        The column that names the rows.
    value : str
        The row that it is about.

    Returns
    -------
    pandas.DataFrame
        The same if it has at most `MOST` rows; else so many: the first and the last `END`, and
        the rows around the one it is about.
    """
    whole = len(ranked)
    if whole <= MOST:
        return ranked
    own = list(ranked[column]).index(value)
    middle = MOST - 2 * END
    start = min(max(END, own - middle // 2), whole - END - middle)
    rows = [*range(END), *range(start, start + middle), *range(whole - END, whole)]
    return ranked.iloc[rows].reset_index(drop=True)


def words(drawn: int, whole: int, place: str) -> str:
    """Say of which rows a part of a ranking is made, as the end of a sentence; empty of all."""
    if drawn == whole:
        return ""
    ends = prose.count(END)
    return f"; the first {ends}, the last {ends} and those around {place}, of {prose.count(whole)}"
