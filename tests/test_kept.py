"""What is kept of chapters: an edit costs its own chapter, and nothing stale is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from builder_books import contents

from nwlbook.embedded import pandoc
from nwlbook.embedded.render import render

CONFIGURATION = """\
project: {type: book}
book:
  title: Wards
  author: The tests
  date: "2026-11-22"
  output-file: wards
  chapters: [index.qmd, first.qmd, second.qmd]
number-sections: true
"""
CHAPTERS = {
    "index": "# Welcome {.unnumbered}\n\nRead @sec-beds.\n",
    "first": "# First\n\nBefore the beds.\n\n![A square of one colour](square.svg)\n",
    "second": "# Second\n\n## Beds {#sec-beds}\n\nThere are many.\n",
}
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" viewBox="0 0 {0} {0}">'
    '<rect width="{0}" height="{0}"/></svg>'
)
FORMATS = ("html", "pdf")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "_quarto.yml").write_text(CONFIGURATION)
    for name, text in CHAPTERS.items():
        (folder / f"{name}.qmd").write_text(text)
    (folder / "square.svg").write_text(SQUARE.format(10))
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that pandoc is really asked to convert."""
    texts: list[str] = []
    run = pandoc._run

    def noted(arguments: list[str], text: str, environment: object) -> tuple[bytes, str]:
        texts.append(text)
        return run(arguments, text, environment)  # type: ignore[arg-type]

    pandoc.api_version()
    monkeypatch.setattr(pandoc, "_run", noted)
    return texts


@pytest.fixture
def rendered(project: Path, tmp_path: Path, asked: list[str]) -> Callable[[], dict[str, str]]:
    """Render with what is kept; the site must be that of a first build."""
    count = iter(range(100))

    def make() -> dict[str, str]:
        asked.clear()
        site, alone = (tmp_path / f"{name}-{next(count)}" for name in ("kept", "alone"))
        render(project, site, FORMATS, cache=tmp_path / "cache")
        seen = list(asked)
        render(project, alone, FORMATS)
        asked[:] = seen
        assert contents(site) == contents(alone)
        return contents(site)

    return make


def test_an_unchanged_book_asks_nothing(
    rendered: Callable[[], dict[str, str]], asked: list[str]
) -> None:
    first = rendered()
    assert asked
    assert rendered() == first
    assert not asked


def test_an_edit_of_prose_asks_about_its_own_chapter(
    rendered: Callable[[], dict[str, str]], asked: list[str], project: Path
) -> None:
    rendered()
    (project / "first.qmd").write_text(CHAPTERS["first"].replace("Before", "Long before"))
    rendered()
    assert asked
    assert all("Long" in text for text in asked)


def test_a_number_that_moves_is_seen_in_other_chapters(
    rendered: Callable[[], dict[str, str]], project: Path
) -> None:
    before = rendered()
    (project / "second.qmd").write_text(
        CHAPTERS["second"].replace("## Beds", "## Wards\n\n## Beds")
    )
    after = rendered()
    assert before["index.html"] != after["index.html"]
    assert before["wards.pdf"] != after["wards.pdf"]


def test_an_image_that_changes_is_seen(
    rendered: Callable[[], dict[str, str]], project: Path
) -> None:
    before = rendered()
    (project / "square.svg").write_text(SQUARE.format(20))
    after = rendered()
    assert before["wards.pdf"] != after["wards.pdf"]


def test_what_is_kept_and_damaged_is_made_again(
    rendered: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    first = rendered()
    for file in (tmp_path / "cache").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:5])
    assert rendered() == first
