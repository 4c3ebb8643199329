"""Read what a run shows: its figures, tables and downloads, as the helpers bundled them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nwlbook.errors import InputError

BUNDLE = "nwlbook"
TITLES = ("finding", "caption", "title")
APART = {"kind", "label", "places", "columns"}
PLOTLY = "application/vnd.plotly.v1+json"


@dataclass(frozen=True)
class Exhibit:
    """A figure, table or download that one cell shows.

    Attributes
    ----------
    kind : str
        ``figure``, ``table`` or ``download``.
    label : str
        As the notebook wrote it, without the suffix of a repeated chapter.
    texts : mapping
        What the helper bundled: caption or finding, alternative, source, CSV and so on.
    chart : dict or None
        Plotly's description of a figure.
    markup : str
        HTML of a table.
    places : mapping
        Each source that it rests on, with the places in it.
    columns : mapping
        Column of its data to ``title`` and ``decimals``, as its table shows it.
    """

    kind: str
    label: str
    texts: Mapping[str, str]
    chart: dict[str, Any] | None = field(default=None, repr=False)
    markup: str = field(default="", repr=False)
    places: Mapping[str, list[str]] = field(default_factory=dict, repr=False)
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """What it is called: a figure's finding, a table's caption, a download's title."""
        return next(self.texts[name] for name in TITLES if name in self.texts)


def joined(text: str | list[str]) -> str:
    """Return a notebook's text, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def exhibit_of(cell: Mapping[str, Any], place: str, file: str) -> Exhibit | None:
    """Return the exhibit of a code cell, if it shows one.

    Parameters
    ----------
    cell : mapping
        An executed code cell.
    place : str
        How errors name the cell.
    file : str
        The source notebook, for errors.

    Raises
    ------
    InputError
        If the cell shows two exhibits, or an output that no helper made: it would stand in
        the book without caption, alternative and source.
    """
    found: list[Exhibit] = []
    for output in cell.get("outputs", []):
        if output["output_type"] not in {"display_data", "execute_result"}:
            continue
        bundle = output.get("metadata", {}).get(BUNDLE)
        if bundle is None:
            raise InputError(
                f"{place}: shows an output without caption, alternative and source: "
                "use show_figure, show_table, offer_download, or print with 'output: asis'",
                file,
            )
        data = output["data"]
        found.append(
            Exhibit(
                kind=bundle["kind"],
                label=bundle["label"],
                texts={key: value for key, value in bundle.items() if key not in APART},
                chart=data.get(PLOTLY),
                markup=joined(data.get("text/html", "")),
                places=bundle.get("places", {}),
                columns=bundle.get("columns", {}),
            )
        )
    if len(found) > 1:
        labels = " and ".join(exhibit.label for exhibit in found)
        raise InputError(f"{place}: shows {labels}: one figure or table a cell", file)
    return found[0] if found else None
