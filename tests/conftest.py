"""Fixtures that any test may ask for: small projects, and the evidence of the book itself."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import memory_watch
import pytest
import yaml
from hypothesis import settings

from helpers.paths import ROOT_VARIABLE
from nwlbook.browser import find_browser
from nwlbook.forgetting import forget_evidence

ROOT = Path(__file__).resolve().parents[1]

# Of Python itself, before a library that a test uses raises it for the whole process.
CSV_FIELD_LIMIT = csv.field_size_limit()

# The same examples on every machine, and no time limit that a busy one would miss.
settings.register_profile("book", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("book")


def pytest_sessionstart() -> None:
    """Watch how much memory the tests take."""
    memory_watch.watch()


CONFIGURATION = """\
project:
  type: book

lang: en-GB

book:
  title: "A small book"
  author: "Its author"
  date: "2026-11-22"
  output-file: nwl-report
  chapters:
    - index.qmd

format:
  html:
    toc: true
"""

# Resource: path under data/, type of each column, rows. A type with "!" is required.
TABLES: dict[str, tuple[str, dict[str, str], str]] = {
    "areas": (
        "reference/areas.csv",
        {
            "area": "string!",
            "name": "string!",
            "kind": "string!",
            "source_id": "string!",
            "locator": "string!",
        },
        """\
area,name,kind,source_id,locator
nwl,North West London,sector,plan,Page 1
brent,Brent,borough,plan,Page 2
ealing,Ealing,borough,plan,Page 3
england,England,comparator,case,Table 2
""",
    ),
    "sources": (
        "reference/sources.csv",
        {"source_id": "string!", "title": "string!", "short_title": "string!"},
        """\
source_id,title,short_title
plan,The whole title of the plan,"Plan, 2024"
case,The whole title of the case,"Case, 2009"
""",
    ),
    "beds": (
        "beds.csv",
        {
            "area": "string!",
            "beds": "integer!",
            "cost": "number",
            "open": "boolean",
            "counted": "date",
            "note": "string",
            "source_id": "string!",
            "locator": "string!",
        },
        """\
area,beds,cost,open,counted,note,source_id,locator
brent,12,1.50,true,2024-07-05,,case,"Table 1, Brent"
ealing,7,,false,,"Two wards, one closed",case,"Table 1, Ealing"
""",
    ),
    "priorities": (
        "priorities.csv",
        {"priority": "integer!", "title": "string!", "source_id": "string!", "locator": "string!"},
        """\
priority,title,source_id,locator
1,First things,plan,Priority 1
2,Second things,plan,Priority 2
""",
    ),
    "savings-scenarios": (
        "savings-scenarios.csv",
        {
            "scenario": "string!",
            "year": "string!",
            "saving_percent": "number!",
            "source_id": "string!",
            "locator": "string!",
        },
        """\
scenario,year,saving_percent,source_id,locator
best,2009/10,3,case,Table 3
mid,2009/10,2,case,Table 3
worst,2009/10,1,case,Table 3
""",
    ),
}


@dataclass(frozen=True)
class Project:
    """A project in a folder of its own, which the helpers take for the real one.

    Each change makes the helpers forget what they have read.
    """

    root: Path

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the project and return it."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        forget_evidence()
        return file

    def edit(self, name: str, old: str, new: str) -> Path:
        """Replace a text that stands exactly once in a file of the project."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"'{old}' stands {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def table(self, name: str, rows: str, /, **types: str) -> Path:
        """Add a table of evidence, described by the type of each column.

        A type that ends in an exclamation mark is required.
        """
        described = yaml.load(self.descriptor.read_bytes(), yaml.CSafeLoader)
        described["resources"].append(_described(name, f"{name}.csv", types))
        self.write("data/datapackage.yaml", _yaml(described))
        return self.write(f"data/{name}.csv", rows)

    @property
    def descriptor(self) -> Path:
        """The descriptor of the evidence."""
        return self.root / "data" / "datapackage.yaml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Return a project of five small tables and one page."""
    small = Project(tmp_path / "book")
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    for name, content in _small_files().items():
        small.write(name, content)
    yield small
    forget_evidence()


@pytest.fixture
def copied_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Return a project with a copy of the book's evidence, to be spoilt."""
    copy = Project(tmp_path / "book")
    monkeypatch.setenv(ROOT_VARIABLE, str(copy.root))
    shutil.copytree(ROOT / "data", copy.root / "data")
    copy.write("_quarto.yml", CONFIGURATION)
    yield copy
    forget_evidence()


@dataclass(frozen=True)
class Shown:
    """One thing that a notebook published."""

    data: dict[str, Any]
    metadata: dict[str, Any]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Shown]:
    """Return the list to which each figure, table and download shown is added."""
    published: list[Shown] = []

    def publish(data: dict[str, Any], metadata: dict[str, Any]) -> None:
        published.append(Shown(data, metadata["nwlbook"]))

    for module in ("figures", "tables", "downloads"):
        monkeypatch.setattr(f"helpers.{module}.publish_display_data", publish)
    return published


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium of its own for each module of tests, or a skip where there is none."""
    from playwright.sync_api import sync_playwright

    executable = find_browser()
    if executable is None:
        pytest.skip("no Chromium found")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def book_evidence() -> Iterator[None]:
    """Let the helpers read the book's own evidence, whatever other tests pointed them at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(ROOT))
        forget_evidence()
        yield
    forget_evidence()


@cache
def _small_files() -> dict[str, str]:
    resources = [_described(name, path, types) for name, (path, types, _) in TABLES.items()]
    return {
        "_quarto.yml": CONFIGURATION,
        "index.qmd": "---\ntitle: Welcome\n---\n\nA page.\n",
        "data/datapackage.yaml": _yaml({"name": "small", "resources": resources}),
        **{f"data/{path}": rows for path, _, rows in TABLES.values()},
    }


def _yaml(content: dict[str, Any]) -> str:
    return str(yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False))


def _described(name: str, path: str, types: dict[str, str]) -> dict[str, Any]:
    fields = [
        {
            "name": column,
            "type": kind.rstrip("!"),
            "title": column.capitalize(),
            "description": f"The {column}",
            **({"constraints": {"required": True}} if kind.endswith("!") else {}),
        }
        for column, kind in types.items()
    ]
    return {
        "name": name,
        "path": path,
        "title": name.capitalize(),
        "description": f"One row\n  a thing of {name}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }
