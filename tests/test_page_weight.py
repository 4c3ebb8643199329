"""What a page of the whole book makes a reader load before it is first shown.

Counted is all that the browser asks for on opening a page: its text, styles, scripts and every
image, each compressed as a host sends it. Fonts are counted apart: they are the same files on
every page and come once. The bundle that draws interactive charts comes on demand only.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from whole_book import WholeBook
from whole_site import BUNDLE, PHONE, Reader, pages_of

pytest_plugins = ["builder_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.build]

PAGE_BYTES = 120_000
# The first page that a reader ever opens has the fonts on top.
FIRST_PAGE_BYTES = 160_000
FONT_FILES = 4
# What a reader asks for by doing something: a chart, a search.
ON_DEMAND = {BUNDLE, "minisearch.js", "search-index.js"}
COMPRESSED_ALREADY = {".woff2", ".png"}


@dataclass(frozen=True)
class Weight:
    """The files that a page loads on opening, and their bytes as they are sent."""

    place: str
    files: dict[str, int]

    @property
    def fonts(self) -> dict[str, int]:
        """The part of them that all pages share."""
        return {name: size for name, size in self.files.items() if name.endswith(".woff2")}

    @property
    def page(self) -> int:
        """Bytes without fonts."""
        return sum(self.files.values()) - sum(self.fonts.values())

    def __str__(self) -> str:
        heaviest = sorted(self.files.items(), key=lambda one: -one[1])[:8]
        return f"{self.place} loads {self.page} bytes without fonts: {heaviest}"


@cache
def sent_bytes(file: Path) -> int:
    """Return the size of a file as a host sends it."""
    content = file.read_bytes()
    is_compressed = file.suffix in COMPRESSED_ALREADY
    return len(content if is_compressed else gzip.compress(content, 6, mtime=0))


@pytest.fixture(scope="module")
def weights(browser: Any, whole_book: WholeBook) -> Iterator[list[Weight]]:
    """What a phone loads on opening each page, the first of a borough's edition among them."""
    site = whole_book.site.resolve()
    reader = Reader(browser, site.as_uri(), viewport=PHONE)
    found = []
    for place in (*pages_of(site), *pages_of(site, "editions/brent/")[:3]):
        reader.requests.clear()
        page = reader.open(place)
        # Faces are asked for when text is laid out.
        page.evaluate("document.fonts.ready.then(() => document.fonts.size)")
        files = {Path(unquote(urlsplit(url).path)) for url in reader.requests if "://" in url}
        found.append(Weight(place, {file.name: sent_bytes(file) for file in files}))
    yield found
    reader.close()


def test_page_without_fonts_is_light(weights: list[Weight]) -> None:
    assert len(weights) > 30
    assert [str(one) for one in weights if one.page > PAGE_BYTES] == []


def test_first_page_of_all_with_its_fonts_is_light(weights: list[Weight]) -> None:
    for one in weights:
        assert len(one.fonts) <= FONT_FILES, one.fonts
        assert one.page + sum(one.fonts.values()) <= FIRST_PAGE_BYTES, str(one)


def test_page_loads_its_own_text_styles_and_scripts(weights: list[Weight]) -> None:
    for one in weights:
        endings = {Path(name).suffix for name in one.files}
        assert endings >= {".html", ".css", ".js", ".woff2"}, one


def test_what_is_loaded_on_demand_waits(weights: list[Weight]) -> None:
    for one in weights:
        assert not ON_DEMAND & set(one.files), one.place
