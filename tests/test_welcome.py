"""The welcome page: whose edition it is, and the parameters that it was made with."""

import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from chapter_runs import EXPRESSION

from helpers import areas
from nwlbook import sources
from nwlbook.parameters import BookParameters, read_domains, validated

ROOT = Path(__file__).resolve().parents[1]
CHANGED = {
    "borough": ("ealing", "- Edition: Ealing"),
    "scenario": ("worst", "(worst case)"),
    "savings": ("0,2,6,11", "0%, 2%, 6%, 11% (savings as given)"),
    "start_date": ("2010-02-01", "- Rollout: February 2010"),
    "slippage_months": (7, "seven months late"),
    "interim_share": ("20", "- Interim staff: 20% in all years"),
    "contribution_basis": ("equal-shares", "- Contributions by: equal shares"),
    "discount_rate": (5.0, "- Discount rate: 5% a year"),
    "price_base": ("2023/24", "- Prices of: 2023/24"),
    "saving_correlation": (0.25, "an assumption of ours: 0.25"),
    "as_of": ("2025-03-31", "- Day that the book looks from: 31 March 2025"),
}

pytestmark = pytest.mark.usefixtures("book_evidence")


def welcome(**parameters: Any) -> str:
    """Return the text of the page, with what its cells printed and its expressions filled in."""
    page = sources.read_source(ROOT / "index.qmd")
    tagged, _ = sources.parameters_cell(page)
    declared = sources.declared_parameters(page)
    assert parameters.keys() <= declared.keys()
    values: dict[str, Any] = {}
    said: list[str] = []
    for number, cell in enumerate(page["cells"], 1):
        if cell["cell_type"] == "markdown":
            said.append(cell["source"])
            continue
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(cell["source"], values)  # noqa: S102
        if number == tagged:
            values |= parameters
        said.append(printed.getvalue())
    return EXPRESSION.sub(lambda found: str(eval(found[1], values)), "\n".join(said))  # noqa: S307


def colophon(**parameters: Any) -> str:
    return welcome(**parameters).partition("{#sec-colophon}")[2]


def test_page_takes_every_parameter_that_changes_the_book() -> None:
    declared = sources.declared_parameters(sources.read_source(ROOT / "index.qmd"))
    assert set(declared) == set(BookParameters.model_fields) - {"priority"}
    assert validated(declared, read_domains()) == BookParameters()


def test_colophon_names_every_parameter() -> None:
    assert set(CHANGED) == set(BookParameters.model_fields) - {"priority"}
    standard = colophon()
    for name, (value, said) in CHANGED.items():
        validated({name: value}, read_domains())
        assert said not in standard, name
        assert said in colophon(**{name: value}), name


def test_colophon_says_whether_the_assumptions_are_those_of_the_sources() -> None:
    assert "The business case is taken with its own assumptions." in colophon()
    assert "The business case is taken with its own assumptions." in colophon(borough="brent")
    other = colophon(scenario="worst")
    assert "They differ from those of the standard edition" in other
    assert "assumptions of the sources" not in other


def test_page_of_a_boroughs_edition_is_about_it() -> None:
    assert "This is the edition of" not in welcome()
    for borough in areas.boroughs():
        said, place = welcome(borough=borough), areas.name(borough)
        assert f"This is the edition of {place}. Its profile comes first" in said
        assert f"a year would {place} be" in said
        others = [areas.name(each) for each in areas.boroughs() if each != borough]
        assert [name for name in others if name in said] == []
        references = {f"@sec-profile-{each}" for each in areas.boroughs()}
        assert {each for each in references if each in said} == {f"@sec-profile-{borough}"}
