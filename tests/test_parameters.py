"""The book's parameters and the values they may take."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from helpers.finance import Assumptions
from nwlbook.errors import InputError
from nwlbook.parameters import CASE, BookParameters, Domains, assignment, read_domains, validated

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
    parameters = validated({"priority": "2"}, DOMAINS)
    assert parameters == BookParameters(priority=2)
    assert (parameters.borough, parameters.scenario) == ("nwl", "mid")
    assert parameters.saving_correlation == 0.5


def test_the_defaults_are_the_case_as_published(book_evidence: None) -> None:
    case = BookParameters().case()
    assert case == Assumptions()
    assert case.as_published
    assert len(fields(case)) == len(CASE) == 8


def test_every_parameter_of_the_case_reaches_it_from_text(book_evidence: None) -> None:
    given = {
        "scenario": "worst",
        "savings": "0,2.5,5,7",
        "start_date": "2010-01-01",
        "slippage_months": "6",
        "interim_share": "20",
        "contribution_basis": "current-cost",
        "discount_rate": "-0.5",
        "price_base": "2023/24",
    }
    assert given.keys() == set(CASE)
    case = validated(given, DOMAINS).case()
    assert case.saving_shares() == pytest.approx((0, 0.025, 0.05, 0.07))
    assert case.delay() == 4 + 6
    assert case.interim() == pytest.approx(0.2)
    assert (case.contribution_basis, case.price_base) == ("current-cost", "2023/24")
    assert case.discount_rate == -0.5
    assert case.scenario == "worst"


def test_a_percentage_may_be_a_number_where_a_word_is_also_allowed(book_evidence: None) -> None:
    for share in (15, 15.0, "15"):
        parameters = validated({"interim_share": share}, DOMAINS)
        assert parameters.interim_share == "15"
        assert parameters.case().interim() == pytest.approx(0.15)


def test_what_differs_from_the_defaults_is_said_and_areas_are_not() -> None:
    assert BookParameters().changed() == ""
    assert BookParameters(borough="brent", priority=3).changed() == ""
    changed = BookParameters(savings="0,1,2,3", slippage_months=6)
    assert changed.changed() == "savings 0,1,2,3, slippage months 6"


@pytest.mark.parametrize("value", [0, 1, "0.25"])
def test_a_correlation_lies_from_nought_to_one(value: object) -> None:
    assert validated({"saving_correlation": value}, DOMAINS).saving_correlation == float(str(value))


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
            "unknown parameter 'senario': expected one of "
            f"{', '.join(BookParameters.model_fields)} (did you mean scenario?)",
        ),
    ],
)
def test_bad_parameter_is_refused_with_what_was_expected(
    given: dict[str, object], message: str
) -> None:
    assert refusal(given) == message


SAVINGS = "expected 'scenario' or 4 percentages from 0 to 100, one for each year, such as 0,2,6,10"
SLIPPAGE = "expected whole months from 0 to 42, so that rollout falls into the years of the case"
START = (
    "expected 'published' or the first day of a month from 2009-04-01 to 2013-03-01, "
    "such as 2009-09-01"
)
INTERIM = "expected 'published' or a percentage from 0 to 100"
RATE = "expected per cent a year above -100 and up to 100"
BASIS = (
    "expected one of weighted-population, equal-shares, current-staff, current-cost, "
    "expected-benefit"
)
CORRELATION = "expected a number from 0 to 1"
DAY = "expected a day such as 2026-11-22"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"discount_rate": "-100"}, f"discount_rate=-100: {RATE}"),
        ({"discount_rate": -250}, f"discount_rate=-250: {RATE}"),
        ({"discount_rate": "101"}, f"discount_rate=101: {RATE}"),
        ({"discount_rate": "nan"}, f"discount_rate=nan: {RATE}"),
        ({"discount_rate": "3.5%"}, f"discount_rate=3.5%: {RATE}"),
        ({"discount_rate": ""}, f"discount_rate=: {RATE}"),
        ({"savings": "0,2,6,101"}, f"savings=101: {SAVINGS}"),
        ({"savings": "0,2,6"}, f"savings=0,2,6: {SAVINGS}"),
        ({"savings": "0,2,6,10,15"}, f"savings=0,2,6,10,15: {SAVINGS}"),
        ({"savings": 10}, f"savings=10: {SAVINGS}"),
        ({"savings": [0, 2, 6, 10]}, f"savings=[0, 2, 6, 10]: {SAVINGS}"),
        ({"savings": None}, f"savings=None: {SAVINGS}"),
        ({"savings": "0,2,6,ten"}, f"savings=ten: {SAVINGS}"),
        ({"slippage_months": "43"}, f"slippage_months=43: {SLIPPAGE}"),
        ({"slippage_months": -1}, f"slippage_months=-1: {SLIPPAGE}"),
        ({"slippage_months": "1.5"}, f"slippage_months=1.5: {SLIPPAGE}"),
        ({"slippage_months": "a year"}, f"slippage_months=a year: {SLIPPAGE}"),
        (
            {"slippage_months": "42", "start_date": "2009-11-01"},
            f"slippage_months=42: {SLIPPAGE.replace('42', '40')}",
        ),
        ({"start_date": "autumn"}, f"start_date=autumn: {START}"),
        ({"start_date": "2013-04-01"}, f"start_date=2013-04-01: {START}"),
        ({"start_date": 2010}, f"start_date=2010: {START}"),
        ({"interim_share": 101}, f"interim_share=101: {INTERIM}"),
        ({"interim_share": "few"}, f"interim_share=few: {INTERIM}"),
        ({"contribution_basis": "by-luck"}, f"contribution_basis=by-luck: {BASIS}"),
        ({"contribution_basis": 1}, f"contribution_basis=1: {BASIS}"),
        ({"saving_correlation": "1.01"}, f"saving_correlation=1.01: {CORRELATION}"),
        ({"saving_correlation": -0.1}, f"saving_correlation=-0.1: {CORRELATION}"),
        ({"saving_correlation": "nan"}, f"saving_correlation=nan: {CORRELATION}"),
        ({"saving_correlation": "high"}, f"saving_correlation=high: {CORRELATION}"),
        ({"as_of": "2024-13-01"}, f"as_of=2024-13-01: {DAY}"),
        ({"as_of": "20240705"}, f"as_of=20240705: {DAY}"),
        ({"as_of": 2024}, f"as_of=2024: {DAY}"),
    ],
)
def test_absurd_assumption_is_refused_with_the_allowed_range(
    given: dict[str, object], message: str, book_evidence: None
) -> None:
    assert refusal(given) == f"parameter {message}"
    assert refusal(given, "notebooks/a.ipynb") == f"notebooks/a.ipynb: parameter {message}"


def test_absurd_price_base_is_refused_with_the_years_held(book_evidence: None) -> None:
    for base in ("2008/09", "2099/00", "today", 2010):
        message = refusal({"price_base": base}, "notebooks/a.ipynb")
        assert message.startswith(
            f"notebooks/a.ipynb: parameter price_base={base}: expected one of 2009/10, 2010/11, "
        )
        assert message.endswith(", 2022/23, 2023/24")


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


def test_ranges_of_the_case_are_known_without_its_arithmetic() -> None:
    """Every command checks parameters at its start, so that must not import arrays."""
    code = (
        "import sys; from nwlbook.parameters import read_domains, validated; "
        "validated({'slippage_months': 3, 'price_base': '2010/11'}, read_domains()); "
        "sys.exit('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0
