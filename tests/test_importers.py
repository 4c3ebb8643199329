"""Files in the layouts of NHS England; every number in them is invented."""

import csv
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st

from helpers import importers, observations
from helpers.errors import EvidenceError
from helpers.importers.months import MONTHS, month_of, named_month
from nwlbook import importing
from nwlbook.errors import InputError
from nwlbook.validation import evidence_problems

FIXTURES = Path(__file__).parent / "fixtures" / "nhs-england"
AE, AE_2019 = "July-2025-AE-by-provider.csv", "April-2019-AE-by-provider.csv"
CANCER = "2025-26-Oct-Mar-Monthly-Combined-CSV-Provisional.csv"
CANCER_MONTH = "April-2026-Monthly-Combined-CSV-Provisional.csv"
DIAGNOSTICS = "DM01-MAY-2026-full-extract.csv"
RTT, RTT_2019 = (
    "20260531-RTT-May-2026-full-extract.csv", "20190430-RTT-April-2019-full-extract.csv",
)  # fmt: skip
KIND = {
    AE: "ae", AE_2019: "ae", CANCER: "cancer", CANCER_MONTH: "cancer", DIAGNOSTICS: "diagnostics",
    RTT: "rtt", RTT_2019: "rtt",
}  # fmt: skip
TRUSTS = {"R1K", "RAS", "RQM", "RYJ"}

Values = dict[tuple[str, str, date], float]
# Takes the rows of a file, the heading first, and changes them.
Change = Callable[[list[list[str]]], object]

pytestmark = pytest.mark.usefixtures("book_evidence")


def values(name: str, folder: Path = FIXTURES) -> Values:
    found = importers.read_published(KIND[name], folder / name)
    return {(value.measure, value.area, value.month): value.value for value in found.values}


def changed(tmp_path: Path, name: str, change: Change, save_as: str | None = None) -> Path:
    with (FIXTURES / name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    change(rows)
    target = tmp_path / (save_as or name)
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return target


def refusal(kind: str, file: Path, month: date | None = None) -> str:
    with pytest.raises(EvidenceError) as refused:
        importers.read_published(kind, file, month)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def cell(row: int, column: str, value: str) -> Change:
    def change(rows: list[list[str]]) -> None:
        rows[row - 1][rows[0].index(column)] = value

    return change


def renamed(column: str, to: str) -> Change:
    return cell(1, column, to)


def test_share_within_four_hours_counts_booked_appointments():
    july = date(2025, 7, 1)
    within = 1 - (360 + 30 + 10 + 8 + 2) / (1000 + 200 + 300 + 50 + 30 + 20)
    assert values(AE) == {
        ("ae-4-hour", "R1K", july): 80,
        ("ae-4-hour", "RAS", july): 70,
        ("ae-4-hour", "RQM", july): 80,
        ("ae-4-hour", "RYJ", july): round(100 * within, 2),
        ("ae-4-hour", "england", july): 76.04,
    }


def test_ae_before_booked_appointments_were_told_apart():
    april = date(2019, 4, 1)
    assert values(AE_2019) == {
        ("ae-4-hour", "R1K", april): 75,
        ("ae-4-hour", "RAS", april): 80,
        ("ae-4-hour", "RQM", april): 90,
        ("ae-4-hour", "RYJ", april): 85,
        ("ae-4-hour", "england", april): 82.9,
    }


def test_cancer_standards_of_trusts_residents_and_england_by_month():
    found = values(CANCER)
    assert {month for _, _, month in found} == {date(2025, 10, 1), date(2025, 11, 1)}
    assert {area for _, area, _ in found} == TRUSTS | {"nwl", "england"}
    assert len(found) == 3 * 6 * 2
    october = {key[:2]: value for key, value in found.items() if key[2].month == 10}
    assert october["cancer-62-day", "R1K"] == 60.5
    assert october["cancer-62-day", "RAS"] == round(100 * 61.5 / 101, 2)
    assert october["cancer-62-day", "nwl"] == 75
    assert october["cancer-31-day", "RYJ"] == 95
    assert october["cancer-faster-diagnosis-standard", "nwl"] == 77


def test_values_of_residents_say_that_they_are_counted_by_commissioner():
    for name in (CANCER, DIAGNOSTICS, RTT):
        found = importers.read_published(KIND[name], FIXTURES / name)
        assert {value.area for value in found.values if "commissioner" in value.note} == {"nwl"}


def test_month_of_a_cancer_file_comes_from_its_name_or_is_given(tmp_path):
    assert {month for _, _, month in values(CANCER_MONTH)} == {date(2026, 4, 1)}
    nameless = changed(tmp_path, CANCER_MONTH, lambda rows: None, "combined.csv")
    assert "expected a name such as April-2026-" in refusal("cancer", nameless)
    given = importers.read_published("cancer", nameless, date(2026, 5, 1))
    assert {value.month for value in given.values} == {date(2026, 5, 1)}
    named = refusal("cancer", FIXTURES / CANCER, date(2026, 5, 1))
    assert named == f"{CANCER}: its rows name their months: leave --month out"


def test_share_waiting_less_than_six_weeks_for_a_test():
    may = date(2026, 5, 1)
    assert values(DIAGNOSTICS) == {
        ("diagnostic-6-weeks", "england", may): 73.6,
        ("diagnostic-6-weeks", "nwl", may): 73.6,
        ("diagnostic-6-weeks", "R1K", may): 72,
        ("diagnostic-6-weeks", "RAS", may): 72.8,
        ("diagnostic-6-weeks", "RQM", may): 73.6,
        ("diagnostic-6-weeks", "RYJ", may): 74.4,
    }


def test_tests_are_added_up_where_no_row_does_it(tmp_path):
    def without_totals(rows: list[list[str]]) -> None:
        rows[:] = [row for row in rows if "TOTAL" not in row]

    file = changed(tmp_path, DIAGNOSTICS, without_totals)
    assert values(DIAGNOSTICS, file.parent) == values(DIAGNOSTICS)


def test_waits_for_treatment():
    found = {key[:2]: value for key, value in values(RTT).items()}
    # A trust's two commissioners: 100, 50, 30, 10, 4, 3, 2, 1 and 1 pathways in nine bands.
    assert found["rtt-18-weeks", "R1K"] == round(100 * 150 / 201, 2)
    assert found["rtt-over-52-weeks", "R1K"] == 2 * (4 + 3 + 2 + 1 + 1)
    assert found["rtt-over-62-weeks", "R1K"] == 2 * (2 + 1 + 1)
    # All five providers, one of their two commissioners; none from outside England.
    assert found["rtt-over-52-weeks", "nwl"] == 5 * 11
    assert found["rtt-over-52-weeks", "england"] == 2 * 5 * 11


def test_older_waits_for_treatment_end_at_52_weeks():
    read = importers.read_published("rtt", FIXTURES / RTT_2019)
    assert {value.measure for value in read.values} == {"rtt-18-weeks", "rtt-over-52-weeks"}
    assert read.notes == [
        "no value of rtt-over-62-weeks: the longest band is of more than 52 weeks"
    ]
    old, new = values(RTT_2019), values(RTT)
    assert {key[:2]: value for key, value in old.items()}.items() <= {
        key[:2]: value for key, value in new.items()
    }.items()


@pytest.mark.parametrize("name", [DIAGNOSTICS, RTT])
def test_a_zipped_file_is_read_as_it_is(tmp_path, name):
    file = tmp_path / "download.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(FIXTURES / name, f"folder/{name}")
    assert (
        importers.read_published(KIND[name], file).values
        == importers.read_published(KIND[name], FIXTURES / name).values
    )


def test_bytes_of_old_files_do_not_stop_the_reading(tmp_path):
    content = b"\xef\xbb\xbf" + (FIXTURES / AE).read_bytes().replace(b"INVENTED", b"INV\x92NTED")
    (tmp_path / AE).write_bytes(content)
    assert values(AE, tmp_path) == values(AE)


NEEDED = [
    (AE, ("Period", "Org Code", "A&E attendances Type 1", "Attendances over 4hrs Type 2",
          "A&E attendances Booked Appointments Type 1",
          "Attendances over 4hrs Booked Appointments Other Department")),
    (AE_2019, ("Number of attendances over 4hrs Other A&E Department",)),
    (CANCER, ("Basis", "Org_Code", "Standard_or_Item", "Cancer_Type", "Referral_Route_or_Stage",
              "Treatment_Modality", "Total", "Within", "After")),
    (DIAGNOSTICS, ("Period", "Provider Org Code", "Diagnostic Tests", "05 < 06 Weeks", "13+ Weeks",
                   "Commissioner Parent Org Code", "Total WL")),
    (RTT, ("Period", "Provider Org Code", "Commissioner Org Code", "RTT Part Type",
           "Commissioner Parent Org Code", "Treatment Function Code", "Total All")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name, columns in NEEDED for column in columns]
)
def test_a_renamed_column_is_named_with_those_found(tmp_path, name, column):
    file = changed(tmp_path, name, renamed(column, f"{column}*"))
    expected = column.removeprefix("Number of ").replace("Other A&E Dep", "Other Dep")
    assert re.fullmatch(
        f"{name}: column '{re.escape(expected)}' is missing: found '{re.escape(column)}.', "
        "'.*: the layout may have changed, or this is another file",
        refusal(KIND[name], file),
        re.IGNORECASE,
    )


@pytest.mark.parametrize("name", [AE, CANCER, DIAGNOSTICS, RTT])
def test_columns_may_be_in_another_order_and_written_otherwise(tmp_path, name):
    def shuffled(rows: list[list[str]]) -> None:
        rows[:] = [row[::-1] for row in rows]
        rows[0] = [f" {label.upper()} " for label in rows[0]]

    file = changed(tmp_path, name, shuffled)
    assert values(name, file.parent) == values(name)


@pytest.mark.parametrize("kind", ["ae", "cancer", "diagnostics", "rtt"])
@pytest.mark.parametrize("name", [AE, CANCER, DIAGNOSTICS, RTT])
def test_a_file_of_another_publication_is_refused(kind, name):
    if KIND[name] != kind:
        assert "is missing: found" in refusal(kind, FIXTURES / name)


@pytest.mark.parametrize(
    ("name", "change", "line"),
    [
        (AE, cell(2, "A&E attendances Type 1", "many"),
         "row 2: column 'A&E attendances Type 1': 'many': expected a number of 0 or more"),
        (AE, cell(3, "Attendances over 4hrs Type 1", "-4"),
         "row 3: column 'Attendances over 4hrs Type 1': '-4': expected a number of 0 or more"),
        (AE, cell(2, "Attendances over 4hrs Type 1", "2000"),
         "row 2: column 'Attendances over 4hrs Type 1': '2000': "
         "expected no more than the attendances"),
        (AE, cell(2, "Period", "July"),
         "row 2: column 'Period': 'July': expected a month such as April-2026"),
        (AE, cell(2, "Period", "MSitAE-JUNE-2025"),
         "row 8: column 'Period': 'TOTAL': expected the month of the total: the file has several"),
        (AE, cell(3, "Org Code", "R1K"), "2 values of ae-4-hour, R1K, July 2025: expected one"),
        (CANCER, cell(2, "Within", "70"),
         "row 2: column 'Total': '100': expected 109.5, within and after"),
        (CANCER, cell(3, "Cancer_Type", "ALL CANCERS"),
         "2 values of cancer-62-day, R1K, October 2025: expected one"),
        (DIAGNOSTICS, cell(2, "Total WL", "1"),
         "row 2: column 'Total WL': '1': expected 200, the sum of the weeks"),
        (DIAGNOSTICS, cell(2, "Diagnostic Tests", ""),
         "England, May 2026: the rows TOTAL differ from the sum of the tests: expected the same"),
        (RTT, cell(3, "Total All", "1"),
         "row 3: column 'Total All': '1': expected 201, the sum of the weeks"),
        (RTT, renamed("Gt 17 To 18 Weeks SUM 1", "Gt 17 To 19 Weeks SUM 1"),
         "column 'Gt 17 To 19 Weeks SUM 1': expected weekly bands from 'Gt 00 To 01 Weeks' to one "
         "without an end, none missing"),
        (RTT, renamed("Gt 104 Weeks SUM 1", "Over 104"),
         "column 'Gt 103 To 104 Weeks SUM 1': expected weekly bands from 'Gt 00 To 01 Weeks' to "
         "one without an end, none missing"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused(tmp_path, name, change, line):
    assert refusal(KIND[name], changed(tmp_path, name, change)) == f"{name}: {line}"


@pytest.mark.parametrize(
    ("name", "column", "to", "part"),
    [
        (CANCER, "Standard_or_Item", "62-day", "found 62-day: expected FDS, 31D, 62D"),
        (RTT, "RTT Part Type", "Part 2", "no row of all specialties (C_999) in Part_2"),
        (AE, "Org Code", "RXX", "no value of our organisations: expected at least one"),
        (DIAGNOSTICS, "Period", "2026", "'2026': expected a month such as April-2026"),
    ],
)
def test_other_words_in_the_cells_are_refused(tmp_path, name, column, to, part):
    def all_other(rows: list[list[str]]) -> None:
        place = rows[0].index(column)
        for row in rows[1:]:
            row[place] = to
        if name == AE:
            rows[:] = [row for row in rows if "TOTAL" not in row]

    assert part in refusal(KIND[name], changed(tmp_path, name, all_other))


def test_what_a_file_does_not_give_is_told_and_never_taken_for_nothing(tmp_path):
    def silent(rows: list[list[str]]) -> None:
        rows[2][4:] = ["-"] * len(rows[2][4:])

    found = importers.read_published("ae", changed(tmp_path, AE, silent))
    assert "RAS" not in {value.area for value in found.values}
    assert found.notes == ["nothing found of The Hillingdon Hospitals (RAS)"]


def test_a_standard_that_is_gone_is_told(tmp_path):
    def without_fds(rows: list[list[str]]) -> None:
        rows[:] = [row for row in rows if "FDS" not in row]

    found = importers.read_published("cancer", changed(tmp_path, CANCER, without_fds))
    assert found.notes == ["no row of the standard FDS"]
    assert {value.measure for value in found.values} == {"cancer-31-day", "cancer-62-day"}


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.xlsx", b"PK", "a workbook: expected CSV: open it in a spreadsheet, show the sheet"),
        ("a.XLS", b"\xd0\xcf", "a workbook: expected CSV"),
        ("a.zip", b"no archive", "cannot be read: File is not a zip file"),
        ("a.csv", "Period,Org Code\n".encode("utf-16"), "looks like UTF-16: save it as"),
        ("a.csv", b"", "column 'Period' is missing: found nothing"),
        ("a.csv", b"Period,Org Code,Period\n", "column 'Period' is there twice: expected once"),
    ],
)
def test_what_is_no_published_table_is_refused(tmp_path, name, content, part):
    (tmp_path / name).write_bytes(content)
    assert refusal("ae", tmp_path / name).startswith(f"{name}: {part}")


def test_a_zip_archive_with_two_files_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "")
        archive.writestr("b.csv", "")
    assert refusal("rtt", tmp_path / "a.zip") == (
        "a.zip: cannot be read: expected one CSV file in it, found 2"
    )


def test_a_file_that_is_not_there_is_named_without_its_folder(tmp_path):
    assert refusal("ae", tmp_path / "gone.csv") == (
        "gone.csv: cannot be read: No such file or directory"
    )


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("MSitAE-APRIL-2024", (2024, 4)),
        ("RTT-May-2026", (2026, 5)),
        ("DM01-MAY-2026", (2026, 5)),
        ("01/10/2025", (2025, 10)),
        ("2023-05-01", (2023, 5)),
        ("2023-05", (2023, 5)),
        ("Apr-25", (2025, 4)),
        ("sept 2025", (2025, 9)),
        ("20260531-RTT-May-2026-full-extract.csv", (2026, 5)),
        ("TOTAL", None),
        ("2025-13", None),
        ("13/13/2025", None),
        ("2025-26-Apr-Sep-Cumulative-Monthly-Combined-CSV-Final.csv", None),
        ("April-2026-and-May-2026", None),
        ("Mayor-2026", None),
        ("", None),
    ],
)
def test_months_as_files_name_them(text, month):
    assert month_of(text) == (date(*month, 1) if month else None)


@given(
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    letters=st.integers(3, 9),
    separator=st.sampled_from(["", " ", "-", "_"]),
    upper=st.booleans(),
)
def test_every_month_is_read_however_it_is_written(day, letters, separator, upper):
    word = MONTHS[day.month - 1][:letters]
    text = f"{word.upper() if upper else word.title()}{separator}{day.year}"
    assert named_month(f"CSV-{text}.csv") == day.replace(day=1)


def target(project: Project) -> Path:
    return project.root / "data/observations/nhs-england-cancer.csv"


def run(project: Project, *names: str, kind: str = "cancer", **options: object) -> list[str]:
    files = [FIXTURES / name for name in names]
    return importing.import_files(project.root, kind, files, **options)


def test_imported_files_are_observations(copied_project):
    for kind, names in {"ae": [AE], "cancer": [CANCER, CANCER_MONTH], "diagnostics": [DIAGNOSTICS],
                        "rtt": [RTT]}.items():  # fmt: skip
        run(copied_project, *names, kind=kind)
    assert list(evidence_problems(copied_project.root)) == []
    frame = observations.load()
    assert len(frame) == 5 + 36 + 18 + 6 + 18
    assert frame["basis"].isin(["", *observations.series()["basis"]]).all()
    cancer = observations.series("cancer-62-day-standard", "RYJ")
    assert cancer["date"].max().date() == date(2026, 4, 1)
    assert set(cancer["basis"]) == {"62-day combined standard"}
    assert cancer["locator"].iloc[-1] == CANCER_MONTH
    # The attendances held of this trust are low: what is imported is not joined to them.
    assert observations.series("ae-4-hour", "RYJ")["basis"].nunique() == 2
    assert observations.series("ae-4-hour", "RAS")["basis"].nunique() == 1


def test_importing_again_changes_nothing(copied_project):
    lines = run(copied_project, CANCER, CANCER_MONTH)
    name = "data/observations/nhs-england-cancer.csv"
    assert lines == [
        f"{CANCER}: 36 values of October 2025 to November 2025",
        f"{CANCER_MONTH}: 18 values of April 2026",
        f"{name}: 54 values added, 0 replaced",
    ]
    content = target(copied_project).read_bytes()
    assert run(copied_project, CANCER_MONTH, CANCER)[-1] == f"{name}: holds these values already"
    assert target(copied_project).read_bytes() == content
    header, *rows = content.decode().splitlines()
    assert header == "indicator,area,date,value,basis,note,source,locator"
    assert rows == sorted(rows)
    assert b"\r" not in content
    names = {file.name for file in target(copied_project).parent.iterdir()}
    assert names - {"README.md"} == {target(copied_project).name}


def test_a_revised_month_takes_the_place_of_the_first(copied_project, tmp_path):
    run(copied_project, CANCER)

    def revise(rows: list[list[str]]) -> None:
        rows[1][rows[0].index("Within")] = "70.5"
        rows[1][rows[0].index("After")] = "29.5"

    revised = changed(tmp_path, CANCER, revise)
    lines = importing.import_files(copied_project.root, "cancer", [revised])
    assert lines[-1].endswith("0 values added, 1 replaced")
    frame = observations.series("cancer-62-day", "R1K")
    assert list(frame[frame["date"] == "2025-10-01"]["value"]) == [70.5]


def test_rows_that_an_analyst_wrote_stay(copied_project):
    own = 'indicator,area,date,value,source\nwrong-name,nwl,2026-05-01,3,"By hand"\n'
    copied_project.write("data/observations/nhs-england-cancer.csv", own)
    with pytest.raises(EvidenceError, match="row 2: column 'indicator': 'wrong-name'"):
        run(copied_project, CANCER)
    assert target(copied_project).read_text() == own
    copied_project.edit(
        "data/observations/nhs-england-cancer.csv", "wrong-name", "rtt-over-52-weeks"
    )
    run(copied_project, CANCER)
    assert list(observations.series("rtt-over-52-weeks")["source_id"]) == ["By hand"]


def test_a_value_that_another_file_holds_is_not_imported_twice(copied_project):
    run(copied_project, CANCER)
    other = copied_project.root / "data/observations/other.csv"
    with pytest.raises(EvidenceError, match="expected one value"):
        run(copied_project, CANCER, into=other)
    assert not other.exists()
    run(copied_project, CANCER_MONTH, into=other)
    assert list(evidence_problems(copied_project.root)) == []


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"kind": "beds"}, "kind 'beds': expected one of ae, cancer, diagnostics, rtt"),
        ({"into": Path("elsewhere.csv")}, "--into elsewhere.csv: expected a file in "
         "data/observations/ that ends in .csv"),
        ({"month": "May 2026"}, "--month 'May 2026': expected a month such as 2026-04"),
        ({"month": "2026-05", "kind": "rtt"}, "--month is for one file of kind cancer that names "
         "no month"),
    ],
)  # fmt: skip
def test_bad_options_are_refused(copied_project, options, line):
    with pytest.raises(InputError) as refused:
        run(copied_project, CANCER, **options)
    assert str(refused.value) == line


def test_nothing_is_written_unless_every_file_can_be_read(copied_project):
    with pytest.raises(EvidenceError):
        run(copied_project, CANCER, AE)
    assert not target(copied_project).exists()
