"""From an executed run to a chapter of plain Quarto."""

import json
from typing import Any

import nbformat
import pytest
import yaml
from builder_books import download, executed, figure, printed, shown, table
from lxml import html
from tiny_project import code, prose

from nwlbook.chapters import StagedChapter, numbered_cells, stage_chapter
from nwlbook.errors import InputError

SVG = "<svg/>"


def stage(*cells: dict[str, Any], **settings: Any) -> StagedChapter:
    expressions = settings.pop("expressions", {})
    given = {
        "source": "notebooks/a.ipynb",
        "target": "notebooks/a.ipynb",
        "suffix": "",
        "image_of": lambda label: SVG,
    }
    return stage_chapter(executed(*cells), expressions, **(given | settings))


def cells_of(chapter: StagedChapter) -> list[dict[str, Any]]:
    """Return the cells as a program that reads notebooks sees them, each text in one piece."""
    return [dict(cell) for cell in nbformat.reads(chapter.text, as_version=4).cells]


def options_of(cell: dict[str, Any]) -> dict[str, Any]:
    lines = [line for line in cell["source"].split("\n") if line.startswith("#| ")]
    return dict(yaml.safe_load("\n".join(line[3:] for line in lines)))


def refusal(*cells: dict[str, Any], **settings: Any) -> str:
    with pytest.raises(InputError) as caught:
        stage(*cells, **settings)
    return str(caught.value)


def test_figure_is_one_output_with_computed_options() -> None:
    cell, _ = cells_of(stage(shown(code("show_figure(chart)"), figure())))
    assert options_of(cell) == {
        "label": "fig-beds",
        "fig-cap": r"**Brent has most beds.** Beds by borough, 2009.",
        "fig-alt": "Two bars: Brent has a hundred beds and Ealing eighty.",
        "echo": False,
    }
    assert cell["source"].endswith("\nshow_figure(chart)")
    (output,) = cell["outputs"]
    assert set(output["data"]) == {"text/html", "image/svg+xml", "text/plain"}
    assert output["data"]["image/svg+xml"] == SVG
    assert output["metadata"] == {}
    assert 'id="chart-fig-beds"' in output["data"]["text/html"]


def test_figure_without_an_image_still_has_its_chart() -> None:
    cell, _ = cells_of(stage(shown(code("show()"), figure()), image_of=lambda label: None))
    assert set(cell["outputs"][0]["data"]) == {"text/html", "text/plain"}
    assert "<img" not in cell["outputs"][0]["data"]["text/html"]


def test_table_is_one_output_with_its_caption() -> None:
    cell, _ = cells_of(stage(shown(code("show()"), table(caption="Beds *and* more"))))
    assert options_of(cell) == {
        "label": "tbl-beds",
        "tbl-cap": r"Beds \\*and\\* more.",
        "echo": False,
    }
    assert cell["outputs"][0]["data"] == {
        "text/html": '<table class="nwl-table"></table>',
        "text/plain": "Beds *and* more",
    }


def test_notes_below_give_source_download_and_the_data_of_a_figure() -> None:
    _, notes = cells_of(stage(shown(code("show()"), figure(csv="a\n" * 1500))))
    assert "Source: Survey of beds, Table 1. " in notes["source"]
    link = "[Download the data for this figure \\(3 kB CSV\\)](../data/fig-beds.csv)"
    assert link.replace("\\(", "(").replace("\\)", ")") in notes["source"]
    assert 'title="Data behind this figure"' in notes["source"]
    markup = notes["source"].split("```{=html}\n")[1].split("\n```")[0]
    region = html.fromstring(markup)
    assert (region.get("tabindex"), region.get("role")) == ("0", "region")
    assert region.get("aria-label") == "Data of the figure: Brent has most beds"
    _, notes = cells_of(stage(shown(code("show()"), table())))
    assert "Data behind" not in notes["source"]
    assert "for this table (1 kB CSV)](../data/tbl-beds.csv)" in notes["source"]


def test_hostile_texts_stay_texts() -> None:
    finding = 'A "quote": {{< pagebreak >}} & <b>*bold*</b>'
    cell, notes = cells_of(stage(shown(code("show()"), figure(finding=finding, source="[x](y)"))))
    caption = options_of(cell)["fig-cap"].replace("\\", "")
    assert caption == f"**{finding}.** Beds by borough, 2009."
    assert r"Source: \[x\]\(y\)" in notes["source"]
    assert "<b>" not in notes["source"]


def test_download_becomes_a_link_and_shows_no_code() -> None:
    chapter = stage(shown(code("offer_download(beds)"), download("all-beds")))
    (cell,) = cells_of(chapter)
    assert cell["cell_type"] == "markdown"
    assert "[Download every bed (1 kB CSV)](../data/all-beds.csv)" in cell["source"]
    assert chapter.exhibits["all-beds"].texts["csv"] == "area,beds\nbrent,100\n"


def test_page_at_the_root_addresses_its_data_from_there() -> None:
    chapter = stage(shown(code("x"), download()), target="index.qmd", source="index.qmd")
    assert "](data/beds.csv)" in chapter.text


def test_repeated_chapter_gives_its_suffix_to_labels_and_references() -> None:
    asked: list[str] = []
    chapter = stage(
        prose("# Beds {#sec-beds}\n\n@fig-beds, @tbl-beds, @sec-beds, @fig-elsewhere"),
        shown(code("show()"), figure()),
        shown(code("show()"), table()),
        shown(code("#| output: asis\nprint(x)"), printed("As in @fig-beds.\n")),
        target="notebooks/a-brent.ipynb",
        suffix="brent",
        image_of=lambda label: asked.append(label) or SVG,  # type: ignore[func-returns-value]
    )
    assert list(chapter.exhibits) == ["fig-beds-brent", "tbl-beds-brent"]
    assert asked == ["fig-beds-brent"]
    cells = cells_of(chapter)
    assert cells[0]["source"] == (
        "# Beds {#sec-beds-brent}\n\n"
        "@fig-beds-brent, @tbl-beds-brent, @sec-beds-brent, @fig-elsewhere"
    )
    assert options_of(cells[1])["label"] == "fig-beds-brent"
    assert "../data/fig-beds-brent.csv" in cells[2]["source"]
    assert cells[-1]["outputs"][0]["text"] == "As in @fig-beds-brent.\n"


def test_numbers_in_prose_are_filled_in() -> None:
    (cell,) = cells_of(stage(prose("There are `{python} n` beds."), expressions={"n": "1,200"}))
    assert cell["source"] == "There are 1,200 beds."


def test_cells_of_parameters_are_left_out_and_the_others_keep_their_numbers() -> None:
    cells = [
        code("scenario = 'mid'", "parameters"),
        code("scenario = 'best'", "injected-parameters"),
        code("#| tags: [parameters]\nborough = 'nwl'"),
        prose("Text"),
    ]
    assert [number for number, _ in numbered_cells(cells)] == [3]
    (cell,) = cells_of(stage(*cells))
    assert cell["source"] == "Text"


def test_code_stays_out_of_sight_unless_a_cell_says_otherwise() -> None:
    quiet, loud = cells_of(stage(code("x = 1"), code("#| echo: true\nx = 2")))
    assert (options_of(quiet), options_of(loud)) == ({"echo": False}, {"echo": True})
    assert (quiet["outputs"], quiet["execution_count"]) == ([], None)


def test_printed_markdown_is_kept_and_what_went_to_stderr_is_not() -> None:
    (cell,) = cells_of(
        stage(shown(code("#| output: asis\nprint(x)"), printed("**x**\n"), printed("oh", "stderr")))
    )
    assert options_of(cell) == {"output": "asis", "echo": False}
    assert cell["outputs"] == [printed("**x**\n")]


def test_markdown_page_is_text_without_code() -> None:
    chapter = stage(
        {"cell_type": "raw", "metadata": {}, "source": "---\ntitle: Welcome\n---"},
        code("x = 1"),
        prose("There is `{python} x`."),
        shown(code("#| output: asis\nprint(x)"), printed("**x**\n")),
        target="index.qmd",
        expressions={"x": "1"},
    )
    assert chapter.text == "---\ntitle: Welcome\n---\n\nThere is 1.\n\n**x**\n"


def test_staged_notebook_has_only_what_quarto_needs() -> None:
    chapter = stage(code("x = 1"), prose("Text"))
    notebook = json.loads(chapter.text)
    assert notebook["metadata"] == {"kernelspec": {"name": "python3"}}
    assert [cell["id"] for cell in notebook["cells"]] == ["cell-1", "cell-2"]
    assert stage(code("x = 1"), prose("Text")).text == chapter.text


PARAMETERS = code("scenario = 'mid'", "parameters")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            [shown(code("#| fig-cap: Mine\nshow()"), figure())],
            "cell 2: fig-cap: the helper writes this",
        ),
        (
            [shown(code("#| label: tbl-mine\n#| tbl-cap: Mine\nshow()"), table())],
            "cell 2: label, tbl-cap: the helper writes this",
        ),
        (
            [shown(code("show()"), figure("fig-a"), figure("fig-b"))],
            "cell 2: shows fig-a and fig-b: one figure or table a cell",
        ),
        (
            [shown(code("beds"), {**figure(), "metadata": {}})],
            "cell 2: shows an output without caption, alternative and source",
        ),
        (
            [shown(code("a"), figure("fig-a")), shown(code("b"), figure("fig-a"))],
            "cell 3: label 'fig-a' stands twice",
        ),
        ([prose("# A {#sec-a}"), prose("# B {#sec-a}")], "cell 3: label 'sec-a' stands twice"),
        ([prose("# A {#sec-a}\n\n# B {#sec-a}")], "cell 2: label 'sec-a' stands twice"),
        ([shown(code("print(1)"), printed("1\n"))], "cell 2: prints text without 'output: asis'"),
        ([code("#| label: [\nx")], "cell 2: cell options are not YAML"),
        ([code("#| echo\nx")], "cell 2: expected cell options of the form '#| name: value'"),
    ],
)
def test_bad_cell_is_refused_with_its_number_in_the_source(
    cells: list[dict[str, Any]], message: str
) -> None:
    injected = code("scenario = 'best'", "injected-parameters")
    assert refusal(PARAMETERS, injected, *cells).startswith(f"notebooks/a.ipynb: {message}")


def test_figure_without_a_chart_is_refused() -> None:
    output = figure()
    del output["data"]["application/vnd.plotly.v1+json"]
    assert "fig-beds: the figure carries no chart" in refusal(shown(code("x"), output))


def test_figure_on_a_markdown_page_is_refused() -> None:
    message = refusal(shown(code("x"), figure()), target="index.qmd", source="index.qmd")
    assert message == "index.qmd: cell 1: fig-beds: a figure or table belongs in a notebook"
