"""What tests of the boroughs share: their slugs, cases of 2009, a feature, and a ninth borough."""

from typing import Any

import pandas as pd
import pytest

from helpers import finance
from helpers.boroughs.features import Feature

BOROUGHS = (
    "brent",
    "ealing",
    "hammersmith-and-fulham",
    "harrow",
    "hillingdon",
    "hounslow",
    "kensington-and-chelsea",
    "westminster",
)
CASES = {
    "as planned": finance.Assumptions(),
    "no savings": finance.Assumptions(savings="0,0,0,0"),
    "large savings": finance.Assumptions(savings="50,50,50,50"),
    "too late": finance.Assumptions(slippage_months=42),
    "other prices": finance.Assumptions(scenario="worst", price_base="2023/24"),
    "by benefit": finance.Assumptions(contribution_basis="expected-benefit"),
}

every_borough = pytest.mark.parametrize("area", BOROUGHS)
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def feature(values: dict[str, float], **changes: Any) -> Feature:
    """Return a feature of some values."""
    settings = {
        "name": "f",
        "title": "Thing",
        "unit": "percent",
        "decimals": 1,
        "period": "2024",
        "values": values,
        "sector": None,
        "most": "the most",
        "least": "the least",
        "places": pd.DataFrame(),
    }
    return Feature(**{**settings, **changes})


def ninth(project: Any) -> str:
    """Add a borough of which nothing is held but its name."""
    file = project.root / "data" / "reference" / "areas.csv"
    rows = file.read_text(encoding="utf-8")
    added = "newland,Newland,borough,Newland,E09000099,15,ons-census-2021,Local authority code\n"
    project.write("data/reference/areas.csv", rows + added)
    return "newland"
