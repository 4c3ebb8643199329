"""What to say of a notebook that failed: where, with what parameters, in which of its own lines."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from nwlbook.sources import Cell, Literal, Notebook

TRACEBACK_LINES = 12
LONGEST_LINE = 100

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CELL_FRAME = re.compile(r"^\s*Cell In\s?\[(?P<count>\d+)\]")
_FILE_FRAME = re.compile(r"^\s*File (?P<file>[^\n]+?):\d+")
# ipykernel names a cell's file by a number that means nothing to a reader.
_CELL_FILE = re.compile(r"\(\d+\.py, (line \d+)\)")
_HEADING = re.compile(r"^# +(?P<title>.+?) *(?:\{[^{}]*\} *)?$", re.MULTILINE)
_EXPRESSION = re.compile(r"`\{python\}[^`]*`")


def author_lines(
    traceback: Iterable[str], root: Path, cells: Mapping[int, int], count: int = TRACEBACK_LINES
) -> str:
    """Return the end of a traceback, of the author's own code alone.

    Frames of installed packages are left out: the mistake is seldom there, and they would
    push the author's line out of sight.

    Parameters
    ----------
    traceback : iterable of str
        As the kernel gave it, one text a frame.
    root : Path
        The project.
    cells : mapping
        Execution count in the kernel to the number of the cell in its source.
    count : int
        Lines to return at most.
    """
    kept: list[str] = []
    for frame in traceback:
        text = _COLOURS.sub("", frame).strip("\n")
        if at := _CELL_FRAME.match(text):
            number = cells.get(int(at["count"]))
            place = f"Cell {number}" if number else "A cell of the builder"
            kept += f"{place}{text[at.end() :]}".splitlines()
        elif (at := _FILE_FRAME.match(text)) and (name := _name_of_author(at["file"], root)):
            kept += text.strip().replace(at["file"], name, 1).splitlines()
    return "\n".join(line.rstrip() for line in kept[-count:])


def plain_message(message: str) -> str:
    """Return what an error says, without colours and numbers of temporary files, on one line."""
    return " ".join(_CELL_FILE.sub(r"(\1)", _COLOURS.sub("", message)).split())


def first_line(cell: Cell) -> str:
    """Return the first line of a cell that is neither empty nor an option of Quarto's."""
    for line in cell["source"].splitlines():
        if line.strip() and not line.startswith("#|"):
            return _shortened(line.strip())
    return ""


def chapter_title(notebook: Notebook, file: Path) -> str:
    """Name the chapter that a notebook is.

    Parameters
    ----------
    notebook : Notebook
        The source.
    file : Path
        Its file: it names a chapter whose own title only a run can tell.
    """
    heading = plain_heading(notebook)
    return heading["title"] if heading else file.stem.replace("-", " ").capitalize()


def plain_heading(notebook: Notebook) -> re.Match[str] | None:
    """Return the first heading of a notebook with its ``title``, unless only a run can tell it."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and (found := _HEADING.search(cell["source"])):
            return None if _EXPRESSION.search(found["title"]) else found
    return None


def said(parameters: Mapping[str, Literal]) -> str:
    """Return parameters as they would be written in a notebook."""
    return ", ".join(f"{name} = {value!r}" for name, value in parameters.items())


def _name_of_author(file: str, root: Path) -> str | None:
    """Return a file's name in the project, or None if it is not of the project's own code."""
    for folder in dict.fromkeys((root, root.resolve())):
        path = Path(file).expanduser()
        if path.is_relative_to(folder):
            inside = path.relative_to(folder)
            return None if ".venv" in inside.parts else inside.as_posix()
    return None


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 2]} …"
