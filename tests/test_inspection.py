"""A project is checked without being built."""

from pathlib import Path

from builder_books import BEDS, PROFILE, contents, edit, publish_stand_in
from tiny_project import prose, write_notebook

from nwlbook.inspection import project_problems

pytest_plugins = ["builder_fixtures"]


def test_good_project_has_no_problem_and_is_left_as_it_is(book: Path) -> None:
    before = contents(book)
    assert project_problems(book) == []
    assert contents(book) == before


def test_every_problem_of_the_evidence_is_listed(book: Path) -> None:
    edit(book / "data" / "beds.csv", "100", "many")
    (book / "data" / "staff.csv").write_text("area\n")
    problems = project_problems(book)
    assert len(problems) == 2
    assert {problem.split(":")[0] for problem in problems} == {"data/staff.csv", "data/beds.csv"}


def test_problem_of_the_configuration_is_listed(book: Path) -> None:
    edit(book / "_quarto.yml", "beds.ipynb", "bedz.ipynb")
    assert project_problems(book) == [
        "_quarto.yml:15: chapter 'notebooks/bedz.ipynb' does not exist"
    ]


def test_typed_figures_of_every_notebook_are_listed(book: Path) -> None:
    write_notebook(book, "beds", *BEDS, prose("There are 180 beds."))
    write_notebook(
        book, "profile", *PROFILE, prose("Of them 40 closed."), nwlbook={"repeat": "borough"}
    )
    found = project_problems(book)
    assert [problem.split(" is typed")[0] for problem in found] == [
        "notebooks/beds.ipynb: cell 5: '180 beds.'",
        "notebooks/profile.ipynb: cell 5: '40 closed.'",
    ]


def test_built_site_is_checked_too(book: Path) -> None:
    publish_stand_in(book)
    assert project_problems(book) == ["index.html: has next to no text"]
