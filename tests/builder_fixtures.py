"""Fixtures of the tests of the builder; a module asks for them with `pytest_plugins`."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
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
from whole_book import WholeBook, build_whole_book, copy_whole_book

from nwlbook.forgetting import forget_evidence


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


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder in which something was made once, however many processes test.

    What `make` returns stands beside it, as JSON.
    """
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root, done = shared / name, shared / f"{name}.json"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(root, ignore_errors=True)
            done.write_text(json.dumps(make(root)))
    return root


@pytest.fixture(scope="session")
def real_book(tmp_path_factory: pytest.TempPathFactory) -> RealBook:
    """Build some of the book's own notebooks."""

    def make(root: Path) -> dict[str, str]:
        make_real_book(root, "benefits", "benefits-model", "borough-profile", "reconciliation")
        sources = copied_sources(root)
        build_book(root)
        return sources

    root = made_once(tmp_path_factory, "real-book", make)
    return RealBook(root, json.loads(root.with_suffix(".json").read_text()))


@pytest.fixture(scope="session")
def whole_book(tmp_path_factory: pytest.TempPathFactory) -> WholeBook:
    """Build the whole project, all formats and a borough's edition."""

    def make(root: Path) -> None:
        build_whole_book(copy_whole_book(root))

    return WholeBook(made_once(tmp_path_factory, "whole-book", make))
