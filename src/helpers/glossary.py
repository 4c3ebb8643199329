"""The terms that the sources use, as a list of definitions with an address each."""

from typing import TYPE_CHECKING

from helpers import evidence
from helpers.markdown import escaped
from helpers.prose import sentence_case

if TYPE_CHECKING:
    import pandas as pd


def terms() -> "pd.DataFrame":
    """Return the terms in alphabetical order.

    Returns
    -------
    pandas.DataFrame
        As the resource ``glossary`` describes it.
    """
    frame = evidence.load("glossary")
    return frame.sort_values("title", key=lambda titles: titles.str.lower()).reset_index(drop=True)


def definitions() -> str:
    """Return the terms as a Markdown definition list; each has the address ``term-<slug>``."""
    entries = []
    for row in terms().itertuples():
        meaning = row.meaning
        if row.expansion == row.expansion and row.expansion:
            meaning = f"{sentence_case(row.expansion)}. {meaning}"
        entries.append(f"[{escaped(row.title)}]{{#term-{row.term}}}\n:   {escaped(meaning)}\n")
    return "\n".join(entries)
