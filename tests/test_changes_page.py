"""The chapter that says what has changed, as Quarto Markdown and as a download."""

import csv
import io
import re
from pathlib import Path

import pytest
from figure_records import BEDS, published, record, write_site
from hypothesis import example, given
from hypothesis import strategies as st

from nwlbook.changes import ChangedFigure
from nwlbook.changes_page import PAGE, changes_chapter
from nwlbook.chapters import StagedChapter
from nwlbook.earlier_build import EarlierBuild, EarlierEdition
from nwlbook.errors import InputError
from nwlbook.exhibits import Exhibit
from nwlbook.figures_record import FiguresRecord
from nwlbook.moves import Move
from nwlbook.moves_table import moves_table
from nwlbook.table_comparison import Comparison

pytestmark = pytest.mark.usefixtures("project")

RAW = re.compile(r"```\{=html\}.*?```", re.DOTALL)
PLACES = {"brent": 101, "ealing": 102, "harrow": 103}
HOSTILE = "1. | {{< pagebreak >}} @fig-x $y$ <script>alert(1)</script> [a](b) `c` ::: *d*"


def chapters(now: FiguresRecord, **data: str) -> dict[str, StagedChapter]:
    columns = {"beds": {"title": "Beds", "decimals": 0}}
    exhibits = {
        each.label: Exhibit(
            each.kind,
            each.label,
            {"csv": data.get(each.label.replace("-", "_"), BEDS)},
            columns=columns,
        )
        for each in now.figures
    }
    return {"notebooks/beds.ipynb": StagedChapter("notebooks/beds.ipynb", "", exhibits)}


def chapter(
    site: Path, before: FiguresRecord, now: FiguresRecord, then: str = BEDS, **data: str
) -> StagedChapter:
    write_site(site, before, **{each.label.replace("-", "_"): then for each in before.figures})
    earlier = EarlierBuild({before.edition: EarlierEdition(before, site)})
    return changes_chapter(now, earlier, chapters(now, **data))


def one_change(site: Path, then: str, now: str) -> StagedChapter:
    before, after = record(published("fig-a", then)), record(published("fig-a", now))
    return chapter(site, before, after, then, fig_a=now)


def test_book_that_was_not_compared_says_so_and_how_to_do_it() -> None:
    made = changes_chapter(record(), None, {})
    assert made.target == PAGE
    assert made.text.startswith(
        "# What has changed {#sec-changes}\n\nThis edition was not compared"
    )
    assert "`nwlbook build --since FOLDER`" in made.text
    assert made.sections == {"sec-changes"}
    assert made.exhibits == {}


def test_edition_that_the_earlier_build_lacks_is_not_compared(tmp_path: Path) -> None:
    made = chapter(tmp_path, record(edition="brent"), record(edition="ealing"))
    assert "has no edition `ealing`" in made.text
    assert "That build has: `brent`." in made.text


def test_edition_that_has_not_changed_says_so(tmp_path: Path) -> None:
    same = record(published("fig-a"), published("tbl-b"))
    made = chapter(tmp_path, same, same)
    assert "Nothing has moved: all 2 figures, tables and downloads hold the same" in made.text
    assert "are the same as they were" in made.text
    assert made.exhibits == {}


def test_dates_and_digest_tell_the_editions_apart(tmp_path: Path) -> None:
    before = record(date="2026-10-01")
    text = chapter(tmp_path, before, record()).text
    assert "is dated 22 November 2026. It was compared with the one dated 1 October 2026" in text
    assert f"`{before.digest()[:12]}`" in text
    assert "are both dated 22 November 2026" in chapter(tmp_path, record(), record()).text


def test_same_editions_are_compared_in_the_same_bytes(tmp_path: Path) -> None:
    texts = {one_change(tmp_path / name, BEDS, BEDS + "Harrow,2\n").text for name in "ab"}
    assert len(texts) == 1


def test_what_the_edition_is_made_from_comes_first(tmp_path: Path) -> None:
    after = record(
        published("fig-a", places={"plan": ["Page 1"]}),
        parameters={"scenario": "worst"},
        made_with={"nwlbook": "0.1.0", "pandoc": "3.8", "packages": "1"},
        evidence={"data/beds.csv": "1" * 64},
    )
    text = chapter(tmp_path, record(published("fig-a")), after).text
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert lines == [
        r"- Parameter discount rate: was 3.5, is not set",
        r"- Parameter scenario: was mid, is worst",
        r"- Evidence, changed: data/beds.csv",
        r"- Sources cited, new: Plan, 2024",
        r"- Sources cited, no longer used: survey",
        r"- The lock file of Python packages is another",
        r"- Built with pandoc: was 3.7, is 3.8",
    ]


def test_values_that_moved_are_counted_and_shown(tmp_path: Path) -> None:
    made = one_change(tmp_path, BEDS, BEDS.replace("100", "1250") + "Harrow,7\n")
    assert "\n@fig-a: 1 of 2 values moved; one row is new (Harrow)." in made.text
    assert (
        '<tr><th scope="row">Brent: Beds</th><td style="text-align: right">100</td>'
        '<td style="text-align: right">1,250</td>'
        '<td style="text-align: right; white-space: normal">+1,150</td></tr>'
    ) in made.text
    rows = list(csv.DictReader(io.StringIO(made.exhibits["changes"].texts["csv"])))
    assert list(rows[0]) == [
        *("label", "title", "page", "row", "column", "before", "after", "difference"),
    ]
    assert [(row["row"], row["before"], row["after"], row["difference"]) for row in rows] == [
        ("Brent", "100", "1250", "1150"),
        ("Harrow", "", "7", ""),
    ]


def test_long_lists_are_cut_short_and_the_download_has_them_all(tmp_path: Path) -> None:
    count = 40
    then = "area,beds\n" + "".join(f"Ward {n},{100 + n}\n" for n in range(count))
    now = "area,beds\n" + "".join(f"Ward {n},{200 + n}\n" for n in range(count))
    figures = [published(f"fig-{n}", now, cell=n) for n in range(count)]
    # A row more in each, or all would have changed alike.
    csvs = {f"fig_{n}": f"{now}Other {n},1\n" for n in range(count)}
    after = record(
        *(published(f.label, csvs[f.label.replace("-", "_")], cell=f.cell) for f in figures),
        *(published(f"tbl-{n}") for n in range(count)),
    )
    made = chapter(
        tmp_path, record(*(published(f.label, then) for f in figures)), after, then, **csvs
    )
    assert made.text.count("```{=html}") == 12
    assert made.text.count('<th scope="row">') == 12 * 8
    assert "The 8 largest moves: " in made.text
    for more in (count - 12 - 20, count - 20):
        assert made.text.count(f"\n- {more} more, in the download of every change") == 1
    rows = list(csv.DictReader(io.StringIO(made.exhibits["changes"].texts["csv"])))
    assert len(rows) == count + count * (count + 1)


def test_one_table_stands_for_the_chapters_of_a_notebook_that_repeats(tmp_path: Path) -> None:
    now = {f"fig_x_{place}": f"area,beds\nBrent,{number}\n" for place, number in PLACES.items()}
    labels = [name.replace("_", "-") for name in now]
    after = record(*map(published, labels, now.values()))
    text = chapter(tmp_path, record(*map(published, labels)), after, **now).text
    assert text.count("```{=html}") == 1
    assert "\n- @fig-x-ealing, Title of fig" in text
    assert "\n- @fig-x-harrow, Title of fig" in text


def test_findings_come_before_captions_and_both_before_values(tmp_path: Path) -> None:
    before = record(published("tbl-b"), published("fig-a"))
    after = record(published("tbl-b", title="New"), published("fig-a", "area,beds\n", title="Now"))
    text = chapter(tmp_path, before, after, fig_a="area,beds\n").text
    lines = [line for line in text.splitlines() if line.startswith("- @")]
    assert lines == [
        r"- @fig-a: was “Title of fig\-a”, is “Now”",
        r"- @tbl-b: was “Title of tbl\-b”, is “New”",
    ]
    assert text.index("- @tbl-b") < text.index("## Values that moved")


def test_table_laid_out_anew_is_told_without_numbers(tmp_path: Path) -> None:
    made = one_change(tmp_path, BEDS, "ward,beds\nNorth,100\n")
    assert "its table is laid out anew, so that its values cannot be matched" in made.text


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    then = f'area,beds\n"{HOSTILE}",1\n'
    before = record(
        published("fig-a", then, title=HOSTILE, measure=HOSTILE, source=HOSTILE),
        published("fig-gone", then, title=HOSTILE),
        parameters={"scenario": HOSTILE},
        date=HOSTILE,
    )
    after = record(
        published("fig-a", then.replace(",1", f',"{HOSTILE}"'), title=f"{HOSTILE} now"),
        published("tbl-new", title=HOSTILE),
    )
    text = chapter(tmp_path, before, after, then, fig_a=then.replace(",1", f',"{HOSTILE}"')).text
    prose, raw = RAW.sub("", text), "".join(RAW.findall(text))
    assert prose.count("pagebreak") > raw.count("pagebreak") > 0
    for mark in ("{{", "@fig-x", "$y", "<script", "[a", "`c", "*d", "| {"):
        assert not re.search(rf"(?<!\\){re.escape(mark)}", prose.replace("@fig-a", "")), mark
    assert "<script" not in raw
    assert "{{<" not in raw
    # Nothing hostile begins a line, where more would be markup.
    assert not [line for line in text.splitlines() if line.startswith(HOSTILE[:2])]


@pytest.mark.parametrize(
    ("name", "label"), [("changes.qmd", "other"), ("notebooks/x.ipynb", "changes")]
)
def test_name_of_the_chapter_or_its_download_is_taken(name: str, label: str) -> None:
    own = StagedChapter(name, "", {label: Exhibit("download", label, {"csv": BEDS})})
    with pytest.raises(InputError, match="is the name of the generated chapter on what has chang"):
        changes_chapter(record(), None, {name: own})


def shown(before: str, after: str, decimals: int = 0) -> list[str]:
    move = Move("Brent", "beds", before, after)
    changed = ChangedFigure(published("fig-a"), Comparison(moves=(move,)))
    columns = {"beds": {"title": "Beds", "decimals": decimals}}
    markup = moves_table(changed, Exhibit("figure", "fig-a", {}, columns=columns))
    return re.findall(r"<td[^>]*>(.*?)</td>", markup)


def test_long_text_is_cut_short_in_the_table() -> None:
    before, after, _ = shown("word " * 100, "other")
    assert len(before) <= 120
    assert before.endswith("word …")
    assert after == "other"


@pytest.mark.parametrize(
    ("before", "after", "decimals", "told"),
    [
        ("100", "120", 0, ["100", "120", "+20 (+20%)"]),
        ("120", "100", 2, ["120.00", "100.00", "−20.00 (−17%)"]),
        ("7.063059302", "7.1", 0, ["7.063", "7.100", "+0.037 (+0.5%)"]),
        ("311215", "311300", 0, ["311,215", "311,300", "+85 (under 0.1%)"]),
        ("0", "3", 0, ["0", "3", "+3 (from zero)"]),
        ("-2", "2", 0, ["−2", "2", "+4 (+200%)"]),
        ("1", "5000", 0, ["1", "5,000", "+4,999"]),
        ("", "3", 0, ["No data", "3", "now held"]),
        ("3", "", 0, ["3", "No data", "no longer held"]),
        ("late", "on course", 0, ["late", "on course", "reworded"]),
        ("After 250 days", "After 300 days", 0, ["After 250 days", "After 300 days", "+20%"]),
        (
            "£1,000.50 million",
            "−£500 million",
            0,
            ["£1,000.50 million", "−£500 million", "−150%"],
        ),
        ("9 days", "2 weeks", 0, ["9 days", "2 weeks", "reworded"]),
        ("By 2026", "By 2027", 0, ["By 2026", "By 2027", "reworded"]),
        ("0", "3 (new)", 0, ["0", "3 (new)", "reworded"]),
        ("0.00000000012", "0.00000000034", 0, ["0.00000000012", "0.00000000034", "+2.2e-10"]),
        ("1e40", "2e40", 0, ["1e40", "2e40", "+1e+40"]),
    ],
)
def test_move_is_written_so_that_it_shows(
    before: str, after: str, decimals: int, told: list[str]
) -> None:
    assert shown(before, after, decimals) == told


numbers = st.decimals(-(10**9), 10**9, places=5).map(lambda value: f"{value:f}")


@given(numbers, numbers, st.integers(0, 3))
@example("0.00000", "0.00000", 0)
def test_numbers_that_differ_are_shown_to_differ(before: str, after: str, decimals: int) -> None:
    first, second, change = shown(before, after, decimals)
    assert (first != second) == (float(before) != float(after))
    if float(before) != float(after):
        assert change.startswith("+" if float(after) > float(before) else "−")
