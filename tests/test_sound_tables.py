"""What is known of tables spares their checks, and hides nothing that a check would find."""

from pathlib import Path

import pytest
from builder_books import edit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from helpers import data_package
from nwlbook.errors import InputError
from nwlbook.forgetting import forget_evidence
from nwlbook.validation import evidence_problems, validate_evidence
from nwlbook.validation.sound_tables import NAME, SoundTables

pytest_plugins = ["builder_fixtures"]

TABLES = {"areas", "priorities", "savings-scenarios", "sources", "beds"}


@pytest.fixture
def memory(book: Path, tmp_path: Path) -> Path:
    """What is remembered after the evidence of the book was found valid."""
    validate_evidence(book, tmp_path / "memory")
    return tmp_path / "memory"


def known(book: Path, memory: Path | None) -> set[str]:
    forget_evidence()
    return SoundTables(book, memory).names(data_package.descriptor()["resources"])


def found(book: Path, memory: Path | None) -> list[str]:
    forget_evidence()
    return list(evidence_problems(book, SoundTables(book, memory)))


def test_nothing_is_known_without_a_memory_or_of_one_that_is_empty(
    book: Path, tmp_path: Path
) -> None:
    assert known(book, None) == set()
    assert known(book, tmp_path / "empty") == set()


def test_tables_that_were_found_valid_are_known(book: Path, memory: Path) -> None:
    assert known(book, memory) == TABLES


@pytest.mark.parametrize(
    ("file", "old", "new", "unknown"),
    [
        ("beds.csv", "100", "101", {"beds"}),
        ("areas.csv", "Brent", "London Borough of Brent", {"areas", "beds"}),
        ("sources.csv", "Survey of beds", "Survey", {"sources", "beds"}),
        ("datapackage.yaml", "enum: [system, borough]", "required: true", {"areas", "beds"}),
    ],
)
def test_a_change_is_a_check_of_its_table_and_of_those_that_refer_to_it(
    book: Path, memory: Path, file: str, old: str, new: str, unknown: set[str]
) -> None:
    edit(book / "data" / file, old, new)
    assert known(book, memory) == TABLES - unknown


def test_evidence_found_bad_leaves_what_was_known(book: Path, memory: Path) -> None:
    before = (memory / NAME).read_bytes()
    edit(book / "data" / "beds.csv", "100", "many")
    forget_evidence()
    with pytest.raises(InputError, match="'many'"):
        validate_evidence(book, memory)
    assert (memory / NAME).read_bytes() == before
    assert known(book, memory) == TABLES - {"beds"}


def test_a_damaged_memory_knows_nothing(book: Path, memory: Path) -> None:
    content = (memory / NAME).read_bytes()
    (memory / NAME).write_bytes(content[:-9] + b"0" + content[-8:])
    assert known(book, memory) == set()


def test_keys_are_those_of_before_the_checks(
    book: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(book / "data" / "beds.csv", "100", "101")
    forget_evidence()
    sound = SoundTables(book, memory)
    assert list(evidence_problems(book, sound)) == []
    edit(book / "data" / "beds.csv", "101", "many")
    sound.remember()
    assert found(book, memory) == [
        "data/beds.csv: row 2: column 'beds': 'many': expected a whole number"
    ]


CHANGES = [
    ("areas.csv", "ealing,Ealing,borough\n", ""),
    ("areas.csv", "borough", "county"),
    ("areas.csv", "brent,Brent", "nwl,Brent"),
    ("sources.csv", "survey,", "census,"),
    ("sources.csv", "Survey of beds\n", "Survey of beds\n\n"),
    ("beds.csv", "brent,100", "brent,-1"),
    ("beds.csv", "ealing,80", "brent,80"),
    ("beds.csv", "area,beds", "beds,area"),
    ("priorities.csv", "1\n", "1\n1\n"),
    ("priorities.csv", "2", "two"),
    ("datapackage.yaml", "minimum: 0", "minimum: 90"),
    ("datapackage.yaml", "{name: priority, type: integer}", "{name: priority, type: boolean}"),
]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some.lists(some.sampled_from(CHANGES), max_size=3, unique=True))
def test_what_is_known_hides_no_problem(
    book: Path, memory: Path, changes: list[tuple[str, str, str]]
) -> None:
    """Whatever is changed, the same is found with the memory as without."""
    before = {file: file.read_bytes() for file in (book / "data").iterdir()}
    try:
        for name, old, new in changes:
            file = book / "data" / name
            file.write_text(file.read_text().replace(old, new, 1))
        assert found(book, memory) == found(book, None)
    finally:
        for file, content in before.items():
            file.write_bytes(content)


@pytest.mark.parametrize(("name", "old", "new"), CHANGES)
def test_changes_are_changes(book: Path, name: str, old: str, new: str) -> None:
    assert old in (book / "data" / name).read_text()
    assert old != new
