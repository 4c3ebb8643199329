"""Two states of a table: every value that moved is found, and none is invented."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nwlbook.moves import Move
from nwlbook.table_comparison import Comparison, compare_tables

HOSTILE = ["{{< pagebreak >}}", "@fig-x", "$x$", "a|b", "<b>", 'say "no"', "two\nlines", "a,b", "0"]
Table = list[list[str]]

names = st.sampled_from(["Brent", "Ealing", "Harrow", "Hounslow", *HOSTILE])
years = st.sampled_from(["2009/10", "2010/11", "2011/12"])
numbers = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.decimals(-1000, 1000, places=4, allow_nan=False).map(lambda value: f"{value:f}"),
)
texts = st.sampled_from(["Paid back at once", "After 2 days", "", "7%"])


def text_of(rows: Table, header: tuple[str, ...] = ("name", "year", "value", "said")) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return file.getvalue()


@st.composite
def tables(draw: st.DrawFn, min_size: int = 1) -> Table:
    """Draw rows that their first two columns tell apart."""
    keys = draw(st.lists(st.tuples(names, years), min_size=min_size, max_size=12, unique=True))
    return [[*key, draw(numbers), draw(texts)] for key in keys]


def nothing_told(found: Comparison) -> bool:
    return found.is_comparable and not found.found


@given(tables(), st.randoms())
def test_table_in_another_order_has_not_changed(rows: Table, random) -> None:  # type: ignore[no-untyped-def]
    other = rows[:]
    random.shuffle(other)
    assert nothing_told(compare_tables(text_of(rows), text_of(other)))


@given(st.lists(st.tuples(names, years, numbers, texts).map(list), max_size=12), st.randoms())
def test_rows_that_share_their_names_are_not_taken_for_others(rows: Table, random) -> None:  # type: ignore[no-untyped-def]
    other = rows[:]
    random.shuffle(other)
    assert nothing_told(compare_tables(text_of(rows), text_of(other)))
    assume(rows)
    gone = compare_tables(text_of(rows), text_of(rows[1:]))
    assert (gone.moves, gone.new_rows, len(gone.gone_rows)) == ((), (), 1)


@given(tables(min_size=2), st.data())
def test_value_that_moved_is_found_and_no_other(rows: Table, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    value = data.draw(numbers)
    before = rows[place][2]
    assume(Decimal(value) != Decimal(before))
    changed = [[*row] for row in rows]
    changed[place][2] = value
    (move,) = compare_tables(text_of(rows), text_of(changed)).moves
    assert (move.column, move.before, move.after) == ("value", before, value)
    assert rows[place][0] in move.row
    assert move.difference == Decimal(value) - Decimal(before)
    assert 0 < move.weight <= 2


@given(tables(), tables(), st.integers(0, 12))
def test_rows_added_and_removed_are_told_and_move_nothing(
    rows: Table, others: Table, kept: int
) -> None:
    # Two rows of one name, in both states, so that it takes the year too to name a row.
    both = [["All", "2009/10", "1", ""], ["All", "2010/11", "2", ""]]
    known = {(row[0], row[1]) for row in rows}
    added = [row for row in others if (row[0], row[1]) not in known]
    found = compare_tables(text_of([*both, *rows]), text_of([*added, *rows[:kept], *both]))
    assert found.moves == ()
    assert found.new_rows == tuple(", ".join(row[:2]) for row in added)
    assert found.gone_rows == tuple(", ".join(row[:2]) for row in rows[kept:])


@given(tables(), tables())
def test_there_and_back_tells_the_same_the_other_way_round(before: Table, after: Table) -> None:
    there = compare_tables(text_of(before), text_of(after))
    back = compare_tables(text_of(after), text_of(before))
    assert sorted(there.new_rows) == sorted(back.gone_rows)
    assert sorted(there.gone_rows) == sorted(back.new_rows)
    assert there.compared == back.compared
    turned = {replace(move, before=move.after, after=move.before) for move in back.moves}
    assert set(there.moves) == turned


@given(tables())
def test_every_value_of_common_rows_is_compared(rows: Table) -> None:
    found = compare_tables(text_of(rows), text_of(rows))
    assert found.compared in {2 * len(rows), 3 * len(rows)}


def moves(before: str, after: str) -> list[tuple[str, str, str | None, str | None]]:
    found = compare_tables(before, after)
    return [(move.row, move.column, move.before, move.after) for move in found.moves]


def test_first_column_names_the_row_even_if_it_is_a_number() -> None:
    before, after = "priority,late\n1,4\n2,7\n", "priority,late\n2,7\n3,1\n1,5\n"
    assert moves(before, after) == [("1", "late", "4", "5")]
    assert compare_tables(before, after).new_rows == ("3",)


def test_text_past_the_name_is_a_value() -> None:
    before = "name,payback,gbp\nBrent,After 9 days,2\nEaling,At once,3\n"
    assert moves(before, before.replace("After 9 days", "At once")) == [
        ("Brent", "payback", "After 9 days", "At once")
    ]


def test_as_many_columns_name_a_row_as_are_needed() -> None:
    before = "area,year,line,gbp\nbrent,2009/10,staff,1\nbrent,2010/11,staff,2\n"
    after = before.replace("2010/11,staff,2", "2010/11,staff,5") + "brent,2011/12,staff,9\n"
    assert moves(before, after) == [("brent, 2010/11", "gbp", "2", "5")]
    assert compare_tables(before, after).new_rows == ("brent, 2011/12",)


@pytest.mark.parametrize(
    ("before", "after"),
    [("1", "1.0"), ("1.50", "1.5"), ("0", "-0"), ("1e2", "100"), ("0.1234567891", "0.1234567892")],
)
def test_same_number_written_otherwise_has_not_moved(before: str, after: str) -> None:
    row = "name,value\nBrent,{}\n"
    assert nothing_told(compare_tables(row.format(before), row.format(after)))


@pytest.mark.parametrize(
    ("before", "after"), [("1", "1.0001"), ("1", "-1"), ("5", ""), ("", "5"), ("late", "on course")]
)
def test_other_value_has_moved(before: str, after: str) -> None:
    row = "name,value\nBrent,{}\n"
    assert moves(row.format(before), row.format(after)) == [("Brent", "value", before, after)]


def test_place_in_a_source_is_no_value() -> None:
    before = "name,value,source_id,locator\nBrent,1,plan,Page 1\n"
    found = compare_tables(before, before.replace("Page 1", "Page 2"))
    assert nothing_told(found)
    assert found.compared == 1


def test_columns_that_came_and_went_are_named() -> None:
    found = compare_tables("name,a,b\nBrent,1,2\n", "name,b,c\nBrent,3,4\n")
    assert (found.new_columns, found.gone_columns, found.compared) == (("c",), ("a",), 1)
    assert [move.column for move in found.moves] == ["b"]


def test_values_of_new_and_gone_rows_are_kept() -> None:
    found = compare_tables("name,a\nBrent,1\n", "name,a\nEaling,2\n")
    assert found.new_values == (Move("Ealing", "a", None, "2"),)
    assert found.gone_values == (Move("Brent", "a", "1", None),)


@pytest.mark.parametrize("after", ["year,name,a\n2009,Brent,1\n", "name,a,a\nBrent,1,2\n", ""])
def test_other_layout_is_not_compared(after: str) -> None:
    assert compare_tables("name,a\nBrent,1\n", after) == Comparison(is_comparable=False)


def weight(before: str | None, after: str | None, scale: int = 0) -> float:
    return Move("row", "column", before, after, Decimal(scale)).weight


def test_weight_is_how_far_a_value_moved_beside_the_largest_of_its_column() -> None:
    assert weight("100", "110") == weight("110", "100") == pytest.approx(10 / 110)
    assert weight("100", "110", 1000) == pytest.approx(0.01)
    assert weight("0", "3") == weight("late", "on course") == weight(None, "3") == 1
    assert weight("-1", "1") == 2
    assert weight("0", "0.0") == 0
    (first, second) = compare_tables("a,b\nx,1\ny,50\n", "a,b\nx,2\ny,40\n").moves
    assert (first.weight, second.weight) == (pytest.approx(1 / 50), pytest.approx(10 / 50))


def test_number_in_words_is_weighed_as_a_number() -> None:
    assert weight("After 80 days", "After 100 days") == pytest.approx(0.2)
    assert weight("£2,000", "−£2,000") == 2
    assert weight("After 80 days", "After 100 months") == 1
    assert weight("2 of 8", "3 of 8") == 1
    assert weight("By 2026", "By 2027") == 1
