"""Read the JSON of a notebook, and refuse what is not laid out as one."""

import json
from typing import Any

from nwlbook.errors import InputError

KINDS = ("code", "markdown", "raw")


def parsed(text: str, name: str) -> dict[str, Any]:
    """Return a notebook of format 4.

    It is checked here as far as anything reads it, because importing nbformat costs more than
    all else that an unchanged build does.

    Parameters
    ----------
    text : str
        Content of the file.
    name : str
        Its name, for errors.

    Raises
    ------
    InputError
        With the line or the cell, if it is not JSON, not a notebook, or a part of it is of
        another kind than the format has it.
    """
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg}" if text.strip() else "the file is empty"
        raise InputError(f"is not a notebook: {what}", name, error.lineno) from error
    except RecursionError as error:
        raise InputError("is not a notebook: lists stand in lists without end", name) from error
    except ValueError as error:
        raise InputError("is not a notebook: a number has thousands of digits", name) from error
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise InputError("is not a notebook of format 4: open it in Jupyter and save it", name)
    _refuse_half_characters(notebook, text, name)
    if not isinstance(notebook.get("metadata", {}), dict):
        raise InputError("is not a notebook: its metadata is not a mapping", name)
    if not isinstance(notebook.get("cells"), list):
        raise InputError("is not a notebook: it has no list of cells", name)
    for place, cell in enumerate(notebook["cells"], 1):
        if problem := _cell_problem(cell):
            raise InputError(f"cell {place} {problem}", name)
    return notebook


def _cell_problem(cell: Any) -> str:
    """Say what is wrong with a cell; empty if nothing is."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        return "is not a code, Markdown or raw cell"
    if not _is_text(cell.get("source")):
        return "is not a cell of a notebook: its source is not text"
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict):
        return "is not a cell of a notebook: its metadata is not a mapping"
    tags = metadata.get("tags", [])
    if not isinstance(tags, list) or not _is_text(tags):
        return "is not a cell of a notebook: its tags are not a list of texts"
    if not isinstance(cell.get("id", ""), str):
        return "is not a cell of a notebook: its id is not text"
    return ""


def _is_text(value: Any) -> bool:
    """Tell whether a value is text, in one piece or in several."""
    parts = value if isinstance(value, list) else [value]
    return all(isinstance(part, str) for part in parts)


def _refuse_half_characters(notebook: dict[str, Any], text: str, name: str) -> None:
    """Refuse what JSON can spell but no file can hold."""
    if "\\ud" not in text.lower():
        return
    try:
        json.dumps(notebook, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise InputError(f"holds half of a character: {half}", name) from error
