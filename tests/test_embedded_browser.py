"""The engine's pages in a real browser: accessible, usable by keyboard, silent under the policy."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nwlbook.embedded.render import render
from nwlbook.errors import InputError
from nwlbook.theme import asset_files

ROOT = Path(__file__).parents[1]
STAGED = Path(__file__).parent / "fixtures" / "staged"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("index", "notebooks/case-for-change", "notebooks/borough-profile-brent")
CASE = "notebooks/case-for-change"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """tags => axe.run(document, {preload: false, resultTypes: ["violations"],
    runOnly: {type: "tag", values: tags}})
    .then(result => result.violations.map(one => `${one.id}: ${one.nodes[0].html}`))"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    project, output = folder / "project", folder / "site"
    shutil.copytree(STAGED, project)
    try:
        assets = asset_files(ROOT)
    except InputError as error:
        pytest.skip(str(error))
    for name, source in assets.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, project / name)
    output.mkdir()
    render(project, output, ["html", "pdf"])
    return output


class Reader:
    """A page that notes what the browser complains of."""

    def __init__(self, browser: Any, site: Path, **options: Any) -> None:
        self.site = site
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, name: str) -> Any:
        self.page.goto(f"file://{self.site}/{name}.html")
        return self.page

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def reader(browser: Any, site: Path) -> Iterator[Reader]:
    made = Reader(browser, site, viewport={"width": 1280, "height": 900})
    yield made
    made.close()
    assert made.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_accessibility_violation_and_nothing_overflows(
    browser: Any, site: Path, scheme: str, width: int
) -> None:
    made = Reader(
        browser,
        site,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=True,
    )
    for name in PAGES:
        page = made.open(name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        for box in page.locator("details").all():
            box.evaluate("one => { one.open = true; }")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN_AXE, STANDARD) == [], name
    made.close()


def test_search_by_keyboard(reader: Reader) -> None:
    page = reader.open(CASE)
    box = page.get_by_role("combobox", name="Search the book")
    box.press_sequentially("neighbours grows")
    page.get_by_role("option").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    assert "Growth" in chosen.inner_text()
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    box.press("Enter")
    page.wait_for_url("**/borough-profile-brent.html#sec-growth-brent")


def test_results_stand_under_their_chapters(reader: Reader) -> None:
    page = reader.open("index")
    page.get_by_role("combobox", name="Search the book").press_sequentially("growth")
    group = page.get_by_role("group", name="The case for change")
    group.get_by_role("option").first.wait_for()
    titles = page.locator("#search-results .where").all_inner_texts()
    assert len(titles) == len(set(titles)) > 1
    assert {word.lower() for word in group.locator("mark").all_inner_texts()} == {"growth"}
    held = page.locator("#search-results [role=group] > [role=option]").count()
    assert page.get_by_role("option").count() == held


def test_shortcut_leads_to_the_search_and_a_letter_alone_does_not(reader: Reader) -> None:
    page = reader.open(CASE)
    box = page.get_by_role("combobox", name="Search the book")
    page.locator("h1").click()
    for key in ("k", "/", "s", "f"):
        page.keyboard.press(key)
        assert not box.evaluate("one => one === document.activeElement")
    page.keyboard.press("Control+k")
    assert box.evaluate("one => one === document.activeElement")
    assert box.get_attribute("aria-keyshortcuts") == "Control+K Meta+K"
    assert "Ctrl K" in (box.get_attribute("placeholder") or "")


def test_search_that_finds_nothing_says_so(reader: Reader) -> None:
    page = reader.open("index")
    page.get_by_role("combobox").press_sequentially("xylophone")
    page.get_by_text("No results").wait_for()


def test_hostile_text_in_a_search_result_stays_text(reader: Reader) -> None:
    page = reader.open("index")
    page.get_by_role("combobox").press_sequentially("ealing quoted")
    result = page.get_by_role("option").first
    result.wait_for()
    assert page.locator("#search-results script").count() == 0


def test_tabs_by_keyboard(reader: Reader) -> None:
    page = reader.open(CASE)
    first, second = page.get_by_role("tab").all()
    assert page.get_by_role("tabpanel").inner_text() == "The best case pays back at once."
    first.press("ArrowRight")
    assert second.get_attribute("aria-selected") == "true"
    assert "214 days" in page.get_by_role("tabpanel").inner_text()
    second.press("ArrowRight")
    assert first.get_attribute("aria-selected") == "true"


def test_theme_is_remembered(reader: Reader) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    page = reader.open("index")
    light = page.evaluate(background)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(background)
    assert dark != light
    page = reader.open(CASE)
    assert page.evaluate(background) == dark
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"


def test_chapters_open_on_a_phone(browser: Any, site: Path) -> None:
    phone = Reader(browser, site, viewport={"width": 390, "height": 800})
    page = phone.open(CASE)
    chapters = page.get_by_role("navigation", name="Chapters", exact=True)
    button = page.get_by_role("button", name="Chapters")
    assert not chapters.is_visible()
    button.click()
    assert chapters.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not chapters.is_visible()
    phone.close()


def test_everything_can_be_read_without_scripts(browser: Any, site: Path) -> None:
    plain = Reader(browser, site, viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = plain.open(CASE)
    assert page.get_by_role("navigation", name="Chapters", exact=True).is_visible()
    assert page.get_by_text("The worst case pays back in 214 days.").is_visible()
    assert page.locator(".tab-title").last.is_visible()
    assert page.locator("#fig-cost img").first.is_visible()
    assert not page.get_by_role("combobox").is_visible()
    plain.close()


def test_download_menu_offers_the_pdf(reader: Reader) -> None:
    page = reader.open(CASE)
    page.get_by_text("Download", exact=True).click()
    link = page.get_by_role("link", name="Whole book as PDF")
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_chart_wakes_under_the_policy(reader: Reader) -> None:
    page = reader.open(CASE)
    page.locator("#fig-cost").get_by_role("button", name="Interactive chart").click()
    page.locator("#fig-cost .nwl-chart-awake").wait_for()
