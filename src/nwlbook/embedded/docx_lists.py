"""The lists of figures and of tables of a Word document."""

from collections.abc import Iterator, Sequence
from typing import Any

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.numbering import KINDS, NUMBER
from nwlbook.embedded.tree import (
    Node,
    attributes,
    children,
    div,
    link,
    nodes,
    pairs_of,
    raw_inline,
    text,
    words,
)
from nwlbook.embedded.whole_book import anchor_of

# Word fills the field anew from the paragraphs that count this name.
_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> TOC \\h \\z \\c "{name}" </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def lists_of_floats(chapters: Sequence[Chapter], anchors: set[str]) -> list[Node]:
    """Return the lists, each a field with the entries that it has before Word looks up pages.

    Parameters
    ----------
    chapters : sequence of Chapter
        The finished book.
    anchors : set of str
        What is in the document: a figure for the web alone is not listed.
    """
    result: list[Node] = []
    for kind in ("fig", "tbl"):
        name = KINDS[kind]
        entries = [
            [link(f"#{label}", words(f"{name} {number}: {caption}"))]
            for label, number, caption in _floats(chapters, kind)
            if label in anchors
        ]
        if not entries:
            continue
        entries[0].insert(0, raw_inline("openxml", _BEGIN.format(name=name)))
        entries[-1].append(raw_inline("openxml", _END))
        result += _styled("TOC Heading", words(f"{name}s"))
        result += [block for line in entries for block in _styled("table of figures", line)]
    return result


def _floats(chapters: Sequence[Chapter], kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield label, number and caption of each figure or table in the order of the book."""
    for chapter in chapters:
        for node in nodes(chapter.blocks):
            if node["t"] != "Div" or "float" not in node["c"][0][1]:
                continue
            pairs = pairs_of(node["c"][0])
            if pairs["kind"] == kind and NUMBER in pairs:
                caption = children(node, "caption")[0]["c"]
                label = anchor_of(chapter, node["c"][0][0])
                yield label, pairs[NUMBER], _in_short(caption)


def _in_short(caption: list[Any]) -> str:
    """Return a caption; one that begins with its finding is listed by that alone."""
    is_finding = bool(caption) and caption[0]["t"] == "Strong"
    return text(caption[0]["c"] if is_finding else caption).rstrip(".")


def _styled(style: str, inlines: list[Node]) -> list[Node]:
    return [div(attributes(pairs={"custom-style": style}), [{"t": "Para", "c": inlines}])]
