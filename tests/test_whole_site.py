"""The whole built book in a real browser, from its folder and over http, and all its links."""

import csv
import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pypdfium2
import pytest
from document_texts import joined, pdf_text
from lxml import etree
from whole_book import WholeBook
from whole_site import (
    BUNDLE,
    PHONE,
    Reader,
    pages_of,
    parts_of,
    read_page,
    sections_of,
    served,
    words_of,
)

pytest_plugins = ["builder_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.build]

EDITIONS = {"": "nwl-report", "editions/brent/": "nwl-report-brent"}
# Sites that the statement on accessibility names, beside those of the sources.
OTHER_HOSTS = {"www.w3.org"}
A4_WITHIN_MARGINS = {"width": 680, "height": 980}
LISTED_RESULTS = 12
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
FOUND = """() => [...document.querySelectorAll("#search-results [role=option]")]
    .map(option => new URL(option.dataset.href, document.baseURI).href)"""
NOT_PRINTED = ".top-bar, #chapters, .pager, .contents-beside, .nwl-chart-wake, .skip-link"
SHOWN = """selector => [...document.querySelectorAll(selector)]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .map(one => one.outerHTML.slice(0, 120))"""
STICKING_OUT = """width => [...document.querySelectorAll("main *")]
    .filter(one => one.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}))
    .filter(one => !one.closest(".visually-hidden"))
    .filter(one => one.getBoundingClientRect().right > width + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def site(whole_book: WholeBook) -> Path:
    return whole_book.site.resolve()


@pytest.fixture(scope="module")
def bases(site: Path) -> Iterator[dict[str, str]]:
    """Address of the site when it is opened from its folder, and from a server."""
    with served(site) as address:
        yield {"file": site.as_uri(), "http": address}


@pytest.fixture
def open_reader(browser: Any, bases: dict[str, str]) -> Iterator[Callable[..., Reader]]:
    """Return what opens the site for a reader, who is heard out at the end."""
    readers: list[Reader] = []

    def opened(way: str, **options: Any) -> Reader:
        readers.append(Reader(browser, bases[way], **options))
        return readers[-1]

    yield opened
    for reader in readers:
        reader.close()


BOTH_WAYS = pytest.mark.parametrize("way", ["file", "http"])


# --- finding one's way ------------------------------------------------------------------------


def test_sidebar_leads_to_every_chapter(open_reader: Callable[..., Reader], site: Path) -> None:
    reader = open_reader("http")
    page = reader.open("index.html")
    for part, members in parts_of(site).items():
        for place in members:
            title = page.locator("#chapters .part-title", has_text=part).first
            link = page.locator(f"#chapters a[href$='{place}']")
            if not link.is_visible():
                title.click()
            link.click()
            page.wait_for_url(f"**/{place}")
            assert page.locator("#chapters a[aria-current=page]").count() == 1
            assert page.locator("#chapters a[aria-current=page]").is_visible()
            assert page.locator("h1").inner_text().strip()


def test_next_and_previous_pass_every_chapter_once(
    open_reader: Callable[..., Reader], site: Path
) -> None:
    reader = open_reader("file")
    page = reader.open("index.html")
    expected = pages_of(site)
    assert len(expected) > 30
    assert page.locator("a[rel=prev]").count() == 0
    passed = [reader.where]
    while page.locator("a[rel=next]").count():
        came_from = page.url
        with page.expect_navigation():
            page.locator("a[rel=next]").click()
        assert page.locator("a[rel=prev]").evaluate("link => link.href") == came_from
        assert reader.where not in passed
        passed.append(reader.where)
    assert passed == expected


@BOTH_WAYS
def test_search_finds_a_term_of_every_section(
    open_reader: Callable[..., Reader], site: Path, way: str
) -> None:
    reader = open_reader(way)
    pages = {place: read_page(site / place) for place in pages_of(site)}
    on_how_many = Counter(word for tree in pages.values() for word in words_of(tree))
    page = reader.open("index.html")
    box = page.get_by_role("combobox", name="Search the book")
    searched = 0
    for place, tree in pages.items():
        title = tree.find(".//article").find(".//h1").xpath("string(text()[last()])")
        for anchor, words in sections_of(tree):
            rarest = sorted(words, key=lambda word: (on_how_many[word], word))[:3]
            if not rarest:
                continue
            # Words that are all over the book need the chapter's name with them.
            is_common = on_how_many[rarest[0]] > LISTED_RESULTS
            term = " ".join([*rarest, title] if is_common else rarest)
            box.fill(term)
            page.locator("#search-results [role=option]").first.wait_for()
            address = f"{reader.base}/{place}" + (f"#{anchor}" if anchor else "")
            assert address in page.evaluate(FOUND), f"'{term}' of {place}#{anchor}"
            searched += 1
    assert searched > 100


@BOTH_WAYS
def test_enter_leads_to_the_section_that_was_found(
    open_reader: Callable[..., Reader], site: Path, way: str
) -> None:
    reader = open_reader(way)
    pages = {place: read_page(site / place) for place in pages_of(site)}
    book = " ".join(page.find(".//article").text_content().lower() for page in pages.values())
    for members in parts_of(site).values():
        place, anchor, term = next(
            (place, anchor, word)
            for place in members
            for anchor, words in sections_of(pages[place])
            for word in sorted(words)
            if anchor and len(word) > 7 and book.count(word) == 1
        )
        page = reader.open("index.html")
        box = page.get_by_role("combobox", name="Search the book")
        box.press_sequentially(term)
        page.locator("#search-results [role=option]").first.wait_for()
        box.press("Enter")
        page.wait_for_url(f"**/{place}#{anchor}")
        assert page.locator(f"[id='{anchor}']").evaluate(
            "one => one.getBoundingClientRect().top < innerHeight"
        ), f"'{term}' leads to {place}#{anchor}, out of sight"


@BOTH_WAYS
def test_editions_menu_keeps_the_chapter_and_back(
    open_reader: Callable[..., Reader], way: str
) -> None:
    reader = open_reader(way)
    for place in ("notebooks/borough-profile-brent.html", "notebooks/benefits.html"):
        page = reader.open(place)
        heading = page.locator("h1").inner_text().splitlines()[-1]
        for name, folder in (("Brent", "editions/brent/"), ("North West London", "")):
            page.locator(".edition-menu > summary").click()
            with page.expect_navigation():
                page.locator(".edition-menu").get_by_role("link", name=name, exact=True).click()
            assert reader.where == f"{folder}{place}"
            assert page.locator("h1").inner_text().splitlines()[-1] == heading


@BOTH_WAYS
def test_dark_mode_stays_over_pages_and_editions(
    open_reader: Callable[..., Reader], way: str
) -> None:
    reader = open_reader(way)
    page = reader.open("index.html")
    light = page.evaluate(BACKGROUND)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(BACKGROUND)
    assert dark != light
    page.locator("a[rel=next]").click()
    page.wait_for_url("**/notebooks/**")
    assert page.evaluate(BACKGROUND) == dark
    reader.open("editions/brent/notebooks/benefits.html")
    assert page.evaluate(BACKGROUND) == dark
    page.get_by_role("button", name="Dark").click()
    reader.open("index.html")
    assert page.evaluate(BACKGROUND) == light


# --- charts and the calculator ----------------------------------------------------------------


@BOTH_WAYS
def test_bundle_is_fetched_when_a_chart_is_woken_and_once_for_all(
    open_reader: Callable[..., Reader], way: str
) -> None:
    reader = open_reader(way)
    page = reader.open("notebooks/borough-profile-brent.html")
    charts = page.locator(".nwl-chart").all()
    assert len(charts) > 3
    assert page.locator(".nwl-chart-ready").count() == len(charts)
    assert reader.asked_for(BUNDLE) == 0
    for woken, chart in enumerate(charts, start=1):
        button = chart.locator("button.nwl-chart-wake")
        # Neither pointing at it nor scrolling to it, which wake it too.
        button.dispatch_event("click")
        chart.locator(".nwl-chart-live svg.main-svg").first.wait_for()
        assert page.locator(".nwl-chart-awake").count() == woken
        assert chart.locator(".nwl-chart-live .main-svg path").count() > 3
        assert reader.asked_for(BUNDLE) == 1


@BOTH_WAYS
def test_slider_changes_the_numbers(open_reader: Callable[..., Reader], way: str) -> None:
    reader = open_reader(way)
    page = reader.open("notebooks/benefits.html")
    totals = page.locator("[data-pounds]:not([data-year])").first
    before = float(totals.get_attribute("data-pounds"))
    slider = page.get_by_role("slider").last
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert float(totals.get_attribute("data-pounds")) > before
    assert reader.asked_for(BUNDLE) <= 1


# --- print ------------------------------------------------------------------------------------


def test_nothing_sticks_out_on_a_phone_or_on_paper(
    open_reader: Callable[..., Reader], site: Path
) -> None:
    reader = open_reader("file", viewport=PHONE)
    for place in pages_of(site):
        page = reader.open(place)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{place} is {width} pixels wide"
        page.set_viewport_size(A4_WITHIN_MARGINS)
        page.emulate_media(media="print")
        assert page.locator("article").is_visible()
        assert page.evaluate(SHOWN, NOT_PRINTED) == [], place
        assert page.evaluate(STICKING_OUT, A4_WITHIN_MARGINS["width"]) == [], place
        page.emulate_media(media="screen")
        page.set_viewport_size(PHONE)


def test_printed_chapter_holds_its_captions_and_no_controls(
    open_reader: Callable[..., Reader], tmp_path: Path
) -> None:
    reader = open_reader("file")
    page = reader.open("notebooks/case-for-change.html")
    captions = [joined(each) for each in page.locator("article figcaption").all_inner_texts()]
    page.pdf(path=tmp_path / "printed.pdf", format="A4")
    text = joined(pdf_text(tmp_path / "printed.pdf"))
    assert len(captions) > 3
    assert [caption for caption in captions if caption not in text] == []
    assert "Interactivechart" not in text


# --- files, without a browser -----------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_file_of_the_download_menu_is_there(site: Path, edition: str) -> None:
    for place in pages_of(site, edition):
        (menu,) = read_page(site / place).xpath("//header//details[.//summary='Download']")
        links = [link.get("href") for link in menu.iter("a")]
        for link in links:
            assert ((site / place).parent / link).resolve().is_file(), f"{place}: {link}"
        names = {posixpath.basename(link) for link in links}
        assert {f"{EDITIONS[edition]}.{each}" for each in ("pdf", "docx", "epub")} <= names


@pytest.mark.parametrize("edition", EDITIONS)
def test_pdf_opens_with_a_bookmark_for_each_chapter(site: Path, edition: str) -> None:
    document = pypdfium2.PdfDocument(site / edition / f"{EDITIONS[edition]}.pdf")
    assert len(document) > 50
    marks = [" ".join(mark.get_title().split()) for mark in document.get_toc()]
    for place in pages_of(site, edition):
        current = read_page(site / place).xpath(
            "//nav[@id='chapters']//a[@aria-current]/span[last()]"
        )
        title = " ".join(current[0].text_content().split())
        assert any(mark.endswith(title) for mark in marks), f"{title} is not in {marks}"
    document.close()


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_every_part_of_a_packed_document_can_be_read(site: Path, edition: str, ending: str) -> None:
    with zipfile.ZipFile(site / edition / f"{EDITIONS[edition]}.{ending}") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        parsed = {
            name: etree.fromstring(archive.read(name))
            for name in names
            if name.endswith((".xml", ".rels", ".xhtml", ".opf", ".ncx", ".svg"))
        }
    if ending == "epub":
        package = parsed["EPUB/content.opf"]
        items = package.findall("{*}manifest/{*}item")
        files = {f"EPUB/{unquote(item.get('href'))}" for item in items}
        assert files <= set(names)
        assert set(names) - files <= {"mimetype", "META-INF/container.xml", "EPUB/content.opf"} | {
            name for name in names if name.startswith("META-INF/")
        }
    else:
        assert "word/document.xml" in parsed


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_table_of_data_has_one_header_and_whole_rows(site: Path, edition: str) -> None:
    files = sorted((site / edition / "data").rglob("*.csv"))
    assert len(files) > 100
    for file in files:
        with file.open(encoding="utf-8", newline="") as opened:
            header, *rows = csv.reader(opened, strict=True)
        assert all(header), file.name
        assert len(set(header)) == len(header), file.name
        assert rows, file.name
        assert {len(row) for row in rows} == {len(header)}, file.name


def test_every_link_and_anchor_of_every_page_resolves(site: Path) -> None:
    pages = {
        file: read_page(file)
        for file in site.rglob("*.html")
        if "assets" not in file.relative_to(site).parts
    }
    anchors = {file: set(page.xpath("//@id")) for file, page in pages.items()}
    checked = 0
    for file, page in pages.items():
        for address in page.xpath("//a/@href | //img/@src | //script/@src | //link/@href"):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            shown = f"{file.relative_to(site)}: {address}"
            assert target.is_relative_to(site), shown
            assert target.is_file(), shown
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in anchors[target], shown
            checked += 1
    assert checked > 5_000


def test_links_away_from_the_site_go_to_the_sources(site: Path) -> None:
    with (site / "data" / "sources.csv").open(encoding="utf-8", newline="") as opened:
        hosts = {urlsplit(row["url"]).netloc for row in csv.DictReader(opened)} | OTHER_HOSTS
    for file in site.rglob("*.html"):
        if "assets" in file.relative_to(site).parts:
            continue
        for address in read_page(file).xpath("//a/@href[contains(., ':')]"):
            parts = urlsplit(address)
            assert parts.scheme == "https", f"{file.name}: {address}"
            assert parts.netloc in hosts, f"{file.name}: {address}"
