"""Refuse evidence typed by hand: a digit in prose that no expression computed.

Years may be written, since they name documents and periods. Everything else that a
reader could take for a figure has to come from the data.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nwlbook.digests import digest, package_digest
from nwlbook.errors import InputError
from nwlbook.exhibits import joined
from nwlbook.store import Store

YEAR = re.compile(r"\b(?:19|20)\d\d(?:\s?[/–-]\s?(?:\d\d){1,2})?\b")
NOT_PROSE = re.compile(
    r"^---\n.*?\n---\n"  # front matter: titles are checked as they are rendered
    r"|```.*?```|`[^`\n]*`"  # code and inline expressions
    r"|\]\([^)]*\)|\{[^}\n]*\}|<[^>\n]*>|https?://\S+"  # addresses, attributes, tags
    r"|@[\w-]+|\[\^[\w-]+\]",  # references and footnote marks
    re.DOTALL,
)
LIST_NUMBER = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)
SPOKEN = re.compile(r"\s")
DIGIT = re.compile(r"\d")
# Bytes of the memory of notebooks in which nothing was typed by hand: thousands of them.
MEMORY_LIMIT = 200_000


class SoundProse:
    """Checks notebooks, those that are not known to have no figure typed by hand.

    Parameters
    ----------
    folder : Path, optional
        Where it is remembered which have none; several builds may use it at once.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._known = Store(folder, MEMORY_LIMIT)

    def check(self, notebook: Mapping[str, Any], file: str) -> None:
        """Refuse a notebook whose prose has a figure typed by hand; see `refuse_typed_figures`."""
        key = digest(package_digest("nwlbook"), json.dumps(notebook["cells"]))
        if self._known.find(key) is None:
            refuse_typed_figures(notebook, file)
            self._known.keep(key, b"")
            self._known.prune()


def refuse_typed_figures(notebook: Mapping[str, Any], file: str) -> None:
    """Refuse a notebook whose prose has a figure typed by hand.

    Parameters
    ----------
    notebook : mapping
        The source notebook, as JSON values.
    file : str
        Its name, for the error.

    Raises
    ------
    InputError
        With the cell and the words around the digit.
    """
    for number, cell in enumerate(notebook["cells"], 1):
        text = joined(cell["source"])
        # To read the code takes the most time, and every build reads all.
        if not DIGIT.search(text):
            continue
        spoken = [text] if cell["cell_type"] == "markdown" else []
        if cell["cell_type"] == "code":
            spoken = list(_sentences(text))
        for sentence in spoken:
            found = typed_figure(sentence)
            if found:
                raise InputError(
                    f"cell {number}: '{found}' is typed by hand: "
                    "compute it from the evidence, as in `{python} percent(share)`",
                    file,
                )


def typed_figure(text: str) -> str | None:
    """Return the words around the first figure typed in a text, or None."""
    if not DIGIT.search(text):
        return None
    prose = YEAR.sub(" ", LIST_NUMBER.sub(" ", NOT_PROSE.sub(" ", text)))
    found = re.search(r"\S*\d\S*(?:\s+\S+)?", prose)
    return " ".join(found.group(0).split()) if found else None


def _sentences(code: str) -> Iterator[str]:
    """Yield the texts in a code cell that a reader may see: literals of several words."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if SPOKEN.search(node.value.strip()) and not node.value.lstrip().startswith("<"):
            yield node.value
