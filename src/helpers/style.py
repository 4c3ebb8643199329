"""How charts look: palette as data, one plotly template.

The palette is the Government Analysis Function's. Its six categorical colours pass a
contrast of 3 to 1 on white, so charts always sit on white; the lightest of the sequence and
the grey of the context do not, and only stand where position and text say the same.
"""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import plotly.io

CATEGORICAL = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
PAIR = ("#12436D", "#F46A25")
SEQUENTIAL = ("#12436D", "#2073BC", "#6BACE6")
HIGHLIGHT = "#12436D"
CONTEXT = "#BFBFBF"
TEXT = "#212b32"
GRID = "#d8dde0"
FONT = "Open Sans, Arial, sans-serif"
HEIGHT = 420

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 14, "color": TEXT},
        "colorway": list(CATEGORICAL),
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "margin": {"l": 12, "r": 24, "t": 16, "b": 12, "pad": 4},
        "height": HEIGHT,
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "bargap": 0.35,
        "xaxis": {
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
            "linecolor": TEXT,
            "ticks": "outside",
            "tickcolor": GRID,
            "title": {"standoff": 12},
            "fixedrange": True,
        },
        "yaxis": {
            "automargin": True,
            "gridcolor": GRID,
            "zeroline": True,
            "zerolinecolor": TEXT,
            "zerolinewidth": 1,
            "title": {"standoff": 12},
            "fixedrange": True,
        },
    }
)


# plotly gives every figure its default template: unlike one that a figure is made with, it does
# not check that anew each time.
plotly.io.templates["book"] = TEMPLATE
plotly.io.templates.default = "book"


def chart(*traces: Any, **layout: Any) -> go.Figure:
    """Start a chart in the book's style.

    Parameters
    ----------
    *traces
        Plotly traces, drawn in order.
    **layout
        Layout settings that differ from the template.

    Returns
    -------
    plotly.graph_objects.Figure
        A figure with the book's template and nothing of plotly's default one.
    """
    return go.Figure(data=list(traces), layout=layout)


def set_axes(
    chart: go.Figure, *, x: Mapping[str, Any] | None = None, y: Mapping[str, Any] | None = None
) -> None:
    """Set what is to be different of a chart's first axes.

    plotly's own `update_xaxes` gives the same, and takes ten times as long.

    Parameters
    ----------
    chart : plotly.graph_objects.Figure
        Changed in place.
    x, y : mapping, optional
        Settings of the axis; what it has besides stays.
    """
    for name, settings in (("xaxis", x), ("yaxis", y)):
        if settings:
            chart.layout[name] = {**chart.layout[name].to_plotly_json(), **settings}
