"""Recognise Quarto's constructs in pandoc's tree and give each one canonical form.

Everything stays an ordinary division of pandoc's tree, so that citations can be resolved
over the whole book; each format lowers the canonical forms in its own module:

=================  ======================================================================
class              content
=================  ======================================================================
callout            attributes ``kind`` and ``collapse``; divisions title and body
tabset             divisions tab, each with divisions title and body
float              attribute ``kind`` (fig, tbl or plain); divisions caption and body
equation           one displayed formula
piece              attribute ``name``: a piece of the chapter
page-break         nothing
content-visible,   attribute ``when-format`` or ``unless-format``
content-hidden
=================  ======================================================================
"""

import re

from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.notebook import FLOAT, PLACEHOLDER
from nwlbook.embedded.policy import blocked
from nwlbook.embedded.refusals import check_leftovers, close_heading_gaps
from nwlbook.embedded.tree import (
    Node,
    attributes,
    caption_inlines,
    div,
    pairs_of,
    plain,
    text,
    transform,
    words,
)

CALLOUTS = {
    "note": "Note",
    "tip": "Tip",
    "warning": "Warning",
    "important": "Important",
    "caution": "Caution",
}
FORMATS = {"html", "html:js", "pdf", "typst", "docx", "epub"}
_KNOWN_CLASS = re.compile(
    r"panel-tabset|content-visible|content-hidden|column-(margin|body|page)|grid|headline-figure"
    r"|g-(col|start)(-(sm|md|lg|xl|xxl))?-\d{1,2}|nwl-[\w-]+|unnumbered|unlisted"
)
_KNOWN_ATTRIBUTES = {
    "callout": {"title", "collapse", "icon", "appearance"},
    "panel-tabset": {"group"},
    "content-visible": {"when-format", "unless-format"},
    "content-hidden": {"when-format", "unless-format"},
}
_EQUATION_LABEL = re.compile(r"\{#(eq-[\w-]+)\}")
_MARKUP = re.compile(r"[*_`$\[\]^~@\\<]")


class Constructs:
    """Recognises the constructs of one chapter.

    Parameters
    ----------
    chapter : Chapter
        The chapter, for its pieces and the places of its lines.
    captions : dict
        Inlines of each float's caption.
    """

    def __init__(self, chapter: Chapter, captions: dict[str, list[Node]]) -> None:
        self.chapter = chapter
        self.captions = captions
        self.warnings: list[str] = []

    def recognise(self, blocks: list[Node]) -> list[Node]:
        """Return the blocks in canonical form.

        Raises
        ------
        InputError
            For the first construct that the engine does not support.
        """
        check_leftovers(blocks, self.chapter.passage)
        result: list[Node] = transform(blocks, self._visit)
        self.warnings += close_heading_gaps(result, self.chapter.passage)
        return result

    def _visit(self, node: Node) -> Node | list[Node] | None:
        kind = node["t"]
        if kind == "Div":
            return self._division(node)
        if kind == "Para":
            return self._paragraph(node)
        if kind == "Figure":
            return self._image_float(node)
        if kind == "Table":
            return self._table_float(node)
        if kind == "Image":
            self._image(node)
        if kind in {"RawBlock", "RawInline"} and node["c"][0] == "html":
            reason = blocked(node["c"][1])
            if reason:
                first = node["c"][1].strip().split("\n")[0]
                raise self.chapter.passage.find(re.escape(first), in_code=True).error(reason)
        return None

    def _division(self, node: Node) -> Node | None:
        attr, blocks = node["c"]
        identifier, classes, _ = attr
        pairs = pairs_of(attr)
        if PLACEHOLDER in classes:
            return div(attributes(classes=("piece",), pairs=pairs), [])
        if FLOAT in classes:
            made = self.chapter.floats[pairs["name"]]
            kind = made.label.partition("-")[0]
            return _float(made.label, kind, self.captions[pairs["name"]], blocks)
        callout = next((name for name in classes if name.startswith("callout")), None)
        if callout is not None:
            return self._callout(callout, node)
        for name in classes:
            if not _KNOWN_CLASS.fullmatch(name):
                raise self._error(
                    f"the embedded engine does not support divisions of the class '{name}'",
                    rf"\.{re.escape(name)}\b|:::+\s*{re.escape(name)}\b",
                )
        self._check_attributes(classes, pairs)
        if "panel-tabset" in classes:
            return self._tabset(identifier, blocks)
        if identifier.startswith(("fig-", "tbl-")):
            return self._float_division(identifier, blocks)
        return None

    def _check_attributes(self, classes: list[str], pairs: dict[str, str]) -> None:
        known = {"style"}
        for name in classes:
            known |= _KNOWN_ATTRIBUTES.get("callout" if name.startswith("callout") else name, set())
        for name, value in pairs.items():
            if name not in known:
                raise self._error(
                    f"the embedded engine does not support the attribute '{name}' of a division",
                    rf"\b{re.escape(name)}\s*=",
                )
            if name in {"when-format", "unless-format"} and value not in FORMATS:
                raise self._error(
                    f"unknown format '{value}': expected one of {', '.join(sorted(FORMATS))}",
                    rf"{name}\s*=\s*[\"']?{re.escape(value)}",
                )
        if {"content-visible", "content-hidden"} & set(classes) and not pairs:
            raise self._error(
                "conditional content needs 'when-format' or 'unless-format'",
                r"content-(visible|hidden)",
            )

    def _callout(self, name: str, node: Node) -> Node:
        (identifier, classes, _), blocks = node["c"]
        pairs = pairs_of(node["c"][0])
        kind = name.removeprefix("callout-")
        if kind not in CALLOUTS:
            raise self._error(
                f"unknown callout '{name}': expected callout-{', callout-'.join(CALLOUTS)}",
                rf"\.?{re.escape(name)}\b",
            )
        self._check_attributes(classes, pairs)
        if "title" in pairs:
            title = self._inlines(pairs["title"])
        elif blocks and blocks[0]["t"] == "Header":
            title, blocks = blocks[0]["c"][2], blocks[1:]
        else:
            title = words(CALLOUTS[kind])
        own = {"kind": kind, "collapse": pairs.get("collapse", "")}
        if own["collapse"] not in {"", "true", "false"}:
            raise self._error("'collapse' must be true or false", r"collapse\s*=")
        return div(
            attributes(identifier, ("callout",), own),
            [
                div(attributes(classes=("title",)), [plain(title)]),
                div(attributes(classes=("body",)), blocks),
            ],
        )

    def _inlines(self, sentence: str) -> list[Node]:
        if not _MARKUP.search(sentence):
            return words(sentence)
        _, meta, _ = pandoc.read(pandoc.inlines_by_name({"title": sentence}))
        value = meta["texts"]["c"]["title"]
        return list(value["c"]) if value["t"] == "MetaInlines" else words(sentence)

    def _tabset(self, identifier: str, blocks: list[Node]) -> Node:
        levels = [block["c"][0] for block in blocks if block["t"] == "Header"]
        if not levels or blocks[0]["t"] != "Header":
            raise self._error("a tabset must begin with a heading", r"panel-tabset")
        tabs: list[Node] = []
        for block in blocks:
            if block["t"] == "Header" and block["c"][0] == levels[0]:
                title = div(attributes(classes=("title",)), [plain(block["c"][2])])
                body = div(attributes(classes=("body",)), [])
                tabs.append(div(attributes(block["c"][1][0], ("tab",)), [title, body]))
            else:
                tabs[-1]["c"][1][1]["c"][1].append(block)
        return div(attributes(identifier, ("tabset",)), tabs)

    def _float_division(self, label: str, blocks: list[Node]) -> Node:
        """Quarto's division syntax: the last paragraph is the caption."""
        if len(blocks) < 2 or blocks[-1]["t"] != "Para":
            raise self._error(
                f"'{label}' must end in a paragraph: its caption", rf"#{re.escape(label)}\b"
            )
        kind = label.partition("-")[0]
        return _float(label, kind, blocks[-1]["c"], blocks[:-1])

    def _image_float(self, node: Node) -> Node:
        attr, caption, blocks = node["c"]
        kind = "fig" if attr[0].startswith("fig-") else "plain"
        return _float(attr[0], kind, caption_inlines(caption[1]), blocks)

    def _table_float(self, node: Node) -> Node | None:
        attr, caption = node["c"][0], node["c"][1]
        label = attr[0]
        if not label.startswith("tbl-"):
            return None
        inlines = caption_inlines(caption[1])
        bare = {"t": "Table", "c": [["", attr[1], attr[2]], [None, []], *node["c"][2:]]}
        return _float(label, "tbl", inlines, [bare])

    def _paragraph(self, node: Node) -> Node | None:
        inlines = node["c"]
        sentence = text(inlines)
        if sentence == "{{< pagebreak >}}":
            return div(attributes(classes=("page-break",)), [])
        if inlines and inlines[0]["t"] == "Math" and len(inlines) > 1:
            match = _EQUATION_LABEL.fullmatch(text(inlines[1:]))
            if match:
                formula = {"t": "Para", "c": [inlines[0]]}
                return div(attributes(match[1], ("equation",)), [formula])
        if "{#eq-" in sentence and any(
            item["t"] == "Str" and item["c"].startswith("{#eq-") for item in inlines
        ):
            raise self._error(
                "a labelled equation must be a paragraph of its own: $$ … $$ {#eq-name}", r"\{#eq-"
            )
        return None

    def _image(self, node: Node) -> None:
        """Give an image the alternative that its `fig-alt` states, or else its caption."""
        attr, inlines, (target, _) = node["c"]
        alternative = pairs_of(attr).get("fig-alt", text(inlines))
        if not alternative.strip():
            raise self._error(
                f"the image '{target}' needs an alternative: state fig-alt", re.escape(target)
            )
        attr[2] = [[name, value] for name, value in attr[2] if name != "fig-alt"]
        node["c"][1] = words(alternative)

    def _error(self, message: str, pattern: str) -> Exception:
        return self.chapter.passage.error(message, pattern)


def _float(label: str, kind: str, caption: list[Node], blocks: list[Node]) -> Node:
    return div(
        attributes(label, ("float",), {"kind": kind}),
        [
            div(attributes(classes=("caption",)), [plain(caption)]),
            div(attributes(classes=("body",)), blocks),
        ],
    )
