"""The whole book in all formats: the same captions, findings, references, tables and numbers."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from document_texts import epub_pages, joined, page_text, pdf_pages, words_of
from lxml import etree, html
from whole_book import WholeBook

pytest_plugins = ["builder_fixtures"]
pytestmark = pytest.mark.build

# Parts of a page that are for the web alone.
WEB_ONLY = (
    ".//script | .//nav | .//button | .//*[contains(@class, 'nwl-calculator')]"
    " | .//*[contains(@class, 'print-origin')] | .//details"
)
EDITIONS = {"nwl": ("", "nwl-report"), "brent": ("editions/brent/", "nwl-report-brent")}
# Letters that a line of a cell has at least, where a page's end cuts the cell in two.
SHORTEST = 4
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Edition:
    """The pages of an edition, and the texts of its documents."""

    articles: dict[str, Any]
    documents: dict[str, str]
    pdf: list[str]
    stem: Path

    def each(self, path: str) -> Iterator[tuple[str, Any]]:
        """Yield page and element for each that an XPath finds."""
        for page, article in self.articles.items():
            for element in article.xpath(path):
                yield page, element


@pytest.fixture(scope="module", params=list(EDITIONS))
def edition(request: pytest.FixtureRequest, whole_book: WholeBook) -> Edition:
    folder, name = EDITIONS[request.param]
    site = whole_book.site.resolve() / folder
    home = html.fromstring((site / "index.html").read_bytes())
    pages = home.xpath("//nav[@id='chapters']//a/@href")
    articles = {page: read_article(site / page) for page in pages}
    stem = site / name
    pdf = [joined(text) for text in pdf_pages(stem.with_suffix(".pdf"))]
    documents = {
        "pdf": "".join(pdf),
        **{ending: joined(words_of(stem.with_suffix(f".{ending}"))) for ending in ("docx", "epub")},
    }
    return Edition(articles, documents, pdf, stem)


def read_article(file: Path) -> Any:
    """Return what a page says in every format."""
    article = html.fromstring(file.read_bytes()).find(".//article")
    for element in article.xpath(WEB_ONLY):
        element.drop_tree()
    return article


def stands(text: str, pages: list[str]) -> bool:
    """Tell whether a text stands in a PDF: on a page, or ending on the one after it.

    What stands between its two parts, such as the other cells of its row, is passed over.
    """
    if any(text in page for page in pages):
        return True
    return any(
        text[:cut] in first and text[cut:] in second
        for first, second in pairwise(pages)
        for cut in range(SHORTEST, len(text) - SHORTEST + 1)
    )


def missing(edition: Edition, path: str, least: int) -> list[str]:
    """Return format, page and text of each element whose text is not in every document."""
    found = [(page, page_text(element)) for page, element in edition.each(path)]
    assert len(found) >= least
    return [
        f"{ending}: {page}: {text}"
        for page, text in found
        for ending, whole in edition.documents.items()
        if joined(text) not in whole and not (ending == "pdf" and stands(joined(text), edition.pdf))
    ]


def test_captions_with_their_numbers_are_the_same_and_in_one_order(edition: Edition) -> None:
    captions = [joined(page_text(each)) for _, each in edition.each(".//figcaption")]
    assert len(captions) > 100
    assert len(set(captions)) == len(captions)
    for ending, whole in edition.documents.items():
        # contents and lists of figures stand before the chapters
        places = [whole.rfind(caption) for caption in captions]
        assert [captions[at] for at, place in enumerate(places) if place < 0] == [], ending
        assert places == sorted(places), ending


def test_findings_are_the_same(edition: Edition) -> None:
    assert missing(edition, ".//*[contains(@class, 'callout-tip')]//li", least=50) == []


def test_paragraphs_and_their_references_are_the_same(edition: Edition) -> None:
    assert any(edition.each(".//p[.//*[contains(@class, 'reference')]]"))
    assert missing(edition, "./p", least=200) == []


def test_headings_with_their_numbers_are_the_same(edition: Edition) -> None:
    numbered = ".//*[self::h2 or self::h3][./*[@class='section-number']]"
    assert missing(edition, numbered, least=100) == []


def test_rows_of_tables_are_the_same_on_paper(edition: Edition) -> None:
    for page, row in edition.each(".//tr"):
        whole = joined(page_text(row))
        if whole not in edition.documents["pdf"]:
            # it goes on over a page: then its cells are cut one by one
            for cell in row.iter("th", "td"):
                assert stands(joined(page_text(cell)), edition.pdf), f"{page}: {page_text(row)}"


def test_cells_of_tables_are_the_same(edition: Edition) -> None:
    expected = [
        [joined(page_text(cell)) for cell in table.iter("th", "td")]
        for _, table in edition.each(".//table")
    ]
    assert len(expected) > 100
    assert word_tables(edition.stem.with_suffix(".docx")) == expected
    assert epub_tables(edition.stem.with_suffix(".epub")) == expected


def word_tables(document: Path) -> list[list[str]]:
    """Return the cells of each table of a Word document."""
    with zipfile.ZipFile(document) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    return [
        [
            joined("".join(each.text or "" for each in cell.iter(f"{W}t")))
            for cell in table.iter(f"{W}tc")
        ]
        for table in body.iter(f"{W}tbl")
        if table.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") == "Table"
    ]


def epub_tables(document: Path) -> list[list[str]]:
    """Return the cells of each table of an EPUB."""
    return [
        [joined(page_text(cell)) for cell in table.iter("th", "td")]
        for page in epub_pages(document)
        for table in page.iter("table")
    ]
