"""Link the first use of a term in each chapter to its place in the glossary."""

import os.path
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

# Where a link would break or repeat markup: headings, fences and attributes, code, links and
# images, references, HTML, and what an author has already made strong.
PROTECTED = re.compile(
    r"```.*?```|^(?:#|:::|\||\[\^)[^\n]*|`[^`\n]*`"
    r"|!?\[[^\]]*\]\([^)]*\)|\[[^\]]*\]\{[^}]*\}|\{[^}\n]*\}"
    r"|-?@[\w-]+|<[^>\n]*>|\*\*[^*]*\*\*|https?://\S+",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Glossary:
    """The terms that are linked, and the page that explains them.

    Attributes
    ----------
    page : str
        The glossary's file in the staged project.
    pattern : re.Pattern
        Matches any term as a whole word.
    anchors : mapping
        Term, in lower case unless it is an abbreviation, to its anchor.
    """

    page: str
    pattern: re.Pattern[str]
    anchors: Mapping[str, str]


def make_glossary(
    page: str, rows: Iterable[Mapping[str, Any]], names: Iterable[str]
) -> Glossary | None:
    """Prepare the terms for linking.

    Single ordinary words are left out, since they stand in every other sentence; so are
    the names of areas.

    Parameters
    ----------
    page : str
        The glossary's file in the staged project.
    rows : iterable of mapping
        Rows of the resource ``glossary``.
    names : iterable of str
        Names of areas.

    Returns
    -------
    Glossary or None
        None if there is nothing to link.
    """
    apart = {_key(name) for name in names}
    anchors: dict[str, str] = {}
    for row in rows:
        for term in (row["title"], row["expansion"]):
            if term and (" " in term or term.isupper()) and _key(term) not in apart:
                anchors.setdefault(_key(term), f"term-{row['term']}")
    if not anchors:
        return None
    longest_first = sorted(anchors, key=len, reverse=True)
    words = "|".join(
        re.escape(term) if term.isupper() else f"(?i:{re.escape(term)})" for term in longest_first
    )
    return Glossary(page, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])"), anchors)


def link_terms(text: str, glossary: Glossary, chapter: str, seen: set[str]) -> str:
    """Link the first use of each term.

    Parameters
    ----------
    text : str
        Markdown of a prose cell.
    glossary : Glossary
        Terms and their page.
    chapter : str
        The chapter's file in the staged project.
    seen : set of str
        Anchors linked earlier in the chapter; added to.
    """
    way = os.path.relpath(glossary.page, PurePosixPath(chapter).parent.as_posix() or ".")

    def linked(match: re.Match[str]) -> str:
        anchor = glossary.anchors[_key(match.group(0))]
        if anchor in seen:
            return match.group(0)
        seen.add(anchor)
        return f"[{match.group(0)}]({way}#{anchor})"

    pieces: list[str] = []
    end = 0
    for protected in PROTECTED.finditer(text):
        pieces += [glossary.pattern.sub(linked, text[end : protected.start()]), protected.group(0)]
        end = protected.end()
    pieces.append(glossary.pattern.sub(linked, text[end:]))
    return "".join(pieces)


def _key(term: str) -> str:
    return term if term.isupper() else term.lower()
