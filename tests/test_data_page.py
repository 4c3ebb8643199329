"""The generated list of data files."""

import pytest

from nwlbook.chapters import StagedChapter
from nwlbook.data_page import PAGE, SECTION, data_chapter
from nwlbook.errors import InputError
from nwlbook.exhibits import Exhibit

CSV = "area,beds\n" + "brent,12\n" * 300


def exhibit(kind: str, label: str, **texts: str) -> Exhibit:
    return Exhibit(kind, label, {"csv": CSV, "source": "Plan, 2024", **texts})


def chapters() -> dict[str, StagedChapter]:
    shown = {
        "fig-beds": exhibit("figure", "fig-beds", finding="Brent has *most* beds"),
        "all-beds": exhibit("download", "all-beds", title="every bed"),
        "tbl-beds": exhibit("table", "tbl-beds", caption="Beds by area"),
    }
    return {
        "index.qmd": StagedChapter("index.qmd", "", title="Welcome"),
        "notebooks/beds.ipynb": StagedChapter(
            "notebooks/beds.ipynb", "", shown, title="Beds of `all` boroughs"
        ),
    }


def test_whole_tables_come_first_and_lead_to_their_chapters() -> None:
    text = data_chapter(chapters()).text
    first, second = text.split("## Figures and tables")
    assert "- [Every bed (3 kB CSV)](data/all-beds.csv), from " in first
    assert "[Beds of `all` boroughs](notebooks/beds.ipynb)\n" in first
    assert "all-beds" not in second


def test_figures_and_tables_stand_under_their_chapter_with_a_reference_to_their_place() -> None:
    text = data_chapter(chapters()).text
    listed = text.split("### Beds of `all` boroughs {.unnumbered}\n\n")[1].split("\n\n")[0]
    assert listed.splitlines() == [
        "- @fig-beds: [Brent has \\*most\\* beds (3 kB CSV)](data/fig-beds.csv)",
        "- @tbl-beds: [Beds by area (3 kB CSV)](data/tbl-beds.csv)",
    ]


def test_chapter_without_exhibits_is_not_listed() -> None:
    assert "Welcome" not in data_chapter(chapters()).text


def test_book_without_exhibits_has_the_page_without_lists() -> None:
    made = data_chapter({})
    assert made.target == PAGE
    assert made.sections == {SECTION}
    assert "##" not in made.text


def test_chapter_of_that_name_is_refused() -> None:
    with pytest.raises(InputError, match=r"data\.qmd.*rename yours"):
        data_chapter({PAGE: StagedChapter(PAGE, "")})
