"""Make the site's pages from lowered chapters."""

from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.lower_html import HtmlLowering
from nwlbook.embedded.outline import contents, title_blocks
from nwlbook.embedded.policy import POLICY
from nwlbook.embedded.search import Section, search_index, sections_of
from nwlbook.embedded.site import Assets
from nwlbook.embedded.tree import Node, raw_block
from nwlbook.embedded.workshop import Workshop
from nwlbook.errors import InputError

_SEPARATOR = "<!--nwlbook-separator-->"
_OPTIONS = ("--mathml", "--syntax-highlighting=none")
DOWNLOAD_NAMES = {"pdf": "PDF", "docx": "Word", "epub": "EPUB"}


@dataclass(frozen=True)
class Site:
    """What every page needs to know of the whole.

    Attributes
    ----------
    config : Config
        The book's configuration.
    chapters : list of Chapter
        The finished book.
    assets : Assets
        Scripts, styles and fonts that the site has.
    downloads : tuple of str
        Formats offered for download: those built and asked for.
    """

    config: Config
    chapters: list[Chapter]
    assets: Assets
    downloads: tuple[str, ...]


@dataclass(frozen=True)
class Fragments:
    """What a page takes from its chapter.

    Attributes
    ----------
    contents, title, body : str
        Its table of contents, its title and its text.
    sections : list
        What the search finds; see `sections_of`.
    files : set of Path
        Files of the project that it shows, from the project's folder.
    warnings : list of str
        What a reader may miss.
    """

    contents: str
    title: str
    body: str
    sections: list[Section]
    files: set[Path]
    warnings: list[str]


def write_pages(
    site: Site, works: Workshop, output: Path, workers: Executor
) -> tuple[set[Path], list[str]]:
    """Write every page and the search index.

    Parameters
    ----------
    site : Site
        The book.
    works : Workshop
        Makes its chapters.
    output : Path
        The site's folder.
    workers : Executor
        Runs pandoc.

    Returns
    -------
    tuple
        Files of the project that pages show, and warnings.
    """
    pages = {chapter.file: chapter.page for chapter in site.chapters}
    template = _template()
    parts = _parts(site.chapters)

    def write(position: int) -> Fragments:
        chapter = site.chapters[position]
        made = works.made("page", chapter, lambda: _fragments(chapter, site.config, pages))
        page = template.render(
            site=site,
            book=site.config,
            chapter=chapter,
            parts=parts,
            contents=made.contents,
            title=made.title,
            body=made.body,
            policy=POLICY,
            is_home=position == 0,
            home=site.chapters[0].page,
            previous=site.chapters[position - 1] if position else None,
            next=site.chapters[position + 1] if position + 1 < len(site.chapters) else None,
            downloads=[(DOWNLOAD_NAMES[name], name) for name in site.downloads],
        )
        file = output / chapter.page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8", newline="\n")
        return made

    fragments = list(workers.map(write, range(len(site.chapters))))
    if site.assets.search:
        index = search_index(site.chapters, [one.sections for one in fragments])
        (output / "search-index.js").write_text(index, encoding="utf-8", newline="\n")
    files = {site.config.project / file for one in fragments for file in one.files}
    return files, [warning for one in fragments for warning in one.warnings]


def _fragments(chapter: Chapter, config: Config, pages: dict[str, str]) -> Fragments:
    lowering = HtmlLowering(chapter, config.project, pages)
    listed: list[Node] = []
    if config.get("format.html.toc", True):
        listed = contents(chapter, config.get("format.html.toc-depth", 3))
    separator = raw_block("html", _SEPARATOR)
    title_inlines, subtitle = lowering.blocks(chapter.title), lowering.blocks(chapter.subtitle)
    blocks = [
        *listed,
        separator,
        *title_blocks(chapter, title_inlines, subtitle),
        separator,
        *lowering.blocks(chapter.blocks),
    ]
    written, warnings = pandoc.write(blocks, "html5", _OPTIONS)
    check_formulas(chapter, warnings)
    toc, title, body = written.split(_SEPARATOR, 2)
    return Fragments(
        toc.strip(),
        title.strip(),
        body.strip(),
        sections_of(chapter, lowering),
        {file.relative_to(config.project) for file in lowering.files},
        lowering.warnings,
    )


def check_formulas(chapter: Chapter, warnings: str) -> None:
    """Refuse a formula that pandoc cannot read, which it would print as it is written."""
    for line in warnings.splitlines():
        if "Could not convert TeX math" in line:
            formula = line.partition("Could not convert TeX math")[2].strip(" ,")
            raise InputError(f"cannot read the formula {formula}", chapter.file)


def _parts(chapters: list[Chapter]) -> list[tuple[str | None, list[Chapter]]]:
    """Group consecutive chapters by part."""
    return [(part, list(group)) for part, group in groupby(chapters, key=lambda one: one.part)]


def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("nwlbook.embedded"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html.j2")
