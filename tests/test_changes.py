"""What has changed between two editions, and in which order it is told."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from figure_records import BEDS, published, record, write_site

from nwlbook.changes import Difference, EditionChanges, compare_editions, rows_of
from nwlbook.earlier_build import EarlierEdition
from nwlbook.errors import InputError
from nwlbook.figures_record import FiguresRecord

MORE_BEDS = BEDS.replace("100", "120")


def changes(
    site: Path, before: FiguresRecord, after: FiguresRecord, then: str = BEDS, **data: str
) -> EditionChanges:
    write_site(site, before, **{each.label.replace("-", "_"): then for each in before.figures})
    now = {each.label: data.get(each.label.replace("-", "_"), BEDS) for each in after.figures}
    return compare_editions(EarlierEdition(before, site), after, now)


def test_same_edition_has_not_changed(tmp_path: Path) -> None:
    same = record(published("fig-a"), published("tbl-b"), published("c"))
    found = changes(tmp_path, same, same)
    assert found.common == 3
    assert list(rows_of(found)) == []
    told = (found.parameters, found.made_with, found.evidence, found.sources, found.changed)
    assert not any((*told, found.new, found.gone, found.retitled, found.recited))


def test_data_that_is_the_same_is_not_read(tmp_path: Path) -> None:
    same = record(published("fig-a"))
    (write_site(tmp_path, same) / "data" / "fig-a.csv").unlink()
    assert not compare_editions(EarlierEdition(same, tmp_path), same, {"fig-a": BEDS}).changed


def test_new_gone_retitled_and_recited_figures_are_told_in_the_books_order(tmp_path: Path) -> None:
    before = record(published("fig-z"), published("fig-a"), published("tbl-b"), published("tbl-y"))
    after = record(
        published("tbl-d"),
        published("fig-a", title="Ealing has most beds"),
        published("tbl-b", source="Census"),
        published("fig-c"),
    )
    found = changes(tmp_path, before, after)
    assert [each.label for each in found.new] == ["tbl-d", "fig-c"]
    assert [each.label for each in found.gone] == ["fig-z", "tbl-y"]
    assert [(old.title, new.title) for old, new in found.retitled] == [
        ("Title of fig-a", "Ealing has most beds")
    ]
    assert [new.label for _, new in found.recited] == ["tbl-b"]
    assert found.common == 2


def test_what_moved_far_comes_first_and_downloads_last_in_the_books_order(tmp_path: Path) -> None:
    data = {"everything": "500", "fig_little": "101", "tbl_much": "900", "fig_some": "150"}
    labels = [name.replace("_", "-") for name in data]
    csvs = {name: BEDS.replace("100", value) for name, value in data.items()}
    after = record(
        *(published(label, csvs[name]) for label, name in zip(labels, csvs, strict=True))
    )
    found = changes(tmp_path, record(*map(published, labels)), after, **csvs)
    assert [each.figure.label for each in found.changed] == [
        "tbl-much",
        "fig-some",
        "fig-little",
        "everything",
    ]


def test_what_changed_alike_is_told_once(tmp_path: Path) -> None:
    labels = ["fig-a-brent", "fig-a-ealing", "fig-other"]
    csvs = {"fig_a_brent": MORE_BEDS, "fig_a_ealing": MORE_BEDS, "fig_other": BEDS + "Harrow,1\n"}
    after = record(
        *(published(label, csvs[label.replace("-", "_")]) for label in labels), published("tbl-x")
    )
    found = changes(tmp_path, record(*map(published, [*labels, "tbl-x"])), after, **csvs)
    assert [[each.label for each in changed.members] for changed in found.changed] == [
        ["fig-a-brent", "fig-a-ealing"],
        ["fig-other"],
    ]
    rows = list(rows_of(found))
    assert [row[0] for row in rows] == labels


def test_largest_moves_come_first(tmp_path: Path) -> None:
    csv_now = "area,beds\nBrent,101\nEaling,8\n"
    found = changes(
        tmp_path, record(published("fig-a")), record(published("fig-a", csv_now)), fig_a=csv_now
    )
    assert [move.row for move in found.changed[0].largest()] == ["Ealing", "Brent"]


def test_other_bytes_of_the_same_values_are_no_change(tmp_path: Path) -> None:
    csv_now = BEDS.replace("100", "100.0")
    found = changes(
        tmp_path, record(published("fig-a")), record(published("fig-a", csv_now)), fig_a=csv_now
    )
    assert found.changed == ()


def test_what_an_edition_is_made_from_is_compared(tmp_path: Path) -> None:
    before = record(published("fig-a"), evidence={"data/a.csv": "0" * 64, "data/b.csv": "1" * 64})
    after = record(
        published("fig-a", places={"census": ["Table 2"]}),
        parameters={"scenario": "worst", "discount_rate": 3.5},
        made_with={"nwlbook": "0.1.0", "pandoc": "3.8"},
        evidence={"data/b.csv": "2" * 64, "data/c.csv": "3" * 64},
    )
    found = changes(tmp_path, before, after)
    assert found.parameters == (Difference("scenario", "mid", "worst"),)
    assert found.made_with == (Difference("pandoc", "3.7", "3.8"),)
    assert [(each.name, bool(each.before), bool(each.after)) for each in found.evidence] == [
        ("data/a.csv", True, False),
        ("data/b.csv", True, True),
        ("data/c.csv", False, True),
    ]
    assert found.sources == (
        Difference("census", None, "census"),
        Difference("survey", "survey", None),
    )


def test_every_change_has_a_row(tmp_path: Path) -> None:
    csv_now = "area,beds\nBrent,120.5\nHarrow,7\n"
    before = record(published("fig-a"), published("fig-gone"), published("tbl-b"))
    after = record(
        published("fig-a", csv_now), published("fig-new"), published("tbl-b", title="Other")
    )
    page = "notebooks/beds.html"
    assert list(rows_of(changes(tmp_path, before, after, fig_a=csv_now))) == [
        ("fig-new", "Title of fig-new", f"{page}#fig-new", "", "title", "", "Title of fig-new", ""),
        (
            *("fig-gone", "Title of fig-gone", f"{page}#fig-gone"),
            *("", "title", "Title of fig-gone", "", ""),
        ),
        ("tbl-b", "Other", f"{page}#tbl-b", "", "title", "Title of tbl-b", "Other", ""),
        ("fig-a", "Title of fig-a", f"{page}#fig-a", "Brent", "beds", "100", "120.5", "20.5"),
        ("fig-a", "Title of fig-a", f"{page}#fig-a", "Harrow", "beds", "", "7", ""),
        ("fig-a", "Title of fig-a", f"{page}#fig-a", "Ealing", "beds", "80", "", ""),
    ]


@pytest.fixture
def longest_cell() -> Iterator[int]:
    """Return the length of the longest cell that is read, whatever a library had set it to."""
    before = csv.field_size_limit(1_000)
    yield csv.field_size_limit()
    csv.field_size_limit(before)


def test_earlier_data_that_is_not_csv_is_refused(tmp_path: Path, longest_cell: int) -> None:
    field = "x" * (longest_cell + 1)
    long = f"area,beds\n{field},1\n"
    with pytest.raises(InputError, match=r"^--since: .*fig-a\.csv: is not CSV: field larger"):
        changes(tmp_path, record(published("fig-a", long)), record(published("fig-a")), then=long)
    assert list(csv.reader(io.StringIO(BEDS)))
