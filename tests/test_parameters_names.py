"""What the parameters call a run, an edition and a day, and the order that they give chapters."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builder_books import edit
from hypothesis import given
from hypothesis import strategies as st

from nwlbook.errors import InputError
from nwlbook.forgetting import forget_evidence
from nwlbook.parameters import BookParameters, Domains, read_domains, run_name, validated

pytest_plugins = ["builder_fixtures"]

DOMAINS = Domains(
    allowed={
        "borough": ("nwl", "brent", "ealing"),
        "priority": (1, 2, 3),
        "scenario": ("best", "mid", "worst"),
    },
    boroughs=("brent", "ealing"),
    names={"nwl": "North West London", "brent": "Brent", "ealing": "Ealing"},
    touched={"brent": frozenset({3, 2})},
)
MATRIX = """\
- name: partnership-boroughs
  path: partnership-boroughs.csv
  encoding: utf-8
  schema:
    fields:
    - {name: partnership, type: string}
    - {name: area, type: string}
- name: partnership-priorities
  path: partnership-priorities.csv
  encoding: utf-8
  schema:
    fields:
    - {name: item_id, type: string}
    - {name: partnership, type: string}
- name: partnership-priority-matrix
  path: partnership-priority-matrix.csv
  encoding: utf-8
  schema:
    fields:
    - {name: item_id, type: string}
    - {name: priority, type: integer}
"""
DEFAULTS = BookParameters().model_dump()
# Each parameter with a value of its own, as many as the model has.
CHANGED: dict[str, tuple[Any, str]] = {
    "scenario": ("best", "scenario best"),
    "savings": ("0,2,6,10", "savings 0,2,6,10"),
    "start_date": ("2009-10-01", "start date 2009-10-01"),
    "slippage_months": (6, "slippage months 6"),
    "interim_share": (20, "interim share 20"),
    "contribution_basis": ("equal-shares", "contribution basis equal-shares"),
    "discount_rate": (5, "discount rate 5.0"),
    "price_base": ("2023/24", "price base 2023/24"),
    "saving_correlation": (0, "saving correlation 0.0"),
    "as_of": ("2025-03-31", "as of 2025-03-31"),
}


@pytest.mark.parametrize(
    ("stem", "values", "expected"),
    [
        ("sources", {}, "sources"),
        ("index", {"borough": "nwl"}, "index-nwl"),
        ("profile", {"borough": "brent", "scenario": "mid"}, "profile-brent-mid"),
        ("profile", {"scenario": "mid", "borough": "brent"}, "profile-brent-mid"),
        ("trajectory", {"priority": 3, "as_of": "2026-11-22"}, "trajectory-3"),
        ("benefits", {"scenario": "mid", "slippage_months": 0}, "benefits-mid"),
        ("benefits", {"slippage_months": 6}, "benefits-slippage-months-6"),
        ("benefits", {"savings": "0,2,6,10"}, "benefits-savings-0-2-6-10"),
        ("benefits", {"price_base": "2023/24"}, "benefits-price-base-2023-24"),
        ("benefits", {"discount_rate": 0.5}, "benefits-discount-rate-0.5"),
        ("benefits", {"discount_rate": -0.5}, "benefits-discount-rate-minus-0.5"),
    ],
)
def test_run_is_named_after_its_notebook_and_what_is_asked_of_it(
    stem: str, values: dict[str, Any], expected: str
) -> None:
    assert run_name(stem, values) == expected


def test_name_of_a_run_is_always_fit_for_a_file(book_evidence: None) -> None:
    for name, (value, _) in CHANGED.items():
        assert re.fullmatch(r"[a-z0-9.-]+", run_name("benefits", {name: value})), name


def test_runs_asked_for_different_things_have_different_names() -> None:
    asked = [DEFAULTS, *({**DEFAULTS, name: value} for name, (value, _) in CHANGED.items())]
    asked += [{**DEFAULTS, "borough": "brent"}, {**DEFAULTS, "priority": 2}]
    assert len({run_name("benefits", values) for values in asked}) == len(asked)


def test_book_of_the_defaults_has_changed_nothing() -> None:
    assert BookParameters().changed() == ""
    assert BookParameters(**DEFAULTS).changed() == ""


def test_every_parameter_but_area_and_priority_is_said_when_changed(book_evidence: None) -> None:
    assert set(CHANGED) == set(DEFAULTS) - {"borough", "priority"}
    for name, (value, said) in CHANGED.items():
        assert validated({name: value}, read_domains()).changed() == said
    together = {name: value for name, (value, _) in CHANGED.items()}
    expected = ", ".join(CHANGED[name][1] for name in DEFAULTS if name in CHANGED)
    assert validated(together, read_domains()).changed() == expected


def test_area_and_priority_are_not_said_beside_what_was_changed() -> None:
    assert BookParameters(borough="brent", priority=2, scenario="worst").changed() == (
        "scenario worst"
    )


@pytest.mark.parametrize("text", ["2026-11-22", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_day_is_taken_as_it_is_written(text: str) -> None:
    assert validated({"as_of": text}, DOMAINS).as_of == text


@pytest.mark.parametrize(
    "value",
    [
        "2023-02-29",
        "2026-11-31",
        "2026-13-01",
        "2026-00-10",
        "2026-1-2",
        "26-11-22",
        "20261122",
        "2026-W47-7",
        "2026-11-22T00:00",
        " 2026-11-22",
        "2026-11-22\n",
        "٢٠٢٦-١١-٢٢",
        "22 November 2026",
        "today",
        "",
        20261122,
        None,
    ],
)
def test_what_is_no_day_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(InputError) as caught:
        validated({"as_of": value}, DOMAINS)
    assert str(caught.value) == f"parameter as_of={value}: expected a day such as 2026-11-22"


@given(st.dates())
def test_every_day_of_the_calendar_may_be_looked_from(day: date) -> None:
    assert validated({"as_of": f"{day:%Y-%m-%d}".zfill(10)}, DOMAINS).as_of == day.isoformat()


def test_default_day_is_a_day_and_every_edition_has_the_same() -> None:
    assert date.fromisoformat(DEFAULTS["as_of"]) + timedelta(days=1) > date(2024, 7, 5)


def test_own_borough_alone_and_own_priorities_first() -> None:
    assert DOMAINS.repeated("borough", "ealing") == ("ealing",)
    assert DOMAINS.repeated("borough", "nwl") == ("brent", "ealing")
    assert DOMAINS.repeated("priority", "brent") == (2, 3, 1)
    assert DOMAINS.repeated("priority", "ealing") == (1, 2, 3)
    assert DOMAINS.repeated("priority", "nwl") == (1, 2, 3)
    assert DOMAINS.repeated("scenario", "brent") == ("best", "mid", "worst")


def test_priorities_touched_are_read_from_the_evidence_of_the_partnership(book: Path) -> None:
    assert read_domains().touched == {}
    data = book / "data"
    (data / "partnership-boroughs.csv").write_text("partnership,area\nwest,brent\nwest,ealing\n")
    (data / "partnership-priorities.csv").write_text("item_id,partnership\na,west\nb,west\n")
    (data / "partnership-priority-matrix.csv").write_text("item_id,priority\na,2\na,1\nb,\n")
    edit(data / "datapackage.yaml", "resources:\n", f"resources:\n{MATRIX}")
    forget_evidence()
    assert read_domains().touched == {"brent": {1, 2}, "ealing": {1, 2}}
    # A judgement that an item touches none counts for none.
    (data / "partnership-priority-matrix.csv").write_text("item_id,priority\na,\nb,\n")
    forget_evidence()
    assert read_domains().touched == {"brent": frozenset(), "ealing": frozenset()}
