"""Lower a chapter to what pandoc's Word writer takes.

Looks are styles of the reference document, called by name. The numbers of captions are ours;
they stand in fields that always come to the same, so that Word knows captions as captions.
"""

import re
from pathlib import Path
from typing import Any

from nwlbook.embedded.lower_document import DocumentLowering, is_natural
from nwlbook.embedded.pieces import MarkupPiece
from nwlbook.embedded.tables import column_shares, is_dense
from nwlbook.embedded.tree import (
    Node,
    attributes,
    div,
    lower,
    raw_block,
    raw_inline,
    string,
    words,
)

_SIZE = re.compile(rb'<svg[^>]*?\swidth="([\d.]+)[^>]*?\sheight="([\d.]+)')
# The line of the reference document, in centimetres, and what a page has room for below a
# caption.
_LINE = 16.6
_ROOM = 20.5
_CAPTIONS = {"fig": "Image Caption", "tbl": "Table Caption", "plain": "Image Caption"}
_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
_TAB = raw_inline("openxml", "<w:r><w:tab/></w:r>")


class DocxLowering(DocumentLowering):
    """Lowers one chapter for Word; see `DocumentLowering`."""

    format_names = frozenset({"docx"})
    number_look = attributes(pairs={"custom-style": "Section Number"})

    def styled(self, style: str, blocks: list[Node], identifier: str = "") -> list[Node]:
        """Give blocks a style of the reference document."""
        return [div(attributes(identifier, pairs={"custom-style": style}), blocks)]

    def captioned(
        self, label: str, kind: str, caption: list[Node], content: list[Node]
    ) -> list[Node]:
        """Put the caption above, in a style that keeps it on the page of what it names."""
        above = self.styled(_CAPTIONS[kind], [{"t": "Para", "c": caption}])
        return [div(attributes(label), [*above, *content])]

    def caption_number(self, name: str, number: str) -> list[Node]:
        """Return the name and the number, the last part of it as a field."""
        chapter, point, count = number.rpartition(".")
        field = _field(f"SEQ {name} \\* ARABIC \\r {count}", count)
        return [string(f"{name}\u00a0{chapter}{point}"), raw_inline("openxml", field), string(":")]

    def image(self, source: Path | str, alternative: str, width: str) -> Node:
        """Return an image, no wider than the line and no higher than the page."""
        name = self.store_image(source)
        pairs = {"width": width} if width else {}
        if not width and (size := _SIZE.search(_head(source))):
            pairs = {"width": f"{round(float(size[1]))}px"}
        return {"t": "Image", "c": [attributes(pairs=pairs), words(alternative), [name, ""]]}

    def chart(self, piece: MarkupPiece, label: str) -> Node:
        """Return a chart as wide as the line, or less if it would be higher than the page."""
        image = piece.svg or ""
        size = _SIZE.search(image.encode())
        if is_natural(piece) or size is None:
            return self.image(image, piece.alternative, "")
        height = _LINE * float(size[2]) / float(size[1])
        return self.image(image, piece.alternative, f"{min(100, round(100 * _ROOM / height))}%")

    def table(self, node: Node) -> list[Node]:
        """Return a table of the style of tables, its cells in the type of tables."""
        _, _, columns, head, bodies, foot = lower(node["c"], self._visit)
        shares = [
            [column[0], {"t": "ColWidth", "c": round(share, 4)}]
            for column, share in zip(columns, column_shares(node), strict=True)
        ]
        kind = "Dense Table" if is_dense(node) else "Table"
        heads = [head[0], [self._row(row, f"{kind} Heading") for row in head[1]]]
        rows = [
            [*body[:2], *([self._row(row, f"{kind} Text") for row in part] for part in body[2:4])]
            for body in bodies
        ]
        content = [attributes(), [None, []], shares, heads, rows, foot]
        return [{"t": "Table", "c": content}]

    def _row(self, row: list[Any], style: str) -> list[Any]:
        """Give every cell of a row a style, which the writer looks for on whole paragraphs."""
        cells = []
        for cell in row[1]:
            blocks = [
                {"t": "Para", "c": block["c"]} if block["t"] == "Plain" else block
                for block in cell[4]
            ]
            cells.append([*cell[:4], self.styled(style, blocks)])
        return [row[0], cells]

    def callout(
        self, identifier: str, pairs: dict[str, str], title: list[Node], body: list[Node]
    ) -> list[Node]:
        """Make a box: a table of one cell, which can hold lists and go over pages."""
        content = [
            *self.styled("Callout Title", [self.callout_title(pairs, title)]),
            *self.blocks(body),
        ]
        cell = [attributes(), {"t": "AlignDefault"}, 1, 1, content]
        body_of_table = [attributes(), 0, [], [[attributes(), [cell]]]]
        table = {
            "t": "Table",
            "c": [
                attributes(pairs={"custom-style": "Callout"}),
                [None, []],
                [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": 1.0}]],
                [attributes(), []],
                [body_of_table],
                [attributes(), []],
            ],
        }
        # without a paragraph between them, Word joins the box to a table that follows
        after = self.styled("Box End", [{"t": "Para", "c": [string("\u00a0")]}])
        if identifier:
            return [div(attributes(self.anchor(identifier)), [table]), *after]
        return [table, *after]

    def equation(self, label: str, number: str, content: list[Node]) -> list[Node]:
        """Set a formula between two tab stops, with its number at the end of the line."""
        formula = {"t": "Math", "c": [{"t": "InlineMath"}, self.formula_of(content)["c"][1]]}
        line = {"t": "Para", "c": [_TAB, formula, _TAB, string(f"({number})")]}
        return self.styled("Equation", [line], self.anchor(label))

    def page_break(self) -> list[Node]:
        """Start a new page."""
        return [raw_block("openxml", _BREAK)]

    def file_link(self, inlines: list[Node], file: str, title: str) -> list[Node]:
        """Link to a file, which stands beside the document as it stands below the site."""
        return [{"t": "Link", "c": [attributes(), inlines, [file, title]]}]


def _field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _head(source: Path | str) -> bytes:
    return source.encode() if isinstance(source, str) else source.read_bytes()
