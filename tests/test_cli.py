"""The command, end to end. What it says to bad input is in the catalogue, `bad_input`."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builder_books import (
    BEDS,
    Command,
    contents,
    edit,
    publish_stand_in,
)
from tiny_project import code, write_notebook

from nwlbook.build import Build

pytest_plugins = ["builder_fixtures"]


def assert_one_line(error: str, message: str) -> None:
    assert error.startswith("error: "), error
    assert message in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


@pytest.mark.build
def test_failed_run_is_exit_1_and_the_last_site_stays(book: Path, command: Command) -> None:
    before = publish_stand_in(book)
    write_notebook(book, "beds", *BEDS, code("1 / 0"))
    outcome = command("build", "--to", "html", "--engine", "embedded")
    assert outcome.code == 1
    assert outcome.error.startswith("error: beds.ipynb, cell 5 (run 'beds-mid'): ZeroDivisionError")
    assert "nwlbook/" not in outcome.error
    assert contents(book / "outputs" / "site") == before


@pytest.mark.build
def test_good_project_is_built_by_the_command_itself_and_then_bad_input_refused(
    book: Path,
) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "CI": "true"}
        environment.pop("NWLBOOK_ROOT")
        return subprocess.run(
            [Path(sys.executable).with_name("nwlbook"), *arguments],
            cwd=book / "notebooks",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    built = run("build", "--to", "html", "--engine", "embedded")
    assert (built.returncode, built.stderr) == (0, "")
    assert built.stdout.startswith("Built in ")
    assert built.stdout.endswith(" s: outputs/site/index.html\n")
    before = contents(book / "outputs" / "site")
    assert "notebooks/profile-ealing.html" in before
    refused = run("build", "-p", "scenario=none")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert_one_line(refused.stderr, "unknown scenario 'none'")
    assert contents(book / "outputs" / "site") == before


def front_page(site: Path) -> str:
    return (site / "index.html").read_text("utf-8")


@pytest.mark.build
def test_all_builds_the_sectors_edition_and_every_boroughs(book: Path, command: Command) -> None:
    outcome = command("build", "--all", "--to", "html", "--engine", "embedded")
    assert outcome.code == 0, outcome.error
    site = book / "outputs" / "site"
    manifest = json.loads((book / "outputs" / "manifest.json").read_text())
    assert [edition["slug"] for edition in manifest["editions"]] == ["nwl", "brent", "ealing"]
    for folder, place in (
        ("", "North West London"),
        ("editions/brent", "Brent"),
        ("editions/ealing", "Ealing"),
    ):
        assert f"counts the beds of {place}" in front_page(site / folder)
    # What no borough changes was run once for all three.
    assert sorted(run["id"] for run in manifest["runs"]) == [
        "beds-mid",
        "index-brent",
        "index-ealing",
        "index-nwl",
        "profile-brent",
        "profile-ealing",
    ]


def test_boroughs_asked_for_twice_are_built_once(
    book: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def build(self: Build) -> Path:
        asked.append(self.request.editions)
        return self.outputs / "site" / "index.html"

    monkeypatch.setattr(Build, "run", build)
    for arguments in (
        [],
        ["--borough", "ealing"],
        ["-p", "borough=ealing"],
        ["--borough", "ealing", "--borough", "ealing", "-p", "borough=brent"],
        ["--all", "--borough", "ealing"],
        ["--all"],
    ):
        assert command("build", *arguments).code == 0
    assert asked == [
        ("nwl",),
        ("nwl", "ealing"),
        ("nwl", "ealing"),
        ("nwl", "ealing", "brent"),
        ("nwl", "ealing", "brent"),
        ("nwl", "brent", "ealing"),
    ]


@pytest.mark.build
def test_books_of_other_parameters_stand_in_folders_of_their_own_and_say_so(
    book: Path, command: Command, tmp_path: Path
) -> None:
    def build(folder: str, *arguments: str) -> Path:
        outcome = command(
            *("build", "--to", "html", "--engine", "embedded", "--into", folder, *arguments)
        )
        assert outcome.code == 0, outcome.error
        site = Path(outcome.out.rpartition(": ")[2].strip()).parent
        return site if site.is_absolute() else book / site

    published = publish_stand_in(book)
    edit(book / "_quarto.yml", 'title: "Beds"', 'title: "Beds"\n  subtitle: "A count"')
    worst = build("../worst", "--borough", "brent", "-p", "scenario=worst")
    assert worst.resolve().is_relative_to(tmp_path / "worst" / "builds")
    best = build(str(book / "books" / "best"), "--borough", "brent", "-p", "scenario=best")
    assert best == book / "books" / "best" / "site" / "editions" / "brent"
    for site, said in ((worst, "scenario worst"), (best, "scenario best")):
        for each in (site, site / "../.."):
            assert f"A count ({said})" in front_page(each)
        manifest = json.loads((site / "../../../manifest.json").read_text())
        assert {edition["parameters"]["scenario"] for edition in manifest["editions"]} == {
            said.split()[1]
        }
    assert set(contents(worst)) == set(contents(best))
    differing = {name for name, digest in contents(worst).items() if contents(best)[name] != digest}
    assert "index.html" in differing
    # The last good book of the project is as it was, and its cache is shared.
    assert contents(book / "outputs" / "site") == published
    assert (book / "outputs" / "cache" / "runs").is_dir()
    assert {file.name for file in (tmp_path / "worst").iterdir()} == {
        *("builds", "current", "logs", "manifest.json", "project", "site")
    }
    assert json.loads((book / "books" / "best" / "manifest.json").read_text())["runs"]
    runs = {
        run["id"]: run["cached"]
        for run in json.loads((book / "books" / "best" / "manifest.json").read_text())["runs"]
    }
    assert runs == {
        "index-nwl": True,
        "index-brent": True,
        "profile-brent": True,
        "profile-ealing": True,
        "beds-best": False,
    }
    # A folder that holds a book may be built into again.
    again = build("../worst", "--borough", "brent", "-p", "scenario=best")
    assert again == worst
    assert "A count (scenario best)" in front_page(again)


@pytest.mark.parametrize(
    "content",
    [
        {"letter.txt": "Dear"},
        {".hidden": ""},
        {"site/index.html": "<p>Mine</p>"},
        # Names that a build uses too, but somebody else's.
        {"builds/tower.txt": "Mine"},
        {"builds/20260101T000000.000000Z-1/a.txt": "Made", "site/index.html": "<p>Mine</p>"},
        {"builds/20260101T000000.000000Z-1/a.txt": "Made", "current/index.html": "<p>Mine</p>"},
    ],
)
def test_folder_that_holds_something_else_is_refused_and_left_untouched(
    book: Path, command: Command, monkeypatch: pytest.MonkeyPatch, content: dict[str, str]
) -> None:
    monkeypatch.setattr("nwlbook.build.execute", pytest.fail)
    monkeypatch.setenv("PATH", str(book))
    for name, text in content.items():
        (book / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (book / "mine" / name).write_text(text)
    before = contents(book)
    outcome = command("build", "--into", "mine")
    assert (outcome.code, outcome.out) == (2, "")
    assert_one_line(outcome.error, f"--into {book / 'mine'}: expected a new or empty folder")
    assert contents(book) == before


def test_folder_without_a_project_is_refused(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = command("check")
    assert outcome.code == 2
    assert_one_line(outcome.error, "no _quarto.yml with data/datapackage.yaml in")


def test_command_explains_itself(command: Command) -> None:
    outcome = command("--help")
    assert outcome.code == 0
    for name in ("build", "run", "check", "import", "preview"):
        assert name in outcome.out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a/b"), "a/b: No space left on device"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (shutil.Error([("a", "b", "No space left on device")]), "b: No space left on device"),
    ],
)
def test_what_the_system_refuses_is_one_line(
    book: Path,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    said: str,
) -> None:
    def fail(self: Build) -> Path:
        raise error

    monkeypatch.setattr(Build, "run", fail)
    outcome = command("build")
    assert (outcome.code, outcome.error) == (1, f"error: {said}\n")
