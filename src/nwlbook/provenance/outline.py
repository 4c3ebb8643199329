"""The headings of a source text, and the lines that each of them opens.

Headings with a number are known by their form. Pages whose heading has none, or is worded
unlike its locator, are listed in the table `printed-places` by their opening words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nwlbook.provenance.texts import SourceText

Lines = tuple[int, ...]

# How far a heading reaches: to the next one of its level or above. Numbered sections take
# a level more for each stop in their number.
CHAPTER, PAGE, SECTION, CAPTION, SUBTITLE, TITLE = 1, 2, 3, 7, 8, 9

ITEM = re.compile(r"\s*(?:[-•·]|\d+\.) ")
_CHAPTER = re.compile(r"(?:PART \d+|APPENDIX [A-Z]|Section \d+:)\s")
_PAGE = re.compile(r"PRIORITY \d+:")
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)\.? +[A-Z]")
_LETTERED = re.compile(r"[a-z]\. +[A-Z]")
_CAPTION = re.compile(r"(?:Table|Figure) \d+\b")
_LONGEST_TITLE = 110


@dataclass(frozen=True)
class Heading:
    """A line that opens a place.

    Parameters
    ----------
    line : int
        Its line, from 0.
    level : int
        How far it reaches: to the next heading of its level or above.
    name : str
        Its text, or the locator that the table of printed places gives it.
    """

    line: int
    level: int
    name: str


class Outline:
    """The headings of one document.

    Parameters
    ----------
    text : SourceText
        The document.
    places : sequence of (str, str)
        Locator and opening words of the pages that no form tells apart, in print order.
    """

    def __init__(self, text: SourceText, places: Sequence[tuple[str, str]] = ()) -> None:
        self.text = text
        self.pages = list(self._listed(places))
        taken = {heading.line for heading in self.pages}
        formed = [heading for heading in self._formed() if heading.line not in taken]
        self.headings = sorted([*self.pages, *formed], key=lambda heading: heading.line)

    def within(self, scope: Lines) -> list[Heading]:
        """Return the headings among some lines.

        Parameters
        ----------
        scope : tuple of int
            Lines, in order.
        """
        lines = set(scope)
        return [heading for heading in self.headings if heading.line in lines]

    def reach(self, opened: Iterable[Heading], scope: Lines) -> Lines:
        """Return the lines that headings open, as far as a scope goes.

        Parameters
        ----------
        opened : iterable of Heading
            The headings.
        scope : tuple of int
            Lines, in order; the last one ends the reach.
        """
        lines: set[int] = set()
        last = scope[-1] + 1 if scope else 0
        for heading in opened:
            following = (
                other.line
                for other in self.headings
                if other.line > heading.line and other.level <= heading.level
            )
            lines.update(range(heading.line, min(next(following, last), last)))
        return tuple(sorted(lines))

    def opened(self, scope: Lines, pattern: str) -> Lines:
        """Return the lines within a scope opened by the headings that match a pattern.

        Parameters
        ----------
        scope : tuple of int
            Lines, in order.
        pattern : str
            Regular expression for the beginning of the heading.
        """
        form = re.compile(pattern)
        plain = self.text.plain
        found = [
            heading for heading in self.within(scope) if form.match(plain[heading.line].strip())
        ]
        return self.reach(found, scope)

    def rows(self, scope: Lines) -> Lines:
        """Return the rows of tables among some lines.

        Parameters
        ----------
        scope : tuple of int
            Lines, in order.
        """
        return tuple(line for line in scope if "\t" in self.text.lines[line])

    def _listed(self, places: Sequence[tuple[str, str]]) -> Iterator[Heading]:
        """Find the listed pages, each after the one before it."""
        plain = [line.strip() for line in self.text.plain]
        start = 0
        for place, opening in places:
            for number in range(start, len(plain)):
                # A row of a list of contents may begin with the same words.
                if plain[number].startswith(opening) and "\t" not in plain[number]:
                    yield Heading(number, PAGE, place)
                    start = number + 1
                    break

    def _formed(self) -> Iterator[Heading]:
        chapters: set[str] = set()
        for number, raw in enumerate(self.text.plain):
            line = raw.strip()
            if not line or "\t" in line:
                continue
            if _CHAPTER.match(line) and " - " not in line:
                chapters.add(line.casefold())
                yield Heading(number, CHAPTER, line)
            elif line.casefold() in chapters:
                continue  # a running head repeats the chapter in another case
            elif _PAGE.match(line):
                yield Heading(number, PAGE, line)
            elif _CAPTION.match(line) and self._blank(number - 1) and _titular(line):
                yield Heading(number, CAPTION, line)
            elif self._blank(number - 1) and self._blank(number + 1):
                level = self._level_alone(number, line)
                if level:
                    yield Heading(number, level, line)

    def _level_alone(self, number: int, line: str) -> int:
        """Return the level of a line that stands alone; 0 if it is no heading."""
        if (numbered := _NUMBERED.match(line)) and _titular(line, numbered[1]):
            return SECTION + numbered[1].count(".")
        if _LETTERED.match(line) and _titular(line):
            return SECTION + 1
        if _titular(line) and not ITEM.match(line):
            # The first title below a page's heading names the whole page.
            return SUBTITLE if _PAGE.match(self.text.plain[number - 2]) else TITLE
        return 0

    def _blank(self, number: int) -> bool:
        outside = not 0 <= number < len(self.text.lines)
        return outside or not self.text.lines[number].strip()


def _titular(line: str, number: str = "") -> bool:
    # "1.3.3" opens a heading however long; "3." may open the item of a list as well.
    short = len(line) <= _LONGEST_TITLE or "." in number
    return short and "=" not in line and not line.endswith((".", ",", ";", ":"))
