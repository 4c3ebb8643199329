"""Refuse what would be printed as it stands in the source, and mend gaps between headings."""

import re

from nwlbook.embedded.source import Passage
from nwlbook.embedded.tree import BOXES, Node, nodes, text

_CODE_CELL = re.compile(r"\s*(?:`{3,}|~{3,})\s*\{[a-z]\w*[\s,}]")
_SHORTCODE = re.compile(r"\{\{<\s*([^\s>]*)")
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_ON_ITS_OWN_LINE = {"include", "pagebreak"}


def check_leftovers(blocks: list[Node], passage: Passage) -> None:
    """Refuse code that was not executed, shortcodes and notes that lead nowhere.

    Parameters
    ----------
    blocks : list
        The tree as pandoc read it.
    passage : Passage
        Its source.

    Raises
    ------
    InputError
        With the line of the first leftover.
    """
    for index, line in passage.prose_lines():
        if _CODE_CELL.match(line):
            raise passage.places[index].error("a code cell was left unexecuted")
    for node in nodes(blocks):
        kind = node["t"]
        if kind == "Code" and node["c"][1].startswith("{python}"):
            raise passage.error(
                f"the inline expression '{node['c'][1]}' was left unevaluated",
                re.escape(node["c"][1]),
            )
        note = _NOTE.search(node["c"]) if kind == "Str" else None
        if note:
            raise passage.error(f"the footnote {note[0]} is not defined", re.escape(note[0]))
        if kind in {"Para", "Plain", "Header"}:
            _check_shortcode(node, passage)


def _check_shortcode(node: Node, passage: Passage) -> None:
    inlines = node["c"][2] if node["t"] == "Header" else node["c"]
    if not any(item["t"] == "Str" and "{{<" in item["c"] for item in nodes(inlines)):
        return
    sentence = text(inlines)
    if node["t"] == "Para" and sentence == "{{< pagebreak >}}":
        return
    match = _SHORTCODE.search(sentence)
    name = match[1] if match else ""
    pattern = rf"\{{\{{<\s*{re.escape(name)}"
    if not any(re.search(pattern, line) for _, line in passage.prose_lines()):
        # computed text that looks like a shortcode is escaped in the source, and is text
        return
    reason = " inside a paragraph: put it on a line of its own" if name in _ON_ITS_OWN_LINE else ""
    raise passage.error(
        f"the embedded engine does not support the shortcode '{name}'{reason}",
        pattern,
    )


def close_heading_gaps(blocks: list[Node], passage: Passage) -> list[str]:
    """Close gaps between heading levels, in which readers by ear lose their way.

    Parameters
    ----------
    blocks : list
        The tree; its headings are changed.
    passage : Passage
        Its source.

    Returns
    -------
    list of str
        A warning for each heading that skips a level.

    Raises
    ------
    InputError
        If a heading is of the chapter's own level.
    """
    warnings = []
    above = [(1, 1)]
    for node in nodes(blocks, outside=BOXES, inlines=False):
        if node["t"] != "Header":
            continue
        written, title = int(node["c"][0]), text(node["c"][2])
        if written == 1:
            raise passage.error(
                f"heading '{title}' is of level 1, which is the chapter's title: use ##",
                rf"^#\s+.*{re.escape(title.split(' ')[0])}",
            )
        while above[-1][0] >= written:
            above.pop()
        level = above[-1][1] + 1
        above.append((written, level))
        if level != written:
            node["c"][0] = level
            place = passage.find(rf"^#{{{written}}}\s+{re.escape(title[:9])}")
            warnings.append(f"{place}: heading '{title}' skips from level {level - 1} to {written}")
    return warnings
