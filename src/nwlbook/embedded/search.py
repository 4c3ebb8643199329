"""Write the search index: one entry a section, as a script that also works from files."""

import json

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.lower_html import HtmlLowering
from nwlbook.embedded.tree import BOXES, Node, pairs_of, text

Section = tuple[str, str, str]


def search_index(chapters: list[Chapter], sections: list[list[Section]]) -> str:
    """Return the script that holds the index.

    Parameters
    ----------
    chapters : list of Chapter
        The finished book.
    sections : list of list
        Sections of each chapter; see `sections_of`.
    """
    entries: list[dict[str, str | int]] = []
    for chapter, found in zip(chapters, sections, strict=True):
        for heading, address, words in found:
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


def sections_of(chapter: Chapter, lowering: HtmlLowering) -> list[Section]:
    """Return heading, address and text of each section that a page shows."""
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
