"""Write the book as EPUB 3: pandoc's writer, a file a chapter, drawings that scale."""

import io
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.lower_epub import EpubLowering
from nwlbook.embedded.tree import Node, attributes, link, nodes, plain, words
from nwlbook.embedded.whole_book import (
    ImageStore,
    anchor_of,
    document_date,
    parts_of,
    shown_tables,
    without_dead_links,
)
from nwlbook.errors import InputError

_TITLE_PAGE = "EPUB/text/title_page.xhtml"
_SUBTITLE = re.compile(r'<h1 class="subtitle">(.*?)</h1>', re.DOTALL)
_HEADING = re.compile(r"<h[12][^>]*>(.*?)</h[12]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# Parts have level 1 and their chapters level 2; a file begins at each.
_CHAPTERS = 2
# What a reader may expect, in the words of the schema.org vocabulary.
_ACCESSIBILITY: dict[str, Any] = {
    "accessModes": ["textual", "visual"],
    "accessModeSufficient": ["textual"],
    "accessibilityFeatures": [
        "alternativeText", "readingOrder", "structuralNavigation", "tableOfContents"
    ],
    "accessibilityHazards": ["none"],
    "accessibilitySummary": (
        "Every picture has an alternative in words; tables have headings; headings give "
        "the order of the book."
    ),
}  # fmt: skip


def write_epub(config: Config, chapters: list[Chapter], file: Path) -> list[str]:
    """Write the book as EPUB 3.

    Parameters
    ----------
    config : Config
        The book's configuration.
    chapters : list of Chapter
        The finished book.
    file : Path
        Where the book goes.

    Returns
    -------
    list of str
        Warnings.

    Raises
    ------
    InputError
        If the style sheet that the configuration names is missing.
    BuildError
        If pandoc fails.
    """
    images = ImageStore()
    by_file = {chapter.file: chapter for chapter in chapters}
    tables: dict[str, Node] = {}
    parts = parts_of(chapters)
    lowerings = {
        one.file: EpubLowering(
            one, config.project, tables, images.add, by_file, _CHAPTERS if part else 1
        )
        for part, members in parts
        for one in members
    }
    for lowering in lowerings.values():
        tables |= shown_tables(lowering)
    blocks: list[Node] = []
    for number, (part, members) in enumerate(parts, 1):
        if part:
            blocks += _part(f"part-{number}", part, members)
        for one in members:
            lowering = lowerings[one.file]
            blocks += [*lowering.title(), *lowering.blocks(one.blocks)]
    anchors = set().union(*(one.anchors for one in lowerings.values()))
    content, notices = _write(config, without_dead_links(blocks, anchors), images)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    warnings = [warning for one in lowerings.values() for warning in one.warnings]
    return warnings + [f"EPUB: {' '.join(line.split())}" for line in notices.splitlines() if line]


def _write(config: Config, blocks: list[Node], images: ImageStore) -> tuple[bytes, str]:
    options = [
        f"--split-level={_CHAPTERS}",
        "--toc",
        f"--toc-depth={config.get('format.epub.toc-depth', _CHAPTERS)}",
        "--mathml",
        "--syntax-highlighting=none",
    ]
    for name in config.texts("format.epub.css"):
        sheet = config.project / name
        if not sheet.is_file():
            raise InputError(f"'{name}' does not exist", "_quarto.yml")
        options.append(f"--css={sheet}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "images").mkdir()
        for image, content in images.files.items():
            (folder / image).write_bytes(content)
        options.append(f"--resource-path={folder}")
        meta = _meta(config, has_formulas=any(node["t"] == "Math" for node in nodes(blocks)))
        content, notices = pandoc.write_document(
            blocks, meta, "epub3", options, document_date(config)
        )
    return _mended(content, config), notices


def _meta(config: Config, *, has_formulas: bool) -> dict[str, Any]:
    titles = [{"type": "main", "text": config.title}]
    if config.subtitle:
        titles.append({"type": "subtitle", "text": config.subtitle})
    values = {
        "identifier": config.get("format.epub.identifier", config.output_file),
        "title": titles,
        "creator": [{"role": "author", "text": author} for author in config.authors],
        "date": config.date.isoformat(),
        "lang": config.lang,
        "description": config.description,
        "toc-title": "Contents",
        **_ACCESSIBILITY,
    }
    if has_formulas:
        values["accessibilityFeatures"] = [*_ACCESSIBILITY["accessibilityFeatures"], "MathML"]
    return {name: _node(value) for name, value in values.items() if value}


def _mended(content: bytes, config: Config) -> bytes:
    """Mend what pandoc writes on every book.

    A file's title is its name, which is the first that a reader by ear hears of it; the title
    page has two headings of level 1, and a date for machines.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as taken:
        for entry in given.infolist():
            part = given.read(entry)
            if entry.filename.endswith(".xhtml"):
                page = part.decode()
                if entry.filename == _TITLE_PAGE:
                    page = _SUBTITLE.sub(r'<p class="subtitle">\1</p>', page)
                    page = page.replace(config.date.isoformat(), config.date_in_words)
                else:
                    page = _with_title(page)
                part = page.encode()
            taken.writestr(entry, part, entry.compress_type)
    return made.getvalue()


def _with_title(page: str) -> str:
    """Give a file of the book the title of its first heading."""
    heading = _HEADING.search(page)
    if heading is None:
        return page
    title = " ".join(_TAG.sub("", heading[1]).split())
    before, _, rest = page.partition("<title>")
    return f"{before}<title>{title}</title>{rest.partition('</title>')[2]}"


def _node(value: Any) -> Node:
    if isinstance(value, list):
        return {"t": "MetaList", "c": [_node(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {name: _node(item) for name, item in value.items()}}
    return {"t": "MetaInlines", "c": words(value)}


def _part(identifier: str, title: str, members: list[Chapter]) -> list[Node]:
    """Return the page of a part: its title and its chapters."""
    entries = []
    for one in members:
        name = f"{one.number} {one.plain_title}" if one.number else one.plain_title
        target = anchor_of(one, one.identifier)
        entries.append([plain([link(f"#{target}", words(name))])])
    heading: Node = {"t": "Header", "c": [1, attributes(identifier, ("part",)), words(title)]}
    return [heading, {"t": "BulletList", "c": entries}]
