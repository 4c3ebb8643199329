"""A headless browser that answers, fails in the open, and leaves nothing behind."""

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from nwlbook import browser
from nwlbook.browser import Browser, BrowserError, PageError, find_browser
from nwlbook.errors import InputError


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_environment_names_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = script(tmp_path / "own", "exit 0")
    monkeypatch.setenv(browser.BROWSER_VARIABLE, str(own))
    assert find_browser() == own


def test_a_named_browser_that_is_not_there_is_an_input_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(browser.BROWSER_VARIABLE, "/nowhere/chromium")
    with pytest.raises(InputError, match="/nowhere/chromium"):
        find_browser()


def test_the_usual_commands_are_looked_for_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(browser.BROWSER_VARIABLE, raising=False)
    monkeypatch.setattr(browser, "APPLICATIONS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() is None
    chrome = script(tmp_path / "google-chrome", "exit 0")
    assert find_browser() == chrome
    chromium = script(tmp_path / "chromium", "exit 0")
    assert find_browser() == chromium


def test_a_command_that_is_no_browser_is_told_with_its_last_words(tmp_path: Path) -> None:
    executable = script(tmp_path / "broken", "echo first >&2; echo no display >&2; exit 1")
    with (
        pytest.raises(BrowserError, match="ended: no display"),
        Browser(executable, patience=20) as opened,
    ):
        opened.open_page()


def test_a_command_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match="does not start"), Browser(tmp_path, patience=20):
        pass


def test_a_browser_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    executable = script(tmp_path / "mute", "sleep 60")
    started = time.monotonic()
    with (
        pytest.raises(BrowserError, match=r"no answer for 0\.3 seconds"),
        Browser(executable, patience=0.3) as opened,
    ):
        opened.open_page()
    assert time.monotonic() - started < 10


@pytest.fixture(scope="module")
def executable() -> Path:
    found = find_browser()
    if found is None:
        pytest.skip("no Chromium")
    return found


@pytest.fixture
def opened(executable: Path) -> Iterator[Browser]:
    with Browser(executable, patience=60) as running:
        yield running


@pytest.mark.browser
def test_pages_answer_on_their_own(opened: Browser) -> None:
    first, second = opened.open_page(), opened.open_page()
    tickets = [opened.ask(first, "globalThis.mark = 'first'"), opened.ask(second, "2 + 3")]
    assert opened.take_first(tickets) in tickets
    assert opened.take(*tickets) == 5
    assert opened.take(opened.ask(second, "typeof mark")) == "undefined"
    assert opened.take(opened.ask(first, "Promise.resolve([mark, '£ – ✓'])")) == ["first", "£ – ✓"]
    assert opened.take(opened.ask(first, "document.compatMode")) == "CSS1Compat"
    assert len(opened.take(opened.ask(first, "'x'.repeat(3e6)"))) == 3_000_000
    with pytest.raises(PageError, match=r"^Error: on purpose$"):
        opened.take(opened.ask(first, "(async () => { throw new Error('on purpose') })()"))
    assert opened.take(opened.ask(first, "1")) == 1


@pytest.mark.browser
def test_a_page_that_hangs_is_given_up(executable: Path) -> None:
    with (
        pytest.raises(BrowserError, match="no answer for 2 seconds"),
        Browser(executable, patience=60) as opened,
    ):
        page = opened.open_page()
        opened.patience = 2
        opened.take(opened.ask(page, "while (true) {}"))


def open_descriptors() -> int:
    """Count this process's open files, where the system shows them."""
    shown = Path("/proc/self/fd")
    return len(list(shown.iterdir())) if shown.exists() else 0


def living(group: int) -> list[str]:
    """Return what still runs in a process group, for which the killed may take a moment."""
    for _ in range(100):
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                if os.getpgid(process.pid) == group and process.status() != "zombie":
                    found.append(process.name())
        if not found:
            break
        time.sleep(0.05)
    return found


@pytest.mark.browser
def test_a_browser_that_dies_is_told_and_nothing_of_it_is_left(
    executable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    descriptors = open_descriptors()
    with (
        pytest.raises(BrowserError, match=r"ended|no answer"),
        Browser(executable, patience=10) as opened,
    ):
        page = opened.open_page()
        os.kill(opened._process, signal.SIGKILL)
        opened.take(opened.ask(page, "1"))
    assert living(opened._process) == []
    assert list(tmp_path.iterdir()) == []
    assert open_descriptors() == descriptors
