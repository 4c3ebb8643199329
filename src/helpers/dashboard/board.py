"""The whole board: every tile of the dashboard on a day, and how many are filled."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from helpers.dashboard.asked import competency_tiles, own_indicators, productivity
from helpers.dashboard.icons import both_icons
from helpers.dashboard.observed import plan_indicators, providers
from helpers.dashboard.tile import EXTENTS, SECTIONS

if TYPE_CHECKING:
    import pandas as pd


def tiles(as_of: date) -> "pd.DataFrame":
    """Return the tiles of the dashboard.

    Parameters
    ----------
    as_of : datetime.date
        The day that it is drawn up for; what is dated later is left out.

    Returns
    -------
    pandas.DataFrame
        One row a tile, columns as of `Tile` with ``section_title`` and ``icons`` (both icons
        in one text); sections in their order.
    """
    import pandas as pd

    found = [
        *providers(as_of),
        *own_indicators(),
        *competency_tiles(as_of),
        *productivity(),
        *plan_indicators(as_of),
    ]
    frame = pd.DataFrame([asdict(tile) for tile in found])
    return frame.assign(
        section_title=frame["section"].map(SECTIONS),
        icons=[
            both_icons(*pair) for pair in zip(frame["variation"], frame["assurance"], strict=True)
        ],
        dated=pd.to_datetime(frame["dated"]),
        priority=frame["priority"].astype("Int64"),
    )


def section_counts(board: "pd.DataFrame") -> "pd.DataFrame":
    """Count the tiles of each section by what is held.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles`.

    Returns
    -------
    pandas.DataFrame
        A row a section: ``section``, ``section_title``, a column for each of `EXTENTS`, and
        ``tiles``.
    """
    counts = (
        board.groupby(["section", "holding"])
        .size()
        .unstack(fill_value=0)
        .reindex(index=list(SECTIONS), columns=list(EXTENTS), fill_value=0)
    )
    return counts.assign(tiles=counts.sum(axis=1), section_title=SECTIONS).reset_index()
