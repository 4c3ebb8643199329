"""What the formats share that put the whole book into one document: PDF, Word and EPUB."""

import datetime
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.lowering import TABLE, Lowering
from nwlbook.embedded.numbering import KINDS
from nwlbook.embedded.pieces import MarkupPiece
from nwlbook.embedded.tables import read_table
from nwlbook.embedded.tree import Node, lower, pairs_of

Images = Callable[[Path | str], str]
_WIDTH = re.compile(r"\d+(?:\.\d+)?%")


@dataclass
class ImageStore:
    """The images of a document, each once, under a name made from its content.

    Attributes
    ----------
    files : dict
        Name to content.
    """

    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, image: Path | str) -> str:
        """Keep an image, a file or the text of an SVG, and return its name."""
        content = image.encode() if isinstance(image, str) else image.read_bytes()
        ending = ".svg" if isinstance(image, str) else image.suffix.lower()
        name = f"images/{hashlib.sha256(content).hexdigest()[:20]}{ending}"
        self.files[name] = content
        return name


class WholeBookLowering(Lowering):
    """Lowers one chapter for a document that holds the whole book; see `Lowering`.

    Parameters
    ----------
    chapter : Chapter
        The finished chapter.
    project : Path
        The staged project's folder.
    tables : dict
        Tables that are written as HTML, by their markup.
    store_image : callable
        Takes an image's file or its SVG text, returns its address in the document.
    chapters : dict
        Each chapter by its source, for links.
    top_level : int
        Level of the chapter's title: 2 below a part, so that bookmarks nest, else 1.
    """

    code_format = "typst"

    def __init__(
        self,
        chapter: Chapter,
        project: Path,
        tables: dict[str, Node],
        store_image: Images,
        chapters: dict[str, Chapter],
        top_level: int = 1,
    ) -> None:
        super().__init__(chapter, project)
        self.tables = tables
        self.store_image = store_image
        self.chapters = chapters
        self.top_level = top_level
        self.anchors: set[str] = set()

    def image_width(self, attr: list[Any], address: str) -> str:
        """Return the width that an author gives an image, or refuse one that is no share."""
        width: str = pairs_of(attr).get("width", "")
        if width and not _WIDTH.fullmatch(width):
            raise self.chapter.passage.error(
                f"an image's width must be a percentage, not '{width}'", re.escape(address)
            )
        return width


def anchor_of(chapter: Chapter, identifier: str) -> str:
    """Return an address that is unique in the one document."""
    if identifier == chapter.identifier or identifier.partition("-")[0] in KINDS:
        return identifier
    return f"{chapter.slug}.{identifier}"


def without_dead_links(blocks: Any, anchors: set[str]) -> Any:
    """Take away links to what is not in the document, such as the data behind a figure."""

    def visit(node: Node) -> list[Node] | None:
        address = node["c"][2][0] if node["t"] == "Link" else ""
        if address.startswith("#") and address[1:] not in anchors:
            inner: list[Node] = node["c"][1]
            return inner
        return None

    return lower(blocks, visit)


def parts_of(chapters: list[Chapter]) -> list[tuple[str, list[Chapter]]]:
    """Group the chapters by part; a part of one chapter needs no page of its own."""
    grouped = [
        (part or "", list(members)) for part, members in groupby(chapters, key=lambda one: one.part)
    ]
    return [(part if len(members) > 1 else "", members) for part, members in grouped]


def shown_tables(lowering: Lowering) -> dict[str, Node]:
    """Read the HTML tables that a chapter shows in a format: markup to table.

    Parameters
    ----------
    lowering : Lowering
        Of the chapter.
    """
    return {markup: read_table(markup) for markup in _markups(lowering)}


def _markups(lowering: Lowering) -> list[str]:
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


def document_date(config: Config) -> datetime.date:
    """Return the date that a document states in its properties."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return config.date
