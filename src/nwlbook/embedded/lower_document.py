"""Lower a chapter to what pandoc's writers of Word and EPUB take.

The two have the same constructs in the same order. What differs is how a construct gets its
look: a named style in Word, a class in EPUB.
"""

from pathlib import Path
from typing import Any

from nwlbook.embedded.constructs import CALLOUTS
from nwlbook.embedded.lowering import TABLE
from nwlbook.embedded.numbering import KINDS, NUMBER
from nwlbook.embedded.pieces import CodePiece, MarkupPiece, TextPiece
from nwlbook.embedded.tree import (
    Node,
    attributes,
    div,
    nodes,
    pairs_of,
    span,
    string,
    text,
    words,
)
from nwlbook.embedded.whole_book import WholeBookLowering, anchor_of

NOT_HERE = "This chart is in the web version of the book. "


class DocumentLowering(WholeBookLowering):
    """Lowers one chapter for a document that holds the whole book; see `WholeBookLowering`."""

    # attributes of the span that holds a heading's number
    number_look: list[Any]

    def styled(self, style: str, blocks: list[Node], identifier: str = "") -> list[Node]:
        """Give blocks a look by its name, such as ``Source Note``."""
        raise NotImplementedError

    def captioned(
        self, label: str, kind: str, caption: list[Node], content: list[Node]
    ) -> list[Node]:
        """Put a caption, with its number, above a figure or table."""
        raise NotImplementedError

    def caption_number(self, name: str, number: str) -> list[Node]:
        """Return the inlines of ``Figure 1.2:``."""
        raise NotImplementedError

    def image(self, source: Path | str, alternative: str, width: str) -> Node:
        """Return an image; without a width it has its own."""
        raise NotImplementedError

    def chart(self, piece: MarkupPiece, label: str) -> Node:
        """Return the static image of a chart."""
        raise NotImplementedError

    def table(self, node: Node) -> list[Node]:
        """Return a table."""
        raise NotImplementedError

    def file_link(self, inlines: list[Node], file: str, title: str) -> list[Node]:
        """Return a link to a file of the site."""
        raise NotImplementedError

    def heading(self, level: int, attr: list[Any], inlines: list[Node]) -> list[Node]:
        """Return a heading."""
        return [{"t": "Header", "c": [level, attr, inlines]}]

    def title(self) -> list[Node]:
        """Return the chapter's heading and subtitle."""
        attr = attributes(self.anchor(self.chapter.identifier))
        inlines = self._numbered(self.chapter.number, self.chapter.title)
        result = self.heading(self.top_level, attr, inlines)
        if self.chapter.subtitle:
            subtitle = {"t": "Para", "c": self.blocks(self.chapter.subtitle)}
            result += self.styled("Chapter Subtitle", [subtitle])
        return result

    def lower_header(self, node: Node) -> list[Node]:
        """Put our number before a heading."""
        level, attr, inlines = node["c"]
        identifier = self.anchor(attr[0]) if attr[0] else ""
        kept = tuple(name for name in attr[1] if name == "unlisted")
        number = pairs_of(attr).get(NUMBER, "")
        own = attributes(identifier, kept)
        return self.heading(self.top_level + level - 1, own, self._numbered(number, inlines))

    def _numbered(self, number: str, inlines: list[Node]) -> list[Node]:
        lowered: list[Node] = self.blocks(inlines)
        if not number:
            return lowered
        return [span(self.number_look, [string(number)]), {"t": "Space"}, *lowered]

    def anchor(self, identifier: str) -> str:
        """Return the document's own address for one of the chapter, and note that it is there."""
        anchor = anchor_of(self.chapter, identifier)
        self.anchors.add(anchor)
        return anchor

    def lower_link(self, node: Node) -> Node | list[Node]:
        """Turn an address inside the book into one inside the document."""
        _, inlines, (address, title) = node["c"]
        lowered: list[Node] = self.blocks(inlines)
        place = self.internal(address)
        if place is None:
            file = self.in_project(address)
            if file is not None:
                return self.file_link(lowered, file, title)
            return {"t": "Link", "c": [attributes(), lowered, [address, title]]}
        chapter = self.chapters[place[0]]
        target = anchor_of(chapter, place[1] or chapter.identifier)
        return {"t": "Link", "c": [attributes(), lowered, [f"#{target}", title]]}

    def lower_span(self, node: Node) -> Node | list[Node]:
        """Keep a span's address and drop its classes, which the page's style sheet knows."""
        attr, inlines = node["c"]
        lowered: list[Node] = self.blocks(inlines)
        return span(attributes(self.anchor(attr[0])), lowered) if attr[0] else lowered

    def lower_image(self, node: Node) -> Node:
        """Take an image of the project into the document."""
        attr, inlines, (address, _) = node["c"]
        width = self.image_width(attr, address)
        return self.image(self.image_file(address), text(inlines), width)

    def lower_table(self, node: Node) -> list[Node]:
        """Write a table of Markdown."""
        return self.table(node)

    def lower_rawblock(self, node: Node) -> list[Node]:
        """Read a table that is written as HTML; other markup is for other formats."""
        language, markup = node["c"]
        if language == "html" and markup in self.tables:
            return self.table(self.tables[markup])
        return []

    def lower_rawinline(self, node: Node) -> list[Node]:
        """Leave out markup that is for other formats."""
        return []

    def callout_title(self, pairs: dict[str, str], title: list[Node]) -> Node:
        """Return the title of a callout, which says its kind if the words do not."""
        kind = CALLOUTS[pairs["kind"]]
        said = [] if text(title).startswith(kind) else [string(f"{kind}:"), {"t": "Space"}]
        return {"t": "Para", "c": [*said, *self.blocks(title)]}

    def tabset(self, identifier: str, tabs: list[tuple[list[Node], list[Node]]]) -> list[Node]:
        """Set the tabs one after the other."""
        result: list[Node] = []
        for title, body in tabs:
            result += self.styled("Tab Title", [{"t": "Para", "c": self.blocks(title)}])
            result += self.blocks(body)
        return result

    def float(
        self, label: str, pairs: dict[str, str], caption: list[Node], body: list[Node]
    ) -> list[Node]:
        """Put the caption on top, with our number."""
        kind = pairs["kind"]
        content = [block for one in body for block in self._float_body(one, label)]
        if not caption:
            return content
        inlines: list[Node] = self.blocks(caption)
        if pairs.get(NUMBER):
            inlines = [
                *self.caption_number(KINDS[kind], pairs[NUMBER]),
                {"t": "Space"},
                *inlines,
            ]
        return self.captioned(self.anchor(label) if label else "", kind, inlines, content)

    def _float_body(self, block: Node, label: str) -> list[Node]:
        if block["t"] == "Div" and "piece" in block["c"][0][1]:
            piece = self.chapter.pieces[pairs_of(block["c"][0])["name"]]
            if isinstance(piece, MarkupPiece):
                return self.markup(piece, label)
        lowered: list[Node] = self.blocks([block])
        return lowered

    @staticmethod
    def formula_of(content: list[Node]) -> Node:
        """Return the formula of a numbered equation."""
        return next(node for node in nodes(content) if node["t"] == "Math")

    def code(self, piece: CodePiece) -> list[Node]:
        """Show a cell's code."""
        return [{"t": "CodeBlock", "c": [attributes(classes=("python",)), piece.code]}]

    def printed(self, piece: TextPiece) -> list[Node]:
        """Show printed text."""
        return [{"t": "CodeBlock", "c": [attributes(), piece.content]}]

    def markup(self, piece: MarkupPiece, label: str) -> list[Node]:
        """Show the image or the table that an HTML output stands for."""
        if piece.svg is not None:
            return self.styled("Captioned Figure", [{"t": "Para", "c": [self.chart(piece, label)]}])
        if piece.html in self.tables:
            return self.table(self.tables[piece.html])
        name = f"'{label}'" if label else "an output"
        self.warnings.append(
            f"{piece.place}: {name} has no static image, so documents only name it"
        )
        return self.styled("Remark", [{"t": "Para", "c": words(NOT_HERE + piece.alternative)}])

    def other_division(self, node: Node) -> Node | list[Node]:
        """Set cards, notes and remarks; keep the address of any other division."""
        attr, content = node["c"]
        classes = set(attr[1])
        identifier = self.anchor(attr[0]) if attr[0] else ""
        if "headline-figure" in classes and content and content[0]["t"] == "Para":
            value = self.styled("Headline Figure", self.blocks(content[:1]), identifier)
            return [*value, *self.blocks(content[1:])]
        for name, style in (("nwl-notes", "Source Note"), ("column-margin", "Remark")):
            if name in classes:
                return self.styled(style, self.blocks(content), identifier)
        lowered: list[Node] = self.blocks(content)
        return div(attributes(identifier), lowered) if identifier else lowered


def is_natural(piece: MarkupPiece) -> bool:
    """Return whether the image of an output is as wide as it says, and not as the line."""
    return bool(TABLE.match(piece.html))
