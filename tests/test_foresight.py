"""What a command knows before it has read the book: whether notebooks will run."""

from pathlib import Path

import pytest
from builder_books import edit

from nwlbook import foresight
from nwlbook.foresight import FIRST_KERNELS, foresee_runs
from nwlbook.kernels.server import FEW_KERNELS
from nwlbook.validation import validate_evidence

pytest_plugins = ["builder_fixtures"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """After how many kernels each server that was started is to import the rest."""
    servers: list[int] = []

    def warm_up(*, rest_after: int = FEW_KERNELS) -> None:
        servers.append(rest_after)

    monkeypatch.setattr(foresight.server, "warm_up", warm_up)
    return servers


@pytest.fixture
def built(book: Path) -> Path:
    """A book of which runs are kept, and whose evidence is known to be valid."""
    cache = book / "outputs" / "cache"
    (cache / "runs").mkdir(parents=True)
    validate_evidence(book, cache)
    return book


def test_first_build_starts_the_fork_server(book: Path, started: list[int]) -> None:
    foresee_runs(book)
    assert started == [FIRST_KERNELS]


def test_unchanged_evidence_starts_none(built: Path, started: list[int]) -> None:
    foresee_runs(built)
    assert started == []


def test_changed_evidence_starts_one_for_a_few_runs(built: Path, started: list[int]) -> None:
    edit(built / "data" / "beds.csv", "100", "101")
    foresee_runs(built)
    assert started == [FEW_KERNELS]


def test_evidence_that_was_never_found_valid_starts_one(built: Path, started: list[int]) -> None:
    (built / "outputs" / "cache" / foresight.VALIDATED).unlink()
    foresee_runs(built)
    assert started == [FEW_KERNELS]
