"""Back tests: the book gives the figures of its last release, or says why not."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from figure_records import BEDS, published, record, write_site
from released_figures import (
    EXPECTED,
    RELEASED,
    compare_sites,
    expected_changes,
    unexplained,
    unpack_release,
)
from whole_book import WholeBook

from nwlbook.earlier_build import read_earlier

pytest_plugins = ["builder_fixtures"]
TOOL = Path(__file__).parents[1] / "tools" / "release_figures.py"


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script that keeps a release, which writes to a folder of the test."""
    spec = importlib.util.spec_from_file_location("release_figures", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RELEASED", tmp_path / "released")
    return module


def site(root: Path, beds: str = BEDS, title: str = "Brent has 100 beds") -> Path:
    """Write a site of two editions with one figure each."""
    for slug, folder in (("nwl", root), ("brent", root / "editions" / "brent")):
        figure = published("fig-beds", beds, title=title)
        write_site(folder, record(figure, edition=slug), fig_beds=beds)
    return root


@pytest.mark.build
def test_no_figure_of_the_release_has_moved_without_a_reason(
    whole_book: WholeBook, tmp_path: Path
) -> None:
    moved = compare_sites(unpack_release(tmp_path), whole_book.site.resolve())
    lines = list(unexplained(moved, expected_changes()))
    assert not lines, "\n" + "\n".join(lines[:40]) + f"\n{len(lines)} in all; see {EXPECTED.name}"


def test_the_record_of_the_release_is_whole_and_small(tmp_path: Path) -> None:
    released = read_earlier(unpack_release(tmp_path)).editions
    assert set(released) == {"nwl", "brent"}
    for edition in released.values():
        assert len(edition.record.figures) > 200
        for figure in edition.record.figures:
            assert edition.data_of(figure)
    assert sum(file.stat().st_size for file in RELEASED.iterdir()) < 300_000


def test_the_same_figures_are_no_change(tmp_path: Path) -> None:
    assert compare_sites(site(tmp_path / "a"), site(tmp_path / "b")) == {}


def test_a_moved_value_is_one_line_that_says_where(tmp_path: Path) -> None:
    now = site(tmp_path / "b", BEDS.replace("80", "81"))
    moved = compare_sites(site(tmp_path / "a"), now)
    assert moved["brent", "fig-beds"] == [
        "brent, fig-beds, notebooks/beds.html cell 4, row Ealing, beds: was 80, is 81"
    ]
    assert set(moved) == {("nwl", "fig-beds"), ("brent", "fig-beds")}


@pytest.mark.parametrize(
    ("beds", "title", "told"),
    [
        ("area,beds\nBrent,100\n", "Brent has 100 beds", "row Ealing: is gone"),
        ("area\nBrent\nEaling\n", "Brent has 100 beds", "column beds: is gone"),
        ("place,beds\nBrent,100\n", "Brent has 100 beds", "laid out otherwise"),
        (BEDS, "Brent has 99 beds", "title: was 'Brent has 100 beds', is 'Brent has 99 beds'"),
    ],
)
def test_what_is_gone_or_told_otherwise_is_a_change(
    tmp_path: Path, beds: str, title: str, told: str
) -> None:
    moved = compare_sites(site(tmp_path / "a"), site(tmp_path / "b", beds, title))
    assert any(told in line for line in moved["nwl", "fig-beds"])


def test_a_figure_that_is_gone_is_a_change(tmp_path: Path) -> None:
    now = tmp_path / "b"
    for slug, folder in (("nwl", now), ("brent", now / "editions" / "brent")):
        write_site(folder, record(published("fig-other"), edition=slug))
    moved = compare_sites(site(tmp_path / "a"), now)
    assert "is gone" in moved["nwl", "fig-beds"][0]
    assert ("nwl", "fig-other") not in moved


def test_rows_that_are_added_and_words_that_change_are_none(tmp_path: Path) -> None:
    now = site(tmp_path / "b", BEDS + "Harrow,70\n", "In Brent there are 100 beds")
    assert compare_sites(site(tmp_path / "a"), now) == {}


def test_an_expected_change_needs_a_reason_and_has_to_happen() -> None:
    moved = {("nwl", "fig-beds"): ["a line"]}
    because = {("nwl", "fig-beds"): "Beds were counted anew"}
    assert list(unexplained(moved, {})) == ["a line"]
    assert not list(unexplained(moved, because))
    (no_reason,) = unexplained(moved, {("nwl", "fig-beds"): " "})
    assert "without a reason" in no_reason
    (did_not_happen,) = unexplained({}, because)
    assert "has not" in did_not_happen


def test_keeping_a_release_takes_the_place_of_the_one_before(
    tool: ModuleType, tmp_path: Path
) -> None:
    built = site(tmp_path / "site")
    tool.RELEASED.mkdir()
    (tool.RELEASED / "0.0.9.tar.xz").write_bytes(b"earlier")
    expected = tool.RELEASED / EXPECTED.name
    expected.write_text("edition,figure,reason\nnwl,fig-beds,Counted again by hand\n")
    assert tool.main([str(built)]) == 0
    assert {file.name for file in tool.RELEASED.iterdir()} == {"0.1.0.tar.xz", EXPECTED.name}
    assert expected_changes(expected) == {}
    first = (tool.RELEASED / "0.1.0.tar.xz").read_bytes()
    shutil.copytree(built, tmp_path / "copy")
    assert tool.main([str(tmp_path / "copy")]) == 0
    assert (tool.RELEASED / "0.1.0.tar.xz").read_bytes() == first


def test_a_site_that_lacks_an_edition_or_was_edited_is_not_kept(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = site(tmp_path / "site")
    (built / "data" / "fig-beds.csv").write_text("area,beds\n")
    assert tool.main([str(built)]) == 2
    assert "fig-beds.csv: is not the data" in capsys.readouterr().err
    shutil.rmtree(site(built) / "editions")
    assert tool.main([str(built)]) == 2
    assert "editions/brent/figures.json" in capsys.readouterr().err
    assert not tool.RELEASED.exists()
