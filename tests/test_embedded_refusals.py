"""What the engine does not support is an error that points, never dropped without a word."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from nwlbook.embedded.render import render
from nwlbook.errors import BuildError, InputError

CONFIGURATION = """\
project:
  type: book
book:
  title: A book
  author: An author
  date: "2026-11-22"
  output-file: book
  chapters:
    - index.qmd
    - notebooks/one.ipynb
"""
INDEX = "---\ntitle: Welcome\n---\n\n"
KEY_ERROR = {"output_type": "error", "ename": "KeyError", "evalue": "'a'", "traceback": []}
FIGURE = {"text/html": "<p>chart</p>", "image/svg+xml": "<svg/>", "text/plain": "A chart."}


def code(source: str, *outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code", "execution_count": None, "metadata": metadata, "source": source,
        "outputs": list(outputs),
    }  # fmt: skip


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def display(**data: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


TITLE = markdown("---\ntitle: One\n---\n")


class Project:
    """A small staged project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.output = folder / "site"
        (self.folder / "notebooks").mkdir(parents=True)
        self.output.mkdir()
        self.write("_quarto.yml", CONFIGURATION)
        self.write("index.qmd", INDEX)
        self.cells(TITLE)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def cells(self, *cells: dict[str, Any]) -> None:
        notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        self.write("notebooks/one.ipynb", json.dumps(notebook))

    def refused(self, *formats: str) -> InputError:
        with pytest.raises(InputError) as caught:
            render(self.folder, self.output, formats or ("html",))
        return caught.value

    def page(self, name: str = "index.html") -> str:
        shutil.rmtree(self.output)
        self.output.mkdir()
        render(self.folder, self.output, ["html"])
        return (self.output / name).read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("  type: book\n", "  type: website\n", 2, "project.type"),
        ("book:\n", "foo: 1\nbook:\n", 3, "'foo'"),
        ("  title: A book\n", "  title: A book\n  favicon: x.png\n", 5, "book.favicon"),
        (
            "project:\n",
            "format:\n  html:\n    self-contained: true\nproject:\n",
            3,
            "self-contained",
        ),
        ("project:\n", "format:\n  typst:\n    papersize: us-letter\nproject:\n", 3, "papersize"),
        ("project:\n", "format: {revealjs: default}\nproject:\n", 1, "format.revealjs"),
        ("project:\n", "execute:\n  enabled: true\nproject:\n", 2, "execute.enabled"),
        ("project:\n", "number-sections: false\nproject:\n", 1, "number-sections"),
        ("project:\n", "format:\n  html:\n    toc-depth: true\nproject:\n", 3, "whole number"),
        ('  date: "2026-11-22"\n', "  date: today\n", 6, "fixed date"),
        ("notebooks/one.ipynb", "notebooks/two.ipynb", 10, "does not exist"),
        ("notebooks/one.ipynb", "index.qmd", 10, "twice"),
    ],
)
def test_configuration(project: Project, before: str, after: str, line: int, said: str) -> None:
    project.write("_quarto.yml", CONFIGURATION.replace(before, after, 1))
    error = project.refused()
    assert (error.file, error.line) == ("_quarto.yml", line)
    assert said in str(error)


def test_configuration_keys_without_effect_are_accepted(project: Project) -> None:
    extra = "format:\n  html: {theme: cosmo, anchor-sections: true}\n  docx: default\n"
    project.write("_quarto.yml", CONFIGURATION + extra)
    assert "Welcome" in project.page()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{< video film.mp4 >}}", "shortcode 'video'"),
        ("Text {{< include x.md >}} text", "shortcode 'include' inside a paragraph"),
        ("Text {{< pagebreak >}} text", "shortcode 'pagebreak' inside a paragraph"),
        ("::: {.callout-danger}\nx\n:::", "unknown callout 'callout-danger'"),
        ("::: {.layout-grid}\nx\n:::", "divisions of the class 'layout-grid'"),
        ("::: aside\nx\n:::", "divisions of the class 'aside'"),
        ("::: {#fig-x layout-ncol=2}\n![A](a.svg)\n\nCaption\n:::", "attribute 'layout-ncol'"),
        ("::: {.callout-note open=true}\nx\n:::", "attribute 'open'"),
        ("::: {.callout-note collapse=maybe}\nx\n:::", "'collapse' must be"),
        ("::: {.content-visible when-format=latex}\nx\n:::", "unknown format 'latex'"),
        ("::: {.content-visible}\nx\n:::", "needs 'when-format'"),
        ("::: {.panel-tabset}\nno heading\n:::", "must begin with a heading"),
        ("::: {.callout-note}\nnever closed", "not closed"),
        ("See @fig-none.", "'fig-none', which no chapter has"),
        ("See [@tbl-a; @key2020].", "must not share brackets"),
        ("See [@key2020].", "there is no bibliography"),
        ("A [link](notebooks/two.ipynb).", "no chapter of the book"),
        ("A [link](notebooks/one.ipynb#sec-none).", "there is no 'sec-none'"),
        ("A [link](#nowhere).", "there is no 'nowhere'"),
        ("[a]{#x}\n\n[b]{#x}", "address 'x' is used twice"),
        ("A note[^x].", "footnote [^x] is not defined"),
        ("{{< include none.md >}}", "does not exist"),
        ("{{< include ../../x.md >}}", "outside the project"),
        ("{{< include data.csv >}}", "expected a .qmd or .md file"),
        ("Left `{python} gbp(x)` over.", "left unevaluated"),
        ("```{python}\nx = 1\n```", "left unexecuted"),
        ("# Another title", "level 1"),
        ("![](none.svg)", "needs an alternative"),
        ("![A picture](none.svg)", "does not exist"),
        ("![A picture](https://example.org/a.png)", "nothing from other sites"),
        ("Text\n$$x$$ {#eq-a}", "paragraph of its own"),
        ("```{=html}\n<script>alert(1)</script>\n```", "inline script"),
        ("```{=html}\n<style>p {}</style>\n```", "style element"),
        ('```{=html}\n<img src="//example.org/a.png">\n```', "nothing from other sites"),
        ("$$\\frac{1$$", "cannot read the formula"),
    ],
)  # fmt: skip
def test_text(project: Project, text: str, said: str) -> None:
    project.write("index.qmd", f"{INDEX}First.\n\n{text}\n")
    error = project.refused()
    assert said in str(error)
    assert error.file == "index.qmd"
    if "formula" not in said:
        assert error.line in range(7, 11), error


@pytest.mark.parametrize(
    ("front_matter", "line", "said"),
    [
        ("title: A\nformat: html", 3, "'format'"),
        ("title: A\nexecute:\n  cache: true", 4, "execute.cache"),
        ("title: [A]", 2, "expected a text"),
        ("title: 'A", 3, "not YAML"),
        ("subtitle: B", 1, "no title"),
    ],
)
def test_front_matter(project: Project, front_matter: str, line: int, said: str) -> None:
    project.write("index.qmd", f"---\n{front_matter}\n---\n\nText.\n")
    error = project.refused()
    assert said in str(error)
    assert (error.file, error.line) == ("index.qmd", line)


@pytest.mark.parametrize(
    ("cell", "line", "said"),
    [
        (code("#| echo: false\n#| fig-width: 5\nx"), 2, "cell option 'fig-width'"),
        (code("#| echo: fenced\nx"), 1, "'echo: fenced'"),
        (code("#| output: 1\nx"), 1, "'output: 1'"),
        (code("#| echo: [\nx"), 1, "not YAML"),
        (code("#| just words\nx"), 1, "'key: value'"),
        (code("#| label: fig a\nx"), 1, "label 'fig a'"),
        (code("#| label: fig-a\nx", display(**FIGURE)), 1, "needs the option 'fig-cap'"),
        (code("#| fig-cap: A\nx", display(**FIGURE)), 1, "needs a label"),
        (code("#| label: fig-a\n#| fig-cap: A\nx", display(**FIGURE)), 1, "'fig-alt'"),
        (code("#| label: tbl-a\n#| tbl-cap: A\nx"), 1, "one output, but has 0"),
        (
            code("#| label: tbl-a\n#| tbl-cap: A\nx", display(**FIGURE), display(**FIGURE)),
            1,
            "one output, but has 2",
        ),
        (code("x", display(**{"image/png": "iVBO"})), 1, "an output holds image/png"),
        (code("x", display(**{"text/html": "<script>x</script>"})), 1, "inline script"),
        (code("x", KEY_ERROR), 1, "holds an error, KeyError: 'a'"),
        ({"cell_type": "raw", "metadata": {}, "source": "x"}, 1, "raw cells"),
        (markdown("Text.\n\nSee @tbl-none."), 3, "'tbl-none', which no chapter has"),
    ],
)  # fmt: skip
def test_cells(project: Project, cell: dict[str, Any], line: int, said: str) -> None:
    project.cells(TITLE, cell)
    error = project.refused()
    assert said in str(error)
    assert (error.file, error.line) == ("notebooks/one.ipynb", line)
    assert "cell 2" in str(error)


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "cannot read the notebook"), ("[]", "no list of cells"),
     ('{"cells": [], "nbformat": 3}', "format 3")],
)  # fmt: skip
def test_unreadable_notebook(project: Project, content: str, said: str) -> None:
    project.write("notebooks/one.ipynb", content)
    error = project.refused()
    assert said in str(error)
    assert error.file == "notebooks/one.ipynb"


def test_a_label_used_twice_names_both_places(project: Project) -> None:
    float_cell = code(
        "#| label: fig-a\n#| fig-cap: A\n#| fig-alt: A chart of a.\nx", display(**FIGURE)
    )
    project.cells(TITLE, float_cell, markdown("Text."), float_cell)
    error = project.refused()
    assert "label 'fig-a' is used twice" in str(error)
    assert "notebooks/one.ipynb, cell 2" in str(error)
    assert "cell 4" in str(error)


def test_a_section_label_of_another_chapter_used_again(project: Project) -> None:
    project.write("index.qmd", f"{INDEX}## A {{#sec-a}}\n")
    project.cells(TITLE, markdown("Text.\n\n## B {#sec-a}\n"))
    error = project.refused()
    assert (error.file, error.line) == ("notebooks/one.ipynb", 3)
    assert "first in index.qmd, line 5" in str(error)


def test_an_error_in_an_included_file_points_into_it(project: Project) -> None:
    project.write("index.qmd", f"{INDEX}{{{{< include part.md >}}}}\n")
    project.write("part.md", "One.\n\nTwo, see @fig-none.\n")
    error = project.refused()
    assert (error.file, error.line) == ("part.md", 3)


def test_a_file_that_includes_itself(project: Project) -> None:
    project.write("index.qmd", f"{INDEX}{{{{< include part.md >}}}}\n")
    project.write("part.md", "{{< include part.md >}}\n")
    assert "includes itself" in str(project.refused())


def test_markup_in_code_is_left_alone(project: Project) -> None:
    project.write(
        "index.qmd",
        f"{INDEX}Write `@fig-x` and `{{{{< video >}}}}`:\n\n"
        "````\n```{python}\n::: {.callout-danger}\n{{< include none.md >}}\n````\n",
    )
    page = project.page()
    assert "@fig-x" in page
    assert "{{&lt; include none.md &gt;}}" in page


def test_unknown_citation_key_is_found_in_the_text(project: Project) -> None:
    project.write("_quarto.yml", CONFIGURATION + "bibliography: a.bib\n")
    project.write("a.bib", "@book{known, title = {A}, author = {B, C}, year = 2009}\n")
    project.write("index.qmd", f"{INDEX}See @known.\n\nSee @unknown.\n")
    error = project.refused()
    assert (error.file, error.line) == ("index.qmd", 7)
    assert "a.bib" in str(error)


def test_missing_bibliography(project: Project) -> None:
    project.write("_quarto.yml", CONFIGURATION + "bibliography: a.bib\n")
    project.write("index.qmd", f"{INDEX}See @known.\n")
    assert "'a.bib' does not exist" in str(project.refused())


def test_unknown_format(project: Project) -> None:
    assert "'odt'" in str(project.refused("odt"))


def test_a_chart_without_a_static_image_is_named_in_print_and_warned_of(project: Project) -> None:
    chart = {"text/html": "<p>chart</p>", "text/plain": "A chart of what was spent."}
    options = "#| label: fig-a\n#| fig-cap: Spending\n#| fig-alt: A chart of what was spent.\nx"
    project.cells(TITLE, code(options, display(**chart)))
    report = render(project.folder, project.output, ["pdf"])
    assert any("'fig-a' has no static image" in warning for warning in report.warnings)


def test_raw_typst_that_does_not_compile_fails_the_build(project: Project) -> None:
    project.write("index.qmd", f"{INDEX}```{{=typst}}\n#nothing-of-the-kind\n```\n")
    with pytest.raises(BuildError, match="nothing-of-the-kind"):
        render(project.folder, project.output, ["pdf"])
