"""Render a staged book: read, number, resolve, then each format."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nwlbook.embedded.citations import resolve_citations
from nwlbook.embedded.config import read_config
from nwlbook.embedded.document import read_chapter
from nwlbook.embedded.numbering import number_book
from nwlbook.embedded.references import resolve_references
from nwlbook.errors import InputError

FORMATS = ("html", "pdf")


@dataclass(frozen=True)
class RenderReport:
    """What was rendered.

    Attributes
    ----------
    seconds : dict
        Seconds by stage.
    pages : int
        Pages of the site; 0 if it was not asked for.
    warnings : list of str
        What a reader may miss, one line each.
    """

    seconds: dict[str, float]
    pages: int
    warnings: list[str]


def render(project: Path, output: Path, formats: Sequence[str], *, jobs: int = 2) -> RenderReport:
    """Render a staged Quarto book project.

    Parameters
    ----------
    project : Path
        The staged project's folder, which holds `_quarto.yml`. Nothing is written there.
    output : Path
        An empty folder that becomes the site.
    formats : sequence of str
        ``"html"`` and ``"pdf"``.
    jobs : int
        How many chapters are worked on at the same time.

    Returns
    -------
    RenderReport
        Seconds by stage, number of pages and warnings.

    Raises
    ------
    InputError
        With file and line, for whatever the engine does not support or cannot find.
    BuildError
        If pandoc or typst fails.
    """
    for name in formats:
        if name not in FORMATS:
            raise InputError(f"the embedded engine does not write the format '{name}'")
    seconds: dict[str, float] = {}
    config = read_config(project)
    with ThreadPoolExecutor(jobs) as workers:
        with _timed("read", seconds):
            read = list(workers.map(lambda entry: read_chapter(entry, config), config.entries))
        chapters = [chapter for chapter, _ in read]
        warnings = [warning for _, found in read for warning in found]
        with _timed("number", seconds):
            targets = number_book(chapters)
            resolve_references(chapters, targets)
        with _timed("cite", seconds):
            resolve_citations(chapters, config)
        if "html" in formats:
            with _timed("html", seconds):
                from nwlbook.embedded.pages import Site, write_pages
                from nwlbook.embedded.site import (
                    copy_files,
                    copy_project_files,
                    find_assets,
                    write_own_assets,
                )

                asked = config.texts("book.downloads")
                downloads = tuple(name for name in asked if name in formats)
                site = Site(config, chapters, find_assets(config), downloads)
                files, found = write_pages(site, output, workers)
                warnings += found
                copy_project_files(config, output)
                copy_files(files, project, output)
                write_own_assets(output)
        if "pdf" in formats:
            with _timed("pdf", seconds):
                from nwlbook.embedded.pdf import write_pdf

                file = output / f"{config.output_file}.pdf"
                warnings += write_pdf(config, chapters, file, workers)
    pages = len(chapters) if "html" in formats else 0
    return RenderReport(seconds, pages, list(dict.fromkeys(warnings)))


@contextmanager
def _timed(name: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - start, 3)
