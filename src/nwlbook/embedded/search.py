"""Write the search index: one entry a section, as a script that also works from files."""

import json

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.lower_html import HtmlLowering
from nwlbook.embedded.tree import BOXES, Node, pairs_of, text


def search_index(chapters: list[Chapter], lowerings: list[HtmlLowering]) -> str:
    """Return the script that holds the index.

    Parameters
    ----------
    chapters : list of Chapter
        The finished book.
    lowerings : list of HtmlLowering
        One a chapter; they know what the page shows.
    """
    entries: list[dict[str, str | int]] = []
    for chapter, lowering in zip(chapters, lowerings, strict=True):
        for heading, address, words in _sections(chapter, lowering):
            entries.append(
                {
                    "id": len(entries),
                    "href": address,
                    "chapter": chapter.plain_title,
                    "heading": heading,
                    "text": words,
                }
            )
    content = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    # a script ends a line at these two, a JSON text does not
    content = content.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"window.nwlbookSearchIndex = {content};\n"


def _sections(chapter: Chapter, lowering: HtmlLowering) -> list[tuple[str, str, str]]:
    sections: list[tuple[str, str, list[str]]] = [("", chapter.page, [text(chapter.subtitle)])]
    _collect(chapter.blocks, chapter, lowering, sections)
    return [
        (heading, address, " ".join(" ".join(words).split()))
        for heading, address, words in sections
    ]


def _collect(
    blocks: list[Node],
    chapter: Chapter,
    lowering: HtmlLowering,
    sections: list[tuple[str, str, list[str]]],
) -> None:
    for block in blocks:
        if block["t"] == "Header":
            _, attr, inlines = block["c"]
            sections.append((text(inlines), f"{chapter.page}#{attr[0]}", []))
        elif block["t"] == "Div" and not BOXES & set(block["c"][0][1]):
            attr, content = block["c"]
            is_conditional = {"when-format", "unless-format"} & set(pairs_of(attr))
            if not is_conditional or lowering.is_shown(block):
                _collect(content, chapter, lowering, sections)
        elif block["t"] != "CodeBlock":
            sections[-1][2].append(text([block]))
