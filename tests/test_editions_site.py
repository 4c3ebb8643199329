"""The menu between editions in a real browser, on a small book of two boroughs and the sector."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from builder_books import BEDS, ROOT, entered, make_book
from tiny_project import code, write_notebook

from nwlbook.build import Build
from nwlbook.progress import Progress
from nwlbook.request import Request

pytestmark = [pytest.mark.browser, pytest.mark.build]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """tags => axe.run(document, {preload: false, resultTypes: ["violations"],
    runOnly: {type: "tag", values: tags}})
    .then(result => result.violations.map(one => `${one.id}: ${one.nodes[0].html}`))"""
NAMES = {"nwl": "North West London", "brent": "Brent", "ealing": "Ealing"}
PAGES = {
    "nwl": ("index", "notebooks/beds", "notebooks/profile-brent", "notebooks/profile-ealing"),
    "brent": ("index", "notebooks/beds", "notebooks/profile-brent"),
    "ealing": ("index", "notebooks/beds", "notebooks/profile-ealing"),
}
# Page of an edition, and the same chapter in each other edition.
WAYS = {
    ("nwl", "index"): {"brent": "index", "ealing": "index"},
    ("nwl", "notebooks/beds"): {"brent": "notebooks/beds", "ealing": "notebooks/beds"},
    ("nwl", "notebooks/profile-brent"): {
        "brent": "notebooks/profile-brent",
        "ealing": "notebooks/profile-ealing",
    },
    ("nwl", "notebooks/profile-ealing"): {
        "brent": "notebooks/profile-brent",
        "ealing": "notebooks/profile-ealing",
    },
    ("brent", "index"): {"nwl": "index", "ealing": "index"},
    ("brent", "notebooks/beds"): {"nwl": "notebooks/beds", "ealing": "notebooks/beds"},
    ("brent", "notebooks/profile-brent"): {
        "nwl": "notebooks/profile-brent",
        "ealing": "notebooks/profile-ealing",
    },
    ("ealing", "index"): {"nwl": "index", "brent": "index"},
    ("ealing", "notebooks/beds"): {"nwl": "notebooks/beds", "brent": "notebooks/beds"},
    ("ealing", "notebooks/profile-ealing"): {
        "nwl": "notebooks/profile-ealing",
        "brent": "notebooks/profile-brent",
    },
}
# The rows of the table are called by the boroughs' names, as in the book itself.
NAMED = """
from helpers import areas
beds["area"] = [areas.name(area) for area in beds["area"]]"""
WIDTHS = (390, 1280)


def build(root: Path, editions: Sequence[str]) -> Path:
    with entered(make_book(root)):
        write_notebook(root, "beds", *BEDS[:1], code(f"{BEDS[1]['source']}{NAMED}"), *BEDS[2:])
        Build(
            Request(root=root, editions=tuple(editions), formats=("html",), engine="embedded"),
            Progress(quiet=True),
        ).run()
    return (root / "outputs" / "site").resolve()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of three editions, in a folder whose name must be escaped in addresses."""
    return build(tmp_path_factory.mktemp("all") / "the book, 50 % & more", tuple(NAMES))


class Reader:
    """A page that notes what the browser complains of."""

    def __init__(self, browser: Any, site: Path, **options: Any) -> None:
        self.site = site
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        # A browser asks a server for an icon of its own accord.
        if not message.location["url"].endswith("/favicon.ico"):
            self.complaints.append(message.text)

    def file(self, edition: str, page: str) -> Path:
        folder = self.site if edition == "nwl" else self.site / "editions" / edition
        return folder / f"{page}.html"

    def open(self, edition: str, page: str) -> Any:
        self.page.goto(self.file(edition, page).as_uri())
        return self.page

    @property
    def here(self) -> Path:
        """The file that the browser shows."""
        return Path(unquote(urlsplit(self.page.url).path))

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def reader(browser: Any, site: Path) -> Iterator[Reader]:
    made = Reader(browser, site)
    yield made
    made.close()
    assert made.complaints == []


def summary(page: Any) -> Any:
    return page.locator(".edition-menu > summary")


def entries(page: Any) -> list[tuple[str, str]]:
    """Return name and file of each edition that the menu of a page offers."""
    links = page.locator(".edition-menu a").evaluate_all(
        "links => links.map(link => [link.textContent, link.href])"
    )
    return [(name, unquote(urlsplit(address).path)) for name, address in links]


def test_the_ways_below_are_those_of_all_pages() -> None:
    assert set(WAYS) == {(edition, page) for edition, pages in PAGES.items() for page in pages}
    for (edition, _), ways in WAYS.items():
        assert {edition, *ways} == set(NAMES)


@pytest.mark.parametrize(("edition", "page"), WAYS)
def test_menu_of_each_page_offers_the_same_chapter_of_each_edition(
    reader: Reader, edition: str, page: str
) -> None:
    opened = reader.open(edition, page)
    assert summary(opened).inner_text() == f"Edition: {NAMES[edition]}"
    ways = {edition: page, **WAYS[edition, page]}
    assert entries(opened) == [
        (name, str(reader.file(slug, ways[slug]))) for slug, name in NAMES.items()
    ]
    for _, file in entries(opened):
        assert Path(file).is_file(), file
    current = opened.locator(".edition-menu a[aria-current]")
    assert current.evaluate_all("links => links.map(link => link.textContent)") == [NAMES[edition]]


@pytest.mark.parametrize(
    ("edition", "page"), [("nwl", "notebooks/profile-brent"), ("brent", "notebooks/beds")]
)
def test_menu_leads_to_the_other_edition_when_clicked(
    reader: Reader, edition: str, page: str
) -> None:
    for to, target in WAYS[edition, page].items():
        opened = reader.open(edition, page)
        summary(opened).click()
        opened.locator(".edition-menu").get_by_role("link", name=NAMES[to], exact=True).click()
        summary(opened).get_by_text(f"Edition: {NAMES[to]}").wait_for()
        assert reader.here == reader.file(to, target)
        heading = opened.locator("h1").first.inner_text()
        if target == "index":
            assert "Welcome" in heading
        elif target == "notebooks/beds":
            assert "Beds" in heading
        else:
            assert NAMES[target.rpartition("-")[2]] in heading


def test_folder_opened_without_a_file_name_is_its_first_page(browser: Any, site: Path) -> None:
    """As a server gives it: an address that ends with the folder."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served = Reader(browser, site)
    try:
        root = f"http://127.0.0.1:{server.server_port}"
        for folder, other, expected in (
            ("/", "Ealing", "/editions/ealing/index.html"),
            ("/editions/brent/", "Ealing", "/editions/ealing/index.html"),
            ("/editions/brent/", "North West London", "/index.html"),
        ):
            served.page.goto(f"{root}{folder}")
            assert dict(entries(served.page))[other] == expected
        assert served.complaints == []
    finally:
        served.close()
        server.shutdown()
        server.server_close()
        thread.join()


def test_menu_by_keyboard(reader: Reader) -> None:
    page = reader.open("brent", "notebooks/profile-brent")
    links = page.locator(".edition-menu a")
    summary(page).focus()
    assert not links.first.is_visible()
    page.keyboard.press("Enter")
    links.first.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "North West London"
    page.keyboard.press("Escape")
    links.first.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "Edition: Brent"
    page.keyboard.press("Space")
    for _ in NAMES:
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ealing"
    page.keyboard.press("Enter")
    page.wait_for_url("**/editions/ealing/notebooks/profile-ealing.html")


def test_menu_closes_when_the_reader_turns_elsewhere(reader: Reader) -> None:
    page = reader.open("nwl", "notebooks/beds")
    summary(page).click()
    page.locator(".edition-menu a").first.wait_for()
    page.locator("main").click(position={"x": 5, "y": 300})
    page.locator(".edition-menu a").first.wait_for(state="hidden")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_menu_is_accessible_and_stays_on_the_screen(
    browser: Any, site: Path, width: int, scheme: str
) -> None:
    made = Reader(
        browser,
        site,
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        bypass_csp=True,
    )
    page = made.open("brent", "notebooks/profile-brent")
    summary(page).click()
    page.locator(".edition-menu a").last.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in (summary(page), *page.locator(".edition-menu a").all()):
        box = part.bounding_box()
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part
        # What a finger must hit (WCAG 2.2, 2.5.8).
        assert min(box["height"], box["width"]) >= 24, part
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE, STANDARD) == []
    made.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_a_plain_link_leads_to_the_page_of_editions(
    browser: Any, site: Path, width: int
) -> None:
    plain = Reader(
        browser, site, java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    for edition, page in WAYS:
        opened = plain.open(edition, page)
        assert opened.locator(".edition-menu").count() == 0
        opened.get_by_role("link", name="Editions", exact=True).click()
        assert plain.here == plain.file(edition, "editions")
    assert opened.locator("h1").inner_text() == "Editions of this report"
    assert opened.locator("a[aria-current]").inner_text() == "Ealing"
    opened.get_by_role("link", name="Brent", exact=True).click()
    assert plain.here == plain.file("brent", "index")
    assert plain.complaints == []
    plain.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_of_editions_is_accessible(browser: Any, site: Path, width: int, scheme: str) -> None:
    made = Reader(
        browser,
        site,
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        bypass_csp=True,
    )
    for edition in ("nwl", "brent"):
        page = made.open(edition, "editions")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # The browser's own dark page has no colour that axe could ask for.
        page.add_style_tag(content="html { background: Canvas; }")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN_AXE, STANDARD) == []
    assert made.complaints == []
    made.close()


def test_menu_is_not_printed(reader: Reader) -> None:
    page = reader.open("nwl", "index")
    page.emulate_media(media="print")
    assert not page.locator(".edition-menu").is_visible()


def test_single_edition_has_no_menu(browser: Any, tmp_path: Path) -> None:
    single = Reader(browser, build(tmp_path / "book", ["nwl"]))
    for name in PAGES["nwl"]:
        page = single.open("nwl", name)
        page.get_by_role("button", name="Dark").wait_for()
        assert page.locator(".edition-menu, .edition-link").count() == 0, name
    assert single.complaints == []
    single.close()


def test_built_pages_hold_the_same_list_and_no_copy_of_it(site: Path) -> None:
    """A page taken from the last build is right after an edition is added: it holds no list."""
    for edition, pages in PAGES.items():
        folder = site if edition == "nwl" else site / "editions" / edition
        text = (folder / "assets" / "editions-list.js").read_text()
        found = re.fullmatch(r"window\.nwlEditions = (.+);\n", text)
        assert found
        assert [slug for slug, _ in json.loads(found[1])["editions"]] == list(NAMES)
        for page in pages:
            content = (folder / f"{page}.html").read_text(encoding="utf-8")
            assert 'class="edition-link"' in content
            assert "edition-menu" not in content


def test_own_row_is_marked_in_a_boroughs_edition_alone(reader: Reader) -> None:
    assert reader.open("nwl", "notebooks/beds").locator(".nwl-here").count() == 0
    for slug in ("brent", "ealing"):
        page = reader.open(slug, "notebooks/beds")
        assert page.locator("tr.nwl-here th").all_inner_texts() == [NAMES[slug]]
