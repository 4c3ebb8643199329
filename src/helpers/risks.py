"""The risks of 2009: their mitigations, and what in this book bears on each."""

from typing import TYPE_CHECKING

from helpers import evidence
from helpers.errors import EvidenceError
from helpers.markdown import escaped

if TYPE_CHECKING:
    import pandas as pd

NOTHING_BEARS = "Nothing in this book bears on it."
RELATIONS = {"weighs": "Makes the risk weightier", "informs": "Describes, eases or prices it"}
# Heads of the columns of a chart, with the labels of the chapters and sections in each.
SHOWN_IN = {
    "Case for\nchange": ("sec-case-for-change",),
    "Trusts to\none board": ("sec-collaboration",),
    "Who does\nwhat": ("sec-responsibilities",),
    "Money and\nbenefits": (
        "sec-benefits-model",
        "sec-benefits-robustness",
        "sec-benefits-fairness",
    ),
    "This\nchapter": ("sec-register", "sec-success", "sec-risks"),
}


def risks() -> "pd.DataFrame":
    """Return the risks with their mitigations and what in this book bears on each.

    Returns
    -------
    pandas.DataFrame
        As the resource ``risks`` describes it, with ``mitigations`` (how many are printed)
        and the number of bearings of each kind: ``weighs, informs``.
    """
    frame = evidence.load("risks")
    bearings = evidence.load("risk-bearings")
    numbers = {"mitigations": evidence.load("risk-mitigations")["risk"].value_counts()} | {
        relation: bearings[bearings["relation"] == relation]["risk"].value_counts()
        for relation in RELATIONS
    }
    return frame.assign(
        **{
            name: frame["risk"].map(counts).fillna(0).astype(int)
            for name, counts in numbers.items()
        }
    )


def marks() -> tuple[list[str], list[str], list[list[str | None]]]:
    """Return the matrix of risks and the parts of this book as names, heads and marks.

    Returns
    -------
    tuple
        Titles of the risks, heads of the columns, and for each risk the kind of bearing of
        each part of the book, or None. Where a part has both kinds, the weightier counts.

    Raises
    ------
    EvidenceError
        If a bearing names a section that no column stands for.
    """
    column = {label: head for head, labels in SHOWN_IN.items() for label in labels}
    found: dict[tuple[str, str], str] = {}
    for row in evidence.rows("risk-bearings"):
        if row["section"] not in column:
            raise EvidenceError(
                f"risk-bearings: column 'section': '{row['section']}': "
                f"expected one of {', '.join(column)}"
            )
        place = row["risk"], column[row["section"]]
        if found.get(place) != "weighs":
            found[place] = row["relation"]
    rows = evidence.rows("risks")
    drawn = [[found.get((row["risk"], head)) for head in SHOWN_IN] for row in rows]
    return [row["title"] for row in rows], list(SHOWN_IN), drawn


def bearings_in_words(perspective: str) -> str:
    """Write what the book shows on each risk as a Markdown list, with references.

    Parameters
    ----------
    perspective : str
        ``pcts`` (as the trusts saw it) or ``creation`` (to setting the Partnership up).

    Raises
    ------
    EvidenceError
        If no risk is seen so.
    """
    found: dict[str, list[str]] = {}
    for row in evidence.rows("risk-bearings"):
        sentence = f"{escaped(row['statement'])} (@{row['section']})."
        found.setdefault(row["risk"], []).append(sentence)
    items = [
        f"- **{escaped(row['title'])}.** {' '.join(found.get(row['risk'], [NOTHING_BEARS]))}"
        for row in evidence.rows("risks")
        if row["perspective"] == perspective
    ]
    if not items:
        raise EvidenceError(f"risks: no perspective '{perspective}': expected pcts or creation")
    return "\n".join(items)
