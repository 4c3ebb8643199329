"""Say where figures come from, in the words that a reader can follow."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from helpers import evidence
from helpers.errors import ExhibitError

if TYPE_CHECKING:
    import pandas as pd

# The form of a key of the table of sources; what an analyst writes in words stands for itself.
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MANY = 3
# Past so many parts of one document a list helps nobody.
MANY_PARTS = 8


def source_line(frames: "Iterable[pd.DataFrame]") -> str:
    """Name the documents, and the places in them, that rows come from.

    Parameters
    ----------
    frames : iterable of pandas.DataFrame
        Rows of evidence, each with the columns ``source_id`` and ``locator``.

    Returns
    -------
    str
        Such as "Commissioning Partnership business case (2009), Table 10; Appendix D".

    Raises
    ------
    ExhibitError
        If no row carries a source, or a source is not one of the evidence's.
    """
    places = places_of(frames)
    titles = {row["source_id"]: row["short_title"] for row in evidence.rows("sources")}
    unknown = [each for each in places if each not in titles and KEY.fullmatch(each)]
    if unknown:
        raise ExhibitError(f"no source '{unknown[0]}': expected one of {', '.join(titles)}")
    return ". ".join(
        f"{titles.get(source_id, source_id)}, {'; '.join(_condensed(locators))}"
        for source_id, locators in places.items()
    )


def places_of(frames: "Iterable[pd.DataFrame]") -> dict[str, list[str]]:
    """Return the places that rows come from: each source with its locators, in their order.

    Parameters
    ----------
    frames : iterable of pandas.DataFrame
        Rows of evidence, each with the columns ``source_id`` and ``locator``.

    Raises
    ------
    ExhibitError
        If no row carries a source.
    """
    places: dict[str, dict[str, None]] = {}
    for frame in frames:
        if not {"source_id", "locator"} <= set(frame.columns):
            raise ExhibitError("the rows of a source need the columns source_id and locator")
        for source_id, locator in zip(frame["source_id"], frame["locator"], strict=True):
            places.setdefault(source_id, {})[locator] = None
    if not places:
        raise ExhibitError("a figure or table needs at least one row with its source")
    return {source_id: list(locators) for source_id, locators in places.items()}


def _condensed(locators: list[str]) -> list[str]:
    """Fold places that share their first part, such as one appendix's eight pages."""
    heads: dict[str, list[str]] = {}
    for locator in locators:
        head, _, tail = locator.partition(", ")
        heads.setdefault(head, []).append(tail)
    if len(heads) > MANY_PARTS:
        return [f"{len(locators)} places"]
    return [
        f"{head} ({len(tails)} places)"
        if len(tails) > MANY
        else f"{head}, {' and '.join(tails)}"
        if all(tails)
        else head
        for head, tails in heads.items()
    ]
