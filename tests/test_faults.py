"""A short form of the campaign of faults; all of it is `make faults`, in docs/reliability.md."""

import shutil
import time
from pathlib import Path

import pytest
from builder_books import publish_stand_in
from faults import damage, surroundings
from faults.book import change_small_book, make_small_book
from faults.builder import STAGES, Said
from faults.fault import Fault, suffered
from faults.kills import SHARES, Kill, killed, kills
from faults.report import page
from faults.scene import Outcome, Templates, make_templates
from faults.state import Reader, site_of, strays

# What of the cache is there when a build is killed in a stage, and how far into it.
SHORT = {"execute": ((), 2.0), "render": (("runs", "images"), 0.2)}
CHEAP = [
    fault
    for fault in (*damage.FAULTS, *surroundings.FAULTS)
    if fault.name in ("each file in the cache has other digits", "`outputs` cannot be written")
]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Return the small book before and after a change, built."""
    return make_templates(tmp_path_factory.mktemp("faults"), make_small_book, change_small_book)


@pytest.mark.build
@pytest.mark.parametrize("stage", SHORT)
def test_killed_build_leaves_the_last_site_and_nothing_else(
    templates: Templates, tmp_path: Path, stage: str
) -> None:
    known, seconds = SHORT[stage]
    kill = Kill(1, stage, 1.0, known, cold=False)
    outcome = killed(kill, templates, tmp_path / "scene", {stage: seconds})
    assert outcome.problems == []
    assert STAGES.index(outcome.stage) >= STAGES.index(stage)


@pytest.mark.build
@pytest.mark.parametrize("fault", CHEAP, ids=lambda fault: fault.name)
def test_fault_is_survived_or_refused(templates: Templates, tmp_path: Path, fault: Fault) -> None:
    if fault.missing:
        pytest.skip(fault.missing)
    assert suffered(fault, templates, tmp_path / "scene").problems == []


def test_both_cheap_faults_are_still_in_the_campaign() -> None:
    assert len(CHEAP) == 2


def test_kills_are_the_same_for_a_seed_and_hit_every_stage() -> None:
    assert kills(1) == kills(1) != kills(2)
    assert {kill.stage for kill in kills(1)} == set(SHARES) == set(STAGES)
    assert len(kills(1)) == 50


class TestChecks:
    """What the campaign looks at sees what it is there for."""

    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        """Return an outputs folder with a published stand-in, of a single page."""
        publish_stand_in(tmp_path)
        (tmp_path / "outputs" / "cache").mkdir()
        return tmp_path / "outputs"

    def test_reader_sees_a_page_that_is_absent(self, site: Path) -> None:
        with Reader(site, ()) as reader:
            _wait_for(reader)
        assert "notebooks/beds.html: No such file or directory" in reader.missed

    def test_reader_sees_a_page_that_is_neither(self, site: Path) -> None:
        versions = ({"index.html": "one digest"}, {"index.html": "another"})
        with Reader(site, versions) as reader:
            _wait_for(reader)
        assert "index.html: neither the last good page nor the new one" in reader.missed

    def test_reader_sees_a_page_that_is_older_than_one_before(self, site: Path) -> None:
        old, page_file = site_of(site), (site / "site" / "index.html").resolve()
        before = page_file.read_text()
        page_file.write_text("new")
        versions = (old, site_of(site))
        with Reader(site, versions) as reader:
            _wait_for(reader)
            fresh = page_file.with_suffix(".new")
            fresh.write_text(before)
            fresh.replace(page_file)
            _wait_for(reader)
        assert "index.html: older than a page seen before" in reader.missed

    def test_strays_are_what_a_clean_build_does_not_leave(self, site: Path) -> None:
        clean = site.with_name("clean")
        shutil.copytree(site, clean, symlinks=True)
        assert strays(site, clean) == []
        (site / "cache" / ".half").touch()
        (site / "cache" / ("a" * 64)).touch()
        (site / ".current.123").touch()
        (site / "builds" / "20260101T000000.000000Z-1").mkdir()
        assert set(strays(site, clean)) == {
            "cache/.half",
            ".current.123",
            "20260101T000000.000000Z-1",
        }

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"said": Said(1, "error: full", 1.0)}, "ended with 1"),
            ({"said": Said(0, "Traceback (most recent call last)", 1.0)}, "a traceback"),
            ({"says": "full"}, "does not say 'full'"),
            ({"same": False}, "other bytes"),
            ({"next": Said(1, "", 1.0)}, "the next build failed"),
            ({"left": ["chromium"]}, "still runs"),
            ({"stray": [".half"]}, "left behind"),
            ({"intact": ["gone"]}, "the site: gone"),
        ],
    )
    def test_outcome_says_what_did_not_hold(self, changes: dict[str, object], problem: str) -> None:
        good = {"said": Said(0, "", 1.0), "next": Said(0, "", 1.0), "same": True}
        assert Outcome("a fault", "somehow", **good).problems == []  # type: ignore[arg-type]
        (found,) = Outcome("a fault", "somehow", **(good | changes)).problems  # type: ignore[arg-type]
        assert problem in found
        shown = page([], [], [("Kernels", [Outcome("a fault", "somehow", **(good | changes))])], [])  # type: ignore[arg-type]
        assert "0 of 1 faults left nothing wrong" in shown
        assert "## What did not hold" in shown


def _wait_for(reader: Reader) -> None:
    """Wait until every page was asked for once more."""
    until = reader.rounds + 2
    while reader.rounds < until:
        time.sleep(0.002)
