"""Read source notebooks, their parameters, and what they repeat for."""

import ast
import re
from pathlib import Path
from typing import Any

from nwlbook.errors import InputError
from nwlbook.inline import expressions_in
from nwlbook.notebook_format import KINDS, parsed
from nwlbook.quarto_markdown import cells_of

Notebook = dict[str, Any]
Cell = dict[str, Any]
Literal = str | int | float | bool

PARAMETERS = "parameters"
INJECTED = "injected-parameters"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

_TAGS = re.compile(r"^#\|\s*tags:\s*(?P<tags>.+?)\s*$", re.MULTILINE)


def read_source(path: Path) -> Notebook:
    """Read a notebook, or a Quarto Markdown file as one.

    Parameters
    ----------
    path : Path
        A ``.ipynb`` or ``.qmd`` file.

    Returns
    -------
    dict
        The notebook as nbformat 4.5 has it, without outputs. Each source is one text and each
        cell has an id that is the same at every reading. It is a plain dict, because importing
        nbformat costs more than all else that an unchanged build does.

    Raises
    ------
    InputError
        If the file is missing, of another kind, or not well formed.
    """
    name = _name_in_project(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", name) from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", name) from error
    if path.suffix == ".ipynb":
        return _normalised(parsed(text, name))
    if path.suffix == ".qmd":
        notebook = {"cells": cells_of(text, name), "metadata": {"kernelspec": KERNEL}}
        return _normalised(notebook)
    raise InputError("is neither a notebook (.ipynb) nor Quarto Markdown (.qmd)", name)


def tags_of(cell: Cell) -> list[str]:
    """Return the tags of a cell, from its metadata and from a ``#| tags:`` option."""
    tags = list(cell.get("metadata", {}).get("tags", []))
    if cell["cell_type"] == "code" and (option := _TAGS.search(cell["source"])):
        tags += [tag.strip(" \"'") for tag in option["tags"].strip("[]").split(",")]
    return tags


def parameters_cell(notebook: Notebook, file: str | None = None) -> tuple[int, Cell]:
    """Find the cell that declares the parameters.

    Parameters
    ----------
    notebook : dict
        From `read_source`.
    file : str, optional
        Its name, for errors.

    Returns
    -------
    number : int
        Place among the cells, from 1.
    cell : dict
        The cell.

    Raises
    ------
    InputError
        If no cell, or more than one, is tagged ``parameters``.
    """
    found = [
        (number, cell)
        for number, cell in enumerate(notebook["cells"], 1)
        if cell["cell_type"] == "code" and PARAMETERS in tags_of(cell)
    ]
    if not found:
        raise InputError("no cell is tagged 'parameters'", file)
    if len(found) > 1:
        numbers = " and ".join(str(number) for number, _ in found)
        raise InputError(f"cells {numbers} are tagged 'parameters'; only one may be", file)
    return found[0]


def declared_parameters(notebook: Notebook, file: str | None = None) -> dict[str, Literal]:
    """Read the parameters of a notebook and their defaults without running it.

    Parameters
    ----------
    notebook : dict
        From `read_source`.
    file : str, optional
        Its name, for errors.

    Returns
    -------
    dict
        Name to default, in the order of the cell.

    Raises
    ------
    InputError
        If the cell is missing, stands twice, or holds anything else than names that are given
        a text, a number or true or false.
    """
    number, cell = parameters_cell(notebook, file)
    try:
        statements = ast.parse(cell["source"]).body
    except SyntaxError as error:
        place = f" in line {error.lineno}" if error.lineno else ""
        raise InputError(f"cell {number}: not Python: {error.msg}{place}", file) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise InputError(
            f"cell {number}: not Python: {error or 'nested too deep'}", file
        ) from error
    declared: dict[str, Literal] = {}
    for statement in statements:
        name, value = _assignment(statement, number, file)
        if name in declared:
            raise InputError(f"cell {number}: parameter '{name}' is given twice", file)
        declared[name] = value
    return declared


def _assignment(statement: ast.stmt, number: int, file: str | None) -> tuple[str, Literal]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=expression):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as expression):
            pass
        case _:
            raise InputError(
                f"cell {number}: line {statement.lineno} is not of the form NAME = VALUE", file
            )
    try:
        value = ast.literal_eval(expression)
    except (ValueError, TypeError, RecursionError, MemoryError):
        value = None
    if not isinstance(value, str | int | float | bool):
        raise InputError(
            f"cell {number}: parameter '{name}' is not a plain text, number, True or False", file
        )
    return name, value


def repeats_for(notebook: Notebook, file: str | None = None) -> str | None:
    """Return the parameter that a notebook makes one chapter for each value of, if any.

    Parameters
    ----------
    notebook : Notebook
        A source notebook.
    file : str, optional
        Its name, for the error.

    Raises
    ------
    InputError
        If the notebook's metadata says so in another way than ``nwlbook: {repeat: NAME}``.
    """
    settings = notebook["metadata"].get("nwlbook", {})
    if not isinstance(settings, dict) or set(settings) - {"repeat"}:
        raise InputError(
            f"notebook metadata 'nwlbook' may only hold 'repeat', not {settings!r}", file
        )
    name = settings.get("repeat")
    if name is not None and not isinstance(name, str):
        raise InputError(f"notebook metadata 'repeat' must name a parameter, not {name!r}", file)
    return name


def inline_expressions(notebook: Notebook) -> list[str]:
    """Return every inline expression of the prose, each once, in the order of reading."""
    return list(
        dict.fromkeys(
            expression
            for cell in notebook["cells"]
            if cell["cell_type"] != "code"
            for expression in expressions_in(cell["source"])
        )
    )


def _normalised(notebook: Notebook) -> Notebook:
    """Return a notebook with one form: joined sources, ids, no outputs."""
    cells, numbers, ids = [], dict.fromkeys(KINDS, 0), set[str]()
    for raw in notebook["cells"]:
        kind = raw["cell_type"]
        numbers[kind] += 1
        # Counted within its kind, so that new prose leaves the ids of code as they are.
        identity = raw.get("id") or f"{kind}-{numbers[kind]}"
        while identity in ids:
            identity += "-again"
        ids.add(identity)
        cell = {**raw, "id": identity, "source": "".join(raw["source"])}
        cell.setdefault("metadata", {})
        if kind == "code":
            cell.update(outputs=[], execution_count=None)
        cells.append(cell)
    return {
        "cells": cells,
        "metadata": notebook.get("metadata", {}),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _name_in_project(path: Path) -> str:
    for folder in path.parents:
        if (folder / "_quarto.yml").is_file():
            return path.relative_to(folder).as_posix()
    return path.name
