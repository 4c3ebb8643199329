"""The priorities side by side: dates, loads, tests, late actions and money."""

from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import Project
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import areas, evidence, promises, responsibilities
from helpers.errors import EvidenceError
from helpers.figures import LONGEST_FINDING
from helpers.promises import findings, load, pages
from helpers.promises.calendar import year_columns
from helpers.promises.enabling import OTHERWISE
from helpers.trajectories import plan_span
from helpers.trajectories.watch import late_actions

DAYS = (date(2024, 7, 5), date(2026, 11, 22), date(2030, 1, 1))
ADDED = "data/observations/added.csv"
HEADING = "indicator,area,date,value,source\n"


def test_each_aim_counts_once_and_no_second_print_does():
    aims = promises.aims()
    assert len(aims) == responsibilities.printed_aims()
    assert not set(aims["aim_id"]) & set(evidence.load("aim-owners", repeated=True)["aim_id"])


@pytest.mark.parametrize("rows", [promises.aims, promises.targets])
def test_no_printed_date_is_dropped(rows):
    frame = rows()
    assert ((frame["year"] == promises.UNDATED) == frame["target_date_printed"].isna()).all()
    counts = promises.by_year(frame)
    assert counts["all"].sum() == len(frame)
    assert list(counts["priority"]) == [row["priority"] for row in evidence.rows("priorities")]


@pytest.mark.parametrize(
    ("aim", "year"),
    [
        ("p1-1", "2024/25"),  # March 2025
        ("p3-1", "2025/26"),  # April 2025
        ("p5-4", "2026/27"),  # April 2025 - 2026/27
        ("p8-1", "2026/27"),  # 2026
        ("p8-3", "2028/29"),  # 2028
        ("p2-7", "2028/29"),  # 2026 - 29
        ("p8-2", promises.OPEN),  # Continuous improvement commencing 2024/25
        ("p8-5", promises.OPEN),  # 2024/5 onwards
        ("p1-6", promises.UNDATED),
    ],
)
def test_an_aim_falls_due_in_the_year_of_its_last_day(aim, year):
    row = promises.aims().set_index("aim_id").loc[aim]
    assert row["year"] == year
    assert pd.isna(row["due"]) == (year in (promises.OPEN, promises.UNDATED))


def test_a_target_is_said_in_words_with_its_unit():
    levels = promises.targets().set_index("indicator")["level"]
    assert levels["elective-wait-52-weeks"] == "at most 52 weeks"
    assert levels["dementia-diagnosis-rate"] == "at least 66.7%"
    assert levels["community-waiting-list"] == "a fall of 5%"
    assert levels["neighbourhood-population"] == "50,000 to 70,000 people"
    assert levels["mh-unwarranted-variation"] == "“no”"


@settings(max_examples=8, deadline=None)
@given(st.dates(date(2023, 1, 1), date(2031, 1, 1)))
def test_time_only_moves_entries_from_later_to_past(day):
    now, then = (promises.by_state(promises.entries(each)) for each in (day, day + timedelta(60)))
    assert now[list(promises.STATES)].sum().sum() == len(promises.aims()) + len(promises.targets())
    assert (then[promises.PAST] >= now[promises.PAST]).all()
    assert (then[promises.LATER] <= now[promises.LATER]).all()
    assert (then[[promises.OPEN, promises.UNDATED]] == now[[promises.OPEN, promises.UNDATED]]).all(
        axis=None
    )


def test_what_falls_due_on_the_day_is_not_past_and_a_year_is_a_year():
    due = date(2025, 3, 31)
    states = {
        day: promises.entries(day).set_index("key").loc["p1-1", "state"]
        for day in (date(2024, 3, 31), date(2024, 4, 1), due, due + timedelta(1))
    }
    assert list(states.values()) == [promises.LATER, promises.NEXT, promises.NEXT, promises.PAST]


def test_entries_hold_the_outcomes_of_an_aim_and_the_level_of_a_target():
    entries = promises.entries(DAYS[1])
    assert entries["outcomes"].notna().all()
    assert not entries["key"].duplicated().any()
    first = evidence.load("aim-outcomes", aim_id="p1-1")["outcome"]
    assert entries.set_index("key").loc["p1-1", "outcomes"] == "; ".join(first)


def test_a_promise_is_a_target_or_an_aim_without_one():
    tested = promises.promises(DAYS[1])
    targets, aims = promises.targets(), promises.aims()
    bare = ~aims["aim_id"].isin(targets["aim_id"])
    assert len(tested) == len(targets) + bare.sum()
    assert tested["measured"].sum() == len(targets)
    assert not tested.loc[~tested["measured"], ["baseline", "series"]].any(axis=None)
    counted = promises.by_priority(tested)
    assert counted["promises"].sum() == len(tested)
    for criterion in promises.CRITERIA:
        assert counted[criterion].sum() == tested[criterion].sum()


def test_the_funnel_narrows_and_never_exceeds_a_condition_alone():
    funnel = promises.funnel(promises.promises(DAYS[1]))
    assert funnel["left"].is_monotonic_decreasing
    assert (funnel["left"] <= funnel["alone"]).all()
    assert list(funnel["criterion"]) == ["", *promises.CRITERIA]


def test_a_target_without_a_date_has_that_of_its_aim():
    tested = promises.promises(DAYS[1]).set_index("key")
    assert tested.loc["cancer-faster-diagnosis-wait", "printed"] == "2024/5 onwards"
    assert not tested.loc["cancer-early-diagnosis", "dated"]


def test_an_observation_dropped_in_makes_a_promise_testable(copied_project: Project):
    def whole(day: date) -> pd.DataFrame:
        tested = promises.promises(day)
        return tested[tested["passed"] == len(promises.CRITERIA)]

    assert whole(DAYS[1]).empty
    assert findings.tested(promises.funnel(promises.promises(DAYS[1]))).startswith("None of ")
    row = "mhst-school-coverage,{},2025-10-01,61,A survey\n"
    copied_project.write(ADDED, HEADING + row.format("england"))
    assert whole(DAYS[1]).empty, "a series of England says nothing of a promise made here"
    copied_project.write(ADDED, HEADING + row.format("nwl"))
    assert list(whole(DAYS[1])["key"]) == ["mhst-school-coverage"]
    assert whole(DAYS[0]).empty, "what is observed later does not count"
    assert findings.tested(promises.funnel(promises.promises(DAYS[1]))).startswith("1 of ")


def test_a_series_that_no_target_is_about_is_named_once():
    named = promises.unpromised(DAYS[1])
    assert named == list(dict.fromkeys(named)) == ["A&E attendances of 4 hours or less"]
    assert promises.unpromised(date(2020, 1, 1)) == []


def test_late_actions_are_those_of_the_chapters_of_the_priorities():
    late = promises.late()
    after_aim = late[late["lateness"] == promises.AFTER_AIM]
    chapters = [
        each.action_id
        for row in evidence.rows("priorities")
        for each in late_actions(row["priority"])
    ]
    assert sorted(after_aim["action_id"]) == sorted(chapters)
    assert (after_aim["begins"] > after_aim["aim_due"]).all()
    rest = late[late["lateness"] == promises.AFTER_TARGETS]
    assert (rest["begins"] <= rest["aim_due"]).all()
    assert (rest["begins"] > rest["targets_due"]).all()


@pytest.mark.parametrize(
    ("action", "lateness"),
    [
        ("p9-a13", promises.AFTER_AIM),  # 2025/26, aim 2024/25
        ("p4-a7", promises.AFTER_AIM),  # the last of five rows of its aim is due before
        ("p3-a8", promises.AFTER_TARGETS),  # the aim runs on to 2026/27, its targets do not
        ("p5-a4", ""),  # 2025/26, and the aim is due in its first month
        ("p3-a13", ""),  # 2024/25
    ],
)
def test_an_action_is_late_only_after_the_last_date_of_its_aim(action, lateness):
    found = promises.comparable().set_index("action_id")
    assert found.loc[action, "lateness"] == lateness


def test_actions_without_a_last_date_to_compare_with_are_left_out():
    found = promises.comparable()
    aims = promises.aims().set_index("aim_id")
    assert not aims.loc[found["aim_id"], "is_open"].any()
    left_out = promises.actions()[lambda frame: ~frame["action_id"].isin(found["action_id"])]
    linked = left_out["aim_id"].dropna()
    assert set(aims.loc[linked, "year"]) <= {promises.OPEN, promises.UNDATED}


def test_a_later_date_of_the_aim_makes_its_action_come_in_time(copied_project: Project):
    aims = "data/plan-2024/priority-aims.csv"
    row = "Drive elective productivity,false,2024/25,2024-04-01,2025-03-31"
    copied_project.edit(
        aims, row, row.replace("2024/25,2024-04-01,2025", "2025/26,2025-04-01,2026")
    )
    found = promises.comparable().set_index("action_id")
    assert found.loc["p9-a13", "lateness"] == promises.AFTER_TARGETS


def test_the_last_column_of_actions_has_no_end():
    actions = promises.actions()
    assert list(actions["column"].cat.categories) == ["2024/25", "2025/26", "2026/27 on"]
    assert (actions["ends"].isna() == actions["open_ended"]).all()
    assert (actions["ends"].dropna() > actions["begins"][actions["ends"].notna()]).all()


@pytest.mark.parametrize("resource", [load.OWNERS, load.DEPENDENCIES])
def test_each_aim_counts_once_for_each_body_that_it_names(resource):
    counts = promises.by_year_due(resource)
    assert set(counts["body"]) == set(responsibilities.named(resource)["body"])
    assert (counts[year_columns()].sum(axis=1) == counts["all"]).all()
    assert counts["all"].is_monotonic_decreasing
    assert counts["all"].max() <= len(promises.aims())


def test_a_cell_that_covers_several_aims_counts_for_each_in_its_own_year():
    span = responsibilities.named(load.OWNERS)
    span = span[span["aim_id"] != span["last_aim_id"]].iloc[0]
    aims = promises.aims()
    order = aims.set_index("aim_id")["order"]
    covered = aims[
        (aims["priority"] == span["priority"])
        & aims["order"].between(order[span["aim_id"]], order[span["last_aim_id"]])
    ]
    counts = promises.by_year_due(load.OWNERS).set_index("body").loc[span["body"]]
    for year, times in covered["year"].value_counts().items():
        assert counts[year] >= times


def test_peaks_keep_all_bodies_that_are_equal():
    frame = pd.DataFrame({"title": ["A", "B", "C"]} | dict.fromkeys(year_columns(), 0))
    frame[year_columns()[0]] = [2, 1, 2]
    frame[promises.UNDATED] = 9
    assert list(promises.peaks(frame)["title"]) == ["A", "C"]
    assert findings.heaviest(promises.peaks(frame)).startswith("Two bodies have two aims each")


def test_enabling_actions_by_year_are_those_that_the_plan_counts():
    by_year, by_priority = promises.enabling_functions(), promises.enabling_by_priority()
    columns = list(promises.actions()["column"].cat.categories)
    assert list(by_year["function"]) == list(by_priority["function"])
    assert list(by_year[columns].sum(axis=1)) == list(by_priority["all"])
    rows = evidence.load("enabling-functions").groupby("function")["aim_rows"].sum()
    assert by_year.set_index("function")["aims"].to_dict() == rows.to_dict()
    assert (by_year["dated"] <= by_year["aims"]).all()


def test_an_enabling_aim_of_no_function_is_refused(copied_project: Project):
    copied_project.edit(
        "data/plan-2024/priority-aims.csv",
        "Enabling functions,Communications",
        "Enabling functions,Luck",
    )
    with pytest.raises(EvidenceError, match="'Luck': expected one of workforce"):
        promises.enabling_functions()


def test_every_item_of_a_programme_stands_in_one_column():
    programmes = promises.programmes()
    rows = evidence.load("enabling-programmes")
    columns = [*rows["period_printed"].dropna().unique(), OTHERWISE, promises.UNDATED]
    assert (programmes[columns].sum(axis=1) == programmes["items"]).all()
    assert programmes["items"].sum() == len(rows)
    assert programmes["unsecured"].sum() == rows["funding_condition"].notna().sum()


def test_what_hangs_on_money_is_all_named_with_its_place():
    found = promises.unsecured()
    assert set(found["key"]) == {
        row[key]
        for name, key in (("priority-actions", "action_id"), ("enabling-programmes", "item_id"))
        for row in evidence.rows(name)
        if row["funding_condition"]
    }
    assert found[["item", "part", "printed", "funding_condition", "locator"]].notna().all(axis=None)
    without_end = found["printed"].str.contains("from|onwards")
    assert (found["due"].isna() == without_end).all()
    assert found["due"].max().date() <= plan_span()[1]


@pytest.mark.parametrize("day", DAYS)
def test_findings_are_short_on_any_day(day):
    titles = [
        findings.standing(promises.by_state(promises.entries(day))),
        findings.tested(promises.funnel(promises.promises(day))),
        findings.too_late(promises.comparable()),
        findings.early_actions(promises.actions()),
        findings.busiest_year(promises.by_year(promises.aims())),
        *(
            findings.heaviest(promises.peaks(promises.by_year_due(resource)))
            for resource in (load.OWNERS, load.DEPENDENCIES)
        ),
    ]
    for title in titles:
        assert len(title.split()) <= LONGEST_FINDING
        assert not title.endswith(".")
        assert title[0].isupper() or title[0].isdigit()


@pytest.mark.parametrize(
    ("past", "soon", "later", "said"),
    [
        (0, 0, 5, "No date has passed; none of 5 fall due within a year"),
        (0, 1, 4, "No date has passed; 1 of 5 falls due within a year"),
        (1, 2, 2, "1 of 5 dates has passed; 2 more fall due within a year"),
        (4, 0, 1, "4 of 5 dates have passed; none more fall due within a year"),
        (5, 0, 0, "All 5 dates have passed"),
    ],
)
def test_where_the_dates_stand_is_said_of_any_numbers(past, soon, later, said):
    states = pd.DataFrame({promises.PAST: [past], promises.NEXT: [soon], promises.LATER: [later]})
    assert findings.standing(states) == said


def test_years_that_are_equally_busy_are_all_named():
    counts = pd.DataFrame([dict.fromkeys(year_columns(), 0)])
    first, second, third, *_ = year_columns()
    counts[[first, second]] = 4
    assert findings.busiest_year(counts) == f"Most aims fall due in {first} and {second}, 4 in each"
    counts[third] = 5
    assert findings.busiest_year(counts).startswith(f"5 of 13 dated aims fall due in {third}")


def test_a_long_name_does_not_make_a_finding_too_long():
    peaks = pd.DataFrame({"title": ["Board of " + "many " * 12], "year": ["2024/25"], "aims": [1]})
    assert findings.heaviest(peaks) == "One body has one aim due in 2024/25, more than any other"


def test_a_borough_hears_what_its_partnership_takes_up():
    assert findings.borough_sentence(areas.SECTOR) == ""
    assert findings.taken_up(areas.SECTOR) == {}
    for borough in areas.boroughs():
        said, items = findings.borough_sentence(borough), findings.taken_up(borough)
        assert areas.name(borough) in said
        if items:
            missed = sum(not links for links in items.values())
            assert (" not " in said) == bool(missed)


def test_lists_refer_to_the_chapter_of_each_priority_and_mark_the_borough():
    entries = promises.entries(DAYS[1])
    past = entries[entries["state"] == promises.PAST]
    for write in (pages.due_list, pages.past_folds):
        page = write(past, {1: 3, 2: 0}, "Brent")
        for number in set(past["priority"]):
            assert page.count(f"@sec-trajectory-{number}") == 1
        assert page.count("Brent") == 1
        assert "three items of its plan" in page
        assert write(past.head(0), {}, "") == ""


def test_texts_of_the_evidence_stay_texts_in_the_lists():
    entries = promises.entries(DAYS[1]).head(1).assign(title="a*b @fig-x [c]", outcomes="`d`")
    page = pages.due_list(entries, {}, "")
    assert r"a\*b \@fig\-x \[c\]" in page
    assert r"\`d\`" in page
    folded = pages.past_folds(pd.concat([entries] * 2), {}, "")
    assert "two rows" in folded
