"""Every printed date of the plan stands in the evidence as a span, and as the right one."""

import calendar
import re
from datetime import date

import pytest

from helpers import evidence, trajectories
from helpers.trajectories.spans import year_later, year_name

pytestmark = pytest.mark.usefixtures("book_evidence")

# Resource, and the columns of the printed date, its first day and its last.
DATED = (
    ("priority-aims", "target_date_printed", "target_start", "target_end"),
    ("indicators", "target_date_printed", "target_start", "target_end"),
    ("indicators", "baseline_date_printed", "baseline_start", "baseline_end"),
    ("priority-actions", "focus_year_printed", "focus_start", "focus_end"),
)
MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
PLAN_YEARS = {number: 2023 + number for number in range(1, 6)}
LAST = date(2029, 3, 31)
DASH = r"\s*[-–]\s*"


def month_span(month: str, year: str) -> tuple[date, date]:
    number = MONTHS[month[:3]]
    last = calendar.monthrange(int(year), number)[1]
    return date(int(year), number, 1), date(int(year), number, last)


def years_span(first: int, last: int) -> tuple[date, date]:
    """Financial years by the calendar years in which they begin."""
    return date(first, 4, 1), date(last + 1, 3, 31)


def span(printed: str) -> tuple[date, date]:
    """Read a printed date anew, so that the evidence is checked by something else."""
    text = printed.strip()
    if found := re.fullmatch(
        r"(?:Continuous improvement commencing )?(\d{4})/\d+( onwards)?", text
    ):
        start = years_span(int(found[1]), int(found[1]))
        is_open = found[2] or text.startswith("Continuous")
        return (start[0], LAST) if is_open else start
    if found := re.fullmatch(r"end of Q4 (\d{4})/\d", text):
        return date(int(found[1]) + 1, 1, 1), date(int(found[1]) + 1, 3, 31)
    if found := re.fullmatch(r"([A-Z][a-z]+) (\d{4})(?:" + DASH + r"(\d{4})/\d\d)?", text):
        start, end = month_span(found[1], found[2])
        return start, years_span(int(found[3]), int(found[3]))[1] if found[3] else end
    if found := re.fullmatch(r"(?:Years?|Y) ?(\d)(?:-(\d))?( ?\+)?", text):
        first = int(found[1])
        start, end = years_span(PLAN_YEARS[first], PLAN_YEARS[int(found[2] or first)])
        return start, LAST if found[3] else end
    if found := re.fullmatch(r"(\d{4})(?:" + DASH + r"|/ ?)(\d{2,4})", text):
        return years_span(int(found[1]), 2000 + int(found[2]) % 100 - 1)
    if found := re.fullmatch(r"\d{4}", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    raise AssertionError(f"'{printed}' is a form of date that nobody has read")


@pytest.mark.parametrize(("resource", "printed", "start", "end"), DATED)
def test_no_printed_date_is_dropped_or_misread(resource, printed, start, end):
    rows = [row for row in evidence.rows(resource) if row[printed]]
    assert rows
    for row in rows:
        assert (row[start], row[end]) == span(row[printed]), row[printed]


@pytest.mark.parametrize(("resource", "printed", "start", "end"), DATED)
def test_nothing_is_dated_that_is_not_printed(resource, printed, start, end):
    for row in evidence.rows(resource):
        if not row[printed]:
            assert row[start] is None
            assert row[end] is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2024 - 25", (date(2024, 4, 1), date(2025, 3, 31))),
        ("April 2025 - 2026/27", (date(2025, 4, 1), date(2027, 3, 31))),
        ("Y2+", (date(2025, 4, 1), LAST)),
        ("Continuous improvement commencing 2024/25", (date(2024, 4, 1), LAST)),
        ("2026 - 29", (date(2026, 4, 1), LAST)),
    ],
)
def test_the_forms_that_are_hardest_to_read(printed, expected):
    assert span(printed) == expected
    assert any(row[column] == printed for name, column, *_ in DATED for row in evidence.rows(name))


def test_an_indicator_keeps_its_span():
    for row in evidence.rows("indicators"):
        held = trajectories.known()[row["indicator"]]
        assert (held.due_from, held.due) == (row["target_start"], row["target_end"])


def test_years_have_names_and_a_year_after_a_leap_day():
    assert [year_name(number) for number in (1, 5)] == ["2024/25", "2028/29"]
    assert year_later(date(2026, 11, 22)) == date(2027, 11, 22)
    assert year_later(date(2024, 2, 29)) == date(2025, 2, 28)
