"""The book is shown on this machine, and each change of what it is made from shows at once."""

import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from builder_books import BEDS, Command, contents, edit, publish_stand_in
from conftest import ROOT
from page_waits import until
from tiny_project import code, write_notebook

from nwlbook import preview
from nwlbook.embedded.policy import POLICY
from nwlbook.errors import BuildError, InputError
from nwlbook.preview import is_builders_own, rebuild, serve
from nwlbook.preview.pages import followed
from nwlbook.preview.server import PreviewServer
from nwlbook.preview.state import State
from nwlbook.preview.watching import Watcher
from nwlbook.progress import Progress

pytest_plugins = ["builder_fixtures"]

PAGE = "<!DOCTYPE html><html><head><title>T</title></head><body>The page</body></html>"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A preview's server over a folder of one page."""

    def __init__(self, folder: Path, start: str = ".") -> None:
        self.site = folder / "site"
        self.site.mkdir()
        (self.site / "index.html").write_text(PAGE)
        self.state, self.port = State(), free_port()
        self.server = PreviewServer(self.site, PurePosixPath(start), self.port, self.state)

    def get(self, path: str, host: str | None = None, method: str = "GET") -> tuple[int, Any, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    with server.server:
        yield server


@pytest.mark.parametrize(
    "name",
    [
        *("_quarto.yml", "index.qmd", "more.qmd", "notebooks/beds.ipynb", "data/beds.csv"),
        *("notebooks/new.ipynb", "data/new/new.csv", "src/helpers/new.py"),
    ],
)
def test_change_of_a_source_is_seen(book: Path, name: str) -> None:
    (book / "src" / "helpers").mkdir(parents=True)
    (book / "data" / "new").mkdir()
    with Watcher(book) as watcher:
        fresh = book / "fresh"
        fresh.write_text("Changed")
        # As many editors save: the file is another one afterwards.
        fresh.replace(book / name)
        assert watcher.wait(10) == {book / name}


@pytest.mark.parametrize(
    "name",
    [
        *("outputs/x", "README.md", "src/helpers/__pycache__/x.pyc"),
        *("notebooks/.ipynb_checkpoints/beds-checkpoint.ipynb", "notebooks/beds.ipynb~"),
    ],
)
def test_what_the_book_is_not_made_of_is_not_watched(book: Path, name: str) -> None:
    (book / "src" / "helpers").mkdir(parents=True)
    (book / name).parent.mkdir(parents=True, exist_ok=True)
    with Watcher(book) as watcher:
        (book / name).write_text("Changed")
        assert watcher.wait(0.6) == set()


def test_changes_while_nobody_waits_are_not_lost(book: Path) -> None:
    with Watcher(book) as watcher:
        for name in ("index.qmd", "data/beds.csv"):
            (book / name).write_text("Changed")
        time.sleep(0.5)
        assert watcher.wait(10) == {book / "index.qmd", book / "data" / "beds.csv"}
        assert watcher.wait(0.1) == set()


def test_page_gets_script_style_and_leave_to_connect_and_nothing_else() -> None:
    page = PAGE.replace("<title>", f'<meta content="{POLICY}"><title>')
    changed = followed(page, '"><script>')
    assert f"content=\"{POLICY}; connect-src 'self'\"" in changed
    assert 'data-version="&quot;&gt;&lt;script&gt;"' in changed
    assert changed.index("preview.js") < changed.index("</head>")
    assert changed.count("<script") == 1
    assert changed.endswith("</head><body>The page</body></html>")


def test_pages_are_served_fresh_and_follow_the_build(served: Server) -> None:
    served.state.update(version="build-1")
    for path in ("/", "/index.html", "/index.html?q=1"):
        status, headers, page = served.get(path)
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        assert "The page" in page
        assert 'data-version="build-1"' in page
    status, headers, _ = served.get("/", method="HEAD")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for name in ("preview.js", "preview.css"):
        assert served.get(f"/__preview__/{name}")[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "localhost:1", "evil.example:{port}", "[::1]:{port}"]
)
@pytest.mark.parametrize("path", ["/", "/__preview__/events", "/__preview__/preview.js"])
def test_other_names_of_this_machine_are_refused(served: Server, host: str, path: str) -> None:
    status, _, page = served.get(path, host.format(port=served.port))
    assert status == 403
    assert "The page" not in page
    assert served.get("/", f"localhost:{served.port}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt"),
        *("/__preview__/../../secret.txt", "/__preview__/%2e%2e/server.py"),
        *("/__preview__/", "/folder/"),
    ],
)
def test_nothing_beside_the_site_is_served(served: Server, path: str) -> None:
    (served.site.parent / "secret.txt").write_text("sesame")
    (served.site / "folder").mkdir()
    (served.site / "folder" / "listed.txt").write_text("listed")
    served.state.update(version="1")
    status, _, page = served.get(path)
    assert status == 404
    assert "sesame" not in page
    assert "listed" not in page


def test_before_the_first_build_a_page_waits_for_it(served: Server) -> None:
    status, _, page = served.get("/notebooks/beds.html")
    assert status == 200
    assert "The book is being built" in page
    assert 'data-version=""' in page


def test_page_that_is_gone_is_told_and_followed(served: Server) -> None:
    served.state.update(version="2")
    status, _, page = served.get("/<script>.html")
    assert status == 404
    assert "No such page" in page
    assert "<script>.html" not in page
    assert 'data-version="2"' in page


def test_boroughs_edition_is_where_the_preview_begins(tmp_path: Path) -> None:
    server = Server(tmp_path, "editions/brent")
    with server.server:
        status, headers, _ = server.get("/")
    assert (status, headers["Location"]) == (302, "/editions/brent/")


def test_stream_tells_each_state_and_ends_with_the_preview(served: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.request("GET", "/__preview__/events")
    stream = connection.getresponse()
    assert stream.headers["Content-Type"] == "text/event-stream"

    def told() -> dict[str, Any]:
        while not (line := stream.readline()).startswith(b"data: "):
            assert line, "the stream has ended"
        state: dict[str, Any] = json.loads(line[6:])
        return state

    assert told() == {"version": None, "building": False, "error": None}
    served.state.update(building=True)
    assert told()["building"] is True
    served.state.update(building=False, error="data/beds.csv: row 2\nmore", version="1")
    assert told() == {"version": "1", "building": False, "error": "data/beds.csv: row 2\nmore"}
    served.state.close()
    assert b"data" not in stream.read()


def test_port_that_is_taken_is_refused_before_any_build(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "rebuild", pytest.fail)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match=r"^--port \d+: Address already in use"):
            serve(book, taken.getsockname()[1])


def test_unknown_borough_is_refused(book: Path, command: Command) -> None:
    outcome = command("preview", "--borough", "camden")
    assert outcome.code == 2
    assert outcome.error.startswith("error: unknown borough 'camden': expected one of nwl, brent")


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (BuildError("the engine [failed]\nmore"), "the engine [failed]\nmore"),
        (KeyError("gone"), "the builder itself failed, see the terminal: KeyError: 'gone'"),
    ],
)
def test_failed_rebuild_is_told_and_survived(
    book: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    failure: Exception,
    told: str,
) -> None:
    def fail(self: object) -> None:
        raise failure

    monkeypatch.setattr("nwlbook.preview.Build.run", fail)
    state = State()
    rebuild(book, "nwl", state, Progress())
    assert state.snapshot.error == told
    assert state.snapshot.building is False
    assert f"error: {told}" in capsys.readouterr().err


def test_module_that_the_builder_has_imported_is_known(book: Path) -> None:
    assert is_builders_own([ROOT / "src" / "helpers" / "evidence.py"])
    assert not is_builders_own([book / "src" / "helpers" / "new.py", book / "data" / "beds.csv"])


def test_edit_of_a_module_of_the_builders_own_restarts_it(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[Path] = []
    monkeypatch.setattr(preview, "rebuild", lambda *_: None)
    monkeypatch.setattr(Watcher, "wait", lambda self: {ROOT / "src/helpers/evidence.py"})
    monkeypatch.setattr(preview, "restart", lambda: began.append(book))
    serve(book, free_port())
    assert began == [book]


@pytest.fixture
def previewed(book: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of a preview that runs in a thread of this process."""
    port, wait, stop = free_port(), Watcher.wait, threading.Event()

    def stoppable(self: Watcher, seconds: float | None = None) -> set[Path]:
        while not (changed := wait(self, 0.05)):
            if stop.is_set():
                raise KeyboardInterrupt
        return changed

    monkeypatch.setattr(Watcher, "wait", stoppable)
    publish_stand_in(book)
    thread = threading.Thread(target=serve, args=(book, port))
    thread.start()
    yield f"http://127.0.0.1:{port}/"
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


@pytest.mark.build
@pytest.mark.browser
def test_page_reloads_at_a_change_and_shows_an_error_until_it_is_mended(
    book: Path, browser: Any, previewed: str
) -> None:
    before = contents(book / "outputs" / "site")
    filler = "\n\n".join(["A paragraph to scroll past."] * 60)
    edit(book / "index.qmd", "This small book", f"{filler}\n\nThis small book")
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.set_default_timeout(120_000)
    silenced: list[str] = []
    page.on("console", lambda said: silenced.append(said.text) if said.type == "error" else None)
    page.goto(previewed)
    # The first build may have begun before the edit: only with it there is where to scroll.
    page.wait_for_selector("text=A paragraph to scroll past.")
    page.wait_for_selector("text=This small book counts the beds of North West London")
    page.evaluate("scrollTo(0, 700)")
    # Changes of prose, and of what a table is made from.
    edit(book / "index.qmd", "This small book", "This changed book")
    page.wait_for_selector("text=This changed book")
    until(page, "Math.abs(scrollY - 700) < 2")
    # Bad evidence: its one line stands over the last good page.
    edit(book / "data" / "beds.csv", "100", "many")
    panel = page.wait_for_selector(".nwl-preview-panel[role=alert]")
    assert "data/beds.csv: row 2: column 'beds': 'many'" in panel.inner_text()
    assert page.locator("text=This changed book").count() == 1
    edit(book / "data" / "beds.csv", "many", "101")
    page.wait_for_selector(".nwl-preview-panel", state="detached")
    # The page reloads at that moment, and is not to be left while it does.
    page.wait_for_load_state()
    page.goto(f"{previewed}notebooks/beds.html")
    page.wait_for_selector("text=There are 181 beds")
    # A cell that fails: its report.
    write_notebook(book, "beds", *BEDS, code("1 / 0"))
    panel = page.wait_for_selector(".nwl-preview-panel")
    said = panel.inner_text()
    for words in ("Not built", "beds.ipynb, cell 5", "ZeroDivisionError", "Cell 5, line 1"):
        assert words in said
    page.click("text=Hide")
    assert page.locator(".nwl-preview-panel").count() == 0
    write_notebook(book, "beds", *BEDS, code("#| output: asis\nprint('All is well.')"))
    page.wait_for_selector("text=All is well.")
    assert silenced == []
    page.close()
    # The last book stands as it was.
    assert contents(book / "outputs" / "site") == before
