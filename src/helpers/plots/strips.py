"""Charts of strips: a row a fact with a scale of its own, a dot an area."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from helpers import prose, style
from helpers.plots.rows import FOOT, height, plain, share, something, write_rows

# Pixels under a name: of the row, and from the name to the middle of the row. A page may draw a
# chart less high than it is, which takes room from the first and not from the second.
DRAWN, UNDER_NAME = 60, 34
DOTS_ABOVE, ENDS_BELOW = 4, 20  # of the middle of a row, in pixels
OTHERS = "#6f777b"
MARGIN = 0.03


@dataclass(frozen=True)
class Strip:
    """A row of a chart of strips.

    Attributes
    ----------
    title : str
        What is measured, with unit and period.
    values : mapping
        Name to value; names without one are left out.
    write : callable
        Writes a value with its unit.
    mark : float or None
        Value of the area that all names belong to, drawn as a line.
    """

    title: str
    values: Mapping[str, float]
    write: Callable[[float], str]
    mark: float | None = None


def strip_dots(
    strips: Sequence[Strip],
    *,
    highlighted: str = "",
    others: str,
    mark_name: str,
    missing: str,
    extent: tuple[float, float] | None = None,
    axis: str = "",
) -> go.Figure:
    """Draw one row a fact, from its lowest to its highest value, with a dot for each name.

    The lowest and the highest value of each row are written with whose they are. A
    highlighted name is a large dot and its value stands in the title of the row; what is marked
    is an upright line.

    Parameters
    ----------
    strips : sequence of Strip
        The rows, from the top; each has at least one value.
    highlighted : str
        The name drawn large; if empty, none is.
    others : str
        What the other dots stand for.
    mark_name : str
        What the line stands for.
    missing : str
        Written where the highlighted name has no value.
    extent : tuple of float, optional
        One scale for all rows, in their own unit.
    axis : str
        Title of that axis: measure and unit.
    """
    something(strips)
    for strip in strips:
        something(strip.values)
    titles = [_title(strip, highlighted, missing) for strip in strips]
    up, down = (share(titles, pixels, DRAWN) for pixels in (DOTS_ABOVE, ENDS_BELOW))
    chart = style.chart(height=height(titles, DRAWN) + FOOT * (2 if extent else 1))
    tracks_x: list[float | None] = []
    tracks_y: list[float | None] = []
    for row in range(len(strips)):
        tracks_x += [*(extent or (0, 1)), None]
        tracks_y += [row - up, row - up, None]
    chart.add_trace(
        go.Scatter(
            x=tracks_x,
            y=tracks_y,
            mode="lines",
            line={"color": style.GRID, "width": 4},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    marks = [
        (
            _position(strip, strip.mark, extent is not None),
            row - up,
            f"{mark_name}: {strip.write(strip.mark)}",
        )
        for row, strip in enumerate(strips)
        if strip.mark is not None
    ]
    dots = [
        (
            name,
            _position(strip, value, extent is not None),
            row - up,
            f"{plain(name)}: {strip.write(value)}",
        )
        for row, strip in enumerate(strips)
        for name, value in strip.values.items()
    ]
    _add(
        chart,
        [(x, y, text) for name, x, y, text in dots if name != highlighted],
        others,
        {"size": 11, "color": "#ffffff", "line": {"width": 2, "color": OTHERS}},
    )
    _add(
        chart,
        marks,
        mark_name,
        {"size": 20, "symbol": "line-ns", "line": {"width": 3.5, "color": style.PAIR[1]}},
    )
    _add(
        chart,
        [(x, y, text) for name, x, y, text in dots if name == highlighted],
        highlighted,
        {"size": 16, "color": style.HIGHLIGHT, "line": {"width": 2, "color": "#ffffff"}},
    )
    chart.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top", "itemclick": False},
    )
    low, high = extent or (0, 1)
    room = MARGIN * (high - low)
    bare = {} if extent else {"showticklabels": False, "ticks": "", "showline": False}
    style.set_axes(
        chart,
        x={"range": [low - room, high + room], "side": "top", "title_text": axis, **bare},
    )
    write_rows(chart, titles, thickness=UNDER_NAME)
    ends = [
        {
            "xref": "paper",
            "x": x,
            "y": row + down,
            "text": plain(_end(strip, value)),
            "showarrow": False,
            "xanchor": anchor,
            "yanchor": "middle",
            "font": {"size": 12, "color": style.TEXT},
        }
        for row, strip in enumerate(strips)
        for value, x, anchor in (
            (min(strip.values.values()), 0, "left"),
            (max(strip.values.values()), 1, "right"),
        )
    ]
    # After the names, whose white ground would cover them where a chart is drawn small. All at
    # once: plotly checks every annotation again for each one that is added alone.
    chart.layout.annotations = [*chart.layout.annotations, *ends]
    return chart


def _add(
    chart: go.Figure, points: list[tuple[float, float, str]], name: str, marker: dict[str, object]
) -> None:
    """Add the points of one kind, if there are any."""
    if points:
        chart.add_trace(
            go.Scatter(
                x=[x for x, _, _ in points],
                y=[y for _, y, _ in points],
                mode="markers",
                name=plain(name),
                marker=marker,
                hovertext=[text for _, _, text in points],
                hoverinfo="text",
                cliponaxis=False,
            )
        )


def _title(strip: Strip, highlighted: str, missing: str) -> str:
    if not highlighted:
        return strip.title
    value = strip.values.get(highlighted)
    return f"{strip.title}: {missing if value is None else strip.write(value)}"


def _position(strip: Strip, value: float, is_shared: bool) -> float:
    """Return where a value stands: on a scale that all rows share, or 0 to 1 on its own row.

    A row of equal values has one place.
    """
    low, high = min(strip.values.values()), max(strip.values.values())
    if is_shared:
        return value
    return (value - low) / (high - low) if high > low else 0.5


def _end(strip: Strip, value: float) -> str:
    """Write an end of a row with whose it is."""
    written = strip.write(value)
    names = [name for name, each in strip.values.items() if strip.write(each) == written]
    return f"{written} {names[0]}" if len(names) == 1 else f"{written} ({prose.count(len(names))})"
