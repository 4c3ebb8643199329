"""The whole book against WCAG 2.2 AA: the markup of every page, a page of each kind in a browser.

Criteria are named by their number in WCAG 2.2.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible_browsing import (
    CHANGED,
    LOST,
    MOVES,
    NUMBERED,
    OPEN,
    RUN_AXE,
    SHORTEN,
    SMALL,
    SPACING,
    WIDER,
    open_page,
    pixels_that_change,
    wake_chart,
    walk,
)
from accessible_pages import CHECKS
from lxml import html
from whole_book import WholeBook

pytest_plugins = ["builder_fixtures"]

ROOT = Path(__file__).parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that a theme can spoil.
OF_COLOUR = ["color-contrast", "link-in-text-block"]
ROWS, FOLDS = 4, 20
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# 1280 by 1024 pixels at 400 %.
ENLARGED = {"width": 320, "height": 256}
TABLET = {"width": 850, "height": 700}
# The narrowest at which the bar stays in sight.
NARROW_DESK = {"width": 1040, "height": 700}
# A4 less its margins
PAPER = {"width": 658, "height": 960}
WALKED = ("index", "notebooks/benefits", "notebooks/dashboard", "accessibility")
MOST_STOPS = 400
CHARTS = ("case-for-change", "benefits", "priority-trajectory-1")
SCREEN_ONLY = ".top-bar, .chapters, .pager, .nwl-chart-wake, .contents-fold"
CONTROLS = {
    "index": (
        ".book-title",
        ".edition-menu summary",
        ".download-menu:not(.edition-menu) summary",
        ".theme-button",
        "#search",
        ".chapters a",
        ".chapters a[aria-current]",
        "main article a",
        ".pager a",
    ),
    "notebooks/case-for-change": (
        ".contents-beside a",
        ".anchor",
        ".nwl-chart-wake",
        "summary.callout-title",
        ".nwl-notes a",
        ".table-scroll",
    ),
    "notebooks/benefits": (
        ".nwl-calculator select",
        ".nwl-calculator input[type=radio]",
        ".nwl-calculator input[type=range]",
        ".nwl-calculator button",
        ".nwl-calculator summary",
    ),
    "notebooks/borough-comparison": (".nwl-sort",),
    "editions": (".editions-page li a",),
}
BAD_PAGE = """<html lang="en"><title>Bad</title><body style="color: #999; background: #fff">
<main><button style="width: 9px; height: 9px"></button><p>Too pale</p>
<div style="width: 2000px">Too wide</div>
<div style="width: 3em; overflow: hidden; white-space: nowrap">Cut off at the end</div></main>
<p class="pager">Next</p><style>@media print { main { display: none; } }</style></body></html>"""
BAD_PAGES = {
    "heading_problems": ("<h1>A</h1><h3>B</h3>", "level 3 follows level 1: B"),
    "frame_problems": ("<main></main><nav><a href='#a'>A</a></nav>", "1 nav without a name"),
    "table_problems": (
        "<table><thead><tr><th>A</th></tr></thead></table>",
        "table 1 of the page: no caption",
    ),
    "picture_problems": ("<img src='fig-a.svg' alt='fig-a'>", "its alternative is 'fig-a'"),
    "link_problems": ("<a href='a.html'>here</a>", "a link named 'here'"),
    "reference_problems": ("<p id='a'></p><p id='a'></p>", "the id 'a' stands 2 times"),
    "colour_problems": ("<main><i style='color: red'></i></main>", "colour without text"),
}


@pytest.fixture(scope="module")
def site(whole_book: WholeBook) -> Path:
    return whole_book.site.resolve()


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Any]:
    """Every page of all editions, parsed."""
    files = (file for file in sorted(site.rglob("*.html")) if "assets" not in file.parts)
    return {
        file.relative_to(site).with_suffix("").as_posix(): html.fromstring(
            file.read_text(encoding="utf-8")
        )
        for file in files
    }


@pytest.fixture(scope="module")
def kinds(site: Path) -> list[str]:
    """A page of each kind: what stands at the root, each notebook's first page, an edition's."""
    notebooks = {
        sorted((site / "notebooks").glob(f"{notebook.stem}*.html"))[0]
        for notebook in (ROOT / "notebooks").glob("*.ipynb")
    }
    edition = site / "editions" / "brent"
    of_edition = [edition / "index.html", edition / "notebooks" / "borough-profile-brent.html"]
    return [
        file.relative_to(site).with_suffix("").as_posix()
        for file in (*sorted(site.glob("*.html")), *sorted(notebooks), *of_edition)
    ]


@pytest.fixture(scope="module")
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page of the browser; motion is off, so that nothing has to be waited for."""
    contexts = []

    def make(**options: Any) -> Any:
        chosen = {"viewport": DESK, "reduced_motion": "reduce", "bypass_csp": True} | options
        contexts.append(browser.new_context(**chosen))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def _small_targets(page: Any) -> Iterator[tuple[str, Any]]:
    """2.5.8, without its exceptions for what has room around it."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        yield f"{size['width']}", page.evaluate(SMALL)


def _lost_by_zoom_or_spacing(page: Any) -> Iterator[tuple[str, Any]]:
    """1.4.10 and 1.4.12: the page does not scroll sideways; what does can be reached by key."""
    page.evaluate(OPEN, "details")
    for spaced, rules in (("as it is", "* {}"), ("spaced", SPACING)):
        style = page.add_style_tag(content=rules)
        for size in (ENLARGED, TABLET, DESK):
            page.set_viewport_size(size)
            yield f"{size['width']} {spaced}: pixels too wide", page.evaluate(WIDER)
            yield f"{size['width']} {spaced}: cut off", page.evaluate(LOST)
        style.evaluate("one => one.remove()")


def _print(page: Any) -> Iterator[tuple[str, Any]]:
    """Text is dark on white in the dark theme too, and what has no use on paper is gone."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate(
        "() => [getComputedStyle(document.body)].flatMap(s => [s.color, s.backgroundColor])"
    )
    yield "colours", "" if colours == ["rgb(33, 43, 50)", "rgb(255, 255, 255)"] else colours
    yield "no text", not page.locator("main").is_visible()
    yield "controls", page.locator(f":is({SCREEN_ONLY}) >> visible=true").count()
    page.emulate_media(media="screen", color_scheme="light")


def _axe(page: Any) -> Iterator[tuple[str, Any]]:
    page.evaluate(SHORTEN, [ROWS, FOLDS])
    page.evaluate("document.querySelectorAll('.top-bar details').forEach(d => { d.open = false; })")
    page.set_viewport_size(DESK)
    if any(page.url.endswith(f"{name}.html") for name in CHARTS):
        wake_chart(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for scheme, rules in (("light", []), ("dark", OF_COLOUR)):
            page.emulate_media(color_scheme=scheme)
            yield (
                f"{size['width']} {scheme}",
                page.evaluate(RUN_AXE, {"tags": STANDARD, "rules": rules}),
            )
    page.emulate_media(color_scheme="light")


# In this order: each leaves the page as the next one needs it.
VISITS = (_small_targets, _lost_by_zoom_or_spacing, _print, _axe)


@pytest.fixture(scope="module")
def survey(site: Path, kinds: list[str], new_page: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """Each visit's name to what it found wrong; every page is opened once for all."""
    page = new_page()
    found: dict[str, dict[str, Any]] = {visit.__name__: {} for visit in VISITS}
    for name in kinds:
        open_page(page, site, name)
        page.evaluate(OPEN, "main details")
        for visit in VISITS:
            for case, problem in visit(page):
                if problem:
                    found[visit.__name__][f"{name} at {case}"] = problem
    return found


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_markup_of_every_page(pages: dict[str, Any], check: Any) -> None:
    found = {name: list(check(page)) for name, page in pages.items()}
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_bad_markup_is_found_out(check: Any) -> None:
    body, problem = BAD_PAGES[check.__name__]
    page = html.document_fromstring(
        f"<html lang='en-GB'><title>A</title><body>{body}</body></html>"
    )
    assert any(problem in said for said in check(page))


def test_titles_tell_pages_apart(pages: dict[str, Any]) -> None:
    titles = Counter(page.findtext(".//title") for page in pages.values())
    assert [title for title, count in titles.items() if count > 1] == []


def test_statement_is_in_every_edition_and_format(whole_book: WholeBook) -> None:
    for edition in ("", "editions/brent/"):
        assert (whole_book.site / f"{edition}accessibility.html").is_file()
        welcome = (whole_book.site / f"{edition}index.html").read_text(encoding="utf-8")
        assert "Accessibility statement" in welcome


@pytest.mark.browser
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__.strip("_"))
def test_page_of_each_kind(survey: dict[str, dict[str, Any]], visit: Any) -> None:
    assert survey[visit.__name__] == {}


@pytest.mark.browser
def test_visits_find_what_is_wrong(new_page: Callable[..., Any]) -> None:
    page = new_page()
    page.set_content(BAD_PAGE)
    found = {visit.__name__: [case for case, problem in visit(page) if problem] for visit in VISITS}
    assert found["_small_targets"] == ["1280", "390"]
    assert found["_lost_by_zoom_or_spacing"] == [
        f"{width} {spaced}: {problem}"
        for spaced in ("as it is", "spaced")
        for width in (320, 850, 1280)
        for problem in ("pixels too wide", "cut off")
    ]
    assert found["_print"] == ["colours", "no text", "controls"]
    assert found["_axe"] == ["1280 light", "1280 dark", "390 light", "390 dark"]


@pytest.mark.browser
@pytest.mark.parametrize("name", WALKED)
def test_walk_by_keyboard(site: Path, new_page: Callable[..., Any], name: str) -> None:
    """2.1.1, 2.1.2, 2.4.1, 2.4.3 and 2.4.11."""
    page = new_page(viewport=NARROW_DESK)
    open_page(page, site, name)
    wanted = page.evaluate(NUMBERED)
    there = walk(page, "Tab", MOST_STOPS)
    assert [stop for stop, _, _ in there] == list(range(len(wanted))), "not in order, or a trap"
    assert "skip-link" in there[0][2]
    assert [what for _, seen, what in there if not seen] == [], "hidden when it has the focus"
    back = walk(page, "Shift+Tab", MOST_STOPS)
    assert [stop for stop, _, _ in back] == list(reversed(range(len(wanted))))
    assert [what for _, seen, what in back if not seen] == [], "hidden when it has the focus"


@pytest.mark.browser
def test_skip_link_leads_to_the_text(site: Path, new_page: Callable[..., Any]) -> None:
    page = new_page()
    open_page(page, site, "notebooks/case-for-change")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.browser
@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced colours"],
)
def test_focus_can_be_seen(site: Path, new_page: Callable[..., Any], look: dict[str, str]) -> None:
    """2.4.7: as much of it changes by 3:1 as half a line around the control has."""
    page, judge = new_page(**look), new_page()
    unseen = []
    for name, selectors in CONTROLS.items():
        open_page(page, site, name)
        page.evaluate(OPEN, "main details")
        page.keyboard.press("Tab")
        for selector in selectors:
            control = page.locator(f"{selector} >> visible=true").first
            changed, needed = pixels_that_change(page, judge, control)
            if changed < needed:
                unseen.append(f"{selector}: {changed} of {needed:.0f} pixels")
    assert unseen == []


@pytest.mark.browser
def test_measure_of_focus_counts_pixels_that_change_by_3_to_1(new_page: Callable[..., Any]) -> None:
    judge = new_page()
    picture = """async (colour) => {
      const canvas = new OffscreenCanvas(4, 5), context = canvas.getContext('2d');
      context.fillStyle = colour;
      context.fillRect(0, 0, 4, 5);
      const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
      return btoa(String.fromCharCode(...bytes));
    }"""
    white, yellow, blue = (judge.evaluate(picture, c) for c in ("#fff", "#ffeb3b", "#005eb8"))
    assert judge.evaluate(CHANGED, [white, yellow]) == 0
    assert judge.evaluate(CHANGED, [white, blue]) == 20


@pytest.mark.browser
def test_nothing_moves_where_less_motion_is_asked_for(
    site: Path, new_page: Callable[..., Any]
) -> None:
    for motion, moves in (("reduce", False), ("no-preference", True)):
        page = new_page(reduced_motion=motion)
        open_page(page, site, "notebooks/case-for-change")
        wake_chart(page)
        assert bool(page.evaluate(MOVES)) is moves


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_what_backgrounds_said(
    site: Path, new_page: Callable[..., Any], scheme: str
) -> None:
    page = new_page(forced_colors="active", color_scheme=scheme)
    open_page(page, site, "notebooks/case-for-change")

    def style(selector: str, name: str) -> str:
        script = "(one, name) => getComputedStyle(one)[name]"
        return str(page.locator(f"{selector} >> visible=true").first.evaluate(script, name))

    canvas = style("body", "backgroundColor")
    current, other = ".chapters a[aria-current]", ".chapters a:not([aria-current])"
    assert style(current, "borderLeftColor") != canvas
    assert style(other, "borderLeftColor") == canvas
    for control in (
        ".theme-button",
        ".download-menu:not(.edition-menu) summary",
        ".nwl-chart",
        ".callout",
    ):
        assert float(style(control, "borderTopWidth").removesuffix("px")) >= 1, control
        assert style(control, "borderTopColor") != canvas, control
    # Charts are drawn for white.
    assert style(".nwl-chart", "backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.browser
def test_data_of_a_chart_opens_by_keyboard(site: Path, new_page: Callable[..., Any]) -> None:
    page = new_page()
    open_page(page, site, "notebooks/case-for-change")
    chart = page.locator("figure:has(.nwl-chart)").first
    button = chart.get_by_role("button")
    button.press("Enter")
    chart.locator(".nwl-chart-awake").wait_for()
    page.evaluate(NUMBERED)
    stops = walk(page, "Tab", 6)
    assert any("callout-title" in what for _, _, what in stops)
    fold = chart.locator("xpath=following-sibling::details[1]")
    fold.locator("summary").press("Enter")
    assert fold.get_by_role("region").is_visible()
    assert fold.get_by_role("rowheader").count() > 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('[role=region]')")


def test_pages_to_walk_are_pages(site: Path) -> None:
    for name in (*WALKED, *CONTROLS):
        assert (site / f"{name}.html").is_file(), name
