"""Staged chapters are kept: an edit stages its own chapter, and nothing stale is shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder_books import executed, figure, shown
from tiny_project import code, prose

from nwlbook import staged_before
from nwlbook.chapters import StagedChapter, stage_chapter
from nwlbook.errors import InputError
from nwlbook.glossary_links import make_glossary
from nwlbook.runs import Run, RunResult
from nwlbook.staged_before import StagedBefore

FILE = "notebooks/beds.ipynb"
TERMS = [{"term": "length", "title": "length of stay", "expansion": ""}]
GIVEN: dict[str, Any] = {
    "cells": [
        prose("# Beds\n\nThe length of stay in `{python} place`."),
        shown(code("show()"), figure()),
    ],
    "place": "Brent",
    "image": "<svg>1</svg>",
    "target": FILE,
    "suffix": "",
    "terms": TERMS,
}
CHANGES: dict[str, dict[str, Any]] = {
    "text": {"cells": [prose("# Wards")]},
    "expression": {"place": "Ealing"},
    "image": {"image": "<svg>2</svg>"},
    "no image": {"image": None},
    "target": {"target": "notebooks/deep/beds.ipynb"},
    "suffix": {"suffix": "brent"},
    "glossary": {"terms": [{"term": "stay", "title": "length of stay", "expansion": ""}]},
}


class Stager:
    """Stages one chapter; `made` counts how often that was really done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def __call__(self, **changed: Any) -> tuple[StagedChapter, StagedChapter]:
        """Return the chapter as it is given out, and as it is staged without what is kept."""
        given = GIVEN | changed
        file = self.folder / "run.ipynb"
        file.write_text(json.dumps(executed(*given["cells"])))
        run = Run("beds", Path(FILE), {})
        result = RunResult(run, "key", 1.0, True, file, {"place": given["place"]}, ())
        glossary = make_glossary("glossary.qmd", given["terms"], [])
        place = (result, FILE, given["target"], given["suffix"])

        def image_of(label: str) -> str | None:
            image: str | None = given["image"] if label.startswith("fig-beds") else None
            return image

        before = self.made
        afresh = StagedBefore(None, image_of, glossary).staged(*place)
        self.made = before
        return StagedBefore(self.folder / "kept", image_of, glossary).staged(*place), afresh


@pytest.fixture
def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stager:
    stager = Stager(tmp_path)

    def counted(*given: Any, **named: Any) -> StagedChapter:
        stager.made += 1
        return stage_chapter(*given, **named)

    monkeypatch.setattr(staged_before, "stage_chapter", counted)
    return stager


def test_what_has_not_changed_is_staged_once(staged: Stager) -> None:
    first, _ = staged()
    second, afresh = staged()
    assert staged.made == 1
    assert first == second == afresh


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_staged_again(staged: Stager, change: dict[str, Any]) -> None:
    first, _ = staged()
    second, afresh = staged(**change)
    assert staged.made == 2
    assert second == afresh != first


def test_code_counts(staged: Stager, monkeypatch: pytest.MonkeyPatch) -> None:
    staged()
    digest: Callable[[str], str] = staged_before.package_digest
    for package in ("nwlbook", "helpers"):
        made = staged.made
        monkeypatch.setattr(
            staged_before, "package_digest", lambda name, new=package: digest(name) + new
        )
        staged()
        assert staged.made == made + 1


def test_a_damaged_chapter_is_staged_again(staged: Stager, tmp_path: Path) -> None:
    first, _ = staged()
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"Brent", b"Paris"))
    assert staged()[0] == first
    assert staged.made == 2


def test_a_chapter_that_cannot_be_staged_is_refused_each_time(staged: Stager) -> None:
    twice = [shown(code("show()"), figure()), shown(code("show()"), figure())]
    for _ in range(2):
        with pytest.raises(InputError, match="'fig-beds' stands twice"):
            staged(cells=twice)
