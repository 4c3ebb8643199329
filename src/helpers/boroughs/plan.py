"""What the plan of 2024 holds for a borough: the activities of its partnership."""

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
    planned = {row["partnership"] for row in evidence.rows("partnership-priorities")}
    return tuple(
        Partnership(slug, titles[slug], tuple(found))
        for slug, found in members.items()
        if slug in planned
    )


def partnership_of(area: str) -> Partnership | None:
    """Return the partnership that a borough plans in, or None where no plan is held."""
    return next((each for each in partnerships() if area in each.members), None)


def items(partnership: str) -> "pd.DataFrame":
    """Return what a partnership's plan lists, with the priorities that each item touches.

    Returns
    -------
    pandas.DataFrame
        As the resource ``partnership-priorities`` describes it, in its order, with
        ``priorities`` (numbers, parted by commas; empty where none) and ``reasons``.
    """
    frame = evidence.load("partnership-priorities", partnership=partnership)
    links = _links()
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

    activities = evidence.load("partnership-priorities", kind=ACTIVITY)
    rows = []
    for each in partnerships():
        own = activities[activities["partnership"] == each.slug]
        if own.empty:
            continue
        marks = own["scope"].fillna("")
        local = marks.str.contains(LOCAL)
        rows.append(
            {
                "partnership": each.slug,
                "title": each.title,
                "activities": len(own),
                "local": int(local.sum()),
                "common": int((marks == COMMON).sum()),
                "both": int((local & marks.str.contains(COMMON)).sum()),
                "unmarked": int((marks == "").sum()),
                "dated": int(own["date_printed"].notna().sum()),
                "local_share": local.mean() * 100,
            }
        )
    return (
        pd.DataFrame(rows)
        .sort_values("local_share", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


def touched(partnership: str) -> "pd.DataFrame":
    """Count the items of a partnership's plan that touch each priority of the whole plan.

    Returns
    -------
    pandas.DataFrame
        One row a priority: ``priority, title, named, implied, links`` (named and implied).
    """
    import pandas as pd

    links = _links()
    own = links[links["partnership"] == partnership]
    rows = []
    for row in evidence.rows("priorities"):
        bases = own.loc[own["priority"] == row["priority"], "basis"]
        named, implied = int((bases == NAMED).sum()), int((bases == IMPLIED).sum())
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


def unmentioned(partnership: str) -> list[str]:
    """Return the priorities that no item of a partnership's plan touches, as in a sentence."""
    counts = touched(partnership)
    titles = counts.loc[counts["links"] == 0, "title"]
    return [title[:1].lower() + title[1:] for title in titles]


def theme_pages(partnership: str) -> str:
    """Write a partnership's plan as Markdown: a heading, its aims and a table for each theme."""
    frame = items(partnership)
    return "\n".join(
        _theme_page(theme, group) for theme, group in frame.groupby("theme", sort=False)
    )


def priority_places(partnership: str) -> "pd.DataFrame":
    """Return the judgements on a partnership's items, as rows of evidence."""
    links = _links()
    return links[links["partnership"] == partnership]


def _theme_page(theme: str, group: "pd.DataFrame") -> str:
    lines = [f"#### {escaped(theme)} {{.unnumbered}}", ""]
    aims, activities = group[group["kind"] == AIM], group[group["kind"] == ACTIVITY]
    notes: dict[str, str] = {}
    if len(aims):
        lines += [f"- Aim: {_aim(row, notes)}" for row in aims.itertuples()]
        lines.append("")
    if len(activities):
        # The dashes give the columns their widths in print.
        lines += [f"| Activity | Mark, date | Priority |\n|:{'-' * 60}|:{'-' * 22}|:{'-' * 12}|"]
        lines += [
            f"| {_with_note(row, notes)} | {escaped(_mark(row))} | {row.priorities or 'None'} |"
            for row in activities.itertuples()
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


def _links() -> "pd.DataFrame":
    owners = {row["item_id"]: row["partnership"] for row in evidence.rows("partnership-priorities")}
    links = evidence.load("partnership-priority-matrix")
    return links.assign(partnership=links["item_id"].map(owners))
