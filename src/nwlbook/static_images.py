"""The static images of an edition's charts, one for wide and one for narrow screens."""

import json
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nwlbook import charts
from nwlbook.chapters import numbered_cells
from nwlbook.exhibits import exhibit_of
from nwlbook.plan import Edition
from nwlbook.runs import RunResult

if TYPE_CHECKING:
    from nwlbook.browser import Browser
    from nwlbook.images import Easel

Images = dict[str, dict[str, Path]]
NO_BROWSER = "no browser found: the PDF has no charts; install chromium and build again"


@contextmanager
def browser_at_hand(*, wanted: bool) -> "Iterator[Browser | None]":
    """Start a browser ahead of the charts that it will draw, which takes it a second.

    Parameters
    ----------
    wanted : bool
        Whether there will be any; without, or without a browser, there is None.
    """
    browser = None
    with ExitStack() as opened:
        if wanted and os.name == "posix":
            from nwlbook.browser import BrowserError, find_browser
            from nwlbook.images import new_browser

            # What is wrong with it is said when it is needed.
            with suppress(BrowserError):
                executable = find_browser()
                browser = opened.enter_context(new_browser(executable)) if executable else None
        yield browser


def draw_images(
    editions: Sequence[Edition],
    results: Mapping[str, RunResult],
    cache: Path,
    bundle: Path,
    *,
    browser: "Browser | None" = None,
) -> tuple[Images, list[str]]:
    """Draw the charts of all editions that are not drawn yet.

    Parameters
    ----------
    editions : sequence of Edition
        Whose charts.
    results : mapping
        Run id to its result.
    cache : Path
        Folder that keeps images from build to build.
    bundle : Path
        The plotly.js bundle in `node_modules`.
    browser : Browser, optional
        One that runs already.

    Returns
    -------
    tuple
        The images of each edition by label, and by label with ``-narrow``; and warnings.

    Raises
    ------
    BuildError
        If a chart cannot be drawn.
    """
    from nwlbook.images import render_svgs

    # It loads its scripts while the charts are gathered.
    easel = _easel(browser, bundle) if browser else None
    wanted = {}
    for edition in editions:
        for label, chart in charts_of(edition, results):
            wanted[f"{edition.slug}/{label}"] = chart
            layout = {**chart["layout"], "width": charts.NARROW}
            wanted[f"{edition.slug}/{label}-narrow"] = {**chart, "layout": layout}
    with warnings.catch_warnings():
        # A missing browser is said once, as a warning of the build.
        warnings.simplefilter("ignore", UserWarning)
        drawn = render_svgs(wanted, cache=cache, bundle=bundle, width=charts.WIDTH, easel=easel)
    images: Images = {edition.slug: {} for edition in editions}
    for name, file in drawn.items():
        slug, _, label = name.partition("/")
        images[slug][label] = file
    return images, [NO_BROWSER] if wanted and not drawn else []


def _easel(browser: "Browser", bundle: Path) -> "Easel | None":
    """Set up what draws in a browser that runs, or None if it has died: another is started."""
    from nwlbook.browser import BrowserError
    from nwlbook.images import set_up

    with suppress(BrowserError):
        return set_up(browser, bundle)
    return None


def charts_of(
    edition: Edition, results: Mapping[str, RunResult]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield label and chart of each figure of an edition."""
    for chapter in edition.chapters:
        executed = json.loads(results[chapter.run.id].notebook.read_text(encoding="utf-8"))
        for number, cell in numbered_cells(executed["cells"]):
            if cell["cell_type"] != "code":
                continue
            exhibit = exhibit_of(cell, f"cell {number}", chapter.entry.file)
            if exhibit is not None and exhibit.chart is not None:
                ending = f"-{chapter.suffix}" if chapter.suffix else ""
                yield exhibit.label + ending, exhibit.chart
