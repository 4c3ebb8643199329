"""The whole engine on a realistic staged book."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from nwlbook.embedded.policy import POLICY
from nwlbook.embedded.render import RenderReport, render

STAGED = Path(__file__).parent / "fixtures" / "staged"
CASE = "notebooks/case-for-change.html"
BRENT = "notebooks/borough-profile-brent.html"
SOURCES = "notebooks/sources.html"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("staged") / "project"
    shutil.copytree(STAGED, folder)
    (folder / "assets").mkdir()
    for name in ("charts.js", "charts.css", "minisearch.js"):
        (folder / "assets" / name).write_text("/* stand-in */\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rendered(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderReport]:
    output = tmp_path_factory.mktemp("site")
    return output, render(project, output, ["html"])


@pytest.fixture(scope="module")
def site(rendered: tuple[Path, RenderReport]) -> Path:
    return rendered[0]


def page(site: Path, name: str) -> str:
    return (site / name).read_text(encoding="utf-8")


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> Iterator[dict[str, str]]:
        return (attributes for name, attributes in self.found if name == tag)


def test_who_waits_for_the_pages_is_told_when_all_are_there(project: Path, tmp_path: Path) -> None:
    there: list[list[str]] = []

    def look() -> None:
        there.append(sorted(path.name for path in tmp_path.rglob("*.html")))

    render(project, tmp_path, ["html"], on_pages=look)
    assert there == [sorted(path.name for path in tmp_path.rglob("*.html"))]
    assert there[0]


def test_every_chapter_becomes_a_page_at_the_place_of_its_source(
    rendered: tuple[Path, RenderReport],
) -> None:
    site, report = rendered
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert pages - {"assets/head.html"} == {"index.html", CASE, BRENT, SOURCES}
    assert report.pages == 4
    assert set(report.seconds) == {"read", "number", "cite", "html"}


def test_chapters_sections_figures_and_tables_are_numbered_by_chapter(site: Path) -> None:
    case, brent = page(site, CASE), page(site, BRENT)
    assert "Chapter\u00a01</span> The case for change" in case
    assert re.search(r'<h2 id="sec-benefits"><span class="section-number">1\.2</span>', case)
    assert re.search(r'<h3 id="what-drives-it"><span class="section-number">1\.1\.1</span>', case)
    assert '<h2 class="unnumbered" id="unnumbered-remarks">Unnumbered remarks' in case
    assert "Figure\u00a01.1:</span> Ealing spends most" in case
    assert "Table\u00a01.1:</span> Net benefit" in case
    assert "Figure\u00a02.2:</span> The area: <em>eight</em> boroughs" in brent
    assert "Table\u00a02.2:</span> A table of Markdown" in brent


def test_an_appendix_has_a_letter_and_an_unnumbered_chapter_has_nothing(site: Path) -> None:
    assert "Appendix\u00a0A</span> Sources and methods" in page(site, SOURCES)
    assert '<span class="section-number">A.1</span>' in page(site, SOURCES)
    assert 'class="chapter-number"' not in page(site, "index.html")


def test_references_lead_to_other_chapters(site: Path) -> None:
    brent = page(site, BRENT)
    links = dict(re.findall(r'<a href="([^"]*)" class="reference">([^<]*)</a>', brent))
    assert links["#fig-growth-brent"] == "Figure\u00a02.1"
    assert links["case-for-change.html#sec-case"] == "Chapter\u00a01"
    assert links["case-for-change.html#sec-spending"] == "Section\u00a01.1"
    assert links["case-for-change.html#fig-cost"] == "Figure\u00a01.1"
    assert 'href="../index.html">start</a>' in brent
    assert 'href="case-for-change.html#sec-benefits">benefits</a>' in brent
    index = page(site, "index.html")
    assert 'href="notebooks/borough-profile-brent.html#sec-growth-brent"' in index
    assert 'href="notebooks/case-for-change.html">the case</a>' in index


def test_forms_of_reference(site: Path) -> None:
    case, brent = page(site, CASE), page(site, BRENT)
    assert '<a href="#tbl-benefit" class="reference">1.1</a>' in case  # -@tbl-benefit
    assert '<a href="#eq-npv" class="reference">Equation\u00a01.1</a>' in case
    assert '<a href="sources.html#sec-sources" class="reference">Appendix\u00a0A</a>' in case
    assert "Figure\u00a01.1</a>, <a" in brent  # [@fig-cost; @tbl-benefit]
    assert '<a href="#tbl-wide-brent" class="reference">see\u00a02.1</a>' in brent


def test_citations_lead_to_the_list_of_references(site: Path) -> None:
    assert 'href="sources.html#ref-case2009"' in page(site, CASE)
    assert 'id="ref-case2009"' in page(site, SOURCES)


def test_links_lead_somewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        for attributes in Elements(path.read_text(encoding="utf-8")).all("a"):
            file, _, anchor = attributes["href"].partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target.is_file(), f"{path.name}: {attributes['href']}"
            if anchor:
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), attributes["href"]


def test_nothing_is_loaded_from_elsewhere_and_no_script_is_inline(site: Path) -> None:
    for path in site.rglob("*.html"):
        elements = Elements(path.read_text(encoding="utf-8"))
        for attributes in elements.all("script"):
            is_data = attributes.get("type") == "application/json"
            assert is_data or (path.parent / attributes["src"]).is_file()
        for tag, attributes in elements.found:
            assert tag != "style"
            assert not any(name.startswith("on") for name in attributes)
            for name in ("src", "href", "srcset"):
                address = attributes.get(name, "")
                assert not re.match(r"//|/" if tag == "a" else r"https?:|/", address), address


def test_the_policy_is_the_first_thing_a_page_says(site: Path) -> None:
    for name in ("index.html", CASE):
        text = page(site, name)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        assert meta in text
        assert text.index(meta) < text.index("<script")


def test_hostile_text_in_captions_and_cells_stays_text(site: Path) -> None:
    case = page(site, CASE)
    assert "&lt;script&gt;alert(‘caption’)&lt;/script&gt;" in case
    assert "&lt;script&gt;alert(&#x27;cell&#x27;)&lt;/script&gt;" in case
    assert "<script>alert" not in case


def test_page_has_language_landmarks_title_and_one_level_1_heading(site: Path) -> None:
    elements = Elements(page(site, CASE))
    assert next(elements.all("html"))["lang"] == "en-GB"
    assert len(list(elements.all("h1"))) == len(list(elements.all("main"))) == 1
    names = [attributes["aria-label"] for attributes in elements.all("nav")]
    assert len(names) == len(set(names))
    assert "<title>1 The case for change – North West London report book</title>" in page(
        site, CASE
    )
    levels = [int(tag[1]) for tag, _ in elements.found if re.fullmatch("h[1-6]", tag)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_tables_scroll_in_named_regions(site: Path) -> None:
    for name in (CASE, BRENT):
        elements = Elements(page(site, name))
        regions = [one for one in elements.all("div") if one.get("class") == "table-scroll"]
        assert len(regions) == len(list(elements.all("table"))) > 1
        named = [one.get("aria-labelledby") or one["aria-label"] for one in regions]
        assert len(named) == len(set(named))
        assert all(one["tabindex"] == "0" and one["role"] == "region" for one in regions)


def test_content_for_other_formats_is_left_out(site: Path) -> None:
    case = page(site, CASE)
    assert "Only on the web." in case
    assert "Raw for the web." in case
    assert "Only in print." not in case
    assert "Hidden on the web." not in case
    assert "Raw for print." not in case


def test_code_and_outputs(site: Path) -> None:
    case = page(site, CASE)
    assert "<summary>How it is computed</summary>" in case
    assert '<span class="kn">import</span>' in case
    assert '<pre class="output" tabindex="0"><code>17.75</code></pre>' in case
    assert "Printed as <strong>Markdown</strong>" in case
    assert "never shown" not in case
    assert "that drew the chart" not in case  # echo: false


def test_included_text_is_resolved_like_the_chapters_own(site: Path) -> None:
    assert "included from a file of its own" in page(site, CASE)
    assert re.search(
        r'reference to <a href="#sec-benefits" class="reference">Section', page(site, CASE)
    )


def test_sidebar_names_every_chapter_and_marks_the_current_one(site: Path) -> None:
    for name, up in (("index.html", ""), (CASE, "../")):
        text = page(site, name)
        sidebar = text[text.index('id="chapters"') : text.index("<main")]
        for target in ("index.html", CASE, BRENT, SOURCES):
            assert f'href="{up}{target}"' in sidebar
        assert sidebar.count('aria-current="page"') == 1
        for part in ("The case", "Borough profiles", "Appendices"):
            assert f'class="part-title" disabled>{part}</button>' in sidebar


def test_previous_and_next(site: Path) -> None:
    brent = page(site, BRENT)
    assert 'rel="prev" href="../notebooks/case-for-change.html"' in brent
    assert 'rel="next" href="../notebooks/sources.html"' in brent
    assert 'rel="next"' not in page(site, SOURCES)


def test_files_are_copied(site: Path) -> None:
    for name in (
        "data/fig-cost.csv",
        "figures/fig-cost.svg",
        "assets/charts.js",
        "assets/book/book.css",
        "assets/book/theme.js",
    ):
        assert (site / name).stat().st_size > 0


def test_search_index_has_every_section_and_only_what_the_page_shows(site: Path) -> None:
    script = page(site, "search-index.js")
    entries = json.loads(script.removeprefix("window.nwlbookSearchIndex = ").rstrip(";\n"))
    by_address = {entry["href"]: entry for entry in entries}
    assert "discounts each year" in by_address[f"{CASE}#sec-benefits"]["text"]
    assert by_address[f"{CASE}#sec-benefits"]["chapter"] == "The case for change"
    assert "Ealing spends most" in by_address[f"{CASE}#sec-spending"]["text"]
    everything = json.dumps(entries)
    assert "Only on the web." in everything
    assert "Only in print." not in everything


def test_only_built_formats_are_offered_for_download(site: Path) -> None:
    assert "nwl-report.pdf" not in page(site, CASE)


def test_a_heading_that_skips_a_level_is_mended_and_reported(
    rendered: tuple[Path, RenderReport],
) -> None:
    site, report = rendered
    assert '<h3 id="a-heading-that-skips"><span class="section-number">2.2.1</span>' in page(
        site, BRENT
    )
    assert len(report.warnings) == 1
    assert "borough-profile-brent.ipynb, cell 5" in report.warnings[0]


def test_same_inputs_same_bytes(project: Path, site: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    render(project, tmp_path, ["html"], jobs=1)
    first = {path.relative_to(site): path.read_bytes() for path in site.rglob("*.*")}
    second = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert first == second
    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert after == before, "the staged project was written to"
