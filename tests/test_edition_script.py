"""What the pages' scripts are told of an edition."""

import json
from typing import Any

import pytest

from nwlbook.edition_script import NAME, TERMS, edition_scripts
from nwlbook.glossary_links import make_glossary

SECTION = {
    "title": "Report: Brent",
    "subtitle": 'A "subtitle" </script>',
    "author": ["One", "Two"],
    "date": "2026-11-02",
}
ROWS: list[dict[str, Any]] = [
    {"term": "icb", "title": "ICB", "expansion": "integrated Care Board", "meaning": "It plans."},
    {"term": "bed", "title": "Bed", "expansion": None, "meaning": "To lie in."},
    {
        "term": "net-benefit",
        "title": "Net benefit",
        "expansion": None,
        "meaning": "What is left\u2028.",
    },
]


def constant(script: str, name: str) -> Any:
    head, _, value = script.partition(" = ")
    assert head == f"window.{name}"
    return json.loads(value.removesuffix(";\n"))


@pytest.fixture
def scripts() -> dict[str, str]:
    glossary = make_glossary("notebooks/glossary.ipynb", ROWS, [])
    return edition_scripts(SECTION, "Brent", glossary, ROWS)


def test_edition_is_described(scripts: dict[str, str]) -> None:
    assert constant(scripts[NAME], "nwlEdition") == {
        "author": "One, Two",
        "title": "Report: Brent",
        "subtitle": 'A "subtitle" </script>',
        "edition": "Brent",
        "date": "2 November 2026",
        "glossary": "notebooks/glossary.html",
    }


def test_only_terms_that_can_be_linked_are_given(scripts: dict[str, str]) -> None:
    assert constant(scripts[TERMS], "nwlGlossary") == {
        "term-icb": "ICB: Integrated Care Board. It plans.",
        "term-net-benefit": "Net benefit: What is left\u2028.",
    }
    # some engines end a line of a script at this sign
    assert "\u2028" not in scripts[TERMS]


def test_book_without_glossary_has_no_terms() -> None:
    scripts = edition_scripts(SECTION, "Brent", None, [])
    assert list(scripts) == [NAME]
    assert constant(scripts[NAME], "nwlEdition")["glossary"] is None
