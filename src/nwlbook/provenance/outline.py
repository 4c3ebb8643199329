"""Find the place that a locator names in a source text.

A locator narrows from the whole document part by part: "Part 3, section 2.2.1",
"Appendix D, Brent", "Priority 4, summary", "Table 1 (ii)". Headings with a number are known
by their form. Pages whose heading has none are listed in `printed-places`, by their
opening words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from nwlbook.provenance.texts import SourceText

Lines = tuple[int, ...]
Found = TypeVar("Found")

# How far a heading reaches: to the next one of its level or above.
CHAPTER, PAGE, SECTION, CAPTION, TITLE = 1, 2, 3, 7, 8

_CHAPTER = re.compile(r"(?:PART \d+|APPENDIX [A-Z]|Section \d+:)\s")
_PRIORITY = re.compile(r"PRIORITY (\d+):")
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)\.? +[A-Z]")
_LETTERED = re.compile(r"[a-z]\. +[A-Z]")
_CAPTION = re.compile(r"(?:Table|Figure) \d+\b")
_ITEM = re.compile(r"\s*(?:[-•·]|\d+\.) ")
_SEPARATE = re.compile(
    r";\s*|, and | and (?=(?:Part|Section|Table|Figure|Appendix|Priority) )", re.IGNORECASE
)
_SEVERAL = re.compile(r"(.*?)(\(?[\divx.]+\)?) and (\(?[\divx.]+\)?)")
_COUNTED = re.compile(r"(?P<name>.*?)\s*\((?P<count>[ivx]+|\d+|first|second|third)(?: page)?\)")
_ROMAN = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), range(1, 13), strict=True))
_COUNTS = {**_ROMAN, "first": 1, "second": 2, "third": 3}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
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
    """The places of one document.

    Parameters
    ----------
    text : SourceText
        The document.
    places : sequence of (str, str)
        Locator and opening words of the pages that no form tells apart, in print order.
    """

    def __init__(self, text: SourceText, places: Sequence[tuple[str, str]] = ()) -> None:
        self.text = text
        self.lost = [place for place, opening in places if not opening]
        pages = list(self._pages(places))
        taken = {heading.line for heading in pages}
        forms = [heading for heading in self._forms() if heading.line not in taken]
        self.pages = pages
        self.headings = sorted([*pages, *forms], key=lambda heading: heading.line)
        self._known: dict[str, Lines] = {}

    def lines(self, locator: str) -> Lines:
        """Return the lines of the place or places that a locator names.

        Parameters
        ----------
        locator : str
            As the evidence writes it; several places are parted by ';' or 'and'.

        Returns
        -------
        tuple of int
            In order; empty if a place is not found.
        """
        if locator not in self._known:
            places = [self._place(part.strip()) for part in _separated(locator)]
            found = {line for place in places for line in place} if all(places) else set()
            self._known[locator] = tuple(sorted(found))
        return self._known[locator]

    def _place(self, locator: str) -> Lines:
        scope, rest = self._page(locator)
        parts = [part.strip() for part in rest.split(",") if part.strip()]
        outer = scope
        while parts and scope:
            # A title may hold commas itself: try the longest name first. Titles without a
            # number show no level: what stands under one may look as if it came after it.
            below = tuple(line for line in outer if line > scope[0])
            tries = [(size, inside) for inside in (scope, below) for size in _down(len(parts))]
            for size, inside in tries:
                if narrower := self._narrow(inside, ", ".join(parts[:size])):
                    outer, scope, parts = scope, narrower, parts[size:]
                    break
            else:
                return ()
        return scope

    def _page(self, locator: str) -> tuple[Lines, str]:
        """Return the lines of the listed page that opens a locator, and the rest of it."""
        whole = tuple(range(len(self.text.lines)))
        if not self.pages:
            return whole, locator
        wanted = locator.casefold()
        best = ""
        for page in self.pages:
            name = page.name.casefold()
            for each in (name, name.partition(" (")[0]):
                follows = wanted[len(each) : len(each) + 1]
                if wanted.startswith(each) and follows in {"", ","} and len(each) > len(best):
                    best = each
        if not best:
            return whole, locator
        found = [
            page
            for page in self.pages
            if page.name.casefold() == best or page.name.casefold().startswith(f"{best} (")
        ]
        return self._reach(found, whole), locator[len(best) :].lstrip(", ")

    def _narrow(self, scope: Lines, part: str) -> Lines:
        for pattern, finder in _FORMS:
            if match := pattern.fullmatch(part):
                return finder(self, scope, match)
        named = self._named(scope, part)
        if not named and (counted := _COUNTED.fullmatch(part)):
            name, count = counted["name"], counted["count"]
            place = self._narrow(scope, name) if name else scope
            number = int(count) if count.isdecimal() else _COUNTS.get(count, 0)
            if "page" in part:
                pages = _stretches(place)
                return pages[number - 1] if 0 < number <= len(pages) else ()
            items = self._items(place)
            return items[number - 1] if 0 < number <= len(items) else ()
        return named

    def _named(self, scope: Lines, part: str) -> Lines:
        """Return the places whose heading, or the rows whose first cell, has these words."""
        wanted = _words(part)
        within = set(scope)
        headings = [heading for heading in self.headings if heading.line in within]
        matching = [heading for heading in headings if wanted <= _words(heading.name)]
        if matching:
            return self._reach(_closest(matching, part, lambda heading: heading.name), scope)
        rows = [
            (line, self.text.plain[line].partition("\t")[0])
            for line in scope
            if "\t" in self.text.plain[line]
        ]
        matching_rows = [row for row in rows if wanted <= _words(row[1])]
        return tuple(line for line, _ in _closest(matching_rows, part, lambda row: row[1]))

    def _opened(self, scope: Lines, pattern: str) -> Lines:
        """Return the places within a scope whose heading matches a pattern."""
        form = re.compile(pattern)
        within = set(scope)
        found = [
            heading
            for heading in self.headings
            if heading.line in within and form.match(self.text.plain[heading.line].strip())
        ]
        return self._reach(found, scope)

    def _reach(self, opened: Sequence[Heading], scope: Lines) -> Lines:
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

    def _table(self, scope: Lines, match: re.Match[str]) -> Lines:
        place = self._opened(scope, rf"{match[1].capitalize()} {match[2]}\b")
        return (self._rows(place) or place) if match[1].lower() == "table" else place

    def _rows(self, place: Lines) -> Lines:
        return tuple(line for line in place if "\t" in self.text.lines[line])

    def _numbered(self, scope: Lines, match: re.Match[str]) -> Lines:
        number, letter = match[1], match[2]
        if chapter := self._opened(scope, rf"Section {re.escape(number)}:"):
            return chapter
        section = self._opened(scope, rf"{re.escape(number)}\.? +[A-Z]")
        return self._opened(section, rf"{letter}\. ") if letter and section else section

    def _benefit(self, scope: Lines, match: re.Match[str]) -> Lines:
        """Return what follows a line that opens with 'Benefit n', up to the next such."""
        opens = {
            line: found[1]
            for line in scope
            if (found := re.match(r"Benefit (\d+)\b", self.text.plain[line]))
        }
        place: list[int] = []
        inside = False
        for line in scope:
            inside = opens[line] == match[1] if line in opens else inside
            if inside:
                place.append(line)
        return tuple(place)

    def _row(self, scope: Lines, match: re.Match[str]) -> Lines:
        return tuple(
            line for line in scope if match[0] in self.text.plain[line].split("\t")
        )

    def _note(self, scope: Lines, match: re.Match[str]) -> Lines:
        mark = f"Note {match[1]}:"
        return tuple(line for line in scope if self.text.plain[line].startswith(mark))

    def _footnote(self, scope: Lines, match: re.Match[str]) -> Lines:
        """Return a footnote, which may stand at the foot of a page after its place."""
        mark = match[1].translate(_SUPERSCRIPTS)
        opens = re.compile(rf"\s*{mark}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])")
        return tuple(line for line, raw in enumerate(self.text.lines) if opens.match(raw))

    def _opening(self, scope: Lines, match: re.Match[str]) -> Lines:
        """Return what stands before the first heading within a place."""
        first = next((h.line for h in self.headings if h.line > scope[0]), len(self.text.lines))
        return tuple(line for line in scope if line < first)

    def _items(self, place: Lines) -> list[Lines]:
        """Return the rows of a table's body, or else the items of a list, each on its own."""
        rows = [
            line
            for line in place
            if "\t" in self.text.lines[line] and line and "\t" in self.text.lines[line - 1]
        ]
        body = [line for line in rows if not re.match(r"Benefit \d", self.text.plain[line])]
        if body:
            return [(line,) for line in body]
        return [(line,) for line in place if _ITEM.match(self.text.lines[line])]

    def _pages(self, places: Sequence[tuple[str, str]]) -> Iterator[Heading]:
        line = 0
        for place, opening in places:
            found = next(
                (
                    number
                    for number in range(line, len(self.text.lines))
                    if self.text.plain[number].strip().startswith(opening)
                    and "\t" not in self.text.plain[number].strip()
                ),
                None,
            )
            if found is None:
                self.lost.append(place)
            else:
                yield Heading(found, PAGE, place)
                line = found + 1

    def _forms(self) -> Iterator[Heading]:
        chapters: set[str] = set()
        for number, raw in enumerate(self.text.plain):
            line = raw.strip()
            if not line or ("\t" in line and not _CAPTION.match(line)):
                continue
            alone = self._blank(number - 1) and self._blank(number + 1)
            if _CHAPTER.match(line) and " - " not in line:
                chapters.add(line.casefold())
                yield Heading(number, CHAPTER, line)
            elif line.casefold() in chapters:
                continue  # a running head, in another case
            elif _PRIORITY.match(line):
                yield Heading(number, PAGE, line)
            elif _CAPTION.match(line) and self._captions(number, line):
                yield Heading(number, CAPTION, line)
            elif alone and (numbered := _NUMBERED.match(line)) and _titular(line, numbered[1]):
                yield Heading(number, SECTION + numbered[1].count("."), line)
            elif alone and _LETTERED.match(line) and _titular(line):
                yield Heading(number, SECTION + 1, line)
            elif alone and _titular(line) and not _ITEM.match(line):
                yield Heading(number, TITLE, line)

    def _captions(self, number: int, line: str) -> bool:
        """Tell a caption from a sentence or a list that begins with 'Table 4'."""
        return "\t" not in line and self._blank(number - 1) and _titular(line.rstrip("."))

    def _blank(self, number: int) -> bool:
        outside = not 0 <= number < len(self.text.lines)
        return outside or not self.text.lines[number].strip()


def _down(count: int) -> Iterator[int]:
    return iter(range(count, 0, -1))


def _separated(locator: str) -> Iterator[str]:
    for place in _SEPARATE.split(locator):
        if several := _SEVERAL.fullmatch(place):
            before = re.sub(r"(?i)\bsections $", "section ", several[1])
            yield from (f"{before}{number}" for number in several.groups()[1:])
        else:
            yield place


def _titular(line: str, number: str = "") -> bool:
    # "1.3.3" opens a heading however long; "3." may open the item of a list as well.
    short = len(line) <= _LONGEST_TITLE or "." in number
    return short and "=" not in line and not line.endswith((".", ",", ";", ":"))


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - {"the", "a", "of", "our", "and"}


def _closest(
    found: Sequence[Found], wanted: str, name: Callable[[Found], str]
) -> list[Found]:
    """Return the finds that begin as wanted, or else those with the fewest other words."""
    if not found:
        return []
    known = len(_words(wanted))

    def distance(each: Found) -> tuple[bool, int]:
        begins = name(each).casefold().startswith(wanted.casefold())
        return not begins, len(_words(name(each))) - known

    nearest = min(distance(each) for each in found)
    return [each for each in found if distance(each) == nearest]


def _stretches(lines: Lines) -> list[Lines]:
    """Part lines into runs without a gap."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and runs[-1][-1] == line - 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [tuple(run) for run in runs]


_Finder = Callable[[Outline, Lines, re.Match[str]], Lines]
_FORMS: list[tuple[re.Pattern[str], _Finder]] = [
    (re.compile(form, re.IGNORECASE), finder)
    for form, finder in [
        (r"Part (\d+)", lambda outline, scope, m: outline._opened(scope, rf"PART {m[1]}\b")),
        (
            r"Appendix ([A-Z])",
            lambda outline, scope, m: outline._opened(scope, rf"APPENDIX {m[1].upper()}\b"),
        ),
        (
            r"Priority (\d+)",
            lambda outline, scope, m: outline._opened(scope, rf"PRIORITY {m[1]}:"),
        ),
        (r"section (\d+(?:\.\d+)*)([a-z])?", Outline._numbered),
        (r"(table|figure) (\d+)", Outline._table),
        (r"benefit (\d+)", Outline._benefit),
        (r"note (\d+)", Outline._note),
        (r"footnote (\d+)", Outline._footnote),
        (r"introduction|first paragraph", Outline._opening),
        (r"title|heading", lambda outline, scope, m: scope[:1]),
        (r"first page", lambda outline, scope, m: _stretches(scope)[0]),
        (r"table", lambda outline, scope, m: outline._rows(scope)),
        (r"\d+\.\d+\.\d+", Outline._row),
    ]
]
