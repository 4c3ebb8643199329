import io

import numpy as np
import pandas as pd
import pytest
from lxml import html

from helpers.errors import ExhibitError
from helpers.tables import Number, cell_text, show_table, table_markup, to_csv

HOSTILE = "<script>alert(\"x\")</script> & 'quote' </td></table>"
COLUMNS = {"area": "Area", "beds": Number("Beds"), "cost": Number("Cost (£)", 2)}


def frame(**columns: list) -> pd.DataFrame:
    given = {"area": ["Brent", "Ealing"], "beds": [1234, 7], "cost": [1.005, None]}
    return pd.DataFrame({**given, **columns})


def places() -> list[pd.DataFrame]:
    return [pd.DataFrame({"source_id": ["case"], "locator": ["Table 1"]})]


def show(data: pd.DataFrame | None = None, **changes) -> None:
    settings = {
        "label": "tbl-beds",
        "caption": "Beds by borough, 2024",
        "columns": COLUMNS,
        "sources": places(),
        **changes,
    }
    show_table(frame() if data is None else data, **settings)


def cells(markup: str) -> list[list[str]]:
    table = html.fragment_fromstring(markup)
    return [[cell.text_content() for cell in row] for row in table.iter("tr")]


def test_a_table_has_one_output_with_all_that_the_reader_needs(project, shown):
    show()
    (output,) = shown
    assert set(output.data) == {"text/html", "text/plain"}
    assert output.data["text/plain"] == "Beds by borough, 2024"
    assert output.metadata == {
        "kind": "table",
        "label": "tbl-beds",
        "caption": "Beds by borough, 2024",
        "csv": "area,beds,cost\nBrent,1234,1.005\nEaling,7,\n",
        "source": "Case, 2009, Table 1",
        "places": {"case": ["Table 1"]},
        "columns": {
            "area": {"title": "Area", "decimals": None},
            "beds": {"title": "Beds", "decimals": 0},
            "cost": {"title": "Cost (£)", "decimals": 2},
        },
    }


def test_the_markup_has_row_and_column_headings_and_no_empty_cell():
    markup = table_markup(frame(), COLUMNS, "tbl-beds")
    table = html.fragment_fromstring(markup)
    assert table.get("class") == "nwl-table"
    assert [cell.get("scope") for cell in table.findall("thead/tr/th")] == ["col"] * 3
    for row in table.findall("tbody/tr"):
        assert [cell.tag for cell in row] == ["th", "td", "td"]
        assert row[0].get("scope") == "row"
    assert cells(markup) == [
        ["Area", "Beds", "Cost (£)"],
        ["Brent", "1,234", "1.01"],
        ["Ealing", "7", "No data"],
    ]


def test_numbers_and_only_numbers_are_aligned_right():
    table = html.fragment_fromstring(table_markup(frame(), COLUMNS, "tbl-beds"))
    for row in table.iter("tr"):
        assert [cell.get("style") for cell in row] == [None] + ["text-align: right"] * 2


def test_columns_come_in_the_order_asked_for_and_no_others():
    columns = {"cost": Number("Cost", 1), "area": "Area"}
    assert cells(table_markup(frame(), columns, "tbl-beds"))[0] == ["Cost", "Area"]
    assert to_csv(frame(), columns).splitlines()[0] == "cost,area"


def test_hostile_text_is_shown_as_text():
    data = frame(area=[HOSTILE, "Ealing"])
    markup = table_markup(data, {"area": HOSTILE, "beds": Number(HOSTILE)}, "tbl-beds")
    assert "<script" not in markup
    assert markup.count("</table>") == 1
    assert cells(markup)[0] == [HOSTILE, HOSTILE]
    assert cells(markup)[1][0] == HOSTILE


def test_a_hostile_caption_stays_out_of_the_markup(project, shown):
    show(caption=HOSTILE)
    assert shown[0].metadata["caption"] == HOSTILE
    assert "script" not in shown[0].data["text/html"]


@pytest.mark.parametrize("absent", [None, float("nan"), np.nan, pd.NA, pd.NaT, "", "  "])
@pytest.mark.parametrize("column", ["Text", Number("Number")])
def test_an_absent_value_is_said(absent, column):
    assert cell_text(absent, column) == "No data"


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (0, "Text", "0"),
        (0, Number("Number", 1), "0.0"),
        (False, "Text", "False"),
        (np.int64(1234), Number("Number"), "1,234"),
        (np.float64(-0.5), Number("Number"), "−1"),
        ("12", "Text", "12"),
    ],
)
def test_what_looks_like_nothing_is_still_a_value(value, column, text):
    assert cell_text(value, column) == text


@pytest.mark.parametrize("value", ["about 5", float("inf"), pd.Timestamp("2024-07-05")])
def test_a_column_of_numbers_refuses_anything_else(value):
    with pytest.raises(ExhibitError, match=r"column 'Beds': '.*': expected a number"):
        cell_text(value, Number("Beds"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "fig-beds"}, "label 'fig-beds': expected tbl- and lower-case words"),
        ({"label": "beds"}, "label 'beds': expected tbl-"),
        ({"label": "tbl-"}, "label 'tbl-': expected tbl-"),
        ({"label": "tbl-Beds"}, "label 'tbl-Beds': expected tbl-"),
        ({"label": "tbl-beds of all"}, "expected tbl-"),
        ({"label": "tbl-beds\n"}, "expected tbl-"),
        ({"label": "tbl-beds--all"}, "expected tbl-"),
        ({"label": "tbl-bedś"}, "expected tbl-"),
        ({"caption": ""}, "tbl-beds: needs its caption"),
        ({"caption": " \n"}, "tbl-beds: needs its caption"),
        ({"columns": {}}, "tbl-beds: needs at least one row and one column"),
        ({"data": frame().head(0)}, "tbl-beds: needs at least one row and one column"),
        (
            {"columns": {"area": "Area", "bedz": "Beds", "costs": "Cost"}},
            "tbl-beds: the data has no column bedz, costs",
        ),
        ({"sources": []}, "needs at least one row with its source"),
    ],
)
def test_a_table_that_lacks_something_is_refused_and_not_shown(project, shown, changes, message):
    with pytest.raises(ExhibitError, match=message):
        show(**changes)
    assert shown == []


def test_the_download_reads_back_as_the_data():
    data = frame(area=['Quo"te, comma', "Line\nbreak"], cost=[1 / 3, -0.1 - 0.2])
    back = pd.read_csv(io.StringIO(to_csv(data, COLUMNS)))
    assert back["area"].tolist() == data["area"].tolist()
    assert back["beds"].tolist() == data["beds"].tolist()
    assert back["cost"].tolist() == pytest.approx(data["cost"].tolist(), abs=1e-9)


def test_the_download_hides_what_is_only_noise_of_floats():
    data = frame(cost=[0.1 + 0.2, 116.0])
    assert to_csv(data, {"cost": "Cost"}) == "cost\n0.3\n116\n"
