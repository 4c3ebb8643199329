"""Report books, and pieces of them, for the tests of the builder."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tiny_project import code, prose, write_notebook

from nwlbook.forgetting import forget_evidence
from nwlbook.publish import new_build, publish

ROOT = Path(__file__).parents[1]
# Labels of a notebook as its file writes them, and references that are no part of a longer one.
LABEL = re.compile(r'(?:\{#|label=\\?")((?:fig|tbl|sec)(?:-[a-z0-9]+)+)')
REFERENCE = re.compile(r"@((?:fig|tbl|sec)(?:-[a-z0-9]+)+)(?![\w{-])")

CONFIGURATION = """\
project:
  type: book

lang: en-GB

book:
  title: "Beds"
  author: "The tests"
  date: "2026-11-22"
  output-file: beds
  chapters:
    - index.qmd
    - part: "Beds"
      chapters:
        - notebooks/beds.ipynb
    - part: "Boroughs"
      chapters:
        - notebooks/profile.ipynb

number-sections: true
"""
WELCOME = """\
# Welcome {.unnumbered}

```{python}
#| tags: [parameters]
borough = "nwl"
```

```{python}
from helpers import areas
```

This small book counts the beds of `{python} areas.name(borough)` for the tests of the builder, in
@sec-beds and in a chapter for each borough, and says nothing about any real hospital at all.
"""
TABLES = {
    "areas": "area,name,kind\nnwl,North West London,system\nbrent,Brent,borough\n"
    "ealing,Ealing,borough\n",
    "priorities": "priority\n1\n2\n",
    "savings-scenarios": "scenario\nbest\nmid\nworst\n",
    "sources": "source_id,short_title\nsurvey,Survey of beds\n",
    "beds": "area,beds,source_id,locator\nbrent,100,survey,Table 1\nealing,80,survey,Table 1\n",
}
DESCRIPTOR = """\
name: beds
resources:
- name: areas
  path: areas.csv
  encoding: utf-8
  schema:
    fields:
    - {name: area, type: string, constraints: {required: true}}
    - {name: name, type: string, constraints: {required: true}}
    - {name: kind, type: string, constraints: {enum: [system, borough]}}
    primaryKey: area
- name: priorities
  path: priorities.csv
  encoding: utf-8
  schema:
    fields:
    - {name: priority, type: integer}
    primaryKey: priority
- name: savings-scenarios
  path: savings-scenarios.csv
  encoding: utf-8
  schema:
    fields:
    - {name: scenario, type: string}
- name: sources
  path: sources.csv
  encoding: utf-8
  schema:
    fields:
    - {name: source_id, type: string}
    - {name: short_title, type: string}
    primaryKey: source_id
- name: beds
  path: beds.csv
  encoding: utf-8
  schema:
    fields:
    - {name: area, type: string, constraints: {required: true}}
    - {name: beds, type: integer, constraints: {minimum: 0}}
    - {name: source_id, type: string}
    - {name: locator, type: string}
    primaryKey: area
    foreignKeys:
    - {fields: area, reference: {resource: areas, fields: area}}
    - {fields: source_id, reference: {resource: sources, fields: source_id}}
"""
FILLER = (
    "The rest of this page is here because a page with next to no text is a sign that "
    "something was lost on the way from the notebook to the reader."
)
SHOW_BEDS = """\
show_table(
    beds, label="tbl-beds", caption="Beds by borough",
    columns={"area": "Borough", "beds": Number("Beds")}, sources=[beds],
)"""
BEDS = (
    code('scenario = "mid"', "parameters"),
    code(
        "from helpers import evidence\nfrom helpers.tables import Number, show_table\n\n"
        'beds = evidence.load("beds")'
    ),
    prose(
        "# Beds {#sec-beds}\n\n"
        f'There are `{{python}} beds["beds"].sum()` beds in @tbl-beds. {FILLER}'
    ),
    code(SHOW_BEDS),
)
PROFILE = (
    code('borough = "brent"', "parameters"),
    code(
        "from helpers import areas, evidence\nfrom helpers.tables import Number, show_table\n\n"
        'beds = evidence.load("beds", area=borough)'
    ),
    prose(
        "# `{python} areas.name(borough)` {#sec-profile}\n\n"
        f'`{{python}} areas.name(borough)` has `{{python}} beds["beds"].sum()` beds. {FILLER}'
    ),
    code(SHOW_BEDS.replace("tbl-beds", "tbl-profile")),
)


def make_book(root: Path) -> Path:
    """Write a valid project with evidence on two boroughs, and return its root."""
    (root / "data").mkdir(parents=True)
    (root / "notebooks").mkdir()
    (root / "_quarto.yml").write_text(CONFIGURATION)
    (root / "index.qmd").write_text(WELCOME)
    (root / "data" / "datapackage.yaml").write_text(DESCRIPTOR)
    for name, text in TABLES.items():
        (root / "data" / f"{name}.csv").write_text(text)
    write_notebook(root, "beds", *BEDS)
    write_notebook(root, "profile", *PROFILE, nwlbook={"repeat": "borough"})
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root


def copy_evidence(root: Path) -> None:
    """Copy the book's own evidence: the descriptor and what it describes."""
    described = yaml.load(
        (ROOT / "data" / "datapackage.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    for name in ("datapackage.yaml", *(entry["path"] for entry in described["resources"])):
        target = root / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "data" / name, target)


def make_real_book(root: Path, *names: str) -> Path:
    """Write a project of some of the book's own notebooks over all of its evidence.

    What they refer to in chapters left out becomes plain words.
    """
    chosen = {name: (ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8") for name in names}
    labels = {name: set(LABEL.findall(text)) for name, text in chosen.items()}
    # Those of a notebook that repeats get a suffix.
    common = {
        label for name, own in labels.items() if '"repeat"' not in chosen[name] for label in own
    }
    for name, text in chosen.items():
        (root / "notebooks").mkdir(parents=True, exist_ok=True)
        known = common | labels[name]
        kept = REFERENCE.sub(lambda at, k=known: at[0] if at[1] in k else "another chapter", text)
        (root / "notebooks" / f"{name}.ipynb").write_text(kept, "utf-8")
    copy_evidence(root)
    configuration = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    configuration["book"]["chapters"] = ["index.qmd"] + [
        {"part": name.capitalize(), "chapters": [f"notebooks/{name}.ipynb"]} for name in names
    ]
    del configuration["book"]["appendices"]
    (root / "_quarto.yml").write_text(yaml.safe_dump(configuration, sort_keys=False))
    (root / "index.qmd").write_text(WELCOME.replace("@sec-beds", "other chapters"))
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root


@contextmanager
def entered(root: Path) -> Iterator[Path]:
    """Work in a project as the command does, and leave no trace of it."""
    folder, named = Path.cwd(), os.environ.get("NWLBOOK_ROOT")
    os.chdir(root)
    os.environ["NWLBOOK_ROOT"] = str(root)
    forget_evidence()
    try:
        yield root
    finally:
        os.chdir(folder)
        if named is None:
            del os.environ["NWLBOOK_ROOT"]
        else:
            os.environ["NWLBOOK_ROOT"] = named
        forget_evidence()


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file."""
    text = file.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new), "utf-8")


@dataclass
class Outcome:
    """What a command came to."""

    code: int
    out: str
    error: str


Command = Callable[..., Outcome]


def publish_stand_in(root: Path) -> dict[str, str]:
    """Publish a site without building one, and return what it is made of."""
    build = new_build(root / "outputs")
    (build / "site").mkdir()
    (build / "project").mkdir()
    (build / "site" / "index.html").write_text("<p>The last good site</p>")
    (build / "manifest.json").write_text(json.dumps({"engine": {"name": "quarto"}}))
    publish(build, root / "outputs")
    return contents(root / "outputs" / "site")


def contents(folder: Path) -> dict[str, str]:
    """Return every file under a folder with a digest of its content."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def executed(*cells: dict[str, Any]) -> dict[str, Any]:
    """Return an executed notebook of cells."""
    return {
        "cells": [{"id": f"cell-{place}", **cell} for place, cell in enumerate(cells)],
        "metadata": {"kernelspec": {"name": "python3"}, "other": "thing"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def shown(cell: dict[str, Any], *outputs: dict[str, Any]) -> dict[str, Any]:
    """Return a code cell with outputs."""
    return {**cell, "outputs": list(outputs)}


def printed(text: str, stream: str = "stdout") -> dict[str, Any]:
    """Return what a cell printed."""
    return {"output_type": "stream", "name": stream, "text": text}


def figure(label: str = "fig-beds", **texts: str) -> dict[str, Any]:
    """Return the output of `show_figure`."""
    bundle = {
        "kind": "figure",
        "label": label,
        "finding": "Brent has most beds",
        "subtitle": "Beds by borough, 2009",
        "alternative": "Two bars: Brent has a hundred beds and Ealing eighty.",
        "csv": "area,beds\nbrent,100\n",
        "table": '<table class="nwl-table"></table>',
        "source": "Survey of beds, Table 1",
    }
    chart = {"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": {"height": 300}}
    return {
        "output_type": "display_data",
        "data": {"application/vnd.plotly.v1+json": chart, "text/plain": "Two bars"},
        "metadata": {"nwlbook": bundle | texts},
    }


def table(label: str = "tbl-beds", **texts: str) -> dict[str, Any]:
    """Return the output of `show_table`."""
    bundle = {
        "kind": "table",
        "label": label,
        "caption": "Beds by borough",
        "csv": "area,beds\nbrent,100\n",
        "source": "Survey of beds, Table 1",
    }
    return {
        "output_type": "display_data",
        "data": {"text/html": '<table class="nwl-table"></table>', "text/plain": "Beds"},
        "metadata": {"nwlbook": bundle | texts},
    }


def download(name: str = "beds", **texts: str) -> dict[str, Any]:
    """Return the output of `offer_download`."""
    bundle = {
        "kind": "download",
        "label": name,
        "title": "every bed",
        "csv": "area,beds\nbrent,100\n",
        "source": "Survey of beds, Table 1",
    }
    return {
        "output_type": "display_data",
        "data": {"text/plain": "every bed: 1 row"},
        "metadata": {"nwlbook": bundle | texts},
    }


@dataclass
class RealBook:
    """The book of real notebooks, built once for all workers of a test session."""

    root: Path
    sources: dict[str, str]

    @property
    def site(self) -> Path:
        """Return the folder of the built site."""
        return self.root / "outputs" / "site"


def copied_sources(root: Path) -> dict[str, str]:
    """Return the digests of what a book is made from."""
    return {
        name: digest
        for folder in ("notebooks", "data")
        for name, digest in contents(root / folder).items()
    } | {name: contents(root)[name] for name in ("_quarto.yml", "index.qmd")}


def build_book(root: Path, formats: tuple[str, ...] = ("html", "pdf")) -> float:
    """Build the sector's book of a project and return the seconds that it took."""
    from nwlbook.build import Build
    from nwlbook.progress import Progress
    from nwlbook.request import Request

    with entered(root):
        Build(Request(root=root, formats=formats), Progress(quiet=True)).run()
    manifest = json.loads((root / "outputs" / "manifest.json").read_text())
    return float(manifest["seconds"]["total"])
