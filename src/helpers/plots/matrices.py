"""Charts of rows and columns: counts in shaded squares, and marks of a few kinds."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import plotly.graph_objects as go

from helpers import style
from helpers.errors import ExhibitError
from helpers.plots.rows import FOOT, height, plain, something, write_rows

SQUARE = 26  # side of a cell in pixels: ten fit across a phone
SPARE = 8  # room between rows, so that a name is nearer to its own squares on a small screen
HEAD = 22  # height of a line of the columns' heads
SHADES = tuple(reversed(style.SEQUENTIAL))  # from few to many
LIGHTEST = SHADES[0]
FILLS = (style.HIGHLIGHT, "#ffffff")  # of the first and of the second kind of mark
Mark = TypeVar("Mark")


def count_matrix(
    names: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[int]],
    *,
    axis: str,
) -> go.Figure:
    """Draw how many there are of each row in each column, as shaded squares with the number.

    Parameters
    ----------
    names : sequence of str
        What each row stands for, from the top.
    columns : sequence of str
        Heads of the columns; may have several lines.
    counts : sequence of sequence of int
        One number a column for each row; nought leaves the cell empty.
    axis : str
        What the columns are, written above their heads.
    """
    most = max((value for row in counts for value in row), default=0)
    cells = _cells(names, columns, counts)
    filled = [(x, y, value) for x, y, value in cells if value]
    if not filled:
        raise ExhibitError("a chart needs at least one thing to draw")
    fills = [_shade(value, most) for _, _, value in filled]
    chart = _grid(names, columns, axis)
    chart.add_trace(
        go.Scatter(
            x=[x for x, _, _ in filled],
            y=[y for _, y, _ in filled],
            mode="markers+text",
            marker={"symbol": "square", "size": SQUARE, "color": fills},
            text=[str(value) for _, _, value in filled],
            textfont={
                "size": 13,
                "color": [style.TEXT if fill == LIGHTEST else "#ffffff" for fill in fills],
            },
            hovertext=[
                f"{plain(names[y])}, {_spoken(columns[x])}: {value}" for x, y, value in filled
            ],
            hoverinfo="text",
        )
    )
    write_rows(chart, names, thickness=SQUARE)
    return chart


def mark_matrix(
    names: Sequence[str],
    columns: Sequence[str],
    marks: Sequence[Sequence[str | None]],
    kinds: Mapping[str, str],
    *,
    axis: str,
) -> go.Figure:
    """Draw which rows and columns belong together: a filled or an open circle where they do.

    Parameters
    ----------
    names : sequence of str
        What each row stands for, from the top.
    columns : sequence of str
        Heads of the columns; may have several lines.
    marks : sequence of sequence of str or None
        A kind or nothing a column for each row.
    kinds : mapping
        The kinds, at most two, and what each means: the first is drawn filled, the second
        open.
    axis : str
        What the columns are, written above their heads.
    """
    if len(kinds) > len(FILLS):
        raise ExhibitError(f"a matrix tells at most {len(FILLS)} kinds apart")
    cells = _cells(names, columns, marks)
    chart = _grid(names, columns, axis)
    for (kind, meaning), fill in zip(kinds.items(), FILLS, strict=False):
        found = [(x, y) for x, y, mark in cells if mark == kind]
        chart.add_trace(
            go.Scatter(
                x=[x for x, _ in found],
                y=[y for _, y in found],
                mode="markers",
                name=plain(meaning),
                showlegend=True,
                marker={
                    "symbol": "circle",
                    "size": 17,
                    "color": fill,
                    "line": {"width": 2.5, "color": style.HIGHLIGHT},
                },
                hovertext=[
                    f"{plain(names[y])}, {_spoken(columns[x])}: {plain(meaning)}" for x, y in found
                ],
                hoverinfo="text",
            )
        )
    chart.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top", "itemclick": False},
        height=chart.layout.height + FOOT,
    )
    write_rows(chart, names, thickness=SQUARE)
    return chart


def _cells(
    names: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Mark]]
) -> list[tuple[int, int, Mark]]:
    """Return column, row and content of each cell; a ragged matrix is an error."""
    something(names)
    something(columns)
    return [
        (x, y, mark)
        for y, (_, row) in enumerate(zip(names, rows, strict=True))
        for x, (_, mark) in enumerate(zip(columns, row, strict=True))
    ]


def _grid(names: Sequence[str], columns: Sequence[str], axis: str) -> go.Figure:
    """Start a matrix: a faint dot in each cell, the heads of the columns on top."""
    chart = style.chart(
        go.Scatter(
            x=[x for _ in names for x in range(len(columns))],
            y=[y for y in range(len(names)) for _ in columns],
            mode="markers",
            marker={"size": 4, "color": style.CONTEXT},
            hoverinfo="skip",
            showlegend=False,
        ),
        height=height(names, SQUARE + SPARE) + HEAD * (max(map(_lines, columns)) + 1) + FOOT // 2,
    )
    style.set_axes(
        chart,
        x={
            "title_text": axis,
            "side": "top",
            "range": [-0.6, len(columns) - 0.4],
            "tickvals": list(range(len(columns))),
            "ticktext": [plain(head).replace("\n", "<br>") for head in columns],
            "tickangle": 0,
            "tickfont": {"size": 12},
            "ticks": "",
            "showline": False,
        },
    )
    return chart


def _lines(head: str) -> int:
    return head.count("\n") + 1


def _spoken(head: str) -> str:
    return plain(head).replace("\n", " ")


def _shade(value: int, most: int) -> str:
    """Return the shade of a number: each shade takes an equal part of the range."""
    return SHADES[min(len(SHADES) - 1, (value - 1) * len(SHADES) // most)]
