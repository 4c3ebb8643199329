"""Render a staged book: read, number, resolve, then each format."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nwlbook.book import Entry
from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.citations import resolve_citations
from nwlbook.embedded.config import Config, read_config
from nwlbook.embedded.document import read_chapter
from nwlbook.embedded.kept import Kept, images_of
from nwlbook.embedded.numbering import number_book
from nwlbook.embedded.references import anchors_of, resolve_titles, works_cited
from nwlbook.embedded.workshop import Workshop
from nwlbook.errors import InputError

FORMATS = ("html", "pdf", "docx", "epub")


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


def render(
    project: Path,
    output: Path,
    formats: Sequence[str],
    *,
    jobs: int = 2,
    cache: Path | None = None,
    on_pages: Callable[[], None] | None = None,
) -> RenderReport:
    """Render a staged Quarto book project.

    Parameters
    ----------
    project : Path
        The staged project's folder, which holds `_quarto.yml`. Nothing is written there.
    output : Path
        An empty folder that becomes the site.
    formats : sequence of str
        Any of ``html``, ``pdf``, ``docx`` and ``epub``.
    jobs : int
        How many chapters are worked on at the same time.
    cache : Path, optional
        Folder that keeps what pandoc answered and the images of Word documents from build
        to build.
    on_pages : callable, optional
        Called once all pages are written, while documents may still be in the making.

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
    with (
        pandoc.remembering(cache / "pandoc" if cache else None),
        ThreadPoolExecutor(jobs) as workers,
    ):
        kept = Kept(cache / "chapters" if cache else None, config)
        with _timed("read", seconds):
            read = list(workers.map(lambda entry: _read(entry, config, kept), config.entries))
        chapters = [chapter for chapter, _ in read]
        warnings = [warning for _, found in read for warning in found]
        with _timed("number", seconds):
            targets = number_book(chapters)
            resolve_titles(chapters, targets)
        works = Workshop(config, chapters, targets, kept)
        with _timed("cite", seconds):
            if any(chapter.cited for chapter in chapters):
                works.resolve_all()
                resolve_citations(chapters, config)
        writers = _Writers(works, output, formats, workers, cache)

        def write(name: str) -> list[str]:
            with _timed(name, seconds):
                found: list[str] = getattr(writers, name)()
            if name == "html" and on_pages is not None:
                on_pages()
            return found

        # typst takes longest and leaves half a core free, in which the pages are written.
        if "pdf" in formats:
            with _timed("print", seconds):
                writers.prepare_print()
        # Each format is mostly a wait for pandoc or typst, so they wait side by side. The
        # workers run what the formats share out, so the formats need threads of their own.
        with ThreadPoolExecutor(max(1, min(jobs, len(formats)))) as side_by_side:
            for found in side_by_side.map(write, formats):
                warnings += found
        kept.store.prune()
    pages = len(chapters) if "html" in formats else 0
    return RenderReport(seconds, pages, list(dict.fromkeys(warnings)))


class _Writers:
    """Writes each format of a finished book; each method returns its warnings."""

    def __init__(
        self,
        works: Workshop,
        output: Path,
        formats: Sequence[str],
        workers: Executor,
        cache: Path | None,
    ) -> None:
        self.works = works
        self.config = works.config
        self.chapters = works.chapters
        self.output = output
        self.formats = formats
        self.workers = workers
        self.cache = cache

    def html(self) -> list[str]:
        from nwlbook.embedded.pages import Site, write_pages
        from nwlbook.embedded.site import (
            copy_files,
            copy_project_files,
            find_assets,
            write_own_assets,
        )

        asked = self.config.texts("book.downloads")
        downloads = tuple(name for name in asked if name in self.formats)
        site = Site(self.config, self.chapters, find_assets(self.config), downloads)
        files, warnings = write_pages(site, self.works, self.output, self.workers)
        copy_project_files(self.config, self.output)
        copy_files(files, self.config.project, self.output)
        write_own_assets(self.output)
        return warnings

    def prepare_print(self) -> None:
        """Write the book in typst's language, for `pdf`."""
        from nwlbook.embedded.pdf import typst_book

        self.printed = typst_book(self.works, self.workers)

    def pdf(self) -> list[str]:
        from nwlbook.embedded.pdf import write_pdf

        return write_pdf(self.printed, self.config, self._file("pdf"))

    def docx(self) -> list[str]:
        from nwlbook.embedded.docx import write_docx

        self.works.resolve_all()
        return write_docx(
            self.config, self.chapters, self._file("docx"), self.cache and self.cache / "images"
        )

    def epub(self) -> list[str]:
        from nwlbook.embedded.epub import write_epub

        self.works.resolve_all()
        return write_epub(self.config, self.chapters, self._file("epub"))

    def _file(self, ending: str) -> Path:
        return self.output / f"{self.config.output_file}.{ending}"


def _read(entry: Entry, config: Config, kept: Kept) -> tuple[Chapter, list[str]]:
    """Read a chapter, or find what was read when its file was the same."""
    key = kept.key_of_source(entry)
    found: tuple[Chapter, list[str]] | None = kept.find(key)
    if found is not None:
        return found
    chapter, warnings = read_chapter(entry, config)
    chapter.anchors, chapter.cited = anchors_of(chapter), works_cited(chapter)
    chapter.images, chapter.source_key = images_of(chapter), key
    # Before numbers and the other chapters leave their mark on it.
    kept.keep(key, (chapter, warnings))
    return chapter, warnings


@contextmanager
def _timed(name: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - start, 3)
