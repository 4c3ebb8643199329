import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from helpers import style
from helpers.errors import ExhibitError
from helpers.figures import chart_json, show_figure
from helpers.tables import Number

HOSTILE = '<img src=x onerror="alert(1)"> & </table>'
FINDING = "Brent has the most beds"
ALTERNATIVE = "Two bars from the longest to the shortest. Brent 12 and Ealing 7."


def bars() -> go.Figure:
    return style.chart(go.Bar(x=["Brent", "Ealing"], y=np.array([12, 7])))


def titled() -> go.Figure:
    return bars().update_layout(title="Beds")


def show(chart: go.Figure | None = None, **changes) -> None:
    settings = {
        "label": "fig-beds",
        "finding": FINDING,
        "subtitle": "Beds by borough, 2024",
        "alternative": ALTERNATIVE,
        "data": pd.DataFrame({"area": ["Brent", "Ealing"], "beds": [12, 7]}),
        "columns": {"area": "Area", "beds": Number("Beds")},
        "sources": [pd.DataFrame({"source_id": ["case"], "locator": ["Table 1"]})],
        **changes,
    }
    show_figure(bars() if chart is None else chart, **settings)


def test_a_figure_has_one_output_with_all_that_the_reader_needs(project, shown):
    show()
    (output,) = shown
    assert set(output.data) == {"application/vnd.plotly.v1+json", "text/plain"}
    assert output.data["text/plain"] == ALTERNATIVE
    table = output.metadata.pop("table")
    assert output.metadata == {
        "kind": "figure",
        "label": "fig-beds",
        "finding": FINDING,
        "subtitle": "Beds by borough, 2024",
        "alternative": ALTERNATIVE,
        "csv": "area,beds\nBrent,12\nEaling,7\n",
        "source": "Case, 2009, Table 1",
        "places": {"case": ["Table 1"]},
        "columns": {
            "area": {"title": "Area", "decimals": None},
            "beds": {"title": "Beds", "decimals": 0},
        },
    }
    assert '<th scope="row">Brent</th>' in table
    assert output.data["application/vnd.plotly.v1+json"]["data"][0]["y"]


def words(count: int) -> str:
    return " ".join(["word"] * count)


def test_a_finding_of_fifteen_words_is_the_longest(project, shown):
    show(finding=words(15))
    with pytest.raises(ExhibitError, match="fig-beds: the finding has more than 15 words"):
        show(finding=words(16))
    assert len(shown) == 1


def test_an_alternative_of_eight_words_is_the_shortest(project, shown):
    show(alternative=words(8))
    with pytest.raises(ExhibitError, match="fig-beds: the alternative must say what the picture"):
        show(alternative=words(7))
    assert len(shown) == 1


def test_an_alternative_that_repeats_the_finding_says_nothing(project, shown):
    with pytest.raises(ExhibitError, match="the alternative must say what the picture shows"):
        show(finding=words(10), alternative=words(10))
    assert shown == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "tbl-beds"}, "label 'tbl-beds': expected fig-"),
        ({"label": "fig-Beds"}, "label 'fig-Beds': expected fig- and lower-case words"),
        ({"label": "fig-beds_all"}, "expected fig-"),
        ({"label": ""}, "expected fig-"),
        ({"finding": ""}, "fig-beds: needs its finding"),
        ({"subtitle": " "}, "fig-beds: needs its subtitle"),
        ({"alternative": ""}, "fig-beds: needs its alternative"),
        ({"alternative": "\n\t "}, "fig-beds: needs its alternative"),
        ({"chart": style.chart()}, "fig-beds: the chart draws nothing"),
        ({"chart": titled()}, "fig-beds: the chart has a title of its own"),
        ({"columns": {"bedz": "Beds"}}, "fig-beds: the data has no column bedz"),
        ({"columns": {}}, "fig-beds: needs at least one row and one column"),
        ({"data": pd.DataFrame({"area": [], "beds": []})}, "fig-beds: needs at least one row"),
        ({"sources": []}, "needs at least one row with its source"),
    ],
)
def test_a_figure_that_lacks_something_is_refused_and_not_shown(project, shown, changes, message):
    with pytest.raises(ExhibitError, match=message):
        show(**changes)
    assert shown == []


def test_hostile_text_is_escaped_in_the_table_behind_the_figure(project, shown):
    data = pd.DataFrame({"area": [HOSTILE], "beds": [1]})
    show(data=data, finding=HOSTILE)
    assert shown[0].metadata["finding"] == HOSTILE
    assert "<img" not in shown[0].metadata["table"]
    assert shown[0].metadata["table"].count("</table>") == 1


def test_the_same_chart_gives_the_same_bytes():
    first, second = json.dumps(chart_json(bars())), json.dumps(chart_json(bars()))
    assert first == second
    other = style.chart(go.Bar(x=["Brent", "Ealing"], y=np.array([12, 8])))
    assert json.dumps(chart_json(other)) != first


def test_a_chart_is_plain_json_without_anything_that_changes_from_run_to_run():
    content = chart_json(bars())
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert "uid" not in content["data"][0]
    assert set(content) == {"data", "layout"}


def test_missing_values_of_a_chart_are_null_in_the_json():
    content = chart_json(style.chart(go.Scatter(x=[1, 2], y=[1.0, float("nan")])))
    assert content["data"][0]["y"] == [1.0, None]
    json.dumps(content, allow_nan=False)
