"""What real Quarto makes of the staged project, and that it can.

Where the command is absent, the project is held against what Quarto documents, and its pieces
are read as Quarto hands them to pandoc.
"""

import json
import posixpath
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from builder_books import ROOT, download, executed, figure, printed, shown, table
from lxml import etree, html
from tiny_project import code, prose

from nwlbook.book import read_book
from nwlbook.embedded import pandoc
from nwlbook.embedded.render import render
from nwlbook.embedded.tree import text
from nwlbook.engines import makes_typst_books
from nwlbook.execute import RunResult
from nwlbook.parameters import read_domains, validated
from nwlbook.plan import plan_edition
from nwlbook.stage import stage_edition
from nwlbook.theme import asset_files

pytest_plugins = ["builder_fixtures"]

# Keys of the staged `_quarto.yml`, each with where Quarto's schema of 1.5 and later has it.
DOCUMENTED = {
    "project.type": "project",
    "project.output-dir": "project",
    "project.resources": "project",
    "lang": "document-language",
    "number-sections": "document-numbering",
    "execute.enabled": "document-execute: notebooks are taken as they were run",
    "execute.echo": "cell-codeoutput",
    "book.title": "base-website",
    "book.subtitle": "book-schema",
    "book.author": "book-schema",
    "book.date": "book-schema",
    "book.description": "base-website",
    "book.output-file": "book-schema",
    "book.downloads": "book-schema",
    "book.chapters": "book-schema",
    "book.appendices": "book-schema",
    "format.html.toc": "document-toc",
    "format.html.toc-depth": "document-toc",
    "format.html.theme.light": "document-layout",
    "format.html.theme.dark": "document-layout",
    "format.html.include-in-header": "document-includes",
    "format.typst.papersize": "document-layout",
    "format.docx.reference-doc": "document-options",
    "format.epub.css": "document-layout",
    "format.epub.identifier": "document-epub",
    **{
        f"format.{name}.{key}": place
        for name in ("html", "typst", "docx", "epub")
        for key, place in {
            "toc": "document-toc",
            "toc-depth": "document-toc",
            "fig-cap-location": "cell-pagelayout",
            "tbl-cap-location": "cell-pagelayout",
        }.items()
    },
}
# Options of a cell that Quarto's Jupyter engine acts on itself.
CELL_OPTIONS = {"label", "echo", "output", "fig-cap", "fig-alt", "tbl-cap"}
# Lines that Quarto adds to the ignore file of a project where they are missing.
LINES_IGNORED = ("/.quarto/", "**/*.quarto_ipynb")
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
HOSTILE = "The trusts' own \"beds\" at St John's: 2*3 [x](y) 5% @fig-x $1 A&amp;E {x} a_b \\'"
BEDS = table("tbl-beds", caption=HOSTILE)
BEDS["data"]["text/html"] = (
    '<table class="nwl-table">\n<thead><tr><th scope="col">Area</th></tr></thead>\n'
    '<tbody><tr><th scope="row">Brent</th></tr></tbody>\n</table>'
)
CELLS: dict[str, list[dict[str, Any]]] = {
    "index": [
        prose("# Welcome {.unnumbered}\n\nThe beds are in @sec-beds and in @fig-beds."),
        prose("::: {.grid}\n::: {.g-col-12 .headline-figure}\n100\n\nbeds\n:::\n:::"),
    ],
    "beds": [
        prose("# Beds {#sec-beds}\n\n## All of them"),
        prose('::: {.callout-tip title="What this chapter finds"}\n- Brent has most.\n:::'),
        shown(code("show()"), figure("fig-beds")),
        shown(code("show()"), BEDS),
        shown(code("#| output: asis\nprint()"), printed("One\n\n- two [of](#sec-beds)\n\nlast")),
        shown(code("offer()"), download("all-beds")),
        prose("::: {.panel-tabset}\n## First\n\nOne\n\n## Second\n\nTwo\n:::"),
    ],
    "methods": [
        prose("# Methods {#sec-methods}\n\n[A&E]{#term-ae}\n:   Emergency care, as in @tbl-beds.")
    ],
}


def configured(root: Path) -> None:
    """Give a small project the book's own configuration, with its own chapters."""
    configuration = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    configuration["book"]["chapters"] = [
        "index.qmd",
        {"part": "Beds", "chapters": ["notebooks/beds.ipynb"]},
    ]
    configuration["book"]["appendices"] = ["notebooks/methods.ipynb"]
    (root / "_quarto.yml").write_text(yaml.safe_dump(configuration, sort_keys=False))
    (root / "notebooks" / "profile.ipynb").rename(root / "notebooks" / "methods.ipynb")
    methods = json.loads((root / "notebooks" / "methods.ipynb").read_text())
    del methods["metadata"]["nwlbook"]
    (root / "notebooks" / "methods.ipynb").write_text(json.dumps(methods))


@pytest.fixture
def staged(book: Path, tmp_path: Path) -> Path:
    """The staged project of a small book that has each construct of the real one."""
    configured(book)
    domains = read_domains()
    read = read_book(book)
    edition = plan_edition(read, validated({"borough": "nwl"}, domains), domains)
    results = {}
    for chapter in edition.chapters:
        file = tmp_path / f"{chapter.entry.stem}.ipynb"
        notebook = executed(*CELLS[chapter.entry.stem])
        notebook["metadata"]["kernelspec"] = KERNEL
        file.write_text(json.dumps(notebook))
        results[chapter.run.id] = RunResult(chapter.run, "key", 1.0, False, file, {}, ())
    images = {}
    for name in ("fig-beds", "fig-beds-narrow"):
        images[name] = tmp_path / f"{name}.svg"
        images[name].write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="300" '
            'viewBox="0 0 760 300"><rect width="760" height="300" fill="#12436d"/></svg>'
        )
    folder = tmp_path / "staged"
    stage_edition(read, edition, results, images, asset_files(ROOT), folder)
    return folder


def keys_of(configuration: dict[str, Any], above: str = "") -> set[str]:
    found = set()
    for key, value in configuration.items():
        found |= keys_of(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}"}
    return found


def configuration_of(project: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((project / "_quarto.yml").read_text("utf-8"))
    return read


def code_cells(project: Path) -> list[dict[str, Any]]:
    return [
        cell
        for file in sorted(project.rglob("*.ipynb"))
        for cell in nbformat.read(file, as_version=4).cells
        if cell["cell_type"] == "code"
    ]


def options_of(cell: dict[str, Any]) -> dict[str, Any]:
    lines = [line[2:].strip() for line in cell["source"].splitlines() if line.startswith("#|")]
    return yaml.safe_load("\n".join(lines)) or {}


def test_configuration_uses_documented_keys_alone(staged: Path) -> None:
    assert keys_of(configuration_of(staged)) <= set(DOCUMENTED)


def test_files_that_the_configuration_names_are_there(staged: Path) -> None:
    configuration = configuration_of(staged)
    pages = configuration["format"]["html"]
    theme = [name for names in pages["theme"].values() for name in names if "/" in name]
    named = [
        *theme,
        pages["include-in-header"],
        configuration["format"]["docx"]["reference-doc"],
        configuration["format"]["epub"]["css"],
    ]
    assert len(theme) == 3
    assert [name for name in named if not (staged / name).is_file()] == []
    for pattern in configuration["project"]["resources"]:
        assert any(staged.glob(pattern)), pattern


def test_cells_use_documented_options_alone(staged: Path) -> None:
    found = {name for cell in code_cells(staged) for name in options_of(cell)}
    assert found == CELL_OPTIONS


def test_texts_of_notebooks_are_lists_of_lines(staged: Path) -> None:
    """Quarto joins the lines of an output without asking whether they are lines."""
    texts: list[Any] = []
    for file in staged.rglob("*.ipynb"):
        for cell in json.loads(file.read_text("utf-8"))["cells"]:
            texts.append(cell["source"])
            for output in cell.get("outputs", []):
                texts += [output["text"]] if "text" in output else output["data"].values()
    assert len(texts) > 10
    assert all(isinstance(text, list) for text in texts)
    assert all(line.endswith("\n") for text in texts for line in text[:-1])


def test_notebooks_are_valid_and_say_their_language(staged: Path) -> None:
    for file in staged.rglob("*.ipynb"):
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.language == "python"


@pytest.mark.parametrize("page", ["index.html", "notebooks/beds.html"])
def test_addresses_of_the_head_hold_at_both_depths(staged: Path, page: str) -> None:
    """Quarto puts the way to the root before addresses that begin with a stroke, and no other."""
    elements = html.fragments_fromstring((staged / "assets" / "head.html").read_text("utf-8"))
    addresses = [
        each.get("href") or each.get("src") for each in elements if each.tag != etree.Comment
    ]
    assert len(addresses) > 5
    folder = posixpath.dirname(page)
    for address in addresses:
        assert address.startswith("/assets/")
        rewritten = (".." if folder else ".") + address
        assert (staged / posixpath.normpath(posixpath.join(folder, rewritten))).is_file(), address


def text_of(file: Path) -> str:
    """Return the Markdown and the HTML of a chapter."""
    if file.suffix == ".qmd":
        return file.read_text("utf-8")
    cells = nbformat.read(file, as_version=4).cells
    shown_html = [
        output["data"]["text/html"]
        for cell in cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    return "\n".join([cell["source"] for cell in cells if "outputs" not in cell] + shown_html)


def test_links_and_images_of_the_staged_text_lead_to_files(staged: Path) -> None:
    checked = 0
    for file in (*staged.rglob("*.ipynb"), *staged.rglob("*.qmd")):
        written = text_of(file)
        found = re.findall(r"(?<!\\)\]\((?!\w+:|#)([^)#]+)", written)
        found += re.findall(r'(?:src|srcset)="([^"]+)"', written)
        for address in found:
            assert (file.parent / address).is_file(), f"{file.name}: {address}"
            checked += 1
    assert checked > 4


def markdown_of(cell: dict[str, Any]) -> str:
    """Return what Quarto's Jupyter engine writes for a figure or table in PDF and Word."""
    options = options_of(cell)
    data = cell["outputs"][0]["data"]
    if "image/svg+xml" in data:
        alternative = options["fig-alt"].replace("'", "\\'")
        return f"![{options['fig-cap']}](x.svg){{#{options['label']} fig-alt='{alternative}' }}\n"
    caption = options["tbl-cap"].replace("'", "\\'")
    return (
        f"::: {{#{options['label']} .cell tbl-cap='{caption}'}}\n\n"
        "::: {.cell-output .cell-output-display}\n"
        f"```{{=html}}\n{data['text/html']}\n```\n:::\n:::\n"
    )


def as_tree(markdown: str) -> list[Any]:
    output, warnings = pandoc.run(["-f", "markdown", "-t", "json"], markdown)
    assert warnings == ""
    blocks: list[Any] = json.loads(output)["blocks"]
    return blocks


def test_captions_and_alternatives_survive_the_attributes_that_quarto_writes(staged: Path) -> None:
    by_label = {options_of(cell).get("label"): cell for cell in code_cells(staged)}
    (division,) = as_tree(markdown_of(by_label["tbl-beds"]))
    (identifier, classes, pairs), content = division["c"]
    assert (identifier, classes) == ("tbl-beds", ["cell"])
    # Quarto reads the attribute as Markdown once more
    (caption,) = as_tree(dict(pairs)["tbl-cap"])
    assert {each["t"] for each in caption["c"]} == {"Str", "Space"}
    assert text(caption["c"]) == f"{HOSTILE}."
    assert [block["t"] for block in content] == ["Div"]
    (shown_figure,) = as_tree(markdown_of(by_label["fig-beds"]))
    image = shown_figure["c"][2][0]["c"][0]
    assert image["t"] == "Image"
    assert shown_figure["c"][0][0] == "fig-beds"
    assert dict(image["c"][0][2])["fig-alt"].startswith("Two bars: Brent")
    assert image["c"][1][0]["t"] == "Strong"


def test_what_only_a_browser_can_use_is_for_pages_with_script(staged: Path, tmp_path: Path) -> None:
    """Quarto counts an EPUB as HTML, and `html:js` as HTML that runs scripts."""
    cells = nbformat.read(staged / "notebooks" / "beds.ipynb", as_version=4).cells
    (notes,) = [cell["source"] for cell in cells if "Data behind" in cell["source"]]
    assert '::: {.content-visible when-format="html:js"}' in notes
    render(staged, tmp_path / "own", ["html", "epub"])
    assert "Data behind this figure" in (tmp_path / "own/notebooks/beds.html").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "own/nwl-report.epub") as archive:
        pages = [archive.read(name) for name in archive.namelist() if name.endswith("xhtml")]
    assert pages
    assert not any(b"Data behind" in page for page in pages)


def test_quarto_finds_nothing_to_add_to_the_ignore_file() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert [line for line in LINES_IGNORED if line not in ignored] == []


def test_styles_are_layers_as_quarto_reads_them(staged: Path) -> None:
    for name in ("theme.scss", "theme-dark.scss"):
        text = (staged / "assets" / name).read_text("utf-8")
        marks = re.findall(r"^/\*-- scss:(\w+) --\*/$", text, re.MULTILINE)
        assert marks == ["defaults", "rules"]
        defaults = text.split("/*-- scss:rules --*/")[0]
        for line in defaults.splitlines()[1:]:
            assert not line or re.fullmatch(r"\$[\w-]+: .+ !default;", line), line


def rendered(project: Path, name: str) -> Path:
    """Render with the command and return the folder of what it made."""
    done = subprocess.run(
        ["quarto", "render", str(project), "--to", name],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = [line for line in done.stderr.splitlines() if "WARN" in line]
    if name == "docx" and not shutil.which("rsvg-convert"):
        said = [line for line in said if "rsvg-convert" not in line]
    assert said == []
    return project / "_book"


def captions(shown_text: str) -> list[str]:
    """Return what is captioned, in order, whatever stands between the name and the number."""
    plain = re.sub(r"\s+", " ", shown_text.replace("\u00a0", " "))
    return re.findall(r"(?:Figure|Table) \d+\.\d+(?=: )", plain)


@pytest.mark.skipif(shutil.which("quarto") is None, reason="the quarto command is not installed")
@pytest.mark.parametrize("name", ["html", "typst", "docx", "epub"])
def test_quarto_renders_the_staged_book(staged: Path, tmp_path: Path, name: str) -> None:
    version = subprocess.run(["quarto", "--version"], capture_output=True, text=True, check=True)
    if name == "typst" and not makes_typst_books(version.stdout):
        pytest.skip(f"Quarto {version.stdout.strip()} makes no PDF of a book")
    made = rendered(staged, name)
    if name == "typst":
        assert (made / "nwl-report.pdf").read_bytes().startswith(b"%PDF-")
        return
    if name == "html":
        page = html.fromstring((made / "notebooks" / "beds.html").read_text("utf-8"))
        shown_text = page.text_content()
        assert page.get_element_by_id("fig-beds").xpath(".//*[contains(@class, 'nwl-chart')]")
        assert page.xpath("//script[contains(@src, '../assets/charts.js')]")
        assert (made / "figures" / "fig-beds.svg").is_file()
        assert (made / "data" / "fig-beds.csv").is_file()
    else:
        with zipfile.ZipFile(made / f"nwl-report.{name}") as archive:
            inner = "word/document.xml" if name == "docx" else "ch002"
            (part,) = [each for each in archive.namelist() if inner in each]
            shown_text = "".join(etree.fromstring(archive.read(part)).itertext())
    own = tmp_path / "own"
    render(staged, own, ["html"])
    ours = html.fromstring((own / "notebooks" / "beds.html").read_text("utf-8")).text_content()
    assert captions(shown_text) == captions(ours) == ["Figure 1.1", "Table 1.1"]
    assert "Brent has most beds" in shown_text
