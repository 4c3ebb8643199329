"""The built site in a browser, opened from its folder as a reader would."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from builder_books import RealBook
from playwright.sync_api import Browser, Page, sync_playwright

from nwlbook.browser import find_browser

pytest_plugins = ["builder_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.build]

FLAGS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30_000
NARROW = {"width": 390, "height": 844}


class Visit:
    """A page, and all that it asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: object) -> None:
        if message.type in {"error", "warning"}:  # type: ignore[attr-defined]
            self.complaints.append(f"{self.page.url}: {message.text}")  # type: ignore[attr-defined]

    def outside(self, site: Path) -> list[str]:
        """Return the addresses asked for that are not files of the site."""
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in {"data", "blob"}
            and not (
                url.startswith("file://")
                and Path(unquote(urlsplit(url).path)).resolve().is_relative_to(site.resolve())
            )
        ]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = find_browser()
    if executable is None:
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=list(FLAGS), chromium_sandbox=False
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    with chromium.new_context() as context:
        yield Visit(context.new_page())


def chapters(page: Page) -> list[str]:
    """Return the address of each chapter, as the navigation of a page gives it."""
    found: list[str] = page.locator("nav.chapters a").evaluate_all(
        "links => links.map(link => link.href)"
    )
    return found


def first_page(book: RealBook) -> str:
    return (book.site.resolve() / "index.html").as_uri()


def test_navigation_leads_through_every_chapter_and_every_chart_is_drawn(
    visit: Visit, real_book: RealBook
) -> None:
    site, page = real_book.site.resolve(), visit.page
    page.goto(first_page(real_book))
    expected = chapters(page)
    assert len(expected) == 14
    seen, drawn = [page.url], 0
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        page.locator("h1").first.wait_for()
        seen.append(page.url)
        assert chapters(page) == expected
        assert page.locator("nav.chapters a[aria-current=page]").count() == 1
        for chart in page.locator(".nwl-chart").all():
            chart.locator("button.nwl-chart-wake").click()
            chart.locator(".nwl-chart-live svg.main-svg").first.wait_for(state="visible")
            box = chart.locator(".nwl-chart-live").bounding_box()
            assert box is not None
            assert box["width"] > 300
            assert box["height"] > 100
            assert chart.locator(".nwl-chart-live .main-svg path").count() > 3
            drawn += 1
    assert seen == expected
    assert drawn >= 20
    assert visit.complaints == []
    assert visit.outside(site) == []


def test_nothing_sticks_out_of_a_narrow_screen(chromium: Browser, real_book: RealBook) -> None:
    with chromium.new_context(viewport=NARROW, device_scale_factor=1) as context:
        visit = Visit(context.new_page())
        visit.page.goto(first_page(real_book))
        for address in chapters(visit.page):
            visit.page.goto(address)
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            assert width <= NARROW["width"], f"{address} is {width} pixels wide"
        assert visit.complaints == []


def test_page_without_scripts_still_has_its_charts_and_navigation(
    chromium: Browser, real_book: RealBook
) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{real_book.site.resolve().as_uri()}/notebooks/benefits.html")
        images = page.locator(".nwl-chart img").all()
        assert images
        for image in images:
            image.scroll_into_view_if_needed()
            box = image.bounding_box()
            assert box is not None
            assert box["height"] > 100
        assert page.locator("nav.chapters a").count() == 14
