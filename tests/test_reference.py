"""The generated pages of the documentation are what the code and the evidence say today."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = str(ROOT / "tools")


@pytest.fixture(scope="module")
def made() -> Iterator[dict[str, str]]:
    """All pages, generated once; the tools are no package of the project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        from reference.pages import pages

        yield pages(ROOT)


def test_pages_are_up_to_date(made: dict[str, str]) -> None:
    from reference.pages import outdated

    assert outdated(ROOT, made) == [], "run: .venv/bin/python tools/reference"


def test_page_that_differs_is_missing_or_is_left_over_is_outdated(tmp_path: Path) -> None:
    from reference.pages import MARK, outdated

    folder = tmp_path / "docs" / "reference"
    (tmp_path / "docs" / "explanation").mkdir(parents=True)
    folder.mkdir()
    (folder / "same.md").write_text(f"{MARK}\nSame\n")
    (folder / "changed.md").write_text(f"{MARK}\nBefore\n")
    (folder / "left.md").write_text(f"{MARK}\nOf a package that is gone\n")
    (folder / "written.md").write_text("By hand\n")
    wanted = {
        "docs/reference/same.md": f"{MARK}\nSame\n",
        "docs/reference/changed.md": f"{MARK}\nAfter\n",
        "docs/reference/new.md": f"{MARK}\nNew\n",
    }
    assert outdated(tmp_path, wanted) == [
        "docs/reference/changed.md",
        "docs/reference/left.md",
        "docs/reference/new.md",
    ]


def test_signature_parameters_and_errors_stand_in_the_page(made: dict[str, str]) -> None:
    page = made["docs/reference/helpers.md"]
    section = page.partition("### `show_figure`")[2].partition("\n### ")[0]
    assert "    finding: str," in section
    assert "- `alternative` (`str`): " in section
    assert "- `ExhibitError`: " in section


def test_what_packages_pass_on_is_described_where_notebooks_find_it(made: dict[str, str]) -> None:
    page = made["docs/reference/helpers-plots.md"]
    assert "### `ranked_bars`" in page.partition("## `helpers.plots`")[2]
    assert "_" not in {line[5] for line in page.splitlines() if line.startswith("### `")}


def test_only_what_is_imported_counts(made: dict[str, str]) -> None:
    from reference.helper_api import imported_paths

    code = "from helpers import areas\nfrom helpers.tables import show_table\nimport pandas"
    assert imported_paths([code]) == {"helpers.areas", "helpers.tables.show_table"}
    assert "## `helpers.yaml_text`" not in made["docs/reference/helpers.md"]


def test_logs_hold_each_source_and_each_assumption(made: dict[str, str]) -> None:
    from reference.evidence_files import Evidence

    evidence = Evidence(ROOT)
    log = made["docs/explanation/data-log.md"]
    for row in evidence.rows("sources"):
        assert f"\n## {row['source_id']}\n" in log
        assert row["licence"] in log
    assumptions = made["docs/explanation/assumptions.md"]
    for name, key in (
        ("model-ranges", "range"),
        ("over-performance-assumptions", "assumption"),
        ("business-case-assumptions", "assumption"),
        ("not-recomputable", "check_id"),
    ):
        for row in evidence.rows(name):
            assert f"| `{row[key]}` |" in assumptions


def test_property_of_the_descriptor_without_a_word_is_refused(made: dict[str, str]) -> None:
    from reference.descriptor import descriptor
    from reference.evidence_files import Evidence

    evidence = Evidence(ROOT)
    entry = {**evidence.descriptor["resources"][0], "mystery": 1}
    evidence.__dict__["descriptor"] = {"resources": [entry]}
    with pytest.raises(ValueError, match="mystery"):
        descriptor(evidence)


def test_cells_of_tables_cannot_break_them() -> None:
    from reference.markdown_text import table

    assert table(("A",), [("x | y\nz",), ("",)]).splitlines()[2:] == ["| x \\| y z |", "| – |"]


def test_tools_were_imported_from_the_project(made: dict[str, str]) -> None:
    assert Path(str(sys.modules["reference.pages"].__file__)).is_relative_to(ROOT)
