"""What an edition says that it published."""

import json
from pathlib import Path

import pytest
from builder_books import contents
from figure_records import published, record
from test_stage import plan, stage

from nwlbook.errors import InputError
from nwlbook.figures_record import NAME, FiguresRecord, read_record, summary_of

pytest_plugins = ["builder_fixtures"]


def staged_record(folder: Path) -> FiguresRecord:
    return read_record(folder / NAME)


def test_record_has_every_figure_table_and_download_in_the_books_order(
    book: Path, tmp_path: Path
) -> None:
    said = staged_record(stage(book, tmp_path / "staged"))
    assert [(each.label, each.kind, each.title) for each in said.figures] == [
        ("fig-beds", "figure", "Brent has most beds"),
        ("all-beds", "download", "every bed"),
        ("tbl-x-brent", "table", "Beds by borough"),
        ("tbl-x-ealing", "table", "Beds by borough"),
    ]
    beds, every, brent, _ = said.figures
    assert beds.measure == "Beds by borough, 2009"
    assert beds.page == "notebooks/beds.html#fig-beds"
    assert every.page == "notebooks/beds.html"
    assert brent.page == "notebooks/profile-brent.html#tbl-x-brent"
    assert (beds.cell, beds.cell_id, beds.code) == (2, "cell-1", "show()")
    assert said.runs[brent.run].notebook == "notebooks/profile.ipynb"
    assert said.runs[brent.run].parameters == {"borough": "brent"}
    assert said.parameters == plan(book).parameters.model_dump()


def test_digest_is_that_of_the_published_data(book: Path, tmp_path: Path) -> None:
    folder = stage(book, tmp_path / "staged")
    digests = contents(folder / "data")
    for each in staged_record(folder).figures:
        assert digests[f"{each.label}.csv"] == each.sha256


def test_same_runs_leave_the_same_record(book: Path, tmp_path: Path) -> None:
    files = [stage(book, tmp_path / name) / NAME for name in ("first", "second")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert summary_of(files[0]) == summary_of(files[1])
    assert summary_of(files[0]).count == 4
    assert summary_of(files[0]).sha256 == staged_record(files[0].parent).digest()


def test_record_names_no_folder_of_this_machine(book: Path, tmp_path: Path) -> None:
    text = (stage(book, tmp_path / "staged") / NAME).read_text("utf-8")
    assert str(book) not in text
    assert str(tmp_path) not in text


def test_record_that_is_read_is_the_one_that_was_written(tmp_path: Path) -> None:
    made = record(published("fig-a", title='"Größer" {{< x >}}'), published("tbl-b"))
    (tmp_path / NAME).write_text(made.text(), encoding="utf-8")
    assert read_record(tmp_path / NAME) == made


def spoilt(**changes: object) -> str:
    return json.dumps(json.loads(record(published("fig-a")).text()) | changes)


def spoilt_figure(**changes: object) -> str:
    content = json.loads(record(published("fig-a")).text())
    content["figures"][0] |= changes
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "format: none: expected 1"),
        (spoilt(format=2), "format: '2': expected 1"),
        (spoilt(edition="../nwl"), "edition: "),
        (spoilt(figures=[{}]), "figures.0.label: field required"),
        (spoilt(more=1), "more: "),
        (spoilt_figure(label="../../etc/passwd"), "figures.0.label: "),
        (spoilt_figure(label="fig-a\n"), "figures.0.label: "),
        (spoilt_figure(sha256="00"), "figures.0.sha256: "),
        (spoilt_figure(kind="poster"), "figures.0.kind: "),
        (spoilt_figure(cell="4"), "figures.0.cell: "),
    ],
)
def test_what_is_no_record_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / NAME
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_record(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: {told}")
    assert "\n" not in message


def test_missing_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_record(tmp_path / NAME)
