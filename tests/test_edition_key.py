"""The key of an edition changes with everything that its site is made from."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from nwlbook import reuse
from nwlbook.edition_build import EditionTask
from nwlbook.parameters import BookParameters
from nwlbook.reuse import edition_key


@dataclass(frozen=True)
class Run:
    id: str = "beds"


@dataclass(frozen=True)
class Chapter:
    entry: str = "entry"
    target: str = "notebooks/beds.ipynb"
    suffix: str = ""
    run: Run = field(default_factory=Run)


@dataclass(frozen=True)
class Result:
    notebook: Path
    expressions: dict[str, str] = field(default_factory=lambda: {"beds()": "12"})
    used: tuple[str, ...] = ("data/beds.csv",)


@dataclass(frozen=True)
class Edition:
    slug: str = "nwl"
    name: str = "North West London"
    parameters: BookParameters = field(default_factory=BookParameters)
    chapters: tuple[Chapter, ...] = (Chapter(),)


@dataclass(frozen=True)
class Book:
    configuration: dict[str, Any] = field(default_factory=lambda: {"book": {"title": "Beds"}})


@dataclass(frozen=True)
class Task:
    """What of a task the key is made from."""

    root: Path
    results: dict[str, Result]
    assets: dict[str, Path]
    edition: Edition = field(default_factory=Edition)
    book: Book = field(default_factory=Book)
    engine: str = "embedded"
    versions: dict[str, str] = field(default_factory=lambda: {"pandoc": "3"})
    formats: tuple[str, ...] = ("html",)
    earlier: str | None = None
    draft: bool = False


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(reuse, "find_browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(reuse, "package_digest", lambda name: f"code of {name}")
    for name in ("data/beds.csv", "kept/beds.ipynb", "assets/style.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return Task(
        root=tmp_path,
        results={"beds": Result(tmp_path / "kept/beds.ipynb")},
        assets={"style.css": tmp_path / "assets/style.css"},
    )


def key(task: Task) -> str:
    return edition_key(cast("EditionTask", task))


def with_edition(**given: Any) -> Callable[[Task], Task]:
    return lambda task: replace(task, edition=replace(task.edition, **given))


def with_result(**given: Any) -> Callable[[Task], Task]:
    return lambda task: replace(task, results={"beds": replace(task.results["beds"], **given)})


def written(name: str) -> Callable[[Task], Task]:
    def change(task: Task) -> Task:
        (task.root / name).write_text("something else")
        return task

    return change


CHANGES: dict[str, Callable[[Task], Task]] = {
    "engine": lambda task: replace(task, engine="quarto"),
    "versions": lambda task: replace(task, versions={"pandoc": "4"}),
    "formats": lambda task: replace(task, formats=("html", "pdf")),
    "configuration": lambda task: replace(task, book=Book({"book": {"title": "Wards"}})),
    "slug": with_edition(slug="brent"),
    "name": with_edition(name="Brent"),
    "parameters": with_edition(parameters=BookParameters(scenario="worst")),
    "chapters": with_edition(chapters=()),
    "entry": with_edition(chapters=(Chapter(entry="other"),)),
    "target": with_edition(chapters=(Chapter(target="notebooks/wards.ipynb"),)),
    "suffix": with_edition(chapters=(Chapter(suffix="-brent"),)),
    "run": with_edition(chapters=(Chapter(run=Run("wards")),)),
    "expressions": with_result(expressions={"beds()": "13"}),
    "used": with_result(used=("data/beds.csv", "data/wards.csv")),
    "executed notebook": written("kept/beds.ipynb"),
    "asset": written("assets/style.css"),
    "evidence": written("data/beds.csv"),
    "new evidence": written("data/wards.csv"),
    "name of an asset": lambda task: replace(task, assets={"s.css": task.assets["style.css"]}),
    "earlier build": lambda task: replace(task, earlier="a build"),
    "draft": lambda task: replace(task, draft=True),
}


def test_the_same_has_the_same_key(task: Task) -> None:
    assert key(task) == key(task)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_anything_is_another_key(task: Task, change: Callable[[Task], Task]) -> None:
    before = key(task)
    assert key(change(task)) != before


@pytest.mark.parametrize("package", ["nwlbook", "helpers"])
def test_code_counts(task: Task, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    before = key(task)
    code = {"nwlbook": "as it was", "helpers": "as it was", package: "changed"}
    monkeypatch.setattr(reuse, "package_digest", lambda name: code[name])
    first = key(task)
    code[package] = "changed again"
    assert len({before, first, key(task)}) == 3


def test_browser_and_date_count(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {key(task)}
    monkeypatch.setattr(reuse, "find_browser", lambda: None)
    keys.add(key(task))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    keys.add(key(task))
    assert len(keys) == 3
