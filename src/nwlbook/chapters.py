"""Turn an executed run into a chapter of the staged project: plain Quarto, nothing of ours."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from textwrap import shorten
from typing import Any

import yaml

from nwlbook import charts
from nwlbook.errors import InputError
from nwlbook.exhibits import Exhibit, exhibit_of, joined
from nwlbook.glossary_links import Glossary, link_terms
from nwlbook.markdown import (
    add_suffix,
    as_attribute,
    attribute,
    escaped,
    fenced_html,
    fill_expressions,
    plain_attribute,
    quoted,
    referenced_labels,
    section_labels,
)
from nwlbook.notebook_file import notebook_text
from nwlbook.sources import INJECTED, PARAMETERS, Cell, tags_of

CODE_SHOWN = 120
TITLE = re.compile(r"^# (.+?)(?: *\{[^}]*\})?$", re.MULTILINE)
HELPER_OPTIONS = {"label", "fig-cap", "fig-alt", "tbl-cap"}


@dataclass(frozen=True)
class CellPlace:
    """The cell of a source that shows something.

    Attributes
    ----------
    number : int
        From 1, as in the source.
    id : str
        Its name in the notebook.
    code : str
        How its code begins.
    """

    number: int
    id: str
    code: str


@dataclass
class StagedChapter:
    """A chapter ready to be written.

    Attributes
    ----------
    target : str
        File in the staged project.
    text : str
        Its content.
    exhibits : dict
        Label in the whole book to exhibit.
    sections : set of str
        Labels of its sections.
    references : list of tuple
        Each label that it refers to, with the number of the cell in its source.
    cells : dict
        Label of an exhibit to the cell that shows it.
    title : str
        Its title as Markdown, without attributes.
    """

    target: str
    text: str
    exhibits: dict[str, Exhibit] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    references: list[tuple[str, int]] = field(default_factory=list)
    cells: dict[str, CellPlace] = field(default_factory=dict)
    title: str = ""


def stage_chapter(
    executed: Mapping[str, Any],
    expressions: Mapping[str, str],
    *,
    source: str,
    target: str,
    suffix: str,
    image_of: Callable[[str], str | None],
    glossary: Glossary | None = None,
) -> StagedChapter:
    """Turn one executed notebook into a chapter.

    Parameters
    ----------
    executed : mapping
        The executed notebook, as JSON values.
    expressions : mapping
        What each inline expression came to.
    source : str
        Notebook or Quarto Markdown file that it comes from, for errors.
    target : str
        File in the staged project; ends in ``.ipynb`` or ``.qmd``.
    suffix : str
        What its labels end with, for a repeated notebook.
    image_of : callable
        Label in the whole book to the text of its SVG, or None without images.
    glossary : Glossary, optional
        Terms to link at their first use; not in the glossary itself.

    Raises
    ------
    InputError
        With file and cell: an output without caption, a caption typed by hand, two exhibits
        in a cell, a label that stands twice, or an exhibit on a plain Markdown page.
    """
    builder = _Builder(expressions, source, target, suffix, image_of, glossary)
    cells = numbered_cells(executed["cells"])
    builder.find_labels(cells)
    staged = [made for number, cell in cells for made in builder.cell(cell, number)]
    if target.endswith(".qmd"):
        text = "\n\n".join(joined(cell["source"]).strip("\n") for cell in staged) + "\n"
    else:
        metadata = {
            key: executed["metadata"][key]
            for key in ("kernelspec", "language_info")
            if key in executed["metadata"]
        }
        text = notebook_text(staged, metadata)
    return StagedChapter(
        target,
        text,
        builder.exhibits,
        builder.sections,
        builder.references,
        builder.cells,
        builder.title,
    )


def file_size(content: str) -> str:
    """Return how large a data file is, as its link says it."""
    return f"{max(1, round(len(content.encode()) / 1024))} kB CSV"


def numbered_cells(cells: Sequence[Cell]) -> list[tuple[int, Cell]]:
    """Return the cells that a chapter is made of, with the number of each in its source."""
    written = [cell for cell in cells if INJECTED not in tags_of(cell)]
    return [
        (number, cell) for number, cell in enumerate(written, 1) if PARAMETERS not in tags_of(cell)
    ]


class _Builder:
    """The state that the cells of one chapter share."""

    def __init__(
        self,
        expressions: Mapping[str, str],
        source: str,
        target: str,
        suffix: str,
        image_of: Callable[[str], str | None],
        glossary: Glossary | None,
    ) -> None:
        self.expressions = expressions
        self.source = source
        self.plain = target.endswith(".qmd")
        self.up = "../" * (len(PurePosixPath(target).parts) - 1)
        self.suffix = suffix
        self.image_of = image_of
        self.target = target
        self.glossary = glossary
        self.linked: set[str] = set()
        self.labels: frozenset[str] = frozenset()
        self.exhibits: dict[str, Exhibit] = {}
        self.sections: set[str] = set()
        self.references: list[tuple[str, int]] = []
        self.cells: dict[str, CellPlace] = {}
        self.title = ""
        self.made = 0

    def find_labels(self, cells: Sequence[tuple[int, Cell]]) -> None:
        """Collect the chapter's own labels, and refuse one that stands twice."""
        labels: set[str] = set()
        for number, cell in cells:
            if cell["cell_type"] == "code":
                exhibit = exhibit_of(cell, f"cell {number}", self.source)
                found = [exhibit.label] if exhibit else []
            else:
                found = section_labels(joined(cell["source"]))
            for label in found:
                if label in labels:
                    raise InputError(f"cell {number}: label '{label}' stands twice", self.source)
                labels.add(label)
        self.labels = frozenset(labels)

    def cell(self, cell: Mapping[str, Any], number: int) -> list[dict[str, Any]]:
        """Return the staged cells that one executed cell becomes."""
        text = joined(cell["source"])
        if cell["cell_type"] != "code":
            filled = fill_expressions(text, self.expressions)
            prose = self._prose(filled, number)
            return [self._cell(cell["cell_type"], self._with_links(prose))]
        options, code = self._options(text, number)
        exhibit = exhibit_of(cell, f"cell {number}", self.source)
        if exhibit is not None:
            place = CellPlace(number, str(cell.get("id", "")), shorten(code, CODE_SHOWN))
            return self._exhibit(exhibit, options, code, place)
        printed = "".join(
            joined(output["text"])
            for output in cell["outputs"]
            if output["output_type"] == "stream" and output["name"] == "stdout"
        )
        if printed and options.get("output") != "asis":
            raise InputError(f"cell {number}: prints text without 'output: asis'", self.source)
        printed = self._prose(printed, number)
        if self.plain:
            return [self._cell("markdown", printed)] if printed else []
        options.setdefault("echo", False)
        outputs = [{"output_type": "stream", "name": "stdout", "text": printed}] if printed else []
        return [self._code(options, code, outputs)]

    def _prose(self, text: str, number: int) -> str:
        """Give labels their suffix, and note what the text defines and refers to."""
        text = add_suffix(text, self.labels, self.suffix)
        if not self.title and (title := TITLE.search(text)):
            self.title = title.group(1)
        self.sections.update(section_labels(text))
        self.references += [(label, number) for label in referenced_labels(text)]
        return text

    def _with_links(self, text: str) -> str:
        """Link the terms of the glossary, except in the glossary itself."""
        if self.glossary is None or self.glossary.page == self.target:
            return text
        return link_terms(text, self.glossary, self.target, self.linked)

    def _exhibit(
        self, exhibit: Exhibit, options: dict[str, Any], code: str, place: CellPlace
    ) -> list[dict[str, Any]]:
        written = HELPER_OPTIONS & set(options)
        if written:
            raise InputError(
                f"cell {place.number}: {', '.join(sorted(written))}: "
                "the helper writes this, not the notebook's author",
                self.source,
            )
        if exhibit.kind == "download":
            self.exhibits[exhibit.label] = exhibit
            self.cells[exhibit.label] = place
            return [self._cell("markdown", self._download(exhibit))]
        if self.plain:
            raise InputError(
                f"cell {place.number}: {exhibit.label}: a figure or table belongs in a notebook",
                self.source,
            )
        label = f"{exhibit.label}-{self.suffix}" if self.suffix else exhibit.label
        self.exhibits[label] = exhibit
        self.cells[label] = place
        options = {"label": label, **options}
        options.setdefault("echo", False)
        if exhibit.kind == "table":
            options["tbl-cap"] = as_attribute(f"{escaped(exhibit.texts['caption'])}.")
            output = {"text/html": exhibit.markup, "text/plain": exhibit.texts["caption"]}
            name = "table"
        else:
            output = self._figure(label, exhibit, options)
            name = "figure"
        shown = [{"output_type": "display_data", "data": output, "metadata": {}}]
        return [
            self._code(options, code, shown),
            self._cell("markdown", self._notes(label, exhibit, name)),
        ]

    def _figure(self, label: str, exhibit: Exhibit, options: dict[str, Any]) -> dict[str, str]:
        texts = exhibit.texts
        options["fig-cap"] = f"**{escaped(texts['finding'])}.** {escaped(texts['subtitle'])}."
        options["fig-alt"] = texts["alternative"]
        if exhibit.chart is None:
            raise InputError(f"{label}: the figure carries no chart", self.source)
        image = self.image_of(label)
        output = {
            "text/html": charts.chart_markup(
                label, exhibit.chart, texts["alternative"], self.up, has_image=image is not None
            ),
            "text/plain": texts["alternative"],
        }
        if image is not None:
            output["image/svg+xml"] = image
        return output

    def _notes(self, label: str, exhibit: Exhibit, name: str) -> str:
        """Write what stands below an exhibit: source, download, and the data of a figure."""
        texts = exhibit.texts
        shown = texts["finding" if name == "figure" else "caption"]
        offer = self._link(label, texts["csv"], f"Download the data for this {name}", shown)
        parts = [
            "::: {.nwl-notes}",
            f"Source: {escaped(texts['source'])}. {offer}",
            ":::",
        ]
        if exhibit.kind == "figure":
            region = (
                f'<div class="table-scroll" tabindex="0" role="region" '
                f'aria-label="{attribute("Data of the figure: " + exhibit.texts["finding"])}">'
                f"{exhibit.texts['table']}</div>"
            )
            parts += [
                "",
                '::: {.content-visible when-format="html:js"}',
                '::: {.callout-note collapse="true" title="Data behind this figure"}',
                fenced_html(region),
                ":::",
                ":::",
            ]
        return "\n".join(parts)

    def _download(self, exhibit: Exhibit) -> str:
        text = f"Download {exhibit.texts['title']}"
        return "\n".join(
            (
                "::: {.nwl-notes}",
                f"{self._link(exhibit.label, exhibit.texts['csv'], text)}. "
                f"Source: {escaped(exhibit.texts['source'])}.",
                ":::",
            )
        )

    def _link(self, name: str, content: str, text: str, shown: str = "") -> str:
        size = file_size(content)
        link = f"[{escaped(text)} ({size})]({self.up}data/{name}.csv)"
        # In a list of a page's links "this figure" would say nothing.
        named = plain_attribute(f"{text} ({size}): {shown}")
        return f'{link}{{aria-label="{named}"}}' if shown else link

    def _options(self, text: str, number: int) -> tuple[dict[str, Any], str]:
        """Split a code cell into its options and its code."""
        lines = text.split("\n")
        count = 0
        while count < len(lines) and lines[count].startswith("#|"):
            count += 1
        try:
            options = yaml.safe_load("\n".join(line[2:].strip() for line in lines[:count])) or {}
        except yaml.YAMLError as error:
            raise InputError(f"cell {number}: cell options are not YAML", self.source) from error
        if not isinstance(options, dict):
            raise InputError(
                f"cell {number}: expected cell options of the form '#| name: value'", self.source
            )
        return options, "\n".join(lines[count:]).strip("\n")

    def _code(
        self, options: Mapping[str, Any], code: str, outputs: list[dict[str, Any]]
    ) -> dict[str, Any]:
        head = "\n".join(f"#| {name}: {_option(value)}" for name, value in options.items())
        made = self._cell("code", f"{head}\n{code}")
        return made | {"execution_count": None, "outputs": outputs}

    def _cell(self, kind: str, text: str) -> dict[str, Any]:
        self.made += 1
        return {"cell_type": kind, "id": f"cell-{self.made}", "metadata": {}, "source": text}


def _option(value: Any) -> str:
    """Write the value of a cell option as YAML on one line."""
    if isinstance(value, str):
        return value if value == "asis" else quoted(value)
    return json.dumps(value)
