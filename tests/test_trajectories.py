from datetime import date

import pandas as pd
import pytest

from helpers import trajectories

AIMS = """\
aim_id,target_start,target_end
a1,{first},2025-06-30
a2,,2026-03-31
a3,,
a4,2025-01-01,{last}
"""
HEADING = (
    "indicator,priority,unit,baseline_value,baseline_end,target_value,target_low,target_high,"
    "target_end,title,direction,target_start,implied,change_only,aim_id,note,source_id,locator\n"
)
TYPES = {
    "indicator": "string!",
    "priority": "integer!",
    "unit": "string!",
    "baseline_value": "number",
    "baseline_end": "date",
    "target_value": "number",
    "target_low": "number",
    "target_high": "number",
    "target_end": "date",
    "title": "string!",
    "direction": "string!",
    "target_start": "date",
    "implied": "boolean!",
    "change_only": "boolean!",
    "aim_id": "string",
    "note": "string",
    "source_id": "string!",
    "locator": "string!",
}
PLACE = ",A promise,at least,,false,false,,,plan,Page 1\n"
SOURCED = {"source_id": "string!", "locator": "string!"}
ROWS = (
    "path,1,percent,40,2024-03-31,80,,,2025-03-31",
    "undated,1,percent,40,,80,,,2025-03-31",
    "no-date,1,percent,40,2024-03-31,80,,,",
    "no-start,2,percent,,,80,,,2025-03-31",
    "range,2,people,,,,50000,70000,",
    "from-range,2,people,40000,2024-03-31,,50000,70000,2025-03-31",
)


def hold(project, *rows: str) -> None:
    """Hold indicators, and the tables of what can be observed, which are empty."""
    project.table("indicators", HEADING + "".join(row + PLACE for row in rows), **TYPES)
    empty = {
        "measures": "measure title unit direction indicator publisher basis standard_value "
        "standard_source_id standard_locator note",
        "measure-bases": "measure printed basis note",
        "measure-priorities": "measure priority reason",
        "organisations": "code name kind area",
        "cancer-62-day": "provider_code month percent_within",
        "ae-4-hour": "provider_code month percent_within basis",
    }
    for name, columns in empty.items():
        types = {column: "string" for column in columns.split()} | SOURCED
        project.table(name, ",".join(types) + "\n", **types)


def points(indicator: str) -> pd.DataFrame:
    frame = trajectories.trajectory_rows()
    return frame[frame["indicator"] == indicator]


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        ("2024-04-01", "2029-03-31", ((2024, 4, 1), (2029, 3, 31))),
        ("2024-07-01", "2028-12-31", ((2024, 4, 1), (2029, 3, 31))),
        ("2024-03-31", "2029-04-01", ((2023, 4, 1), (2030, 3, 31))),
        ("2024-01-01", "2029-01-31", ((2023, 4, 1), (2029, 3, 31))),
    ],
)
def test_the_plan_spans_whole_financial_years(project, first, last, span):
    rows = AIMS.format(first=first, last=last)
    project.table("priority-aims", rows, aim_id="string", target_start="date", target_end="date")
    assert trajectories.plan_span() == tuple(date(*day) for day in span)
    start, end = span[0][0], span[1][0]
    assert trajectories.year_end(1) == date(start + 1, 3, 31)
    assert trajectories.year_end(end - start) == trajectories.plan_span()[1]


def test_indicators_of_one_priority_or_of_all(project):
    hold(project, *ROWS)
    assert list(trajectories.indicators()["indicator"]) == [row.split(",")[0] for row in ROWS]
    assert list(trajectories.indicators(1)["indicator"]) == ["path", "undated", "no-date"]
    assert trajectories.indicators(9).empty


def test_a_path_starts_at_its_baseline_ends_at_its_target_and_is_straight(project):
    hold(project, ROWS[0])
    frame = points("path")
    assert list(frame["kind"]) == ["baseline", "target", "required", "required", "required"]
    values = frame.set_index("date")["value"]
    assert values[date(2024, 3, 31)] == 40
    assert values[date(2025, 3, 31)] == 80
    for quarter in (date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)):
        share = (quarter - date(2024, 3, 31)).days / 365
        assert values[quarter] == pytest.approx(40 + 40 * share, abs=1e-4)


def test_a_falling_target_has_a_falling_path(project):
    hold(project, "path,1,percent,80,2024-05-15,20,,,2026-02-10")
    required = points("path").query("kind == 'required'")
    assert len(required) == 7
    assert required["value"].is_monotonic_decreasing
    assert required["value"].between(20, 80, inclusive="neither").all()


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        (ROWS[1], ["baseline", "target"]),
        (ROWS[2], ["baseline", "target"]),
        (ROWS[3], ["target"]),
        (ROWS[4], ["target"]),
        (ROWS[5], ["baseline", "target"]),
        ("none,1,percent,,,,,,2025-03-31", []),
        ("same-day,1,percent,40,2025-03-31,80,,,2025-03-31", ["baseline", "target"]),
        ("too-late,1,percent,40,2026-03-31,80,,,2025-03-31", ["baseline", "target"]),
    ],
)
def test_without_two_dated_ends_there_is_no_path_between(project, row, kinds):
    hold(project, row)
    assert list(trajectories.trajectory_rows()["kind"]) == kinds


def test_a_target_that_is_a_range_keeps_both_its_ends(project):
    hold(project, ROWS[4])
    (row,) = trajectories.trajectory_rows().itertuples()
    assert (row.lower, row.upper) == (50000, 70000)
    assert pd.isna(row.value)


def test_every_point_carries_its_unit_and_its_source(project):
    hold(project, *ROWS)
    frame = trajectories.trajectory_rows()
    assert list(frame.columns) == [
        "indicator", "priority", "area", "kind", "date", "value", "lower", "upper", "unit",
        "source_id", "locator",
    ]  # fmt: skip
    assert (frame["area"] == "nwl").all()
    assert (frame["source_id"] == "plan").all()
    assert frame[["indicator", "priority", "unit", "locator"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (ROWS[0], "+10.01"),
        ("falls,1,percent,80,2024-03-31,40,,,2025-03-31", "−10.01"),
        ("stays,1,percent,80,2024-03-31,80,,,2025-03-31", "0.00"),
        (ROWS[1], "Starting point not dated"),
        (ROWS[2], "No date"),
        (ROWS[3], "No starting point"),
        (ROWS[5], "No single target"),
        ("same-day,1,percent,40,2025-03-31,80,,,2025-03-31", "No time between"),
        ("too-late,1,percent,40,2026-03-31,80,,,2025-03-31", "No time between"),
    ],
)
def test_the_pace_needed_is_said_or_why_it_cannot_be(project, row, text):
    hold(project, row)
    assert trajectories.needed_each_quarter(trajectories.indicators()) == [text]


def test_the_book_s_plan_covers_five_years(book_evidence):
    assert trajectories.plan_span() == (date(2024, 4, 1), date(2029, 3, 31))
    assert trajectories.years() == 5
    assert trajectories.year_start(1) == date(2024, 4, 1)
    indicators = trajectories.indicators()
    assert len(trajectories.needed_each_quarter(indicators)) == len(indicators)
