"""What is in the book: the chapters, parts and appendices that `_quarto.yml` names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from nwlbook.errors import InputError
from nwlbook.yaml_lines import Document

CONFIGURATION = "_quarto.yml"
SUFFIXES = (".qmd", ".ipynb")


@dataclass(frozen=True)
class Entry:
    """One chapter as the configuration names it.

    Attributes
    ----------
    file : str
        Project-relative source: a notebook or a Quarto Markdown file.
    part : str or None
        Title of the part that it belongs to.
    appendix : bool
        Whether it is an appendix.
    """

    file: str
    part: str | None
    appendix: bool

    @property
    def stem(self) -> str:
        """Name of the source without folder and ending."""
        return PurePosixPath(self.file).stem


@dataclass(frozen=True)
class Book:
    """The book's configuration.

    Attributes
    ----------
    root : Path
        Folder of the project.
    configuration : dict
        The whole of `_quarto.yml`.
    entries : tuple of Entry
        Chapters, then appendices, in order.
    """

    root: Path
    configuration: dict[str, Any]
    entries: tuple[Entry, ...]


def read_book(root: Path) -> Book:
    """Read the book's configuration.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Raises
    ------
    InputError
        With file and line, if a chapter does not exist, stands twice or is of a kind
        that is not supported, a part is empty, or the book lacks a title, an author or
        `index.qmd`.
    """
    document = Document(root / CONFIGURATION, CONFIGURATION)
    book = document.values.get("book")
    if not isinstance(book, dict):
        raise document.error("expected a 'book' section", "book")
    for name in ("title", "author", "output-file"):
        if not isinstance(book.get(name), str) or not book[name].strip():
            raise document.error(f"'book: {name}' is missing or empty", "book", name)
    entries: list[Entry] = []
    seen: set[str] = set()
    for key, file, part, appendix in _named(document, book):
        if not isinstance(file, str) or PurePosixPath(file).suffix not in SUFFIXES:
            raise document.error(f"chapter '{file}': expected a .qmd or .ipynb file", *key)
        if not _inside(root, file):
            raise document.error(f"chapter '{file}': leads outside the project", *key)
        if not (root / file).is_file():
            raise document.error(f"chapter '{file}' does not exist", *key)
        if file in seen:
            raise document.error(f"chapter '{file}' stands twice", *key)
        seen.add(file)
        entries.append(Entry(file, part, appendix))
    if not entries or entries[0].file != "index.qmd":
        raise document.error("the first chapter must be index.qmd", "book", "chapters")
    return Book(root, document.values, tuple(entries))


def _named(
    document: Document, book: dict[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], Any, str | None, bool]]:
    """Yield key in the file, source, part and appendix mark of each chapter."""
    for section, appendix in (("chapters", False), ("appendices", True)):
        listed = book.get(section, [])
        if not isinstance(listed, list):
            raise document.error(f"'book: {section}' must be a list", "book", section)
        for position, item in enumerate(listed):
            key = ("book", section, position)
            if isinstance(item, dict):
                if set(item) != {"part", "chapters"} or not isinstance(item["chapters"], list):
                    raise document.error("expected 'part' and 'chapters'", *key)
                if not item["chapters"]:
                    raise document.error(f"part '{item['part']}' has no chapters", *key)
                for inner, file in enumerate(item["chapters"]):
                    yield (*key, "chapters", inner), file, str(item["part"]), appendix
            else:
                yield key, item, None, appendix


def _inside(root: Path, file: str) -> bool:
    return (root / file).resolve().is_relative_to(root.resolve())


def project_folder(start: Path) -> Path:
    """Find the project at or above a folder.

    Raises
    ------
    InputError
        If there is none.
    """
    from helpers.paths import is_project

    for folder in (start.resolve(), *start.resolve().parents):
        if is_project(folder):
            return folder
    raise InputError(f"no {CONFIGURATION} with data/datapackage.yaml in {start} or above it")
