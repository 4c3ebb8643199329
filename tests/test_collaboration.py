from datetime import date, datetime

import pandas as pd
import pytest

from helpers import collaboration, evidence


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        ("2008-10-03", "2008-10-03", "day", "3 October 2008"),
        ("2009-06-01", "2009-06-30", "month", "June 2009"),
        ("2022-01-01", "2022-12-31", "year", "2022"),
        ("2025-04-01", "2026-03-31", "year", "2025/26"),
        ("2018-06-01", "2018-08-31", "period", "June to August 2018"),
        ("2009-09-01", "2010-01-31", "period", "September 2009 to January 2010"),
        ("2010-03-31", "2010-03-31", "year", "March 2010"),
    ],
)
def test_a_date_is_written_as_precisely_as_it_is_known(start, end, precision, expected):
    days = (date.fromisoformat(start), date.fromisoformat(end))
    assert collaboration.written(*days, precision) == expected


def test_turning_points_are_those_of_the_timeline_in_order_of_time():
    points = collaboration.turning_points()
    timeline = evidence.load("timeline").set_index("event")
    assert points["date_start"].is_monotonic_increasing
    assert len(points) == len(evidence.rows("collaboration-events"))
    for row in points.itertuples():
        assert row.date_start == timeline.loc[row.event, "date_start"]
        assert row.source_id == timeline.loc[row.event, "source_id"]
        assert row.locator == timeline.loc[row.event, "locator"]
        assert row.shown


def test_the_longest_silence_ends_where_the_next_event_begins():
    points = pd.DataFrame(
        {
            "date_start": pd.to_datetime(["2000-01-01", "2001-01-01", "2010-01-01"]),
            "date_end": pd.to_datetime(["2005-01-01", "2001-12-31", "2010-12-31"]),
        }
    )
    start, end, years = collaboration.longest_silence(points)
    assert (start, end) == (date(2005, 1, 1), date(2010, 1, 1))
    assert years == pytest.approx(5, abs=0.01)


def test_the_sums_are_those_of_the_evidence_and_a_missing_one_is_said():
    sums = collaboration.money().set_index("purpose")
    assert sums.loc["Setting up the Partnership, once", "amount"] == "£0.81 million"
    assert sums.loc["Cost of the Partnership in 2012/13", "amount"] == "£5.16 million"
    invoices = sums.index[sums.index.str.contains("invoices")]
    assert list(sums.loc[invoices, "amount"]) == ["£106,000"]
    unprinted = sums[sums["amount"] == collaboration.UNPRINTED]
    assert set(unprinted["year"]) == {"2018"}
    assert len(unprinted) == 2
    assert sums[["body", "state", "source_id", "locator"]].notna().all(axis=None)


def test_every_link_is_drawn_once_in_its_row_and_column():
    names, heads, marks = collaboration.promise_marks()
    drawn = {
        (column + 1, 0 if row == len(names) - 1 else row + 1): mark
        for row, cells in enumerate(marks)
        for column, mark in enumerate(cells)
        if mark
    }
    links = evidence.rows("benefit-priority-matrix")
    assert drawn == {(row["benefit"], row["priority"] or 0): row["relation"] for row in links}
    assert len(heads) == len(evidence.rows("benefits"))
    assert names[-1] == collaboration.ELSEWHERE


def test_a_link_carries_both_names_and_both_places():
    links = collaboration.reappearing()
    named = links[["benefit_title", "priority_title", "relation_title", "reason"]]
    assert named.notna().all(axis=None)
    elsewhere = links[links["priority"].isna()]
    assert set(elsewhere["priority_title"]) == {collaboration.ELSEWHERE}
    places = collaboration.plan_places(links)
    assert set(places["source_id"]) == {"joint-forward-plan-2024"}
    assert set(places["locator"].str.split().str[0]) <= {"Priority", "Section"}


def test_a_link_s_slug_and_place_agree_with_its_numbers():
    for row in evidence.rows("benefit-priority-matrix"):
        where = f"p{row['priority']}" if row["priority"] else "elsewhere"
        assert row["link"] == f"b{row['benefit']}-{where}"
        if row["priority"]:
            assert row["plan_locator"].startswith(f"Priority {row['priority']},")
        assert f"Benefit {row['benefit']}" in row["locator"]


def test_an_event_is_planned_only_if_it_ends_after_its_source_was_written():
    written = {row["source_id"]: row["date"] for row in evidence.rows("sources")}
    points = collaboration.turning_points()
    for row in points.itertuples():
        known = written[row.source_id]
        first = datetime.fromisoformat((known + "-01-01")[:10] if len(known) == 4 else
                                       known + "-01" if len(known) == 7 else known)  # fmt: skip
        assert not row.planned or row.date_end >= first
        assert row.planned or row.date_start.year <= first.year
