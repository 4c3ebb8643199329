"""Lower a chapter to what pandoc's EPUB writer takes.

The book's HTML is written by pandoc from ordinary nodes; looks are classes of the style
sheet `assets/epub.css`.
"""

from pathlib import Path
from typing import Any

from nwlbook.embedded.lower_document import DocumentLowering, is_natural
from nwlbook.embedded.pieces import MarkupPiece
from nwlbook.embedded.tree import (
    Node,
    attributes,
    div,
    lower,
    plain,
    raw_block,
    raw_inline,
    span,
    string,
    words,
)


class EpubLowering(DocumentLowering):
    """Lowers one chapter for e-readers; see `DocumentLowering`."""

    format_names = frozenset({"epub"})
    number_look = attributes(classes=("section-number",))

    def styled(self, style: str, blocks: list[Node], identifier: str = "") -> list[Node]:
        """Give blocks a class."""
        name = style.lower().replace(" ", "-")
        return [div(attributes(identifier, (name,)), blocks)]

    def heading(self, level: int, attr: list[Any], inlines: list[Node]) -> list[Node]:
        """Return a heading, as markup where the writer would begin a new file at it.

        Files begin at chapters, which have level 2 in a part. A chapter without part has
        level 1, so its sections have the level of chapters.
        """
        if self.top_level != 1 or level == 1:
            return super().heading(level, attr, inlines)
        opening, closing = raw_inline("html", f"<h{level}>"), raw_inline("html", f"</h{level}>")
        return [div(attr, [plain([opening, *inlines, closing])])]

    def captioned(
        self, label: str, kind: str, caption: list[Node], content: list[Node]
    ) -> list[Node]:
        """Make a figure element with the caption on top."""
        return [
            # the address stands on a division, where the writer looks for what links lead to
            div(
                attributes(label, ("float",)),
                [
                    raw_block("html", "<figure>"),
                    raw_block("html", "<figcaption>"),
                    plain(caption),
                    raw_block("html", "</figcaption>"),
                    *content,
                    raw_block("html", "</figure>"),
                ],
            )
        ]

    def caption_number(self, name: str, number: str) -> list[Node]:
        """Return the name and the number."""
        label = attributes(classes=("caption-label",))
        return [span(label, [string(f"{name}\u00a0{number}:")])]

    def image(self, source: Path | str, alternative: str, width: str) -> Node:
        """Return an image."""
        pairs = {"width": width} if width else {}
        address = self.store_image(source)
        return {"t": "Image", "c": [attributes(pairs=pairs), words(alternative), [address, ""]]}

    def chart(self, piece: MarkupPiece, label: str) -> Node:
        """Return a chart, in the form for narrow screens if there is one."""
        narrow = self.project / "figures" / f"{label}-narrow.svg"
        if label and not is_natural(piece) and narrow.is_file():
            return self.image(narrow, piece.alternative, "")
        return self.image(piece.svg or "", piece.alternative, "")

    def table(self, node: Node) -> list[Node]:
        """Return a table in a region that scrolls."""
        _, _, columns, *rest = lower(node["c"], self._visit)
        natural = [[column[0], {"t": "ColWidthDefault"}] for column in columns]
        table = {"t": "Table", "c": [attributes(), [None, []], natural, *rest]}
        return self.styled("Table Scroll", [table])

    def callout(
        self, identifier: str, pairs: dict[str, str], title: list[Node], body: list[Node]
    ) -> list[Node]:
        """Make a box."""
        content = [
            *self.styled("Callout Title", [self.callout_title(pairs, title)]),
            *self.blocks(body),
        ]
        own = self.anchor(identifier) if identifier else ""
        return [div(attributes(own, ("callout", f"callout-{pairs['kind']}")), content)]

    def equation(self, label: str, number: str, content: list[Node]) -> list[Node]:
        """Set a formula with its number behind it."""
        numbered = span(attributes(classes=("equation-number",)), [string(f"({number})")])
        line = {"t": "Para", "c": [self.formula_of(content), {"t": "Space"}, numbered]}
        return self.styled("Equation", [line], self.anchor(label))

    def page_break(self) -> list[Node]:
        """Leave it out: an e-reader's pages are as long as its screen."""
        return []

    def file_link(self, inlines: list[Node], file: str, title: str) -> list[Node]:
        """Name the file: a book that is read offline cannot link to what is beside the site."""
        named = {"t": "Code", "c": [attributes(), file]}
        return [*inlines, string(":"), {"t": "Space"}, named, *words(" on the book’s site")]
