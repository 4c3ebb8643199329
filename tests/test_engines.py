"""Quarto where it is found, else the embedded engine."""

import subprocess
import sys
from pathlib import Path

import pytest

from nwlbook.embedded.render import RenderReport
from nwlbook.engines import choose_engine, engine_versions, makes_typst_books, render_edition
from nwlbook.errors import BuildError, InputError

WORKING = """\
#!/bin/sh
[ "$1" = --version ] && { echo 1.9.38; exit 0; }
mkdir -p "$2/_book/notebooks"
echo "$4" >> "$2/asked"
echo "WARN: font not found" >&2
echo "an ordinary line" >&2
case "$4" in
  html) echo page > "$2/_book/index.html"; echo beds > "$2/_book/notebooks/beds.html" ;;
  typst) echo pdf > "$2/_book/beds.pdf" ;;
  *) echo "$4" > "$2/_book/beds.$4" ;;
esac
"""
FAILING = """\
#!/bin/sh
for number in 1 2 3 4 5 6 7; do echo "line $number" >&2; done
exit 1
"""


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """Folder of commands, staged project, site."""
    made = (tmp_path / "bin", tmp_path / "project", tmp_path / "site")
    for folder in made:
        folder.mkdir()
    monkeypatch.setenv("PATH", f"{made[0]}:/usr/bin:/bin")
    return made


def install(folder: Path, script: str) -> None:
    (folder / "quarto").write_text(script)
    (folder / "quarto").chmod(0o755)


@pytest.fixture
def no_quarto(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_quarto")
def test_embedded_engine_stands_in_where_quarto_is_absent() -> None:
    assert choose_engine("auto") == choose_engine("embedded") == "embedded"
    with pytest.raises(InputError, match=r"^--engine quarto: the quarto command is not found"):
        choose_engine("quarto")


def test_quarto_is_used_where_it_is_found(folders: tuple[Path, Path, Path]) -> None:
    install(folders[0], WORKING)
    assert choose_engine("auto") == choose_engine("quarto") == "quarto"
    assert choose_engine("embedded") == "embedded"
    assert engine_versions("quarto") == {"quarto": "1.9.38"}


def test_another_engine_is_refused() -> None:
    with pytest.raises(InputError, match="--engine sphinx: expected auto, quarto or embedded"):
        choose_engine("sphinx")


def test_embedded_engine_names_what_its_output_depends_on() -> None:
    versions = engine_versions("embedded")
    assert set(versions) == {"pandoc", "typst"}
    assert all(versions.values())


def test_quartos_output_becomes_the_site(folders: tuple[Path, Path, Path]) -> None:
    commands, project, site = folders
    install(commands, WORKING)
    rendered = render_edition("quarto", project, site, ["html", "pdf"], 2)
    found = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    assert found == {"index.html", "notebooks/beds.html", "beds.pdf"}
    assert (project / "asked").read_text().split() == ["html", "typst"]
    assert set(rendered.seconds) == {"html", "pdf"}
    assert rendered.warnings == ["WARN: font not found"] * 2
    assert not (project / "_book").exists()


def test_quarto_makes_word_and_epub_by_their_own_names(folders: tuple[Path, Path, Path]) -> None:
    commands, project, site = folders
    install(commands, WORKING)
    render_edition("quarto", project, site, ["html", "docx", "epub"], 2)
    assert (project / "asked").read_text().split() == ["html", "docx", "epub"]
    for ending in ("docx", "epub"):
        assert (site / f"beds.{ending}").read_text().strip() == ending


def test_quartos_failure_is_told_by_its_last_words(folders: tuple[Path, Path, Path]) -> None:
    commands, project, site = folders
    install(commands, FAILING)
    with pytest.raises(BuildError) as caught:
        render_edition("quarto", project, site, ["html"], 2)
    assert str(caught.value) == (
        "quarto render --to html failed: line 3 | line 4 | line 5 | line 6 | line 7"
    )
    assert list(site.iterdir()) == []


OLDER = WORKING.replace("1.9.38", "1.6.40").replace("echo pdf >", "false >")


def test_older_quarto_leaves_the_pdf_to_the_embedded_engine(
    folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands, project, site = folders
    install(commands, OLDER)
    asked: list[list[str]] = []

    def render(project: Path, site: Path, formats: list[str], **_: object) -> RenderReport:
        asked.append(list(formats))
        (site / "beds.pdf").write_text("pdf")
        return RenderReport({"pdf": 1.0}, 0, ["a warning"])

    monkeypatch.setattr("nwlbook.embedded.render.render", render)
    rendered = render_edition("quarto", project, site, ["html", "pdf"], 2)
    assert asked == [["pdf"]]
    assert (project / "asked").read_text().split() == ["html"]
    assert (site / "beds.pdf").read_text() == "pdf"
    assert (site / "index.html").is_file()
    assert set(rendered.seconds) == {"html", "pdf"}
    assert rendered.warnings[1:] == [
        "Quarto 1.6.40 makes no PDF of a book, as 1.9 does: the PDF is the embedded engine's",
        "a warning",
    ]


@pytest.mark.parametrize(
    ("version", "does"),
    [("1.5.57", False), ("1.8.26", False), ("1.9.18", True), ("1.10.2", True), ("99.9.9", True)],
)
def test_books_through_typst_came_with_a_version(version: str, does: bool) -> None:
    assert makes_typst_books(version) is does


def test_a_document_that_quarto_leaves_out_is_missed(folders: tuple[Path, Path, Path]) -> None:
    commands, project, site = folders
    silent = WORKING.replace('*) echo "$4" > "$2/_book/beds.$4" ;;', "*) ;;")
    install(commands, silent)
    with pytest.raises(BuildError, match=r"^quarto render --to docx wrote no document: WARN"):
        render_edition("quarto", project, site, ["docx"], 2)


@pytest.mark.parametrize(
    ("engine", "formats", "imported"),
    [
        ("embedded", ("html", "pdf"), {"jinja2", "typst"}),
        ("embedded", ("html",), {"jinja2"}),
        ("quarto", ("html", "pdf"), set()),
    ],
)
def test_what_rendering_needs_is_imported_ahead(
    engine: str, formats: tuple[str, ...], imported: set[str]
) -> None:
    code = (
        "import sys; from nwlbook import engines; "
        f"engines.prepare({engine!r}, {formats!r}); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert {"jinja2", "typst"} & set(done.stdout.split()) == imported
