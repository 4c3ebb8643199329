"""What the dashboard says at a glance, in sentences that hold on any day."""

from datetime import date
from typing import TYPE_CHECKING

from helpers import measures, prose
from helpers.dashboard.icons import ASSURANCE, VARIATION
from helpers.dashboard.tile import HIGHER, NOTHING, PROVIDERS, SERIES, in_words
from helpers.markdown import escaped
from helpers.process_control import Assurance, Variation

if TYPE_CHECKING:
    import pandas as pd

MONTHS_A_YEAR = 12
VERBS = {
    Assurance.FAILS: ("consistently falls short", "consistently fall short"),
    Assurance.HIT_AND_MISS: ("hits and misses", "hit and miss"),
    Assurance.PASSES: ("consistently passes", "consistently pass"),
}


def overview(board: "pd.DataFrame") -> str:
    """Say how many tiles have what; fit for a figure's title.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles`.
    """
    filled = int((board["holding"] == SERIES).sum())
    empty = int((board["holding"] == NOTHING).sum())
    return (
        f"{prose.sentence_case(prose.out_of(filled, len(board)))} tiles "
        f"{'has' if filled == 1 else 'have'} a series; "
        f"{prose.count(empty) if empty else 'none'} {'has' if empty == 1 else 'have'} no data"
    )


def newest(board: "pd.DataFrame", as_of: date) -> str:
    """Say of when the newest value is, and how old that is; a whole sentence.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles`.
    as_of : datetime.date
        The day of the dashboard.
    """
    dated = board[(board["holding"] == SERIES) & board["dated"].notna()]
    if dated.empty:
        return f"No series held has a value of {as_of.day} {as_of:%B %Y} or before."
    last = dated["dated"].max().date()
    months = (as_of.year - last.year) * MONTHS_A_YEAR + as_of.month - last.month
    age = (
        "the month of this page"
        if not months
        else f"{prose.count(months, 'month')} before the month of this page"
    )
    return f"The newest value held is of {in_words(last)}, {age}."


def assured(board: "pd.DataFrame") -> str:
    """Say what the control charts of the trusts assure; a whole sentence.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles`.
    """
    words = of_trusts(board)["assurance"]
    judged = {reading: int(words.str.endswith(ASSURANCE[reading]).sum()) for reading in VERBS}
    total = sum(judged.values())
    if not total:
        return "No trust's series has enough points yet to be compared with a standard."
    parts = [
        f"{'it' if total == 1 else prose.count(number)} {VERBS[reading][number != 1]}"
        for reading, number in judged.items()
        if number
    ]
    return (
        f"{prose.sentence_case(prose.count(total))} series of trusts "
        f"{'has' if total == 1 else 'have'} enough points to be judged against a standard: "
        f"{prose.listed(parts)}."
    )


def varied(board: "pd.DataFrame") -> str:
    """Say how many trusts' series show a special cause at their last point; a whole sentence.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles`.
    """
    words = of_trusts(board)["variation"]
    charted = words[~words.str.startswith(VARIATION[Variation.TOO_FEW][1])]
    if charted.empty:
        return "Whether any of them has changed cannot be told yet."
    special = charted[~charted.str.endswith(VARIATION[Variation.COMMON][1])]
    if special.empty:
        return "None of them shows a change that is more than common cause variation."
    one = len(special) == 1
    return (
        f"{prose.sentence_case(prose.count(len(special)))} "
        f"{'shows' if one else 'show'} a special cause at the last point."
    )


def against_target(board: "pd.DataFrame") -> str:
    """Say how many of the latest values of trusts meet their standard; no full stop.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles` with a value and a target each; what is not of a trust is not counted.
    """
    board = of_trusts(board)
    upward = board["better"] == HIGHER
    enough = (board["value"] >= board["aim"]) & upward
    few_enough = (board["value"] <= board["aim"]) & ~upward
    met = int((enough | few_enough).sum())
    return (
        f"{prose.sentence_case(prose.out_of(met, len(board)))} latest values of trusts "
        f"{'meets' if met == 1 else 'meet'} the national standard"
    )


def terms(board: "pd.DataFrame") -> str:
    """Say what the tiles of one measure have in common: target, direction and owner.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles`, of one measure.
    """
    first = board.iloc[0]
    return f"Standard: {first['target']}. {first['better']}. Owner: {first['owner']}."


def remarks(board: "pd.DataFrame") -> str:
    """Return what a reader should know of some tiles, as a Markdown list.

    Parameters
    ----------
    board : pandas.DataFrame
        Rows of `tiles`. A remark that is not on all of them names those that it is on.
    """
    places: dict[str, list[str]] = {}
    for row in board.itertuples():
        for note in row.notes:
            places.setdefault(note, []).append(row.place)
    return "\n".join(
        f"- {escaped(note if len(found) == len(board) else f'{prose.listed(found)}: {note}')}"
        for note, found in places.items()
    )


def of_trusts(board: "pd.DataFrame") -> "pd.DataFrame":
    """Keep the tiles of hospital trusts' series."""
    trusts = measures.organisations(measures.TRUST).values()
    return board[
        (board["section"] == PROVIDERS)
        & (board["holding"] == SERIES)
        & board["area"].isin(list(trusts))
    ]
