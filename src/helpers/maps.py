"""Draw the boroughs as filled shapes on ordinary axes: no map service, no projection file."""

import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from math import cos, hypot, radians

import plotly.graph_objects as go

from helpers import areas, data_package, style

HEIGHT = 340
Ring = list[tuple[float, float]]
# Boroughs drawn with one that is highlighted: all of London's are still legible.
LEGIBLE = 33
# A name fits on a borough that is at least this share of the middle one in size.
ROOMY = 0.6
# Degrees of longitude left beside the map: to the names there, and for them.
BESIDE, NAMES = 0.02, 0.13


@cache
def boundaries() -> dict[str, list[Ring]]:
    """Return the exterior rings of each borough, in degrees, by area slug.

    Source: the resource ``borough-boundaries`` (ONS boundaries, Open Government Licence).
    """
    file = data_package.data_folder() / data_package.resource("borough-boundaries")["path"]
    collection = json.loads(file.read_text(encoding="utf-8"))
    shapes: dict[str, list[Ring]] = {}
    for feature in collection["features"]:
        geometry = feature["geometry"]
        polygons = (
            [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        )
        shapes[feature["properties"]["area"]] = [
            [(longitude, latitude) for longitude, latitude in polygon[0]] for polygon in polygons
        ]
    return shapes


def around(area: str) -> tuple[str, ...]:
    """Return the boroughs to draw where one is highlighted, in the order of the evidence.

    Parameters
    ----------
    area : str
        Slug of the borough.

    Returns
    -------
    tuple of str
        All that have a shape; of very many those whose middles are nearest to the borough's, as
        far as `LEGIBLE`, itself among them.
    """
    shapes = boundaries()
    drawn = tuple(each for each in areas.boroughs() if each in shapes)
    if len(drawn) <= LEGIBLE:
        return drawn
    if area not in shapes:
        return drawn[:LEGIBLE]
    middles = {each: _middle(shapes[each]) for each in drawn}
    own = middles[area]
    shrink = cos(radians(own[1]))

    def distance(other: str) -> float:
        return hypot((middles[other][0] - own[0]) * shrink, middles[other][1] - own[1])

    near = set(sorted(drawn, key=distance)[:LEGIBLE])
    return tuple(each for each in drawn if each in near)


def borough_map(
    fills: Mapping[str, str], labels: Mapping[str, str], hover: Mapping[str, str]
) -> go.Figure:
    """Draw the boroughs, each with a fill, a label and a text that shows on pointing.

    Parameters
    ----------
    fills : mapping
        Area slug to colour.
    labels : mapping
        Area slug to the text written on it.
    hover : mapping
        Area slug to the text shown on pointing at it.

    Returns
    -------
    plotly.graph_objects.Figure
        A map in true shape at the boroughs' latitude.
    """
    shapes = {area: boundaries()[area] for area in {**fills, **labels}}
    latitudes = [latitude for rings in shapes.values() for ring in rings for _, latitude in ring]
    traces = []
    for area, fill in fills.items():
        for ring in shapes[area]:
            traces.append(
                go.Scatter(
                    x=[point[0] for point in ring],
                    y=[point[1] for point in ring],
                    mode="lines",
                    fill="toself",
                    fillcolor=fill,
                    line={"color": "#ffffff", "width": 1.5},
                    hoveron="fills",
                    hoverinfo="text",
                    text=hover[area],
                )
            )
    chart = style.chart(*traces, height=HEIGHT)
    sizes = {area: max(_size(ring) for ring in shapes[area]) for area in labels}
    roomy = sorted(sizes.values())[len(sizes) // 2] * ROOMY
    east = max(longitude for rings in shapes.values() for ring in rings for longitude, _ in ring)
    beside = sorted(
        (area for area in labels if sizes[area] < roomy),
        key=lambda area: -_centre(max(shapes[area], key=_size))[1],
    )
    top, bottom = max(latitudes), min(latitudes)
    written: list[dict[str, object]] = []
    for area, label in labels.items():
        longitude, latitude = _centre(max(shapes[area], key=_size))
        if area not in beside:
            written.append(
                {
                    "x": longitude,
                    "y": latitude,
                    "text": label,
                    "showarrow": False,
                    "font": {"size": 13, "color": _legible(fills[area])},
                }
            )
            continue
        # A borough too small for its name is named beside the map, with a line to it.
        place = (beside.index(area) + 1) / (len(beside) + 1)
        written.append(
            {
                "x": longitude,
                "y": latitude,
                "axref": "x",
                "ayref": "y",
                "ax": east + BESIDE,
                "ay": top - place * (top - bottom),
                "xanchor": "left",
                "text": label,
                "align": "left",
                "arrowhead": 6,
                "arrowsize": 0.7,
                "arrowwidth": 1.2,
                "arrowcolor": style.TEXT,
                "font": {"size": 13},
            }
        )
    # All at once: plotly copies those that are there for each one added.
    chart.layout.annotations = written
    middle = (min(latitudes) + max(latitudes)) / 2
    west = min(longitude for rings in shapes.values() for ring in rings for longitude, _ in ring)
    style.set_axes(
        chart,
        x={"visible": False, "range": [west, east + BESIDE + NAMES]},
        y={"visible": False, "scaleanchor": "x", "scaleratio": 1 / cos(radians(middle))},
    )
    return chart


def _middle(rings: list[Ring]) -> tuple[float, float]:
    """Return about where a borough is: the mean of the points of its outlines."""
    points = [point for ring in rings for point in ring]
    x_sum, y_sum = map(sum, zip(*points, strict=True))
    return x_sum / len(points), y_sum / len(points)


def _size(ring: Ring) -> float:
    return abs(_signed_area(ring))


def _signed_area(ring: Ring) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def _centre(ring: Ring) -> tuple[float, float]:
    """Return the centroid of a ring."""
    area = _signed_area(ring)
    x_sum = y_sum = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        x_sum += (x0 + x1) * cross
        y_sum += (y0 + y1) * cross
    return x_sum / (6 * area), y_sum / (6 * area)


def _legible(fill: str) -> str:
    """Choose white or dark text for a fill, whichever has the higher contrast."""
    channels = [int(fill[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else style.TEXT
