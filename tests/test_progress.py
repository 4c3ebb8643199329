"""What a build says, and where."""

import logging
from pathlib import Path

import pytest

from nwlbook.errors import BuildError
from nwlbook.progress import Progress, logger


def test_log_keeps_what_is_said_while_it_is_open(tmp_path: Path) -> None:
    progress, file = Progress(quiet=True), tmp_path / "build.log"
    progress.say("before")
    with progress.log(file):
        progress.say("evidence")
        progress.warn("no browser")
        with progress.count("Running notebooks", 2) as advance:
            advance("beds-mid", False)
            advance("index-nwl", True)
    progress.say("after")
    said = [line.split(" ", 2)[2] for line in file.read_text().splitlines()]
    assert said == [
        "INFO evidence",
        "WARNING no browser",
        "INFO run beds-mid",
        "INFO run index-nwl (cached)",
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
        advance("beds", False)
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", "")


def test_messages_stay_out_of_the_log_of_whoever_calls(tmp_path: Path) -> None:
    handler = logging.FileHandler(tmp_path / "root.log")
    logging.getLogger().addHandler(handler)
    try:
        Progress(quiet=True).say("evidence")
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert (tmp_path / "root.log").read_text() == ""
