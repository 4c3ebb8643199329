"""Lists of a priority's chapter: years, actions, owners, what to watch, the boroughs' items."""

import pandas as pd
import pytest
from trajectories_cases import DAYS, PRIORITIES, promises

from helpers import areas, evidence, trajectories
from helpers.boroughs import plan
from helpers.markdown import escaped
from helpers.trajectories import pages, watch
from helpers.trajectories.wording import day_words

pytestmark = pytest.mark.usefixtures("book_evidence")


def test_a_year_of_the_plan_is_open_but_for_the_last():
    last = pages.years()
    assert pages.plan_year_name(1, False) == pages.year_name(1)
    assert pages.plan_year_name(1, True) == f"{pages.year_name(1)} and after"
    assert pages.plan_year_name(last, True) == pages.year_name(last)


NOTHING = ("No aim falls due.", "No indicator.", "No action.", "No action says so.")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("priority", PRIORITIES)
def test_what_to_watch_stands_under_its_heading_or_is_said_to_be_none(priority, day):
    own = promises(priority)
    page = pages.watch_page(priority, own, day)
    parts = page.split("\n\n")
    assert parts[::2] == [
        f"**Due in the twelve months from {escaped(day_words(day))}.**",
        "**Past their date, and nothing observed.**",
        "**Planned for after the target that they serve.**",
        "**Waiting for money that is not secured.**",
    ]
    past = [each for each in own if trajectories.status(each, day) is trajectories.Status.PAST]
    expected = (
        [each.title for each in watch.due_soon(priority, day)],
        [each.title for each in past],
        [each.action for each in watch.late_actions(priority)],
        [row["action"] for row in watch.unfunded(priority)],
    )
    for part, titles, nothing in zip(parts[1::2], expected, NOTHING, strict=True):
        lines = part.split("\n")
        if titles:
            begun = zip(lines, titles, strict=True)
            assert all(line.startswith(f"- {escaped(title)}") for line, title in begun)
        else:
            assert lines == [nothing]


def test_an_indicator_past_its_date_is_listed_with_it(monkeypatch):
    dated = next(each for each in trajectories.known().values() if each.due)
    monkeypatch.setattr(pages, "status", lambda *_: trajectories.Status.PAST)
    page = pages.watch_page(dated.priority, [dated], DAYS[1])
    listed = f"- {escaped(dated.title)}: was due by {escaped(day_words(dated.due))}"
    assert f"**Past their date, and nothing observed.**\n\n{listed}\n\n**Planned" in page


@pytest.mark.parametrize("priority", PRIORITIES)
def test_an_action_stands_under_its_year_with_the_money_that_it_waits_for(priority):
    rows = [row for row in evidence.rows("priority-actions") if row["priority"] == priority]
    listed, year = [], ""
    for line in pages.actions_page(priority).split("\n"):
        if line.startswith("### "):
            year = line.removeprefix("### ").removesuffix(" {.unnumbered}")
        elif line.startswith("- "):
            listed.append((year, line.removeprefix("- ")))
    expected = []
    for row in rows:
        condition = row["funding_condition"]
        money = f" ({condition[0].lower()}{condition[1:]})" if condition else ""
        name = pages.plan_year_name(row["plan_year"], row["open_ended"])
        expected.append((escaped(name), escaped(f"{row['action']}{money}")))
    assert sorted(listed) == sorted(expected)


def test_every_action_stands_in_its_chapter_once():
    for priority in PRIORITIES:
        page = pages.actions_page(priority)
        rows = [row for row in evidence.rows("priority-actions") if row["priority"] == priority]
        assert sum(line.startswith("- ") for line in page.splitlines()) == len(rows)


def test_every_aim_has_its_hands_and_a_cell_counts_for_all_it_spans():
    owned = pages.hands(2).set_index("aim_id")
    assert owned.loc["p2-1", "owners"] == owned.loc["p2-4", "owners"] != pages.NOBODY
    for priority in PRIORITIES:
        assert list(pages.hands(priority)["title"]) == [
            row["title"] for row in watch.aims(priority)
        ]


def test_money_that_is_not_secured_is_named_with_its_place():
    rows = [row for row in evidence.rows("priority-actions") if row["funding_condition"]]
    assert sum(len(watch.unfunded(priority)) for priority in PRIORITIES) == len(rows) > 0
    priority = rows[0]["priority"]
    page = pages.watch_page(priority, promises(priority), DAYS[1])
    assert rows[0]["action"] in page
    assert "Priority" in page


@pytest.mark.parametrize("priority", PRIORITIES)
def test_a_borough_sees_the_items_of_its_own_plan_alone(priority):
    for borough in areas.boroughs():
        partnership = plan.partnership_of(borough)
        links = plan.touched(partnership.slug).set_index("priority").loc[priority, "links"]
        page = pages.boroughs_page(priority, borough)
        assert ("has no item" in page) == (links == 0)
        items = plan.items(partnership.slug)
        themes = {line.partition(":**")[0] for line in page.splitlines() if line.startswith("- ")}
        assert len(themes) <= items["theme"].nunique()
        assert ("plan together" in page) == partnership.is_shared
        assert escaped(partnership.title) in page


@pytest.mark.parametrize("priority", PRIORITIES)
def test_the_whole_area_sees_how_many_items_each_partnership_has(priority):
    page = pages.boroughs_page(priority, areas.SECTOR)
    for each in plan.partnerships():
        links = plan.touched(each.slug).set_index("priority").loc[priority, "links"]
        counted = escaped(f"{each.title} ({links})")
        assert (counted in page) == (links > 0)
        assert escaped(each.title) in page or page.startswith("No plan")


@pytest.mark.parametrize("priority", PRIORITIES)
def test_years_and_their_aims_stand_in_order_each_with_a_line_between(priority):
    rows = [row for row in evidence.rows("priority-actions") if row["priority"] == priority]
    spans = sorted({(row["plan_year"], row["open_ended"]) for row in rows})
    expected = []
    for number, is_open in spans:
        expected.append(f"### {escaped(pages.plan_year_name(number, is_open))} {{.unnumbered}}")
        own = [row for row in rows if (row["plan_year"], row["open_ended"]) == (number, is_open)]
        aims = dict.fromkeys(row["aim"] or row["group"] for row in own)
        expected += [f"**{escaped(aim)}**" for aim in aims]
    parts = pages.actions_page(priority).rstrip().split("\n\n")
    # Between lines of their own stand lists, whose lines are not parted.
    assert [part for part in parts if not part.startswith("- ")] == expected
    for part in parts:
        assert part.startswith("- ") or "\n" not in part
        assert all(line for line in part.split("\n"))


def test_years_stand_in_order_however_the_evidence_has_them(monkeypatch):
    page = pages.actions_page(3)
    held = evidence.load("priority-actions", priority=3)
    monkeypatch.setattr(pages.evidence, "load", lambda *_, **__: held.iloc[::-1])
    heads = [line for line in page.split("\n") if line.startswith("### ")]
    reversed_page = pages.actions_page(3).split("\n")
    assert [line for line in reversed_page if line.startswith("### ")] == heads
    assert len(heads) > 1


@pytest.mark.parametrize("priority", PRIORITIES)
def test_an_aim_s_hands_are_those_of_every_cell_that_spans_it(priority):
    titles = {row["body"]: row["title"] for row in evidence.rows("bodies")}
    order = {row["aim_id"]: row["order"] for row in evidence.rows("priority-aims")}

    def named(resource: str, aim: str, nobody: str) -> str:
        found = dict.fromkeys(
            titles[row["body"]]
            for row in evidence.rows(resource)
            if row["priority"] == priority and row["body"]
            and order[row["aim_id"]] <= order[aim] <= order[row["last_aim_id"]]
        )  # fmt: skip
        return "; ".join(found) or nobody

    for row in pages.hands(priority).itertuples():
        assert row.owners == named("aim-owners", row.aim_id, "Nobody named")
        assert row.needs == named("aim-dependencies", row.aim_id, "Nothing named")


def partnership(slug: str, *members: str) -> plan.Partnership:
    return plan.Partnership(slug, slug.title(), members)


def test_partnerships_are_told_by_how_many_items_they_have(monkeypatch):
    held = [partnership("first"), partnership("second"), partnership("third")]
    monkeypatch.setattr(plan, "partnerships", lambda: held)

    def told(*links: int) -> str:
        counted = {each.slug: {3: count} for each, count in zip(held, links, strict=True)}
        monkeypatch.setattr(plan, "links", lambda: counted)
        return pages.boroughs_page(3, "nwl")

    title = evidence.value("priorities", "short_title", priority=3)
    name = title[0].lower() + title[1:]
    begun = f"Items of the boroughs' own plans that touch {name}, by partnership: "
    assert told(1, 0, 2) == escaped(f"{begun}Third (2) and First (1). No item of Second does.")
    assert told(1, 3, 2) == escaped(f"{begun}Second (3), Third (2) and First (1).")
    assert told(0, 0, 0) == (f"No plan of a borough's partnership has an item that touches {name}.")


def test_a_borough_s_items_are_told_by_theme_with_their_dates(monkeypatch):
    title = evidence.value("priorities", "short_title", priority=3)
    name = escaped(title[0].lower() + title[1:])
    items = pd.DataFrame(
        {
            "theme": ["Late", "Early", "Late", "Other"],
            "activity": ["One", "Two", "Three", "Four"],
            "date_printed": ["May", None, None, None],
            "priorities": ["3", "3, 1", "13, 3", "13"],
        }
    )

    def told(rows: pd.DataFrame, *members: str) -> str:
        monkeypatch.setattr(plan, "partnership_of", lambda _: partnership("together", *members))
        monkeypatch.setattr(plan, "items", lambda _: rows)
        return pages.boroughs_page(3, "brent")

    both = " Brent and Ealing plan together"
    assert told(items, "brent") == (
        f"Three items of the plan of Together touch {name}.\n\n"
        f"- **Late:** {escaped('One (May)')}; Three.\n- **Early:** Two."
    )
    assert told(items.iloc[:1], "brent", "ealing").split("\n")[0] == (
        f"One item of the plan of Together touches {name}.{both}, so what follows is for both."
    )
    assert told(items.iloc[:1], "brent", "ealing", "harrow").split("\n")[0] == (
        f"One item of the plan of Together touches {name}. Brent, Ealing and Harrow plan "
        "together, so what follows is for all of them."
    )
    assert told(items.iloc[3:], "brent") == (
        f"The plan of Together has no item that touches {name}."
    )
    assert told(items.iloc[3:], "brent", "ealing") == (
        f"The plan of Together has no item that touches {name}.{both}."
    )
    monkeypatch.setattr(plan, "partnership_of", lambda _: None)
    assert pages.boroughs_page(3, "brent") == "No plan of a partnership is held for Brent."
