"""Evidence that does not fit its descriptor is refused, in words that say what to mend."""

import json
import re
from pathlib import Path

import pytest
from builder_books import edit

from helpers import data_package
from helpers.sealed import unsealed
from nwlbook.errors import InputError
from nwlbook.foresight import evidence_state
from nwlbook.forgetting import forget_evidence
from nwlbook.validation import evidence_problems, validate_evidence

pytest_plugins = ["builder_fixtures"]


def problems(root: Path) -> list[str]:
    forget_evidence()
    return list(evidence_problems(root))


def test_valid_evidence_has_no_problem(book: Path) -> None:
    assert problems(book) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("area,beds", "beds,area", "beds.csv: row 1: column 'beds': expected 'area'"),
        ("locator\n", "locator,note\n", "beds.csv: row 1: column 'note' is not described"),
        ("100", "many", "beds.csv: row 2: column 'beds': 'many': expected a whole number"),
        ("100", "-1", "beds.csv: row 2: column 'beds': '-1': expected at least 0"),
        ("brent,100", ",100", "beds.csv: row 2: column 'area': '': expected a value"),
        ("ealing,80", "eeling,80", "beds.csv: row 3: "),
        ("80,survey", "80,census", "beds.csv: row 3: "),
        ("ealing,80", "brent,80", "beds.csv: row 3: "),
        ("survey,Table 1\n", "survey\n", "beds.csv: row 2: "),
    ],
)
def test_bad_row_is_named_with_what_was_expected(
    book: Path, old: str, new: str, message: str
) -> None:
    file = book / "data" / "beds.csv"
    file.write_text(file.read_text().replace(old, new, 1))
    assert problems(book)[0].startswith(f"data/{message}")


def test_missing_column_is_named_alone(book: Path) -> None:
    (book / "data" / "beds.csv").write_text(
        "area,source_id,locator\nbrent,survey,Table 1\nealing,survey,Table 1\n"
    )
    assert problems(book) == ["data/beds.csv: row 1: column 'beds' is missing"]


def test_misspelt_column_is_named_with_the_one_that_is_missing(book: Path) -> None:
    edit(book / "data" / "beds.csv", "area,beds", "area,bads")
    assert problems(book) == [
        "data/beds.csv: row 1: column 'beds' is missing",
        "data/beds.csv: row 1: column 'bads' is not described",
    ]


def test_empty_file_lacks_its_columns(book: Path) -> None:
    (book / "data" / "priorities.csv").write_text("")
    assert problems(book) == ["data/priorities.csv: row 1: column 'priority' is missing"]


def test_reference_to_a_table_that_is_not_described_is_refused(book: Path) -> None:
    edit(book / "data" / "datapackage.yaml", "resource: areas, fields", "resource: places, fields")
    (problem,) = problems(book)
    assert 'resource "places" does not exist' in problem


def test_dangling_reference_names_the_value_and_the_table(book: Path) -> None:
    edit(book / "data" / "beds.csv", "ealing", "eeling")
    (problem,) = problems(book)
    assert "eeling" in problem
    assert "areas" in problem


def test_key_that_stands_twice_is_named(book: Path) -> None:
    edit(book / "data" / "beds.csv", "ealing", "brent")
    (problem,) = problems(book)
    assert problem.startswith("data/beds.csv: row 3: the same as in the row at position 2")
    assert problem.endswith("expected a key that stands once")


def test_value_out_of_a_list_is_refused_with_the_list(book: Path) -> None:
    edit(book / "data" / "areas.csv", "Brent,borough", "Brent,town")
    assert problems(book) == [
        "data/areas.csv: row 3: column 'kind': 'town': expected one of system, borough"
    ]


def test_byte_order_mark_is_refused(book: Path) -> None:
    file = book / "data" / "beds.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert problems(book)[0] == (
        "data/beds.csv: starts with a byte order mark: expected plain UTF-8"
    )


def test_file_that_is_not_utf8_is_refused(book: Path) -> None:
    (book / "data" / "areas.csv").write_bytes(b"area,name,kind\nbrent,Br\xe9nt,borough\n")
    assert "data/areas.csv" in problems(book)[0]
    assert "utf-8" in problems(book)[0].lower()


def test_file_that_is_not_described_is_refused(book: Path) -> None:
    (book / "data" / "more").mkdir()
    (book / "data" / "more" / "staff.csv").write_text("area\n")
    assert problems(book) == ["data/more/staff.csv: not described in data/datapackage.yaml"]


def test_described_file_that_is_missing_is_refused(book: Path) -> None:
    (book / "data" / "beds.csv").unlink()
    assert problems(book) == ["data/beds.csv: not found"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- name: beds\n", "- name: areas\n", "resource 'areas' is described twice"),
        ("resources:", "resource:", "expected a data package with a list of resources"),
        ("name: beds\nresources", "name: [beds\nresources", "not valid YAML"),
    ],
)
def test_bad_descriptor_is_refused(book: Path, old: str, new: str, message: str) -> None:
    edit(book / "data" / "datapackage.yaml", old, new)
    (problem,) = problems(book)
    assert re.match(r"data/datapackage\.yaml(:[0-9]+)?: ", problem)
    assert message in problem
    assert "\n" not in problem


def test_first_problem_ends_a_build_and_the_rest_are_counted(book: Path, tmp_path: Path) -> None:
    edit(book / "data" / "beds.csv", "100", "many")
    edit(book / "data" / "beds.csv", "80", "few")
    forget_evidence()
    with pytest.raises(InputError) as caught:
        validate_evidence(book, tmp_path / "memory")
    assert str(caught.value) == (
        "data/beds.csv: row 2: column 'beds': 'many': expected a whole number "
        "(and 1 more: 'nwlbook check' lists them)"
    )


def test_state_found_valid_is_not_validated_again(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    validate_evidence(book, memory)
    asked: list[Path] = []
    monkeypatch.setattr(
        "nwlbook.validation.evidence_problems", lambda root, _: asked.append(root) or []
    )
    validate_evidence(book, memory)
    assert asked == []
    edit(book / "data" / "beds.csv", "100", "101")
    validate_evidence(book, memory)
    assert asked == [book]


def test_state_found_bad_is_not_remembered(book: Path, tmp_path: Path) -> None:
    edit(book / "data" / "beds.csv", "100", "many")
    for _ in range(2):
        forget_evidence()
        with pytest.raises(InputError):
            validate_evidence(book, tmp_path / "memory")


def test_state_depends_on_names_and_contents(book: Path) -> None:
    states = {evidence_state(book)}
    edit(book / "data" / "beds.csv", "100", "101")
    states.add(evidence_state(book))
    (book / "data" / "beds.csv").rename(book / "data" / "bedz.csv")
    states.add(evidence_state(book))
    assert len(states) == 3


def test_valid_descriptor_is_kept_in_a_form_read_faster(book: Path, tmp_path: Path) -> None:
    written = data_package.descriptor()
    validate_evidence(book, tmp_path / "memory")
    content = (book / "data" / "datapackage.yaml").read_bytes()
    compiled = data_package.compiled_descriptor(book, content)
    assert json.loads(unsealed(compiled.read_bytes()) or b"") == written
    forget_evidence()
    assert data_package.descriptor() == written


def test_memory_that_cannot_be_read_is_no_memory(book: Path, tmp_path: Path) -> None:
    validate_evidence(book, tmp_path / "memory")
    remembered = tmp_path / "memory" / "evidence" / "validated"
    state = remembered.read_bytes()
    for damaged in (b"\xff", b""):
        remembered.write_bytes(damaged)
        validate_evidence(book, tmp_path / "memory")
        assert remembered.read_bytes() == state
    remembered.unlink()
    remembered.mkdir()
    with pytest.raises(OSError, match="validated"):
        validate_evidence(book, tmp_path / "memory")


def test_damaged_descriptor_in_the_cache_is_not_believed(book: Path, tmp_path: Path) -> None:
    written = data_package.descriptor()
    validate_evidence(book, tmp_path / "memory")
    content = (book / "data" / "datapackage.yaml").read_bytes()
    compiled = data_package.compiled_descriptor(book, content)
    kept = compiled.read_bytes()
    for damaged in (b"", kept[:-1], kept.replace(b"integer", b"numbers")):
        compiled.write_bytes(damaged)
        forget_evidence()
        assert data_package.descriptor() == written


def test_changed_evidence_is_told_from_evidence_known_to_be_valid(
    book: Path, tmp_path: Path
) -> None:
    assert validate_evidence(book, tmp_path)
    assert not validate_evidence(book, tmp_path)
    edit(book / "data" / "beds.csv", "100", "101")
    forget_evidence()
    assert validate_evidence(book, tmp_path)
