"""Documents are judged by their content."""

import zipfile
from pathlib import Path

import pytest

from nwlbook.chapters import StagedChapter
from nwlbook.document_checks import document_problems
from nwlbook.exhibits import Exhibit

CHAPTERS = [
    StagedChapter(
        "notebooks/beds.ipynb",
        "",
        {
            "fig-beds": Exhibit("figure", "fig-beds", {"finding": "Brent's share is > 5%"}),
            "tbl-beds": Exhibit("table", "tbl-beds", {"caption": "Beds by borough"}),
            "all-beds": Exhibit("download", "all-beds", {"title": "every bed"}),
        },
    )
]
# A sentence is cut into runs in Word, and quotation marks are curly.
WHOLE = {
    "docx": "<w:t>Brent’s </w:t><w:t>share is &gt; 5%</w:t><w:t>Beds by borough</w:t>",
    "epub": "<p>Brent’s <em>share</em> is &gt; 5%</p><p>Beds\n by borough</p>",
}
PLACES = {"docx": "word/document.xml", "epub": "EPUB/text/ch001.xhtml"}


def made(folder: Path, ending: str, text: str) -> Path:
    file = folder / f"beds.{ending}"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(PLACES[ending], text)
        archive.writestr("other.xml", "Brent's share is > 5% ?@fig-x")
    return file


def problems(file: Path) -> list[str]:
    return list(document_problems(file, CHAPTERS))


@pytest.mark.parametrize("ending", list(PLACES))
def test_whole_document_has_no_problem(tmp_path: Path, ending: str) -> None:
    assert problems(made(tmp_path, ending, WHOLE[ending])) == []


@pytest.mark.parametrize("ending", list(PLACES))
def test_missing_caption_is_a_problem(tmp_path: Path, ending: str) -> None:
    text = WHOLE[ending].replace("5%", "6%")
    assert problems(made(tmp_path, ending, text)) == [
        f"beds.{ending}: the caption of fig-beds is missing"
    ]


@pytest.mark.parametrize(
    ("left", "said"),
    [("?@fig-x", "?@f"), ("`{python} x`", "`{python}"), ("{{&lt; include x", "{{<")],
)
@pytest.mark.parametrize("ending", list(PLACES))
def test_what_was_left_unresolved_is_a_problem(
    tmp_path: Path, ending: str, left: str, said: str
) -> None:
    text = WHOLE[ending] + left
    assert problems(made(tmp_path, ending, text)) == [f"beds.{ending}: unresolved '{said}'"]


def test_instruction_of_a_field_is_no_text(tmp_path: Path) -> None:
    text = WHOLE["docx"] + '<w:instrText xml:space="preserve"> ?@fig-x </w:instrText>'
    assert problems(made(tmp_path, "docx", text)) == []


@pytest.mark.parametrize("ending", ["pdf", *PLACES])
def test_missing_or_empty_document_is_a_problem(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"beds.{ending}"
    assert problems(file) == [f"beds.{ending}: missing or empty"]
    file.write_bytes(b"")
    assert problems(file) == [f"beds.{ending}: missing or empty"]


@pytest.mark.parametrize("ending", list(PLACES))
def test_damaged_document_is_a_problem(tmp_path: Path, ending: str) -> None:
    file = made(tmp_path, ending, WHOLE[ending])
    content = file.read_bytes()
    file.write_bytes(content.replace(b"borough", b"burough", 1))
    (found,) = problems(file)
    assert found.startswith(f"beds.{ending}: cannot be read: {PLACES[ending]} is damaged")
    file.write_bytes(content[:50])
    assert problems(file)[0].startswith(f"beds.{ending}: cannot be read: File is not a zip file")


def test_pdf_is_judged_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "beds.pdf"
    file.write_bytes(b"%PDF" + b"x" * 20_000)
    assert problems(file) == []
    file.write_bytes(b"%PDF")
    assert problems(file) == ["beds.pdf: missing or empty"]
