"""What is installed, what is missing, what that costs and how to get it."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from builder_books import ROOT, Command

from nwlbook.doctor import Finding, examine, machine, packages, programs
from nwlbook.doctor.report import lines_of

pytest_plugins = ["builder_fixtures"]


@pytest.fixture
def locked(book: Path) -> Path:
    """A project with the real lock files."""
    (book / "requirements").mkdir()
    for name in ("requirements/book.txt", "package-lock.json"):
        (book / name).write_bytes((ROOT / name).read_bytes())
    return book


def test_it_lists_everything_in_aligned_lines(locked: Path, command: Command) -> None:
    outcome = command("doctor")
    *listed, gap, last = outcome.out.splitlines()
    assert gap == ""
    assert len(listed) == len(examine(locked)) > 12
    names = [line[6:].partition("  ")[0].strip() for line in listed]
    for name in ("Python", "Packages", "Chromium", "Fonts", "pandoc", "typst", "Quarto", "Kernels"):
        assert name in names
    assert {line[:6].strip() for line in listed} <= {"ok", "loss", "STOP"}
    assert len({len(line) - len(line[6:].partition("  ")[2].lstrip()) for line in listed}) == 1
    assert outcome.code == ("STOP" in {line[:6].strip() for line in listed})
    assert last.startswith("A book can be built" if outcome.code == 0 else "No book can be built")


def test_it_answers_at_once_and_imports_nothing_that_could_be_broken(locked: Path) -> None:
    # Any of these raises as a broken package would.
    script = """
import sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        heavy = {"pandas", "numpy", "plotly", "yaml", "pydantic", "lxml", "papermill", "nbclient",
                 "jupyter_client", "IPython", "typer", "rich", "scipy",
                 "statsmodels", "jinja2", "watchfiles"}
        if name.split(".")[0] in heavy:
            raise ImportError(f"{name} is broken")
sys.meta_path.insert(0, Broken())
import runpy
runpy.run_module("nwlbook.doctor", run_name="__main__")
"""
    environment = {**os.environ, "NWLBOOK_ROOT": str(locked)}
    began = os.times().children_user
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=locked, env=environment, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert "book can be built" in done.stdout
    # Of the processor, since the machine may be busy with other tests.
    assert os.times().children_user - began < 2


@pytest.mark.parametrize(
    ("lock", "state", "stops"),
    [
        ("typer==0.0.1\n", "not as locked: typer", False),
        ("no-such-package==1 \\\n    --hash=sha256:00\n", "no-such-package of requirements", True),
        ("no-such-package==1 ; sys_platform == 'none' \\\n", "all 0 as locked", False),
    ],
)
def test_packages_are_held_against_the_lock_file(
    locked: Path, lock: str, state: str, stops: bool
) -> None:
    (locked / "requirements" / "book.txt").write_text(lock)
    found = packages.locked_packages(locked)
    assert state in found.state
    assert found.stops is stops
    assert bool(found.costs) is ("all" not in state)


def test_missing_and_outdated_assets_are_told(locked: Path) -> None:
    assert packages.assets(locked).costs == ""
    (locked / "package-lock.json").write_text(
        (locked / "package-lock.json").read_text().replace('"version": "7.2.0"', '"version": "9"')
    )
    assert "minisearch" in packages.assets(locked).state
    (locked / "node_modules").unlink()
    for found in (packages.assets(locked), packages.fonts(locked)):
        assert found.stops
        assert "make book" in found.remedy


def test_missing_browser_costs_the_charts_and_is_no_hindrance(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "find_browser", lambda: None)
    found = programs.chromium(locked)
    assert not found.stops
    assert "no charts" in found.costs
    assert "apt-get install chromium" in found.remedy


def test_browser_that_is_named_and_absent_is_told(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NWLBOOK_CHROMIUM", "/no/such/browser")
    assert "names '/no/such/browser'" in programs.chromium(locked).state


def test_quarto_is_used_where_it_is(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = locked / "quarto"
    command.write_text("#!/bin/sh\necho 1.9.9\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{locked}:{os.environ['PATH']}")
    assert programs.quarto(locked).state == "1.9.9, renders the book"
    # One that is slow to say its version is there all the same.
    command.write_text("#!/bin/sh\nsleep 5\n")
    monkeypatch.setattr(programs, "PATIENCE", 0.1)
    assert programs.quarto(locked).state == "found, renders the book"


def test_hooks_of_a_clone(locked: Path) -> None:
    assert programs.hooks(locked).state.startswith("not a clone")
    subprocess.run(["git", "init", "-q", locked], check=True)
    (locked / ".git" / "hooks" / "pre-commit").unlink(missing_ok=True)
    assert "pre-commit install" in programs.hooks(locked).remedy
    (locked / ".git" / "hooks").mkdir(exist_ok=True)
    (locked / ".git" / "hooks" / "pre-commit").write_text("")
    assert programs.hooks(locked).state == "installed"


@pytest.mark.parametrize(("free", "mark"), [(10**12, "ok"), (10**9, "loss"), (10**6, "STOP")])
def test_room_on_the_disk(
    locked: Path, monkeypatch: pytest.MonkeyPatch, free: int, mark: str
) -> None:
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)
    assert next(lines_of([machine.disk(locked)])).split()[0] == mark


def test_system_without_links_or_fork_loses_something(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("not supported")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(machine, "can_fork", lambda: False)
    for found in (machine.links(locked), machine.kernels(locked)):
        assert found.costs
        assert not found.stops


def test_check_that_fails_is_a_finding_and_the_others_stay(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (locked / "requirements" / "book.txt").unlink()
    found = {finding.name: finding for finding in examine(locked)}
    assert "FileNotFoundError" in found["Locked packages"].state
    assert found["Python"].costs == ""


def test_sum_says_whether_a_book_can_be_built() -> None:
    good, loss = Finding("A", "here"), Finding("B", "gone", costs="much")
    stop = Finding("C", "gone", costs="all", remedy="get it", stops=True)
    assert list(lines_of([good]))[-1] == "A book can be built, with everything in it."
    assert list(lines_of([good, loss]))[-1] == "A book can be built, with 1 loss."
    assert list(lines_of([loss, good, loss]))[-1] == "A book can be built, with 2 losses."
    *lines, last = lines_of([stop, loss])
    assert lines[0] == "STOP  C  gone. All. Get it"
    assert last.startswith("No book can be built")
