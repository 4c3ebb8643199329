"""The command, end to end: good input is built, bad input is one clear line and exit 2."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builder_books import (
    BEDS,
    PROFILE,
    SHOW_BEDS,
    Command,
    contents,
    edit,
    publish_stand_in,
)
from tiny_project import code, prose, write_notebook

from nwlbook.build import Build

pytest_plugins = ["builder_fixtures"]

SHOW_OTHER = SHOW_BEDS.replace("tbl-beds", "tbl-other")

Change = Callable[[Path], object]


def data(old: str, new: str, table: str = "beds") -> Change:
    return lambda root: edit(root / "data" / f"{table}.csv", old, new)


def configuration(old: str, new: str) -> Change:
    return lambda root: edit(root / "_quarto.yml", old, new)


def beds(*cells: dict[str, object]) -> Change:
    return lambda root: write_notebook(root, "beds", *cells)


def with_cell(cell: dict[str, object]) -> Change:
    return beds(*BEDS, cell)


def write(name: str, content: bytes) -> Change:
    return lambda root: (root / name).write_bytes(content)


def nothing(root: Path) -> None:
    pass


# What is changed in a good project, the command's arguments, and what its one line says.
REFUSED_BEFORE_ANY_RUN: dict[str, tuple[Change, list[str], str]] = {
    "missing column": (
        write("data/beds.csv", b"area,source_id,locator\nbrent,survey,Table 1\n"),
        [],
        "data/beds.csv: row 1: column 'beds' is missing",
    ),
    "text in a number column": (
        data("100", "many"),
        [],
        "data/beds.csv: row 2: column 'beds': 'many': expected a whole number",
    ),
    "dangling foreign key": (data("80,survey", "80,census"), [], "data/beds.csv: row 3: "),
    "duplicate key": (data("ealing", "brent"), [], "data/beds.csv: row 3: the same as in"),
    "byte order mark": (
        write("data/priorities.csv", b"\xef\xbb\xbfpriority\n1\n"),
        [],
        "data/priorities.csv: starts with a byte order mark",
    ),
    "table not described": (
        write("data/staff.csv", b"area\n"),
        [],
        "data/staff.csv: not described in data/datapackage.yaml",
    ),
    "table not UTF-8": (
        write("data/sources.csv", b"source_id,short_title\nsurvey,Enqu\xeate\n"),
        [],
        "data/sources.csv: ",
    ),
    "descriptor not YAML": (
        write("data/datapackage.yaml", b"resources: [\n"),
        [],
        "data/datapackage.yaml: not valid YAML",
    ),
    "unknown borough": (
        nothing,
        ["--borough", "bren"],
        "unknown borough 'bren': expected one of nwl, brent, ealing (did you mean brent?)",
    ),
    "borough by its name": (
        nothing,
        ["--borough", "Brent"],
        "unknown borough 'Brent': expected one of nwl, brent, ealing (did you mean brent?)",
    ),
    "second borough unknown": (
        nothing,
        ["--borough", "brent", "--borough", "eeling"],
        "unknown borough 'eeling': expected one of nwl, brent, ealing (did you mean ealing?)",
    ),
    "unknown borough beside all": (
        nothing,
        ["--all", "--borough", "camden"],
        "unknown borough 'camden': expected one of nwl, brent, ealing",
    ),
    "unknown borough as a parameter": (
        nothing,
        ["-p", "borough=ealin"],
        "unknown borough 'ealin': expected one of nwl, brent, ealing (did you mean ealing?)",
    ),
    "unknown parameter": (
        nothing,
        ["-p", "senario=mid"],
        "unknown parameter 'senario': expected one of",
    ),
    "parameter without a value": (nothing, ["-p", "scenario"], "-p scenario: expected NAME=VALUE"),
    "parameter out of its domain": (
        nothing,
        ["-p", "scenario=middling"],
        "unknown scenario 'middling': expected one of best, mid, worst",
    ),
    "unknown format": (nothing, ["--to", "html,odt"], "--to odt: expected"),
    "no pages": (nothing, ["--to", "pdf"], "--to: html is always built"),
    "unknown engine": (nothing, ["--engine", "sphinx"], "--engine sphinx: expected auto"),
    "absent engine": (nothing, ["--engine", "quarto"], "--engine quarto: the quarto command is"),
    "missing chapter": (
        configuration("beds.ipynb", "bedz.ipynb"),
        [],
        "_quarto.yml:15: chapter 'notebooks/bedz.ipynb' does not exist",
    ),
    "chapter outside the project": (
        configuration("notebooks/beds.ipynb", "../beds.ipynb"),
        [],
        "_quarto.yml:15: chapter '../beds.ipynb': leads outside the project",
    ),
    "part without chapters": (
        configuration("        - notebooks/beds.ipynb", "        []"),
        [],
        "_quarto.yml:13: part 'Beds' has no chapters",
    ),
    "configuration not YAML": (
        configuration('title: "Beds"', 'title: "Beds'),
        [],
        "_quarto.yml:8: not valid YAML",
    ),
    "configuration not UTF-8": (
        write("_quarto.yml", b"book: {title: Caf\xe9}\n"),
        [],
        "_quarto.yml: byte 17 is not UTF-8 text",
    ),
    "notebook without parameters": (
        beds(prose("# Beds")),
        [],
        "notebooks/beds.ipynb: no cell is tagged 'parameters'",
    ),
    "two cells of parameters": (
        beds(BEDS[0], *BEDS),
        [],
        "notebooks/beds.ipynb: cells 1 and 2 are tagged 'parameters'; only one may be",
    ),
    "notebook's parameter out of its domain": (
        beds(code('scenario = "middle"', "parameters"), *BEDS[1:]),
        [],
        "notebooks/beds.ipynb: unknown scenario 'middle': expected one of best, mid, worst "
        "(did you mean mid?)",
    ),
    "notebook's unknown parameter": (
        beds(code('year = "mid"', "parameters"), *BEDS[1:]),
        [],
        "notebooks/beds.ipynb: unknown parameter 'year': expected one of",
    ),
    "notebook not JSON": (
        write("notebooks/beds.ipynb", b'{"cells": [\n'),
        [],
        "notebooks/beds.ipynb:2: is not a notebook",
    ),
    "evidence typed by hand": (
        with_cell(prose("There are 180 beds in all.")),
        [],
        "notebooks/beds.ipynb: cell 5: '180 beds' is typed by hand",
    ),
}
REFUSED_AFTER_A_RUN: dict[str, tuple[Change, str]] = {
    "output without caption": (
        with_cell(code("beds")),
        "notebooks/beds.ipynb: cell 5: shows an output without caption, alternative and source",
    ),
    "two exhibits in a cell": (
        with_cell(code(f"{SHOW_OTHER}\n{SHOW_BEDS}")),
        "notebooks/beds.ipynb: cell 5: shows tbl-other and tbl-beds: one figure or table a cell",
    ),
    "caption written by hand": (
        with_cell(code(f"#| tbl-cap: Mine\n{SHOW_OTHER}")),
        "notebooks/beds.ipynb: cell 5: tbl-cap",
    ),
    "label that stands twice in a chapter": (
        with_cell(code(SHOW_BEDS)),
        "notebooks/beds.ipynb: cell 5: label 'tbl-beds' stands twice",
    ),
    "label of another chapter": (
        lambda root: write_notebook(
            root, "profile", PROFILE[0], BEDS[1], prose("# Profile"), code(SHOW_BEDS)
        ),
        "notebooks/profile.ipynb: label 'tbl-beds' stands here and in notebooks/beds.ipynb",
    ),
    "reference to a missing label": (
        with_cell(prose("As can be seen in @tbl-gone.")),
        "notebooks/beds.ipynb: cell 5: reference to 'tbl-gone', which no chapter has",
    ),
}


def assert_one_line(error: str, message: str) -> None:
    assert error.startswith("error: "), error
    assert message in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


@pytest.mark.parametrize("case", REFUSED_BEFORE_ANY_RUN)
def test_bad_input_is_refused_before_any_run_and_the_last_site_stays(
    book: Path, command: Command, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    change, arguments, message = REFUSED_BEFORE_ANY_RUN[case]
    before = publish_stand_in(book)
    change(book)
    monkeypatch.setenv("PATH", str(book))
    monkeypatch.setattr("nwlbook.build.execute", pytest.fail)
    outcome = command("build", *arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert_one_line(outcome.error, f"error: {message}")
    assert contents(book / "outputs" / "site") == before


@pytest.mark.build
@pytest.mark.parametrize("case", REFUSED_AFTER_A_RUN)
def test_bad_exhibit_is_refused_and_the_last_site_stays(
    book: Path, command: Command, case: str
) -> None:
    change, message = REFUSED_AFTER_A_RUN[case]
    before = publish_stand_in(book)
    change(book)
    outcome = command("build", "--to", "html", "--engine", "embedded")
    assert outcome.code == 2, outcome.error
    assert_one_line(outcome.error, message)
    assert contents(book / "outputs" / "site") == before


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


def test_file_is_no_folder_to_build_into(
    book: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nwlbook.build.execute", pytest.fail)
    monkeypatch.setenv("PATH", str(book))
    (book / "mine").write_text("A letter")
    outcome = command("build", "--into", "mine")
    assert outcome.code == 2
    assert_one_line(outcome.error, "mine: expected a new or empty folder, or that of a build")
    assert (book / "mine").read_text() == "A letter"


def test_folder_without_a_project_is_refused(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = command("check")
    assert outcome.code == 2
    assert_one_line(outcome.error, "no _quarto.yml with data/datapackage.yaml in")


def test_check_lists_every_problem_and_ends_with_2(book: Path, command: Command) -> None:
    assert command("check").code == 0
    data("100", "many")(book)
    data("80", "few")(book)
    outcome = command("check")
    assert outcome.code == 2
    assert [line.rpartition(": expected")[0] for line in outcome.out.splitlines()] == [
        "data/beds.csv: row 2: column 'beds': 'many'",
        "data/beds.csv: row 3: column 'beds': 'few'",
    ]
    assert_one_line(outcome.error, "2 problems found")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["notebooks/gone.ipynb"], "notebooks/gone.ipynb: expected a notebook of the project"),
        (
            ["notebooks/beds.ipynb", "-p", "borough=brent"],
            "notebooks/beds.ipynb declares no parameter 'borough': expected scenario",
        ),
        (["notebooks/beds.ipynb", "-p", "scenario=x"], "unknown scenario 'x'"),
        (["notebooks/beds.ipynb", "-p", "x"], "-p x: expected NAME=VALUE"),
    ],
)
def test_bad_request_for_one_run_is_refused(
    book: Path, command: Command, arguments: list[str], message: str
) -> None:
    outcome = command("run", *arguments)
    assert outcome.code == 2
    assert_one_line(outcome.error, f"error: {message}")


@pytest.mark.parametrize("arguments", [["build", "--jobs", "0"], ["build", "--joobs"], ["bild"]])
def test_bad_use_of_the_command_is_exit_2_without_a_traceback(
    book: Path, command: Command, arguments: list[str]
) -> None:
    outcome = command(*arguments)
    assert outcome.code == 2
    assert "Traceback" not in outcome.error
    assert "Usage" in outcome.error


def test_command_explains_itself(command: Command) -> None:
    outcome = command("--help")
    assert outcome.code == 0
    for name in ("build", "run", "check", "import", "preview"):
        assert name in outcome.out
