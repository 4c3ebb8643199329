"""The PDF of a realistic staged book."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nwlbook.embedded.render import render

STAGED = Path(__file__).parent / "fixtures" / "staged"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    report = render(STAGED, folder, ["html", "pdf"])
    assert not [warning for warning in report.warnings if warning.startswith("PDF")]
    return folder


@pytest.fixture(scope="module")
def words(output: Path) -> str:
    command = shutil.which("pdftotext")
    if command is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(
        [command, "-layout", output / "nwl-report.pdf", "-"], capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


def test_pdf_claims_ua_1_and_is_tagged_titled_and_dated(output: Path) -> None:
    content = (output / "nwl-report.pdf").read_bytes()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"/Marked true" in content
    assert b"/Lang(en-GB)" in content
    assert b"/Title(North West London report book)" in content
    assert b"/Author(North West London analysts)" in content
    assert b"/CreationDate(D:20261122" in content


def test_pdf_has_what_the_pages_have(words: str) -> None:
    for expected in (
        "Figure 1.1: Ealing spends most on acute care.",
        "Table 1.1: Net benefit of the partnership by year, base case",
        "Figure 2.2: The area: eight boroughs",
        "Table 2.2: A table of Markdown",
        "Chapter 1 The case for change",
        "Appendix A Sources and methods",
        "1.1.1 What drives it",
        "see 1.1 and Equation 1.1",
        "<script>alert('cell')</script>",
        "0.00 3.10 6.80 9.75",
        "Net benefit 1.90 5.60 13.40 17.75",
        "£17.75 million",
        "Rounded half away from zero",
        "North West London Commissioning Partnership. 2009.",
        "Download the data for this figure",
    ):
        assert expected in words, expected


def test_pdf_has_contents_and_lists_of_figures_and_tables(words: str) -> None:
    start = words[: words.index("This book brings together")]
    assert re.search(r"1 The case for change \d+", start)
    assert re.search(r"A Sources and methods \d+", start)
    assert re.search(r"2\.1 Brent grew by 5% in three years\. Population, thousands \d+", start)
    assert re.search(r"1\.1 Net benefit of the partnership by year, base case \d+", start)


def test_content_for_the_web_is_left_out_of_print(words: str) -> None:
    assert "Only in print." in words
    assert "Raw for print." in words
    assert "Only on the web." not in words
    assert "Raw for the web." not in words
    assert "Data behind the figure" not in words


def test_pages_offer_the_pdf(output: Path) -> None:
    page = (output / "notebooks" / "sources.html").read_text(encoding="utf-8")
    assert 'href="../nwl-report.pdf"' in page


def test_same_inputs_same_bytes_and_the_date_can_be_set(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render(STAGED, tmp_path, ["pdf"], jobs=1)
    assert (tmp_path / "nwl-report.pdf").read_bytes() == (output / "nwl-report.pdf").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    render(STAGED, tmp_path, ["pdf"])
    assert b"/CreationDate(D:19700102" in (tmp_path / "nwl-report.pdf").read_bytes()
