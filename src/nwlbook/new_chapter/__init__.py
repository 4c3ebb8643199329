"""Begin a chapter: a notebook that builds as it is, and its line in `_quarto.yml`."""

import re
from pathlib import Path

from nwlbook.book import CONFIGURATION, read_book
from nwlbook.cache import write_atomically
from nwlbook.errors import InputError
from nwlbook.markdown import section_labels
from nwlbook.new_chapter.listing import with_chapter
from nwlbook.new_chapter.template import labels_of, notebook_of
from nwlbook.prose_check import typed_figure

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MARKUP = re.compile(r"[\\`*_{}\[\]<>#$@|~^]")
REPEATS = ("borough", "priority")


def add_chapter(root: Path, name: str, title: str, part: str, repeat: str | None = None) -> str:
    """Write a notebook and put it at the end of a part.

    Parameters
    ----------
    root : Path
        Folder of the project.
    name : str
        Of the notebook, without ending.
    title : str
        Of the chapter.
    part : str
        Title of a part of the book.
    repeat : str, optional
        Parameter that it makes one chapter for each value of.

    Returns
    -------
    str
        The notebook's file in the project.

    Raises
    ------
    InputError
        If the name, title, part or parameter is bad, or something of that name exists. Nothing
        has been written then.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"NAME '{name}': expected small letters, digits and hyphens, as in my-chapter"
        )
    if not title.strip() or "\n" in title:
        raise InputError("--title: expected a title on one line")
    if found := MARKUP.search(title):
        raise InputError(f"--title '{title}': '{found[0]}' is Markdown: expected plain words")
    if figure := typed_figure(title):
        raise InputError(f"--title '{title}': '{figure}' is a figure typed by hand")
    if repeat is not None and repeat not in REPEATS:
        raise InputError(f"--repeat {repeat}: expected {' or '.join(REPEATS)}")
    book = read_book(root)
    file = f"notebooks/{name}.ipynb"
    for entry in book.entries:
        if entry.stem == name:
            raise InputError(f"NAME '{name}': {entry.file} has that name already")
        _refuse_shared_labels(root / entry.file, entry.file, name)
    if (root / file).exists():
        raise InputError(f"{file} exists already; it is not in {CONFIGURATION}")
    configuration = root / CONFIGURATION
    text = with_chapter(configuration.read_bytes().decode(), part, file)
    write_atomically(root / file, notebook_of(name, title.strip(), repeat).encode())
    try:
        write_atomically(configuration, text.encode())
    except OSError as error:
        (root / file).unlink()
        raise InputError(f"{CONFIGURATION}: cannot be written: {error.strerror}") from error
    return file


def _refuse_shared_labels(source: Path, file: str, name: str) -> None:
    text = source.read_text(encoding="utf-8")
    used = {*section_labels(text), *re.findall(r"\b(?:fig|tbl)-[a-z0-9-]+", text)}
    if shared := sorted(used.intersection(labels_of(name))):
        raise InputError(f"NAME '{name}': label '{shared[0]}' stands in {file}: choose another")
