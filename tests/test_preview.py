"""The book is served on this machine and built again when something changes."""

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from builder_books import publish_stand_in

from nwlbook import preview
from nwlbook.errors import BuildError, InputError
from nwlbook.preview import rebuild, serve, watched_state
from nwlbook.progress import Progress

pytest_plugins = ["builder_fixtures"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    "name", ["_quarto.yml", "index.qmd", "notebooks/beds.ipynb", "data/beds.csv"]
)
def test_change_of_a_source_is_seen(book: Path, name: str) -> None:
    before = watched_state(book)
    (book / name).write_text((book / name).read_text() + " ")
    assert watched_state(book) != before


@pytest.mark.parametrize("name", ["notebooks/new.ipynb", "data/new/new.csv", "src/helpers/new.py"])
def test_new_source_is_seen(book: Path, name: str) -> None:
    before = watched_state(book)
    (book / name).parent.mkdir(parents=True, exist_ok=True)
    (book / name).write_text("")
    assert watched_state(book) != before


@pytest.mark.parametrize("name", ["outputs/x", "src/helpers/__pycache__/x.pyc", "README.md"])
def test_what_the_book_is_not_made_of_is_not_watched(book: Path, name: str) -> None:
    before = watched_state(book)
    (book / name).parent.mkdir(parents=True, exist_ok=True)
    (book / name).write_text("")
    assert watched_state(book) == before


def test_failed_rebuild_is_told_and_survived(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: object) -> None:
        raise BuildError("the engine [failed]")

    monkeypatch.setattr("nwlbook.preview.Build.run", fail)
    assert rebuild(book, Progress()) is False
    assert capsys.readouterr().err.strip() == "error: the engine [failed]"


def test_pages_are_served_fresh_and_rebuilt_at_each_change_until_stopped(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, built, pages = free_port(), [], []

    def build(root: Path, progress: Progress) -> bool:
        publish_stand_in(root)
        built.append(root)
        return True

    def wait(seconds: float) -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            pages.append((answer.headers["Cache-Control"], answer.read().decode()))
        if len(pages) == 1:
            (book / "index.qmd").write_text("# Changed")
        if len(pages) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(preview, "rebuild", build)
    monkeypatch.setattr(preview.time, "sleep", wait)
    serve(book, port)
    assert pages == [("no-store", "<p>The last good site</p>")] * 3
    assert built == [book, book]
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


def test_port_that_is_taken_is_refused(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "rebuild", lambda root, progress: True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match=r"^--port \d+: Address already in use"):
            serve(book, taken.getsockname()[1])
