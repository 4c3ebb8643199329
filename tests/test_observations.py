"""Observations that analysts add, and the official statistics beside them."""

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from conftest import Project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import measures, observations
from helpers.errors import EvidenceError
from helpers.observation_rows import OPTIONAL, REQUIRED, read
from nwlbook.cache import Dependencies
from nwlbook.errors import InputError
from nwlbook.validation import evidence_problems, validate_evidence

PLACE = {"source_id": "string!", "locator": "string!"}
HEADING = "indicator,area,date,value,source\n"
GOOD = "share-seen,RYJ,2025-03-01,70,A survey\n"


@pytest.fixture
def watched(project: Project) -> Project:
    """Return a small project with what observations are checked against."""
    project.table(
        "indicators",
        "indicator,title,unit,direction,change_only,note,source_id,locator\n"
        "wait-limit,Longest wait,days,at most,false,,plan,Page 1\n"
        "share-seen,People seen in time,percent,at least,false,,plan,Page 1\n"
        "share-change,Change of people seen,percent,decrease,true,,plan,Page 1\n",
        indicator="string!", title="string!", unit="string!", direction="string!",
        change_only="boolean!", note="string", **PLACE,
    )  # fmt: skip
    project.table(
        "measures",
        "measure,title,unit,direction,indicator,publisher,basis,standard_value,"
        "standard_source_id,standard_locator,note,source_id,locator\n"
        "cancer-62-day,Treated in time,percent,increase,wait-limit,NHS,combined,85,case,P,,case,P\n"
        "ae-4-hour,Four hours or less,percent,increase,,NHS,all,,,,,case,P\n",
        measure="string!", title="string!", unit="string!", direction="string!",
        indicator="string", publisher="string!", basis="string!", standard_value="number",
        standard_source_id="string", standard_locator="string", note="string", **PLACE,
    )  # fmt: skip
    project.table(
        "organisations",
        "code,name,kind,area,source_id,locator\nRYJ,Imperial,trust,,case,P\n"
        "QRV,The Board,integrated care board,nwl,case,P\nENG,England,country,england,case,P\n",
        code="string!", name="string!", kind="string!", area="string", **PLACE,
    )  # fmt: skip
    project.table(
        "measure-bases",
        "measure,printed,basis,note,source_id,locator\n"
        "ae-4-hour,agree,all,,case,P\nae-4-hour,single low,low,One copy.,case,P\n",
        measure="string!", printed="string!", basis="string!", note="string", **PLACE,
    )  # fmt: skip
    values = {"provider_code": "string!", "month": "date!", "percent_within": "number!"}
    project.table(
        "cancer-62-day",
        "provider_code,month,percent_within,source_id,locator\n"
        "RYJ,2025-01-01,67.2,case,Table 1\nRYJ,2025-02-01,68.4,case,Table 1\n"
        "ENG,2025-01-01,66,case,Table 1\n",
        **values, **PLACE,
    )  # fmt: skip
    project.table(
        "ae-4-hour",
        "provider_code,month,percent_within,basis,source_id,locator\n"
        "RYJ,2025-01-01,77.5,single low,case,Table 2\n",
        **values, basis="string!", **PLACE,
    )  # fmt: skip
    return project


def add(project: Project, rows: str, name: str = "x.csv", heading: str = HEADING) -> None:
    project.write(f"data/observations/{name}", heading + rows)


def problems(project: Project) -> list[str]:
    return list(evidence_problems(project.root))


def test_without_files_there_are_only_the_statistics_held(watched):
    assert observations.load().empty
    assert list(observations.load().columns) == list(observations.COLUMNS)
    held = observations.held()
    assert list(held.columns) == list(observations.HELD_COLUMNS)
    assert list(zip(held["measure"], held["area"], held["points"], strict=True)) == [
        ("cancer-62-day", "england", 1),
        ("cancer-62-day", "RYJ", 2),
        ("ae-4-hour", "RYJ", 1),
    ]
    assert list(held["basis"]) == ["combined", "combined", "low"]
    assert problems(watched) == []


def test_a_file_is_used_as_it_is_dropped(watched):
    add(
        watched, "cancer-62-day,RYJ,2025-03-01,70.5,A survey\nwait-limit,brent,2025-03-31,62,plan\n"
    )
    assert problems(watched) == []
    cancer = observations.series("cancer-62-day", "RYJ")
    assert list(cancer["value"]) == [67.2, 68.4, 70.5]
    assert cancer["date"].is_monotonic_increasing
    assert set(cancer["basis"]) == {"combined"}
    (held,) = observations.held().query("measure == 'cancer-62-day' and area == 'RYJ'").itertuples()
    assert (held.points, held.first.date(), held.last.date(), held.note) == (
        3, date(2025, 1, 1), date(2025, 3, 1), "",
    )  # fmt: skip
    assert list(observations.load()["measure"]) == ["cancer-62-day", "wait-limit"]


def test_each_value_says_what_it_is_and_where_it_is_from(watched):
    add(
        watched,
        "share-seen,RYJ,2025-03-01,70,A survey,by post,Few answers,Page 3\n",
        heading="indicator,area,date,value,source,basis,note,locator\n",
    )
    (row,) = observations.series("share-seen").to_dict("records")
    assert row["date"].date() == date(2025, 3, 1)
    del row["date"]
    assert row == {
        "indicator": "share-seen", "measure": "share-seen", "title": "People seen in time",
        "area": "RYJ", "area_name": "Imperial", "value": 70, "unit": "percent",
        "direction": "at least", "basis": "by post", "note": "Few answers",
        "source_id": "A survey", "locator": "Page 3", "origin": "data/observations/x.csv",
    }  # fmt: skip


def test_a_source_without_a_place_is_placed_in_its_file(watched):
    add(watched, GOOD)
    assert list(observations.load()["locator"]) == ["x.csv"]


def test_an_indicator_has_the_series_of_the_measures_that_bear_on_it(watched):
    add(watched, "wait-limit,nwl,2025-03-01,70,A survey\n")
    frame = observations.series("wait-limit")
    assert set(frame["measure"]) == {"wait-limit", "cancer-62-day"}
    assert set(frame["unit"]) == {"days", "percent"}
    assert observations.series("share-seen").empty
    assert set(observations.series()["measure"]) == {"wait-limit", "cancer-62-day", "ae-4-hour"}
    assert set(observations.series(area="nwl")["measure"]) == {"wait-limit"}


def test_values_of_another_basis_are_not_joined(watched):
    add(watched, "ae-4-hour,RYJ,2025-01-01,78,A survey\nae-4-hour,RYJ,2025-02-01,79,A survey\n")
    held = observations.held().query("measure == 'ae-4-hour'")
    assert list(zip(held["basis"], held["points"], strict=True)) == [("all", 2), ("low", 1)]
    assert list(held["note"]) == [
        "Not joined with 1 value on another basis (low).",
        "Not joined with 2 values on another basis (all).",
    ]
    low = observations.series("ae-4-hour").query("basis == 'low'")
    assert list(low["note"]) == ["One copy."]


def test_a_revised_value_takes_the_place_of_the_one_held_and_says_so(watched):
    add(
        watched,
        "cancer-62-day,RYJ,2025-01-01,67.24,A survey,\n"
        "cancer-62-day,RYJ,2025-02-01,60,A survey,Final.\n",
        heading="indicator,area,date,value,source,note\n",
    )
    frame = observations.series("cancer-62-day", "RYJ")
    assert list(frame["value"]) == [67.24, 60]
    assert list(frame["note"]) == ["", "Final. Revised: data/cancer-62-day.csv holds 68.4."]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("share-seen", "share-sean", "column 'indicator': 'share-sean': expected an indicator of "
         "the plan or a measure of data/reference/measures.csv, perhaps 'share-seen'"),
        ("share-seen", "Longest waits", "column 'indicator': 'Longest waits': expected an "
         "indicator of the plan or a measure of data/reference/measures.csv, perhaps 'wait-limit'"),
        ("share-seen", "", "column 'indicator': '': expected an indicator of the plan or a measure "
         "of data/reference/measures.csv"),
        ("RYJ", "Imperial", "column 'area': 'Imperial': expected an area of "
         "data/reference/areas.csv or a trust of data/reference/organisations.csv, perhaps 'RYJ'"),
        ("RYJ", "QRV", "column 'area': 'QRV': expected an area of "
         "data/reference/areas.csv or a trust of data/reference/organisations.csv"),
        ("2025-03-01", "01/03/2025", "column 'date': '01/03/2025': expected a date such as "
         "2024-07-05"),
        ("2025-03-01", "2025-02-30", "column 'date': '2025-02-30': expected a date such as "
         "2024-07-05"),
        ("70", "70%", "column 'value': '70%': expected a number such as 73.5, without signs for "
         "thousands or per cent"),
        ("70", "", "column 'value': '': expected a number such as 73.5, without signs for "
         "thousands or per cent"),
        ("70", "nan", "column 'value': 'nan': expected a number such as 73.5, without signs for "
         "thousands or per cent"),
        ("70", "100.1", "column 'value': '100.1': expected 0 to 100 percent"),
        ("70", "-0.1", "column 'value': '-0.1': expected 0 to 100 percent"),
        ("A survey", "", "column 'source': '': expected the source, in words or as a key of "
         "data/reference/sources.csv"),
        ("A survey", "plans", "column 'source': 'plans': expected a key of "
         "data/reference/sources.csv, perhaps 'plan'"),
        (",70,", ",70,more,", "expected 5 cells, found 6"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_row_column_value_and_expectation(watched, old, new, line):
    add(watched, GOOD + GOOD.replace(old, new, 1).replace("03-01", "04-01"))
    assert problems(watched) == [f"data/observations/x.csv: row 3: {line}"]
    with pytest.raises(EvidenceError) as refused:
        observations.load()
    assert str(refused.value) == f"data/observations/x.csv: row 3: {line}"


@pytest.mark.parametrize("limit", ["0", "100", "1e1", "7.50"])
def test_a_share_may_be_anything_from_nothing_to_all(watched, limit):
    add(watched, GOOD.replace("70", limit))
    assert list(observations.load()["value"]) == [float(limit)]


def test_a_change_may_be_negative_and_a_level_may_not(watched):
    add(watched, "share-change,RYJ,2025-03-01,-120,A survey\nwait-limit,RYJ,2025-03-01,-1,plan\n")
    assert problems(watched) == [
        "data/observations/x.csv: row 3: column 'value': '-1': expected at least 0"
    ]


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("indicator,area,date,value\n", "row 1: column 'source' is missing: "
         "expected indicator, area, date, value, source"),
        ("", "row 1: column 'indicator' is missing: expected indicator, area, date, value, source"),
        ("indicator,area,date,value,source,bassis\n", "row 1: column 'bassis': expected one of "
         "indicator, area, date, value, source, basis, note, locator"),
        ("indicator,area,date,value,source,value\n", "row 1: column 'value' stands more than once: "
         "expected once"),
    ],
)  # fmt: skip
def test_a_bad_heading_is_named(watched, heading, line):
    add(watched, "", heading=heading)
    assert problems(watched) == [f"data/observations/x.csv: {line}"]


def test_a_value_given_twice_names_both_rows(watched):
    add(watched, GOOD + GOOD.replace("70", "71"), "a.csv")
    add(watched, GOOD, "b.csv")
    key = "column 'indicator, area, date, basis': 'share-seen, RYJ, 2025-03-01'"
    assert problems(watched) == [
        f"data/observations/a.csv: row 3: {key}: the same as in row 2: expected one value",
        f"data/observations/b.csv: row 2: {key}: the same as in data/observations/a.csv, row 2: "
        "expected one value",
    ]


def test_what_a_spreadsheet_writes_is_read(watched):
    text = "\ufeff" + (HEADING + GOOD + ",,,,\n").replace("\n", "\r\n")
    watched.write("data/observations/x.csv", text)
    assert problems(watched) == []
    assert len(observations.load()) == 1


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ((HEADING + GOOD).encode("utf-16"), "byte 0 is not UTF-8 text: save it as 'CSV UTF-8'"),
        (
            (HEADING + 'x,"y').encode(),
            "row 2: not a row of CSV: expected quotation marks in pairs around a whole cell",
        ),
    ],
)
def test_what_is_not_a_table_is_refused(watched, content, line):
    watched.write("data/observations/x.csv", content)
    assert problems(watched) == [f"data/observations/x.csv: {line}"]


def test_only_csv_files_belong_there(watched):
    add(watched, GOOD)
    for name in ("README.md", ".~lock.x.csv#", ".x.csv.12ab"):
        watched.write(f"data/observations/{name}", "anything")
    assert problems(watched) == []
    watched.write("data/observations/x.xlsx", b"PK")
    watched.write("data/observations/more/y.csv", HEADING)
    assert problems(watched) == [
        "data/observations/more/y.csv: not described in data/datapackage.yaml"
    ]
    (watched.root / "data/observations/more/y.csv").unlink()
    assert problems(watched) == [
        "data/observations/more: expected a file that ends in .csv, and nothing else here",
        "data/observations/x.xlsx: expected a file that ends in .csv, and nothing else here",
    ]


def test_a_message_is_one_line_whatever_the_cell_holds(watched):
    add(watched, GOOD.replace("RYJ", f'"Im\nperial{"x" * 200}"'))
    (line,) = problems(watched)
    assert line.isprintable()
    assert len(line) < 300


def test_a_build_stops_before_it_runs_anything(watched, tmp_path):
    add(watched, GOOD)
    validate_evidence(watched.root, tmp_path)
    add(watched, GOOD.replace("70", "700"))
    with pytest.raises(InputError, match=r"observations/x\.csv: row 2: column 'value': '700'"):
        validate_evidence(watched.root, tmp_path)


def test_a_question_about_what_is_not_there_names_the_nearest(watched):
    with pytest.raises(EvidenceError, match=r"indicator 'share-sen': .* perhaps 'share-seen'"):
        observations.series("share-sen")
    with pytest.raises(EvidenceError, match=r"area 'brentt': .* perhaps 'brent'"):
        observations.series(area="brentt")


def test_a_measure_may_not_have_the_name_of_an_indicator(watched):
    watched.edit("data/measures.csv", "ae-4-hour,", "share-seen,")
    with pytest.raises(EvidenceError, match="'share-seen': expected a name that no indicator has"):
        measures.known()


@pytest.mark.parametrize("earlier", [True, False])
def test_a_new_file_runs_again_what_read_observations(watched, earlier):
    if earlier:
        add(watched, GOOD, "a.csv")
    script = (
        "import json\nfrom nwlbook import recorder\n"
        f"recorder.start({str(watched.root)!r})\n"
        "from helpers import observations\nobservations.series('share-seen')\n"
        "noted = recorder._recorder\n"
        "print(json.dumps([sorted(noted.files), sorted(noted.folders)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        cwd=watched.root, env=os.environ,
    )  # fmt: skip
    files, folders = json.loads(done.stdout)
    assert "data/observations" in folders
    assert ("data/observations/a.csv" in files) == earlier
    used = Dependencies.observe(watched.root, files, folders)
    assert used.hold(watched.root)
    add(watched, GOOD, "b.csv")
    assert not used.hold(watched.root)


def test_ten_thousand_values_are_read_at_once(watched):
    days = (date.fromordinal(720_000 + number).isoformat() for number in range(10_000))
    add(watched, "".join(f"share-seen,RYJ,{day},70,A survey\n" for day in days))
    began = time.process_time()
    assert len(observations.series("share-seen")) == 10_000
    assert time.process_time() - began < 5


CELLS = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(["share-seen", "wait-limit", "cancer-62-day"]),
        "area": st.sampled_from(["RYJ", "nwl", "brent"]),
        "date": st.dates(date(2000, 1, 1), date(2026, 1, 1)).map(date.isoformat),
        "value": st.decimals(0, 100, places=2).map(str),
        "source": st.sampled_from(["plan", "A survey, by post"]),
        "basis": st.sampled_from(["", "by post"]),
    }
)


def as_csv(rows: list[dict[str, str]], columns: list[str]) -> bytes:
    lines = [",".join(columns)]
    lines += (",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows)
    return "\n".join(lines).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(CELLS, max_size=5),
    columns=st.permutations([*REQUIRED, *OPTIONAL]),
)
def test_good_rows_are_read_as_they_stand_in_any_order_of_columns(watched, rows, columns):
    found, wrong = read(as_csv(rows, columns), "x.csv")
    assert wrong == []
    assert [(row.measure, row.area, row.date.isoformat(), row.source_id) for row in found] == [
        (row["indicator"], row["area"], row["date"], row["source"]) for row in rows
    ]
    assert [row.value for row in found] == [float(row["value"]) for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=CELLS,
    column=st.sampled_from(["indicator", "area", "date", "value"]),
    damage=st.text("abcXYZ%£/ ;", min_size=1, max_size=9),
)
def test_a_damaged_cell_is_always_told_in_one_line(watched, cells, column, damage):
    cells = cells | {column: cells[column] + damage + "?"}
    found, (line,) = read(as_csv([cells], [*REQUIRED, "basis"]), "x.csv")
    assert found == []
    assert line.startswith(f"x.csv: row 2: column '{column}': '")
    assert ": expected " in line
    assert line.isprintable()


@pytest.mark.usefixtures("book_evidence")
def test_the_book_holds_the_series_of_its_evidence():
    held = observations.held()
    assert held["title"].notna().all()
    assert held["area_name"].notna().all()
    (imperial,) = held.query("measure == 'cancer-62-day' and area == 'RYJ'").itertuples()
    assert imperial.indicator == "cancer-62-day-standard"
    assert imperial.points >= 24
    assert {"R1K", "RAS", "RQM", "RYJ"} <= set(held.query("measure == 'ae-4-hour'")["area"])
    for measure in measures.known().values():
        assert (measure.standard is None) == (measure.standard_source_id is None)
        assert (measure.standard is None) == (measure.standard_locator is None)


def test_the_folder_explains_itself():
    readme = Path(__file__).parents[1] / "data/observations/README.md"
    text = readme.read_text(encoding="utf-8")
    for column in (*REQUIRED, *OPTIONAL):
        assert f"`{column}`" in text
    example = text.split("```csv\n")[1].split("```")[0]
    assert read(example.encode(), "README")[1] == []
