"""What the plan of 2024 holds for a borough: the activities of its partnership."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from helpers import areas, evidence, prose
from helpers.markdown import escaped

if TYPE_CHECKING:
    import pandas as pd

COMMON, LOCAL = "common", "local"
ACTIVITY, AIM = "activity", "priority"  # kinds of items, as the evidence calls them
NAMED, IMPLIED = "named", "implied"
UNMARKED, UNDATED = "No mark", "no date"


@dataclass(frozen=True)
class Partnership:
    """A borough-based partnership.

    Attributes
    ----------
    slug, title : str
        Its key and its name.
    members : tuple of str
        Boroughs that plan together in it.
    """

    slug: str
    title: str
    members: tuple[str, ...]

    @property
    def is_shared(self) -> bool:
        """Whether several boroughs share its plan."""
        return len(self.members) > 1


@cache
def partnerships() -> tuple[Partnership, ...]:
    """Return the partnerships that have a plan, in the order of their first boroughs."""
    members: dict[str, list[str]] = {}
    of_borough = {row["area"]: row["partnership"] for row in evidence.rows("partnership-boroughs")}
    for area in areas.boroughs():
        if area in of_borough:
            members.setdefault(of_borough[area], []).append(area)
    titles = {row["partnership"]: row["title"] for row in evidence.rows("partnerships")}
    planned = {slug for slug, *_ in _marks()}
    return tuple(
        Partnership(slug, titles[slug], tuple(found))
        for slug, found in members.items()
        if slug in planned
    )


def partnership_of(area: str) -> Partnership | None:
    """Return the partnership that a borough plans in, or None where no plan is held."""
    return by_borough().get(area)


@cache
def by_borough() -> dict[str, Partnership]:
    """Return the partnership that each borough plans in, where a plan is held."""
    return {area: each for each in partnerships() for area in each.members}


def items(partnership: str) -> "pd.DataFrame":
    """Return what a partnership's plan lists, with the priorities that each item touches.

    Returns
    -------
    pandas.DataFrame
        As the resource ``partnership-priorities`` describes it, in its order, with
        ``priorities`` (numbers, parted by commas; empty where none) and ``reasons``.
    """
    frame = evidence.load("partnership-priorities", partnership=partnership)
    links = _links(partnership)
    numbers = links.dropna(subset="priority").groupby("item_id")["priority"].agg(_numbers)
    reasons = links.groupby("item_id")["reason"].agg("; ".join)
    return frame.sort_values("order").assign(
        priorities=frame["item_id"].map(numbers).fillna(""),
        reasons=frame["item_id"].map(reasons).fillna("Not judged"),
    )


def scopes() -> "pd.DataFrame":
    """Count each partnership's activities by their mark.

    Returns
    -------
    pandas.DataFrame
        Columns ``partnership, title, activities, local, common, both, unmarked, dated`` and
        ``local_share`` (per cent of all activities; one marked as both counts as local), the
        largest share first.
    """
    import pandas as pd

    return (
        pd.DataFrame(_scopes())
        .sort_values("local_share", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


@cache
def _scopes() -> list[dict[str, str | float]]:
    """Return the rows of `scopes`, in the order of the partnerships."""
    activities: dict[str, list[tuple[str, bool, int]]] = {}
    for (slug, kind, scope, printed), times in Counter(_marks()).items():
        if kind == ACTIVITY:
            marks = (scope or "", printed is not None, times)
            activities.setdefault(slug, []).append(marks)
    rows: list[dict[str, str | float]] = []
    for each in partnerships():
        if each.slug not in activities:
            continue
        own = activities[each.slug]
        whole = sum(times for _, _, times in own)
        local = sum(times for scope, _, times in own if LOCAL in scope)
        rows.append(
            {
                "partnership": each.slug,
                "title": each.title,
                "activities": whole,
                "local": local,
                "common": sum(times for scope, _, times in own if scope == COMMON),
                "both": sum(times for scope, _, times in own if LOCAL in scope and COMMON in scope),
                "unmarked": sum(times for scope, _, times in own if not scope),
                "dated": sum(times for _, dated, times in own if dated),
                "local_share": local / whole * 100,
            }
        )
    return rows


def touched(partnership: str) -> "pd.DataFrame":
    """Count the items of a partnership's plan that touch each priority of the whole plan.

    Returns
    -------
    pandas.DataFrame
        One row a priority: ``priority, title, named, implied, links`` (named and implied).
    """
    import pandas as pd

    counts = _bases(partnership)
    rows = []
    for row in evidence.rows("priorities"):
        named, implied = (counts[row["priority"], basis] for basis in (NAMED, IMPLIED))
        rows.append(
            {
                "priority": row["priority"],
                "title": row["short_title"],
                "named": named,
                "implied": implied,
                "links": named + implied,
            }
        )
    return pd.DataFrame(rows)


@cache
def links() -> dict[str, Counter[int]]:
    """Count the items of every partnership's plan that touch a priority.

    Returns
    -------
    dict
        Partnership to the number of items by priority: the ``links`` of `touched`.
    """
    owners = dict(evidence.columns("partnership-priorities", "item_id", "partnership"))
    counts: dict[str, Counter[int]] = {each.slug: Counter() for each in partnerships()}
    for item, priority, basis in evidence.columns(
        "partnership-priority-matrix", "item_id", "priority", "basis"
    ):
        if basis in (NAMED, IMPLIED) and owners.get(item) in counts:
            counts[owners[item]][priority] += 1
    return counts


def unmentioned(partnership: str) -> list[str]:
    """Return the priorities that no item of a partnership's plan touches, as in a sentence."""
    counts = touched(partnership)
    titles = counts.loc[counts["links"] == 0, "title"]
    return [title[:1].lower() + title[1:] for title in titles]


def theme_pages(partnership: str) -> str:
    """Write a partnership's plan as Markdown: a heading, its aims and a table for each theme."""
    themes: dict[str, list[Any]] = {}
    for row in items(partnership).itertuples():
        themes.setdefault(row.theme, []).append(row)
    return "\n".join(_theme_page(theme, rows) for theme, rows in themes.items())


def priority_places(partnership: str) -> "pd.DataFrame":
    """Return the judgements on a partnership's items, as rows of evidence."""
    return _links(partnership)


def _theme_page(theme: str, rows: list[Any]) -> str:
    lines = [f"#### {escaped(theme)} {{.unnumbered}}", ""]
    aims = [row for row in rows if row.kind == AIM]
    activities = [row for row in rows if row.kind == ACTIVITY]
    notes: dict[str, str] = {}
    if aims:
        lines += [f"- Aim: {_aim(row, notes)}" for row in aims]
        lines.append("")
    if activities:
        # The dashes give the columns their widths in print.
        lines += [f"| Activity | Mark, date | Priority |\n|:{'-' * 60}|:{'-' * 22}|:{'-' * 12}|"]
        lines += [
            f"| {_with_note(row, notes)} | {escaped(_mark(row))} | {row.priorities or 'None'} |"
            for row in activities
        ]
        lines.append("")
    if notes:
        said = " ".join(f"^{mark}^ {escaped(note)}" for note, mark in notes.items())
        lines += ["::: {.nwl-notes}", said, ":::", ""]
    return "\n".join(lines)


def _aim(row: Any, notes: dict[str, str]) -> str:
    said = _with_note(row, notes)
    if not row.priorities:
        return said
    return f"{said} ({'priorities' if ',' in row.priorities else 'priority'} {row.priorities})"


def _with_note(row: Any, notes: dict[str, str]) -> str:
    """Write an item, with a raised letter where the evidence has a remark on it."""
    text: str = escaped(row.activity)
    if not isinstance(row.note, str):
        return text
    mark = notes.setdefault(row.note, "abcdefghijklmnopqrstuvwxyz"[len(notes)])
    return f"{text}^{mark}^"


def _mark(row: Any) -> str:
    scope = prose.sentence_case(row.scope) if isinstance(row.scope, str) else UNMARKED
    return f"{scope}, {row.date_printed if isinstance(row.date_printed, str) else UNDATED}"


def _numbers(priorities: "pd.Series") -> str:
    return ", ".join(str(int(number)) for number in sorted(priorities))


def _links(partnership: str) -> "pd.DataFrame":
    """Return the judgements on the items of a partnership's plan."""
    links = evidence.load("partnership-priority-matrix", item_id=_own(partnership))
    return links.assign(partnership=partnership)


@cache
def _marks() -> list[tuple[str, str, str | None, str | None]]:
    """Return of each item of every plan its partnership, kind, mark and date."""
    return evidence.columns(
        "partnership-priorities", "partnership", "kind", "scope", "date_printed"
    )


@cache
def _bases(partnership: str) -> Counter[tuple[int | None, str]]:
    """Count the judgements on the items of a partnership's plan, by priority and basis."""
    return Counter(
        evidence.columns(
            "partnership-priority-matrix", "priority", "basis", item_id=_own(partnership)
        )
    )


def _own(partnership: str) -> list[str]:
    """Return the items of a partnership's plan."""
    found = evidence.columns("partnership-priorities", "item_id", partnership=partnership)
    return [item for (item,) in found]
