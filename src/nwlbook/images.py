"""Draw the static image of each chart, once for each content.

The pages show the image first and the PDF shows nothing else, so each is checked to hold
what the figure holds. One headless browser draws all that the cache does not have.
"""

import base64
import hashlib
import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nwlbook.browser import BROWSER_VARIABLE, Browser, BrowserError, PageError, find_browser
from nwlbook.cache import write_atomically
from nwlbook.errors import BuildError
from nwlbook.theme import FONT_FAMILY, FONT_STACK, text_fonts

DRAWING_SCRIPT = Path(__file__).with_name("draw.js")
DEFAULT_HEIGHT = 420
# A second page costs as much as drawing about six figures, and there are two cores.
FIGURES_WORTH_A_PAGE = 8
MOST_PAGES = 2
PATIENCE_SECONDS = 60.0
ATTEMPTS = 2
SEAL = ".sha256"
FONT_WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}


@dataclass(frozen=True)
class _Drawing:
    """One image to make: the labels that show it, what to draw, and where to put it."""

    labels: tuple[str, ...]
    key: str
    content: str
    width: int
    height: int
    target: Path


@dataclass(frozen=True)
class Easel:
    """A page of a browser that loads, or has loaded, what draws charts.

    Attributes
    ----------
    browser : Browser
        Whose page; it draws in others too if there is much to draw.
    page : str
        Name of the page.
    loading : tuple of int
        Tickets of what it was asked to load.
    """

    browser: Browser
    page: str
    loading: tuple[int, ...]


def chart_height(figure: Mapping[str, Any]) -> int:
    """Return the height of a chart in CSS pixels.

    Parameters
    ----------
    figure : mapping
        Plotly figure as plain JSON values.

    Returns
    -------
    int
        The layout's height, else its template's, else the default.
    """
    layout = figure.get("layout") or {}
    template = (layout.get("template") or {}).get("layout") or {}
    return round(layout.get("height") or template.get("height") or DEFAULT_HEIGHT)


def new_browser(executable: Path) -> Browser:
    """Return a browser to draw with, to be entered."""
    return Browser(executable, patience=PATIENCE_SECONDS)


def set_up(browser: Browser, bundle: Path) -> Easel:
    """Open a page and ask it to load what draws charts, without waiting until it has.

    Parameters
    ----------
    browser : Browser
        One that runs.
    bundle : Path
        As for `render_svgs`.

    Raises
    ------
    BrowserError
        If the browser has died or hangs.
    InputError
        If the font is not installed.
    """
    page = browser.open_page()
    # The 0 is the scripts' value, or the browser would send back all of plotly.js.
    preparation = [
        *(f"{script.read_text('utf-8')}\n;0" for script in (bundle, DRAWING_SCRIPT)),
        _load_fonts(text_fonts(bundle.parents[1])),
    ]
    return Easel(browser, page, tuple(browser.ask(page, source) for source in preparation))


def render_svgs(
    figures: Mapping[str, Mapping[str, Any]],
    *,
    cache: Path,
    bundle: Path,
    width: int = 760,
    easel: Easel | None = None,
) -> dict[str, Path]:
    """Draw charts as SVG files.

    The same figure gives the same bytes, whatever else is drawn with it.

    Parameters
    ----------
    figures : mapping of str to mapping
        Label of each figure to its plotly JSON, of which `data` and `layout` count.
    cache : Path
        Folder that keeps the images from build to build; made when it is missing.
    bundle : Path
        The plotly.js bundle in `node_modules`, beside which the font is installed.
    width : int
        Width in CSS pixels of the images whose layout names none. The height is the layout's.
    easel : Easel, optional
        One that is set up already; without it, one is if there is anything to draw.

    Returns
    -------
    dict of str to Path
        Label to SVG file in the cache; empty, with a warning, if images are missing
        there and no browser is found.

    Raises
    ------
    BuildError
        If a chart cannot be drawn, with its label.
    InputError
        If the font is not installed.
    """
    fonts = text_fonts(bundle.parents[1])
    tools = hashlib.sha256()
    for source in (bundle, *fonts, DRAWING_SCRIPT, Path(__file__)):
        tools.update(hashlib.sha256(source.read_bytes()).digest())
    tools.update(str(width).encode())
    drawings = _drawings(figures, cache, tools.hexdigest(), width)
    missing = [drawing for drawing in drawings if not _is_whole(drawing.target)]
    if missing:
        executable = find_browser() if os.name == "posix" else None
        if executable is None:
            warnings.warn(
                "no Chromium found: the book has no static images of its charts. Install "
                f"Chromium or Chrome, or name it in {BROWSER_VARIABLE}",
                stacklevel=2,
            )
            return {}
        cache.mkdir(parents=True, exist_ok=True)
        _draw_all(missing, executable, easel, bundle)
    return {label: drawing.target for drawing in drawings for label in drawing.labels}


def _drawings(
    figures: Mapping[str, Mapping[str, Any]], cache: Path, tools: str, width: int
) -> list[_Drawing]:
    """Group the figures by content, so that equal ones are drawn once."""
    labels: dict[str, list[str]] = {}
    contents: dict[str, tuple[str, int, int]] = {}
    for label, figure in figures.items():
        content = json.dumps(
            {"data": figure["data"], "layout": figure.get("layout") or {}},
            sort_keys=True,
            separators=(",", ":"),
        )
        key = hashlib.sha256(f"{tools}\n{content}".encode()).hexdigest()
        labels.setdefault(key, []).append(label)
        drawn_width = round((figure.get("layout") or {}).get("width") or width)
        contents[key] = (content, drawn_width, chart_height(figure))
    return [
        _Drawing(tuple(names), key, *contents[key], cache / f"{key[:32]}.svg")
        for key, names in labels.items()
    ]


def _draw_all(
    drawings: list[_Drawing], executable: Path, at_hand: Easel | None, bundle: Path
) -> None:
    """Draw every image, with a new browser and a second attempt after a crash or a hang."""
    left = drawings
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # One that crashed or hung is not asked again.
            if at_hand and attempt == 1:
                _draw_in(at_hand.browser, left, bundle, [at_hand])
            else:
                with new_browser(executable) as browser:
                    _draw_in(browser, left, bundle, [])
            return
        except BrowserError as failure:
            left = [drawing for drawing in left if not _is_whole(drawing.target)]
            if attempt == ATTEMPTS:
                labels = ", ".join(label for drawing in left for label in drawing.labels)
                raise BuildError(f"no static image of {labels}: {failure}") from failure


def _draw_in(
    browser: Browser, drawings: list[_Drawing], bundle: Path, at_hand: list[Easel]
) -> None:
    count = max(1, min(MOST_PAGES, len(drawings) // FIGURES_WORTH_A_PAGE))
    # All are asked before the first answer is awaited: they load side by side.
    more = [set_up(browser, bundle) for _ in range(count - len(at_hand))]
    easels = [*at_hand, *more]
    browser.take(*(ticket for easel in easels for ticket in easel.loading))
    pages = [easel.page for easel in easels]
    queue = list(reversed(drawings))
    under_way: dict[int, tuple[str, _Drawing]] = {}
    idle = list(pages)
    while queue or under_way:
        while queue and idle:
            page, drawing = idle.pop(), queue.pop()
            under_way[browser.ask(page, _call(drawing))] = (page, drawing)
        ticket = browser.take_first(list(under_way))
        page, drawing = under_way.pop(ticket)
        idle.append(page)
        try:
            image = browser.take(ticket)
        except PageError as error:
            raise BuildError(f"{drawing.labels[0]} cannot be drawn: {error}") from error
        _write(drawing.target, f"{image}\n")


def _call(drawing: _Drawing) -> str:
    settings = {
        "seed": int(drawing.key[:8], 16),
        "width": drawing.width,
        "height": drawing.height,
        "font": FONT_STACK,
    }
    # Parsing a string of JSON is faster than parsing the same text as a program.
    return f"drawChart(JSON.parse({json.dumps(drawing.content)}), {json.dumps(settings)})"


def _load_fonts(fonts: list[Path]) -> str:
    """Return an expression that loads the fonts, so that text is measured with them."""
    faces = []
    for path in fonts:
        weight, _, italic = path.parent.name.lstrip("0123456789").partition("_")
        content = base64.b64encode(path.read_bytes()).decode()
        faces.append(
            {
                "source": f"url(data:font/ttf;base64,{content})",
                "weight": str(FONT_WEIGHTS[weight]),
                "style": "italic" if italic else "normal",
            }
        )
    return (
        f"Promise.all({json.dumps(faces)}.map(({{source, weight, style}}) => {{"
        f"const face = new FontFace({json.dumps(FONT_FAMILY)}, source, {{weight, style}});"
        "document.fonts.add(face); return face.load(); })).then(() => 0)"
    )


def _is_whole(path: Path) -> bool:
    """Tell whether an image is as it was drawn: a damaged one may show another number."""
    try:
        return _seal(path.read_bytes()) == path.with_suffix(SEAL).read_bytes()
    except OSError:
        return False


def _write(path: Path, text: str) -> None:
    """Write the image and then its digest, each in one step: a killed build leaves no half one."""
    content = text.encode()
    write_atomically(path, content)
    write_atomically(path.with_suffix(SEAL), _seal(content))


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
