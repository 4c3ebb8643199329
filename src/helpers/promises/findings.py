"""What the priorities show side by side, in sentences that stay true whatever the day.

Each returns a title of at most 15 words without a full stop, unless it says otherwise.
"""

from datetime import date
from typing import TYPE_CHECKING

from helpers import areas, evidence, prose
from helpers.boroughs import plan
from helpers.figures import fitting
from helpers.promises.calendar import LATER, NEXT, PAST, year_columns
from helpers.promises.order import AFTER_AIM
from helpers.promises.testable import CRITERIA

if TYPE_CHECKING:
    import pandas as pd

SEVERAL = 2


def day(as_of: date) -> str:
    """Write a day: ``22 November 2026``."""
    return f"{as_of.day} {as_of:%B %Y}"


def busiest_year(counts: "pd.DataFrame") -> str:
    """Say in which year most aims fall due, from `calendar.by_year`."""
    years = counts[year_columns()[:-2]].sum()
    most = list(years[years == years.max()].index)
    if len(most) > SEVERAL:
        return f"No year stands out: {prose.count(len(most))} have {years.max()} aims due each"
    if len(most) == SEVERAL:
        return f"Most aims fall due in {prose.listed(most)}, {years.max()} in each"
    return f"{years.max()} of {years.sum()} dated aims fall due in {most[0]}, most of any year"


def early_actions(actions: "pd.DataFrame") -> str:
    """Say how many actions are to begin before the last column of years, from `order.actions`."""
    columns = actions["column"].cat.categories
    early = int((actions["column"] != columns[-1]).sum())
    named = prose.listed([str(column) for column in columns[:-1]])
    verb = "is" if early == 1 else "are"
    return f"{early} of {len(actions)} actions {verb} scheduled for {named}"


def heaviest(peaks: "pd.DataFrame") -> str:
    """Say which body carries most aims due in one year, from `load.peaks`."""
    aims = prose.count(int(peaks["aims"].iloc[0]), "aim")
    years = list(dict.fromkeys(peaks["year"]))
    when = years[0] if len(years) == 1 else "one year"
    if len(peaks) > 1:
        bodies = prose.sentence_case(prose.count(len(peaks), "body", "bodies"))
        return f"{bodies} have {aims} each due in {when}, more than any other"
    named = f"Most in one year: {peaks['title'].iloc[0]}, {aims} due in {when}"
    return fitting(named, f"One body has {aims} due in {when}, more than any other")


def standing(states: "pd.DataFrame") -> str:
    """Say how many dates have passed and how many fall due, from `calendar.by_state`."""
    past, soon, later = (int(states[state].sum()) for state in (PAST, NEXT, LATER))
    dates = past + soon + later
    if past == dates:
        return f"All {dates} dates have passed"
    falls = "falls" if soon == 1 else "fall"
    if not past:
        return f"No date has passed; {soon or 'none'} of {dates} {falls} due within a year"
    verb = "has" if past == 1 else "have"
    return f"{past} of {dates} dates {verb} passed; {soon or 'none'} more {falls} due within a year"


def tested(funnel: "pd.DataFrame") -> str:
    """Say how many promises have all that a test takes, from `testable.funnel`."""
    whole, left = int(funnel["left"].iloc[0]), int(funnel["left"].iloc[-1])
    verb = "has" if left <= 1 else "have"
    these = prose.listed([title.lower() for title in CRITERIA.values()])
    return f"{left if left else 'None'} of {whole} promises {verb} {these}"


def too_late(comparable: "pd.DataFrame") -> str:
    """Say how many actions begin after their aim was due, from `order.comparable`."""
    late = int((comparable["lateness"] == AFTER_AIM).sum())
    verb, its = ("is", "its aim's") if late <= 1 else ("are", "their aim's")
    return (
        f"{late or 'None'} of {len(comparable)} actions {verb} scheduled for a year after "
        f"{its} last date"
    )


def taken_up(borough: str) -> dict[int, int]:
    """Return how many items of the plan of a borough's partnership touch each priority.

    Returns
    -------
    dict
        Number of the priority to the number of items; empty for the whole sector, and where
        no plan is held.
    """
    partnership = None if borough == areas.SECTOR else plan.partnership_of(borough)
    if partnership is None:
        return {}
    touched = plan.touched(partnership.slug)
    return dict(zip(touched["priority"], touched["links"].astype(int), strict=True))


def borough_sentence(borough: str) -> str:
    """Say which priorities the plan of a borough's partnership touches, as a whole sentence.

    Empty for the whole sector.
    """
    if borough == areas.SECTOR:
        return ""
    place = areas.name(borough)
    items = taken_up(borough)
    if not items:
        return f"No plan of a partnership is held for {place}."
    titles = {row["priority"]: row["short_title"] for row in evidence.rows("priorities")}
    missed = [titles[number] for number, links in items.items() if not links]
    left = [title[:1].lower() + title[1:] for title in missed]
    said = f"all {prose.count(len(items))} priorities"
    if missed:
        said = (
            f"{prose.out_of(len(items) - len(missed), len(items))} priorities, "
            f"not {prose.listed(left)}"
        )
    most = max(items, key=lambda number: items[number])
    return (
        f"The plan of the borough-based partnership of {place} takes up {said}. It says "
        f"most about {titles[most][:1].lower()}{titles[most][1:]}, in "
        f"{prose.count(items[most], 'item')}."
    )
