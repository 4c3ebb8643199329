"""From chapters and editions to runs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builder_books import BEDS, PROFILE, edit
from tiny_project import code, prose, write_notebook

from nwlbook.book import read_book
from nwlbook.errors import InputError
from nwlbook.parameters import read_domains, validated
from nwlbook.plan import Edition, plan_edition, runs_of

pytest_plugins = ["builder_fixtures"]


def plan(root: Path, **given: Any) -> Edition:
    domains = read_domains()
    return plan_edition(read_book(root), validated(given, domains), domains)


def targets(edition: Edition) -> list[str]:
    return [chapter.target for chapter in edition.chapters]


def refusal(root: Path) -> str:
    with pytest.raises(InputError) as caught:
        plan(root)
    return str(caught.value)


def test_sector_has_a_chapter_for_each_borough(book: Path) -> None:
    edition = plan(book)
    assert (edition.slug, edition.name, edition.is_sector) == ("nwl", "North West London", True)
    assert [(chapter.target, chapter.suffix) for chapter in edition.chapters] == [
        ("index.qmd", ""),
        ("notebooks/beds.ipynb", ""),
        ("notebooks/profile-brent.ipynb", "brent"),
        ("notebooks/profile-ealing.ipynb", "ealing"),
    ]


def test_edition_of_a_borough_has_its_chapter_alone_and_in_front(book: Path) -> None:
    edition = plan(book, borough="ealing")
    assert (edition.slug, edition.name, edition.is_sector) == ("ealing", "Ealing", False)
    assert targets(edition) == [
        "index.qmd",
        "notebooks/profile-ealing.ipynb",
        "notebooks/beds.ipynb",
    ]


def test_whole_part_about_the_borough_comes_in_front_and_the_rest_keeps_its_order(
    book: Path,
) -> None:
    for name in ("wards", "streets", "terms"):
        write_notebook(book, name, *BEDS)
    edit(
        book / "_quarto.yml",
        "        - notebooks/beds.ipynb\n",
        "        - notebooks/beds.ipynb\n        - notebooks/streets.ipynb\n",
    )
    edit(
        book / "_quarto.yml",
        "        - notebooks/profile.ipynb\n",
        "        - notebooks/profile.ipynb\n        - notebooks/wards.ipynb\n"
        "  appendices:\n    - notebooks/terms.ipynb\n",
    )
    assert targets(plan(book, borough="ealing")) == [
        "index.qmd",
        "notebooks/profile-ealing.ipynb",
        "notebooks/wards.ipynb",
        "notebooks/beds.ipynb",
        "notebooks/streets.ipynb",
        "notebooks/terms.ipynb",
    ]
    assert targets(plan(book))[:3] == [
        "index.qmd",
        "notebooks/beds.ipynb",
        "notebooks/streets.ipynb",
    ]


def test_borough_in_front_leaves_out_and_doubles_nothing(book: Path) -> None:
    """Without a part for boroughs, too, the borough's own chapter comes first."""
    edit(book / "_quarto.yml", '    - part: "Boroughs"\n      chapters:\n', "")
    edit(book / "_quarto.yml", "        - notebooks/profile", "    - notebooks/profile")
    assert targets(plan(book, borough="brent")) == [
        "index.qmd",
        "notebooks/profile-brent.ipynb",
        "notebooks/beds.ipynb",
    ]


def test_run_gets_the_parameters_that_its_notebook_declares(book: Path) -> None:
    runs = {chapter.target: chapter.run for chapter in plan(book, scenario="best").chapters}
    assert runs["notebooks/beds.ipynb"].parameters == {"scenario": "best"}
    assert runs["notebooks/profile-brent.ipynb"].parameters == {"borough": "brent"}
    assert runs["notebooks/beds.ipynb"].notebook == book / "notebooks" / "beds.ipynb"


def test_editions_share_the_runs_that_are_the_same(book: Path) -> None:
    editions = [plan(book), plan(book, borough="brent"), plan(book, borough="ealing")]
    asked = [(run.notebook.name, dict(run.parameters)) for run in runs_of(editions)]
    assert asked == [
        ("index.qmd", {"borough": "nwl"}),
        ("beds.ipynb", {"scenario": "mid"}),
        ("profile.ipynb", {"borough": "brent"}),
        ("profile.ipynb", {"borough": "ealing"}),
        ("index.qmd", {"borough": "brent"}),
        ("index.qmd", {"borough": "ealing"}),
    ]


def test_each_run_has_an_id_of_its_own(book: Path) -> None:
    runs = runs_of([plan(book), plan(book, scenario="worst"), plan(book, borough="brent")])
    assert len({run.id for run in runs}) == len(runs) == 6


def test_notebook_may_repeat_for_a_priority(book: Path) -> None:
    cell = code("priority = 1", "parameters")
    write_notebook(book, "profile", cell, *PROFILE[1:], nwlbook={"repeat": "priority"})
    assert [
        (chapter.target, chapter.run.parameters)
        for chapter in plan(book).chapters
        if chapter.entry.stem == "profile"
    ] == [
        ("notebooks/profile-1.ipynb", {"priority": 1}),
        ("notebooks/profile-2.ipynb", {"priority": 2}),
    ]


def test_priorities_that_a_boroughs_plan_touches_come_first(book: Path) -> None:
    cell = code("priority = 1", "parameters")
    write_notebook(book, "profile", cell, *PROFILE[1:], nwlbook={"repeat": "priority"})
    (book / "data" / "priorities.csv").write_text("priority\n1\n2\n3\n4\n")
    domains = replace(
        read_domains(), touched={"brent": frozenset({4, 2}), "ealing": frozenset({1})}
    )

    def suffixes(borough: str) -> list[str]:
        edition = plan_edition(read_book(book), validated({"borough": borough}, domains), domains)
        return [chapter.suffix for chapter in edition.chapters if chapter.suffix]

    assert suffixes("nwl") == ["1", "2", "3", "4"]
    assert suffixes("brent") == ["2", "4", "1", "3"]
    assert suffixes("ealing") == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([prose("# Beds")], "no cell is tagged 'parameters'"),
        ([BEDS[0], BEDS[0]], "cells 1 and 2 are tagged 'parameters'; only one may be"),
        ([code('beds = "mid"', "parameters")], "unknown parameter 'beds': expected one of"),
        (
            [code('scenario = "middle"', "parameters")],
            "unknown scenario 'middle': expected one of best, mid, worst (did you mean mid?)",
        ),
        ([code("scenario = None", "parameters")], "cell 1: parameter 'scenario' is not a plain"),
    ],
)
def test_bad_parameters_of_a_notebook_are_refused(
    book: Path, cells: list[dict[str, Any]], message: str
) -> None:
    write_notebook(book, "beds", *cells)
    assert refusal(book).startswith(f"notebooks/beds.ipynb: {message}")


def test_notebook_that_repeats_for_what_it_does_not_declare_is_refused(book: Path) -> None:
    write_notebook(book, "beds", *BEDS, nwlbook={"repeat": "borough"})
    assert refusal(book) == "notebooks/beds.ipynb: repeats for 'borough' but does not declare it"


def test_notebook_must_not_be_called_as_a_chapter_of_a_repeated_one(book: Path) -> None:
    write_notebook(book, "profile-brent", *PROFILE)
    edit(book / "_quarto.yml", "notebooks/beds", "notebooks/profile-brent")
    assert refusal(book).startswith(
        "notebooks/profile.ipynb: and notebooks/profile-brent.ipynb would both be called "
        "'notebooks/profile-brent.ipynb'"
    )


def test_notebooks_of_one_name_in_two_folders_do_not_take_each_others_run(book: Path) -> None:
    (book / "more").mkdir()
    (book / "more" / "profile.ipynb").write_bytes(
        (book / "notebooks" / "profile.ipynb").read_bytes()
    )
    edit(book / "_quarto.yml", "notebooks/beds", "more/profile")
    assert "would both be called 'profile-brent'" in refusal(book)
