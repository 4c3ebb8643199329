"""Read a chapter: its file, then pandoc's tree of it, then the book's own constructs."""

import re
from pathlib import Path
from typing import Any

from nwlbook.book import Entry
from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.constructs import Constructs
from nwlbook.embedded.frontmatter import read_front_matter
from nwlbook.embedded.include import expand_includes
from nwlbook.embedded.notebook import read_notebook
from nwlbook.embedded.source import Passage, Place
from nwlbook.embedded.tree import Node, string

_TITLE_ATTRIBUTES = re.compile(r"\s*\{([^{}]*)\}\s*$")
# pandoc calls the metadata's texts chunks, and each is closed on its own
_UNCLOSED = re.compile(r"Div at (?!\S*_chunk)\D*line (\d+) column \d+ unclosed")
_MERE_NOTICE = re.compile(r"unclosed|Note with key|Deprecated", re.IGNORECASE)


def read_chapter(entry: Entry, config: Config) -> tuple[Chapter, list[str]]:
    """Read one chapter.

    Parameters
    ----------
    entry : Entry
        The chapter as the configuration names it.
    config : Config
        The book's configuration.

    Returns
    -------
    tuple
        The chapter, without numbers, and warnings about it.

    Raises
    ------
    InputError
        With file and line, for everything that the engine does not support.
    """
    part = "Appendices" if entry.appendix else entry.part
    chapter = Chapter(entry.file, part, entry.appendix, Passage(entry.file))
    path = config.project / entry.file
    if path.suffix == ".ipynb":
        read_notebook(path, chapter, config)
    else:
        _read_markdown(path, chapter)
    chapter.passage = expand_includes(chapter.passage, config.project, path.parent)
    title, identifier, classes = _split_title(str(chapter.meta.get("title") or ""))
    texts = {f"caption-{name}": item.caption for name, item in chapter.floats.items()}
    texts |= {"title": title, "subtitle": str(chapter.meta.get("subtitle") or "")}
    head = pandoc.inlines_by_name(texts)
    blocks, meta, notices = pandoc.read(head + chapter.passage.text)
    warnings = _check_notices(notices, head.count("\n"), chapter.passage)
    inlines = {name: _escaped(value) for name, value in meta["texts"]["c"].items()}
    chapter.subtitle = inlines["subtitle"]
    chapter.title, chapter.identifier = inlines["title"], identifier
    chapter.numbered = "unnumbered" not in classes
    if not chapter.title:
        blocks = _take_title(blocks, chapter)
    captions = {name: inlines[f"caption-{name}"] for name in chapter.floats}
    constructs = Constructs(chapter, captions)
    chapter.blocks = constructs.recognise(blocks)
    chapter.identifier = chapter.identifier or f"chapter-{chapter.slug}"
    return chapter, warnings + constructs.warnings


def _read_markdown(path: Path, chapter: Chapter) -> None:
    place = Place(chapter.file, 1)
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise place.error(f"cannot read the chapter: {error}") from error
    if content.startswith("---"):
        offset, content = read_front_matter(content, chapter, place)
        place = Place(chapter.file, 1 + offset)
    chapter.passage.add(content.rstrip("\n"), place)


def _split_title(title: str) -> tuple[str, str, list[str]]:
    """Split ``Sources {#sec-sources .unnumbered}`` as Quarto does in front matter."""
    match = _TITLE_ATTRIBUTES.search(title)
    if not match:
        return title, "", []
    marks = match[1].split()
    identifier = next((mark[1:] for mark in marks if mark.startswith("#")), "")
    return title[: match.start()], identifier, [mark[1:] for mark in marks if mark.startswith(".")]


def _take_title(blocks: list[Node], chapter: Chapter) -> list[Node]:
    first = blocks[0] if blocks else None
    if first is None or first["t"] != "Header" or first["c"][0] != 1:
        raise Place(chapter.file, 1).error(
            "the chapter has no title: state 'title' in its front matter"
        )
    _, attr, chapter.title = first["c"]
    chapter.identifier = attr[0]
    chapter.numbered = "unnumbered" not in attr[1]
    return blocks[1:]


def _escaped(value: dict[str, Any]) -> list[Node]:
    """Return a text of the metadata as inlines in which markup of another language is text.

    Captions and titles are computed from data, so nothing in them may become a tag.
    """
    from nwlbook.embedded.tree import caption_inlines, transform

    inlines = value["c"] if value["t"] == "MetaInlines" else caption_inlines(value.get("c") or [])

    def visit(node: Node) -> Node | None:
        if node["t"] in {"RawInline", "RawBlock"}:
            return string(node["c"][1])
        return {"t": "Space"} if node["t"] == "LineBreak" else None

    result: list[Node] = transform(inlines, visit)
    return result


def _check_notices(notices: str, offset: int, passage: Passage) -> list[str]:
    """Turn pandoc's notices into errors and warnings that point into the source."""
    match = _UNCLOSED.search(notices)
    if match:
        line = int(match[1]) - offset - 1
        place = passage.places[line] if 0 <= line < len(passage.places) else None
        raise (place or Place(passage.file, None)).error("a division (:::) is not closed")
    lines = [line.removeprefix("[WARNING]").strip() for line in notices.splitlines()]
    return [f"{passage.file}: {line}" for line in lines if line and not _MERE_NOTICE.search(line)]
