"""charts.js in a real browser, under the policy that the embedded engine's pages carry."""

import functools
import shutil
import threading
from collections.abc import Iterator
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from page_waits import until

from nwlbook.browser import find_browser
from nwlbook.charts import chart_markup
from nwlbook.embedded.policy import POLICY
from nwlbook.errors import InputError
from nwlbook.theme import FROM_PACKAGES, asset_files

ROOT = Path(__file__).parents[1]
FIGURE = {
    "data": [
        {"type": "bar", "x": ["Brent", "Ealing"], "y": [3, 5], "marker": {"color": "#12436D"}},
        {"type": "scatter", "x": ["Brent", "Ealing"], "y": [2, 4], "name": "Target"},
    ],
    "layout": {"height": 420, "width": 500, "annotations": [{"x": 0, "y": 3, "text": "Note"}]},
    "config": {"displayModeBar": True},
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="420" viewBox="0 0 760 420">'
    '<rect width="760" height="420" fill="#BFBFBF"/></svg>'
)


def chart(name: str, *, image: bool = True, figure: dict[str, Any] = FIGURE) -> str:
    markup = chart_markup(name, figure, "Two bars", "../", has_image=image)
    return f'{markup}<p id="after-{name}">After</p>'


def page(*charts: str, head: str = "") -> str:
    return f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<title>Charts</title>{head}
<link rel="stylesheet" href="../assets/fonts/open-sans.css">
<link rel="stylesheet" href="../assets/charts.css">
<script src="../assets/charts.js" defer></script></head>
<body><main><h1>Charts</h1>{"".join(charts)}</main></body></html>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for name, source in asset_files(ROOT).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    (folder / "figures").mkdir()
    for name in ("fig-a", "fig-b"):
        (folder / "figures" / f"{name}.svg").write_text(SVG)
        narrow = SVG.replace("760", "400")
        (folder / "figures" / f"{name}-narrow.svg").write_text(narrow)
    (folder / "notebooks").mkdir()
    (folder / "alone").mkdir()
    shutil.copyfile(folder / "assets" / "charts.js", folder / "alone" / "charts.js")
    (folder / "assets" / "require.js").write_text(
        "window.define = () => { throw new Error('a module was registered'); };"
        "window.define.amd = {};"
    )
    pages = {
        "charts": page(chart("fig-a"), chart("fig-b")),
        "no-image": page(
            '<div style="height:3000px"></div>', chart("fig-c", image=False), chart("fig-a")
        ),
        "no-bundle": page(chart("fig-a")).replace("../assets/charts.js", "../alone/charts.js"),
        "modules": page(chart("fig-a"), head='<script src="../assets/require.js"></script>'),
    }
    for name, text in pages.items():
        (folder / "notebooks" / f"{name}.html").write_text(text)
    return folder


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    executable = find_browser()
    if executable is None:
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class Visit:
    """One page under watch: requests, violations of its policy, errors."""

    def __init__(self, chromium: Any, url: str, width: int = 1280) -> None:
        self.tab = chromium.new_page(viewport={"width": width, "height": 900})
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.add_init_script(
            "window.violations = []; document.addEventListener('securitypolicyviolation',"
            "event => violations.push(`${event.violatedDirective} ${event.blockedURI}`))"
        )
        self.tab.goto(url)

    def until(self, expression: str) -> Any:
        return until(self.tab, expression)

    def awake(self, name: str) -> str:
        return f"!!document.querySelector('#chart-{name}.nwl-chart-awake .bars path')"

    def top(self, name: str) -> float:
        return float(self.tab.locator(f"#after-{name}").bounding_box()["y"])

    def loaded_plotly(self) -> bool:
        return any(url.endswith("plotly.min.js") for url in self.requests)

    def violations(self) -> list[str]:
        return list(self.tab.evaluate("violations"))


@pytest.fixture
def open_page(request: pytest.FixtureRequest, chromium: Any, site: Path) -> Iterator[Any]:
    over_http = getattr(request, "param", "file") == "http"
    base = request.getfixturevalue("address") if over_http else site.as_uri()
    visits: list[Visit] = []

    def visit(name: str, width: int = 1280) -> Visit:
        visits.append(Visit(chromium, f"{base}/notebooks/{name}.html", width))
        return visits[-1]

    yield visit
    for seen in visits:
        seen.tab.close()


FROM_FILES_AND_OVER_HTTP = pytest.mark.parametrize("open_page", ["file", "http"], indirect=True)


@pytest.mark.browser
@FROM_FILES_AND_OVER_HTTP
def test_a_chart_is_an_image_until_it_is_pointed_at(open_page: Any) -> None:
    visit = open_page("charts")
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 2")
    assert not visit.loaded_plotly()
    before = visit.top("fig-a")
    visit.tab.hover("#chart-fig-a img")
    visit.until(visit.awake("fig-a"))
    assert visit.top("fig-a") == pytest.approx(before, abs=0.5)
    assert visit.tab.locator("#chart-fig-a img").is_hidden()
    box = visit.tab.locator("#chart-fig-a")
    assert box.get_attribute("role") == "group"
    assert box.get_attribute("aria-label") == "Two bars"
    assert visit.tab.locator("#chart-fig-b img").is_visible()
    assert not visit.tab.evaluate(visit.awake("fig-b"))
    assert visit.tab.locator(".modebar-btn").count() == 0
    assert visit.violations() == []
    assert visit.errors == []
    assert {url.split("/")[0] for url in visit.requests} <= {"file:", "http:"}
    assert len([url for url in visit.requests if url.endswith("plotly.min.js")]) == 1


@pytest.mark.browser
def test_the_keyboard_wakes_a_chart_and_puts_the_image_back(open_page: Any) -> None:
    visit = open_page("charts")
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 2")
    visit.tab.keyboard.press("Tab")
    button = visit.tab.locator("#chart-fig-a button")
    visit.until("document.activeElement.closest('#chart-fig-a') !== null")
    assert button.inner_text() == "Interactive chart"
    visit.tab.keyboard.press("Enter")
    visit.until(visit.awake("fig-a"))
    assert button.inner_text() == "Static image"
    visit.tab.keyboard.press("Enter")
    visit.until("!document.querySelector('#chart-fig-a .nwl-chart-live')")
    assert visit.tab.locator("#chart-fig-a img").is_visible()
    assert button.inner_text() == "Interactive chart"
    assert visit.tab.evaluate("document.activeElement.className") == "nwl-chart-wake"
    # The reader asked for the image: pointing at it does not take it away again.
    visit.tab.hover("#chart-fig-a img")
    visit.tab.wait_for_timeout(200)
    assert not visit.tab.evaluate(visit.awake("fig-a"))
    visit.tab.keyboard.press("Enter")
    visit.until(visit.awake("fig-a"))
    assert visit.violations() == []


@pytest.mark.browser
def test_a_click_just_after_pointing_does_not_put_the_image_back(open_page: Any) -> None:
    visit = open_page("charts")
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 2")
    visit.tab.hover("#chart-fig-a button")
    visit.until(visit.awake("fig-a"))
    visit.tab.click("#chart-fig-a button")
    assert visit.tab.evaluate(visit.awake("fig-a"))


@pytest.mark.browser
@FROM_FILES_AND_OVER_HTTP
def test_without_an_image_a_chart_is_drawn_when_it_comes_near(open_page: Any) -> None:
    visit = open_page("no-image")
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 2")
    visit.tab.wait_for_timeout(100)
    assert not visit.loaded_plotly()
    assert visit.tab.locator("#chart-fig-c").bounding_box()["height"] >= 420
    visit.tab.evaluate("document.querySelector('#chart-fig-c').scrollIntoView()")
    visit.until(visit.awake("fig-c"))
    assert visit.tab.locator("#chart-fig-c button").count() == 0
    assert visit.violations() == []


@pytest.mark.browser
def test_a_chart_that_cannot_be_drawn_keeps_its_image_and_can_be_tried_again(
    open_page: Any, site: Path
) -> None:
    visit = open_page("no-bundle")
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 1")
    message = visit.tab.locator("#chart-fig-a [role=status]")
    assert message.inner_text() == ""
    visit.tab.click("#chart-fig-a button")
    visit.until("document.querySelector('.nwl-chart-message').textContent !== ''")
    assert message.inner_text() == "The interactive chart could not be shown."
    assert visit.tab.locator("#chart-fig-a img").is_visible()
    assert visit.tab.locator("#chart-fig-a .nwl-chart-live").count() == 0
    shutil.copyfile(site / "assets" / "plotly.min.js", site / "alone" / "plotly.min.js")
    visit.tab.click("#chart-fig-a button")
    visit.until(visit.awake("fig-a"))
    assert message.inner_text() == ""


@pytest.mark.browser
def test_a_module_loader_on_the_page_does_no_harm(open_page: Any) -> None:
    visit = open_page("modules")
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 1")
    visit.tab.click("#chart-fig-a button")
    visit.until(visit.awake("fig-a"))
    assert visit.errors == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [700, 390])
def test_where_an_image_is_scaled_down_a_little_the_page_stays_put(
    open_page: Any, width: int
) -> None:
    visit = open_page("charts", width=width)
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 2")
    before = visit.top("fig-a")
    visit.tab.hover("#chart-fig-a img")
    visit.until(visit.awake("fig-a"))
    assert visit.top("fig-a") == pytest.approx(before, abs=1)
    assert visit.tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_where_the_chart_would_push_the_page_away_it_waits_for_a_click(open_page: Any) -> None:
    visit = open_page("charts", width=340)
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 2")
    visit.tab.hover("#chart-fig-a img")
    visit.tab.wait_for_timeout(200)
    assert not visit.loaded_plotly()
    visit.tab.click("#chart-fig-a img")
    visit.until(visit.awake("fig-a"))
    assert visit.tab.locator("#chart-fig-a .nwl-chart-live").bounding_box()["height"] == 420
    assert visit.tab.evaluate("document.documentElement.scrollWidth") <= 340
    assert visit.violations() == []


@pytest.mark.browser
def test_an_image_and_a_chart_have_no_accessibility_violations(open_page: Any) -> None:
    visit = open_page("charts")
    visit.until("document.querySelectorAll('.nwl-chart-ready').length === 2")
    visit.tab.click("#chart-fig-a button")
    visit.until(visit.awake("fig-a"))
    # Evaluated, not added as a script: the page's policy would refuse it.
    visit.tab.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = visit.tab.evaluate("axe.run().then(result => result.violations)")
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def test_every_asset_is_there_and_every_face_has_its_file() -> None:
    assets = asset_files(ROOT)
    assert {
        "assets/charts.js",
        "assets/charts.css",
        "assets/head.html",
        "assets/theme.scss",
        "assets/plotly.min.js",
        "assets/minisearch.js",
        "assets/fonts/OpenSans-Regular.ttf",
    } <= assets.keys()
    assert all(path.stat().st_size > 0 for path in assets.values())
    faces = assets["assets/fonts/open-sans.css"].read_text("utf-8")
    named = {f"assets/fonts/{part.split(chr(34))[0]}" for part in faces.split('url("')[1:]}
    assert named == {name for name in assets if name.endswith(".woff2")}


def test_a_missing_package_says_what_to_run(tmp_path: Path) -> None:
    for inside in list(FROM_PACKAGES.values())[1:]:
        (tmp_path / "node_modules" / inside).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "node_modules" / inside).touch()
    with pytest.raises(InputError, match="run 'make book'"):
        asset_files(tmp_path)
