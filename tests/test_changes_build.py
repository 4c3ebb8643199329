"""Two builds of one book between which a cell of the evidence changed, end to end."""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from builder_books import BEDS, SHOW_BEDS, Command, contents, edit, entered, make_book
from lxml import html
from tiny_project import code, write_notebook

from nwlbook.build import Build
from nwlbook.document_checks import document_text
from nwlbook.earlier_build import read_earlier
from nwlbook.errors import InputError
from nwlbook.figures_record import NAME, summary_of
from nwlbook.progress import Progress
from nwlbook.request import Request

pytest_plugins = ["builder_fixtures"]
pytestmark = pytest.mark.build

CAPTION = 'Beds | {{ pagebreak }} @fig-x $y$ <script>alert("x")</script> `c` [a](b)'
KEY = 'Ward | {{ pagebreak }} @fig-x $y$ <script>alert("x")</script>'
HOSTILE = code(
    "wards = beds.assign(ward=[" + repr(KEY) + ", 'Other'])\n"
    + SHOW_BEDS.replace("beds, label", "wards, label")
    .replace("tbl-beds", "tbl-wards")
    .replace('"Beds by borough"', repr(CAPTION))
    .replace('"area": "Borough"', '"ward": "Ward"')
    .replace("sources=[beds]", "sources=[wards]")
)  # fmt: skip
FORMATS = ("html", "pdf", "docx", "epub")


@dataclass(frozen=True)
class Twice:
    """A book that was built, changed, and built again."""

    root: Path
    first: Path

    @property
    def outputs(self) -> Path:
        """Return the folder of the second build."""
        return self.root / "outputs"

    @property
    def site(self) -> Path:
        """Return the site of the second build."""
        return self.outputs / "site"


def build(root: Path, since: Path | None, *editions: str, **given: object) -> None:
    request = Request(root=root, editions=("nwl", *editions), since=since, **given)  # type: ignore[arg-type]
    Build(request, Progress(quiet=True)).run()


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    """Build a book, keep a copy of its site, change a cell, and build it again."""
    base = tmp_path_factory.mktemp("twice")
    root = make_book(base / "book")
    write_notebook(root, "beds", *BEDS, HOSTILE)
    with entered(root):
        build(root, None, "brent", formats=("html",))
        shutil.copytree(root / "outputs" / "site", base / "first")
        edit(root / "data" / "beds.csv", "100", "120")
    with entered(root):
        build(root, root / "outputs", "brent", "ealing", formats=FORMATS)
        yield Twice(root, base / "first")


def page(site: Path) -> html.HtmlElement:
    tree = html.fromstring((site / "changes.html").read_bytes())
    return tree.find(".//main")


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_page_tells_what_moved_and_links_to_it(twice: Twice) -> None:
    main = page(twice.site)
    assert "Evidence, changed: data/beds.csv" in words(main)
    assert "Table 1.1: 1 of 2 values moved." in words(main)
    assert main.xpath("//main//a[@href='notebooks/beds.html#tbl-beds']")
    (table,) = main.xpath("//figure[@id='tbl-changes-of-tbl-beds']//table")
    assert [words(cell) for cell in table.iter("td", "th")] == [
        *("Value", "Before", "Now", "Change"),
        *("brent: Beds", "100", "120", "+20 (+20%)"),
    ]
    # What names the table to a screen reader is its caption.
    assert table.get("aria-labelledby") == "tbl-changes-of-tbl-beds-caption"
    assert "without a caption" not in html.tostring(main, encoding="unicode")


def test_only_what_moved_is_told(twice: Twice) -> None:
    with (twice.site / "data" / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["label"], row["before"], row["after"], row["difference"]) for row in rows} == {
        (label, "100", "120", "20") for label in ("tbl-beds", "tbl-wards", "tbl-profile-brent")
    }


def test_hostile_captions_and_keys_are_text(twice: Twice) -> None:
    main = page(twice.site)
    captions = [words(caption) for caption in main.iter("figcaption")]
    assert any(caption.endswith(f"What moved: {CAPTION}.") for caption in captions), captions
    assert f"{KEY}: Beds" in {words(cell) for cell in main.iter("th")}
    assert not main.xpath("//main//script[not(@type='application/json')]")


@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_documents_have_the_page(twice: Twice, ending: str) -> None:
    text = document_text(twice.site / f"beds.{ending}")
    for told in ("What has changed", "1 of 2 values moved", "+20 (+20%)"):
        assert told in text


def test_edition_is_compared_with_the_same_edition(twice: Twice) -> None:
    own = words(page(twice.site / "editions" / "brent"))
    assert "1 of 1 values moved" in own
    assert "has no edition ealing" in words(page(twice.site / "editions" / "ealing"))
    assert not (twice.site / "editions" / "ealing" / "data" / "changes.csv").exists()


def test_manifest_points_at_the_record_of_each_edition(twice: Twice) -> None:
    said = json.loads((twice.outputs / "manifest.json").read_text())["figures"]
    assert set(said) == {"nwl", "brent", "ealing"}
    summary = summary_of(twice.site / NAME)
    assert said["nwl"] == {"count": summary.count, "sha256": summary.sha256}
    assert summary.count == 4
    assert set(read_earlier(twice.outputs).editions) == {"nwl", "brent", "ealing"}


def test_copy_of_the_site_gives_the_same_page_as_the_build(twice: Twice) -> None:
    before = contents(twice.site)
    build(twice.root, twice.first, "brent", "ealing", formats=FORMATS)
    assert contents(twice.site) == before


def test_page_says_whether_and_with_what_the_book_was_compared(twice: Twice) -> None:
    into = twice.root.parent / "into"
    build(twice.root, None, formats=("html",), into=into)
    assert "was not compared with an earlier one" in words(page(into / "site"))
    build(twice.root, into, formats=("html",), into=into)
    assert "Nothing has moved: all 4 figures" in words(page(into / "site"))


def test_other_parameters_are_told(twice: Twice) -> None:
    into = twice.root.parent / "worst"
    build(twice.root, twice.outputs, formats=("html",), into=into, parameters={"scenario": "worst"})
    assert "Parameter scenario: was mid, is worst" in words(page(into / "site"))


def test_damaged_earlier_build_is_refused_and_the_last_site_stays(twice: Twice) -> None:
    copy = shutil.copytree(twice.first, twice.root.parent / "damaged")
    (copy / "data" / "tbl-beds.csv").write_text("area,beds\nbrent,1\n")
    before = contents(twice.site)
    with pytest.raises(InputError, match=r"^--since: .*tbl-beds\.csv: is not the data that"):
        build(twice.root, copy, formats=("html",))
    assert contents(twice.site) == before


def test_earlier_build_that_is_none_is_refused_before_anything_runs(
    twice: Twice, command: Command
) -> None:
    before = contents(twice.outputs / "builds")
    outcome = command("build", "--since", "nowhere")
    assert (outcome.code, outcome.error) == (2, "error: --since nowhere: not found\n")
    assert contents(twice.outputs / "builds") == before


def test_figure_is_explained_down_to_its_source(twice: Twice, command: Command) -> None:
    asked = command("explain", "tbl-beds")
    assert asked.code == 0
    assert asked.out.splitlines()[:4] == [
        "Table 1.1    tbl-beds",
        "Title        Beds by borough",
        "Page         outputs/site/notebooks/beds.html#tbl-beds",
        "Made by      notebooks/beds.ipynb, cell 4 (cell-3)",
    ]
    for told in (
        "scenario=mid",
        "outputs/site/data/tbl-beds.csv: two rows of area, beds, source_id, locator",
        "data/beds.csv: 2 of 2 rows",
        "Survey of beds",
        "Table 1",
    ):
        assert told in asked.out
    for same in ("Table 1.1", "table  1.1", "tbl-beds.csv", "data/tbl-beds.csv", "@tbl-beds"):
        assert command("explain", same).out == asked.out
    address = f"file://{twice.site}/notebooks/beds.html#tbl-beds"
    assert command("explain", address).out == asked.out


def test_edition_is_taken_from_the_option_or_the_address(twice: Twice, command: Command) -> None:
    asked = command("explain", "tbl-profile-brent", "--edition", "brent")
    assert "outputs/site/editions/brent/notebooks/profile-brent.html" in asked.out
    address = "https://example.org/editions/brent/notebooks/profile-brent.html#tbl-profile-brent"
    assert command("explain", address).out == asked.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["tbl-bed"], "no figure, table or download 'tbl-bed': did you mean tbl-beds"),
        (["Table 1.9"], "no figure, table or download 'Table 1.9': did you mean Table 1."),
        (["?!"], "'?!': expected a label such as fig-name"),
        (["tbl-beds", "--edition", "harrow"], "--edition harrow: not in the last build: expected"),
        (["tbl-beds", "--edition", "../.."], "--edition ../..: not in the last build: expected"),
    ],
)
def test_what_cannot_be_explained_is_one_line(
    twice: Twice, command: Command, arguments: list[str], told: str
) -> None:
    outcome = command("explain", *arguments)
    assert (outcome.code, outcome.out, outcome.error.count("\n")) == (2, "", 1)
    assert told in outcome.error


def test_evidence_that_changed_since_is_said(twice: Twice, command: Command) -> None:
    file = twice.root / "data" / "beds.csv"
    before = file.read_text()
    edit(file, "80", "90")
    said = command("explain", "tbl-beds").out
    file.write_text(before)
    assert "data/beds.csv: 2 of 2 rows; changed since the book was built" in said


def test_without_a_book_there_is_nothing_to_explain(book: Path, command: Command) -> None:
    outcome = command("explain", "tbl-beds")
    assert outcome.code == 2
    assert "no book with a record of its figures is built" in outcome.error
