"""Notebooks and pages."""

from typing import Any

from builder_books import BEDS, PROFILE, SHOW_BEDS
from tiny_project import code, prose, write_notebook

from bad_input.case import Case, Change, Group, edited, folder, notebook, written

FILE = "notebooks/beds.ipynb"
OTHER = SHOW_BEDS.replace("tbl-beds", "tbl-other")


def cells(*made: dict[str, Any], **metadata: Any) -> Change:
    return lambda root: write_notebook(root, "beds", *made, **metadata)


def added(cell: dict[str, Any]) -> Change:
    return cells(*BEDS, cell)


def with_text(text: str) -> Change:
    return added(prose(text))


def nested(depth: int) -> str:
    return '{"nbformat": 4, "cells": ' + "[" * depth + "]" * depth + "}"


RUN = ("build", "--engine", "embedded", "--to", "html")

GROUP = Group(
    "Notebooks and pages",
    "A cell is counted from 1. What only a run shows is refused after it; the last book stays.",
    (
        Case(
            "Not JSON",
            written(FILE, '{"cells": [\n'),
            "notebooks/beds.ipynb:2: is not a notebook: not JSON: Expecting value",
        ),
        Case(
            "Cut off in the middle",
            lambda root: (root / FILE).write_bytes((root / FILE).read_bytes()[:400]),
            "notebooks/beds.ipynb:20: is not a notebook: not JSON: Expecting property name "
            "enclosed in double quotes",
        ),
        Case(
            "Empty file",
            written(FILE, ""),
            "notebooks/beds.ipynb:1: is not a notebook: the file is empty",
        ),
        Case(
            "Not UTF-8",
            written(FILE, b'{"cells": "\xe9"}'),
            "notebooks/beds.ipynb: is not UTF-8 text",
        ),
        Case(
            "A conflict left by git",
            lambda root: (root / FILE).write_text("<<<<<<< HEAD\n" + (root / FILE).read_text()),
            "notebooks/beds.ipynb:1: is not a notebook: not JSON: Expecting value",
        ),
        Case(
            "An older format",
            notebook("beds", lambda each: each.update(nbformat=3)),
            "notebooks/beds.ipynb: is not a notebook of format 4: open it in Jupyter and save it",
        ),
        Case(
            "JSON, but not a notebook",
            written(FILE, "[1, 2]"),
            "notebooks/beds.ipynb: is not a notebook of format 4: open it in Jupyter and save it",
        ),
        Case(
            "JSON nested without end",
            written(FILE, nested(100_000)),
            "notebooks/beds.ipynb: is not a notebook: lists stand in lists without end",
        ),
        Case(
            "Cells that are no list",
            notebook("beds", lambda each: each.update(cells="none")),
            "notebooks/beds.ipynb: is not a notebook: it has no list of cells",
        ),
        Case(
            "No cells",
            notebook("beds", lambda each: each.pop("cells")),
            "notebooks/beds.ipynb: is not a notebook: it has no list of cells",
        ),
        Case(
            "A cell of an unknown kind",
            notebook("beds", lambda each: each["cells"][1].update(cell_type="sql")),
            "notebooks/beds.ipynb: cell 2 is not a code, Markdown or raw cell",
        ),
        Case(
            "A cell whose text is a list of numbers",
            notebook("beds", lambda each: each["cells"][1].update(source=[1, 2])),
            "notebooks/beds.ipynb: cell 2 is not a cell of a notebook: its source is not text",
        ),
        Case(
            "A cell whose metadata is text",
            notebook("beds", lambda each: each["cells"][1].update(metadata="x")),
            "notebooks/beds.ipynb: cell 2 is not a cell of a notebook: its metadata is not "
            "a mapping",
        ),
        Case(
            "A cell whose tags are a number",
            notebook("beds", lambda each: each["cells"][1].update(metadata={"tags": 5})),
            "notebooks/beds.ipynb: cell 2 is not a cell of a notebook: its tags are not a "
            "list of texts",
        ),
        Case(
            "Metadata that is a list",
            notebook("beds", lambda each: each.update(metadata=[])),
            "notebooks/beds.ipynb: is not a notebook: its metadata is not a mapping",
        ),
        Case(
            "Half of a character in a text",
            notebook("beds", lambda each: each["cells"][2].update(source="# Beds \ud800")),
            r"notebooks/beds.ipynb: holds half of a character: \ud800",
        ),
        Case(
            "No cell tagged parameters",
            cells(prose("# Beds"), *BEDS[1:]),
            "notebooks/beds.ipynb: no cell is tagged 'parameters'",
        ),
        Case(
            "Two cells tagged parameters",
            cells(BEDS[0], *BEDS),
            "notebooks/beds.ipynb: cells 1 and 2 are tagged 'parameters'; only one may be",
        ),
        Case(
            "Repeats for something that is no parameter",
            cells(*BEDS, nwlbook={"repeat": "year"}),
            "notebooks/beds.ipynb: repeats for 'year' but does not declare it",
        ),
        Case(
            "Repeats for a parameter without a list of values",
            cells(
                code('as_of = "2026-11-22"', "parameters"), *BEDS[1:], nwlbook={"repeat": "as_of"}
            ),
            "notebooks/beds.ipynb: repeats for 'as_of': expected one of borough, priority, "
            "scenario",
        ),
        Case(
            "An unknown setting",
            cells(*BEDS, nwlbook={"repeats": "borough"}),
            "notebooks/beds.ipynb: notebook metadata 'nwlbook' may only hold 'repeat', not "
            "{'repeats': 'borough'}",
        ),
        Case(
            "A repeat that is a list",
            cells(*BEDS, nwlbook={"repeat": ["borough"]}),
            "notebooks/beds.ipynb: notebook metadata 'repeat' must name a parameter, not "
            "['borough']",
        ),
        Case(
            "A figure typed into prose",
            with_text("There are 180 beds in all."),
            "notebooks/beds.ipynb: cell 5: '180 beds' is typed by hand: compute it from "
            "the evidence, as in `{python} percent(share)`",
        ),
        Case(
            "A figure typed into a caption",
            added(code('note = "There are 180 beds in all"')),
            "notebooks/beds.ipynb: cell 5: '180 beds' is typed by hand: compute it from "
            "the evidence, as in `{python} percent(share)`",
        ),
        Case(
            "An unfinished block in a page",
            edited("index.qmd", 'borough = "nwl"\n```', 'borough = "nwl"'),
            "index.qmd: cell 2: not Python: invalid syntax in line 4",
        ),
        Case(
            "A page with a cell in R",
            edited("index.qmd", "```{python}\nfrom", "```{r}\nfrom"),
            "index.qmd:8: cells in 'r' are not run; only Python is",
        ),
        Case(
            "A page whose front matter is not closed",
            written("index.qmd", "---\ntitle: Welcome\n"),
            "index.qmd:1: the front matter has no closing ---",
        ),
        Case(
            "A folder with the name of a notebook",
            folder(FILE),
            "_quarto.yml:15: chapter 'notebooks/beds.ipynb' does not exist",
        ),
        Case(
            "A chapter without a title",
            lambda root: write_notebook(
                root, "profile", PROFILE[0], prose("Some words."), nwlbook={"repeat": "borough"}
            ),
            "notebooks/profile-brent.ipynb:1: the chapter has no title: state 'title' in "
            "its front matter",
            RUN,
            needs_run=True,
        ),
        Case(
            "A table without caption and source",
            added(code("beds")),
            "notebooks/beds.ipynb: cell 5: shows an output without caption, alternative "
            "and source: use show_figure, show_table, offer_download, or print with "
            "'output: asis'",
            RUN,
            needs_run=True,
        ),
        Case(
            "Two tables in a cell",
            added(code(f"{OTHER}\n{SHOW_BEDS}")),
            "notebooks/beds.ipynb: cell 5: shows tbl-other and tbl-beds: one figure or "
            "table a cell",
            RUN,
            needs_run=True,
        ),
        Case(
            "A caption written by hand",
            added(code(f"#| tbl-cap: Mine\n{OTHER}")),
            "notebooks/beds.ipynb: cell 5: tbl-cap: the helper writes this, not the "
            "notebook's author",
            RUN,
            needs_run=True,
        ),
        Case(
            "A label that stands twice",
            added(code(SHOW_BEDS)),
            "notebooks/beds.ipynb: cell 5: label 'tbl-beds' stands twice",
            RUN,
            needs_run=True,
        ),
        Case(
            "A label that another chapter has",
            lambda root: write_notebook(
                root, "profile", PROFILE[0], BEDS[1], prose("# Profile"), code(SHOW_BEDS)
            ),
            "notebooks/profile.ipynb: label 'tbl-beds' stands here and in notebooks/beds.ipynb",
            RUN,
            needs_run=True,
        ),
        Case(
            "A reference to a label that is nowhere",
            with_text("As can be seen in @tbl-gone."),
            "notebooks/beds.ipynb: cell 5: reference to 'tbl-gone', which no chapter has",
            RUN,
            needs_run=True,
        ),
    ),
)
