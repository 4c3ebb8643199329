"""A new chapter: a notebook that builds as it is, and its line in the book's configuration."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from builder_books import ROOT, Command, contents, edit, entered, make_real_book

from nwlbook.book import read_book
from nwlbook.errors import InputError
from nwlbook.new_chapter import add_chapter
from nwlbook.new_chapter.listing import with_chapter

pytest_plugins = ["builder_fixtures"]

LISTED = """\
# What is in the book
book:
  title: "Beds"   # its title
  chapters:
    - index.qmd
    - part: "Beds"
      chapters:
        - notebooks/beds.ipynb   # the first

        # - notebooks/later.ipynb
    - part: 'Boroughs'
      chapters: [notebooks/profile.ipynb]
    - part: Last
      chapters:
      - "notebooks/a.ipynb"
      - notebooks/b.ipynb"""


def add(book: Path, name: str = "waits", part: str = "Beds", **options: str) -> str:
    return add_chapter(book, name, options.pop("title", "Waits"), part, **options)


def test_chapter_goes_to_the_end_of_its_part_and_nothing_else_changes() -> None:
    changed = with_chapter(LISTED, "Beds", "notebooks/new.ipynb")
    added = "        - notebooks/new.ipynb\n"
    assert changed.replace(added, "") == LISTED
    # Right after the last chapter, before what follows it.
    assert f" # the first\n{added}\n        # - notebooks/later" in changed
    last = with_chapter(LISTED, "Last", "notebooks/new.ipynb")
    assert last == f"{LISTED}\n      - notebooks/new.ipynb\n"
    windows = with_chapter(LISTED.replace("\n", "\r\n"), "Beds", "notebooks/new.ipynb")
    assert windows == changed.replace("\n", "\r\n")


def test_list_of_another_form_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"^_quarto.yml:12: part 'Boroughs': its chapters are not"):
        with_chapter(LISTED, "Boroughs", "notebooks/new.ipynb")


def test_real_configuration_keeps_every_character(book: Path) -> None:
    text = (ROOT / "_quarto.yml").read_text()
    for part in ("Case for change", "Priority trajectories"):
        changed = with_chapter(text, part, "notebooks/new.ipynb")
        assert changed.replace("        - notebooks/new.ipynb\n", "") == text
        chapters = yaml.safe_load(changed)["book"]["chapters"]
        (listed,) = (
            each["chapters"] for each in chapters if each != "index.qmd" and each["part"] == part
        )
        assert listed[-1] == "notebooks/new.ipynb"


def test_notebook_is_written_without_outputs_and_read_back(book: Path) -> None:
    assert add(book) == "notebooks/waits.ipynb"
    assert [entry.file for entry in read_book(book).entries][2] == "notebooks/waits.ipynb"
    notebook = json.loads((book / "notebooks" / "waits.ipynb").read_text())
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    assert "".join(notebook["cells"][0]["source"]) == "# Waits {#sec-waits}"


@pytest.mark.parametrize("repeat", ["borough", "priority"])
def test_chapter_that_repeats_says_so(book: Path, repeat: str) -> None:
    add(book, repeat=repeat)
    notebook = json.loads((book / "notebooks" / "waits.ipynb").read_text())
    assert notebook["metadata"]["nwlbook"] == {"repeat": repeat}
    assert "".join(notebook["cells"][1]["source"]) in {'borough = "brent"', "priority = 1"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("../waits", "T", "Beds"), "NAME '../waits': expected small letters, digits and hyphens"),
        (("Waits", "T", "Beds"), "NAME 'Waits': expected"),
        (("waits.ipynb", "T", "Beds"), "NAME 'waits.ipynb': expected"),
        (("", "T", "Beds"), "NAME '': expected"),
        (("beds", "T", "Beds"), "NAME 'beds': notebooks/beds.ipynb has that name already"),
        (("index", "T", "Beds"), "NAME 'index': index.qmd has that name already"),
        (("draft", "T", "Beds"), "notebooks/draft.ipynb exists already; it is not in _quarto.yml"),
        (("waits", " ", "Beds"), "--title: expected a title on one line"),
        (("waits", "A\nB", "Beds"), "--title: expected a title on one line"),
        (("waits", "`{python} 1`", "Beds"), "'`' is Markdown: expected plain words"),
        (("waits", "All 12 trusts", "Beds"), "'12 trusts' is a figure typed by hand"),
        (("waits", "T", "Bed"), "--part 'Bed': expected 'Beds', 'Boroughs'"),
        (("waits", "T", "Beds", "scenario"), "--repeat scenario: expected borough or priority"),
        (
            ("first", "T", "Beds"),
            "NAME 'first': label 'fig-first' stands in notebooks/profile.ipynb",
        ),
    ],
)
def test_bad_request_is_refused_and_nothing_written(
    book: Path, arguments: tuple[str, ...], message: str
) -> None:
    (book / "notebooks" / "draft.ipynb").write_text("{}")
    edit(book / "notebooks" / "profile.ipynb", "has `{python}", "@fig-first has `{python}")
    before = contents(book)
    with pytest.raises(InputError) as caught:
        add_chapter(book, *arguments)
    assert message in str(caught.value)
    assert contents(book) == before


def test_command_says_what_it_wrote(book: Path, command: Command) -> None:
    outcome = command("new", "chapter", "waits", "--title", "Waits", "--part", "Beds")
    assert (outcome.code, outcome.error) == (0, "")
    assert outcome.out.startswith("Wrote notebooks/waits.ipynb and added it to _quarto.yml")
    outcome = command("new", "chapter", "more", "--title", "More", "--part", "None")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.error == "error: --part 'None': expected 'Beds', 'Boroughs'\n"


@pytest.mark.build
def test_new_chapters_of_the_real_book_build_as_they_are(tmp_path: Path, command: Command) -> None:
    root = make_real_book(tmp_path / "book", "glossary")
    with entered(root):
        for name, *repeat in (("waits",), ("beds", "borough"), ("aims", "priority")):
            options = ["--repeat", *repeat] if repeat else []
            title = f"All about {name}"
            outcome = command(
                "new", "chapter", name, "--title", title, "--part", "Glossary", *options
            )
            assert outcome.code == 0, outcome.error
        ruff = [sys.executable, "-m", "ruff"]
        rules = ["--config", ROOT / "pyproject.toml", "notebooks"]
        for judged in (["check"], ["format", "--check"]):
            done = subprocess.run([*ruff, *judged, *rules], capture_output=True, text=True)
            assert done.returncode == 0, done.stdout
        outcome = command("build", "--to", "html", "--engine", "embedded")
        assert outcome.code == 0, outcome.error
        assert outcome.error == ""
        pages = root / "outputs" / "site" / "notebooks"
        assert "All about waits" in (pages / "waits.html").read_text()
        assert len(list(pages.glob("beds-*.html"))) == 8
        assert len(list(pages.glob("aims-*.html"))) > 5
        text = (pages / "beds-harrow.html").read_text()
        assert "All about beds: Harrow" in text
        assert 'id="fig-beds-harrow"' in text
        assert 'id="tbl-beds-harrow"' in text
