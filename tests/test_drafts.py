"""A book with chapters that failed becomes a draft, in a folder of its own, that says so."""

import json
from pathlib import Path

import pytest
from builder_books import BEDS, PROFILE, SHOW_BEDS, Command, contents, edit, publish_stand_in
from lxml import html
from tiny_project import code, prose, write_notebook

from nwlbook.publish import holds_builds

pytest_plugins = ["builder_fixtures"]

BUILD = ("build", "--to", "html", "--engine", "embedded", "--keep-going")
FAILS_IN_EALING = code('if borough == "ealing":\n    raise ValueError("no `beds`")')


def words(page: Path) -> str:
    return " ".join(html.fromstring(page.read_bytes()).text_content().split())


@pytest.fixture
def failing(book: Path) -> Path:
    """A project of which one chapter always fails and another for one borough."""
    write_notebook(book, "beds", *BEDS, code("1 / 0"))
    write_notebook(
        book, "profile", *PROFILE[:3], FAILS_IN_EALING, PROFILE[3], nwlbook={"repeat": "borough"}
    )
    edit(book / "index.qmd", "in\n@sec-beds", "in\n@sec-beds, @tbl-beds")
    return book


@pytest.mark.build
def test_the_rest_is_built_as_a_draft_apart_and_every_failure_told(
    failing: Path, command: Command
) -> None:
    before = publish_stand_in(failing)
    outcome = command(*BUILD)
    assert outcome.code == 1
    assert outcome.error.startswith(
        "error: 2 of 4 runs failed; a draft without them is outputs/draft/site/index.html\n"
    )
    assert "beds.ipynb, cell 5 (run 'beds-mid'): ZeroDivisionError" in outcome.error
    assert "profile.ipynb, cell 4 (run 'profile-ealing'): ValueError: no `beds`" in outcome.error
    assert contents(failing / "outputs" / "site") == before
    assert json.loads((failing / "outputs" / "manifest.json").read_text()) == {
        "engine": {"name": "quarto"}
    }
    draft = failing / "outputs" / "draft"
    manifest = json.loads((draft / "manifest.json").read_text())
    assert manifest["draft"] is True
    assert [each["id"] for each in manifest["failures"]] == ["beds-mid", "profile-ealing"]
    assert sorted(run["id"] for run in manifest["runs"]) == ["index-nwl", "profile-brent"]
    for page in (draft / "site").rglob("*.html"):
        if page.name == "editions.html" or page.parent.name == "assets":
            continue
        assert "DRAFT: Beds" in html.fromstring(page.read_bytes()).xpath("string(//title)"), page
        assert "not for publication" in words(page), page
    good = words(draft / "site" / "notebooks" / "profile-brent.html")
    assert "Brent has 100 beds" in good
    failed = words(draft / "site" / "notebooks" / "profile-ealing.html")
    assert "This chapter failed" in failed
    assert "ValueError: no `beds`" in failed
    assert "Parameters: borough = 'ealing'" in failed
    # A reference to the chapter leads to its stand-in, one into it is said to lead nowhere.
    welcome = words(draft / "site" / "index.html")
    assert "tbl-beds, which is missing from this draft," in welcome
    assert html.fromstring((draft / "site/index.html").read_bytes()).xpath(
        "//main//a[contains(@href, 'beds.html')]"
    )


@pytest.mark.build
def test_the_book_is_published_once_all_is_mended(failing: Path, command: Command) -> None:
    command(*BUILD)
    assert not (failing / "outputs" / "site").exists()
    assert holds_builds(failing / "outputs")
    write_notebook(failing, "beds", *BEDS)
    edit(failing / "notebooks" / "profile.ipynb", "raise ValueError", "print; ValueError")
    outcome = command(*BUILD)
    assert outcome.code == 0, outcome.error
    assert outcome.out.endswith(": outputs/site/index.html\n")
    manifest = json.loads((failing / "outputs" / "manifest.json").read_text())
    assert (manifest["draft"], manifest["failures"]) == (False, [])
    site = failing / "outputs" / "site"
    assert not [page for page in site.rglob("*.html") if "DRAFT" in page.read_text()]


@pytest.mark.build
def test_a_welcome_page_that_fails_is_replaced_too(book: Path, command: Command) -> None:
    edit(book / "index.qmd", "from helpers import areas", "from helpers import arias")
    assert command(*BUILD).code == 1
    page = words(book / "outputs" / "draft" / "site" / "index.html")
    assert "This chapter failed" in page
    assert "ImportError: cannot import name 'arias'" in page


@pytest.mark.build
def test_without_the_option_a_failure_leaves_no_draft(failing: Path, command: Command) -> None:
    assert command(*BUILD[:-1]).code == 1
    assert not (failing / "outputs" / "draft").exists()


@pytest.mark.build
def test_what_an_error_says_stays_text(book: Path, command: Command) -> None:
    said = "<script>alert(1)</script> ``` ::: @fig-x `{python} 1`"
    write_notebook(
        book, "beds", *BEDS[:2], prose("# Beds {#sec-beds}"), code(f"raise ValueError({said!r})")
    )
    assert command(*BUILD).code == 1
    page = book / "outputs" / "draft" / "site" / "notebooks" / "beds.html"
    assert b"<script>alert" not in page.read_bytes()
    assert "<script>alert(1)</script> ``` :::" in words(page)
    assert SHOW_BEDS not in words(page)
