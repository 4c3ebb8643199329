"""Figures typed by hand are found; years and what is no figure are not."""

from pathlib import Path
from typing import Any

import pytest
from tiny_project import code, prose

from nwlbook import prose_check
from nwlbook.errors import InputError
from nwlbook.prose_check import SoundProse, refuse_typed_figures, typed_figure


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Beds rose by 12 per cent", "12 per"),
        ("Beds rose by 12% to 40", "12% to"),
        ("It cost £3.4 million", "£3.4 million"),
        ("It cost (£3)", "(£3)"),
        ("About 1 in 7 people", "1 in"),
        ("There were 20090 beds", "20090 beds"),
        ("There were 2,009 beds", "2,009 beds"),
        ("Of `{python} n` beds 3 closed", "3 closed"),
        ("## Chapter 2\n\nText", "2 Text"),
    ],
)
def test_typed_figure_is_found_with_its_neighbour(text: str, found: str) -> None:
    assert typed_figure(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No figure at all",
        "The case of 2009, the plan of 2024 and the year 2009/10",
        "From 2009-2013, 2009–13 and 2010/2011",
        "There are `{python} prose.number(12)` beds",
        "```\nx = 12\n```",
        "See @fig-top-10, [a page](https://x.org/12) and [^1]",
        "[text]{.class-2} and # Title {#sec-part-1}",
        '::: {.column width="50%"}',
        "1. First\n2. Second\n  3) Third",
        "<img width=12>",
        "---\ntitle: The 12 beds\n---\n",
    ],
)
def test_text_without_a_figure_passes(text: str) -> None:
    assert typed_figure(text) is None


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells)}


@pytest.mark.parametrize(
    "cell",
    [
        prose("There are 12 beds."),
        {"cell_type": "markdown", "source": ["There are ", "12 beds."]},
        code('show_table(beds, caption="The 12 beds of Brent")'),
        code("print(f'There are 12 beds in {place}')"),
    ],
)
def test_typed_figure_is_refused_with_its_cell(cell: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        refuse_typed_figures(notebook(prose("Fine."), cell), "notebooks/a.ipynb")
    assert str(caught.value).startswith("notebooks/a.ipynb: cell 2: '12 beds")
    assert "compute it from the evidence" in str(caught.value)


@pytest.mark.parametrize(
    "cell",
    [
        prose("There are `{python} n` beds since 2009."),
        code("share = beds[:12].sum() / 100"),
        code('beds = evidence.load("beds-12")'),
        code("print('<td class=\"col 12\">')"),
        code("this is not Python 12"),
        {"cell_type": "raw", "source": "---\ntitle: Twelve\n---"},
    ],
)
def test_code_and_computed_text_pass(cell: dict[str, Any]) -> None:
    refuse_typed_figures(notebook(cell), "notebooks/a.ipynb")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the notebooks that were gone through."""
    names: list[str] = []

    def check(notebook: dict[str, Any], file: str) -> None:
        names.append(file)
        refuse_typed_figures(notebook, file)

    monkeypatch.setattr(prose_check, "refuse_typed_figures", check)
    return names


def test_sound_prose_is_gone_through_once(tmp_path: Path, checked: list[str]) -> None:
    for text in ("Beds rose", "Beds rose", "Beds fell"):
        SoundProse(tmp_path).check({"cells": [prose(text)]}, "beds.ipynb")
    assert len(checked) == 2


def test_figure_typed_by_hand_is_refused_each_time(tmp_path: Path, checked: list[str]) -> None:
    for _ in range(2):
        with pytest.raises(InputError, match="typed by hand"):
            SoundProse(tmp_path).check({"cells": [prose("Beds rose by 12")]}, "beds.ipynb")
    assert len(checked) == 2


def test_damaged_memory_of_sound_prose_is_not_believed(tmp_path: Path, checked: list[str]) -> None:
    SoundProse(tmp_path).check({"cells": [prose("Beds rose")]}, "beds.ipynb")
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"")
    SoundProse(tmp_path).check({"cells": [prose("Beds rose")]}, "beds.ipynb")
    assert len(checked) == 2
