"""More boroughs than eight: added by data alone, they get their chapters and their editions."""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from builder_books import ROOT, Command, contents, entered, make_real_book
from lxml import html

from nwlbook.book import read_book
from nwlbook.build import Build
from nwlbook.cache import RunCache
from nwlbook.execute import execute
from nwlbook.parameters import read_domains, validated
from nwlbook.plan import Edition, plan_edition, runs_of
from nwlbook.progress import Progress
from nwlbook.request import Request
from nwlbook.validation import evidence_problems

pytest_plugins = ["builder_fixtures"]

NINTH, TENTH = "nowhere-9", "nowhere-10-and-elsewhere"
CHAPTERS = ("borough-profile", "borough-comparison")


def load_synthetic() -> ModuleType:
    """Load the module of the benchmarks, which are no package."""
    file = ROOT / "benchmarks" / "synthetic.py"
    specification = importlib.util.spec_from_file_location("synthetic", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["synthetic"] = module
    specification.loader.exec_module(module)
    return module


synthetic = load_synthetic()


def rows(root: Path, path: str) -> list[dict[str, str]]:
    with (root / "data" / path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def plan(root: Path, borough: str) -> Edition:
    domains = read_domains()
    return plan_edition(read_book(root), validated({"borough": borough}, domains), domains)


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Path]:
    """A copy of the evidence with the chapters on boroughs, entered."""
    with entered(make_real_book(tmp_path / "book", *CHAPTERS)) as root:
        yield root


def test_data_alone_adds_areas_and_always_the_same(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        root = make_real_book(tmp_path / name, *CHAPTERS)
        before = contents(root)
        assert synthetic.add_boroughs(root, 2) == [NINTH, TENTH]
        after = contents(root)
        assert set(after) == set(before)
        changed = {file for file in before if after[file] != before[file]}
        assert "data/reference/areas.csv" in changed
        assert all(file.startswith("data/") for file in changed)
        assert {file.rpartition(".")[2] for file in changed} == {"csv", "geojson"}
        made.append(after)
    assert made[0] == made[1]


def test_ninth_is_like_no_other(copied: Path) -> None:
    synthetic.add_boroughs(copied, 1)
    for path, column in (
        ("official-statistics/population.csv", "persons"),
        ("official-statistics/deprivation.csv", "average_score"),
        ("partnership-2009/net-benefit-summary.csv", "net_benefit_gbp_m"),
        ("partnership-2009/current-costs.csv", "annual_cost_gbp_m"),
    ):
        held = rows(copied, path)
        own = [row[column] for row in held if row["area"] == NINTH]
        assert own, path
        others: dict[str, list[str]] = {}
        for row in held:
            others.setdefault(row["area"], []).append(row[column])
        assert [area for area, values in others.items() if values == own] == [NINTH], path


@pytest.mark.parametrize("count", [1, 25])
def test_shares_and_contributions_still_add_up(copied: Path, count: int) -> None:
    synthetic.add_boroughs(copied, count)
    shares = [
        float(row["share_percent"])
        for row in rows(copied, "partnership-2009/contribution-shares.csv")
        if row["area"] != "nwl"
    ]
    assert len(shares) == 8 + count
    assert min(shares) > 0
    assert sum(shares) == pytest.approx(100, abs=1e-9)
    paid = rows(copied, "partnership-2009/contributions.csv")
    for year in {row["year"] for row in paid}:
        amounts = {
            row["area"]: float(row["contribution_gbp_m"]) for row in paid if row["year"] == year
        }
        whole = amounts.pop("nwl")
        assert len(amounts) == 8 + count
        assert sum(amounts.values()) == pytest.approx(whole, abs=0.005 * (8 + count))


@pytest.mark.parametrize("count", [1, 25])
def test_evidence_of_more_boroughs_is_valid(copied: Path, count: int) -> None:
    synthetic.add_boroughs(copied, count)
    assert list(evidence_problems(copied)) == []
    assert len(read_domains().boroughs) == 8 + count


def test_evidence_that_knows_but_names_and_shapes_is_valid(copied: Path) -> None:
    synthetic.add_boroughs(copied, 1, bare=True)
    assert list(evidence_problems(copied)) == []
    assert NINTH not in {row["area"] for row in rows(copied, "official-statistics/population.csv")}


def test_borough_without_a_shape_is_refused(copied: Path) -> None:
    """The check of the evidence knows of the ninth, too."""
    drawn = copied / "data" / "reference" / "borough-boundaries.geojson"
    before = drawn.read_bytes()
    synthetic.add_boroughs(copied, 1)
    drawn.write_bytes(before)
    (problem,) = evidence_problems(copied)
    assert f"no feature of the area '{NINTH}'" in problem


def whole_project(root: Path) -> Path:
    """Copy every chapter and all evidence."""
    make_real_book(root)
    for name in ("_quarto.yml", "index.qmd", "accessibility.qmd"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    return root


@pytest.mark.build
def test_check_of_the_whole_project_with_a_ninth_borough_is_clean(
    tmp_path: Path, command: Command
) -> None:
    root = whole_project(tmp_path / "book")
    synthetic.add_boroughs(root, 1)
    with entered(root):
        outcome = command("check")
        assert outcome.code == 0, outcome.out
        sector, own = plan(root, "nwl"), plan(root, NINTH)
    name = f"notebooks/borough-profile-{NINTH}.ipynb"
    assert [each.target for each in sector.chapters].count(name) == 1
    about = [each.target for each in own.chapters if "borough-profile" in each.target]
    assert about == [name]
    # The part on the borough is in front.
    parts = [chapter.entry.part for chapter in own.chapters]
    assert parts[0] is None
    assert parts[1] == next(each.entry.part for each in own.chapters if each.suffix == NINTH)
    assert own.name == "Nowhere 9"


def test_every_borough_of_33_has_its_chapter_and_edition(copied: Path) -> None:
    made = synthetic.add_boroughs(copied, 25)
    domains = read_domains()
    editions = [plan(copied, slug) for slug in ("nwl", *domains.boroughs)]
    assert len(editions) == 34
    profiles = [
        chapter.suffix
        for chapter in editions[0].chapters
        if chapter.entry.stem == "borough-profile"
    ]
    assert profiles == list(domains.boroughs)
    assert profiles[8:] == made
    for edition in editions[1:]:
        own = [each.suffix for each in edition.chapters if each.entry.stem == "borough-profile"]
        assert own == [edition.slug]
    runs = runs_of(editions)
    assert len({run.id for run in runs}) == len(runs)
    assert sum(run.notebook.stem == "borough-profile" for run in runs) == 33


def exhibits(notebook: Path) -> dict[str, dict[str, Any]]:
    """Return what the cells of an executed notebook show, by label."""
    found = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if bundle := output.get("metadata", {}).get("nwlbook"):
                found[bundle["label"]] = bundle
    return found


def said(notebook: Path, expressions: dict[str, str]) -> str:
    """Return what an executed notebook printed and what its expressions gave."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    printed = [
        "".join(output["text"])
        for cell in cells
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    ]
    return "\n".join([*printed, *map(str, expressions.values())])


@pytest.fixture(scope="module")
def ten(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[str, dict[str, dict[str, Any]]]]:
    """What the chapters on Brent, the ninth, the tenth and all of them say and show."""
    root = make_real_book(tmp_path_factory.mktemp("ten") / "book", *CHAPTERS)
    assert synthetic.add_boroughs(root, 1) == [NINTH]
    assert synthetic.add_boroughs(root, 1, bare=True) == [TENTH]
    with entered(root):
        runs = {
            chapter.suffix or chapter.entry.stem: chapter.run
            for slug in ("brent", NINTH, TENTH)
            for chapter in plan(root, slug).chapters
            if chapter.entry.stem in CHAPTERS
        }
        results = execute(list(runs.values()), root=root, cache=RunCache(root / "cache"), jobs=2)
    done = {result.run.id: result for result in results}
    return {
        name: (
            said(done[run.id].notebook, done[run.id].expressions),
            exhibits(done[run.id].notebook),
        )
        for name, run in runs.items()
    }


@pytest.mark.build
class TestTenBoroughs:
    """A ninth borough with evidence like the others', and a tenth with next to none."""

    def test_ninth_borough_has_all_that_others_have(self, ten: Any) -> None:
        (brent, of_brent), (ninth, of_ninth) = ten["brent"], ten[NINTH]
        assert {label.replace(NINTH, "brent") for label in of_ninth} == set(of_brent)
        assert "Nowhere 9" in ninth
        assert "Brent" not in ninth
        assert "Nowhere 9" not in brent
        for label, bundle in of_ninth.items():
            title = bundle.get("finding") or bundle.get("caption") or bundle["title"]
            assert "Brent" not in title, label
            assert not {"nan", "inf", "None"} & set(title.replace(",", " ").split()), title

    def test_ninth_borough_counts_in_every_comparison(self, ten: Any) -> None:
        for name in ("brent", NINTH):
            found = ten[name][1]
            for label in ("fig-map", "fig-people", "fig-rank", "fig-break-even", "fig-local"):
                assert "Nowhere 9" in found[label]["csv"], label
            assert "of nine" in found["fig-rank"]["finding"]
            assert "10 boroughs" in found["fig-map"]["finding"]
        for slug in ("brent", NINTH):
            assert "eight boroughs" not in ten[slug][0]

    def test_borough_that_nothing_is_held_of_says_so(self, ten: Any) -> None:
        text, found = ten[TENTH]
        assert "No data" in text
        assert "Nowhere 10 and Elsewhere" in text
        assert "fig-promise" not in found
        assert "fig-map" in found
        assert {"fig-promise", "fig-rank"} <= set(ten["brent"][1])

    def test_comparison_holds_all_ten(self, ten: Any) -> None:
        text, found = ten["borough-comparison"]
        assert found
        shown = "\n".join(bundle["csv"] for bundle in found.values())
        assert "Nowhere 9" in shown
        assert "eight boroughs" not in text


def calls_of_a_profile(root: Path) -> int:
    """Return the calls that a profile makes once another has kept what all share."""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "counted_calls.py", "borough-profile", '{"borough": "brent"}'],
            cwd=ROOT / "tests",
            env=os.environ | {"NWLBOOK_ROOT": str(root)},
            check=True,
            capture_output=True,
            text=True,
        )
    return sum(json.loads(done.stdout).values())


@pytest.mark.build
def test_profile_costs_the_same_with_33_boroughs_as_with_317(tmp_path: Path) -> None:
    calls = {}
    for count in (33, 317):
        root = make_real_book(tmp_path / f"{count}", "borough-profile")
        synthetic.add_boroughs(root, count - 8)
        calls[count] = calls_of_a_profile(root)
    # About a hundred thousand more; each loop over all boroughs in one over all would double it.
    assert calls[317] < 1.15 * calls[33]


@pytest.mark.build
def test_every_chapter_tells_what_it_can_of_a_borough_that_the_evidence_does_not_know(
    tmp_path: Path,
) -> None:
    with entered(whole_project(tmp_path / "book")) as root:
        assert synthetic.add_boroughs(root, 1, bare=True) == [NINTH]
        runs = [chapter.run for chapter in plan(root, NINTH).chapters]
        results = execute(runs, root=root, cache=RunCache(root / "cache"), jobs=2)
        told = {each.run.notebook.stem: said(each.notebook, each.expressions) for each in results}
    assert len(results) == len(runs)
    assert len(told) == len(list((ROOT / "notebooks").glob("*.ipynb"))) + 2  # and two pages
    of_nothing = "since the case of 2009 has no figures of it"
    assert f"tell of North West London, {of_nothing}" in told["index"]
    benefits = told["benefits"]
    assert "The case has no figures of Nowhere 9, so the chapters on benefits give those of" in (
        benefits
    )


@pytest.mark.build
def test_ninth_borough_has_an_edition_of_its_own(tmp_path: Path) -> None:
    with entered(make_real_book(tmp_path / "book", "borough-profile")) as root:
        synthetic.add_boroughs(root, 1)
        request = Request(root=root, editions=(NINTH,), formats=("html",), engine="embedded")
        first = Build(request, Progress(quiet=True)).run()
    assert first == root / "outputs" / "site" / "editions" / NINTH / "index.html"
    page = html.fromstring(
        (first.parent / "notebooks" / f"borough-profile-{NINTH}.html").read_bytes()
    )
    assert "Nowhere 9" in page.findtext(".//title")
    assert "Nowhere 9" in html.fromstring(first.read_bytes()).findtext(".//title")
    assert page.xpath("//tr[contains(@class, 'nwl-here')]/th[1]/text()")[0] == "Nowhere 9"
    assert len(page.xpath("//main//figure")) > 10
