"""Parts of large tables: the same rows as the whole gives, without what is not asked for."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import evidence, large_tables
from helpers.errors import EvidenceError

TYPES = {
    "area": "string!",
    "year": "integer",
    "cost": "number",
    "held": "boolean",
    "note": "string",
}
AREAS = ("brent", "ealing", "kensington, or chelsea", 'the "city"')


def written(rows: list[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TYPES)
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def every_table_is_large(monkeypatch):
    monkeypatch.setattr(large_tables, "LARGE", 0)
    # A few rows of a table of the tests are a good part of it.
    monkeypatch.setattr(evidence, "MANY", 1)


def table(project, rows, name="costs"):
    return project.table(name, written(rows), **TYPES)


ROWS = [
    ("brent", 2009, "1.5", "true", ""),
    ("ealing", "", "2", "false", "Two wards,\none closed"),
    ("brent", 2010, "", "true", "After £ and –"),
    ('the "city"', 2009, "-3e2", "false", ""),
]


def kept_of(project, name="costs") -> Path:
    return project.root / "outputs" / "cache" / "evidence" / name


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(AREAS),
            st.one_of(st.just(""), st.integers(1900, 2100)),
            st.one_of(st.just(""), st.integers(-99, 99)),
            st.sampled_from(["true", "false"]),
            st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=9),
        ),
        max_size=9,
    ),
    wanted=st.lists(st.sampled_from((*AREAS, "nowhere")), max_size=3),
)
def test_what_is_read_of_a_large_table_is_what_the_whole_gives(tmp_path_factory, rows, wanted):
    root = tmp_path_factory.mktemp("costs")
    file = root / "costs.csv"
    file.write_text(written(rows), encoding="utf-8", newline="\n")
    whole = [record for record in csv.reader(io.StringIO(written(rows))) if record][1:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_tables, "LARGE", 0)
        found = large_tables.large_table(file, 1, root / "kept")
    assert found is not None
    places = found.rows([("area", wanted)])
    assert list(found.cells(places)) == [record for record in whole if record[0] in wanted]
    note = found.column("note")
    assert [note.texts[number] for number in note.numbers] == [record[4] for record in whole]


@pytest.mark.usefixtures("every_table_is_large")
class TestLarge:
    @pytest.mark.parametrize("where", [{"area": "brent"}, {"area": ["ealing", 'the "city"']}])
    def test_load_gives_the_rows_that_it_gives_of_a_small_table(self, project, where, monkeypatch):
        table(project, ROWS)
        found = evidence.load("costs", **where)
        assert kept_of(project).is_dir()
        monkeypatch.setattr(large_tables, "LARGE", 2**40)
        table(project, ROWS, "same")
        pd.testing.assert_frame_equal(found, evidence.load("same", **where), check_dtype=False)
        assert not kept_of(project, "same").exists()

    def test_rows_and_columns_are_typed_and_in_file_order(self, project):
        table(project, ROWS)
        assert evidence.rows("costs", area="ealing") == [
            {
                "area": "ealing",
                "year": None,
                "cost": 2.0,
                "held": False,
                "note": "Two wards,\none closed",
            }
        ]
        assert evidence.columns("costs", "cost", "year") == [
            (1.5, 2009), (2.0, None), (None, 2010), (-300.0, 2009),
        ]  # fmt: skip
        assert evidence.columns("costs", "year", area="brent") == [(2009,), (2010,)]

    def test_nothing_found_keeps_the_types(self, project):
        table(project, ROWS)
        frame = evidence.load("costs", area="nowhere")
        assert frame.empty
        assert frame["year"].dtype == "int64"
        assert frame["held"].dtype == "bool"
        assert frame[frame["held"]].empty

    def test_an_edit_is_seen_and_few_states_are_kept(self, project):
        file = table(project, ROWS)
        for cost in range(8):
            file.write_text(written([("brent", 2009, cost, "true", "")]), encoding="utf-8")
            assert evidence.columns("costs", "cost") == [(cost,)]
        assert len(list(kept_of(project).iterdir())) == large_tables.STATES

    def test_a_bad_cell_is_named_where_it_is_read(self, project):
        table(project, [*ROWS, ("ealing", "x", "", "true", "")])
        expected = r"^data/costs.csv: row 6: column 'year': 'x': expected a whole number$"
        for read in (
            lambda: evidence.load("costs", area="ealing"),
            lambda: evidence.rows("costs", area="ealing"),
            lambda: evidence.columns("costs", "year"),
        ):
            with pytest.raises(EvidenceError, match=expected):
                read()
        assert len(evidence.load("costs", area="brent")) == 2

    def test_an_empty_cell_that_is_required_is_named(self, project):
        table(project, [*ROWS, ("", 2009, "", "true", "")])
        with pytest.raises(EvidenceError, match=r"row 6: column 'area': empty: expected text$"):
            evidence.columns("costs", "area")

    @pytest.mark.parametrize("row", ["brent,2009", "brent,2009,1,true,x,y"])
    def test_a_row_of_another_length_is_refused_as_in_a_small_table(self, project, row):
        project.table("costs", written(ROWS) + row + "\n", **TYPES)
        with pytest.raises(EvidenceError, match=r"row 6: expected 5 cells, found another number$"):
            evidence.load("costs", area="ealing")

    def test_a_table_with_other_line_ends_is_read_whole(self, project):
        project.table("costs", written(ROWS).replace("\n", "\r\n"), **TYPES)
        assert len(evidence.load("costs", area="brent")) == 2
        assert not kept_of(project).exists()

    def test_where_nothing_can_be_kept_the_table_is_read_whole(self, project):
        table(project, ROWS)
        project.write("outputs/cache/evidence/costs", "a file where the folder should be")
        assert len(evidence.load("costs", area="brent")) == 2


@pytest.mark.parametrize("large", [True, False])
class TestQuestions:
    @pytest.fixture(autouse=True)
    def costs(self, project, large, monkeypatch):
        monkeypatch.setattr(large_tables, "LARGE", 0 if large else 2**40)
        table(project, ROWS)

    def test_an_unknown_column_is_answered_with_the_known_ones(self):
        expected = "table 'costs': no column 'aera', which the book reads: found area, year"
        for read in (
            lambda: evidence.columns("costs", "aera"),
            lambda: evidence.columns("costs", "area", aera="brent"),
            lambda: evidence.rows("costs", aera="brent"),
            lambda: evidence.places("costs"),
        ):
            with pytest.raises(EvidenceError, match=expected.replace("aera", "(aera|source_id)")):
                read()

    def test_rows_are_picked_by_texts_alone(self):
        with pytest.raises(EvidenceError, match="picked by texts: column 'year' has none"):
            evidence.columns("costs", "area", year=2009)

    def test_several_questions_are_answered_together(self):
        note = "After £ and –"
        assert evidence.columns("costs", "year", area={"brent", "ealing"}, note=note) == [(2010,)]


def test_each_place_is_given_once_in_the_order_of_the_rows(project):
    frame = evidence.places("areas", kind="borough")
    assert frame.to_dict("list") == {"source_id": ["plan"] * 2, "locator": ["Page 2", "Page 3"]}


def test_damaged_part_is_made_again_from_the_file(project, every_table_is_large):
    table(project, ROWS)
    assert evidence.rows("costs", area="brent")
    expected = evidence.rows("costs", area="brent")
    parts = list(kept_of(project).rglob("*.*"))
    whole = {part: part.read_bytes() for part in parts if part.is_file()}
    for part, content in whole.items():
        part.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    large_tables.large_table.cache_clear()
    assert evidence.rows("costs", area="brent") == expected
    read_again = [part for part, content in whole.items() if part.read_bytes() == content]
    assert read_again
