"""Lists of a priority's chapter, as Markdown: actions by year, hands, and what to watch."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from helpers import areas, evidence, prose
from helpers.boroughs import plan
from helpers.markdown import escaped
from helpers.trajectories.spans import year_name, years
from helpers.trajectories.status import Status, status
from helpers.trajectories.watch import aims, due_soon, late_actions, unfunded

if TYPE_CHECKING:
    import pandas as pd

    from helpers.trajectories.indicators import Indicator

NOBODY = "Nobody named"
NOTHING = "Nothing named"


def plan_year_name(number: int, is_open: bool) -> str:
    """Write a year of the plan, or the years from it on: ``2026/27 and after``."""
    is_last = number == years()
    return f"{year_name(number)}{' and after' if is_open and not is_last else ''}"


def actions_page(priority: int) -> str:
    """Write a priority's actions: a heading a year of the plan, then by aim, or by group."""
    frame = evidence.load("priority-actions", priority=priority)
    # Once for all: pandas makes a type of its own each time.
    actions = {row.Index: row for row in frame.itertuples()}
    lines = []
    for (number, is_open), group in frame.groupby(["plan_year", "open_ended"], sort=True):
        lines += [f"### {escaped(plan_year_name(number, is_open))} {{.unnumbered}}", ""]
        for aim, rows in group.groupby(group["aim"].fillna(group["group"]), sort=False):
            lines += [f"**{escaped(aim)}**", ""]
            lines += [f"- {_action(actions[place])}" for place in rows.index]
            lines.append("")
    return "\n".join(lines)


def hands(priority: int) -> "pd.DataFrame":
    """Return who owns each aim of a priority, and what it depends on.

    Returns
    -------
    pandas.DataFrame
        One row an aim, in printed order: ``title, owners, needs, source_id, locator``. A cell
        of the plan that spans several aims counts for each of them.
    """
    import pandas as pd

    rows = pd.DataFrame(aims(priority))
    titles = {row["body"]: row["title"] for row in evidence.rows("bodies")}
    owners = _covering("aim-owners", priority)
    needs = _covering("aim-dependencies", priority)
    return rows.assign(
        owners=[_bodies(owners.get(aim, []), titles, NOBODY) for aim in rows["aim_id"]],
        needs=[_bodies(needs.get(aim, []), titles, NOTHING) for aim in rows["aim_id"]],
    )


def watch_page(priority: int, indicators: "Iterable[Indicator]", as_of: date) -> str:
    """Write what to watch from a day on: due, unobserved, too late, without money."""
    soon = due_soon(priority, as_of)
    lines = [f"**Due in the twelve months from {_day(as_of)}.**", ""]
    lines += [f"- {escaped(each.title)} ({escaped(each.printed)})" for each in soon] or [
        "No aim falls due."
    ]
    unseen = [each for each in indicators if status(each, as_of) is Status.PAST]
    lines += ["", "**Past their date, and nothing observed.**", ""]
    lines += [
        f"- {escaped(each.title)}: was due by {_day(each.due)}" for each in unseen if each.due
    ] or ["No indicator."]
    late = late_actions(priority)
    lines += ["", "**Planned for after the target that they serve.**", ""]
    lines += [
        f"- {escaped(each.action)}: begins in {escaped(year_name(each.plan_year))}, "
        f"while the aim falls due by {_day(each.due)} ({escaped(each.aim)})"
        for each in late
    ] or ["No action."]
    lines += ["", "**Waiting for money that is not secured.**", ""]
    lines += [
        f"- {escaped(row['action'])} ({escaped(year_name(row['plan_year']))}): "
        f"{escaped(row['funding_condition'])} ({escaped(row['locator'])})"
        for row in unfunded(priority)
    ] or ["No action says so."]
    return "\n".join(lines)


def boroughs_page(priority: int, borough: str) -> str:
    """Write what the boroughs plan under a priority: one borough's items, or how many each has."""
    title = evidence.value("priorities", "short_title", priority=priority)
    name = title[:1].lower() + title[1:]
    if borough == areas.SECTOR:
        return _all_boroughs(priority, name)
    partnership = plan.partnership_of(borough)
    place = areas.name(borough)
    if partnership is None:
        return f"No plan of a partnership is held for {escaped(place)}."
    members = prose.listed([areas.name(each) for each in partnership.members])
    together = f" {escaped(members)} plan together" if partnership.is_shared else ""
    frame = plan.items(partnership.slug)
    frame = frame[[str(priority) in numbers.split(", ") for numbers in frame["priorities"]]]
    if frame.empty:
        return (
            f"The plan of {escaped(partnership.title)} has no item that touches "
            f"{escaped(name)}.{together}{'.' if together else ''}"
        )
    whom = "both" if len(partnership.members) == 2 else "all of them"
    shared = f"{together}, so what follows is for {whom}." if together else ""
    lines = [
        f"{prose.sentence_case(prose.count(len(frame), 'item'))} of the plan of "
        f"{escaped(partnership.title)} {'touches' if len(frame) == 1 else 'touch'} "
        f"{escaped(name)}.{shared}",
        "",
    ]
    for theme, group in frame.groupby("theme", sort=False):
        items = "; ".join(_item(row) for row in group.itertuples())
        lines.append(f"- **{escaped(theme)}:** {items}.")
    return "\n".join(lines)


def _all_boroughs(priority: int, name: str) -> str:
    counted = [(each.title, plan.links()[each.slug][priority]) for each in plan.partnerships()]
    named = sorted((pair for pair in counted if pair[1]), key=lambda pair: -pair[1])
    silent = [title for title, links in counted if not links]
    if not named:
        return f"No plan of a borough's partnership has an item that touches {escaped(name)}."
    said = prose.listed([f"{title} ({links})" for title, links in named])
    rest = f" No item of {prose.listed(silent)} does." if silent else ""
    return escaped(
        f"Items of the boroughs' own plans that touch {name}, by partnership: {said}.{rest}"
    )


def _item(row: Any) -> str:
    printed = f" ({row.date_printed})" if isinstance(row.date_printed, str) else ""
    return escaped(f"{row.activity}{printed}")


def _action(row: Any) -> str:
    condition = row.funding_condition
    money = f" ({condition[:1].lower() + condition[1:]})" if isinstance(condition, str) else ""
    return escaped(f"{row.action}{money}")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _covering(resource: str, priority: int) -> dict[str, list[str]]:
    """Return the bodies that each aim's cells name, a cell counting for all aims it spans."""
    order = {
        row["aim_id"]: row["order"]
        for row in evidence.rows("priority-aims")
        if row["priority"] == priority
    }
    found: dict[str, list[str]] = {}
    for row in evidence.rows(resource):
        if row["priority"] != priority or row["body"] is None:
            continue
        for aim, place in order.items():
            if order[row["aim_id"]] <= place <= order[row["last_aim_id"]]:
                found.setdefault(aim, []).append(row["body"])
    return found


def _bodies(slugs: list[str], titles: dict[str, str], nobody: str) -> str:
    return "; ".join(dict.fromkeys(titles[slug] for slug in slugs)) or nobody
