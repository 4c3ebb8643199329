"""The text of pages and documents, as tests compare them across formats."""

import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
from lxml import html as lxml_html

from nwlbook.document_checks import document_text

# Points from an edge of a page of the PDF: within them stand heads and page numbers only.
BAND = 60


def page_text(element: Any) -> str:
    """Return the text of a part of a page, with single spaces."""
    return " ".join(element.text_content().split())


def pdf_pages(document: Path) -> list[str]:
    """Return the text of each page of a PDF, without running heads and page numbers."""
    opened = pypdfium2.PdfDocument(document)
    try:
        return [
            page.get_textpage().get_text_bounded(bottom=BAND, top=page.get_height() - BAND)
            for page in opened
        ]
    finally:
        opened.close()


def pdf_text(document: Path) -> str:
    """Return the text of a PDF as it runs on from page to page."""
    return "\n".join(pdf_pages(document))


def words_of(document: Path) -> str:
    """Return the text of a Word document or an EPUB, with single spaces."""
    text = document_text(document)
    return " ".join(lxml_html.fromstring(f"<p>{text}</p>").text_content().split())


READERS = {".pdf": pdf_text, ".docx": words_of, ".epub": words_of}


def joined(text: str) -> str:
    """Return a text as its letters follow each other, wherever its lines and words break.

    The reader of PDFs gives U+0002 for the hyphen at which a word is broken, and does not tell
    whether the word has a hyphen of its own there: so none within words counts.
    """
    solid = re.sub(r"[\s\u00ad\u200b\x02]+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\w)[-\u2010](?=[A-Za-z])", "", solid)


def epub_pages(document: Path) -> list[Any]:
    """Return the chapters of an EPUB, in their order."""
    with zipfile.ZipFile(document) as archive:
        return [
            lxml_html.fromstring(archive.read(name))
            for name in sorted(archive.namelist())
            if name.startswith("EPUB/text/ch")
        ]
