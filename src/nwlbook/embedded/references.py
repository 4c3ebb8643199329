"""Resolve references and links between chapters.

Every link inside the book becomes an address of the form ``book:chapter.ipynb#label``, which
each format lowers to its own kind of link.
"""

import posixpath
import re
from collections.abc import Iterator

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.numbering import KINDS, Target
from nwlbook.embedded.tree import Node, link, nodes, string, text, transform

INTERNAL = "book:"
_LABEL = re.compile(rf"(?:{'|'.join([*KINDS, *(kind.capitalize() for kind in KINDS)])})-")
_SOURCE = re.compile(r"([^:#?]*\.(?:ipynb|qmd|md))(#.*)?")

_WITH_ATTRIBUTES = {"Div", "Span", "Link", "Code", "CodeBlock", "Image", "Table"}


def resolve_titles(chapters: list[Chapter], targets: dict[str, Target]) -> None:
    """Replace references in titles, which other chapters show; see `resolve_references`."""
    anchors = {chapter.file: chapter.anchors for chapter in chapters}
    for chapter in chapters:
        resolver = _Resolver(chapter, targets, anchors)
        chapter.title = transform(chapter.title, resolver.visit)
        chapter.subtitle = transform(chapter.subtitle, resolver.visit)


def resolve_references(
    chapter: Chapter, chapters: list[Chapter], targets: dict[str, Target]
) -> None:
    """Replace references by numbered links, and links to sources by addresses in the book.

    Parameters
    ----------
    chapter : Chapter
        Its tree is changed.
    chapters : list of Chapter
        The numbered book.
    targets : dict
        What each label names.

    Raises
    ------
    InputError
        With file and line, if a label, a chapter or an address in it does not exist, or an
        address of the chapter is used twice.
    """
    _refuse_repeated(chapter)
    anchors = {one.file: one.anchors for one in chapters}
    chapter.blocks = transform(chapter.blocks, _Resolver(chapter, targets, anchors).visit)


def works_cited(chapter: Chapter) -> tuple[str, ...]:
    """Return what a chapter cites that is no label of the book."""
    return tuple(
        one["citationId"]
        for node in nodes(chapter.blocks)
        if node["t"] == "Cite"
        for one in node["c"][0]
        if not _LABEL.match(one["citationId"])
    )


def anchors_of(chapter: Chapter) -> set[str]:
    """Return the addresses in a chapter."""
    return {chapter.identifier, *filter(None, _identifiers(chapter))}


def _identifiers(chapter: Chapter) -> Iterator[str]:
    for node in nodes(chapter.blocks):
        if node["t"] == "Header":
            yield node["c"][1][0]
        elif node["t"] in _WITH_ATTRIBUTES:
            yield node["c"][0][0]


def _refuse_repeated(chapter: Chapter) -> None:
    found = {chapter.identifier}
    for identifier in filter(None, _identifiers(chapter)):
        if identifier in found:
            place = chapter.passage.find(rf"#{re.escape(identifier)}\b", occurrence=1)
            raise place.error(f"the address '{identifier}' is used twice in the chapter")
        found.add(identifier)


class _Resolver:
    def __init__(
        self, chapter: Chapter, targets: dict[str, Target], anchors: dict[str, set[str]]
    ) -> None:
        self.chapter = chapter
        self.targets = targets
        self.anchors = anchors

    def visit(self, node: Node) -> Node | list[Node] | None:
        if node["t"] == "Cite":
            return self._citation(node)
        if node["t"] == "Link":
            self._link(node)
        return None

    def _citation(self, node: Node) -> list[Node] | None:
        citations = node["c"][0]
        is_reference = [bool(_LABEL.match(one["citationId"])) for one in citations]
        if not any(is_reference):
            return None
        first = citations[0]["citationId"]
        if not all(is_reference):
            raise self.chapter.passage.error(
                "references and citations must not share brackets", rf"@{re.escape(first)}"
            )
        result: list[Node] = []
        for position, one in enumerate(citations):
            if position:
                result += [string(","), {"t": "Space"}]
            result.append(self._reference(one))
            result += one["citationSuffix"]
        return result

    def _reference(self, citation: Node) -> Node:
        written = citation["citationId"]
        label = written[0].lower() + written[1:]
        target = self.targets.get(label)
        if target is None:
            raise self.chapter.passage.error(
                f"reference to '{label}', which no chapter has", rf"@{re.escape(written)}(?![\w-])"
            )
        address = f"{INTERNAL}{target.chapter.file}#{label}"
        if not target.number:
            # an unnumbered section has only its title to be called by
            return link(address, target.title or [string(target.name)], ("reference",))
        number = [string(target.number)]
        if citation["citationMode"]["t"] == "SuppressAuthor":
            inlines = number
        elif citation["citationPrefix"]:
            inlines = [*citation["citationPrefix"], string("\u00a0"), *number]
        else:
            inlines = [string(f"{target.name}\u00a0{target.number}")]
        return link(address, inlines, ("reference",))

    def _link(self, node: Node) -> None:
        address = node["c"][2][0]
        if address.startswith("#"):
            file, anchor = self.chapter.file, address[1:]
        else:
            match = _SOURCE.fullmatch(address)
            if not match:
                return
            folder = posixpath.dirname(self.chapter.file)
            path = match[1].lstrip("/") if address.startswith("/") else f"{folder}/{match[1]}"
            file = posixpath.normpath(path.lstrip("/"))
            anchor = (match[2] or "#")[1:]
        if file not in self.anchors:
            raise self._error(f"link to '{address}', which is no chapter of the book", address)
        if anchor and anchor not in self.anchors[file]:
            raise self._error(
                f"link '{text(node['c'][1])}' to '{address}': there is no '{anchor}' in {file}",
                address,
            )
        node["c"][2][0] = f"{INTERNAL}{file}#{anchor}" if anchor else f"{INTERNAL}{file}"

    def _error(self, message: str, address: str) -> Exception:
        return self.chapter.passage.error(message, re.escape(address))
