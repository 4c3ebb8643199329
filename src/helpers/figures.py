"""Show a figure with everything that a reader needs, or refuse to.

The finding is the title; the subtitle gives measure, geography, period and unit; the
alternative says in words what the picture shows; the data stands behind it as a table
and a download; the source line is made from the evidence itself.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go
from IPython.display import publish_display_data

from helpers import disclosure
from helpers.errors import ExhibitError
from helpers.sources import places_of, source_line
from helpers.tables import (
    BUNDLE,
    Columns,
    checked_label,
    column_texts,
    required,
    table_markup,
    to_csv,
)

if TYPE_CHECKING:
    import pandas as pd

LONGEST_FINDING = 15
SHORTEST_ALTERNATIVE = 8
PLOTLY = "application/vnd.plotly.v1+json"


def show_figure(
    chart: go.Figure,
    *,
    label: str,
    finding: str,
    subtitle: str,
    alternative: str,
    data: "pd.DataFrame",
    columns: Columns,
    sources: "Sequence[pd.DataFrame]",
) -> None:
    """Show a figure of the book.

    Parameters
    ----------
    chart : plotly.graph_objects.Figure
        The chart, without a title of its own.
    label : str
        ``fig-`` and a name; the address of the figure in the whole book.
    finding : str
        What the figure shows, in 15 words or fewer, computed from the data.
    subtitle : str
        Measure, geography, period and unit.
    alternative : str
        What someone who does not see the picture needs to know.
    data : pandas.DataFrame
        The data drawn.
    columns : mapping
        Columns of `data` that are shown and downloaded, with their headings.
    sources : sequence of pandas.DataFrame
        The rows of evidence that the figure rests on.

    Raises
    ------
    ExhibitError
        If a text is missing, too long or says nothing, there is no data, or the chart
        has a title of its own.
    """
    checked_label(label, "fig")
    for name, text in {
        "finding": finding,
        "subtitle": subtitle,
        "alternative": alternative,
    }.items():
        required(label, name, text)
    if len(finding.split()) > LONGEST_FINDING:
        raise ExhibitError(f"{label}: the finding has more than {LONGEST_FINDING} words: {finding}")
    if len(alternative.split()) < SHORTEST_ALTERNATIVE or alternative == finding:
        raise ExhibitError(f"{label}: the alternative must say what the picture shows")
    if not chart.data:
        raise ExhibitError(f"{label}: the chart draws nothing")
    if chart.layout.title.text:
        raise ExhibitError(f"{label}: the chart has a title of its own: the finding is its title")
    table = table_markup(data, columns, label)
    alternative = disclosure.explained(alternative, data)
    publish_display_data(
        {PLOTLY: chart_json(chart), "text/plain": alternative},
        metadata={
            BUNDLE: {
                "kind": "figure",
                "label": label,
                "finding": finding,
                "subtitle": disclosure.explained(subtitle, data),
                "alternative": alternative,
                "csv": to_csv(data, columns),
                "table": table,
                "source": source_line(sources),
                "places": places_of(sources),
                "columns": column_texts(columns),
            }
        },
    )


def fitting(finding: str, shorter: str) -> str:
    """Return a finding, or a shorter one where it has more words than a figure's title may have.

    Parameters
    ----------
    finding : str
        What to say where it fits.
    shorter : str
        What to say where it does not.
    """
    return finding if len(finding.split()) <= LONGEST_FINDING else shorter


def chart_json(chart: go.Figure) -> dict[str, object]:
    """Return a chart as plain JSON values, the same for the same chart."""
    content: dict[str, object] = json.loads(chart.to_json(engine="json"))
    return content
