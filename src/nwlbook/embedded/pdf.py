"""Set the book as one PDF: pandoc's Typst writer, our template, typst."""

import re
import unicodedata
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.lower_typst import TypstLowering
from nwlbook.embedded.pages import check_formulas
from nwlbook.embedded.tree import Node, raw_inline
from nwlbook.embedded.typst_text import array, boolean, quoted
from nwlbook.embedded.whole_book import (
    ImageStore,
    document_date,
    parts_of,
    shown_tables,
    without_dead_links,
)
from nwlbook.embedded.workshop import Workshop
from nwlbook.errors import BuildError

FONTS = "assets/fonts"
_WRITER = "typst-citations"
_OPTIONS = ("--syntax-highlighting=idiomatic",)
_TEMPLATE = "book.typ"
_MAIN = "main.typ"
# What typst takes for markup where it begins a line or a cell.
_MARKER = re.compile(r"=+|[-+/]|[0-9]+\.")
_LONG_WORD = re.compile(r"[^\W_]{40}")
_BREAK = '#show regex("[\\p{L}\\p{N}]{30}"): it => it + sym.zws'
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')


@dataclass(frozen=True)
class Printed:
    """What the PDF takes from a chapter.

    Attributes
    ----------
    body : str
        Its text for typst.
    images : dict
        Name to content of the images in it.
    warnings : list of str
        What a reader may miss.
    has_long_word : bool
        Whether one of its words may be longer than a line.
    """

    body: str
    images: dict[str, bytes]
    warnings: list[str]
    has_long_word: bool


@dataclass(frozen=True)
class TypstBook:
    """The book in typst's language.

    Attributes
    ----------
    sources : dict
        Name to content of the files that typst reads.
    warnings : list of str
        What a reader may miss.
    """

    sources: dict[str, bytes]
    warnings: list[str]


def typst_book(works: Workshop, workers: Executor) -> TypstBook:
    """Write the book in typst's language.

    Parameters
    ----------
    works : Workshop
        The finished book.
    workers : Executor
        Runs pandoc.
    """
    config, chapters = works.config, works.chapters
    parts = parts_of(chapters)
    press = _Press(
        works, {one.file: 2 if part else 1 for part, members in parts for one in members}
    )
    # A link to what no chapter prints is taken away, so all addresses are known before any text.
    anchors = set().union(*workers.map(press.anchors, chapters))
    printed = dict(
        zip(
            (one.file for one in chapters),
            workers.map(lambda one: press.printed(one, anchors), chapters),
            strict=True,
        )
    )
    bodies = {name: one.body for name, one in printed.items()}
    text = _document(config, parts, bodies)
    # What stands outside the chapters says their titles, and the book's own.
    outside = _document(config, parts, dict.fromkeys(bodies, ""))
    if _LONG_WORD.search(outside) or any(one.has_long_word for one in printed.values()):
        # Let a word go over lines that is longer than any, or it would leave the page.
        text = f"{_BREAK}\n{text}"
    sources = {
        _MAIN: text.encode(),
        _TEMPLATE: (files("nwlbook.embedded") / "templates" / _TEMPLATE).read_bytes(),
    }
    for one in printed.values():
        sources |= one.images
    return TypstBook(sources, [warning for one in printed.values() for warning in one.warnings])


def write_pdf(book: TypstBook, config: Config, file: Path) -> list[str]:
    """Set the book as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    book : TypstBook
        The book in typst's language.
    config : Config
        The book's configuration.
    file : Path
        Where the PDF goes.

    Returns
    -------
    list of str
        Warnings.

    Raises
    ------
    BuildError
        If typst refuses the document.
    """
    return [*book.warnings, *_compile(dict(book.sources), config, file)]


class _Press:
    """Turns chapters into typst's language, those that are not kept from an earlier build."""

    def __init__(self, works: Workshop, levels: dict[str, int]) -> None:
        self.works = works
        self.levels = levels
        self.by_file = {chapter.file: chapter for chapter in works.chapters}
        self._lowered: dict[str, tuple[list[Node], TypstLowering, ImageStore]] = {}

    def anchors(self, chapter: Chapter) -> set[str]:
        """Return the addresses that a chapter has in print."""

        def make() -> set[str]:
            return self._lower(chapter)[1].anchors

        return self.works.made("printed addresses", chapter, make)

    def printed(self, chapter: Chapter, anchors: set[str]) -> Printed:
        """Return what is printed of a chapter, without links to what none has in print."""

        def make() -> Printed:
            tree, lowering, images = self._lower(chapter)
            blocks = _without_markers(without_dead_links(tree, anchors))
            written, warnings = pandoc.write(blocks, _WRITER, _OPTIONS)
            check_formulas(chapter, warnings)
            return Printed(
                written, images.files, lowering.warnings, bool(_LONG_WORD.search(written))
            )

        return self.works.made("printed", chapter, make, *sorted(anchors))

    def _lower(self, chapter: Chapter) -> tuple[list[Node], TypstLowering, ImageStore]:
        if chapter.file not in self._lowered:
            images = ImageStore()
            tables: dict[str, Node] = {}
            lowering = TypstLowering(
                chapter,
                self.works.config.project,
                tables,
                images.add,
                self.by_file,
                self.levels[chapter.file],
            )
            tables |= shown_tables(lowering)
            tree = [*lowering.title(), *lowering.blocks(chapter.blocks)]
            self._lowered[chapter.file] = tree, lowering, images
        return self._lowered[chapter.file]


def _document(
    config: Config, parts: list[tuple[str, list[Chapter]]], bodies: dict[str, str]
) -> str:
    date = document_date(config)
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


def _without_markers(content: Any) -> Any:
    """Escape what would begin a heading or a list, where it begins a cell or an item.

    pandoc's writer does so at the beginning of paragraphs alone.
    """
    if isinstance(content, list):
        return [_without_markers(item) for item in content]
    if not isinstance(content, dict):
        return content
    if content.get("t") == "Str":
        marker = _MARKER.fullmatch(content["c"])
        return raw_inline("typst", f"\\{content['c']}") if marker else content
    return {name: _without_markers(value) for name, value in content.items()}


def _compile(sources: dict[str, bytes], config: Config, file: Path) -> list[str]:
    import typst

    fonts = config.project / FONTS
    has_fonts = any(fonts.glob("*.ttf"))
    options: dict[str, Any] = {
        "format": "pdf",
        "pdf_standards": ["ua-1"],
        "font_paths": [str(fonts)] if has_fonts else [],
        # the machine's own fonts would make the bytes depend on the machine
        "ignore_system_fonts": True,
        "sys_inputs": {"fonts": "project" if has_fonts else ""},
    }
    replaced: list[str] = []
    while True:
        try:
            content, warnings = typst.compile_with_warnings(sources, **options)
            break
        except typst.TypstError as error:
            reason = str(getattr(error, "diagnostic", None) or error).strip()
            unknown = sorted(set(_NO_FONT.findall(reason)) - set(replaced))
            if not unknown:
                raise BuildError(f"typst refuses the PDF: {reason}") from error
        # a sign that no font of the book has, such as an emoji, is named
        replaced += unknown
        rules = [f"#show {quoted(signs)}: {quoted(_named(signs))}\n" for signs in unknown]
        sources[_MAIN] = "".join(rules).encode() + sources[_MAIN]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return [
        *(f"PDF: no font has '{signs}': it is printed as {_named(signs)}" for signs in replaced),
        *(f"PDF: {' '.join(str(warning).split())}" for warning in warnings),
    ]


def _named(signs: str) -> str:
    """Return the names that Unicode has for signs, in brackets."""
    names = [unicodedata.name(sign, f"U+{ord(sign):04X}").lower() for sign in signs]
    return f"[{', '.join(names)}]"
