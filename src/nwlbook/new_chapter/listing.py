"""Add a chapter to the text of `_quarto.yml`, and leave every other character as it is."""

from typing import Any

import yaml

from nwlbook.book import CONFIGURATION
from nwlbook.errors import InputError


def with_chapter(text: str, part: str, file: str) -> str:
    """Return a configuration with one more chapter at the end of a part.

    Parameters
    ----------
    text : str
        The file as it stands; it has been read as a book without an error.
    part : str
        Title of the part.
    file : str
        The chapter.

    Raises
    ------
    InputError
        If there is no such part, or its chapters are written in a form that no line can be
        added to.
    """
    values = yaml.load(text, yaml.CSafeLoader)
    position = _position_of(values["book"]["chapters"], part)
    last = _last_chapter(yaml.compose(text, yaml.CSafeLoader), position)
    lines = text.splitlines(keepends=True)
    line = lines[last.start_mark.line]
    ending = "\r\n" if line.endswith("\r\n") else "\n"
    before = line[: last.start_mark.column]
    added = f"{before}{file}{ending}"
    kept = lines[: last.end_mark.line + 1]
    kept[-1] = kept[-1].rstrip("\r\n") + ending
    changed = "".join([*kept, added, *lines[last.end_mark.line + 1 :]])
    values["book"]["chapters"][position]["chapters"].append(file)
    try:
        agrees = before.strip() == "-" and yaml.load(changed, yaml.CSafeLoader) == values
    except yaml.YAMLError:
        agrees = False
    if not agrees:
        raise InputError(
            f"part '{part}': its chapters are not one a line: write them so, or add "
            f"{file} yourself",
            CONFIGURATION,
            last.start_mark.line + 1,
        )
    return changed


def _position_of(chapters: list[Any], part: str) -> int:
    parts = {
        str(item["part"]): place for place, item in enumerate(chapters) if isinstance(item, dict)
    }
    if part not in parts:
        known = ", ".join(f"'{name}'" for name in parts) or "no part: the book has none"
        raise InputError(f"--part '{part}': expected {known}")
    return parts[part]


def _last_chapter(node: Any, position: int) -> yaml.Node:
    """Return the last chapter of the part at a place among the book's chapters."""
    part = _value(_value(node, "book"), "chapters").value[position]
    last: yaml.Node = _value(part, "chapters").value[-1]
    return last


def _value(node: Any, key: str) -> Any:
    return next(value for name, value in node.value if name.value == key)
