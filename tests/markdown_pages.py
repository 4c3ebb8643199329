"""Read Markdown documents as a reader of the repository sees them: headings, links, blocks."""

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
PARSER = MarkdownIt("commonmark").enable("table")
# What a forge keeps of a heading in its address.
DROPPED = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A paragraph, a quotation or a fenced block, in the order of the page.

    Attributes
    ----------
    kind : str
        ``"words"``, ``"quote"``, or the language of a fence.
    text : str
        Its words, or the lines of the fence.
    line : int
        Line of the document, from 1.
    """

    kind: str
    text: str
    line: int


@cache
def tokens(file: Path) -> list[Token]:
    """Parse a document."""
    return PARSER.parse(file.read_text("utf-8"))


def blocks(file: Path) -> Iterator[Block]:
    """Yield the blocks of a document in order; headings are left out."""
    quoted, heading = 0, False
    for token in tokens(file):
        line = token.map[0] + 1 if token.map else 0
        quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        heading = token.type == "heading_open" or (heading and token.type != "heading_close")
        if token.type == "fence":
            yield Block(token.info.strip(), token.content, line)
        elif token.type == "inline" and not heading:
            yield Block("quote" if quoted else "words", token.content, line)


def anchors(file: Path) -> set[str]:
    """Return the addresses of a document's headings, as forges make them."""
    found: set[str] = set()
    read = tokens(file)
    for opening, inner in itertools.pairwise(read):
        if opening.type == "heading_open":
            words = "".join(part.content for part in inner.children or [])
            slug = DROPPED.sub("", words.lower()).replace(" ", "-")
            taken = sum(name == slug or name.startswith(f"{slug}-") for name in found)
            found.add(f"{slug}-{taken}" if slug in found else slug)
    return found


def links(file: Path) -> Iterator[str]:
    """Yield where the links and images of a document lead."""
    for token in tokens(file):
        for part in token.children or []:
            if part.type in ("link_open", "image"):
                yield str(part.attrs.get("href") or part.attrs.get("src"))


def codes(file: Path) -> Iterator[str]:
    """Yield each piece of code within the words of a document."""
    for token in tokens(file):
        yield from (part.content for part in token.children or [] if part.type == "code_inline")


def commands(text: str) -> Iterator[list[str]]:
    """Yield the commands of a block of shell, each as its words."""
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        for command in re.split(r"\s(?:&&|\|\||\||;)\s|\s&$", line):
            if words := shlex.split(command, comments=True):
                yield words
