"""What every chart made of rows shares: names above their rows, wrapped and escaped.

A name stands above its own row rather than beside it, so that a chart reads as well on a
phone as on a desk.
"""

import html
import textwrap
from collections.abc import Collection, Sequence
from typing import Any

import plotly.graph_objects as go

from helpers import style
from helpers.errors import ExhibitError

LINE = 20  # height of a line of a name, in pixels
BAR = 18  # height of a bar
ROW = 34  # height of what is drawn under a name, with the space around it
FOOT = 56
LABEL_WIDTH = 44  # characters of a name that fit on a line of a phone's chart
LABEL_LINES = 2


def something(items: Collection[Any]) -> None:
    """Refuse to draw nothing."""
    if not items:
        raise ExhibitError("a chart needs at least one thing to draw")


def plain(text: str) -> str:
    """Write a text so that plotly, which reads tags and links in texts, shows it as it is."""
    return html.escape(text, quote=False)


def name_lines(names: Sequence[str]) -> int:
    """Return how many lines the longest name takes."""
    return max(len(wrapped(name)) for name in names)


def wrapped(name: str) -> list[str]:
    """Break a name into lines; one that needs too many ends in an ellipsis."""
    return textwrap.wrap(name, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder=" …")


def row_height(names: Sequence[str], thickness: int = BAR) -> int:
    """Return the height of a row in pixels: the lines of a name and what stands under it."""
    return LINE * name_lines(names) + ROW - BAR + thickness


def height(names: Sequence[str], thickness: int = BAR) -> int:
    """Return the height of all rows in pixels."""
    return row_height(names, thickness) * len(names) + 12


def share(names: Sequence[str], pixels: int, thickness: int = BAR) -> float:
    """Return a height in pixels as a share of a row."""
    return pixels / row_height(names, thickness)


def write_rows(
    chart: go.Figure, names: Sequence[str], strong: Collection[str] = (), thickness: int = BAR
) -> None:
    """Write each name above what its row draws, and put the first row at the top."""
    written = []
    for row, name in enumerate(names):
        text = "<br>".join(plain(line) for line in wrapped(name))
        written.append(
            {
                "xref": "paper",
                "x": 0,
                "y": row,
                "yshift": thickness / 2 + 3,
                "text": f"<b>{text}</b>" if name in strong else text,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "bottom",
                "align": "left",
                # Lines of the axes run behind a name, not through it.
                "bgcolor": "#ffffff",
            }
        )
    # All at once: plotly copies those that are there for each one added.
    chart.layout.annotations = (*chart.layout.annotations, *written)
    above = share(names, LINE * name_lines(names) + round(thickness / 2) + 12, thickness)
    style.set_axes(
        chart,
        y={
            "range": [len(names) - 1 + share(names, thickness, thickness), -above],
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
        },
    )
