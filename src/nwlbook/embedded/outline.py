"""A page's title and its own table of contents."""

from typing import Any

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.numbering import NUMBER
from nwlbook.embedded.tree import (
    BOXES,
    Node,
    attributes,
    link,
    lower,
    nodes,
    pairs_of,
    plain,
    raw_block,
    span,
    string,
)


def title_blocks(chapter: Chapter, title: list[Node], subtitle: list[Node]) -> list[Node]:
    """Return the blocks of a chapter's title.

    Parameters
    ----------
    chapter : Chapter
        The numbered chapter.
    title, subtitle : list
        Lowered inlines.
    """
    inlines = title
    if chapter.number:
        name = f"{'Appendix' if chapter.is_appendix else 'Chapter'}\u00a0{chapter.number}"
        number = span(attributes(classes=("chapter-number",)), [string(name)])
        inlines = [number, {"t": "Space"}, *title]
    attr = attributes(chapter.identifier, ("chapter-title",))
    result: list[Node] = [{"t": "Header", "c": [1, attr, inlines]}]
    if subtitle:
        result += [
            raw_block("html", '<p class="chapter-subtitle">'),
            plain(subtitle),
            raw_block("html", "</p>"),
        ]
    return result


def contents(chapter: Chapter, depth: int) -> list[Node]:
    """Return a page's table of contents as a nested list of links.

    Parameters
    ----------
    chapter : Chapter
        The finished chapter.
    depth : int
        The deepest level of heading that is listed.
    """
    entries = [
        node
        for node in nodes(chapter.blocks, outside=BOXES, inlines=False)
        if node["t"] == "Header" and node["c"][0] <= depth and "unlisted" not in node["c"][1][1]
    ]
    return _nested(entries) if entries else []


def with_number(heading: Node, inlines: list[Node]) -> list[Node]:
    """Put a heading's number before its text."""
    number = pairs_of(heading["c"][1]).get(NUMBER)
    if not number:
        return inlines
    return [
        span(attributes(classes=("section-number",)), [string(number)]),
        {"t": "Space"},
        *inlines,
    ]


def _nested(entries: list[Node]) -> list[Node]:
    items: list[list[Node]] = []
    index = 0
    while index < len(entries):
        level, attr, inlines = entries[index]["c"]
        deeper = index + 1
        while deeper < len(entries) and entries[deeper]["c"][0] > level:
            deeper += 1
        words: Any = lower(inlines, _for_a_link)
        item = [plain([link(f"#{attr[0]}", with_number(entries[index], words))])]
        if deeper > index + 1:
            item += _nested(entries[index + 1 : deeper])
        items.append(item)
        index = deeper
    return [{"t": "BulletList", "c": items}]


def _for_a_link(node: Node) -> list[Node] | None:
    """Take out of a heading what cannot stand in a link: links and notes."""
    if node["t"] == "Note":
        return []
    if node["t"] == "Link":
        inner: list[Node] = node["c"][1]
        return inner
    return None
