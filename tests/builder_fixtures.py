"""Fixtures of the tests of the builder; a module asks for them with `pytest_plugins`."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builder_books import (
    Command,
    Outcome,
    RealBook,
    build_book,
    copied_sources,
    entered,
    make_book,
    make_real_book,
)
from conftest import forget_evidence
from whole_book import WholeBook, build_whole_book, copy_whole_book


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Path]:
    """Root of a valid small project, entered."""
    with entered(make_book(tmp_path / "book")) as root:
        yield root


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Call `nwlbook` in this process, as its entry point does."""
    from nwlbook import cli

    def call(*arguments: str) -> Outcome:
        forget_evidence()
        monkeypatch.setattr(sys, "argv", ["nwlbook", *arguments])
        monkeypatch.setenv("CI", "true")
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return Outcome(int(end.value.code or 0), said.out, said.err)

    return call


@pytest.fixture(scope="session")
def real_book(tmp_path_factory: pytest.TempPathFactory) -> RealBook:
    """Build some of the book's own notebooks, once however many processes test."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root, done = shared / "real-book", shared / "real-book.json"
    with (shared / "real-book.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(root, ignore_errors=True)
            sources = copied_sources(
                make_real_book(
                    root, "benefits", "benefits-model", "borough-profile", "reconciliation"
                )
            )
            build_book(root)
            done.write_text(json.dumps(sources))
    return RealBook(root, json.loads(done.read_text()))


@pytest.fixture(scope="session")
def whole_book(tmp_path_factory: pytest.TempPathFactory) -> WholeBook:
    """Build the whole project, all formats and a borough's edition, once for all processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root, done = shared / "whole-book", shared / "whole-book.done"
    with (shared / "whole-book.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(root, ignore_errors=True)
            build_whole_book(copy_whole_book(root))
            done.touch()
    return WholeBook(root)
