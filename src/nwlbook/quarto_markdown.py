"""Split Quarto Markdown into the cells of a notebook."""

import re
from collections.abc import Iterator
from typing import Any

from nwlbook.errors import InputError
from nwlbook.inline import FENCE

Cell = dict[str, Any]

_EXECUTABLE = re.compile(r"\{(\w+)\}")


def cells_of(text: str, name: str) -> list[Cell]:
    """Turn front matter, prose and ``{python}`` blocks into cells.

    Parameters
    ----------
    text : str
        Content of a ``.qmd`` file.
    name : str
        Its name, for errors.

    Raises
    ------
    InputError
        With the line, if a block is not closed, is in another language, or has its options in
        the fence.
    """
    lines = text.splitlines()
    cells: list[Cell] = []
    first = 0
    if lines and lines[0].rstrip() == "---":
        ends = [place for place, line in enumerate(lines[1:], 1) if line.rstrip() == "---"]
        if not ends:
            raise InputError("the front matter has no closing ---", name, 1)
        first = ends[0] + 1
        cells.append({"cell_type": "raw", "source": "\n".join(lines[:first])})
    return [*cells, *_prose_and_code(lines, first, name)]


def _prose_and_code(lines: list[str], first: int, name: str) -> Iterator[Cell]:
    prose: list[str] = []
    block: list[str] = []
    fence, opened, is_code = "", 0, False
    for number, line in enumerate(lines[first:], first + 1):
        match = FENCE.match(line)
        if not fence and match and "`" not in match["info"]:
            fence, opened = match["fence"], number
            is_code = _is_python(match["info"].strip(), name, number)
            if is_code:
                yield from _prose_cell(prose)
                prose, block = [], []
                continue
        elif fence and match and match["fence"].startswith(fence) and not match["info"].strip():
            fence = ""
            if is_code:
                yield {"cell_type": "code", "source": "\n".join(block)}
                is_code = False
                continue
        (block if is_code else prose).append(line)
    if fence:
        raise InputError("this block has no closing fence", name, opened)
    yield from _prose_cell(prose)


def _prose_cell(lines: list[str]) -> Iterator[Cell]:
    text = "\n".join(lines).strip("\n")
    if text:
        yield {"cell_type": "markdown", "source": text}


def _is_python(info: str, name: str, number: int) -> bool:
    if info == "{python}":
        return True
    if info.startswith("{python"):
        raise InputError("write cell options as '#|' lines, not in the fence", name, number)
    if language := _EXECUTABLE.fullmatch(info):
        raise InputError(f"cells in '{language[1]}' are not run; only Python is", name, number)
    return False
