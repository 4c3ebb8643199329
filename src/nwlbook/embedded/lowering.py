"""What the lowering of canonical constructs has in common over the formats."""

import posixpath
import re
from pathlib import Path
from typing import Any

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.pieces import CodePiece, MarkupPiece, TextPiece
from nwlbook.embedded.references import INTERNAL
from nwlbook.embedded.tree import Node, children, lower, pairs_of

TABLE = re.compile(r"\s*<table\b", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Lowering:
    """Turns the canonical tree of a chapter into what one format's writer takes.

    A format is a subclass with a method for each construct. Each method lowers the content
    of its construct itself, because it knows what stands around it.

    Parameters
    ----------
    chapter : Chapter
        The finished chapter.
    project : Path
        The staged project's folder.
    """

    # names by which conditional content calls the format
    format_names: frozenset[str]

    def __init__(self, chapter: Chapter, project: Path) -> None:
        self.chapter = chapter
        self.project = project
        self.warnings: list[str] = []

    def blocks(self, content: Any) -> Any:
        """Lower blocks or inlines."""
        return lower(content, self._visit)

    def is_shown(self, node: Node) -> bool:
        """Return whether conditional content belongs to this format."""
        pairs = pairs_of(node["c"][0])
        matches = True
        if "when-format" in pairs:
            matches = pairs["when-format"] in self.format_names
        if "unless-format" in pairs:
            matches = matches and pairs["unless-format"] not in self.format_names
        return matches == ("content-visible" in node["c"][0][1])

    def _visit(self, node: Node) -> Node | list[Node] | None:
        kind = node["t"]
        if kind == "Div":
            return self._division(node)
        method = getattr(self, f"lower_{kind.lower()}", None)
        result: Node | list[Node] | None = method(node) if method else None
        return result

    def _division(self, node: Node) -> Node | list[Node] | None:
        (identifier, classes, _), content = node["c"]
        pairs = pairs_of(node["c"][0])
        if {"content-visible", "content-hidden"} & set(classes):
            shown: list[Node] = self.blocks(content) if self.is_shown(node) else []
            return shown
        if "piece" in classes:
            return self._piece(pairs["name"])
        if "page-break" in classes:
            return self.page_break()
        if "callout" in classes:
            return self.callout(
                identifier, pairs, children(node, "title")[0]["c"], children(node, "body")
            )
        if "tabset" in classes:
            tabs = [(children(tab, "title")[0]["c"], children(tab, "body")) for tab in content]
            return self.tabset(identifier, tabs)
        if "float" in classes:
            caption = children(node, "caption")[0]["c"]
            return self.float(identifier, pairs, caption, children(node, "body"))
        if "equation" in classes:
            return self.equation(identifier, pairs.get("number", ""), content)
        return self.other_division(node)

    def _piece(self, name: str) -> list[Node]:
        piece = self.chapter.pieces[name]
        if isinstance(piece, CodePiece):
            return self.code(piece) if self.code_format in piece.shown_in else []
        if isinstance(piece, TextPiece):
            return self.printed(piece)
        return self.markup(piece, "")

    def image_file(self, address: str) -> Path:
        """Return the file of an image, which must be the project's own.

        Raises
        ------
        InputError
            If it is not in the project.
        """
        inside = self.in_project(address)
        if inside is None:
            raise self.chapter.passage.error(
                f"the book loads nothing from other sites: put the image '{address}' into the "
                "project",
                re.escape(address),
            )
        path = self.project / inside
        if inside.startswith("..") or not path.is_file():
            raise self.chapter.passage.error(
                f"the file '{address}' does not exist", re.escape(address)
            )
        return path

    def in_project(self, address: str) -> str | None:
        """Return an address on the chapter's page as one from the project's folder, if it is."""
        if _SCHEME.match(address):
            return None
        folder = "" if address.startswith("/") else posixpath.dirname(self.chapter.file)
        return posixpath.normpath(posixpath.join(folder, address.lstrip("/")))

    @staticmethod
    def internal(address: str) -> tuple[str, str] | None:
        """Split an address inside the book into chapter and label."""
        if not address.startswith(INTERNAL):
            return None
        file, _, label = address.removeprefix(INTERNAL).partition("#")
        return file, label

    # which format's setting of `echo` holds: EPUB and Word follow one of these two
    code_format: str

    def callout(
        self, identifier: str, pairs: dict[str, str], title: list[Node], body: list[Node]
    ) -> list[Node]:
        """Lower a callout."""
        raise NotImplementedError

    def tabset(self, identifier: str, tabs: list[tuple[list[Node], list[Node]]]) -> list[Node]:
        """Lower a set of tabs: title and content of each."""
        raise NotImplementedError

    def float(
        self, label: str, pairs: dict[str, str], caption: list[Node], body: list[Node]
    ) -> list[Node]:
        """Lower a figure or table with its caption."""
        raise NotImplementedError

    def equation(self, label: str, number: str, content: list[Node]) -> list[Node]:
        """Lower a numbered equation."""
        raise NotImplementedError

    def code(self, piece: CodePiece) -> list[Node]:
        """Lower a cell's code."""
        raise NotImplementedError

    def printed(self, piece: TextPiece) -> list[Node]:
        """Lower printed text."""
        raise NotImplementedError

    def markup(self, piece: MarkupPiece, label: str) -> list[Node]:
        """Lower an HTML output; `label` is that of the float around it, if any."""
        raise NotImplementedError

    def page_break(self) -> list[Node]:
        """Lower a page break."""
        raise NotImplementedError

    def other_division(self, node: Node) -> Node | list[Node] | None:
        """Lower a division that is no construct of its own."""
        raise NotImplementedError
