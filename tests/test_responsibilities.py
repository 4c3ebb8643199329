import pandas as pd
import pytest

from helpers import evidence, responsibilities


def test_every_activity_has_one_function_and_one_kind_of_doer():
    activities = responsibilities.activities()
    assert len(activities) == len(evidence.rows("commissioning-activities"))
    assert set(activities["doer"]) == set(responsibilities.DOERS)
    assert activities["function_title"].notna().all()


@pytest.mark.parametrize(
    ("activity", "doer"),
    [("1.1.2", "Trusts alone"), ("1.1.1", "Vehicle alone"), ("1.2.5", "Vehicle with others")],
)
def test_the_doer_is_read_from_the_marks(activity, doer):
    activities = responsibilities.activities().set_index("activity_id")
    assert activities.loc[activity, "doer"] == doer


def test_marks_are_set_apart_and_an_empty_one_is_said():
    activities = responsibilities.activities().set_index("activity_id")
    assert activities.loc["1.2.5", "responsible"] == "ACV, SPD, CN"
    assert activities.loc["1.1.6", "consulted"] == responsibilities.NOBODY
    marks = activities[list(responsibilities.RESPONSIBILITIES)]
    assert marks.notna().all(axis=None)
    assert not marks.apply(lambda column: column.str.contains("/")).any(axis=None)


def test_the_counts_by_party_add_up_to_the_rows_of_evidence():
    counts = responsibilities.parties_by_function()
    rows = evidence.load("activity-parties")
    assert counts["all"].sum() == len(
        rows.drop_duplicates(["activity_id", "responsibility", "party"])
    )
    assert (counts[list(responsibilities.FUNCTIONS)].sum(axis=1) == counts["all"]).all()
    accountable = counts[counts["responsibility"] == "accountable"]
    assert accountable["all"].sum() == len(evidence.rows("commissioning-activities"))
    for _, group in counts.groupby("responsibility"):
        assert group["all"].is_monotonic_decreasing


@pytest.mark.parametrize("resource", ["aim-dependencies", "aim-owners"])
def test_what_is_printed_twice_or_names_no_body_is_left_out(resource):
    named = responsibilities.named(resource)
    repeated = evidence.load(resource, repeated=True)
    assert not set(repeated["aim_id"]) & set(named["aim_id"])
    assert named["body"].notna().all()
    assert not named.duplicated(["priority", "aim_id", "body"]).any()


def test_counts_by_priority_keep_every_priority_and_put_the_widest_first():
    frame = pd.DataFrame(
        {
            "body": ["a", "a", "b", "b", "b"],
            "title": ["A", "A", "B", "B", "B"],
            "priority": [1, 2, 3, 3, 3],
            "aim_id": ["p1-1", "p2-1", "p3-1", "p3-2", "p3-3"],
        }
    )
    counts = responsibilities.by_priority(frame)
    assert list(counts["title"]) == ["A", "B"]
    assert list(counts["priorities"]) == [2, 1]
    assert list(counts["times"]) == [2, 3]
    numbers = [row["priority"] for row in evidence.rows("priorities")]
    assert (counts[numbers].sum(axis=1) == counts["times"]).all()


def test_an_aim_without_owner_is_one_that_no_cell_of_the_plan_covers():
    assert set(responsibilities.without("aim-owners")["aim_id"]) == {"p3-5", "p7-8"}
    assert set(responsibilities.without("aim-dependencies")["aim_id"]) == {"p3-7"}


def test_aims_printed_a_second_time_are_not_counted():
    again = {
        row["aim_id"]
        for row in evidence.rows("priority-aims")
        if "Printed a second time" in (row["note"] or "")
    }
    assert len(again) == 4
    assert responsibilities.printed_aims() == len(evidence.rows("priority-aims")) - len(again)


def test_places_name_the_priority_alone():
    places = responsibilities.places(responsibilities.named("aim-owners"))
    assert set(places["locator"]) == {
        f"Priority {row['priority']}" for row in evidence.rows("priorities")
    }
