"""What a build says, and where."""

import io
import logging
import sys
from pathlib import Path

import pytest
from rich.console import Console

from nwlbook.errors import BuildError
from nwlbook.progress import Progress, logger


def test_log_keeps_what_is_said_while_it_is_open(tmp_path: Path) -> None:
    progress, file = Progress(quiet=True), tmp_path / "build.log"
    progress.say("before")
    with progress.log(file):
        progress.say("evidence")
        progress.warn("no browser")
        with progress.count("Running notebooks", 3) as advance:
            advance("beds-mid", "")
            advance("index-nwl", "cached")
            advance("waits-nwl", "failed")
    progress.say("after")
    said = [line.split(" ", 2)[2] for line in file.read_text().splitlines()]
    assert said == [
        "INFO evidence",
        "WARNING no browser",
        "INFO run beds-mid",
        "INFO run index-nwl (cached)",
        "INFO run waits-nwl (failed)",
    ]


def test_log_keeps_the_error_that_ended_a_build_and_passes_it_on(tmp_path: Path) -> None:
    progress, file = Progress(quiet=True), tmp_path / "build.log"
    handlers = list(logger.handlers)
    with pytest.raises(BuildError), progress.log(file):
        raise BuildError("the engine failed")
    assert "ERROR BuildError: the engine failed" in file.read_text()
    assert logger.handlers == handlers


def test_warning_goes_to_stderr_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Progress(quiet=True).warn("[red]x[/red] " + "long " * 50)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip() == "warning: [red]x[/red] " + "long " * 49 + "long"


def test_steps_are_not_shown_nor_is_a_bar_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress()
    progress.say("evidence")
    with progress.count("Running notebooks", 1) as advance:
        advance("beds", "")
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", "")


def test_bar_counts_what_is_done_cached_and_failed_and_says_how_long_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress, shown = Progress(), io.StringIO()
    progress.console = Console(file=shown, force_terminal=True, width=100, color_system=None)
    with progress.count("Running notebooks", 4) as advance:
        for name, end in {"beds": "", "index": "cached", "waits": "failed"}.items():
            advance(name, end)
    last = shown.getvalue().split("Running notebooks")[-1]
    assert "3/4" in last
    assert "1 cached, 1 failed" in last
    assert ":" in last.split("failed")[1]


def test_messages_stay_out_of_the_log_of_whoever_calls(tmp_path: Path) -> None:
    handler = logging.FileHandler(tmp_path / "root.log")
    logging.getLogger().addHandler(handler)
    try:
        Progress(quiet=True).say("evidence")
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert (tmp_path / "root.log").read_text() == ""


def test_full_disk_under_the_log_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(quiet=True)
    with progress.log(Path("/dev/full")):
        progress.say("a step")
    assert capsys.readouterr().err == ""
