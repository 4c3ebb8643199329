"""What is in the book: the chapters, parts and appendices that `_quarto.yml` names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.paths import is_file, is_inside, project_around
from nwlbook.errors import InputError
from nwlbook.yaml_lines import Document

CONFIGURATION = "_quarto.yml"
SUFFIXES = (".qmd", ".ipynb")
# It becomes part of addresses and of the names of documents.
FILE_NAME = re.compile(r"\w[\w.-]*")


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
    _check_texts(document, book)
    entries: list[Entry] = []
    seen: set[str] = set()
    for key, file, part, appendix in _named(document, book):
        if not isinstance(file, str) or PurePosixPath(file).suffix not in SUFFIXES:
            raise document.error(f"chapter '{file}': expected a .qmd or .ipynb file", *key)
        if not is_inside(root / file, root):
            raise document.error(f"chapter '{file}': leads outside the project", *key)
        # What is staged stands in the same place below another folder.
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts or path.as_posix() != file:
            raise document.error(
                f"chapter '{file}': expected a path from the project's folder, such as "
                "notebooks/sources.ipynb",
                *key,
            )
        if not is_file(root / file):
            raise document.error(f"chapter '{file}' does not exist", *key)
        if file in seen:
            raise document.error(f"chapter '{file}' stands twice", *key)
        seen.add(file)
        entries.append(Entry(file, part, appendix))
    if not entries or entries[0].file != "index.qmd":
        raise document.error("the first chapter must be index.qmd", "book", "chapters")
    return Book(root, document.values, tuple(entries))


def _check_texts(document: Document, book: dict[str, Any]) -> None:
    """Refuse a book without a title, an author or a name for its documents."""
    for name in ("title", "author", "output-file"):
        value = book.get(name)
        if value is None or not str(value).strip():
            raise document.error(f"'book: {name}' is missing or empty", "book", name)
        if not isinstance(value, str):
            raise document.error(
                f"'book: {name}: {value}': expected text, in quotation marks", "book", name
            )
    if not FILE_NAME.fullmatch(book["output-file"]):
        raise document.error(
            f"'book: output-file: {book['output-file']}': expected a file's name without its "
            "ending, of letters, digits and hyphens",
            "book",
            "output-file",
        )


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


def project_folder(start: Path) -> Path:
    """Find the project at or above a folder.

    Raises
    ------
    InputError
        If there is none.
    """
    folder = project_around(start)
    if folder is None:
        raise InputError(f"no {CONFIGURATION} with data/datapackage.yaml in {start} or above it")
    return folder
