"""The Word document of a realistic staged book."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from nwlbook.embedded.raster import as_png
from nwlbook.embedded.render import RenderReport, render
from nwlbook.embedded.tables import column_shares, read_table
from nwlbook.errors import BuildError, InputError
from nwlbook.theme.reference_document import reference_document

STAGED = Path(__file__).parent / "fixtures" / "staged"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="76" height="40">'
    b'<rect width="76" height="40" fill="#12436d"/></svg>'
)


class Document:
    """A Word document, taken apart."""

    def __init__(self, file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.files["word/document.xml"])[0]

    def text_of(self, element: etree._Element) -> str:
        return "".join(each.text or "" for each in element.iter(f"{W}t"))

    def paragraphs(self, style: str) -> list[etree._Element]:
        return [
            each for each in self.body.iter(f"{W}p")
            if (found := each.find(f"{W}pPr/{W}pStyle")) is not None
            and found.get(f"{W}val") == style
        ]  # fmt: skip

    def texts(self, style: str) -> list[str]:
        return [self.text_of(each) for each in self.paragraphs(style)]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderReport]:
    folder = tmp_path_factory.mktemp("site")
    return folder, render(STAGED, folder, ["docx"])


@pytest.fixture(scope="module")
def document(rendered: tuple[Path, RenderReport]) -> Document:
    return Document(rendered[0] / "nwl-report.docx")


def test_nothing_is_warned_of_but_the_mended_heading(rendered: tuple[Path, RenderReport]) -> None:
    (warning,) = rendered[1].warnings
    assert "skips from level" in warning


def test_title_page_and_properties(document: Document) -> None:
    assert document.texts("Title") == ["North West London report book"]
    assert document.texts("Author") == ["North West London analysts"]
    assert document.texts("Date") == ["22 November 2026"]
    properties = document.files["docProps/core.xml"].decode()
    assert "<dc:title>North West London report book</dc:title>" in properties
    assert "<dc:language>en-GB</dc:language>" in properties
    assert "2026-11-22T00:00:00Z</dcterms:created>" in properties


def test_headings_are_headings_with_the_numbers_of_the_book(document: Document) -> None:
    assert document.texts("Heading1") == [
        "Welcome", "1 The case for change", "2 Brent", "A Sources and methods"
    ]  # fmt: skip
    assert "1.2 Benefits" in document.texts("Heading2")
    assert "Unnumbered remarks" in document.texts("Heading2")
    assert "1.1.1 What drives it" in document.texts("Heading3")


def test_contents_field_has_its_entries_before_word_looks_up_the_pages(document: Document) -> None:
    first = document.paragraphs("TOC1")[0]
    assert first.find(f".//{W}instrText").text.split()[:3] == ["TOC", "\\o", '"1-2"']
    assert document.texts("TOC1")[1] == "1 The case for change"
    assert "1.1 Spending on acute care" in document.texts("TOC2")
    kinds = [each.get(f"{W}fldCharType") for each in document.body.iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 1


def test_lists_of_figures_and_tables_name_every_caption_shown(document: Document) -> None:
    entries = document.paragraphs("tableoffigures")
    listed = [document.text_of(each) for each in entries]
    for name, style in (("Figure", "ImageCaption"), ("Table", "TableCaption")):
        captions = [text for text in document.texts(style) if text.startswith(name)]
        own = [text for text in listed if text.startswith(name)]
        assert len(own) == len(captions) > 1
        for entry, caption in zip(own, captions, strict=True):
            assert caption.replace("\u00a0", " ").startswith(entry)
        instructions = [
            each.text for each in document.body.iter(f"{W}instrText") if f'"{name}"' in each.text
        ]
        assert instructions == [f' TOC \\h \\z \\c "{name}" ']
    assert all(each.find(f"{W}hyperlink") is not None for each in entries)


def test_captions_are_captions_that_word_counts_as_we_do(document: Document) -> None:
    assert document.texts("ImageCaption") == [
        "Figure\u00a01.1: Ealing spends most on acute care. “Quoted” & "
        "<script>alert(‘caption’)</script>",
        "Figure\u00a02.1: Brent grew by 5% in three years. Population, thousands",
        "Figure\u00a02.2: The area: eight boroughs",
    ]
    instructions = [
        " ".join(each.find(f".//{W}instrText").text.split())
        for style in ("ImageCaption", "TableCaption")
        for each in document.paragraphs(style)
    ]
    assert instructions[2] == "SEQ Figure \\* ARABIC \\r 2"
    assert instructions[3] == "SEQ Table \\* ARABIC \\r 1"


def test_every_picture_has_an_alternative_and_is_sharp(document: Document) -> None:
    pictures = list(document.body.iter(PICTURE))
    assert [each.get("descr").split()[0] for each in pictures] == ["Bar", "Bar", "Eight"]
    images = [content for name, content in document.files.items() if "/media/" in name]
    assert len(images) == 3
    assert all(content.startswith(b"\x89PNG") for content in images)
    assert max(int.from_bytes(content[16:20]) for content in images) == 2 * 760


def test_heads_of_tables_are_repeated_on_each_page(document: Document) -> None:
    tables = [
        each for each in document.body.iter(f"{W}tbl")
        if each.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") == "Table"
    ]  # fmt: skip
    assert len(tables) == 4
    for each in tables:
        first, *others = each.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in others)
    head = tables[0].find(f"{W}tr")
    assert head.find(f".//{W}pStyle").get(f"{W}val") == "TableHeading"


def test_links_inside_the_document_lead_somewhere(document: Document) -> None:
    marks = {each.get(f"{W}name") for each in document.body.iter(f"{W}bookmarkStart")}
    anchors = [each.get(f"{W}anchor") for each in document.body.iter(f"{W}hyperlink")]
    inside = [anchor for anchor in anchors if anchor]
    assert len(inside) > 20
    assert set(inside) <= marks


def test_links_to_data_stand_beside_the_document(document: Document) -> None:
    links = re.findall(
        r'Target="([^"]+)" TargetMode="External"|TargetMode="External"[^>]* Target="([^"]+)"',
        document.files["word/_rels/document.xml.rels"].decode(),
    )
    targets = {one or other for one, other in links}
    assert "data/fig-cost.csv" in targets
    assert all(re.match(r"https?://|data/", target) for target in targets)


def test_content_for_other_formats_is_left_out(document: Document) -> None:
    everything = document.text_of(document.body)
    for hidden in ("Only on the web.", "Only in print.", "Raw for", "Data behind the figure"):
        assert hidden not in everything
    assert "Hidden on the web." in everything
    assert "<script>alert('cell')</script>" in everything


def test_every_page_has_its_number_and_the_layout_is_the_present_one(document: Document) -> None:
    footer = document.files["word/footer1.xml"].decode()
    assert " PAGE " in footer
    assert "North West London report book" in footer
    section = document.body.find(f"{W}sectPr")
    assert section.find(f"{W}footerReference") is not None
    assert section.find(f"{W}pgSz").get(f"{W}w") == "11906"
    assert b'w:name="compatibilityMode"' in document.files["word/settings.xml"]


def test_same_inputs_same_bytes_and_the_date_can_be_set(
    rendered: tuple[Path, RenderReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rendered[0] / "nwl-report.docx"
    for _ in range(2):
        # drawn, then taken from the cache
        render(STAGED, tmp_path, ["docx"], jobs=1, cache=tmp_path / "cache")
        assert (tmp_path / "nwl-report.docx").read_bytes() == made.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    render(STAGED, tmp_path, ["docx"])
    properties = Document(tmp_path / "nwl-report.docx").files["docProps/core.xml"]
    assert b"1970-01-02T00:00:00Z</dcterms:created>" in properties


def with_docx_key(folder: Path, key: str) -> Path:
    project = folder / "project"
    shutil.copytree(STAGED, project)
    with (project / "_quarto.yml").open("a") as file:
        file.write(f"  docx:\n    {key}\n")
    return project


def test_reference_document_of_the_project_is_used(tmp_path: Path) -> None:
    project = with_docx_key(tmp_path, "reference-doc: own.docx")
    (project / "own.docx").write_bytes(reference_document("Quite another title"))
    render(project, tmp_path, ["docx"])
    footer = Document(tmp_path / "nwl-report.docx").files["word/footer1.xml"]
    assert b"Quite another title" in footer


def test_missing_reference_document_is_told(tmp_path: Path) -> None:
    project = with_docx_key(tmp_path, "reference-doc: gone.docx")
    with pytest.raises(InputError, match=r"^_quarto.yml: 'gone.docx' does not exist$"):
        render(project, tmp_path, ["docx"])


def test_contents_can_be_left_out(tmp_path: Path) -> None:
    render(with_docx_key(tmp_path, "toc: false"), tmp_path, ["docx"])
    assert Document(tmp_path / "nwl-report.docx").texts("TOC1") == []


def test_reference_document_is_the_same_each_time_and_its_title_is_text() -> None:
    made = reference_document('A & B <i>"quoted"</i>')
    reference_document.cache_clear()
    assert reference_document('A & B <i>"quoted"</i>') == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        footer = etree.fromstring(archive.read("word/footer1.xml"))
        styles = etree.fromstring(archive.read("word/styles.xml"))
    assert next(footer.iter(f"{W}t")).text == 'A & B <i>"quoted"</i>'
    names = [each.find(f"{W}name").get(f"{W}val").lower() for each in styles.iter(f"{W}style")]
    assert len(names) == len(set(names))
    fonts = {each.get(f"{W}ascii") for each in styles.find(f"{W}docDefaults").iter(f"{W}rFonts")}
    assert fonts == {"Open Sans"}


def test_damaged_image_in_the_cache_is_drawn_again(tmp_path: Path) -> None:
    drawn = as_png({"a.svg": SVG}, tmp_path / "none", tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-20])
    assert as_png({"a.svg": SVG}, tmp_path / "none", tmp_path / "cache") == drawn
    assert kept.read_bytes() == whole
    assert as_png({"a.svg": SVG}, tmp_path / "none", None) == drawn


def test_image_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="an image cannot be drawn for Word"):
        as_png({"a.svg": b"<svg"}, tmp_path, None)


def columns(*rows: tuple[str, ...]) -> list[float]:
    head, *body = (
        "".join(f"<{tag}>{cell}</{tag}>" for cell in row)
        for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)
    )
    lines = "".join(f"<tr>{row}</tr>" for row in body)
    markup = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return column_shares(read_table(markup))


def test_columns_share_the_line_by_what_they_hold() -> None:
    narrow = columns(("Case", "Days"), ("Best", "0"), ("Worst", "214"))
    assert sum(narrow) < 0.3
    long = "The long text of a cell that needs more than one line of print, and then some more"
    first, second, third = columns(("What", "Value", "Remark"), (long, "1,234.5", "A short one"))
    assert first + second + third == pytest.approx(1)
    assert first > 0.5 > third > second
    many = columns(tuple("Quarter of" for _ in range(10)), tuple("1,234.5" for _ in range(10)))
    assert many == pytest.approx([0.1] * 10)
