"""Each number of the evidence stands where its locator says, or is listed as not proven."""

import csv
import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Project
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from nwlbook.cli import app
from nwlbook.errors import InputError
from nwlbook.provenance import ledger
from nwlbook.provenance.locators import Locators
from nwlbook.provenance.numbers import Kind, printed_numbers
from nwlbook.provenance.outline import Outline
from nwlbook.provenance.proof import Prover, Reading, sought
from nwlbook.provenance.report import report
from nwlbook.provenance.texts import SourceText, read_texts

TODAY = date(2026, 11, 22)

CASE = """\
PART 1\tThe plan\t1
PART 2\tThe case\t2

PART 1 THE PLAN

1. Context

Two wards closed on 3 July 2009. The eight trusts spent £1.38bn, of which £796k was new.

- Between 50-70,000 people were seen, 1 in 4 of them twice.

1.1 Beds

Table 1 Beds and cost by ward

Ward\tBeds\t2009/10\t2010/11
Brent\t12\t£1.50m\t(£0.47m)
Ealing\t7\t-\t£0.36m
Total\t19\t£1.50m\t(£0.11m)

¹ Beds open in 2008.

Part 1 The plan

2. Aims

- Shorter waits
- All wards report monthly.

Closing words

Occupancy stood at 85% in 2009.

PART 2 THE CASE

1. Context

Ward\tTarget date\tOutcome
Brent\tMarch 2025\tEvery patient seen within 18 weeks
Ealing\t2026 - 27\tDiagnosis rate of 66/7%

APPENDIX A FORMS

Quorum:\t75% of the members
Vice Chair:\tOne year
Chair:\tTwo years

About the borough

There are 205,100 residents.
"""

PLACES = [("Part 2, about the borough", "About the borough")]


@pytest.fixture(scope="module")
def locators() -> Locators:
    return Locators(Outline(SourceText("case", tuple(CASE.splitlines())), PLACES))


@pytest.fixture(scope="module")
def prover(locators: Locators) -> Prover:
    return Prover(locators)


def numbers(text: str) -> set[tuple[float, str]]:
    return {(float(number.value), number.kind.value) for number in printed_numbers(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£3.72m", {(3_720_000, "money")}),
        ("£1.38bn in all", {(1_380_000_000, "money")}),
        ("£796k.", {(796_000, "money")}),
        ("£5.3 billion", {(5_300_000_000, "money")}),
        ("£318,000,", {(318_000, "money")}),
        ("(£4.02m)", {(-4_020_000, "money")}),
        ("(£0.71)m", {(-710_000, "money")}),
        ("-£0.47m", {(-470_000, "money")}),
        ("costs (£3.98m) a year", {(3_980_000, "money"), (-3_980_000, "money")}),
        ("65,000 employees", {(65_000, "plain")}),
        ("2.1m residents", {(2_100_000, "plain")}),
        ("two million", {(2_000_000, "plain")}),
        ("15.92%", {(15.92, "percent")}),
        ("18 per cent", {(18, "percent")}),
        ("2-10%", {(2, "plain"), (2, "percent"), (10, "percent")}),
        ("50-70,000", {(50, "plain"), (50_000, "plain"), (70_000, "plain")}),
        (
            "between £0.8 and £6m",
            {(0.8, "money"), (800_000, "money"), (6_000_000, "money")},
        ),
        ("1 in 4", {(1, "plain"), (4, "plain"), (25, "percent")}),
        ("the third largest", {(3, "rank")}),
        ("1x Contracts Manager", {(1, "plain")}),
        ("on 1st June", {(1, "plain")}),
        ("62-day wait", {(62, "plain")}),
        ("in 2009/10, at 66/7%, 24/7", set()),
        ("Core20Plus5 in Q4 of Y2", set()),
        ("version 1.2.3", set()),
    ],
)
def test_number_is_read_in_its_ordinary_form(text: str, expected: set[tuple[float, str]]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize("text", ["10.36", "0.365", "0.36.1", "x0.36", "1,000.36", "£0.36m"])
def test_number_is_not_read_out_of_another(text: str) -> None:
    assert (0.36, "plain") not in numbers(text)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_number_printed_with_commas_is_read_back(value: Decimal) -> None:
    assert (float(value), "money") in numbers(f"It cost £{value:,} in all.")


@pytest.mark.parametrize(
    ("locator", "first", "last"),
    [
        ("Part 1, section 1.1", "1.1 Beds", ""),
        ("Part 2, section 1", "1. Context", ""),
        ("Table 1", "Ward\tBeds", "Total\t"),
        ("Table 1 (ii)", "Ealing\t7", "Ealing\t7"),
        ("Part 2, section 1 (i)", "Brent\tMarch", "Brent\tMarch"),
        ("Part 1, section 2 (ii)", "- All wards", "- All wards"),
        ("Table 1, footnote 1", "¹ Beds", "¹ Beds"),
        ("Part 1, closing words", "Closing words", ""),
        ("Appendix A, Vice Chair", "Vice Chair", "Vice Chair"),
        ("Appendix A, chair", "Chair:", "Chair:"),
        ("Part 2, about the borough", "About the borough", "There are 205,100"),
        ("Table 1; Appendix A, Quorum", "Ward\tBeds", "Quorum"),
        ("Table 1 and Appendix A, Quorum", "Ward\tBeds", "Quorum"),
    ],
)
def test_locator_names_a_place(locators: Locators, locator: str, first: str, last: str) -> None:
    lines = CASE.splitlines()
    found = locators.lines(locator)
    assert lines[found[0]].startswith(first)
    assert lines[found[-1]].startswith(last)


def test_place_ends_where_the_next_begins(locators: Locators) -> None:
    text = "\n".join(CASE.splitlines()[line] for line in locators.lines("Part 1, section 1.1"))
    assert "£1.50m" in text
    assert "£1.38bn" not in text
    assert "March 2025" not in text


@pytest.mark.parametrize(
    "locator",
    ["Part 3", "Table 9", "Part 2, section 1.1", "Appendix A, treasurer", "Table 1 (ix)", "Page"],
)
def test_unknown_place_is_not_found(locators: Locators, locator: str) -> None:
    assert locators.lines(locator) == ()


def reasons(prover: Prover, locator: str, **row: str) -> list[str]:
    """Return why the cells of a row fail; a column's name tells its type."""
    fields = [
        {
            "name": name,
            "type": "string" if name.endswith("_printed") else "number",
            "unit": "GBP million" if name.endswith("gbp_m") else "",
        }
        for name in row
        if name.endswith(("_printed", "value", "gbp_m"))
    ]
    cells = {**row, "source_id": "case", "locator": locator}
    return [failure.reason for failure in prover.failures(cells, fields, {})]


@pytest.mark.parametrize(
    ("locator", "row"),
    [
        ("Table 1", {"area": "brent", "year": "2009/10", "cost_gbp_m": "1.5"}),
        ("Table 1", {"area": "brent", "year": "2010/11", "cost_gbp_m": "-0.47"}),
        ("Table 1", {"area": "ealing", "year": "2009/10", "cost_gbp_m": "0"}),
        ("Table 1", {"title": "Beds of Ealing", "value": "7"}),
        ("Part 1, section 1", {"title": "Spending of the trusts", "unit": "GBP billion",
                               "value": "1.38"}),
        ("Part 1, section 1", {"title": "Trusts that spend", "unit": "count", "value": "8"}),
        ("Part 1, section 1", {"title": "People seen", "low_value": "50000"}),
        ("Part 1, section 1", {"title": "People seen twice", "unit": "percent", "value": "25"}),
        ("Part 1, closing words", {"title": "Occupancy", "unit": "percent", "value": "85"}),
        ("Part 2, section 1", {"title": "Brent", "date_printed": "March 2025"}),
        ("Part 2, section 1", {"target_printed": "every", "target_value": "100",
                               "unit": "percent"}),
        ("Part 2, about the borough", {"title": "Residents", "value": "205100"}),
    ],
)  # fmt: skip
def test_printed_row_is_proven(prover: Prover, locator: str, row: dict[str, str]) -> None:
    assert reasons(prover, locator, **row) == []


ELSEWHERE = "printed in the place, but not where it speaks of this"
ABSENT = "not printed in the place"


@pytest.mark.parametrize(
    ("locator", "row", "reason"),
    [
        ("Table 1", {"area": "brent", "year": "2009/10", "cost_gbp_m": "1.51"}, ABSENT),
        ("Table 1", {"area": "brent", "year": "2010/11", "cost_gbp_m": "1.50"}, ELSEWHERE),
        ("Table 1", {"area": "ealing", "year": "2010/11", "cost_gbp_m": "-0.47"}, ELSEWHERE),
        ("Table 1", {"area": "brent", "year": "2010/11", "cost_gbp_m": "0.47"}, ABSENT),
        ("Table 1", {"title": "Beds of Ealing", "value": "12"}, ELSEWHERE),
        ("Table 1", {"title": "Beds of Ealing", "value": "07"}, "written with a zero too many"),
        ("Part 1, closing words", {"title": "Occupancy", "value": "85"}, ABSENT),
        ("Part 2, section 1", {"date_printed": "March 2026"}, "not printed so in the place"),
        ("Part 2, section 1", {"date_printed": "2026"}, "not printed so in the place"),
        ("Part 2, section 1", {"date_printed": "arch 2025"}, "not printed so in the place"),
        (
            "Part 2, section 1",
            {"target_printed": "every", "target_value": "90", "unit": "percent"},
            "'every' does not say so",
        ),
        ("Part 9", {"value": "1"}, "place not found"),
    ],
)  # fmt: skip
def test_row_that_is_not_printed_fails(
    prover: Prover, locator: str, row: dict[str, str], reason: str
) -> None:
    found = reasons(prover, locator, **row)
    assert reason in found


def test_dash_year_does_not_hide_a_printed_year(prover: Prover) -> None:
    assert reasons(prover, "Part 2, section 1", date_printed="2026 - 27") == []


@pytest.mark.parametrize(
    ("value", "printed", "expected"),
    [
        ("66.7", "66/7%", []),
        ("66.8", "66/7%", ["the reading held is 66.7"]),
        ("66.7", "66/8%", ["not printed so in the place"]),
        ("66.7", "", ["counted"]),
    ],
)
def test_reading_is_held_to_its_words_and_value(
    prover: Prover, value: str, printed: str, expected: list[str]
) -> None:
    row = {"value": value, "unit": "percent", "source_id": "case", "locator": "Part 2, section 1"}
    field = {"name": "value", "type": "number"}
    found = prover.failures(row, [field], {"value": Reading("66.7", printed, "counted")})
    assert [failure.reason for failure in found] == expected


@pytest.mark.parametrize(
    ("described", "unit", "amount", "kind"),
    [
        ("GBP thousand", "", 31_500, Kind.MONEY),
        ("GBP per day", "", 31.5, Kind.MONEY),
        ("", "million people", 31_500_000, Kind.PLAIN),
        ("see the unit column", "percentage points", 31.5, Kind.PERCENT),
        ("", "rank", 31.5, Kind.RANK),
        ("days", "percent", 31.5, Kind.PLAIN),
    ],
)
def test_unit_tells_how_a_number_must_be_printed(
    described: str, unit: str, amount: float, kind: Kind
) -> None:
    found = sought({"value": "31.5", "unit": unit}, {"name": "value", "unit": described})
    assert (float(found[0]), found[1]) == (amount, kind)


def test_corrupted_digits_are_caught(prover: Prover) -> None:
    printed = {
        ("brent", "2009/10"): "1.50", ("brent", "2010/11"): "-0.47",
        ("ealing", "2010/11"): "0.36", ("nwl", "2009/10"): "1.50", ("nwl", "2010/11"): "-0.11",
    }  # fmt: skip
    caught = tried = 0
    for (area, year), value in printed.items():
        for place, old in enumerate(value):
            for new in set("0123456789") - {old} if old.isdigit() else ():
                wrong = value[:place] + new + value[place + 1 :]
                tried += 1
                caught += bool(reasons(prover, "Table 1", area=area, year=year, cost_gbp_m=wrong))
    assert tried > 100
    assert caught == tried


@given(st.integers(min_value=0, max_value=10**6).filter(lambda number: str(number) not in CASE))
def test_number_that_the_text_does_not_hold_is_never_proven(number: int) -> None:
    places = Locators(Outline(SourceText("case", tuple(CASE.splitlines()))))
    if number not in {1, 2, 8, 18, 50_000, 205_100, 70_000}:
        assert reasons(Prover(places), "Part 1", title="Wards", value=str(number))


# The whole project: tables, descriptor, ledger and command.

BEDS = """\
area,year,order,cost_gbp_m,source_id,locator
brent,2009/10,1,1.50,case,Table 1
brent,2010/11,2,-0.47,case,Table 1
ealing,2010/11,3,0.36,case,Table 1
harrow,2010/11,4,0.99,plan,Page 9
"""


@pytest.fixture
def held(project: Project) -> Project:
    """Return a project with one table of numbers, a ledger and a folder of source texts."""
    for name in ("areas", "beds", "priorities", "savings-scenarios"):
        path = "reference/areas.csv" if name == "areas" else f"{name}.csv"
        (project.root / "data" / path).unlink()
    described = yaml.safe_load(project.descriptor.read_text())
    described["resources"] = [each for each in described["resources"] if each["name"] == "sources"]
    project.write("data/datapackage.yaml", yaml.safe_dump(described))
    project.table(
        "costs", BEDS, area="string!", year="string!", order="integer!", cost_gbp_m="number!",
        source_id="string!", locator="string!",
    )  # fmt: skip
    project.table(
        "verification", "resource,source_id,rows,rows_with_numbers,proven,not_proven,status,"
        "table_hash,checked_on\nold,case,1,1,1,0,held to its text,0,2026-01-01\n",
        resource="string!", source_id="string!", rows="integer!", rows_with_numbers="integer!",
        proven="integer!", not_proven="integer!", status="string!", table_hash="string!",
        checked_on="date!",
    )  # fmt: skip
    project.table(
        "unproven",
        "resource,row,row_key,column,value,reason,source_id,locator\nold,2,,a,1,why,case,Table 1\n",
        resource="string!", row="integer!", row_key="string", column="string", value="string!",
        reason="string!", source_id="string!", locator="string!",
    )  # fmt: skip
    project.write("texts/case.txt", CASE)
    describe(project, "order", proof="key")
    describe(project, "cost_gbp_m", unit="GBP million")
    return project


def describe(project: Project, column: str, **properties: str) -> None:
    described = yaml.safe_load(project.descriptor.read_text())
    for entry in described["resources"]:
        if entry["name"] == "costs":
            entry["schema"]["primaryKey"] = ["area", "year"]
            for field in entry["schema"]["fields"]:
                if field["name"] == column:
                    field.update(properties)
    project.write("data/datapackage.yaml", yaml.safe_dump(described, sort_keys=False))


def recorded(project: Project, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((project.root / "data" / f"{name}.csv").open()))


def test_coverage_counts_each_table_and_source(held: Project) -> None:
    texts = read_texts(held.root / "texts")
    coverage = ledger.verify(held.root, texts, TODAY).coverage
    counted = [
        (entry.resource, entry.source_id, entry.rows, entry.rows_with_numbers, entry.proven,
         entry.not_proven, entry.status)
        for entry in coverage
    ]  # fmt: skip
    assert counted == [
        ("costs", "case", 3, 3, 3, 0, "held to its text"),
        ("costs", "plan", 1, 1, 0, 0, "source text not held"),
    ]


@pytest.mark.parametrize("proof", ["key", "counted", "computed"])
def test_number_of_our_own_needs_no_print(held: Project, proof: str) -> None:
    held.edit("data/costs.csv", "0.36", "0.37")
    describe(held, "cost_gbp_m", proof=proof)
    found = ledger.verify(held.root, read_texts(held.root / "texts"), TODAY)
    assert found.unproven == []
    assert [entry.rows_with_numbers for entry in found.coverage] == [0, 0]


def test_wrong_number_is_a_problem_with_its_place(held: Project) -> None:
    held.edit("data/costs.csv", "0.36", "0.37")
    assert report(held.root, held.root / "texts", keep=False).problems == [
        "data/costs.csv: row 4: column 'cost_gbp_m': '0.37': not printed in the place "
        "(case, Table 1)"
    ]


def test_recorded_cell_is_known_until_it_changes(held: Project) -> None:
    texts = held.root / "texts"
    held.edit("data/costs.csv", "0.36", "0.37")
    notes = report(held.root, texts, keep=True).notes
    assert any("recorded as not proven: data/costs.csv: row 4" in note for note in notes)
    assert [row["row_key"] for row in recorded(held, "unproven")] == ["ealing / 2010/11"]
    assert report(held.root, texts, keep=False).problems == []
    held.edit("data/costs.csv", "0.37", "0.38")
    assert len(report(held.root, texts, keep=False).problems) == 1


def test_changed_table_is_named_until_it_is_verified_again(held: Project) -> None:
    texts = held.root / "texts"
    assert ledger.changed_tables(held.root) == ["costs"]
    report(held.root, texts, keep=True)
    assert ledger.changed_tables(held.root) == []
    held.edit("data/costs.csv", "-0.47", "-0.48")
    notes = report(held.root, None, keep=False).notes
    assert notes[1:] == ["warning: costs: changed since it was last verified"]
    report(held.root, texts, keep=True)
    assert report(held.root, None, keep=False).notes[1:] == []


def test_change_of_what_must_be_printed_counts_as_a_change(held: Project) -> None:
    report(held.root, held.root / "texts", keep=True)
    describe(held, "cost_gbp_m", proof="computed")
    assert ledger.changed_tables(held.root) == ["costs"]


def test_record_is_the_same_a_second_time(held: Project) -> None:
    files = [held.root / "data" / f"{name}.csv" for name in ("verification", "unproven")]
    report(held.root, held.root / "texts", keep=True)
    first = [file.read_bytes() for file in files]
    report(held.root, held.root / "texts", keep=True)
    assert [file.read_bytes() for file in files] == first


def test_random_corruption_of_the_tables_is_caught(held: Project) -> None:
    chance = random.Random(20261122)  # noqa: S311
    texts = read_texts(held.root / "texts")
    lines = BEDS.splitlines()
    caught = 0
    for _ in range(60):
        row = chance.randrange(1, 4)
        cells = lines[row].split(",")
        digit = chance.choice([place for place, sign in enumerate(cells[3]) if sign.isdigit()])
        other = chance.choice([sign for sign in "0123456789" if sign != cells[3][digit]])
        cells[3] = cells[3][:digit] + other + cells[3][digit + 1 :]
        spoilt = [*lines[:row], ",".join(cells), *lines[row + 1 :]]
        held.write("data/costs.csv", "\n".join(spoilt) + "\n")
        caught += bool(ledger.verify(held.root, texts, TODAY).unproven)
    assert caught == 60


def test_folder_may_map_its_files_in_a_table(held: Project, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "000_scan.txt").write_text(CASE)
    (folder / "plan.txt").write_text("A plan.\n")
    (folder / "README.md").write_text(
        "# Texts\n\n| file | source_id for the data | document |\n|---|---|---|\n"
        "| 000_scan.txt | case | The case |\n"
    )
    texts = read_texts(folder)
    assert sorted(texts) == ["case", "plan"]
    assert texts["case"].lines == tuple(CASE.splitlines())


def test_unreadable_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of source texts"):
        read_texts(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no source text in"):
        read_texts(tmp_path)
    (tmp_path / "README.md").write_text("| file | source_id |\n|---|---|\n| a.txt | case |\n")
    with pytest.raises(InputError, match=r"names a file not found: a\.txt"):
        read_texts(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match=r"a\.txt: byte 3 is not UTF-8 text"):
        read_texts(tmp_path)


def test_command_says_that_it_skipped_or_what_it_proved(
    held: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(held.root)
    monkeypatch.setattr("nwlbook.inspection.book_problems", lambda root: [])
    monkeypatch.setattr("nwlbook.validation.evidence_problems", lambda root: [])
    shown = CliRunner().invoke(app, ["check"])
    assert shown.exit_code == 0
    assert "Provenance skipped" in shown.output
    assert "warning: costs" in shown.output
    shown = CliRunner().invoke(app, ["check", "--sources", "texts"])
    assert "case: 3 of 3 rows with numbers proven" in shown.output
    assert "plan: source text not held" in shown.output
    assert "(100.0%)" in shown.output
    held.edit("data/costs.csv", "0.36", "0.63")
    shown = CliRunner().invoke(app, ["check", "--sources", "texts"])
    assert isinstance(shown.exception, InputError)
    assert "row 4: column 'cost_gbp_m': '0.63'" in shown.output


def test_recording_needs_the_texts(held: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(held.root)
    shown = CliRunner().invoke(app, ["check", "--record"])
    assert isinstance(shown.exception, InputError)


@pytest.mark.usefixtures("book_evidence")
def test_evidence_of_the_book_is_recorded_as_proven() -> None:
    rows = list(csv.DictReader((ROOT / "data/reference/verification.csv").open()))
    unproven = list(csv.DictReader((ROOT / "data/reference/unproven.csv").open()))
    proven = sum(int(row["proven"]) for row in rows)
    not_proven = sum(int(row["not_proven"]) for row in rows)
    assert proven / (proven + not_proven) >= 0.98
    assert len({(row["resource"], row["row"]) for row in unproven}) == not_proven
    assert all(row["reason"] for row in unproven)


@pytest.mark.usefixtures("book_evidence")
def test_readings_of_the_book_name_cells_that_stand() -> None:
    cells = {
        (entry["name"], ledger.row_key(entry, row), column): value
        for entry in ledger.tables()
        for _, row in ledger.rows(ROOT, entry)
        for column, value in row.items()
    }
    for reading in csv.DictReader((ROOT / "data/reference/readings.csv").open()):
        key = reading["resource"], reading["row_key"], reading["column"]
        assert cells[key] == reading["value"], json.dumps(key)
