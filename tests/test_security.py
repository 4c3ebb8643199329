"""What `docs/security.md` promises, as far as no other test shows it."""

import csv
import io
import json
import re
from http.client import HTTPConnection
from pathlib import Path, PurePosixPath

import pandas as pd
import pytest
import yaml
from builder_books import FILLER, ROOT, Command, code, edit, entered, make_book, prose
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from test_preview import free_port
from tiny_project import write_notebook

from helpers.csv_text import FORMULA, csv_text
from helpers.paths import make_private
from nwlbook.book import read_book
from nwlbook.embedded.policy import POLICY, blocked
from nwlbook.parameters import read_domains, validated
from nwlbook.plan import plan_edition
from nwlbook.preview.server import PreviewServer
from nwlbook.preview.state import State
from nwlbook.stage import staged_configuration

pytest_plugins = ["builder_fixtures"]

# Texts that would do something if anything on the way took them for more than texts.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[here](javascript:alert(1))",
    "![](https://example.org/a.png)",
    "__import__('pathlib').Path('reached').touch()",
    "`<b>x</b>`{=html}",
    '```{=typst} #read("/main.typ") ```',
    "@fig-none ::: {.hidden} $\\input{/etc/hostname}$",
    "=HYPERLINK(A1)",
)
CELLS = (
    code('scenario = "mid"', "parameters"),
    code(
        "from helpers import evidence\n"
        "from helpers.tables import Number, show_table\n\n"
        'notes = evidence.load("notes")\n'
        'everything = " ".join(notes["text"])\n'
        'places = [notes.head(1).assign(source_id="survey")]'
    ),
    prose(f"# Notes {{#sec-notes}}\n\nThey say `{{python}} everything` in @tbl-notes. {FILLER}"),
    code(
        'show_table(notes, label="tbl-notes", caption=everything, '
        'columns={"text": "Note", "number": Number("Number")}, sources=places)'
    ),
)
DESCRIBED = """\
- name: notes
  path: notes.csv
  encoding: utf-8
  schema:
    fields:
    - {name: text, type: string}
    - {name: number, type: integer}
    - {name: source_id, type: string}
    - {name: locator, type: string}
"""


def make_hostile_book(root: Path) -> Path:
    """Write a book whose evidence holds hostile texts and shows them everywhere."""
    make_book(root)
    with (root / "data" / "datapackage.yaml").open("a") as descriptor:
        descriptor.write(DESCRIBED)
    with (root / "data" / "notes.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "number", "source_id", "locator"])
        writer.writerows([text, -number, "survey", text] for number, text in enumerate(HOSTILE))
    write_notebook(root, "notes", *CELLS)
    edit(root / "_quarto.yml", "notebooks/beds.ipynb", "notebooks/notes.ipynb")
    boroughs = '    - part: "Boroughs"\n      chapters:\n        - notebooks/profile.ipynb\n'
    edit(root / "_quarto.yml", boroughs, "")
    edit(root / "index.qmd", "@sec-beds", "@sec-notes")
    return root


def test_hostile_evidence_is_text_wherever_it_is_shown(tmp_path: Path, command: Command) -> None:
    root = make_hostile_book(tmp_path / "book")
    with entered(root):
        outcome = command("build", "--to", "html")
    assert outcome.code == 0, outcome.error
    assert not list(root.rglob("reached"))
    site = root / "outputs" / "site"
    for page in site.rglob("*.html"):
        tree = html.fromstring(page.read_bytes())
        for element in tree.iter():
            assert not [name for name in element.attrib if name.startswith("on")]
            assert not str(element.get("href", "")).startswith(("javascript:", "data:"))
            assert not str(element.get("src", "")).startswith("http")
        for script in tree.iter("script"):
            assert script.get("src") or script.get("type") == "application/json"
    shown = html.fromstring((site / "notebooks" / "notes.html").read_bytes())
    cells = [cell.text_content() for cell in shown.xpath("//table//tbody//th")]
    assert set(HOSTILE) <= set(cells)
    rows = list(csv.DictReader(io.StringIO((site / "data" / "tbl-notes.csv").read_text("utf-8"))))
    assert [row["text"] for row in rows][-1] == "'=HYPERLINK(A1)"
    assert [row["number"] for row in rows] == [str(-number) for number in range(len(HOSTILE))]
    # What is kept for the next build, some of it as Python objects, is the builder's own.
    assert (root / "outputs" / "cache").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-HYPERLINK(1)", "\t=1", "\r=1", "-[x.xls]A1!B2"],
)
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(text: str) -> None:
    written = csv_text(pd.DataFrame({"note": [text, "plain"], "value": [-1.5, 2.0]}))
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert rows[1] == ["'" + text.replace("\r", "\n"), "-1.5"]
    assert rows[2] == ["plain", "2"]


@pytest.mark.parametrize("text", ["-5", "+44", "-£1.43m, £22.31m", "a=b", "2009/10", "", "- none"])
def test_text_that_a_spreadsheet_would_not_run_stays(text: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(pd.DataFrame({"a": [text], "b": [1]})))))
    assert rows[1] == [text, "1"]


FRAMES = st.lists(
    st.tuples(st.text("=@+-(|![\t\r ,\"'1ax\n", max_size=6), st.integers(-99, 99)),
    min_size=1,
    max_size=6,
)


@given(FRAMES)
def test_no_text_of_a_download_is_a_formula_and_no_number_is_touched(
    cells: list[tuple[str, int]],
) -> None:
    written = csv_text(pd.DataFrame(cells, columns=["text", "number"]))
    rows = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert [int(row[1]) for row in rows] == [number for _, number in cells]
    for row, (text, _) in zip(rows, cells, strict=True):
        assert not FORMULA.match(row[0])
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        assert row[0] in (plain, f"'{plain}")


@pytest.mark.parametrize(
    ("markup", "named"),
    [
        ('<meta http-equiv="refresh" content="0;url=https://example.org">', "'meta'"),
        ('<base href="https://example.org/">', "'base'"),
        ('<form action="https://example.org"><input name="a"></form>', "'form'"),
        ('<iframe srcdoc="x"></iframe>', "'iframe'"),
        ('<object data="x"></object>', "'object'"),
        ('<img alt="x" onerror="alert(1)" src="x.png">', "'onerror'"),
        ("<svg/onload=alert(1)>", "'onload'"),
        ('<p OnClick = "x()">a</p>', "'onclick'"),
    ],
)
def test_markup_that_acts_without_a_script_is_refused(markup: str, named: str) -> None:
    assert named in str(blocked(markup))


@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="switched on = 5 of 6, once = 1" src="a.png">',
        "<p>on = off, a form, once=1</p>",
        '<table class="nwl-table"><tr><td>&lt;form onclick=x&gt;</td></tr></table>',
        '<input type="range" aria-label="Discount rate">',
    ],
)
def test_markup_that_only_speaks_of_such_things_is_not(markup: str) -> None:
    assert blocked(markup) is None


def test_commands_of_the_configuration_never_reach_an_engine(book: Path) -> None:
    commands = "project:\n  type: book\n  pre-render: touch x\n  post-render: [touch y]\n"
    edit(book / "_quarto.yml", "project:\n  type: book\n", commands)
    read = read_book(book)
    domains = read_domains()
    edition = plan_edition(read, validated({"borough": "nwl"}, domains), domains)
    staged = yaml.safe_load(staged_configuration(read, edition, {}))
    assert set(staged["project"]) == {"type", "output-dir", "resources"}


def test_folder_that_others_could_enter_is_made_private(tmp_path: Path) -> None:
    folder = tmp_path / "outputs" / "cache"
    folder.mkdir(parents=True, mode=0o777)
    folder.chmod(0o777)
    make_private(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_preview_lets_no_other_site_load_or_frame_its_pages(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html><head></head></html>")
    (tmp_path / "search.js").write_text("1")
    port = free_port()
    with PreviewServer(tmp_path, PurePosixPath(), port, State()):
        for path in ("/", "/search.js", "/none.html"):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            headers = connection.getresponse().headers
            connection.close()
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize("name", ["book.txt", "dev.txt"])
def test_each_locked_package_has_a_version_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", " "))
    packages = [entry for entry in entries if not entry.startswith("#") and entry.strip()]
    assert len(packages) > 50
    for entry in packages:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]
    assert "://" not in "\n".join(packages)
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links)\b", text, re.M)


@pytest.mark.parametrize("name", ["package-lock.json", "benchmarks/package-lock.json"])
def test_each_browser_package_has_an_integrity_and_no_address(name: str) -> None:
    packages = json.loads((ROOT / name).read_text("utf-8"))["packages"]
    fetched = {path: entry for path, entry in packages.items() if path and not entry.get("link")}
    assert fetched
    for path, entry in fetched.items():
        assert entry["integrity"].startswith("sha512-"), path
        assert "resolved" not in entry, path


def test_documented_policy_is_that_of_the_pages() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert POLICY in text


def test_tests_that_the_threat_model_names_exist() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", text))
    assert len(named) > 25
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text("utf-8"), f"{file}::{test}"
    for path in set(re.findall(r"`((?:src|tests|data|tools)/[\w./-]+)`", text)):
        assert (ROOT / path).exists(), path
