"""Markdown with the memory of where each line came from, for errors that point."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nwlbook.errors import InputError

_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})(.*)$")


@dataclass(frozen=True)
class Place:
    """Where a line stands.

    Attributes
    ----------
    file : str
        Project-relative path.
    line : int
        Line in the file, or in the cell if it is a notebook.
    cell : int or None
        Cell of a notebook, counted from 1.
    """

    file: str
    line: int | None
    cell: int | None = None

    def error(self, message: str) -> InputError:
        """Make an error that points here."""
        if self.cell is not None:
            message = f"cell {self.cell}: {message}"
        return InputError(message, self.file, self.line)

    def __str__(self) -> str:
        """Return the place as a sentence names it."""
        line = "" if self.line is None else f", line {self.line}"
        return f"{self.file}{'' if self.cell is None else f', cell {self.cell}'}{line}"


@dataclass
class Passage:
    """Lines of Markdown, each with its place.

    Attributes
    ----------
    file : str
        The file that is blamed when a place is not known.
    lines : list of str
        The Markdown.
    places : list of Place
        One a line.
    """

    file: str
    lines: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, text: str, place: Place) -> None:
        """Add lines that stand one after the other from a place on."""
        for offset, line in enumerate(text.split("\n")):
            start = place.line
            self.lines.append(line)
            self.places.append(
                Place(place.file, None if start is None else start + offset, place.cell)
            )

    def add_generated(self, text: str, place: Place) -> None:
        """Add a block that has no lines of its own in the source, apart from its neighbours."""
        for line in ("", *text.split("\n"), ""):
            self.lines.append(line)
            self.places.append(place)

    @property
    def text(self) -> str:
        """The whole Markdown."""
        return "\n".join(self.lines) + "\n"

    def find(self, pattern: str, occurrence: int = 0, in_code: bool = False) -> Place:
        """Return the place of a pattern, or the file if it is not found.

        Parameters
        ----------
        pattern : str
            A regular expression.
        occurrence : int
            Which of the lines with the pattern; the last one if there are not so many.
        in_code : bool
            Whether lines inside code fences count.
        """
        lines = enumerate(self.lines) if in_code else self.prose_lines()
        found = [self.places[index] for index, line in lines if re.search(pattern, line)]
        return found[min(occurrence, len(found) - 1)] if found else Place(self.file, None)

    def error(self, message: str, pattern: str) -> InputError:
        """Make an error that points at the first line with a pattern."""
        return self.find(pattern).error(message)

    def prose_lines(self) -> Iterator[tuple[int, str]]:
        """Yield number and text of each line that is not inside a code fence."""
        fence = ""
        for index, line in enumerate(self.lines):
            match = _FENCE.match(line)
            if fence:
                closes = match and match[1][0] == fence[0] and len(match[1]) >= len(fence)
                if closes and not match[2].strip():  # type: ignore[index]
                    fence = ""
                continue
            yield index, line
            # an inline span such as ```x``` opens no fence
            if match and not (match[1][0] == "`" and "`" in match[2]):
                fence = match[1]
