"""Number chapters, sections, figures, tables and equations over the whole book."""

from collections import Counter
from dataclasses import dataclass

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.source import Place
from nwlbook.embedded.tree import BOXES, Node, nodes, pairs_of

NUMBER = "number"
KINDS = {"fig": "Figure", "tbl": "Table", "eq": "Equation", "sec": "Section"}


@dataclass(frozen=True)
class Target:
    """Something that can be referred to.

    Attributes
    ----------
    name : str
        ``Figure``, ``Table``, ``Equation``, ``Section``, ``Chapter`` or ``Appendix``.
    number : str
        ``"2.3"``; empty if it has none.
    chapter : Chapter
        Where it stands.
    title : list
        Inlines of a section's title.
    """

    name: str
    number: str
    chapter: Chapter
    title: list[Node]


def number_book(chapters: list[Chapter]) -> dict[str, Target]:
    """Write the numbers into the trees and return what each label names.

    Parameters
    ----------
    chapters : list of Chapter
        The book in its order.

    Returns
    -------
    dict
        Target of each label and of each other address of a heading.

    Raises
    ------
    InputError
        If a label is used twice.
    """
    targets: dict[str, Target] = {}
    owners: dict[str, Chapter] = {}
    counts: Counter[bool] = Counter()
    for chapter in chapters:
        if chapter.numbered:
            counts[chapter.is_appendix] += 1
            count = counts[chapter.is_appendix]
            chapter.number = _letters(count) if chapter.is_appendix else str(count)
        _claim(chapter.identifier, chapter, owners)
        name = "Appendix" if chapter.is_appendix else "Chapter"
        targets[chapter.identifier] = Target(name, chapter.number, chapter, chapter.title)
        _number_sections(chapter, targets, owners)
        _number_floats(chapter, targets, owners)
    return targets


def _number_sections(
    chapter: Chapter, targets: dict[str, Target], owners: dict[str, Chapter]
) -> None:
    counts = [0] * 7
    for node in nodes(chapter.blocks, outside=BOXES, inlines=False):
        if node["t"] != "Header":
            continue
        level, attr, inlines = node["c"]
        number = ""
        if chapter.number and "unnumbered" not in attr[1]:
            counts[level] += 1
            counts[level + 1 :] = [0] * len(counts[level + 1 :])
            number = ".".join([chapter.number, *(str(n) for n in counts[2 : level + 1])])
            attr[2].append([NUMBER, number])
        if _is_label(attr[0]):
            _claim(attr[0], chapter, owners)
            targets[attr[0]] = Target("Section", number, chapter, inlines)


def _number_floats(
    chapter: Chapter, targets: dict[str, Target], owners: dict[str, Chapter]
) -> None:
    counts: Counter[str] = Counter()
    for node in nodes(chapter.blocks, inlines=False):
        if node["t"] != "Div":
            continue
        attr = node["c"][0]
        kind = "eq" if "equation" in attr[1] else pairs_of(attr).get("kind", "")
        if kind not in KINDS or not {"equation", "float"} & set(attr[1]):
            continue
        counts[kind] += 1
        number = ".".join(part for part in (chapter.number, str(counts[kind])) if part)
        attr[2].append([NUMBER, number])
        _claim(attr[0], chapter, owners)
        targets[attr[0]] = Target(KINDS[kind], number, chapter, [])


def _is_label(identifier: str) -> bool:
    return identifier.partition("-")[0] in KINDS


def _claim(label: str, chapter: Chapter, owners: dict[str, Chapter]) -> None:
    owner = owners.get(label)
    if owner is not None:
        second = place_of(label, chapter, 1 if owner is chapter else 0)
        raise second.error(f"label '{label}' is used twice: first in {place_of(label, owner)}")
    owners[label] = chapter


def place_of(label: str, chapter: Chapter, occurrence: int = 0) -> Place:
    """Return where a label is given."""
    for made in chapter.floats.values():
        if made.label == label:
            if occurrence == 0:
                return made.place
            occurrence -= 1
    return chapter.passage.find(rf"#{label}\b(?!-)", occurrence)


def _letters(count: int) -> str:
    """Return A, B, …, Z, AA, AB, … as appendices are counted."""
    letters = ""
    while count:
        count, digit = divmod(count - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
