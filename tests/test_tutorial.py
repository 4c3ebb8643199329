"""The tutorial, done as it is written: its commands run and its edits made in a clone."""

import shutil
import subprocess
from pathlib import Path

import pytest
from builder_books import make_real_book
from document_reader import Reader, follow, stand_in, surroundings
from markdown_pages import ROOT, blocks

TUTORIAL = ROOT / "docs" / "tutorial.md"


def origin_of(folder: Path, environment: dict[str, str]) -> Path:
    """Make a repository to clone: the project, with the dashboard as its only chapter."""
    root = make_real_book(folder, "dashboard")
    (root / "node_modules").unlink()
    for name in ("Makefile", ".gitignore", ".gitattributes"):
        shutil.copy(ROOT / name, root / name)
    (root / "data" / "observations").mkdir()
    shutil.copy(ROOT / "data" / "observations" / "README.md", root / "data" / "observations")
    for command in ("init --quiet", "add --all", "commit --quiet --message=Begin"):
        subprocess.run(["git", *command.split()], cwd=root, env=environment, check=True)
    return root


@pytest.mark.build
def test_tutorial_leads_from_clone_to_a_changed_chapter(tmp_path: Path) -> None:
    environment = surroundings(stand_in(tmp_path))
    origin = origin_of(tmp_path / "origin", environment)
    reader = Reader(tmp_path, origin, environment)
    try:
        done = list(follow(reader, list(blocks(TUTORIAL))))
    finally:
        ended = reader.stop_preview()
    assert ended == 0
    assert {"sh", "diff", "csv", "quote", "text"} <= set(done)
    log = subprocess.run(
        ["git", "log", "--oneline"],
        cwd=reader.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert len(log.splitlines()) == 2
    changed = subprocess.run(
        ["git", "show", "--name-only", "--format="],
        cwd=reader.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert changed == ["notebooks/dashboard.ipynb"]
