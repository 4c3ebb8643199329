"""The notebook that a new chapter begins as: findings, a figure and a table, from evidence."""

# Paragraphs of a notebook stay on one line each.
# ruff: noqa: E501

import json
from typing import Any

from helpers import evidence
from nwlbook.sources import PARAMETERS

PLACE = {
    None: "place = areas.name(borough)",
    "borough": "place = areas.name(borough)",
    "priority": 'place = evidence.value("priorities", "short_title", priority=priority)',
}
IMPORTS = """\
from helpers import areas, evidence, plots, prose
from helpers.figures import show_figure
from helpers.tables import Number, show_table"""
COUNTED = """\
people = evidence.load("population", age_group="all")
census = people["census_year"].max()
people = people[people["census_year"] == census].sort_values("persons", ascending=False)
people = people.assign(name=people["area"].map(areas.names()))
most, total = people.iloc[0], people["persons"].sum()"""
FINDINGS = """\
::: {.callout-tip title="What this chapter finds"}
- `{python} most["name"]` has the most residents of the `{python} prose.count(len(people))` boroughs: `{python} prose.number(most["persons"])`, or `{python} prose.percent(most["persons"] / total)` of all.
:::

Say here, in two or three sentences, what the reader of `{python} place` can decide with this chapter. Figures in the text are computed, as above; the build refuses one that is typed."""
BEFORE_FIGURE = """\
## Residents {{#sec-{name}-residents}}

@fig-{name} is an example: replace it with a figure of your own. Its title states the finding and is computed, so that it stays true when the evidence changes."""
FIGURE = """\
show_figure(
    plots.ranked_bars(
        list(people["name"]),
        list(people["persons"]),
        [prose.number(persons) for persons in people["persons"]],
        axis="Residents",
        highlighted={highlighted},
    ),
    label="fig-{name}",
    finding=f"{{most['name']}} has the most residents of all boroughs",
    subtitle=f"Residents by borough, Census {{census}}",
    alternative="One bar a borough, from the most residents to the fewest. "
    + "; ".join(f"{{row.name}}: {{prose.number(row.persons)}}" for row in people.itertuples())
    + ".",
    data=people,
    columns={{"name": "Borough", "persons": Number("Residents")}},
    sources=[people],
)"""
BEFORE_TABLE = """\
@tbl-{name} gives the same as a table, which every edition of the book carries in print."""
TABLE = """\
show_table(
    people.assign(share=people["persons"] / total * 100),
    label="tbl-{name}",
    caption=f"Residents of each borough and their share of all, Census {{census}}",
    columns={{
        "name": "Borough",
        "persons": Number("Residents"),
        "share": Number("Share, %", decimals=1),
    }},
    sources=[people],
)"""
SOURCES = """\
## Where the figures come from {{#sec-{name}-sources}}

Each figure and table names its source below it, with the place in the source and the data to download. Say here what the sources do not cover."""


def labels_of(name: str) -> set[str]:
    """Return the labels that a new chapter of this name defines."""
    sections = (f"sec-{name}", f"sec-{name}-residents", f"sec-{name}-sources")
    return {f"fig-{name}", f"tbl-{name}", *sections}


def notebook_of(name: str, title: str, repeat: str | None) -> str:
    """Return the file of a new chapter's notebook.

    Parameters
    ----------
    name : str
        Name of the notebook.
    title : str
        Title of the chapter.
    repeat : str or None
        Parameter that it repeats for.
    """
    heading = f"{title}: `{{python}} place`" if repeat else title
    highlighted = "[]" if repeat == "priority" else "[place]"
    cells = [
        _cell("markdown", f"# {heading} {{#sec-{name}}}"),
        _cell("code", _parameters(repeat), PARAMETERS),
        _cell("code", IMPORTS),
        _cell("code", f"{PLACE[repeat]}\n{COUNTED}"),
        _cell("markdown", FINDINGS),
        _cell("markdown", BEFORE_FIGURE.format(name=name)),
        _cell("code", FIGURE.format(name=name, highlighted=highlighted)),
        _cell("markdown", BEFORE_TABLE.format(name=name)),
        _cell("code", TABLE.format(name=name)),
        _cell("markdown", SOURCES.format(name=name)),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata: dict[str, Any] = {"kernelspec": kernel, "language_info": {"name": "python"}}
    if repeat:
        metadata["nwlbook"] = {"repeat": repeat}
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:02}"
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _parameters(repeat: str | None) -> str:
    if repeat == "priority":
        return f"priority = {evidence.rows('priorities')[0]['priority']}"
    areas = evidence.rows("areas")
    first = next(row["area"] for row in areas if row["kind"] == "borough")
    return f'borough = "{first if repeat else "nwl"}"'


def _cell(kind: str, source: str, *tags: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source.splitlines(keepends=True),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
