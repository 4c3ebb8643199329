"""Check the content of the documents that stand beside the pages: PDF, Word, EPUB."""

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from nwlbook.chapters import StagedChapter

SMALLEST_PDF = 10_000
UNRESOLVED = re.compile(r"\?@\w|\?(?:fig|tbl|sec)-|`\{python\}|\{\{&lt;")
# Where the text of a document is, and the tags that may stand inside a sentence of it.
TEXT_FILES = {".docx": re.compile(r"word/document\.xml"), ".epub": re.compile(r".*\.xhtml")}
_TAG = re.compile(r"<[^>]*>")
_NO_LETTER = re.compile(r"[\W_]+")
# What a field is computed from is no text that a reader sees.
_INSTRUCTION = re.compile(r"<w:instrText.*?</w:instrText>")


def document_problems(document: Path, chapters: Iterable[StagedChapter]) -> Iterator[str]:
    """Yield one line for each thing that is wrong with a document.

    Parameters
    ----------
    document : Path
        The file.
    chapters : iterable of StagedChapter
        What must be in it: the caption of each figure and table. A PDF's text is not read.
    """
    name = document.name
    if not document.is_file() or not document.stat().st_size:
        yield f"{name}: missing or empty"
        return
    if document.suffix == ".pdf":
        if document.stat().st_size < SMALLEST_PDF:
            yield f"{name}: missing or empty"
        return
    try:
        text = document_text(document)
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        yield f"{name}: cannot be read: {error}"
        return
    for found in UNRESOLVED.findall(text):
        yield f"{name}: unresolved '{html.unescape(found)}'"
    letters = _letters(html.unescape(text))
    for chapter in chapters:
        for label, exhibit in chapter.exhibits.items():
            caption = exhibit.texts.get("finding") or exhibit.texts.get("caption", "")
            if exhibit.kind != "download" and _letters(caption) not in letters:
                yield f"{name}: the caption of {label} is missing"


def document_text(document: Path) -> str:
    """Return the text of a Word document or an EPUB, with entities in place of signs.

    Parameters
    ----------
    document : Path
        A file that ends in ``.docx`` or ``.epub``.

    Raises
    ------
    zipfile.BadZipFile
        If it is damaged.
    """
    with zipfile.ZipFile(document) as archive:
        damaged = archive.testzip()
        if damaged is not None:
            raise zipfile.BadZipFile(f"{damaged} is damaged")
        files = [
            archive.read(name).decode()
            for name in archive.namelist()
            if TEXT_FILES[document.suffix].fullmatch(name)
        ]
    return "\n".join(_TAG.sub("", _INSTRUCTION.sub("", text)) for text in files)


def _letters(text: str) -> str:
    """Return letters and digits only: quotation marks and spaces differ between formats."""
    return _NO_LETTER.sub("", text)
