import json
from datetime import date

import pandas as pd
import pytest

from helpers import data_package, evidence
from helpers.errors import EvidenceError
from helpers.paths import is_project, project_root
from helpers.sealed import sealed


def refusal(name: str) -> str:
    with pytest.raises(EvidenceError) as caught:
        evidence.rows(name)
    return str(caught.value)


def test_rows_are_typed_as_described_and_in_file_order(project):
    first, second = evidence.rows("beds")
    assert first == {
        "area": "brent",
        "beds": 12,
        "cost": 1.5,
        "open": True,
        "counted": date(2024, 7, 5),
        "note": None,
        "source_id": "case",
        "locator": "Table 1, Brent",
    }
    assert second["area"] == "ealing"
    assert (second["open"], second["cost"], second["counted"]) == (False, None, None)
    assert second["note"] == "Two wards, one closed"


def test_columns_may_stand_in_another_order_than_described(project):
    project.table("turned", "b,a\n1,x\n", a="string", b="integer")
    assert evidence.rows("turned") == [{"a": "x", "b": 1}]


def test_a_caller_who_changes_a_row_does_not_change_the_evidence(project):
    evidence.rows("beds")[0]["beds"] = 99
    assert evidence.rows("beds")[0]["beds"] == 12


def test_a_changed_file_is_read_again_without_a_new_kernel(project):
    assert evidence.rows("beds")[0]["beds"] == 12
    file = project.root / "data" / "beds.csv"
    file.write_text(file.read_text().replace("brent,12", "brent,13"))
    assert evidence.rows("beds")[0]["beds"] == 13


@pytest.mark.parametrize(
    ("column", "old", "new", "expected"),
    [
        ("beds", "brent,12,", "brent,twelve,", "'twelve': expected a whole number"),
        ("beds", "brent,12,", "brent,12.5,", "'12.5': expected a whole number"),
        ("beds", "brent,12,", "brent,1_2,", "'1_2': expected a whole number"),
        ("beds", "brent,12,", "brent,,", "empty: expected a whole number"),
        ("cost", ",1.50,", ",£1.50,", "'£1.50': expected a number"),
        ("cost", ",1.50,", ",nan,", "'nan': expected a number"),
        ("cost", ",1.50,", ",inf,", "'inf': expected a number"),
        ("cost", ",1.50,", ", 1.50,", "' 1.50': expected a number"),
        ("cost", ",1.50,", ',"1,500",', "'1,500': expected a number"),
        ("open", ",true,", ",yes,", "'yes': expected true or false"),
        ("counted", "2024-07-05", "05/07/2024", "'05/07/2024': expected a date such as"),
        ("counted", "2024-07-05", "20240705", "'20240705': expected a date such as"),
        ("counted", "2024-07-05", "2024-02-30", "'2024-02-30': expected a date such as"),
    ],
)
def test_a_bad_cell_is_named_with_file_row_column_value_and_expectation(
    project, column, old, new, expected
):
    project.edit("data/beds.csv", old, new)
    message = refusal("beds")
    assert message.startswith(f"data/beds.csv: row 2: column '{column}': {expected}")
    assert "\n" not in message


def test_the_row_counts_the_heading_as_the_first(project):
    project.edit("data/beds.csv", "ealing,7,", "ealing,x,")
    assert "row 3: column 'beds': 'x'" in refusal("beds")


@pytest.mark.parametrize("text", ["-5", "+5", "5.25", "0.50", "1e3", "-1.5E-2"])
def test_plain_numbers_are_read(project, text):
    project.edit("data/beds.csv", ",1.50,", f",{text},")
    assert evidence.rows("beds")[0]["cost"] == float(text)


def test_a_missing_column_is_named(project):
    project.edit("data/beds.csv", "area,beds,", "area,bedz,")
    assert refusal("beds") == "data/beds.csv: row 1: column 'beds' is missing"


def test_an_undescribed_column_is_named(project):
    project.edit("data/reference/sources.csv", "title,short_title\n", "title,short_title,more\n")
    assert refusal("sources") == (
        "data/reference/sources.csv: row 1: column 'more' is not described"
    )


@pytest.mark.parametrize("row", ["brent,1,2", "brent"])
def test_a_row_of_another_length_is_refused(project, row):
    project.table("pairs", f"area,beds\n{row}\n", area="string", beds="integer")
    assert refusal("pairs") == "data/pairs.csv: row 2: expected 2 cells, found another number"


def test_an_empty_line_is_no_row(project):
    project.table("pairs", "area,beds\n\nbrent,1\n\n", area="string", beds="integer")
    assert evidence.rows("pairs") == [{"area": "brent", "beds": 1}]


def test_a_missing_file_is_named(project):
    (project.root / "data" / "beds.csv").unlink()
    assert refusal("beds") == "data/beds.csv: not found"


def test_an_empty_file_has_no_columns(project):
    project.write("data/beds.csv", "")
    assert refusal("beds") == "data/beds.csv: row 1: column 'area' is missing"


def test_text_that_is_not_utf_8_is_refused_with_its_place(project):
    project.write("data/beds.csv", b"area,beds\ncaf\xe9,1\n")
    assert refusal("beds") == "data/beds.csv: byte 13 is not UTF-8 text"


def test_a_byte_order_mark_is_not_taken_for_data(project):
    text = (project.root / "data" / "beds.csv").read_bytes()
    project.write("data/beds.csv", b"\xef\xbb\xbf" + text)
    assert refusal("beds") == "data/beds.csv: row 1: column 'area' is missing"


def test_an_unknown_resource_is_answered_with_the_known_ones(project):
    message = refusal("bed")
    assert message.startswith("data/datapackage.yaml: no resource 'bed': expected one of areas, ")
    assert "beds" in message


def test_a_resource_that_is_no_table_is_not_read_as_one(project):
    described = {"name": "shapes", "path": "shapes.geojson"}
    package = {"name": "small", "resources": [described]}
    project.write("data/datapackage.yaml", json.dumps(package))
    project.write("data/shapes.geojson", "{}")
    for read in (evidence.rows, evidence.load):
        with pytest.raises(EvidenceError, match=r"shapes: not a table: data/shapes\.geojson"):
            read("shapes")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"resources: [", "2: not valid YAML: did not find expected node content"),
        (b"resources: caf\xe9", " byte 14 is not UTF-8 text"),
        (b"", " expected a data package with a list of resources"),
        (b"resources: none", " expected a data package with a list of resources"),
        (b"- one\n- two", " expected a data package with a list of resources"),
    ],
)
def test_a_bad_descriptor_is_refused_in_one_line(project, content, expected):
    project.write("data/datapackage.yaml", content)
    with pytest.raises(EvidenceError, match=f"^data/datapackage.yaml:{expected}") as caught:
        data_package.descriptor()
    assert "\n" not in str(caught.value)


def test_a_missing_descriptor_is_named(project):
    project.descriptor.unlink()
    data_package.descriptor.cache_clear()
    with pytest.raises(EvidenceError, match=r"^data/datapackage\.yaml: not found$"):
        data_package.descriptor()


def test_the_compiled_descriptor_serves_only_the_content_that_it_was_made_from(project):
    content = project.descriptor.read_bytes()
    compiled = data_package.compiled_descriptor(project.root, content)
    marked = {**data_package.descriptor(), "title": "compiled"}
    kept = sealed(json.dumps(marked).encode())
    project.write(compiled.relative_to(project.root).as_posix(), kept)
    assert data_package.descriptor()["title"] == "compiled"
    project.write("data/datapackage.yaml", content + b"# changed\n")
    assert "title" not in data_package.descriptor()


def test_load_gives_the_described_types(project):
    frame = evidence.load("beds")
    assert list(frame.columns) == [
        "area", "beds", "cost", "open", "counted", "note", "source_id", "locator",
    ]  # fmt: skip
    assert frame["beds"].dtype == "int64"
    assert frame["cost"].dtype == "float64"
    assert frame["open"].dtype == "bool"
    assert frame["counted"].dtype.kind == "M"
    assert frame["cost"].isna().tolist() == [False, True]
    assert frame["counted"].isna().tolist() == [False, True]


def test_load_keeps_whole_numbers_whole_beside_a_missing_one(project):
    project.table("wards", "ward,beds\na,3\nb,\n", ward="string", beds="integer")
    beds = evidence.load("wards")["beds"]
    assert str(beds[0]) == "3"
    assert beds[1] is pd.NA


def test_load_of_a_table_without_rows_keeps_its_columns(project):
    project.table("none", "area,cost,day\n", area="string", cost="number", day="date")
    frame = evidence.load("none")
    assert list(frame.columns) == ["area", "cost", "day"]
    assert frame.empty
    assert frame["cost"].dtype == "float64"


@pytest.mark.parametrize(
    ("where", "areas"),
    [
        ({"kind": "borough"}, ["brent", "ealing"]),
        ({"kind": "borough", "source_id": "case"}, []),
        ({"area": ["england", "brent"]}, ["brent", "england"]),
        ({"area": ("england", "brent")}, ["brent", "england"]),
        ({"area": {"england"}}, ["england"]),
        # As many values as rows must not be compared one with each row.
        ({"area": ("england", "ealing", "brent", "nwl")}, ["nwl", "brent", "ealing", "england"]),
        ({"name": "Brent"}, ["brent"]),
    ],
)
def test_load_keeps_the_rows_asked_for_in_file_order(project, where, areas):
    frame = evidence.load("areas", **where)
    assert frame["area"].tolist() == areas
    assert list(frame.index) == list(range(len(areas)))


def test_a_question_to_an_unknown_column_is_answered_with_the_known_ones(project):
    expected = "areas: no column 'aera': expected one of area, name, kind"
    with pytest.raises(EvidenceError, match=expected):
        evidence.load("areas", aera="brent")
    with pytest.raises(EvidenceError, match=expected):
        evidence.value("areas", "aera", area="brent")
    with pytest.raises(EvidenceError, match=expected):
        evidence.value("areas", "name", aera="brent")


def test_value_returns_the_one_cell(project):
    assert evidence.value("beds", "beds", area="brent", open=True) == 12
    assert evidence.value("areas", "area", name="Ealing") == "ealing"
    assert evidence.value("beds", "cost", area="ealing") is None


@pytest.mark.parametrize(("kind", "found"), [("borough", 2), ("county", 0)])
def test_value_refuses_another_number_of_rows_than_one(project, kind, found):
    expected = f"areas: expected one row where kind={kind}, found {found}"
    with pytest.raises(EvidenceError, match=expected):
        evidence.value("areas", "name", kind=kind)


def test_the_project_is_the_one_named_then_the_one_around_the_working_folder(project, monkeypatch):
    assert project_root() == project.root
    monkeypatch.delenv("NWLBOOK_ROOT")
    inner = project.root / "notebooks" / "drafts"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    project_root.cache_clear()
    assert project_root() == project.root
    assert is_project(project.root)
    assert not is_project(inner)


def test_a_working_folder_outside_any_project_falls_back_to_the_checkout(monkeypatch, tmp_path):
    monkeypatch.delenv("NWLBOOK_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    project_root.cache_clear()
    try:
        assert is_project(project_root())
    finally:
        project_root.cache_clear()


def test_every_row_of_the_book_fits_its_description_and_names_a_known_source(book_evidence):
    known = {row["source_id"] for row in evidence.rows("sources")}
    for entry in data_package.descriptor()["resources"]:
        if "schema" not in entry:
            continue
        for number, row in enumerate(evidence.rows(entry["name"]), start=2):
            assert row["source_id"] in known, f"{entry['name']}: row {number}"
            if "locator" in row:
                assert row["locator"].strip(), f"{entry['name']}: row {number}"
