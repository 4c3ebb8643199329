"""Show a table: caption, plain accessible markup, its data to download, its source."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from IPython.display import publish_display_data

from helpers import disclosure, prose
from helpers.csv_text import csv_text
from helpers.errors import ExhibitError
from helpers.sources import places_of, source_line

if TYPE_CHECKING:
    import pandas as pd

BUNDLE = "nwlbook"
NO_DATA = "No data"
PLACE = ("source_id", "locator")
LABEL = re.compile(r"(fig|tbl)-[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Number:
    """A column of numbers.

    Attributes
    ----------
    title : str
        Heading, with the unit.
    decimals : int
        Digits after the point.
    """

    title: str
    decimals: int = 0


Columns = Mapping[str, str | Number]


def show_table(
    data: "pd.DataFrame",
    *,
    label: str,
    caption: str,
    columns: Columns,
    sources: "Sequence[pd.DataFrame]",
    sortable: bool = False,
) -> None:
    """Show a table of the book.

    Parameters
    ----------
    data : pandas.DataFrame
        One row of the table a row; also the download.
    label : str
        ``tbl-`` and a name; the address of the table in the whole book.
    caption : str
        What the table holds: measure, geography, period, unit.
    columns : mapping
        Column of `data` to its heading, in order. The first one names the rows.
    sources : sequence of pandas.DataFrame
        The rows of evidence that the table rests on.
    sortable : bool
        Whether a reader can put the rows into another order; without script, and in print,
        they stand as they are given.

    Raises
    ------
    ExhibitError
        If the label, the caption, the data or a column is missing.
    """
    checked_label(label, "tbl")
    required(label, "caption", caption)
    markup = table_markup(data, columns, label, sortable=sortable)
    publish_display_data(
        {"text/html": markup, "text/plain": caption},
        metadata={
            BUNDLE: {
                "kind": "table",
                "label": label,
                "caption": disclosure.explained(caption, data),
                "csv": to_csv(data, columns),
                "source": source_line(sources),
                "places": places_of(sources),
                "columns": column_texts(columns),
            }
        },
    )


def table_markup(
    data: "pd.DataFrame", columns: Columns, label: str, *, sortable: bool = False
) -> str:
    """Return a data frame as plain HTML with row and column headings.

    Parameters
    ----------
    data : pandas.DataFrame
        The rows.
    columns : mapping
        Column of `data` to its heading, in order. The first one names the rows.
    label : str
        Named in errors.
    sortable : bool
        Whether it gets the class that a reader's script looks for.

    Raises
    ------
    ExhibitError
        If there is no row, no column, or a column that `data` lacks.
    """
    if data.empty or not columns:
        raise ExhibitError(f"{label}: needs at least one row and one column")
    missing = [name for name in columns if name not in data.columns]
    if missing:
        raise ExhibitError(f"{label}: the data has no column {', '.join(missing)}")
    heads = "".join(
        f'<th scope="col"{_alignment(column)}>{html.escape(heading(column))}</th>'
        for column in columns.values()
    )
    lines = []
    # Lists, since to go through a column of texts itself takes several times as long.
    records = zip(*(data[name].tolist() for name in columns), strict=True)
    for record, absent in zip(records, _absent(data), strict=True):
        cells = [
            f"<{tag}{_alignment(column)}>{html.escape(text)}</{tag[:2]}>"
            for tag, text, column in zip(
                ['th scope="row"'] + ["td"] * (len(columns) - 1),
                (cell_text(*each, absent) for each in zip(record, columns.values(), strict=True)),
                columns.values(),
                strict=True,
            )
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    body = "\n".join(lines)
    kinds = "nwl-table nwl-sortable" if sortable else "nwl-table"
    return (
        f'<table class="{kinds}">\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def heading(column: str | Number) -> str:
    """Return the heading of a column."""
    return column.title if isinstance(column, Number) else column


def column_texts(columns: Columns) -> dict[str, dict[str, Any]]:
    """Return how a reader meets each column: its heading, and its decimals if it has numbers."""
    return {
        name: {
            "title": heading(column),
            "decimals": column.decimals if isinstance(column, Number) else None,
        }
        for name, column in columns.items()
    }


def cell_text(value: Any, column: str | Number, absent: str = NO_DATA) -> str:
    """Write one cell; an absent value is said, in some words, never left empty.

    Raises
    ------
    ExhibitError
        If a column of numbers holds something else.
    """
    import pandas as pd

    if pd.isna(value) or not str(value).strip():
        return absent
    if not isinstance(column, Number) or value == disclosure.MARK:
        return str(value)
    try:
        return prose.number(value, column.decimals)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ExhibitError(f"column '{column.title}': '{value}': expected a number") from error


def _absent(data: "pd.DataFrame") -> list[str]:
    """Return for each row what stands in the place of a value that is not there."""
    if disclosure.COLUMN not in data.columns:
        return [NO_DATA] * len(data)
    return [disclosure.MARK if each else NO_DATA for each in disclosure.marks(data)]


def to_csv(data: "pd.DataFrame", columns: Columns) -> str:
    """Return the download: the columns under their plain names, unformatted, with their source.

    Where a row of `data` carries its source and place, or says whether it is suppressed, the
    download does too.
    """
    added = (*PLACE, disclosure.COLUMN)
    named = [*columns, *(name for name in added if name in data.columns and name not in columns)]
    return csv_text(data[named])


def checked_label(label: str, kind: str) -> None:
    """Refuse a label that is not of its kind or cannot be an address."""
    if not LABEL.fullmatch(label) or not label.startswith(f"{kind}-"):
        raise ExhibitError(
            f"label '{label}': expected {kind}- and lower-case words joined by hyphens"
        )


def required(label: str, name: str, text: str) -> None:
    """Refuse an empty text."""
    if not text or not text.strip():
        raise ExhibitError(f"{label}: needs its {name}")


def _alignment(column: str | Number) -> str:
    return ' style="text-align: right"' if isinstance(column, Number) else ""
