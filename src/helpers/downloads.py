"""Offer a whole table of the book's data under a fixed name."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from IPython.display import publish_display_data

from helpers.csv_text import csv_text
from helpers.errors import ExhibitError
from helpers.sources import places_of, source_line
from helpers.tables import BUNDLE, required

if TYPE_CHECKING:
    import pandas as pd

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def offer_download(
    data: "pd.DataFrame", *, name: str, title: str, sources: "Sequence[pd.DataFrame]"
) -> None:
    """Publish a data frame as ``data/<name>.csv`` of the book, with a link to it.

    Parameters
    ----------
    data : pandas.DataFrame
        The rows, one observation each.
    name : str
        File name without ending; a fixed address that others rely on.
    title : str
        What the link says after "Download".
    sources : sequence of pandas.DataFrame
        The rows of evidence that the data rests on.

    Raises
    ------
    ExhibitError
        If the name cannot be an address, or there is no title or no row.
    """
    if not NAME.fullmatch(name):
        raise ExhibitError(f"download '{name}': expected lower-case words joined by hyphens")
    required(name, "title", title)
    if data.empty:
        raise ExhibitError(f"{name}: needs at least one row")
    publish_display_data(
        {"text/plain": f"{title}: {len(data)} rows"},
        metadata={
            BUNDLE: {
                "kind": "download",
                "label": name,
                "title": title,
                "csv": csv_text(data),
                "source": source_line(sources),
                "places": places_of(sources),
            }
        },
    )
