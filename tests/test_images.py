"""Static images of charts: complete, the same each time, or an error that names the chart."""

import json
import os
import signal
import warnings
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from nwlbook import images
from nwlbook.browser import Browser, PageError, find_browser
from nwlbook.errors import BuildError
from nwlbook.images import chart_height, render_svgs
from nwlbook.static_images import browser_at_hand
from nwlbook.theme import plotly_bundle

ROOT = Path(__file__).parents[1]
SPACE = {"s": "http://www.w3.org/2000/svg"}

needs_browser = pytest.mark.browser


def bar(*values: float, **layout: Any) -> dict[str, Any]:
    return {
        "data": [{"type": "bar", "x": ["Brent", "Ealing", "Harrow"][: len(values)], "y": values}],
        "layout": layout,
    }


def lines(count: int = 3) -> dict[str, Any]:
    return {
        "data": [
            {"type": "scatter", "mode": "lines+markers", "x": [1, 2, 3], "y": [n, n + 1, n]}
            for n in range(count)
        ],
        "layout": {"height": 300},
    }


def area() -> dict[str, Any]:
    square = {"x": [0, 1, 1, 0], "y": [0, 0, 1, 1], "fill": "toself", "mode": "lines"}
    pattern = {"type": "bar", "x": [2], "y": [1], "marker": {"pattern": {"shape": "/"}}}
    return {"data": [{"type": "scatter", **square}, pattern], "layout": {}}


def draw(figures: dict[str, dict[str, Any]], cache: Path, **settings: Any) -> dict[str, Path]:
    return render_svgs(figures, cache=cache, bundle=plotly_bundle(ROOT), **settings)


def parsed(path: Path) -> Any:
    return etree.fromstring(path.read_bytes())


@pytest.fixture(autouse=True)
def _browser(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("browser") and find_browser() is None:
        pytest.skip("no Chromium")


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise AssertionError("a browser was looked for")

    monkeypatch.setattr(images, "find_browser", fail)


@needs_browser
def test_an_image_holds_what_the_figure_holds(tmp_path: Path) -> None:
    figures = {
        "fig-bars": bar(1, 2, 3, xaxis={"title": {"text": "Borough ≤ £5m & <b>more</b>"}}),
        "fig-lines": lines(),
        "fig-area": area(),
    }
    made = draw(figures, tmp_path / "cache")
    assert list(made) == list(figures)
    bars, drawn_lines, filled = (parsed(made[label]) for label in figures)
    assert len(bars.xpath("//s:g[@class='trace bars']//s:path", namespaces=SPACE)) == 3
    assert len(drawn_lines.xpath("//s:g[contains(@class, 'scatter')]", namespaces=SPACE)) >= 3
    assert len(filled.xpath("//s:g[contains(@class, 'trace')]", namespaces=SPACE)) >= 2
    assert "Borough ≤ £5m" in "".join(bars.itertext())
    assert (bars.get("width"), bars.get("height")) == ("760", "420")
    assert (drawn_lines.get("width"), drawn_lines.get("height")) == ("760", "300")
    assert bars.get("viewBox") == "0 0 760 420"
    styles = " ".join(bars.xpath("//s:text/@style", namespaces=SPACE))
    assert "'Open Sans', Arial, sans-serif" in styles
    text = made["fig-bars"].read_text("utf-8")
    assert "http" not in text.replace("http://www.w3.org/", "")


@needs_browser
def test_the_same_figure_gives_the_same_bytes_whatever_is_drawn_with_it(tmp_path: Path) -> None:
    figures = {"fig-bars": bar(1, 2, 3), "fig-lines": lines(), "fig-area": area()}
    # Enough of them for a second page.
    more = {f"fig-{n}": bar(n, n + 1) for n in range(2 * images.FIGURES_WORTH_A_PAGE)}
    alone = {label: path.read_bytes() for label, path in draw(figures, tmp_path / "alone").items()}
    crowd = draw(dict(reversed(list((figures | more).items()))), tmp_path / "crowd")
    assert {label: crowd[label].read_bytes() for label in figures} == alone
    ids = {label: set(parsed(crowd[label]).xpath("//@id")) for label in crowd}
    assert ids["fig-bars"] and not ids["fig-bars"] & ids["fig-lines"]


@needs_browser
def test_what_is_drawn_is_not_drawn_again(tmp_path: Path, request: Any) -> None:
    figures = {"fig-a": bar(1, 2), "fig-b": bar(1, 2), "fig-c": bar(1, 2, 3)}
    first = draw(figures, tmp_path)
    assert first["fig-a"] == first["fig-b"] != first["fig-c"]
    assert sorted(tmp_path.glob("*.svg")) == sorted({*first.values()})
    # Neither the order of keys nor what is not drawn makes another figure of it.
    turned = {"layout": {}, "data": figures["fig-a"]["data"], "config": {"responsive": True}}
    request.getfixturevalue("no_browser")
    assert draw(figures, tmp_path) == first
    assert draw({"fig-d": turned}, tmp_path) == {"fig-d": first["fig-a"]}
    with pytest.raises(AssertionError, match="looked for"):
        draw({"fig-a": bar(1, 2)}, tmp_path, width=500)


@needs_browser
def test_damaged_images_are_drawn_again(tmp_path: Path) -> None:
    figures = {"fig-a": bar(1, 2), "fig-b": bar(2, 1), "fig-c": lines()}
    made = draw(figures, tmp_path)
    whole = [path.read_bytes() for path in made.values()]
    for path, content in zip(made.values(), ["", "<svg", "<html></html>\n"], strict=True):
        path.write_text(content)
    assert draw(figures, tmp_path) == made
    assert [path.read_bytes() for path in made.values()] == whole
    shown = made["fig-c"]
    shown.write_bytes(shown.read_bytes().replace(b"0", b"9", 1))
    assert draw(figures, tmp_path) == made
    assert [path.read_bytes() for path in made.values()] == whole
    # Another user's web server has to be able to read them.
    assert {path.stat().st_mode & 0o044 for path in made.values()} == {0o044}


EMPTY = {"type": "scatter", "x": [], "y": []}
BAD = {
    "'box' are not in the plotly": {"data": [{"type": "box", "y": [1, 2]}], "layout": {}},
    "no trace to draw": {"data": [], "layout": {}},
    "no trace": {"data": [{"type": "bar", "y": [1], "visible": False}], "layout": {}},
    "1 of 2 traces": {"data": [*lines(1)["data"], EMPTY], "layout": {}},
    "nothing that can": {"data": [{"type": "scatter", "x": [1], "y": [None]}], "layout": {}},
    "TypeError": {"data": 3, "layout": {}},
}


@needs_browser
def test_a_chart_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"fig-bad cannot be drawn: .*'box' are not in"):
        draw({"fig-bad": BAD["'box' are not in the plotly"]}, tmp_path)
    assert list(tmp_path.iterdir()) == []


@needs_browser
@pytest.mark.parametrize("dies", [False, True])
def test_a_browser_at_hand_draws_and_one_that_died_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    figures = {"fig-a": bar(1, 2)}
    started: list[Browser] = []

    def start(executable: Path) -> Browser:
        started.append(Browser(executable, patience=images.PATIENCE_SECONDS))
        return started[-1]

    monkeypatch.setattr(images, "new_browser", start)
    with browser_at_hand(wanted=True) as browser:
        assert browser is not None
        easel = images.set_up(browser, plotly_bundle(ROOT))
        if dies:
            os.killpg(browser._process, signal.SIGKILL)
        made = draw(figures, tmp_path / "early", easel=easel)
        assert len(started) == (2 if dies else 1)
    again = draw(figures, tmp_path / "late")
    assert made["fig-a"].read_bytes() == again["fig-a"].read_bytes()


@needs_browser
def test_no_browser_is_started_without_want() -> None:
    with browser_at_hand(wanted=False) as browser:
        assert browser is None


@needs_browser
def test_what_would_be_missing_from_an_image_is_an_error() -> None:
    executable = find_browser()
    assert executable
    with Browser(executable, patience=60) as browser:
        page = browser.open_page()
        for source in (plotly_bundle(ROOT), images.DRAWING_SCRIPT):
            browser.take(browser.ask(page, source.read_text("utf-8") + "\n;0"))
        settings = '{seed: 1, width: 760, height: 420, font: "Open Sans"}'
        for reason, figure in BAD.items():
            with pytest.raises(PageError, match=reason):
                browser.take(browser.ask(page, f"drawChart({json.dumps(figure)}, {settings})"))
        image = browser.take(browser.ask(page, f"drawChart({json.dumps(lines())}, {settings})"))
        assert image.startswith("<svg")


@needs_browser
def test_text_is_measured_with_the_books_font(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = {
        "data": [{"type": "bar", "orientation": "h", "y": ["Hammersmith and Fulham"], "x": [1]}],
        "layout": {"yaxis": {"automargin": True}, "margin": {"l": 0}},
    }

    def margin(cache: str) -> float:
        image = parsed(draw({"fig-a": figure}, tmp_path / cache)["fig-a"])
        return float(
            image.xpath("//s:clipPath[@class='axesclip'][1]/s:rect/@x", namespaces=SPACE)[0]
        )

    usual = margin("usual")
    fonts = images.text_fonts(ROOT / "node_modules")
    bold = tmp_path / "400Regular" / "font.ttf"
    bold.parent.mkdir()
    bold.write_bytes(next(path for path in fonts if path.stem.endswith("_700Bold")).read_bytes())
    monkeypatch.setattr(images, "text_fonts", lambda packages: [bold])
    assert margin("bold") > usual + 3


@needs_browser
def test_a_crash_is_survived_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = find_browser()
    starts = tmp_path / "starts"
    flaky = tmp_path / "flaky"
    flaky.write_text(
        f"#!/bin/sh\necho >> {starts}\n"
        f'[ "$(wc -l < {starts})" -gt "$FAILURES" ] || exit 1\nexec {real} "$@"\n'
    )
    flaky.chmod(0o755)
    monkeypatch.setattr(images, "find_browser", lambda: flaky)
    monkeypatch.setenv("FAILURES", "1")
    assert draw({"fig-a": bar(1, 2)}, tmp_path / "cache")["fig-a"].stat().st_size > 0
    assert starts.read_text().count("\n") == 2
    monkeypatch.setenv("FAILURES", "9")
    with pytest.raises(BuildError, match="no static image of fig-b, fig-c: the browser ended"):
        draw({"fig-b": bar(2, 3), "fig-c": lines()}, tmp_path / "cache")
    assert starts.read_text().count("\n") == 4


def test_a_hang_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\nsleep 60\n")
    mute.chmod(0o755)
    monkeypatch.setattr(images, "find_browser", lambda: mute)
    monkeypatch.setattr(images, "PATIENCE_SECONDS", 0.3)
    with pytest.raises(BuildError, match=r"no static image of fig-a: .* no answer"):
        draw({"fig-a": bar(1)}, tmp_path / "cache")


def test_without_a_browser_there_are_no_images_and_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "find_browser", lambda: None)
    with pytest.warns(UserWarning, match="no static images"):
        assert draw({"fig-a": bar(1)}, tmp_path / "cache") == {}


def test_no_figures_need_no_browser(tmp_path: Path, no_browser: None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw({}, tmp_path / "cache") == {}


@pytest.mark.parametrize(
    ("layout", "height"),
    [
        ({"height": 300}, 300),
        ({"height": 300, "template": {"layout": {"height": 500}}}, 300),
        ({"template": {"layout": {"height": 500}}}, 500),
        ({"template": {"layout": {}}}, images.DEFAULT_HEIGHT),
        (None, images.DEFAULT_HEIGHT),
    ],
)
def test_the_height_is_the_layouts(layout: dict[str, Any] | None, height: int) -> None:
    assert chart_height(json.loads(json.dumps({"data": [], "layout": layout}))) == height
