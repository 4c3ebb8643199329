"""The same book in all formats: the same captions, numbers, references and tables."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder_books import build_book, edit, make_book
from document_texts import READERS, epub_pages, joined, page_text, pdf_text, words_of
from lxml import etree
from lxml import html as lxml_html

from helpers.markdown import escaped
from nwlbook.document_checks import document_problems
from nwlbook.embedded.render import render
from nwlbook.markdown import as_attribute

STAGED = Path(__file__).parent / "fixtures" / "staged"
DOCUMENTS = ("docx", "epub")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PAGES = ("index", "notebooks/case-for-change", "notebooks/borough-profile-brent")
HOSTILE = {
    "script": "<script>alert('x')</script>",
    "quotes": "\"double\" 'single' and &amp;",
    "shortcode": "{{< include secret.md >}}",
    "reference": "@fig-x and [@tbl-y]",
    "formula": "$$x^2$$ and $y$",
    "direction": "left \u202eright\u202c left",
    "long": "pneumono" * 30,
    "emoji": "a \U0001f3e5 hospital",
    "template": "{% raw %} {{ x }} #let x = 1 \\input{x}",
    "attribute": "[x]{.y} ::: {#id}",
    "heading": "= Equal to a heading",
    "sections": "== Equal to a section",
    "item": "+ One more",
    "term": "/ Term: explained",
    "numbered": "1. First of all",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    render(STAGED, folder, ["html", "pdf", "docx", "epub"])
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Any]:
    """The articles of the pages, without what is for the web alone."""
    found = []
    for name in PAGES:
        tree = lxml_html.fromstring((site / f"{name}.html").read_bytes())
        article = tree.find(".//article")
        for each in article.xpath(".//*[contains(@class, 'callout')][self::details]"):
            each.drop_tree()
        found.append(article)
    return found


@pytest.fixture(params=list(READERS))
def read(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return the text of the book of a folder, in one of its formats."""
    return lambda folder: READERS[request.param](folder / f"nwl-report{request.param}")


def test_captions_with_their_numbers_are_the_same(
    site: Path, pages: list[Any], read: Callable[[Path], str]
) -> None:
    captions = [page_text(each) for page in pages for each in page.iter("figcaption")]
    assert len(captions) == 6
    text = joined(read(site))
    # contents and lists of figures stand before the chapters
    places = [text.rfind(joined(caption)) for caption in captions]
    assert -1 not in places
    assert places == sorted(places)


def test_references_are_the_same(site: Path, pages: list[Any], read: Callable[[Path], str]) -> None:
    text = joined(read(site))
    sentences = [
        page_text(each.getparent()) for page in pages for each in page.find_class("reference")
    ]
    assert len(sentences) > 9
    # a note's mark stands in its sentence, and its form differs
    for sentence in sentences:
        assert joined(re.sub(r"\.1$", ".", sentence)) in text, sentence


def test_numbers_of_headings_are_the_same(site: Path, pages: list[Any]) -> None:
    headings = [page_text(each) for page in pages for each in page.iter("h2", "h3")]
    assert "1.1.1 What drives it" in headings
    with zipfile.ZipFile(site / "nwl-report.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    word = [
        "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
        for paragraph in body.iter(f"{W}p")
        if paragraph.find(f"{W}pPr/{W}pStyle") is not None
        and paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val") in {"Heading2", "Heading3"}
    ]
    assert word[: len(headings)] == headings


def test_tables_are_the_same(site: Path, pages: list[Any]) -> None:
    expected = [
        [page_text(cell) for cell in table.iter("th", "td")]
        for page in pages
        for table in page.iter("table")
    ]
    with zipfile.ZipFile(site / "nwl-report.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    word = [
        [
            " ".join("".join(each.text or "" for each in cell.iter(f"{W}t")).split())
            for cell in table.iter(f"{W}tc")
        ]
        for table in body.iter(f"{W}tbl")
        if table.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") == "Table"
    ]
    epub = [
        [page_text(cell) for cell in table.iter("th", "td")]
        for file in epub_pages(site / "nwl-report.epub")
        for table in file.iter("table")
    ]
    assert len(expected) == 4
    assert word == epub == expected


@pytest.mark.build
def test_build_offers_every_document_that_it_makes(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    edit(
        root / "_quarto.yml", "  output-file: beds\n", "  output-file: beds\n  downloads: [docx]\n"
    )
    build_book(root, ("html", "docx", "epub"))
    made = root / "outputs" / "site"
    offered = (made / "index.html").read_text()
    assert 'href="beds.docx"' in offered
    assert "beds.epub" not in offered
    for ending in DOCUMENTS:
        assert "Beds by borough" in words_of(made / f"beds.{ending}")
    identifiers = re.findall(r"urn:uuid:[\w-]+", document_package(made / "beds.epub"))
    assert len(set(identifiers)) == 1
    staged = (root / "outputs" / "project" / "nwl" / "_quarto.yml").read_text()
    assert identifiers[0] in staged
    assert "reference-doc: reference.docx" in staged


def document_package(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read("EPUB/content.opf").decode()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with hostile text in captions, cells of tables, alternatives and prose."""
    import html

    folder = tmp_path_factory.mktemp("hostile")
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Hostile {#sec-hostile}"}
    ]
    for name, text in HOSTILE.items():
        caption = json.dumps(as_attribute(f"Of {escaped(text)}"), ensure_ascii=False)
        table = (
            "<table><thead><tr><th>Cell</th></tr></thead>"
            f"<tbody><tr><td>{html.escape(text)}</td></tr></tbody></table>"
        )
        output = {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": table, "text/plain": text},
        }
        options = f"#| label: tbl-{name}\n#| tbl-cap: {caption}\nx"
        cells += [
            {"cell_type": "code", "metadata": {}, "source": options, "outputs": [output]},
            {"cell_type": "markdown", "metadata": {}, "source": f"Prose: {escaped(text)} ends."},
        ]
    project = folder / "project"
    project.mkdir()
    (project / "hostile.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    (project / "index.qmd").write_text("# Welcome {.unnumbered}\n\nSee @sec-hostile.\n")
    (project / "_quarto.yml").write_text(
        'project: {type: book}\nbook:\n  title: "<b>T</b> & co"\n  author: A\n'
        '  date: "2026-11-22"\n  output-file: nwl-report\n  chapters: [index.qmd, hostile.ipynb]\n'
        "number-sections: true\nexecute: {echo: false}\n"
    )
    render(project, folder, ["html", "pdf", "docx", "epub"])
    return folder


def straight(text: str) -> str:
    """Return a text with plain quotation marks and without marks of direction."""
    for curly, plain in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'")):
        text = text.replace(curly, plain)
    return joined(re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", text))


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_text_is_text_in_every_document(hostile: Path, name: str) -> None:
    wanted = straight(HOSTILE[name])
    for ending in DOCUMENTS:
        assert straight(words_of(hostile / f"nwl-report.{ending}")).count(wanted) >= 3, ending
    page = lxml_html.fromstring((hostile / "hostile.html").read_bytes())
    assert straight(page.find(".//article").text_content()).count(wanted) == 3


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in {"direction", "emoji"}])
def test_hostile_text_is_text_in_print(hostile: Path, name: str) -> None:
    # a long word is hyphenated
    text, wanted = (
        straight(each).replace("-", "")
        for each in (pdf_text(hostile / "nwl-report.pdf"), HOSTILE[name])
    )
    assert text.count(wanted) >= 3


def test_sign_that_no_font_has_is_named_in_print(hostile: Path) -> None:
    assert straight(pdf_text(hostile / "nwl-report.pdf")).count("a[hospital]hospital") >= 3


@pytest.mark.parametrize("ending", ["pdf", *DOCUMENTS])
def test_whole_document_has_no_problem(site: Path, ending: str) -> None:
    assert list(document_problems(site / f"nwl-report.{ending}", [])) == []
