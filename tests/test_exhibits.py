"""What a cell shows, as the helpers bundled it."""

from typing import Any

import pytest
from builder_books import download, figure, printed, shown, table
from tiny_project import code

from nwlbook.errors import InputError
from nwlbook.exhibits import Exhibit, exhibit_of, joined


def found(*outputs: dict[str, Any]) -> Exhibit | None:
    return exhibit_of(shown(code("show()"), *outputs), "cell 4", "notebooks/a.ipynb")


def test_text_may_be_stored_as_lines() -> None:
    assert joined(["a\n", "b"]) == joined("a\nb") == "a\nb"


def test_cell_that_shows_nothing_has_no_exhibit() -> None:
    assert found() is None
    assert found(printed("text")) is None


def test_figure_brings_its_chart_and_its_texts() -> None:
    exhibit = found(figure("fig-x", finding="Few"))
    assert exhibit is not None
    assert (exhibit.kind, exhibit.label, exhibit.texts["finding"]) == ("figure", "fig-x", "Few")
    assert exhibit.chart is not None
    assert exhibit.chart["layout"] == {"height": 300}
    assert not {"kind", "label"} & set(exhibit.texts)


def test_table_brings_its_markup_which_may_be_stored_as_lines() -> None:
    output = table()
    output["data"]["text/html"] = ["<table>\n", "</table>"]
    exhibit = found(output)
    assert exhibit is not None
    assert (exhibit.kind, exhibit.markup, exhibit.chart) == ("table", "<table>\n</table>", None)


def test_download_is_an_exhibit() -> None:
    exhibit = found(download("all-beds"))
    assert exhibit is not None
    assert (exhibit.kind, exhibit.label) == ("download", "all-beds")


@pytest.mark.parametrize("kind", ["display_data", "execute_result"])
def test_output_without_caption_is_refused(kind: str) -> None:
    with pytest.raises(InputError) as caught:
        found({"output_type": kind, "data": {"text/plain": "42"}, "metadata": {}})
    assert str(caught.value).startswith(
        "notebooks/a.ipynb: cell 4: shows an output without caption, alternative and source"
    )


def test_two_exhibits_in_a_cell_are_refused() -> None:
    with pytest.raises(InputError, match=r"cell 4: shows fig-a and tbl-b: one figure or table a"):
        found(figure("fig-a"), table("tbl-b"))
