"""The staged project: a whole, plain Quarto book."""

import html
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from builder_books import contents, download, edit, executed, figure, shown, table
from tiny_project import code, prose

from nwlbook.book import read_book
from nwlbook.errors import InputError
from nwlbook.execute import RunResult
from nwlbook.parameters import read_domains, validated
from nwlbook.plan import Edition, document_name, plan_edition
from nwlbook.stage import highlighted, stage_edition, staged_configuration

pytest_plugins = ["builder_fixtures"]

CELLS: dict[str, list[dict[str, Any]]] = {
    "index": [prose("# Welcome")],
    "beds": [
        prose("# Beds {#sec-beds}"),
        shown(code("show()"), figure("fig-beds")),
        shown(code("offer()"), download("all-beds")),
    ],
    "profile": [prose("# `{python} place` {#sec-profile}"), shown(code("show()"), table("tbl-x"))],
}


def plan(root: Path, borough: str = "nwl") -> Edition:
    domains = read_domains()
    return plan_edition(read_book(root), validated({"borough": borough}, domains), domains)


def results(root: Path, edition: Edition, **cells: list[dict[str, Any]]) -> dict[str, RunResult]:
    found = {}
    for chapter in edition.chapters:
        file = root / "runs" / f"{chapter.run.id}.ipynb"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(executed(*(CELLS | cells)[chapter.entry.stem])))
        expressions = {"place": str(chapter.run.parameters.get("borough"))}
        found[chapter.run.id] = RunResult(chapter.run, "key", 1.0, False, file, expressions, ())
    return found


def stage(root: Path, folder: Path, borough: str = "nwl", **cells: list[dict[str, Any]]) -> Path:
    edition = plan(root, borough)
    images = {}
    for name in ("fig-beds", "fig-beds-narrow", "fig-of-another-edition"):
        images[name] = root / f"{name}.svg"
        images[name].write_text(f"<svg>{name}</svg>")
    (root / "head.html").write_text("<link>")
    stage_edition(
        read_book(root),
        edition,
        results(root, edition, **cells),
        images,
        {"assets/deep/head.html": root / "head.html"},
        folder,
    )
    return folder


def test_staged_project_holds_all_that_quarto_needs(book: Path, tmp_path: Path) -> None:
    folder = stage(book, tmp_path / "staged")
    assert set(contents(folder)) == {
        "_quarto.yml",
        "reference.docx",
        "figures.json",
        "index.qmd",
        "changes.qmd",
        "data.qmd",
        "notebooks/beds.ipynb",
        "notebooks/profile-brent.ipynb",
        "notebooks/profile-ealing.ipynb",
        "data/fig-beds.csv",
        "data/all-beds.csv",
        "data/tbl-x-brent.csv",
        "data/tbl-x-ealing.csv",
        "figures/fig-beds.svg",
        "figures/fig-beds-narrow.svg",
        "assets/deep/head.html",
        "assets/edition.js",
    }
    assert (folder / "data" / "fig-beds.csv").read_text() == "area,beds\nbrent,100\n"
    notebook = json.loads((folder / "notebooks" / "beds.ipynb").read_text())
    assert notebook["cells"][1]["outputs"][0]["data"]["image/svg+xml"] == ["<svg>fig-beds</svg>"]
    profile = json.loads((folder / "notebooks" / "profile-ealing.ipynb").read_text())
    assert profile["cells"][0]["source"] == ["# ealing {#sec-profile-ealing}"]


def test_same_runs_are_staged_to_the_same_bytes(book: Path, tmp_path: Path) -> None:
    first = contents(stage(book, tmp_path / "first"))
    assert contents(stage(book, tmp_path / "second")) == first


def test_configuration_names_every_chapter_in_its_part(book: Path) -> None:
    (book / "notebooks" / "terms.qmd").write_text("```{python}\n#| tags: [parameters]\n```\n")
    edit(book / "_quarto.yml", "\nnumber-", "  appendices:\n    - notebooks/terms.qmd\n\nnumber-")
    before = (book / "_quarto.yml").read_text()
    read = read_book(book)
    staged = yaml.safe_load(staged_configuration(read, plan(book), {}))
    assert staged["book"]["chapters"] == [
        "index.qmd",
        {"part": "Beds", "chapters": ["notebooks/beds.ipynb"]},
        {
            "part": "Boroughs",
            "chapters": ["notebooks/profile-brent.ipynb", "notebooks/profile-ealing.ipynb"],
        },
    ]
    assert staged["book"]["appendices"] == ["notebooks/terms.qmd", "changes.qmd", "data.qmd"]
    assert staged["execute"]["enabled"] is False
    assert staged["book"]["output-file"] == "beds"
    assert staged["format"]["html"]["include-in-header"] == "assets/head.html"
    # What the author wrote is left as it was, on disk and in memory.
    assert (book / "_quarto.yml").read_text() == before
    assert read.configuration == yaml.safe_load(before)


def test_book_without_appendices_has_only_the_generated_ones(book: Path) -> None:
    staged = yaml.safe_load(staged_configuration(read_book(book), plan(book), {}))
    assert staged["book"]["appendices"] == ["changes.qmd", "data.qmd"]


def test_edition_of_a_borough_says_so(book: Path) -> None:
    read, edition = read_book(book), plan(book, "brent")
    staged = yaml.safe_load(staged_configuration(read, edition, {}))
    assert staged["book"]["title"] == "Beds: Brent"
    assert staged["book"]["output-file"] == document_name(read, edition) == "beds-brent"
    assert document_name(read, plan(book)) == "beds"


def test_changed_parameters_stand_on_the_front_page(book: Path) -> None:
    """Two printed books of different assumptions can be told apart."""

    def subtitle(**given: str) -> str | None:
        domains = read_domains()
        edition = plan_edition(read_book(book), validated(given, domains), domains)
        staged = yaml.safe_load(staged_configuration(read_book(book), edition, {}))
        found: str | None = staged["book"].get("subtitle")
        return found

    assert subtitle() is None
    assert subtitle(borough="brent") is None
    assert subtitle(scenario="worst", saving_correlation="0.25") == (
        "(scenario worst, saving correlation 0.25)"
    )
    edit(book / "_quarto.yml", 'title: "Beds"', 'title: "Beds"\n  subtitle: "A count"')
    assert subtitle(borough="brent") == "A count"
    assert subtitle(borough="brent", scenario="best") == "A count (scenario best)"


HERE = '<tr class="nwl-here">'


def row(name: str) -> str:
    return f'<tr><th scope="row">{name}</th><td>1</td></tr>'


def test_own_row_is_marked_in_a_boroughs_edition(book: Path, tmp_path: Path) -> None:
    output = table("tbl-all")
    output["data"]["text/html"] = (
        f"<table>{row('Brent')}{row('Ealing')}{row('Brent Cross')}</table>"
    )
    cells = [prose("# Beds {#sec-beds}"), shown(code("show()"), output)]

    def staged(borough: str) -> str:
        folder = stage(book, tmp_path / borough, borough, beds=cells)
        notebook = json.loads((folder / "notebooks" / "beds.ipynb").read_text())
        found: list[str] = notebook["cells"][1]["outputs"][0]["data"]["text/html"]
        return "".join(found)

    sector, own = staged("nwl"), staged("ealing")
    assert row("Ealing") in sector
    assert "nwl-here" not in sector
    assert own == sector.replace(row("Ealing"), row("Ealing").replace("<tr>", HERE))


@pytest.mark.parametrize("name", ["Brent", "Kensington & Chelsea", 'The "City"', "Ča <b>", "A\\B"])
def test_rows_are_marked_in_the_text_of_a_notebook_whatever_the_name(name: str) -> None:
    other = row("Another place")
    content = row(html.escape(name)) + other + f"<p>{html.escape(name)}</p>"
    text = json.dumps({"html": content}, ensure_ascii=False)
    marked = json.loads(highlighted(text, name))["html"]
    assert marked == json.loads(text)["html"].replace("<tr>", HERE, 1)


def test_name_within_a_longer_name_is_not_marked() -> None:
    text = json.dumps({"html": row("Brent Cross") + row("North Brent") + "<tr><td>Brent</td></tr>"})
    assert highlighted(text, "Brent") == text


def test_label_of_another_chapter_is_refused(book: Path, tmp_path: Path) -> None:
    cells = [shown(code("show()"), download("all-beds"))]
    with pytest.raises(InputError) as caught:
        stage(book, tmp_path / "staged", profile=cells)
    assert str(caught.value) == (
        "notebooks/profile.ipynb: label 'all-beds' stands here and in notebooks/beds.ipynb"
    )
