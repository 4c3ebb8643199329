from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from borough_fixtures import BOROUGHS, CASES, every_case, feature, ninth
from chapter_runs import run_chapter
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from helpers import areas, finance
from helpers.boroughs import plan
from helpers.comparison import chance, findings, neighbours, side_by_side, stability
from helpers.figures import LONGEST_FINDING
from helpers.tables import NO_DATA

pytestmark = pytest.mark.usefixtures("book_evidence")

VALUES = st.lists(st.integers(-50, 50), min_size=len(BOROUGHS), max_size=len(BOROUGHS))


def of(values) -> dict[str, float]:
    return {area: float(value) for area, value in zip(BOROUGHS, values, strict=True)}


# --- neighbours


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_distances_are_those_of_a_space(columns):
    found = neighbours.neighbours([feature(of(column)) for column in columns])
    distances = found.distances
    assert np.allclose(np.diag(distances), 0)
    assert np.allclose(distances, distances.T)
    for middle in range(len(BOROUGHS)):
        detour = distances[:, [middle]] + distances[[middle], :]
        assert (distances <= detour + 1e-9).all()


@given(VALUES, VALUES, st.integers(1, 1000), st.integers(-500, 500))
def test_the_unit_of_a_feature_does_not_matter(first, second, times, plus):
    one = neighbours.neighbours([feature(of(first)), feature(of(second))])
    moved = [value * times + plus for value in second]
    other = neighbours.neighbours([feature(of(first)), feature(of(moved))])
    assert np.allclose(one.distances, other.distances)


def test_a_feature_in_which_all_are_alike_adds_nothing():
    line = feature(of(range(8)))
    alone = neighbours.neighbours([line])
    beside = neighbours.neighbours([line, feature(of([3] * 8))])
    assert np.allclose(alone.distances, beside.distances)
    # Eight evenly spaced points lie apart by one step in units of their standard deviation.
    assert alone.distances[0, 1] == pytest.approx(1 / np.std(range(8)))
    assert alone.nearest("brent") == "ealing"


def test_a_borough_that_lacks_a_feature_is_left_out_and_said():
    known = of(range(8))
    del known["harrow"]
    found = neighbours.neighbours([feature(known)])
    assert found.left_out == ("harrow",)
    row = neighbours.neighbour_table(found, NO_DATA).set_index("area").loc["harrow"]
    assert row["nearest"] == NO_DATA
    assert pd.isna(row["distance"])
    assert "not compared" in findings.nearest(found, "harrow")


def test_mutual_neighbours_name_each_other_and_the_closest_come_first():
    found = neighbours.neighbours([feature(of([0, 1, 10, 12, 30, 34, 60, 70]))])
    pairs = found.mutual()
    assert pairs[0] == ("brent", "ealing")
    assert pairs[1] == ("hammersmith-and-fulham", "harrow")
    for one, other in pairs:
        assert found.nearest(one) == other
        assert found.nearest(other) == one


def test_what_is_compared_counts_no_age_twice():
    compared = neighbours.compared_features()
    shares = [each for each in compared if each.name.startswith("aged-")]
    assert len(shares) == 2
    found = neighbours.neighbours(compared)
    for area in found.areas:
        assert 0 <= found.stays(area) <= len(compared)


# --- chance


def test_an_interval_holds_its_share_and_narrows_with_more_activities():
    table = chance.local_intervals()
    assert (table["low"] < table["local_share"]).all()
    assert (table["local_share"] < table["high"]).all()
    assert ((table["low"] >= 0) & (table["high"] <= 100)).all()
    # Wilson's formula, worked out again for the first plan.
    row, z = table.iloc[0], 1.959963984540054
    n, p = row["activities"], row["local"] / row["activities"]
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert row["low"] == pytest.approx((middle - half) * 100)
    assert row["high"] == pytest.approx((middle + half) * 100)


def test_pairs_are_tested_with_a_correction_for_their_number():
    table = chance.local_differences()
    scopes = plan.scopes().set_index("title")
    count = len(scopes) * (len(scopes) - 1) // 2
    assert len(table) == count
    assert table["p_value"].is_monotonic_increasing
    first = table.iloc[0]
    raw = fisher_exact(
        [
            [
                scopes.loc[title, "local"],
                scopes.loc[title, "activities"] - scopes.loc[title, "local"],
            ]
            for title in (first["first"], first["second"])
        ]
    ).pvalue
    assert first["p_value"] == pytest.approx(min(1.0, raw * count))
    assert (table["differs"] == (table["p_value"] <= 1 - chance.CONFIDENCE)).all()


# --- stability


@every_case
def test_a_rank_lies_within_its_range(case):
    table = stability.rank_ranges(case)
    assert (table["best"] <= table["assumed"]).all()
    assert (table["assumed"] <= table["worst"]).all()
    assert table["assumed"].is_monotonic_increasing
    assert set(table["area"]) == set(finance.boroughs())


def test_a_range_spans_what_the_case_itself_gives_under_another_basis():
    table = stability.rank_ranges(finance.Assumptions()).set_index("area")
    other = stability.rank_ranges(
        replace(finance.Assumptions(), scenario="worst", contribution_basis="equal-shares")
    ).set_index("area")["assumed"]
    for area, rank in other.items():
        assert table.loc[area, "best"] <= rank <= table.loc[area, "worst"]


# --- side by side


def test_each_borough_has_a_row_in_every_table():
    projection = finance.project(finance.Assumptions())
    for table in (
        side_by_side.people_table(),
        side_by_side.health_table(),
        side_by_side.promise_table(projection),
        side_by_side.plan_table(),
        side_by_side.ranks_over_time(),
    ):
        assert list(table["area"]) == list(areas.boroughs())
        assert table.notna().all(axis=None)


def test_the_boroughs_of_one_partnership_have_its_numbers():
    table = side_by_side.plan_table().set_index("area").drop(columns="name")
    for each in plan.partnerships():
        rows = table.loc[list(each.members)]
        assert len(rows.drop_duplicates()) == 1


def test_the_promise_is_the_projection_s_and_a_payback_can_be_sorted():
    projection = finance.project(CASES["too late"])
    table = side_by_side.promise_table(projection).set_index("area")
    for area in finance.boroughs():
        assert table.loc[area, "net_benefit"] == projection.net_benefit(area)[-1]
    assert set(table["payback"]) == {"Not within the years of the case"}
    planned = side_by_side.promise_table(finance.project(finance.Assumptions()))
    assert planned["payback"].str.fullmatch(r"\d+ days").all()


def test_the_matrix_counts_what_the_plans_touch():
    matrix = side_by_side.priority_matrix()
    for row, each in zip(matrix.itertuples(index=False), plan.partnerships(), strict=True):
        assert list(row)[1:] == list(plan.touched(each.slug)["links"])


# --- findings


@every_case
def test_findings_are_short_and_whole(case):
    found = neighbours.neighbours(neighbours.compared_features())
    for sentence in (
        findings.growth(),
        findings.closest(found),
        findings.untouched(side_by_side.priority_matrix()),
        findings.plans(chance.local_differences()),
        findings.lasting_ranks(stability.rank_ranges(case)),
    ):
        assert len(sentence.split()) <= LONGEST_FINDING, sentence
        assert sentence[0].isupper() and not sentence.endswith(".")


def test_findings_agree_in_number():
    none = pd.DataFrame({"differs": [False, False]})
    some = pd.DataFrame({"differs": [True, True, False]})
    assert findings.plans(none) == "Of 2 pairs of plans none differs by more than chance"
    assert findings.plans(some) == "Of 3 pairs of plans two differ by more than chance"
    one = pd.DataFrame({"best": [1, 2], "worst": [1, 3]})
    assert findings.lasting_ranks(one).startswith("One of two boroughs keeps its rank")
    two = pd.DataFrame({"best": [1, 2], "worst": [1, 2]})
    assert findings.lasting_ranks(two).startswith("Two of two boroughs keep their rank")


def test_a_priority_that_every_plan_touches_is_not_said_to_be_missing():
    numbers = side_by_side.priority_numbers()
    full = pd.DataFrame([{"title": "A", **dict.fromkeys(numbers, 1)}])
    assert findings.untouched(full) == "One of one plans touches every priority"
    half = pd.DataFrame([{"title": "A", **dict.fromkeys(numbers, 0), numbers[0]: 1}])
    assert findings.untouched(half) == "Eight priorities are touched by no plan"


# --- the chapter


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"borough": "kensington-and-chelsea"},
        {"savings": "0,0,0,0", "price_base": "2023/24"},
        {"slippage_months": 42},
    ],
)
def test_the_chapter_runs_under_any_assumptions(parameters, shown):
    said, _ = run_chapter("borough-comparison", **parameters)
    labels = [each.metadata["label"] for each in shown]
    assert len(labels) == len(set(labels)) == 12
    sortable = [each for each in shown if "nwl-sortable" in each.data.get("text/html", "")]
    assert len(sortable) == 7
    if parameters.get("borough"):
        assert "Kensington and Chelsea is most like" in said


def test_a_ninth_borough_of_which_nothing_is_held_keeps_its_row(copied_project, shown):
    ninth(copied_project)
    said, _ = run_chapter("borough-comparison")
    assert said
    tables = [each for each in shown if "nwl-sortable" in each.data.get("text/html", "")]
    named = [each for each in tables if "Newland" in each.data["text/html"]]
    assert {each.metadata["label"] for each in named} >= {"tbl-people-side", "tbl-neighbours"}
    for each in named:
        assert NO_DATA in each.data["text/html"]
