"""Write what the pages' scripts know of an edition: what it is called, and its terms.

They are scripts that assign a constant, because pages opened from a folder cannot fetch.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

from helpers.prose import sentence_case
from nwlbook.embedded.config import date_in_words
from nwlbook.glossary_links import Glossary

NAME = "assets/edition.js"
TERMS = "assets/glossary-terms.js"


def edition_scripts(
    section: Mapping[str, Any],
    edition: str,
    glossary: Glossary | None,
    rows: Iterable[Mapping[str, Any]],
) -> dict[str, str]:
    """Return the scripts of an edition by their file in the staged project.

    Parameters
    ----------
    section : mapping
        ``book`` of the staged `_quarto.yml`.
    edition : str
        Name of the edition.
    glossary : Glossary or None
        The terms that chapters link to.
    rows : iterable of mapping
        Rows of the resource ``glossary``.
    """
    author = section["author"]
    described = {
        "author": author if isinstance(author, str) else ", ".join(author),
        "title": section["title"],
        "subtitle": section.get("subtitle", ""),
        "edition": edition,
        "date": _in_words(str(section.get("date", ""))),
        # both engines give a chapter's page its own name
        "glossary": glossary and f"{glossary.page.rpartition('.')[0]}.html",
    }
    scripts = {NAME: _constant("nwlEdition", described)}
    if glossary:
        linked = set(glossary.anchors.values())
        terms = {
            anchor: _definition(row) for row in rows if (anchor := f"term-{row['term']}") in linked
        }
        scripts[TERMS] = _constant("nwlGlossary", terms)
    return scripts


def _definition(row: Mapping[str, Any]) -> str:
    """Return a term's meaning as the glossary has it."""
    expansion = f"{sentence_case(row['expansion'])}. " if row["expansion"] else ""
    return f"{row['title']}: {expansion}{row['meaning']}"


def _in_words(date: str) -> str:
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return date
    return date_in_words(day)


def _constant(name: str, value: Any) -> str:
    return f"window.{name} = {json.dumps(value, separators=(',', ':'))};\n"
