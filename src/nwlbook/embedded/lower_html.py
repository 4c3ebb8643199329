"""Lower a chapter to HTML."""

import html
import posixpath
from collections import Counter
from pathlib import Path
from typing import Any

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.constructs import CALLOUTS
from nwlbook.embedded.highlight import highlighted
from nwlbook.embedded.lowering import TABLE, Lowering
from nwlbook.embedded.numbering import KINDS, NUMBER
from nwlbook.embedded.outline import with_number
from nwlbook.embedded.pieces import CodePiece, MarkupPiece, TextPiece
from nwlbook.embedded.tree import (
    Node,
    attributes,
    div,
    pairs_of,
    plain,
    raw_block,
    span,
    string,
    text,
)


class HtmlLowering(Lowering):
    """Lowers one chapter for the page; see `Lowering`.

    Parameters
    ----------
    chapter : Chapter
        The finished chapter.
    project : Path
        The staged project's folder.
    pages : dict
        Page of each chapter by its source.
    """

    format_names = frozenset({"html", "html:js"})
    code_format = "html"

    def __init__(self, chapter: Chapter, project: Path, pages: dict[str, str]) -> None:
        super().__init__(chapter, project)
        self.pages = pages
        self.files: set[Path] = set()
        self._tabsets = 0
        # Tables without a caption are named by what they stand under.
        self._under = chapter.plain_title
        self._tables: Counter[str] = Counter()

    def lower_header(self, node: Node) -> list[Node]:
        """Put the number before a heading and a link to itself after it."""
        level, attr, inlines = node["c"]
        identifier = attr[0]
        self._under = text(inlines)
        bare = [identifier, attr[1], [pair for pair in attr[2] if pair[0] != NUMBER]]
        heading = {"t": "Header", "c": [level, bare, with_number(node, self.blocks(inlines))]}
        return [
            raw_block("html", '<div class="heading">'),
            heading,
            _anchor("anchor", identifier, f"Link to section: {self._under}"),
            raw_block("html", "</div>"),
        ]

    def lower_link(self, node: Node) -> Node:
        """Turn an address inside the book or the site into one from this page."""
        attr, inlines, (address, title) = node["c"]
        place = self.internal(address)
        if place is None:
            inside = self.in_project(address) if address.startswith("/") else None
            target = f"{self.chapter.up}{inside}" if inside else address
            return {"t": "Link", "c": [attr, self.blocks(inlines), [target, title]]}
        file, label = place
        if file == self.chapter.file:
            target = f"#{label}" if label else posixpath.basename(self.pages[file])
        else:
            here = posixpath.dirname(self.chapter.page) or "."
            target = posixpath.relpath(self.pages[file], here) + (f"#{label}" if label else "")
        return {"t": "Link", "c": [attr, self.blocks(inlines), [target, title]]}

    def lower_image(self, node: Node) -> None:
        """Note the file, which must come into the site."""
        self.files.add(self.image_file(node["c"][2][0]))

    def lower_codeblock(self, node: Node) -> list[Node]:
        """Mark up code in Markdown."""
        attr, code = node["c"]
        return [_code_block(code, attr[1][0] if attr[1] else "text", "code")]

    def lower_table(self, node: Node) -> list[Node]:
        """Wrap a table of Markdown in a region that scrolls."""
        return self._table(node, "")

    def lower_rawblock(self, node: Node) -> list[Node] | None:
        """Wrap a table that is written as HTML in a region that scrolls."""
        language, markup = node["c"]
        return self._region(markup, "") if language == "html" and TABLE.match(markup) else None

    def callout(
        self, identifier: str, pairs: dict[str, str], title: list[Node], body: list[Node]
    ) -> list[Node]:
        """Make a box, or a disclosure if it can collapse."""
        kind = pairs["kind"]
        attr = f'{_id(identifier)} class="callout callout-{kind}"'
        said = "" if text(title).startswith(CALLOUTS[kind]) else f"{CALLOUTS[kind]}: "
        head = [
            span(attributes(classes=("callout-icon",), pairs={"aria-hidden": "true"}), []),
            *([span(attributes(classes=("visually-hidden",)), [string(said)])] if said else []),
            span(attributes(classes=("callout-text",)), self.blocks(title)),
        ]
        if pairs["collapse"]:
            is_open = " open" if pairs["collapse"] == "false" else ""
            opening = f'<details{attr}{is_open}><summary class="callout-title">'
            middle, closing = '</summary><div class="callout-body">', "</div></details>"
        else:
            opening = f'<div{attr} role="note"><p class="callout-title">'
            middle, closing = '</p><div class="callout-body">', "</div></div>"
        return [
            raw_block("html", opening),
            plain(head),
            raw_block("html", middle),
            *self._blocks_under(title, body),
            raw_block("html", closing),
        ]

    def tabset(self, identifier: str, tabs: list[tuple[list[Node], list[Node]]]) -> list[Node]:
        """Make tabs that a script wakes; without it the panels stand one after the other."""
        self._tabsets += 1
        name = f"tabset-{self._tabsets}"
        result = [raw_block("html", f'<div{_id(identifier)} class="tabset"><div class="tabs">')]
        for position, (title, _) in enumerate(tabs):
            result += [
                raw_block(
                    "html",
                    f'<button type="button" id="{name}-tab-{position}" '
                    f'aria-controls="{name}-panel-{position}">',
                ),
                plain(self.blocks(title)),
                raw_block("html", "</button>"),
            ]
        result.append(raw_block("html", "</div>"))
        for position, (title, body) in enumerate(tabs):
            result += [
                raw_block(
                    "html",
                    f'<div class="tab-panel" id="{name}-panel-{position}"><p class="tab-title">',
                ),
                plain(self.blocks(title)),
                raw_block("html", "</p>"),
                *self._blocks_under(title, body),
                raw_block("html", "</div>"),
            ]
        return [*result, raw_block("html", "</div>")]

    def float(
        self, label: str, pairs: dict[str, str], caption: list[Node], body: list[Node]
    ) -> list[Node]:
        """Make a figure element with the caption on top."""
        kind = pairs["kind"]
        inlines = self.blocks(caption)
        anchor: list[Node] = []
        if pairs.get(NUMBER):
            name = f"{KINDS[kind]}\u00a0{pairs[NUMBER]}"
            number = span(attributes(classes=("caption-label",)), [string(f"{name}:")])
            inlines = [number, {"t": "Space"}, *inlines]
            anchor = [_anchor("nwl-anchor", label, f"Link to {name}")]
        result = [raw_block("html", f'<figure{_id(label)} class="float float-{kind}">')]
        if inlines:
            result += [
                raw_block("html", f"<figcaption{_id(_caption_id(label))}>"),
                plain(inlines),
                raw_block("html", "</figcaption>"),
                *anchor,
            ]
        for block in body:
            result += self._float_body(block, label)
        return [*result, raw_block("html", "</figure>")]

    def _float_body(self, block: Node, label: str) -> list[Node]:
        if block["t"] == "Table":
            return self._table(block, label)
        if block["t"] == "RawBlock" and block["c"][0] == "html" and TABLE.match(block["c"][1]):
            return self._region(block["c"][1], label)
        if block["t"] == "Div" and "piece" in block["c"][0][1]:
            piece = self.chapter.pieces[pairs_of(block["c"][0])["name"]]
            if isinstance(piece, MarkupPiece):
                return self.markup(piece, label)
        lowered: list[Node] = self.blocks([block])
        return lowered

    def equation(self, label: str, number: str, content: list[Node]) -> list[Node]:
        """Set a formula with its number beside it."""
        return [
            raw_block("html", f'<div{_id(label)} class="equation">'),
            *self.blocks(content),
            raw_block("html", f'<span class="equation-number">({number})</span></div>'),
        ]

    def code(self, piece: CodePiece) -> list[Node]:
        """Show a cell's code, folded if the cell asks for it."""
        block = _code_block(piece.code, "python", "code")
        if piece.fold == "false":
            return [block]
        is_open = " open" if piece.fold == "show" else ""
        summary = html.escape(piece.summary)
        head = f'<details class="code-fold"{is_open}><summary>{summary}</summary>'
        return [raw_block("html", head), block, raw_block("html", "</details>")]

    def printed(self, piece: TextPiece) -> list[Node]:
        """Show printed text."""
        return [_code_block(piece.content, "text", "warning" if piece.is_warning else "output")]

    def markup(self, piece: MarkupPiece, label: str) -> list[Node]:
        """Copy an HTML output; a table goes into a region that scrolls."""
        if TABLE.match(piece.html):
            return self._region(piece.html, label)
        return [raw_block("html", piece.html)]

    def page_break(self) -> list[Node]:
        """Break the page in print."""
        return [raw_block("html", '<div class="page-break"></div>')]

    def other_division(self, node: Node) -> Node | list[Node] | None:
        """Keep a division as it is; the style sheet knows its class."""
        attr, content = node["c"]
        if "column-margin" in attr[1]:
            noted = [attr[0], attr[1], [*attr[2], ["role", "note"]]]
            return div(noted, self.blocks(content))
        return None

    def _table(self, node: Node, label: str) -> list[Node]:
        attr, caption, columns, head, bodies, foot = node["c"]
        rows = [[row[0], [_with_scope(cell, "col") for cell in row[1]]] for row in head[1]]
        bodies = [_with_row_headings(body) for body in bodies]
        named = [*attr[2], *([["aria-labelledby", _caption_id(label)]] if label else [])]
        own = [attr[0], ["nwl-table", *attr[1]], named]
        content = [own, caption, columns, [head[0], rows], bodies, foot]
        opening = raw_block("html", self._region_opening(label))
        return [opening, {"t": "Table", "c": self.blocks(content)}, raw_block("html", "</div>")]

    def _blocks_under(self, title: list[Node], body: list[Node]) -> Any:
        above, self._under = self._under, text(title)
        lowered = self.blocks(body)
        self._under = above
        return lowered

    def _region(self, markup: str, label: str) -> list[Node]:
        if label:
            named = f'<table aria-labelledby="{_caption_id(label)}"'
            start = markup.lower().index("<table")
            markup = markup[:start] + named + markup[start + len("<table") :]
        return [raw_block("html", f"{self._region_opening(label)}{markup}</div>")]

    def _region_opening(self, label: str) -> str:
        if label:
            name = f'aria-labelledby="{_caption_id(label)}"'
        else:
            # two landmarks of a page must not have the same name
            called = f"Table: {self._under}"
            self._tables[called] += 1
            called += f", {self._tables[called]}" if self._tables[called] > 1 else ""
            name = f'aria-label="{html.escape(called, quote=True)}"'
        return f'<div class="table-scroll" role="region" tabindex="0" {name}>'


def _with_scope(cell: list[Any], scope: str) -> list[Any]:
    attr, *rest = cell
    return [[attr[0], attr[1], [*attr[2], ["scope", scope]]], *rest]


def _with_row_headings(body: list[Any]) -> list[Any]:
    """Let the first column name the rows, as it does in every table of the helpers."""
    attr, _, head, rows = body
    if not all(len(cells) > 1 and text(cells[0][4]).strip() for _, cells in rows):
        return body
    named = [[row, [_with_scope(cells[0], "row"), *cells[1:]]] for row, cells in rows]
    return [attr, 1, head, named]


def _code_block(code: str, language: str, name: str) -> Node:
    body = highlighted(code, language)
    return raw_block("html", f'<pre class="{name}" tabindex="0"><code>{body}</code></pre>')


def _anchor(name: str, identifier: str, said: str) -> Node:
    place, said = html.escape(identifier, quote=True), html.escape(said, quote=True)
    return raw_block(
        "html",
        f'<a class="{name}" href="#{place}" aria-label="{said}">'
        '<span aria-hidden="true">#</span></a>',
    )


def _id(identifier: str) -> str:
    return f' id="{html.escape(identifier, quote=True)}"' if identifier else ""


def _caption_id(label: str) -> str:
    return f"{label}-caption" if label else ""
