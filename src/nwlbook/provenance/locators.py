"""Find the place that a locator names in a source text.

A locator narrows from the whole document part by part: "Part 3, section 2.2.1",
"Appendix D, Brent", "Priority 4, summary", "Table 1 (ii)".
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TypeVar

from nwlbook.provenance.outline import ITEM, Lines, Outline

Found = TypeVar("Found")

_SEPARATE = re.compile(
    r";\s*|, and | and (?=(?:Part|Section|Table|Figure|Appendix|Priority) )", re.IGNORECASE
)
_SEVERAL = re.compile(r"(.*?)(\(?[\divx.]+\)?) and (\(?[\divx.]+\)?)")
_COUNTED = re.compile(r"(?P<name>.*?)\s*\((?P<count>[ivx]+|\d+|first|second|third)(?: page)?\)")
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_COUNTS = {"first": 1, "second": 2, "third": 3} | {
    roman: count for count, roman in enumerate(_ROMAN, start=1)
}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BENEFIT = re.compile(r"Benefit (\d+)\b")


class Locators:
    """The places of one document by locator.

    Parameters
    ----------
    outline : Outline
        Its headings.
    """

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.text = outline.text
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
            found = self._longest(scope, parts)
            if not found:
                # Titles without a number show no level: what stands under one may look as
                # if it came after it.
                found = self._longest(tuple(line for line in outer if line > scope[0]), parts)
            if not found:
                return ()
            outer, scope, parts = scope, found[0], parts[found[1] :]
        return scope

    def _longest(self, scope: Lines, parts: list[str]) -> tuple[Lines, int] | None:
        """Return the place that the most parts name together: a title may hold commas."""
        for size in range(len(parts), 0, -1):
            if narrower := self._narrow(scope, ", ".join(parts[:size])):
                return narrower, size
        return None

    def _page(self, locator: str) -> tuple[Lines, str]:
        """Return the lines of the listed page that opens a locator, and the rest of it.

        A locator without "(i)" or "(first page)" names all the pages of that name.
        """
        whole = tuple(range(len(self.text.lines)))
        wanted = locator.casefold()
        names = {page.name.casefold() for page in self.outline.pages}
        names |= {name.partition(" (")[0] for name in names}
        opening = [
            name
            for name in names
            if wanted.startswith(name) and wanted[len(name) : len(name) + 1] in {"", ",", " "}
        ]
        best = max(opening, key=len, default="")
        rest = locator[len(best) :].lstrip(", ")
        if not best or (rest and wanted[len(best)] == " " and not rest.startswith("(")):
            return whole, locator
        named = [
            page
            for page in self.outline.pages
            if page.name.casefold() == best or page.name.casefold().startswith(f"{best} (")
        ]
        return self.outline.reach(named, whole), rest

    def _narrow(self, scope: Lines, part: str) -> Lines:
        for pattern, finder in _FORMS:
            if match := pattern.fullmatch(part):
                return finder(self, scope, match)
        named = self._named(scope, part)
        counted = _COUNTED.fullmatch(part)
        if named or not counted:
            return named
        place = self._narrow(scope, counted["name"]) if counted["name"] else scope
        several = _runs(place) if part.endswith("page)") else self._items(place)
        count = _COUNTS.get(counted["count"]) or int(counted["count"])
        return several[count - 1] if count <= len(several) else ()

    def _named(self, scope: Lines, part: str) -> Lines:
        """Return the places whose heading, or the rows whose first cell, has these words."""
        wanted = _words(part)
        headings = [
            heading for heading in self.outline.within(scope) if wanted <= _words(heading.name)
        ]
        if headings:
            nearest = _closest(headings, part, lambda heading: heading.name)
            return self.outline.reach(nearest, scope)
        labels = {
            line: self.text.plain[line].partition("\t")[0] for line in self.outline.rows(scope)
        }
        rows = [line for line, label in labels.items() if wanted <= _words(label)]
        return tuple(_closest(rows, part, lambda line: labels[line]))

    def _items(self, place: Lines) -> list[Lines]:
        """Return the rows of a table's body, or else the items of a list, each on its own."""
        lines = self.text.lines
        body = [
            line
            for line in self.outline.rows(place)
            if line and "\t" in lines[line - 1] and not _BENEFIT.match(lines[line])
        ]
        headings = {heading.line for heading in self.outline.within(place)}
        listed = [line for line in place if ITEM.match(lines[line]) and line not in headings]
        return [(line,) for line in body or listed]

    def _table(self, scope: Lines, match: re.Match[str]) -> Lines:
        place = self.outline.opened(scope, rf"Table {match[1]}\b")
        return self.outline.rows(place) or place

    def _section(self, scope: Lines, match: re.Match[str]) -> Lines:
        number, letter = match[1], match[2]
        chapter = self.outline.opened(scope, rf"Section {re.escape(number)}:")
        section = chapter or self.outline.opened(scope, rf"{re.escape(number)}\.? +[A-Z]")
        return self.outline.opened(section, rf"{letter}\. ") if letter else section

    def _benefit(self, scope: Lines, match: re.Match[str]) -> Lines:
        """Return what follows a line that opens with 'Benefit n', up to the next such."""
        place: list[int] = []
        inside = False
        for line in scope:
            if opened := _BENEFIT.match(self.text.plain[line]):
                inside = opened[1] == match[1]
            if inside:
                place.append(line)
        return tuple(place)

    def _row(self, scope: Lines, match: re.Match[str]) -> Lines:
        return tuple(line for line in scope if match[0] in self.text.plain[line].split("\t"))

    def _note(self, scope: Lines, match: re.Match[str]) -> Lines:
        mark = f"Note {match[1]}:"
        return tuple(line for line in scope if self.text.plain[line].startswith(mark))

    def _footnote(self, scope: Lines, match: re.Match[str]) -> Lines:
        """Return a footnote, which may stand at the foot of a page after its place."""
        mark = re.compile(rf"\s*{match[1].translate(_RAISED)}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])")
        return tuple(line for line, raw in enumerate(self.text.lines) if mark.match(raw))

    def _beginning(self, scope: Lines, match: re.Match[str]) -> Lines:
        """Return what stands before the next heading."""
        following = [heading.line for heading in self.outline.within(scope[1:])]
        return tuple(line for line in scope if not following or line < following[0])


def _separated(locator: str) -> Iterator[str]:
    for place in _SEPARATE.split(locator):
        if several := _SEVERAL.fullmatch(place):
            before = re.sub(r"(?i)\bsections $", "section ", several[1])
            yield from (f"{before}{number}" for number in several.groups()[1:])
        else:
            yield place


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - {"the", "a", "of", "our", "and"}


def _closest(found: Sequence[Found], wanted: str, name: Callable[[Found], str]) -> list[Found]:
    """Return the finds that begin as wanted, or else those with the fewest other words."""

    def distance(each: Found) -> tuple[bool, int]:
        begins = name(each).casefold().startswith(wanted.casefold())
        return not begins, len(_words(name(each)))

    nearest = min(map(distance, found), default=None)
    return [each for each in found if distance(each) == nearest]


def _runs(lines: Lines) -> list[Lines]:
    """Part lines into runs without a gap."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and runs[-1][-1] == line - 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [tuple(run) for run in runs]


_Finder = Callable[[Locators, Lines, re.Match[str]], Lines]


def _heading(form: str) -> _Finder:
    """Return a finder of the headings of a form, in which # stands for what was named."""
    return lambda places, scope, match: places.outline.opened(
        scope, form.replace("#", match[1].upper())
    )


_FORMS: list[tuple[re.Pattern[str], _Finder]] = [
    (re.compile(form, re.IGNORECASE), finder)
    for form, finder in [
        (r"part (\d+)", _heading(r"PART #\b")),
        (r"appendix ([A-Z])", _heading(r"APPENDIX #\b")),
        (r"priority (\d+)", _heading(r"(?i)priority #:")),
        (r"figure (\d+)", _heading(r"Figure #\b")),
        (r"table (\d+)", Locators._table),
        (r"section (\d+(?:\.\d+)*)([a-z])?", Locators._section),
        (r"benefit (\d+)", Locators._benefit),
        (r"note (\d+)", Locators._note),
        (r"footnote (\d+)", Locators._footnote),
        (r"\d+\.\d+\.\d+", Locators._row),
        (r"introduction|first paragraph", Locators._beginning),
        (r"title|heading", lambda places, scope, match: scope[:1]),
        (r"first page", lambda places, scope, match: _runs(scope)[0]),
        (r"table", lambda places, scope, match: places.outline.rows(scope)),
    ]
]
