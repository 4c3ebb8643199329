"""Permanent links, citations, meanings of terms and print, in a real browser."""

import functools
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from page_waits import until
from test_embedded_browser import AXE, RUN_AXE, STANDARD

from nwlbook.edition_script import edition_scripts
from nwlbook.embedded.render import render
from nwlbook.glossary_links import make_glossary
from nwlbook.theme import OWN_ASSETS

CONFIGURATION = """\
project: {type: book, resources: ["data/*.csv"]}
lang: en-GB
book:
  title: Beds
  subtitle: A count
  author: The tests
  date: "2026-11-22"
  output-file: beds
  chapters:
    - index.qmd
    - part: Care
      chapters: [notebooks/beds.qmd, notebooks/other.qmd]
  appendices: [glossary.qmd, data.qmd]
number-sections: true
"""
BEDS = """\
# Beds of <b>"all"</b> boroughs {#sec-beds}

The [ICB](../glossary.qmd#term-icb) counts, and so does the
[sector](../glossary.qmd#term-sector), in @tbl-beds.

| Borough | Beds |
|---------|-----:|
| Brent   | 12   |

: **Brent has `12` beds.** Beds by borough. {#tbl-beds}

::: {.nwl-notes}
Source: [the count](https://example.org/count).
:::

## First section {#sec-first}

FILLER

## Second section {#sec-second}

FILLER

## Last section {#sec-last}

A few last words.
""".replace("FILLER", "\n\n".join(["A paragraph that fills the page."] * 40))
PAGES = {
    "index.qmd": "# Welcome {.unnumbered}\n\nHere.\n",
    "notebooks/beds.qmd": BEDS,
    "notebooks/other.qmd": "# Other care\n\nNothing.\n\n## Paragraph matters\n\nA paragraph.\n",
    "glossary.qmd": "# Terms\n\n[ICB]{#term-icb}\n:   Plans.\n\n[Sector]{#term-sector}\n:   All.\n",
    "data.qmd": "# Data\n\nAll of it.\n",
}
ROWS = [
    {"term": "icb", "title": "ICB", "expansion": "Integrated Care Board", "meaning": "It plans."},
    {"term": "sector", "title": "Whole sector", "expansion": None, "meaning": "<b>All</b> of it."},
]
BEDS_PAGE = "notebooks/beds"
MEANING = "ICB: Integrated Care Board. It plans."
CITED = (
    "The tests. “Table 1.1: Brent has 12 beds”, in: Beds: A count. "
    "Edition: Brent, 22 November 2026. "
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("aids")
    project, output = folder / "project", folder / "site"
    # the fonts come with npm's packages, and are not needed here
    shutil.copytree(OWN_ASSETS, project / "assets", ignore=shutil.ignore_patterns("fonts"))
    glossary = make_glossary("glossary.qmd", ROWS, [])
    section = {"title": "Beds", "subtitle": "A count", "author": "The tests", "date": "2026-11-22"}
    scripts = edition_scripts(section, "Brent", glossary, ROWS)
    for name, text in {"_quarto.yml": CONFIGURATION, **PAGES, **scripts}.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    output.mkdir()
    render(project, output, ["html"])
    return output


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Visit:
    """A page at an address of the site, with what the browser complains of."""

    def __init__(self, browser: Any, root: str, **options: Any) -> None:
        self.root = root
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, name: str = BEDS_PAGE, ending: str = "") -> Any:
        self.page.goto(f"{self.root}/{name}.html{ending}")
        return self.page


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:
    made = Visit(browser, address, permissions=["clipboard-read", "clipboard-write"])
    yield made
    made.context.close()
    assert made.complaints == []


@pytest.fixture
def folder_visit(browser: Any, site: Path) -> Iterator[Visit]:
    made = Visit(browser, f"file://{site}")
    yield made
    made.context.close()
    assert made.complaints == []


@pytest.fixture
def touch(browser: Any, address: str) -> Iterator[Visit]:
    made = Visit(browser, address, has_touch=True, is_mobile=True)
    yield made
    made.context.close()
    assert made.complaints == []


def test_table_has_a_permanent_link_that_focus_shows(visit: Visit) -> None:
    page = visit.open()
    link = page.get_by_role("link", name="Link to Table 1.1", exact=True)
    assert link.evaluate("one => getComputedStyle(one).opacity") == "0"
    link.focus()
    assert link.evaluate("one => getComputedStyle(one).opacity") == "1"
    link.press("Enter")
    assert page.url.endswith("#tbl-beds")


def test_permanent_links_are_seen_where_nothing_hovers(touch: Visit) -> None:
    page = touch.open()
    for name in ("Link to Table 1.1", "Link to section: First section"):
        link = page.get_by_role("link", name=name)
        assert link.evaluate("one => getComputedStyle(one).opacity") == "1"


def test_citation_is_shown_by_keyboard_and_copied(visit: Visit) -> None:
    page = visit.open(ending="?from=elsewhere#sec-first")
    summary = page.get_by_text("Cite Table 1.1", exact=True)
    text = page.locator(".nwl-cite-text")
    assert not text.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    expected = f"{CITED}{visit.root}/{BEDS_PAGE}.html#tbl-beds"
    # It is written when it is first opened.
    text.filter(has_text="#tbl-beds").wait_for()
    assert text.inner_text() == expected
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Copied", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == expected


def test_citation_by_touch(touch: Visit) -> None:
    page = touch.open()
    page.get_by_text("Cite Table 1.1", exact=True).tap()
    page.locator(".nwl-cite-text").filter(has_text="#tbl-beds").wait_for()


def test_citation_is_copied_where_the_clipboard_is_refused(visit: Visit) -> None:
    visit.page.add_init_script("delete Navigator.prototype.clipboard")
    page = visit.open()
    page.get_by_text("Cite Table 1.1", exact=True).click()
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_role("status").filter(has_text="Copied").wait_for()
    assert page.evaluate("String(getSelection())").startswith(CITED)


def test_citation_of_a_page_in_a_folder_names_no_place_of_this_machine(
    folder_visit: Visit,
) -> None:
    page = folder_visit.open()
    page.get_by_text("Cite Table 1.1", exact=True).click()
    page.locator(".nwl-cite-text").filter(has_text="#tbl-beds").wait_for()
    assert page.locator(".nwl-cite-text").inner_text() == f"{CITED}{BEDS_PAGE}.html#tbl-beds"


def test_nothing_moves_when_citations_are_added(visit: Visit) -> None:
    """The room is kept before the script runs: what follows stands where it will stay."""
    visit.context.route("**/citations.js", lambda route: route.abort())
    before = visit.open().locator("#sec-first").bounding_box()
    visit.complaints.clear()
    visit.context.unroute("**/citations.js")
    after = visit.open().locator("#sec-first").bounding_box()
    assert before and after
    assert abs(before["y"] - after["y"]) < 1


def test_meaning_of_a_term_by_keyboard_and_to_screen_readers(visit: Visit) -> None:
    page = visit.open()
    term = page.get_by_role("link", name="ICB", exact=True)
    until(page, "document.querySelectorAll('.nwl-tip').length === 2")
    described = page.locator(f"#{term.get_attribute('aria-describedby')}")
    assert described.text_content() == MEANING
    assert not described.is_visible()
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    assert term.evaluate("one => one === document.activeElement")
    assert described.is_visible()
    page.keyboard.press("Escape")
    assert not described.is_visible()
    assert term.evaluate("one => one === document.activeElement")
    page.keyboard.press("Tab")
    assert page.get_by_text("Whole sector: <b>All</b> of it.").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-sector")


def test_meaning_of_a_term_stays_while_it_is_pointed_at(visit: Visit) -> None:
    page = visit.open()
    until(page, "document.querySelectorAll('.nwl-tip').length === 2")
    meaning = page.get_by_text(MEANING)
    page.get_by_role("link", name="ICB", exact=True).hover()
    meaning.wait_for(state="visible")
    meaning.hover()
    page.wait_for_timeout(600)
    assert meaning.is_visible()
    assert not page.get_by_role("link", name="To the glossary").is_visible()
    page.mouse.move(5, 5)
    meaning.wait_for(state="hidden")
    page.get_by_role("link", name="ICB", exact=True).hover()
    meaning.wait_for(state="visible")
    page.keyboard.press("Escape")
    assert not meaning.is_visible()
    page.get_by_role("link", name="ICB", exact=True).click()
    page.wait_for_url("**/glossary.html#term-icb")


def test_first_tap_shows_the_meaning_and_the_way_to_the_glossary(touch: Visit) -> None:
    page = touch.open()
    until(page, "document.querySelectorAll('.nwl-tip').length === 2")
    term = page.get_by_role("link", name="ICB", exact=True)
    term.tap()
    meaning = page.get_by_text(MEANING)
    assert meaning.is_visible()
    assert page.url.endswith("beds.html")
    box = meaning.bounding_box()
    assert box and box["x"] >= 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("h1").tap()
    assert not meaning.is_visible()
    term.tap()
    page.get_by_role("link", name="To the glossary").tap()
    page.wait_for_url("**/glossary.html#term-icb")


def test_screen_reader_on_a_touch_screen_follows_the_link(touch: Visit) -> None:
    """Its activation is a click that no finger made."""
    page = touch.open()
    until(page, "document.querySelectorAll('.nwl-tip').length === 2")
    page.get_by_role("link", name="ICB", exact=True).evaluate("one => one.click()")
    page.wait_for_url("**/glossary.html#term-icb")


def test_terms_also_work_from_a_folder(folder_visit: Visit) -> None:
    page = folder_visit.open()
    page.get_by_role("link", name="ICB", exact=True).hover()
    page.get_by_text(MEANING).wait_for(state="visible")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_opened_is_accessible(browser: Any, address: str, scheme: str) -> None:
    made = Visit(browser, address, bypass_csp=True, color_scheme=scheme)
    page = made.open()
    page.get_by_text("Cite Table 1.1", exact=True).click()
    page.get_by_role("link", name="ICB", exact=True).hover()
    page.get_by_text(MEANING).wait_for(state="visible")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE, STANDARD) == []
    made.context.close()


def test_parts_fold_and_the_current_one_is_open(visit: Visit) -> None:
    page = visit.open()
    care = page.get_by_role("button", name="Care")
    appendices = page.get_by_role("button", name="Appendices")
    assert care.get_attribute("aria-expanded") == "true"
    assert appendices.get_attribute("aria-expanded") == "false"
    glossary = page.get_by_label("Chapters", exact=True).get_by_role("link", name="Terms")
    assert not glossary.is_visible()
    appendices.press("Enter")
    assert appendices.get_attribute("aria-expanded") == "true"
    glossary.click()
    page.wait_for_url("**/glossary.html")
    assert page.get_by_role("button", name="Care").get_attribute("aria-expanded") == "false"


def test_all_parts_are_open_on_the_first_page_and_without_script(
    browser: Any, visit: Visit, address: str
) -> None:
    page = visit.open("index")
    for name in ("Care", "Appendices"):
        assert page.get_by_role("button", name=name).get_attribute("aria-expanded") == "true"
    plain = Visit(browser, address, java_script_enabled=False)
    page = plain.open()
    chapters = page.get_by_label("Chapters", exact=True)
    assert chapters.get_by_role("link", name="Terms").is_visible()
    assert chapters.get_by_role("button", name="Care").is_disabled()
    assert page.locator(".nwl-cite").count() == 0
    page.get_by_role("link", name="ICB", exact=True).click()
    page.wait_for_url("**/glossary.html#term-icb")
    plain.context.close()


def test_section_that_is_read_is_marked_in_the_contents(visit: Visit) -> None:
    page = visit.open()
    current = page.locator(".contents-beside a[aria-current='true']")
    assert current.count() == 0
    page.locator("#sec-second").evaluate("one => one.scrollIntoView({behavior: 'instant'})")
    until(page, "document.querySelector('.contents-beside [aria-current]')")
    assert current.all_inner_texts() == ["1.2 Second section"]
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    until(page, "document.querySelector('.contents-beside [aria-current]')?.hash === '#sec-last'")
    assert current.count() == 1


def test_data_stands_in_the_menu_of_downloads(visit: Visit) -> None:
    page = visit.open()
    page.get_by_text("Download", exact=True).click()
    page.get_by_role("link", name="Data of every figure and table").click()
    page.wait_for_url("**/data.html")


def test_page_in_print_says_where_it_comes_from_and_has_no_controls(visit: Visit) -> None:
    page = visit.open(ending="?query#sec-first")
    page.get_by_text("Cite Table 1.1", exact=True).wait_for()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    origin = page.locator(".print-origin")
    assert origin.inner_text() == f"Beds, 22 November 2026, {visit.root}/{BEDS_PAGE}.html"
    address = "getComputedStyle(one, '::after').content"
    source = page.get_by_role("link", name="the count")
    assert "https://example.org/count" in source.evaluate(f"one => {address}")
    for control in (".top-bar", ".chapters", ".contents-beside", ".nwl-cite", ".nwl-anchor"):
        assert not page.locator(control).first.is_visible(), control
    assert not page.get_by_role("button").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_dark_theme_prints_light(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("button", name="Dark").click()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_page_of_a_folder_prints_no_address(folder_visit: Visit) -> None:
    page = folder_visit.open()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".print-origin").inner_text() == "Beds, 22 November 2026"
