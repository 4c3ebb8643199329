"""What a command knows before it has read its options: whether notebooks will run."""

import subprocess
import sys
from pathlib import Path

import pytest
from builder_books import edit

from nwlbook import command, foresight
from nwlbook.foresight import FIRST_KERNELS, foresee_runs
from nwlbook.kernels.server import FEW_KERNELS
from nwlbook.stopping import INTERRUPTED
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


@pytest.fixture(autouse=True)
def here(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(book / "notebooks")


@pytest.fixture
def built(book: Path) -> Path:
    """A book of which runs are kept, and whose evidence is known to be valid."""
    cache = book / "outputs" / "cache"
    (cache / "runs").mkdir(parents=True)
    validate_evidence(book, cache)
    return book


def test_first_build_starts_the_fork_server(started: list[int]) -> None:
    foresee_runs(["--to", "html"])
    assert started == [FIRST_KERNELS]


@pytest.mark.parametrize("option", ["--help", "--ordinary-kernels", "--scheduler=tcp://host:1"])
def test_options_that_need_no_fork_server_start_none(started: list[int], option: str) -> None:
    foresee_runs(["--to", "html", option])
    assert started == []


def test_nothing_starts_outside_a_project(
    started: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    foresee_runs([])
    assert started == []


@pytest.mark.parametrize(("words", "starts"), [(["build"], True), (["doctor"], False), ([], False)])
def test_the_program_looks_ahead_before_a_build_alone(
    started: list[int], monkeypatch: pytest.MonkeyPatch, words: list[str], starts: bool
) -> None:
    ran: list[bool] = []
    monkeypatch.setattr("sys.argv", ["nwlbook", *words])
    monkeypatch.setattr("nwlbook.cli.main", lambda: ran.append(bool(started)))
    command.main()
    assert ran == [starts]


@pytest.mark.usefixtures("built")
def test_unchanged_evidence_starts_none(started: list[int]) -> None:
    foresee_runs([])
    assert started == []


def test_changed_evidence_starts_one_for_a_few_runs(built: Path, started: list[int]) -> None:
    edit(built / "data" / "beds.csv", "100", "101")
    foresee_runs([])
    assert started == [FEW_KERNELS]


def test_evidence_that_was_never_found_valid_starts_one(built: Path, started: list[int]) -> None:
    (built / "outputs" / "cache" / foresight.VALIDATED).unlink()
    foresee_runs([])
    assert started == [FEW_KERNELS]


def test_a_folder_that_is_gone_is_an_error_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    code = (
        "import os, sys; os.rmdir(os.getcwd()); sys.argv = ['nwlbook', 'build']; "
        "from nwlbook.command import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_ctrl_c_before_the_command_is_read_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(options: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["nwlbook", "build"])
    monkeypatch.setattr(foresight, "foresee_runs", interrupted)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == INTERRUPTED
    assert capsys.readouterr().err == "error: stopped\n"
