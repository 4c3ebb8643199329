"""Each case of the catalogue: one line, exit code 2, and nothing touched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_input import ACCEPTED, REFUSED
from bad_input.case import FOLDER, Case
from bad_input.page import page
from bad_input.project import make_project, make_whole_project
from builder_books import ROOT, Command, contents, entered, publish_stand_in

from nwlbook.validation import validate_evidence

pytest_plugins = ["builder_fixtures"]

CASES = {f"{group.title}: {case.did}": case for group in REFUSED for case in group.cases}
BEFORE_ANY_RUN = [name for name, case in CASES.items() if not case.needs_run]
AFTER_A_RUN = [name for name, case in CASES.items() if case.needs_run]
# What a build that was refused after it began may leave: the next one drops it.
REMAINS = ("outputs/builds/", "outputs/logs/")
# Cases of each kind that are put to the command itself as well, in a process of its own.
BY_ITSELF = (
    "Tables of evidence: NUL byte in a cell",
    "Description of the tables: A few lines that unfold to gigabytes",
    "Description of the tables: Brackets nested without end",
    "Files of NHS England: A damaged archive",
    "Notebooks and pages: JSON nested without end",
    "Parameters: A line break in a value",
    "The command: A misspelt option",
)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the valid projects, the whole evidence found valid already."""
    folder = tmp_path_factory.mktemp("templates")
    publish_stand_in(make_project(folder / "small"))
    whole = make_whole_project(folder / "whole")
    publish_stand_in(whole)
    with entered(whole):
        validate_evidence(whole, whole / "outputs" / "cache")
    return folder


@pytest.fixture
def small(templates: Path, tmp_path: Path) -> Iterator[Path]:
    """Return a valid project of its own, entered."""
    yield from copied(templates / "small", tmp_path)


def copied(template: Path, folder: Path) -> Iterator[Path]:
    shutil.copytree(template, folder / "book", symlinks=True)
    with entered(folder / "book") as root:
        yield root


def everything(root: Path) -> dict[str, str]:
    """Return the digest of each file but those of the cache, and of the folders there are."""
    files = {
        name: digest
        for name, digest in contents(root).items()
        if not name.startswith(("outputs/cache/", "node_modules/"))
    }
    folders = {
        f"{folder.relative_to(root).as_posix()}/": "folder"
        for folder in root.rglob("*")
        if folder.is_dir() and "cache" not in folder.parts and not folder.is_symlink()
    }
    return files | folders


def refused(case: Case, command: Command, root: Path) -> None:
    case.change(root)
    before = everything(root)
    outcome = command(*case.command)
    assert outcome.error == f"error: {case.says.replace(FOLDER, str(root))}\n"
    assert (outcome.code, outcome.out) == (2, "")
    after = everything(root)
    if case.needs_run:
        after = {name: after[name] for name in after if not name.startswith(REMAINS)}
        before = {name: before[name] for name in before if not name.startswith(REMAINS)}
    assert after == before


@pytest.mark.parametrize("name", BEFORE_ANY_RUN)
def test_bad_input_is_one_line_and_touches_nothing(
    templates: Path,
    tmp_path: Path,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    case = CASES[name]
    monkeypatch.setattr("nwlbook.build.execute", pytest.fail)
    # Whatever is installed here: without Quarto.
    monkeypatch.setenv("PATH", str(tmp_path))
    template = templates / ("whole" if case.whole_evidence else "small")
    for root in copied(template, tmp_path):
        refused(case, command, root)


@pytest.mark.build
@pytest.mark.parametrize("name", AFTER_A_RUN)
def test_what_only_a_run_shows_is_one_line_and_the_last_book_stays(
    small: Path, command: Command, name: str
) -> None:
    refused(CASES[name], command, small)


@pytest.mark.parametrize("case", ACCEPTED.cases, ids=lambda case: case.did)
def test_what_looks_wrong_and_is_not_is_accepted(
    small: Path, command: Command, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    monkeypatch.setattr("nwlbook.inspection.site_problems", lambda *_, **__: [])
    case.change(small)
    outcome = command(*case.command)
    assert (outcome.code, outcome.error) == (0, "")


@pytest.mark.parametrize("name", BY_ITSELF)
def test_the_command_itself_says_the_same(small: Path, name: str) -> None:
    case = CASES[name]
    case.change(small)
    ended = subprocess.run(
        [Path(sys.executable).with_name("nwlbook"), *case.command],
        cwd=small,
        env={**os.environ, "CI": "true"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stderr == f"error: {case.says.replace(FOLDER, str(small))}\n"
    assert (ended.returncode, ended.stdout) == (2, "")


@pytest.mark.parametrize(
    "name",
    [
        "data/beds.csv",
        "data/observations/survey.csv",
        "data/datapackage.yaml",
        "notebooks/beds.ipynb",
        "_quarto.yml",
    ],
)
def test_file_that_may_not_be_read_is_named(small: Path, command: Command, name: str) -> None:
    (small / name).chmod(0)
    if os.access(small / name, os.R_OK):
        pytest.skip("whoever runs this may read every file")
    outcome = command("build")
    assert outcome.code == 2
    assert outcome.error == f"error: {name}: cannot be read: Permission denied\n"


def test_check_lists_every_problem_on_a_line_of_its_own(small: Path, command: Command) -> None:
    CASES["Tables of evidence: Two wrong cells"].change(small)
    outcome = command("check")
    assert outcome.code == 2
    assert outcome.out.splitlines() == [
        "data/beds.csv: row 2: column 'beds': 'x': expected a whole number",
        "data/beds.csv: row 3: column 'beds': 'y': expected a whole number",
    ]
    assert outcome.error == "error: 2 problems found\n"


def test_no_two_cases_are_alike_and_each_says_something() -> None:
    assert len(CASES) == sum(len(group.cases) for group in REFUSED)
    assert all(case.says and "\n" not in case.says for case in CASES.values())
    assert not any(case.says for case in ACCEPTED.cases)
    assert set(BY_ITSELF) <= set(CASES)


def test_the_page_for_analysts_is_made_from_the_catalogue() -> None:
    written = (ROOT / "docs" / "bad-input.md").read_text("utf-8")
    assert written == page(), "make it anew: cd tests && python -m bad_input > ../docs/bad-input.md"
