import json
from itertools import pairwise
from math import cos, radians

import pytest

from helpers import areas, maps, style
from helpers.figures import chart_json

pytestmark = pytest.mark.usefixtures("book_evidence")


def drawn(highlighted: str = "brent"):
    names = areas.names()
    boroughs = areas.boroughs()
    return maps.borough_map(
        {area: style.HIGHLIGHT if area == highlighted else style.CONTEXT for area in boroughs},
        {area: names[area].replace(" and ", "<br>and ") for area in boroughs},
        {area: f"{names[area]}: 1" for area in boroughs},
    )


def inside(point: tuple[float, float], ring: maps.Ring) -> bool:
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1


def test_the_boundaries_are_those_of_the_eight_boroughs_in_london():
    shapes = maps.boundaries()
    assert set(shapes) == set(areas.boroughs())
    for rings in shapes.values():
        for ring in rings:
            assert len(ring) > 3
            assert ring[0] == ring[-1]
            assert all(-0.6 < x < 0 and 51.3 < y < 51.7 for x, y in ring)


def test_boroughs_do_not_lie_on_each_other():
    shapes = maps.boundaries()
    for area, rings in shapes.items():
        ring = max(rings, key=maps._size)
        centre = maps._centre(ring)
        holders = [other for other in shapes if any(inside(centre, r) for r in shapes[other])]
        assert holders in ([area], []), area


def test_the_map_fills_each_of_the_eight_boroughs_and_names_it_once():
    chart = drawn()
    hovered = {trace.text for trace in chart.data}
    assert hovered == {f"{areas.name(area)}: 1" for area in areas.boroughs()}
    assert all(trace.fill == "toself" and trace.hoveron == "fills" for trace in chart.data)
    written = [each.text.replace("<br>", " ") for each in chart.layout.annotations]
    assert sorted(written) == sorted(areas.name(area) for area in areas.boroughs())


def test_only_the_chosen_borough_has_the_strong_colour():
    for borough in ("brent", "kensington-and-chelsea"):
        strong = {trace.text for trace in drawn(borough).data if trace.fillcolor == style.HIGHLIGHT}
        assert strong == {f"{areas.name(borough)}: 1"}


def test_the_map_is_in_true_shape_on_ordinary_axes():
    chart = drawn()
    assert {trace.type for trace in chart.data} == {"scatter"}
    assert chart.layout.yaxis.scaleanchor == "x"
    assert chart.layout.yaxis.scaleratio == pytest.approx(1 / cos(radians(51.5)), rel=0.01)
    assert chart.layout.geo.to_plotly_json() == {}
    assert not chart.layout.title.text
    assert chart.layout.template == style.TEMPLATE


def test_every_name_lies_on_its_borough_or_beside_the_map_with_a_line_to_it():
    shapes = maps.boundaries()
    east = max(x for rings in shapes.values() for ring in rings for x, _ in ring)
    by_name = {areas.name(area): area for area in areas.boroughs()}
    beside = 0
    for each in drawn().layout.annotations:
        rings = shapes[by_name[each.text.replace("<br>", " ")]]
        assert any(inside((each.x, each.y), ring) for ring in rings), each.text
        if each.showarrow is False:
            continue
        beside += 1
        assert each.ax > east
        assert each.axref == "x"
        assert each.xanchor == "left"
    assert 0 < beside < len(shapes)


def test_names_beside_the_map_do_not_lie_on_each_other():
    heights = sorted(each.ay for each in drawn().layout.annotations if each.showarrow is not False)
    top = max(y for rings in maps.boundaries().values() for ring in rings for _, y in ring)
    bottom = min(y for rings in maps.boundaries().values() for ring in rings for _, y in ring)
    gaps = [high - low for low, high in pairwise(heights)]
    assert min(gaps) > (top - bottom) / 10
    assert bottom < heights[0] <= heights[-1] < top


def test_a_name_on_a_borough_can_be_read_on_its_fill():
    colours = {
        each.text: each.font.color
        for each in drawn("hillingdon").layout.annotations
        if each.showarrow is False
    }
    assert colours["Hillingdon"] == "#ffffff"
    assert colours["Ealing"] == style.TEXT


def test_the_same_map_is_the_same_json():
    assert json.dumps(chart_json(drawn())) == json.dumps(chart_json(drawn()))


def test_an_unknown_area_is_not_drawn_as_nothing():
    with pytest.raises(KeyError, match="camden"):
        maps.borough_map({"camden": "#ffffff"}, {"camden": "Camden"}, {"camden": "Camden"})
