"""Read the YAML front matter of a chapter."""

import re
from typing import Any

import yaml

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import check_keys
from nwlbook.embedded.settings import CHAPTER_ACCEPTED, CHAPTER_ACTED
from nwlbook.embedded.source import Place
from nwlbook.errors import InputError

_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)


def read_front_matter(text: str, chapter: Chapter, place: Place) -> tuple[int, str]:
    """Take the front matter off a text.

    Parameters
    ----------
    text : str
        Starts with a line of hyphens.
    chapter : Chapter
        Receives the values.
    place : Place
        First line of the text.

    Returns
    -------
    tuple
        How many lines it had, and the text after it.

    Raises
    ------
    InputError
        With the line, if it is not YAML, does not end or has an unknown key.
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        raise place.error("the front matter has no closing '---'")
    lines = match[1].split("\n")

    def at(line: int) -> Place:
        return Place(place.file, (place.line or 1) + line, place.cell)

    def error(message: str, *key: str | int) -> InputError:
        pattern = rf"\s*[\"']?{re.escape(str(key[-1]))}[\"']?\s*:"
        found = next((n for n, line in enumerate(lines, 1) if re.match(pattern, line)), 0)
        return at(found).error(message)

    try:
        values: Any = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        reason = getattr(problem, "problem", None) or str(problem)
        raise at(mark.line + 1 if mark else 0).error(
            f"the front matter is not YAML: {reason}"
        ) from problem
    if not isinstance(values, dict):
        raise place.error("the front matter must be 'key: value' lines")
    check_keys(values, CHAPTER_ACTED, CHAPTER_ACCEPTED, error)
    chapter.meta.update(values)
    return match[0].count("\n"), text[match.end() :]
