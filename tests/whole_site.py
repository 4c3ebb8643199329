"""A reader of the whole built site in a real browser, from its folder or from a server."""

import functools
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html

PATIENCE_MILLISECONDS = 60_000
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
BUNDLE = "plotly.min.js"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site on this machine and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Reader:
    """A page of the site, and all that it asked for and complained of."""

    def __init__(self, browser: Any, base: str, **options: Any) -> None:
        self.base = base
        self.context = browser.new_context(**{"viewport": DESK, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.where}: {error}"))
        self.page.on(
            "console",
            lambda message: self.complaints.append(f"{self.where}: {message.text}"),
        )

    def open(self, page: str) -> Any:
        """Go to a page of the site, named by its place in it."""
        self.page.goto(f"{self.base}/{page}")
        return self.page

    @property
    def where(self) -> str:
        """The place in the site of the page that is shown, without anchor."""
        return unquote(urlsplit(self.page.url).path).removeprefix(
            unquote(urlsplit(self.base).path) + "/"
        )

    def asked_for(self, name: str) -> int:
        """Return how often a file was asked for."""
        return sum(urlsplit(url).path.endswith(f"/{name}") for url in self.requests)

    def close(self) -> None:
        """Leave, having been silent and stayed on the site."""
        self.context.close()
        outside = [
            url for url in self.requests if not url.startswith((f"{self.base}/", "data:", "blob:"))
        ]
        assert outside == []
        assert self.complaints == []


def read_page(file: Path) -> Any:
    """Return the content of a page."""
    return html.fromstring(file.read_bytes())


def pages_of(site: Path, edition: str = "") -> list[str]:
    """Return the pages of an edition's chapters, in their order, as places in the site."""
    home = read_page(site / edition / "index.html")
    return [edition + link for link in home.xpath("//nav[@id='chapters']//a/@href")]


def parts_of(site: Path) -> dict[str, list[str]]:
    """Return the pages of each part of the book."""
    home = read_page(site / "index.html")
    return {
        part.find_class("part-title")[0].text_content().strip(): part.xpath(".//ol//a/@href")
        for part in home.find_class("part")
    }


def sections_of(page: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield anchor and words of each section of a page: of its plain paragraphs."""
    article = page.find(".//article")
    anchor, words = "", set()
    for element in article.iter("h1", "h2", "h3", "h4", "p"):
        if element.tag.startswith("h"):
            yield anchor, words
            anchor, words = ("" if element.tag == "h1" else element.get("id") or ""), set()
        elif element.getparent() is article and not element.get("class"):
            words |= words_of(element)
    yield anchor, words


def words_of(element: Any) -> set[str]:
    """Return the longer words of a part of a page."""
    return set(re.findall(r"[a-z]{6,}", element.text_content().lower()))
