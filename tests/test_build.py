"""A build from notebooks and evidence to a published site, and what others rely on in it."""

import ast
import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from builder_books import (
    BEDS,
    ROOT,
    RealBook,
    build_book,
    contents,
    copied_sources,
    entered,
    make_real_book,
    publish_stand_in,
)
from lxml import html
from tiny_project import code, write_notebook

from nwlbook.browser import find_browser
from nwlbook.build import Build
from nwlbook.errors import BuildError, InputError
from nwlbook.progress import Progress
from nwlbook.request import Request

pytest_plugins = ["builder_fixtures"]

NET_BENEFIT = (
    "area,scenario,year,line,published_gbp_m,model_gbp_m,difference_gbp_m,source_id,locator"
)
RECONCILIATION = (
    "check_id,statement,published,recomputed,difference,tolerance,status,source_id,locator"
)
HEADERS = {
    "net-benefit.csv": NET_BENEFIT,
    "payback.csv": "area,scenario,published_days,model_days",
    "reconciliation.csv": RECONCILIATION,
}
CHAPTERS = [
    "index",
    "notebooks/benefits",
    "notebooks/benefits-model",
    "notebooks/reconciliation",
] + [
    f"notebooks/borough-profile-{slug}"
    for slug in (
        "brent",
        "ealing",
        "hammersmith-and-fulham",
        "harrow",
        "hillingdon",
        "hounslow",
        "kensington-and-chelsea",
        "westminster",
    )
]
SHOW_CHART = """\
import plotly.graph_objects as go
from helpers.figures import show_figure

show_figure(
    go.Figure(go.Bar(x=beds["area"], y=beds["beds"])),
    label="fig-beds", finding="Brent has most beds", subtitle="Beds by borough",
    alternative="Two bars of which the one of Brent is the longer.", data=beds,
    columns={"area": "Borough", "beds": "Beds"}, sources=[beds],
)"""


def manifest_of(root: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((root / "outputs" / "manifest.json").read_text())
    return manifest


def build(root: Path, **request: Any) -> Path:
    given = {"formats": ("html",), "engine": "embedded"} | request
    return Build(Request(root=root, **given), Progress(quiet=True)).run()


def parsed(page: Path) -> html.HtmlElement:
    return html.fromstring(page.read_bytes())


def texts(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


@pytest.mark.build
class TestRealBook:
    """The book of some of the real notebooks over all of the real evidence."""

    def test_every_chapter_has_its_page_and_the_book_its_pdf(self, real_book: RealBook) -> None:
        for name in CHAPTERS:
            assert (real_book.site / f"{name}.html").is_file(), name
        pdf = (real_book.site / "nwl-report.pdf").read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert len(pdf) > 50_000

    @pytest.mark.parametrize("name", HEADERS)
    def test_named_data_has_the_columns_that_others_rely_on(
        self, real_book: RealBook, name: str
    ) -> None:
        with (real_book.site / "data" / name).open(newline="") as lines:
            header, *rows = csv.reader(lines)
        assert ",".join(header) == HEADERS[name]
        assert len(rows) > 8
        assert {len(row) for row in rows} == {len(header)}

    def test_every_figure_and_table_has_its_data(self, real_book: RealBook) -> None:
        labels = [
            label
            for name in CHAPTERS
            for label in parsed(real_book.site / f"{name}.html").xpath("//figure/@id")
        ]
        assert len(labels) > 30
        for label in labels:
            assert (real_book.site / "data" / f"{label}.csv").read_text().count("\n") > 1, label

    def test_manifest_says_what_was_built_from_what(self, real_book: RealBook) -> None:
        manifest = manifest_of(real_book.root)
        assert [edition["slug"] for edition in manifest["editions"]] == ["nwl"]
        assert manifest["formats"] == ["html", "pdf"]
        assert manifest["engine"]["name"] in {"quarto", "embedded"}
        assert manifest["engine"]["versions"]
        assert len(manifest["runs"]) == len(CHAPTERS)
        for run in manifest["runs"]:
            assert set(run) >= {"notebook", "parameters", "key", "seconds", "cached"}
            assert (real_book.root / run["notebook"]).is_file()
        assert {"evidence", "plan", "execute", "images", "stage", "render", "check"} <= set(
            manifest["seconds"]
        )
        assert manifest["warnings"] == [] or find_browser() is None

    def test_staged_project_stands_alone(self, real_book: RealBook) -> None:
        project = real_book.root / "outputs" / "project" / "nwl"
        configuration = yaml.safe_load((project / "_quarto.yml").read_text())
        assert configuration["execute"]["enabled"] is False
        for name in CHAPTERS:
            assert len(list(project.glob(f"{name}.*"))) == 1, name
        for file in project.rglob("*"):
            if file.suffix in {".qmd", ".ipynb", ".yml"}:
                text = file.read_text()
                assert str(real_book.root) not in text, file.name
                assert "`{python}" not in text, file.name

    def test_each_build_has_a_log(self, real_book: RealBook) -> None:
        logs = sorted((real_book.root / "outputs" / "logs").glob("*.log"))
        said = logs[0].read_text()
        assert said.count("INFO run ") == len(CHAPTERS)
        assert "INFO publish" in said

    def test_sources_are_left_as_they_were(self, real_book: RealBook) -> None:
        assert copied_sources(real_book.root) == real_book.sources

    def test_repeated_chapters_share_no_label_and_tell_each_their_own(
        self, real_book: RealBook
    ) -> None:
        pages = [
            parsed(real_book.site / f"notebooks/borough-profile-{slug}.html")
            for slug in ("brent", "westminster")
        ]
        for page in pages:
            assert max(Counter(page.xpath("//@id")).values()) == 1
        brent, westminster = pages
        own = "//main//*[@id and not(ancestor::svg)]/@id"
        shared = set(brent.xpath(own)) & set(westminster.xpath(own))
        assert not {each for each in shared if re.match(r"(fig|tbl|sec|chart-fig)-", each)}
        for path in (
            "//main//figcaption",
            "//main//*[@role='group'][contains(@class, 'nwl-chart')]",
            "//main//p[not(ancestor::figure)][not(ancestor::*[contains(@class, 'nwl-notes')])]",
        ):
            first, second = texts(brent, path), texts(westminster, path)
            assert first, path
            assert first != second, path
        alternatives = [page.xpath("//main//img/@alt") for page in pages]
        assert alternatives[0]
        assert len(alternatives[0]) == len(alternatives[1])
        assert alternatives[0] != alternatives[1]
        numbers = [re.findall(r"\d[\d,.]*", " ".join(texts(page, "//main//li"))) for page in pages]
        assert numbers[0]
        assert numbers[0] != numbers[1]

    def test_second_build_runs_nothing_and_gives_the_same_bytes(self, real_book: RealBook) -> None:
        before = contents(real_book.site)
        first = real_book.site.resolve()
        build_book(real_book.root)
        assert real_book.site.resolve() != first
        runs = manifest_of(real_book.root)["runs"]
        assert [run["notebook"] for run in runs if not run["cached"]] == []
        assert contents(real_book.site) == before


@pytest.mark.build
def test_two_builds_from_nothing_in_two_places_give_the_same_bytes(tmp_path: Path) -> None:
    roots = (tmp_path / "one", tmp_path / "another place")
    for root in roots:
        with entered(make_real_book(root, "borough-profile")):
            build(root, editions=("harrow",), formats=("html", "pdf"))
        assert not any(run["cached"] for run in manifest_of(root)["runs"])
    for name in ("site", "project"):
        one, other = (contents(root / "outputs" / name) for root in roots)
        assert set(one) == set(other)
        assert [file for file in one if one[file] != other[file]] == []
        assert any(file.endswith(".svg") for file in one) or find_browser() is None
    assert (roots[0] / "outputs/site/editions/harrow/nwl-report-harrow.pdf").is_file()


@pytest.mark.build
def test_editions_are_built_beside_each_other(book: Path) -> None:
    first = build(book, editions=("nwl", "ealing"), formats=("html", "pdf"))
    site = book / "outputs" / "site"
    assert first == site / "editions" / "ealing" / "index.html"
    assert (site / "notebooks" / "profile-brent.html").is_file()
    assert (site / "beds.pdf").read_bytes().startswith(b"%PDF-")
    edition = site / "editions" / "ealing"
    assert (edition / "beds-ealing.pdf").read_bytes().startswith(b"%PDF-")
    assert (edition / "data" / "tbl-profile-ealing.csv").read_text() == (
        "area,beds,source_id,locator\nealing,80,survey,Table 1\n"
    )
    assert not (edition / "notebooks" / "profile-brent.html").exists()
    assert "beds of Ealing" in " ".join(texts(parsed(edition / "index.html"), "//main"))
    assert "beds of North West London" in " ".join(texts(parsed(site / "index.html"), "//main"))
    assert {item.name for item in (book / "outputs" / "project").iterdir()} == {"nwl", "ealing"}
    # The chapter on Ealing is the same run in both books.
    notebooks = [run["notebook"] for run in manifest_of(book)["runs"]]
    assert notebooks.count("notebooks/profile.ipynb") == 2


@pytest.mark.build
def test_change_of_one_table_runs_again_what_used_it_alone(book: Path) -> None:
    build(book)
    (book / "data" / "areas.csv").write_text(
        (book / "data" / "areas.csv").read_text().replace("Ealing", "Ealing town")
    )
    with entered(book):
        build(book)
    again = {run["id"] for run in manifest_of(book)["runs"] if not run["cached"]}
    assert again == {"index-nwl", "profile-brent", "profile-ealing"}


@pytest.mark.build
def test_problem_in_the_built_site_fails_the_build_and_the_last_site_stays(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish_stand_in(book)
    monkeypatch.setattr("nwlbook.checks.page_problems", lambda *_, **__: ["a.html: empty", "b"])
    with pytest.raises(BuildError) as caught:
        build(book)
    assert str(caught.value) == "nwl: 2 problems in the built site; the first: a.html: empty"
    assert contents(book / "outputs" / "site") == before


@pytest.mark.build
@pytest.mark.filterwarnings("ignore:no Chromium found")
def test_book_without_a_browser_is_built_and_says_what_is_missing(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nwlbook.images.find_browser", lambda: None)
    write_notebook(book, "beds", *BEDS, code(SHOW_CHART))
    build(book)
    (warning,) = manifest_of(book)["warnings"]
    assert warning.startswith("no browser found")
    page = parsed(book / "outputs" / "site" / "notebooks" / "beds.html")
    assert page.xpath("//*[@id='chart-fig-beds']")
    assert not page.xpath("//img")


def test_priority_is_no_parameter_of_a_book(book: Path) -> None:
    with pytest.raises(InputError, match=r"^-p priority: every edition has all priorities"):
        build(book, parameters={"priority": "2"})


def test_refused_input_leaves_no_trace_of_a_build(book: Path) -> None:
    with pytest.raises(InputError):
        build(book, parameters={"scenario": "none"})
    assert not (book / "outputs" / "builds").exists()


def test_downloads_under_fixed_names_are_each_offered_once() -> None:
    offered = Counter(
        keyword.value.value
        for file in (ROOT / "notebooks").glob("*.ipynb")
        for cell in json.loads(file.read_text())["cells"]
        if cell["cell_type"] == "code"
        for node in ast.walk(ast.parse("".join(cell["source"])))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "offer_download"
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    )
    assert max(offered.values()) == 1
    assert set(offered) >= {
        "net-benefit",
        "payback",
        "reconciliation",
        "trajectories",
        "borough-facts",
        "sources",
    }
