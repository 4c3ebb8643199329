"""The book's parameters and the values they may take."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nwlbook.errors import InputError
from nwlbook.parameters import Domains, assignment, read_domains, validated

pytest_plugins = ["builder_fixtures"]

DOMAINS = Domains(
    allowed={
        "borough": ("nwl", "brent", "ealing"),
        "priority": (1, 2),
        "scenario": ("best", "mid", "worst"),
    },
    boroughs=("brent", "ealing"),
    names={"nwl": "North West London", "brent": "Brent", "ealing": "Ealing"},
)


def refusal(given: dict[str, object], file: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        validated(given, DOMAINS, file)
    return str(caught.value)


def test_domains_are_those_of_the_evidence(book: Path) -> None:
    (book / "data" / "priorities.csv").write_text("priority\n4\n3\n")
    assert read_domains() == Domains(
        {**DOMAINS.allowed, "priority": (4, 3)}, DOMAINS.boroughs, DOMAINS.names
    )


def test_notebook_repeats_for_the_boroughs_without_the_sector() -> None:
    assert DOMAINS.repeated("borough") == ("brent", "ealing")
    assert DOMAINS.repeated("priority") == (1, 2)


def test_parameters_not_given_have_defaults_and_text_becomes_a_number() -> None:
    assert validated({"priority": "2"}, DOMAINS).model_dump() == {
        "borough": "nwl",
        "priority": 2,
        "scenario": "mid",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"borough": "bren"},
            "unknown borough 'bren': expected one of nwl, brent, ealing (did you mean brent?)",
        ),
        ({"borough": "xyz"}, "unknown borough 'xyz': expected one of nwl, brent, ealing"),
        ({"borough": ""}, "unknown borough '': expected one of nwl, brent, ealing"),
        ({"borough": 7}, "parameter borough=7: expected one of nwl, brent, ealing"),
        ({"priority": "9"}, "unknown priority '9': expected one of 1, 2"),
        ({"priority": "two"}, "parameter priority=two: expected one of 1, 2"),
        ({"priority": "1.5"}, "parameter priority=1.5: expected one of 1, 2"),
        ({"priority": None}, "parameter priority=None: expected one of 1, 2"),
        (
            {"senario": "mid"},
            "unknown parameter 'senario': expected one of borough, priority, scenario "
            "(did you mean scenario?)",
        ),
    ],
)
def test_bad_parameter_is_refused_with_what_was_expected(
    given: dict[str, object], message: str
) -> None:
    assert refusal(given) == message


def test_refusal_names_the_file_that_gave_the_value() -> None:
    assert refusal({"scenario": "bad"}, "notebooks/a.ipynb").startswith(
        "notebooks/a.ipynb: unknown scenario 'bad'"
    )


@given(st.text().filter(lambda text: text not in DOMAINS.allowed["borough"]))
def test_no_text_out_of_the_domain_is_taken_for_a_borough(text: str) -> None:
    with pytest.raises(InputError):
        validated({"borough": text}, DOMAINS)


def test_assignment_is_split_at_its_first_equals_sign() -> None:
    assert assignment("borough=brent") == ("borough", "brent")
    assert assignment(" borough = brent ") == ("borough", "brent")
    assert assignment("note=a=b") == ("note", "a=b")
    assert assignment("note=") == ("note", "")


@pytest.mark.parametrize("text", ["borough", "=brent", " =brent", ""])
def test_text_that_assigns_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"expected NAME=VALUE"):
        assignment(text)
