"""Lists of what is past and what falls due, a priority after the other, as Markdown."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers import evidence, prose
from helpers.markdown import escaped
from helpers.promises.calendar import AIM, TARGET

if TYPE_CHECKING:
    import pandas as pd

NOUNS = {AIM: "aim", TARGET: "measured target"}


def due_list(entries: "pd.DataFrame", taken_up: Mapping[int, int], place: str) -> str:
    """Write what falls due, with the outcomes of each aim and the level of each target.

    Parameters
    ----------
    entries : pandas.DataFrame
        Rows of `calendar.entries`.
    taken_up : mapping
        Priority to the number of items of a borough's plan that touch it; empty for none.
    place : str
        Name of that borough.

    Returns
    -------
    str
        A paragraph and a list a priority; empty if there are no rows.
    """
    lines = []
    for number, title, rows in _groups(entries):
        lines += [f"**{escaped(title)}**{_reference(number, taken_up, place)}:", ""]
        lines += [
            f"- **{escaped(row.title)}** ({NOUNS[row.kind]}, {escaped(row.printed)}): "
            f"{escaped(row.outcomes)}"
            for row in rows.itertuples(index=False)
        ]
        lines.append("")
    return "\n".join(lines)


def past_folds(entries: "pd.DataFrame", taken_up: Mapping[int, int], place: str) -> str:
    """Write what is past its date, a fold a priority; parameters as of `due_list`."""
    lines = []
    for number, title, rows in _groups(entries):
        counts = rows["kind"].value_counts()
        said = prose.listed(
            [prose.count(int(counts[kind]), noun) for kind, noun in NOUNS.items() if kind in counts]
        )
        lines += [
            f'::: {{.callout-note collapse="true" title="{title}: {said}"}}',
            f"The chapter of this priority{_reference(number, taken_up, place)} has more on them.",
            "",
        ]
        same = rows.groupby(["kind", "title", "printed"], sort=False).size()
        for (kind, name, printed), times in same.items():
            rest = f", {prose.count(int(times))} rows" if times > 1 else ""
            lines.append(f"- {escaped(name)} ({NOUNS[kind]}, {escaped(printed)}{rest})")
        lines += [":::", ""]
    return "\n".join(lines)


def _groups(entries: "pd.DataFrame") -> "list[tuple[int, str, pd.DataFrame]]":
    titles = {row["priority"]: row["short_title"] for row in evidence.rows("priorities")}
    return [(number, titles[number], rows) for number, rows in entries.groupby("priority")]


def _reference(number: int, taken_up: Mapping[int, int], place: str) -> str:
    items = taken_up.get(number)
    noted = f"; {escaped(place)}: {prose.count(items, 'item')} of its plan" if items else ""
    return f" (@sec-trajectory-{number}{noted})"
