"""What the configuration says is in the book."""

from pathlib import Path

import pytest
from builder_books import CONFIGURATION, edit, make_book

from nwlbook.book import Entry, project_folder, read_book
from nwlbook.errors import InputError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


def test_chapters_come_in_order_with_their_parts_and_appendices_last(root: Path) -> None:
    (root / "notebooks" / "terms.qmd").write_text("# Terms\n")
    edit(root / "_quarto.yml", "\nnumber-", "  appendices:\n    - notebooks/terms.qmd\n\nnumber-")
    assert read_book(root).entries == (
        Entry("index.qmd", None, False),
        Entry("notebooks/beds.ipynb", "Beds", False),
        Entry("notebooks/profile.ipynb", "Boroughs", False),
        Entry("notebooks/terms.qmd", None, True),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("notebooks/beds.", "notebooks/bedz.", "15: chapter 'notebooks/bedz.ipynb' does not exist"),
        ("notebooks/beds.ipynb", "notebooks/beds.md", "15: chapter 'notebooks/beds.md': expected"),
        ("notebooks/beds.ipynb", "../beds.ipynb", "15: chapter '../beds.ipynb': leads outside"),
        ("notebooks/beds.ipynb", "/etc/beds.ipynb", "15: chapter '/etc/beds.ipynb': leads outside"),
        ("notebooks/beds.", "notebooks/profile.", "18: chapter 'notebooks/profile.ipynb' stands"),
        ("        - notebooks/beds.ipynb", "", "13: expected 'part' and 'chapters'"),
        ("      chapters:\n        - notebooks/beds.ipynb\n", "", "13: expected 'part' and"),
        ("        - notebooks/beds.ipynb", "        []", "13: part 'Beds' has no chapters"),
        ('part: "Beds"', 'patr: "Beds"', "13: expected 'part' and 'chapters'"),
        ("        - notebooks/beds.ipynb", "        - 7", "15: chapter '7': expected"),
        ("    - index.qmd\n", "", "11: the first chapter must be index.qmd"),
        ('  title: "Beds"\n', "", "6: 'book: title' is missing or empty"),
        ('"Beds"\n  author', '" "\n  author', "7: 'book: title' is missing or empty"),
        ('  author: "The tests"\n', "", "6: 'book: author' is missing or empty"),
        ("  output-file: beds\n", "", "6: 'book: output-file' is missing or empty"),
    ],
)
def test_bad_configuration_is_refused_with_its_line(
    root: Path, old: str, new: str, message: str
) -> None:
    edit(root / "_quarto.yml", old, new)
    with pytest.raises(InputError) as caught:
        read_book(root)
    assert str(caught.value).startswith(f"_quarto.yml:{message}")


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ("lang: en-GB\n", "_quarto.yml:1: expected a 'book' section"),
        (CONFIGURATION.split("  chapters:")[0], "_quarto.yml:6: the first chapter must be"),
        (
            CONFIGURATION.split("  chapters:")[0] + "  chapters: index.qmd\n",
            "_quarto.yml:11: 'book: chapters' must be a list",
        ),
    ],
)
def test_configuration_without_its_sections_is_refused(
    root: Path, configuration: str, message: str
) -> None:
    (root / "_quarto.yml").write_text(configuration)
    with pytest.raises(InputError) as caught:
        read_book(root)
    assert str(caught.value).startswith(message)


def test_project_is_found_from_a_folder_within_it(root: Path) -> None:
    assert project_folder(root / "notebooks") == root
    assert project_folder(root) == root


def test_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no _quarto\.yml with data/datapackage\.yaml in"):
        project_folder(tmp_path)
