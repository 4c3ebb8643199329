"""Walk and build pandoc's document tree, which is plain JSON: ``{"t": kind, "c": content}``."""

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
Visit = Callable[[Node], Node | list[Node] | None]

# Divisions whose headings are titles of boxes or stand in them, not sections of the chapter.
BOXES = frozenset({"callout", "tabset"})

_SPACES = {"Space", "SoftBreak", "LineBreak"}
# Most of a book is these. Nothing is in them, and nothing replaces them.
_LEAVES = {"Str", "Space", "SoftBreak"}
_OF_INLINES = {"Para", "Plain", "Header", "LineBlock"}
_QUOTES = {"SingleQuote": ("‘", "’"), "DoubleQuote": ("“", "”")}
_BLOCKS = {
    "Para", "Plain", "Header", "CodeBlock", "Div", "Figure", "Table", "LineBlock", "BlockQuote",
    "BulletList", "OrderedList", "DefinitionList",
}  # fmt: skip


def transform(content: Any, visit: Visit) -> Any:
    """Rebuild a tree from its leaves upwards.

    Parameters
    ----------
    content : list or dict
        Blocks, inlines, or a node's content.
    visit : callable
        Takes a node, other than text and spaces, whose content is already rebuilt. Returns
        None to keep it, a node to replace it, or a list of nodes to put in its place.
    """
    if isinstance(content, list):
        return _each(content, visit, transform)
    if not isinstance(content, dict) or content.get("t") in _LEAVES:
        return content
    node = {name: transform(value, visit) for name, value in content.items()}
    if "t" not in node:
        return node
    replacement = visit(node)
    return node if replacement is None else replacement


def lower(content: Any, visit: Visit) -> Any:
    """Rebuild a tree from its root downwards.

    Parameters
    ----------
    content : list or dict
        Blocks, inlines, or a node's content.
    visit : callable
        Takes a node, other than text and spaces, as it was. Returns None to go on into its
        content, or what stands in its place, which is not visited again.
    """
    if isinstance(content, list):
        return _each(content, visit, lower)
    if not isinstance(content, dict) or content.get("t") in _LEAVES:
        return content
    if "t" in content:
        replacement = visit(content)
        if replacement is not None:
            return replacement
    return {name: lower(value, visit) for name, value in content.items()}


def _each(items: list[Any], visit: Visit, rebuild: Callable[[Any, Visit], Any]) -> list[Any]:
    result = []
    for item in items:
        # Most items, told apart here because calls are what takes the time.
        if isinstance(item, str) or (isinstance(item, dict) and item.get("t") in _LEAVES):
            result.append(item)
            continue
        new = rebuild(item, visit)
        if isinstance(new, list) and isinstance(item, dict):
            result.extend(new)
        else:
            result.append(new)
    return result


def nodes(
    content: Any, outside: frozenset[str] = frozenset(), *, inlines: bool = True
) -> Iterator[Node]:
    """Yield every node of a tree in the order of reading, parents before children.

    Parameters
    ----------
    content : list or dict
        Blocks, inlines, or a node's content.
    outside : frozenset of str
        Divisions of these classes are passed over with all that is in them.
    inlines : bool
        Whether to go into the text of paragraphs and headings, which is most of a tree.
    """
    closed = _LEAVES if inlines else _LEAVES | _OF_INLINES
    waiting = [content]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item[::-1])
        elif isinstance(item, dict):
            kind = item.get("t")
            if kind is None:
                waiting.extend(reversed(item.values()))
                continue
            if kind == "Div" and outside and outside & set(item["c"][0][1]):
                continue
            yield item
            if kind not in closed:
                waiting.append(item.get("c"))


def text(content: Any) -> str:
    """Return what a reader would read, without marks and without notes."""
    pieces: list[str] = []
    _collect(content, pieces)
    return " ".join("".join(pieces).split())


def _collect(content: Any, pieces: list[str]) -> None:
    if isinstance(content, list):
        for item in content:
            _collect(item, pieces)
        return
    if not isinstance(content, dict) or "t" not in content:
        return
    kind: str = content["t"]
    inner: Any = content.get("c")
    if kind == "Str":
        pieces.append(inner)
    elif kind in _SPACES:
        pieces.append(" ")
    elif kind in {"Code", "Math", "CodeBlock"}:
        pieces.append(inner[1])
    elif kind == "Quoted":
        opening, closing = _QUOTES[inner[0]["t"]]
        pieces.append(opening)
        _collect(inner[1], pieces)
        pieces.append(closing)
    elif kind == "Cite":
        _collect(inner[1], pieces)
    elif kind not in {"Note", "RawInline", "RawBlock"}:
        _collect(inner, pieces)
    if kind in _BLOCKS:
        pieces.append(" ")


def words(sentence: str) -> list[Node]:
    """Return plain text as inlines."""
    inlines: list[Node] = []
    for position, word in enumerate(sentence.split(" ")):
        if position:
            inlines.append({"t": "Space"})
        if word:
            inlines.append(string(word))
    return inlines


def string(content: str) -> Node:
    """Make a piece of text."""
    return {"t": "Str", "c": content}


def attributes(
    identifier: str = "", classes: tuple[str, ...] = (), pairs: dict[str, str] | None = None
) -> list[Any]:
    """Make a node's attributes."""
    return [identifier, list(classes), [[name, value] for name, value in (pairs or {}).items()]]


def div(attr: list[Any], blocks: list[Node]) -> Node:
    """Make a division."""
    return {"t": "Div", "c": [attr, blocks]}


def span(attr: list[Any], inlines: list[Node]) -> Node:
    """Make a span."""
    return {"t": "Span", "c": [attr, inlines]}


def link(target: str, inlines: list[Node], classes: tuple[str, ...] = ()) -> Node:
    """Make a link."""
    return {"t": "Link", "c": [attributes(classes=classes), inlines, [target, ""]]}


def plain(inlines: list[Node]) -> Node:
    """Make text that is not a paragraph."""
    return {"t": "Plain", "c": inlines}


def raw_block(language: str, content: str) -> Node:
    """Make a block that only one format's writer copies."""
    return {"t": "RawBlock", "c": [language, content]}


def raw_inline(language: str, content: str) -> Node:
    """Make inline markup that only one format's writer copies."""
    return {"t": "RawInline", "c": [language, content]}


def pairs_of(attr: list[Any]) -> dict[str, str]:
    """Return the key-value attributes as a dictionary."""
    return dict(attr[2])


def child(node: Node, name: str) -> Node | None:
    """Return the first division of a class directly inside a division."""
    for block in node["c"][1]:
        if block["t"] == "Div" and name in block["c"][0][1]:
            return dict(block)
    return None


def children(node: Node, name: str) -> list[Node]:
    """Return the blocks of the first division of a class directly inside a division."""
    found = child(node, name)
    return list(found["c"][1]) if found else []


def caption_inlines(blocks: list[Node]) -> list[Node]:
    """Join a caption's paragraphs to one line of inlines."""
    inlines: list[Node] = []
    for block in blocks:
        if inlines:
            inlines.append({"t": "Space"})
        inlines.extend(block["c"] if block["t"] in {"Para", "Plain"} else words(text(block)))
    return inlines
