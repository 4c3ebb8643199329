"""Set the book as one PDF: pandoc's Typst writer, our template, typst."""

import datetime
import hashlib
import os
from concurrent.futures import Executor
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.lower_typst import TypstLowering, without_dead_links
from nwlbook.embedded.lowering import TABLE
from nwlbook.embedded.pages import check_formulas
from nwlbook.embedded.pieces import MarkupPiece
from nwlbook.embedded.tables import read_tables
from nwlbook.embedded.tree import Node, lower
from nwlbook.embedded.typst_text import array, boolean, quoted
from nwlbook.errors import BuildError

FONTS = "assets/fonts"
_WRITER = "typst-citations"
_OPTIONS = ("--syntax-highlighting=idiomatic",)
_TEMPLATE = "book.typ"
_MAIN = "main.typ"


def write_pdf(config: Config, chapters: list[Chapter], file: Path, workers: Executor) -> list[str]:
    """Write the book as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    config : Config
        The book's configuration.
    chapters : list of Chapter
        The finished book.
    file : Path
        Where the PDF goes.
    workers : Executor
        Runs pandoc.

    Returns
    -------
    list of str
        Warnings.

    Raises
    ------
    BuildError
        If typst refuses the document.
    """
    sources: dict[str, bytes] = {}

    def store_image(image: Path | str) -> str:
        content = image.encode() if isinstance(image, str) else image.read_bytes()
        ending = ".svg" if isinstance(image, str) else image.suffix.lower()
        name = f"images/{hashlib.sha256(content).hexdigest()[:20]}{ending}"
        sources[name] = content
        return name

    by_file = {chapter.file: chapter for chapter in chapters}
    parts = _parts(chapters)
    tables: dict[str, Node] = {}
    lowerings = [
        TypstLowering(chapter, config.project, tables, store_image, by_file, 2 if part else 1)
        for part, members in parts
        for chapter in members
    ]
    tables.update(read_tables({markup: markup for one in lowerings for markup in _markups(one)}))
    trees = [[*one.title(), *one.blocks(one.chapter.blocks)] for one in lowerings]
    anchors = set().union(*(one.anchors for one in lowerings))

    def write(position: int) -> str:
        blocks = without_dead_links(trees[position], anchors)
        written, warnings = pandoc.write(blocks, _WRITER, _OPTIONS)
        check_formulas(chapters[position], warnings)
        return written

    bodies = dict(zip(by_file, workers.map(write, range(len(trees))), strict=True))
    sources[_MAIN] = _document(config, parts, bodies).encode()
    sources[_TEMPLATE] = (files("nwlbook.embedded") / "templates" / _TEMPLATE).read_bytes()
    found = _compile(sources, config, file)
    return [warning for one in lowerings for warning in one.warnings] + found


def _markups(lowering: TypstLowering) -> list[str]:
    """Return the HTML tables that a chapter shows in print."""
    found: list[str] = []

    def visit(node: Node) -> list[Node] | None:
        markup = ""
        if node["t"] == "RawBlock" and node["c"][0] == "html":
            markup = node["c"][1]
        elif node["t"] == "Div":
            attr = node["c"][0]
            if {"content-visible", "content-hidden"} & set(attr[1]) and not lowering.is_shown(node):
                return []
            if "piece" in attr[1]:
                piece = lowering.chapter.pieces[dict(attr[2])["name"]]
                markup = piece.html if isinstance(piece, MarkupPiece) and not piece.svg else ""
        if TABLE.match(markup):
            found.append(markup)
        return None

    lower(lowering.chapter.blocks, visit)
    return found


def _parts(chapters: list[Chapter]) -> list[tuple[str, list[Chapter]]]:
    """Group the chapters by part; a part of one chapter needs no page of its own."""
    grouped = [
        (part or "", list(members)) for part, members in groupby(chapters, key=lambda one: one.part)
    ]
    return [(part if len(members) > 1 else "", members) for part, members in grouped]


def _document(
    config: Config, parts: list[tuple[str, list[Chapter]]], bodies: dict[str, str]
) -> str:
    date = _date(config)
    has_contents = config.get("format.typst.toc", True)
    depth = config.get("format.typst.toc-depth", 2) if has_contents else 0
    language, _, region = config.lang.partition("-")
    text = [
        f'#import "{_TEMPLATE}": *',
        "#show: book.with(",
        f"  title: {quoted(config.title)},",
        f"  subtitle: {quoted(config.subtitle)},",
        f"  description: {quoted(config.description)},",
        f"  authors: {array([quoted(author) for author in config.authors])},",
        f"  date: datetime(year: {date.year}, month: {date.month}, day: {date.day}),",
        f"  date-in-words: {quoted(config.date_in_words)},",
        f"  language: {quoted(language)},",
        f"  region: {quoted(region) if region else 'none'},",
        f"  contents-depth: {depth},",
        f"  has-parts: {boolean(any(part for part, _ in parts))},",
        ")",
        "",
    ]
    for part, members in parts:
        if part:
            names = [
                f"({quoted(one.number)}, {quoted(one.plain_title)}, {quoted(one.identifier)})"
                for one in members
            ]
            text.append(f"#part-page({quoted(part)}, {array(names)})\n")
        text += [bodies[one.file] for one in members]
    return "\n".join(text)


def _date(config: Config) -> datetime.date:
    """Return the date that the PDF states in its properties."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return config.date


def _compile(sources: dict[str, bytes], config: Config, file: Path) -> list[str]:
    import typst

    fonts = config.project / FONTS
    has_fonts = any(fonts.glob("*.ttf"))
    options: dict[str, Any] = {
        "format": "pdf",
        "pdf_standards": ["ua-1"],
        "font_paths": [str(fonts)] if has_fonts else [],
        # the machine's own fonts would make the bytes depend on the machine
        "ignore_system_fonts": has_fonts,
        "sys_inputs": {"fonts": "project" if has_fonts else "system"},
    }
    try:
        content, warnings = typst.compile_with_warnings(sources, **options)
    except typst.TypstError as error:
        reason = getattr(error, "diagnostic", None) or str(error)
        raise BuildError(f"typst refuses the PDF: {str(reason).strip()}") from error
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return [f"PDF: {' '.join(str(warning).split())}" for warning in warnings]
