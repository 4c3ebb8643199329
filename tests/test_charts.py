"""The markup of a chart."""

import json
from typing import Any

import pytest
from lxml import html

from nwlbook.charts import CONFIG, DEFAULT_HEIGHT, chart_height, chart_markup

CHART: dict[str, Any] = {
    "data": [{"type": "bar", "name": "</script><b>&"}],
    "layout": {"height": 300},
}
HOSTILE = 'Bars "of" <b>beds</b> & more'


def parsed(**settings: Any) -> html.HtmlElement:
    given = {"label": "fig-x", "chart": CHART, "alternative": HOSTILE, "up": "../"}
    return html.fromstring(chart_markup(**given, **settings))


@pytest.mark.parametrize(
    ("layout", "height"),
    [
        ({}, DEFAULT_HEIGHT),
        ({"height": 500}, 500),
        ({"template": {"layout": {"height": 350}}}, 350),
        ({"height": 500, "template": {"layout": {"height": 350}}}, 500),
    ],
)
def test_height_is_the_charts_own_then_its_templates(layout: dict[str, Any], height: int) -> None:
    assert chart_height({"data": [], "layout": layout}) == height


def test_alternative_is_text_on_the_box_and_the_image() -> None:
    box = parsed(has_image=True)
    (image,) = box.iter("img")
    assert box.get("aria-label") == image.get("alt") == HOSTILE
    assert box.get("role") == "group"


def test_images_are_addressed_from_the_page_and_have_their_size() -> None:
    box = parsed(has_image=True)
    (image,), (narrow,) = box.iter("img"), box.iter("source")
    assert image.get("src") == "../figures/fig-x.svg"
    assert narrow.get("srcset") == "../figures/fig-x-narrow.svg"
    assert image.get("height") == narrow.get("height") == "300"
    assert box.get("style") is None


def test_room_is_reserved_where_there_is_no_image() -> None:
    box = parsed(has_image=False)
    assert not list(box.iter("img", "source"))
    assert box.get("style") == "min-height:300px"


def test_description_reads_back_and_cannot_end_its_element() -> None:
    (script,) = parsed(has_image=True).iter("script")
    assert script.get("type") == "application/json"
    read = json.loads(script.text)
    assert read["data"] == CHART["data"]
    assert read["layout"] == CHART["layout"]
    assert read["config"] == CONFIG


def test_same_chart_has_the_same_markup_whatever_the_order_of_its_keys() -> None:
    turned = {"layout": CHART["layout"], "data": [dict(reversed(CHART["data"][0].items()))]}
    assert chart_markup("fig-x", turned, "a", "", has_image=True) == chart_markup(
        "fig-x", CHART, "a", "", has_image=True
    )


def test_button_wakes_the_chart() -> None:
    (button,) = parsed(has_image=True).iter("button")
    assert (button.get("type"), button.get("class")) == ("button", "nwl-chart-wake")
    assert button.text_content().strip()
