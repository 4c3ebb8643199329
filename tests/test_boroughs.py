import csv
import re
from dataclasses import replace

import pandas as pd
import pytest
from borough_fixtures import BOROUGHS, CASES, every_borough, every_case, feature, ninth
from chapter_runs import run_chapter
from hypothesis import given
from hypothesis import strategies as st

from helpers import areas, data_package, evidence, finance
from helpers.boroughs import facts, findings, people, plan, promise
from helpers.boroughs.census import census
from helpers.boroughs.features import place, ranks, values_by_area
from helpers.figures import LONGEST_FINDING
from helpers.finance import sensitivity
from helpers.tables import NO_DATA

pytestmark = pytest.mark.usefixtures("book_evidence")


# --- features


def test_equal_values_share_the_better_rank_and_the_words_say_so():
    values = {"a": 3.0, "b": 2.04, "c": 2.0, "d": 1.0}
    assert ranks(values, 1) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert place(values, "b", "none", 1) == "second of four, shared"
    assert place(values, "b", "none", 2) == "second of four"
    assert place(values, "x", "none", 1) == "none"
    assert place({"a": 1.0, "b": 1.0}, "a", "none", 1) == "all alike"


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1e6, 1e6), min_size=1))
def test_ranks_are_those_of_the_values_turned_round(values):
    found = ranks(values, 3)
    assert min(found.values()) == 1
    assert max(found.values()) <= len(values)
    for one in values:
        for other in values:
            if found[one] < found[other]:
                assert values[one] > values[other]


def test_only_a_borough_alone_at_an_end_is_extreme():
    tied = feature({"a": 3.0, "b": 3.0, "c": 1.0})
    assert [tied.extreme(area) for area in "abcx"] == [None, None, "the least", None]
    assert feature({"a": 3.0, "b": 1.0}).extreme("a") == "the most"
    assert feature({"a": 3.0}).extreme("a") is None


def test_a_missing_value_is_said_and_the_sector_stands_only_where_it_is_exact():
    table = values_by_area([feature({"brent": 1.25})], NO_DATA).set_index("name")["shown"]
    assert table["Brent"] == "1.3%"
    assert table["Harrow"] == NO_DATA
    assert areas.name(areas.SECTOR) not in table.index
    exact = values_by_area([feature({"brent": 1.25}, sector=2.0)], NO_DATA)
    assert exact["shown"].iloc[-1] == "2.0%"


# --- people


def test_the_sector_is_the_sum_of_its_boroughs():
    file = data_package.data_folder() / "official-statistics" / "population.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))

    def persons(year: int, group: str) -> int:
        return sum(
            int(row["persons"])
            for row in rows
            if (row["census_year"], row["age_group"], row["area"] in BOROUGHS)
            == (str(year), group, True)
        )

    counted = census()
    before, now = persons(counted.before, "all"), persons(counted.now, "all")
    assert people.residents().sector == now
    assert counted.growth("nwl") == pytest.approx((now - before) / before * 100)
    whole = sum(persons(counted.now, group) for group in counted.ages)
    for group in counted.ages:
        expected = persons(counted.now, group) / whole * 100
        assert counted.share(group, "nwl") == pytest.approx(expected)
    assert sum(counted.share(group, "nwl") for group in counted.ages) == pytest.approx(100)


def test_no_average_of_averages_stands_for_the_sector():
    for each in people.features():
        if each.name.startswith(("life-expectancy", "deprivation")):
            assert each.sector is None
    table = people.beside_sector("brent", NO_DATA).set_index("measure")
    life = next(name for name in table.index if name.startswith("Life expectancy of men"))
    assert table.loc[life, "sector"] == "80.0 to 82.2 by borough"
    assert table.loc[life, "here"] == "80.0"


@every_borough
def test_deprivation_keeps_what_each_rank_rests_on(area):
    table = people.deprivation(area)
    assert list(table["year"]) == sorted(table["year"])
    assert table["rank_basis"].nunique() == len(table) > 1
    assert set(table["area"]) == {area}


# --- the promise of 2009


@every_case
@every_borough
def test_the_summary_is_that_of_the_projection(area, case):
    projection = finance.project(case)
    table = promise.summary(projection, area).set_index("measure")
    last = projection.years[-1]
    net = projection.amount("net_benefit", area, last)
    shown = float(
        re.sub("[£ milion,]", "", table.loc[f"Net benefit, {last}", "here"]).replace("−", "-")
    )
    assert shown == pytest.approx(net, abs=0.0051)
    assert NO_DATA not in table.to_numpy()


@every_borough
def test_the_break_even_share_leaves_nothing_over(area):
    case = finance.Assumptions(contribution_basis="equal-shares")
    needed = promise.break_even_shares(case).set_index("area")["share"]
    path = [needed[area] * share for share in case.saving_shares()]
    scaled = replace(case, savings=",".join(f"{each:.12f}" for each in path))
    total = finance.project(scaled).total(area)
    assert total == pytest.approx(0, abs=1e-6) or (needed[area] == 0 and total > 0)


def test_where_no_saving_comes_in_time_none_is_enough():
    table = promise.break_even_shares(CASES["too late"])
    assert table["share"].isna().all()
    assert set(table["written"]) == {"none in time"}


@every_case
@every_borough
def test_each_variation_differs_in_what_its_name_says(area, case):
    table = promise.variations(case, area).set_index("name")
    assert table.index.is_unique
    assert table["assumed"].sum() == 1
    own = table[table["assumed"]]["gbp_m"].iloc[0]
    assert own == pytest.approx(finance.project(case).total(area))
    nothing = next(name for name in table.index if name.startswith("No saving at all"))
    expected = sensitivity.without_savings(case).total(area)
    assert table.loc[nothing, "gbp_m"] == pytest.approx(expected)
    assert ("Started a year later" in table.index) == (case is not CASES["too late"])


# --- the plan of 2024


def test_every_item_is_judged_and_each_judgement_names_its_place():
    links = evidence.rows("partnership-priority-matrix")
    items = {row["item_id"]: row for row in evidence.rows("partnership-priorities")}
    assert {row["item_id"] for row in links} == set(items)
    for row in links:
        touches = row["priority"] is not None
        where = f"p{row['priority']}" if touches else "none"
        assert row["link"] == f"{row['item_id']}-{where}"
        assert (row["basis"] == "none") is not touches
        assert (row["plan_locator"] or "").startswith(
            f"Priority {row['priority']}," if touches else ""
        )
        assert row["locator"] == items[row["item_id"]]["locator"]
    untouched = {row["item_id"] for row in links if row["priority"] is None}
    counts = pd.Series([row["item_id"] for row in links]).value_counts()
    assert all(counts[item] == 1 for item in untouched)


def test_the_marks_add_up_to_the_activities():
    scopes = plan.scopes()
    activities = evidence.load("partnership-priorities", kind=plan.ACTIVITY)
    assert scopes["activities"].sum() == len(activities)
    assert (scopes["local"] + scopes["common"] + scopes["unmarked"] == scopes["activities"]).all()
    assert scopes["local_share"].is_monotonic_decreasing


@pytest.mark.parametrize("area", BOROUGHS)
def test_the_pages_hold_every_activity_once_with_its_date(area):
    slug = plan.partnership_of(area).slug
    text = plan.theme_pages(slug).replace("\\", "")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [line for line in lines if not line.startswith("| Activity")]
    activities = evidence.load("partnership-priorities", partnership=slug, kind=plan.ACTIVITY)
    assert len(rows) == len(activities)
    for line, row in zip(rows, activities.itertuples(), strict=True):
        assert row.activity in line
        assert (row.date_printed if isinstance(row.date_printed, str) else "no date") in line
        assert line.count(" | ") == 2
    for note in activities["note"].dropna():
        assert note in text


def test_what_is_not_mentioned_is_what_nothing_touches():
    for each in plan.partnerships():
        counts = plan.touched(each.slug)
        assert len(plan.unmentioned(each.slug)) == (counts["links"] == 0).sum()
        judged = plan.priority_places(each.slug)
        assert counts["links"].sum() == judged["priority"].notna().sum()


def test_two_boroughs_share_one_plan_and_its_facts_say_so():
    shared = [each for each in plan.partnerships() if each.is_shared]
    assert len(shared) == 1
    one, other = shared[0].members
    assert plan.partnership_of(one) is plan.partnership_of(other)
    for area in shared[0].members:
        table = facts.figures(area)
        together = table[table["area"] == shared[0].slug]
        assert len(together)
        assert together["remark"].str.startswith(facts.TOGETHER).all()
        assert not table[table["area"] == area]["remark"].str.startswith(facts.TOGETHER).any()


# --- facts


@every_borough
def test_what_is_lacking_is_what_others_have(area):
    members = {each.slug: each.members for each in plan.partnerships()}
    about: dict[str, set[str]] = {}
    for row in evidence.rows("borough-facts"):
        for each in members.get(row["area"], (row["area"],)):
            about.setdefault(row["fact"], set()).add(each)
    known = {fact: holders & set(BOROUGHS) for fact, holders in about.items()}
    expected = {fact for fact, holders in known.items() if holders and area not in holders}
    table = facts.lacking(area)
    assert set(table["fact"]) == expected
    assert not table["holders"].str.contains(areas.name(area), regex=False).any()
    for row in table.itertuples():
        givers = {plan.partnership_of(each).slug for each in known[row.fact]}
        assert row.comparable == (len(givers) > 1)


def test_a_figure_of_the_plan_that_official_statistics_contradict_is_told():
    told = facts.differences("hammersmith-and-fulham")
    assert len(told) == 1
    assert "201,400" in told[0] and "183,200" in told[0]
    assert facts.differences("brent") == []
    assert len(facts.differences("ealing")) == 2


# --- findings


@every_case
@every_borough
def test_findings_are_short_and_of_this_borough_alone(area, case):
    partnership = plan.partnership_of(area)
    projection = finance.project(case)
    said = [
        findings.on_the_map(area, 8, is_drawn=True),
        findings.on_the_map(area, 8, is_drawn=False),
        findings.people_title(area, people.features()),
        findings.gain_rank(area, projection),
        findings.without_savings(area, case),
        findings.break_even(area, case),
        findings.local_share(area, partnership),
        findings.touched(area, partnership),
    ]
    for sentence in said:
        assert len(sentence.split()) <= LONGEST_FINDING, sentence
        assert sentence[0].isupper() and not sentence.endswith(".")
        assert areas.name(area) in sentence
        assert not re.search(r"\b(nan|None|inf)\b", sentence)
        for other in set(BOROUGHS) - {area}:
            assert areas.name(other) not in sentence


def test_findings_say_the_other_thing_where_the_figures_turn():
    gains = findings.without_savings("hounslow", CASES["as planned"])
    assert gains.startswith("Even without savings Hounslow would be")
    assert findings.without_savings("brent", CASES["as planned"]).endswith("worse off")
    assert findings.break_even("hounslow", CASES["as planned"]).startswith("Hounslow needs no")
    assert "in time" in findings.break_even("hounslow", CASES["too late"])
    assert "mid-case savings" in findings.break_even("brent", CASES["no savings"])
    assert "shrank by" in findings.growth("westminster")
    assert "grew by" in findings.growth("harrow")
    tied = [feature({"brent": 2.0, "ealing": 2.0})]
    assert (
        findings.people_title("brent", tied) == "On no measure does Brent stand alone at either end"
    )
    assert findings.people_title("harrow", tied) == "No official statistic is held for Harrow"


# --- the chapter


@every_borough
def test_the_chapter_runs_and_its_sentences_are_whole(area, shown):
    said, _ = run_chapter("borough-profile", borough=area)
    labels = [each.metadata["label"] for each in shown]
    assert len(labels) == len(set(labels))
    for reference in re.findall(r"@((?:fig|tbl)-[a-z-]+)", said):
        assert reference in labels
    assert not re.search(r"\b(nan|None|inf|NaT)\b", said.replace("| None |", ""))
    assert f"plan-{area}" in labels


@pytest.mark.parametrize(
    "parameters",
    [
        {"savings": "0,0,0,0"},
        {"slippage_months": 42, "price_base": "2023/24"},
        {"savings": "50,50,50,50", "contribution_basis": "equal-shares"},
    ],
)
def test_the_chapter_holds_under_other_assumptions(parameters, shown):
    said, values = run_chapter("borough-profile", borough="brent", **parameters)
    assert "fig-firm" in {each.metadata["label"] for each in shown}
    assert values["case"].price_base in said
    for each in shown:
        if each.metadata["label"] in {"fig-promise", "fig-rank", "fig-firm"}:
            assert values["case"].price_base in each.metadata["subtitle"]


def test_a_ninth_borough_of_which_nothing_is_held_gets_a_chapter(copied_project, shown):
    area = ninth(copied_project)
    said, _ = run_chapter("borough-profile", borough=area)
    labels = {each.metadata["label"] for each in shown}
    for reference in re.findall(r"@((?:fig|tbl)-[a-z-]+)", said):
        assert reference in labels
    assert said.count(NO_DATA) >= 4
    assert "No official figure is held for Newland" in said
    assert "tbl-unknown" in labels
    for each in shown:
        for name in ("finding", "alternative"):
            assert "nan" not in each.metadata.get(name, "").split()


def test_a_ninth_borough_changes_no_figure_of_the_others(copied_project, shown):
    before = {area: people.beside_sector(area, NO_DATA) for area in BOROUGHS}
    ninth(copied_project)
    for area in BOROUGHS:
        pd.testing.assert_frame_equal(people.beside_sector(area, NO_DATA), before[area])
