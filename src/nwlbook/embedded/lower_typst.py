"""Lower a chapter to what pandoc's Typst writer takes.

The numbers are ours: Typst's own counters would not know what is hidden in print. Headings
and floats are written as calls of the functions in `templates/book.typ`.
"""

import re
from pathlib import Path
from typing import Any

from nwlbook.embedded.constructs import CALLOUTS
from nwlbook.embedded.lowering import TABLE
from nwlbook.embedded.numbering import KINDS, NUMBER
from nwlbook.embedded.pieces import CodePiece, MarkupPiece, TextPiece
from nwlbook.embedded.tables import column_weights, is_dense
from nwlbook.embedded.tree import (
    Node,
    attributes,
    div,
    lower,
    nodes,
    pairs_of,
    plain,
    raw_block,
    raw_inline,
    text,
)
from nwlbook.embedded.typst_text import array, boolean, label, numbering, quoted
from nwlbook.embedded.whole_book import WholeBookLowering, anchor_of

# The columns of a wide screen are those of print.
_SPAN = re.compile(r"g-col-(?:(sm|md|lg|xl|xxl)-)?(\d+)")
_WIDTHS = ("", "sm", "md", "lg", "xl", "xxl")
_FLOAT_KINDS = {"fig": "image", "tbl": "table", "plain": "image"}


class TypstLowering(WholeBookLowering):
    """Lowers one chapter for print; see `WholeBookLowering`."""

    format_names = frozenset({"pdf", "typst"})

    def title(self) -> list[Node]:
        """Return the chapter's heading and subtitle."""
        kind = "appendix" if self.chapter.is_appendix else "chapter"
        result = [
            self._heading(
                kind, 1, self.chapter.number, self.chapter.identifier, self.chapter.title, True
            )
        ]
        if self.chapter.subtitle:
            result.append(_wrapped("#chapter-subtitle[", self.blocks(self.chapter.subtitle), "]"))
        return result

    def lower_header(self, node: Node) -> list[Node]:
        """Write a heading with our number."""
        level, attr, inlines = node["c"]
        number = pairs_of(attr).get(NUMBER, "")
        is_listed = "unlisted" not in attr[1]
        return [self._heading("section", level, number, attr[0], inlines, is_listed)]

    def _heading(
        self, kind: str, level: int, number: str, identifier: str, inlines: Any, is_listed: bool
    ) -> Node:
        call = (
            f"#book-heading({quoted(kind)}, depth: {level}, level: {self.top_level + level - 1}, "
            f"outlined: {boolean(is_listed)}, {numbering(number)})["
        )
        return _wrapped(call, self.blocks(inlines), f"] {self._label(identifier)}")

    def lower_link(self, node: Node) -> Node | list[Node] | None:
        """Turn an address inside the book into a label, and one of a file into the site's."""
        _, inlines, (address, title) = node["c"]
        place = self.internal(address)
        if place is None:
            # a download stands beside the PDF as it stands below the site
            beside = self.in_project(address) or address
            return {"t": "Link", "c": [attributes(), self.blocks(inlines), [beside, ""]]}
        chapter = self.chapters[place[0]]
        target = anchor_of(chapter, place[1] or chapter.identifier)
        return {"t": "Link", "c": [attributes(), self.blocks(inlines), [f"#{target}", title]]}

    def lower_span(self, node: Node) -> Node | list[Node]:
        """Keep a span's label and drop its classes, which the page's style sheet knows."""
        attr, inlines = node["c"]
        lowered: list[Node] = self.blocks(inlines)
        if not attr[0]:
            return lowered
        return [*lowered, raw_inline("typst", self._label(attr[0]))]

    def lower_image(self, node: Node) -> list[Node]:
        """Write an image with its alternative, which pandoc leaves out."""
        attr, inlines, (address, _) = node["c"]
        file = self.image_file(address)
        width = self.image_width(attr, address)
        return [raw_inline("typst", f"#box({self._image(file, text(inlines), width)})")]

    def _image(self, source: Path | str, alternative: str, width: str = "") -> str:
        address = quoted(self.store_image(source))
        size = f"width: {width}, " if width else ""
        return f"image({address}, {size}alt: {quoted(alternative)})"

    def lower_math(self, node: Node) -> list[Node]:
        """Say a formula in words that a reader by ear has at least the source of."""
        formula = " ".join(node["c"][1].split())
        return [
            raw_inline("typst", f"#formula({quoted(formula)})["), node, raw_inline("typst", "]")
        ]  # fmt: skip

    def lower_table(self, node: Node) -> list[Node]:
        """Write a table of Markdown."""
        return self._table(node)

    def lower_rawblock(self, node: Node) -> list[Node] | None:
        """Read a table that is written as HTML; other HTML is for the page alone."""
        language, markup = node["c"]
        if language == "html" and markup in self.tables:
            return self._table(self.tables[markup])
        return None

    def callout(
        self, identifier: str, pairs: dict[str, str], title: list[Node], body: list[Node]
    ) -> list[Node]:
        """Make a box, open even if it collapses on the page."""
        kind = pairs["kind"]
        said = "" if text(title).startswith(CALLOUTS[kind]) else CALLOUTS[kind]
        call = f"#callout({quoted(kind)}, {quoted(said)})["
        return [
            _wrapped(call, self.blocks(title), "]["),
            *self.blocks(body),
            raw_block("typst", f"] {self._label(identifier)}"),
        ]

    def tabset(self, identifier: str, tabs: list[tuple[list[Node], list[Node]]]) -> list[Node]:
        """Set the tabs one after the other."""
        result: list[Node] = []
        for title, body in tabs:
            result.append(_wrapped("#tab-title[", self.blocks(title), "]"))
            result += self.blocks(body)
        return result

    def float(
        self, label: str, pairs: dict[str, str], caption: list[Node], body: list[Node]
    ) -> list[Node]:
        """Make a Typst figure with our number, which the lists of figures take up."""
        kind = pairs["kind"]
        content = [block for one in body for block in self._float_body(one, label)]
        if not caption:
            return content
        call = (
            f"#book-float({_FLOAT_KINDS[kind]}, {quoted(KINDS.get(kind, ''))}, "
            f"{numbering(pairs.get(NUMBER, ''))}{self._alternative(kind, body, content, caption)})["
        )
        return [
            _wrapped(call, self.blocks(caption), "]["),
            *content,
            raw_block("typst", f"] {self._label(label)}"),
        ]

    def _alternative(
        self, kind: str, body: list[Node], content: list[Node], caption: list[Node]
    ) -> str:
        """Return the argument that speaks for a figure without an image of its own."""
        written = [node["c"][1] for node in nodes(content) if node["t"].startswith("Raw")]
        if kind == "tbl" or any("image(" in markup for markup in written):
            return ""
        pieces = (
            self.chapter.pieces[pairs_of(node["c"][0])["name"]]
            for node in nodes(body)
            if node["t"] == "Div" and "piece" in node["c"][0][1]
        )
        said = next((one.alternative for one in pieces if isinstance(one, MarkupPiece)), "")
        return f", alt: {quoted(said or text(caption))}"

    def _float_body(self, block: Node, name: str) -> list[Node]:
        if block["t"] == "Div" and "piece" in block["c"][0][1]:
            piece = self.chapter.pieces[pairs_of(block["c"][0])["name"]]
            if isinstance(piece, MarkupPiece):
                return self.markup(piece, name)
        lowered: list[Node] = self.blocks([block])
        return lowered

    def equation(self, label: str, number: str, content: list[Node]) -> list[Node]:
        """Set a formula with its number at the margin."""
        formula = next(node for node in nodes(content) if node["t"] == "Math")
        alternative = quoted(" ".join(formula["c"][1].split()))
        call = f"#numbered-formula({alternative}, {quoted(f'({number})')})["
        return [_wrapped(call, [formula], f"] {self._label(label)}")]

    def code(self, piece: CodePiece) -> list[Node]:
        """Show a cell's code."""
        return [{"t": "CodeBlock", "c": [attributes(classes=("python",)), piece.code]}]

    def printed(self, piece: TextPiece) -> list[Node]:
        """Show printed text."""
        return [{"t": "CodeBlock", "c": [attributes(), piece.content]}]

    def markup(self, piece: MarkupPiece, label: str) -> list[Node]:
        """Set the image or the table that an HTML output stands for."""
        if piece.svg is not None:
            width = "" if TABLE.match(piece.html) else "100%"
            return [raw_block("typst", f"#{self._image(piece.svg, piece.alternative, width)}")]
        if piece.html in self.tables:
            return self._table(self.tables[piece.html])
        name = f"'{label}'" if label else "an output"
        self.warnings.append(f"{piece.place}: {name} has no static image, so print only names it")
        return [raw_block("typst", f"#not-in-print({quoted(piece.alternative)})")]

    def page_break(self) -> list[Node]:
        """Start a new page."""
        return [raw_block("typst", "#pagebreak(weak: true)")]

    def other_division(self, node: Node) -> Node | list[Node] | None:
        """Set cards, notes and remarks; keep the label of any other division."""
        attr, content = node["c"]
        classes = set(attr[1])
        if "grid" in classes:
            return self._grid(content)
        if "headline-figure" in classes and content:
            value = content[0]["c"] if content[0]["t"] == "Para" else []
            rest = content[1:] if value else content
            return [
                _wrapped("#headline-figure[", self.blocks(value), "]["),
                *self.blocks(rest),
                raw_block("typst", "]"),
            ]
        for name, function in (("nwl-notes", "notes"), ("column-margin", "remark")):
            if name in classes:
                return [
                    raw_block("typst", f"#{function}["),
                    *self.blocks(content),
                    raw_block("typst", f"] {self._label(attr[0])}"),
                ]
        if attr[0]:
            self.anchors.add(anchor_of(self.chapter, attr[0]))
            return div(attributes(anchor_of(self.chapter, attr[0])), self.blocks(content))
        lowered: list[Node] = self.blocks(content)
        return lowered

    def _grid(self, content: list[Node]) -> list[Node]:
        spans = [_span(block["c"][0][1]) if block["t"] == "Div" else "12" for block in content]
        result = [raw_block("typst", f"#book-grid({array(spans)})[")]
        for position, block in enumerate(content):
            if position:
                result.append(raw_block("typst", "]["))
            result += self.blocks([block])
        return [*result, raw_block("typst", "]")]

    def _table(self, node: Node) -> list[Node]:
        weights = column_weights(node)
        columns = array([f"{weight}fr" if weight else "auto" for weight in weights])
        _, _, *rest = lower(node["c"], self._visit)
        attr = attributes(classes=("typst:no-figure",))
        table = {"t": "Table", "c": [attr, [None, []], *rest]}
        call = f"#book-table({columns}, dense: {boolean(is_dense(node))})["
        return [raw_block("typst", call), table, raw_block("typst", "]")]

    def _label(self, identifier: str) -> str:
        if not identifier:
            return ""
        anchor = anchor_of(self.chapter, identifier)
        self.anchors.add(anchor)
        return label(anchor)


def _span(classes: list[str]) -> str:
    """Return how many of twelve columns a cell takes."""
    found = [match for name in classes if (match := _SPAN.fullmatch(name))]
    widest = max(found, key=lambda match: _WIDTHS.index(match[1] or ""), default=None)
    return widest[2] if widest else "12"


def _wrapped(opening: str, inlines: list[Node], closing: str) -> Node:
    return plain([raw_inline("typst", opening), *inlines, raw_inline("typst", closing)])
