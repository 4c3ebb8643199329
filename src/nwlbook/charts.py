"""The markup of a chart on a page: static image first, interactive on demand."""

import json
from typing import Any

# The room kept for an image is the height that it is drawn at.
from nwlbook.images import DEFAULT_HEIGHT as DEFAULT_HEIGHT
from nwlbook.images import chart_height as chart_height
from nwlbook.markdown import attribute

WIDTH = 760
NARROW = 400
CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True}


def chart_markup(
    label: str, chart: dict[str, Any], alternative: str, up: str, *, has_image: bool
) -> str:
    """Return the chart as a box of reserved size, for both engines.

    Parameters
    ----------
    label : str
        Label in the whole book.
    chart : dict
        Plotly's description.
    alternative : str
        What the picture shows, in words.
    up : str
        Way from the chapter's page to the root of the site, such as ``../``.
    has_image : bool
        Whether the static images could be made.
    """
    height = chart_height(chart)
    alt = attribute(alternative)
    image = (
        f"<picture>"
        f'<source media="(max-width: 600px)" srcset="{up}figures/{label}-narrow.svg" '
        f'width="{NARROW}" height="{height}">'
        f'<img src="{up}figures/{label}.svg" alt="{alt}" width="{WIDTH}" height="{height}">'
        f"</picture>"
        if has_image
        else ""
    )
    # An image keeps its own room; without one the chart to come is given it.
    reserved = "" if has_image else f'style="min-height:{height}px" '
    description = {"data": chart["data"], "layout": chart["layout"], "config": CONFIG}
    payload = json.dumps(description, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
    return (
        f'<div class="nwl-chart" id="chart-{label}" data-height="{height}" '
        f'{reserved}role="group" aria-label="{alt}">{image}'
        f'<button type="button" class="nwl-chart-wake">Interactive chart</button>'
        f'<script type="application/json" class="nwl-chart-data">{payload}</script></div>'
    )
