"""Assumptions of the 2009 case for tests: any that are allowed, and the extreme ones."""

from datetime import date

from hypothesis import strategies as st

from helpers import finance

AREAS = (
    "nwl",
    "brent",
    "ealing",
    "hammersmith-and-fulham",
    "harrow",
    "hillingdon",
    "hounslow",
    "kensington-and-chelsea",
    "westminster",
)
YEARS = ("2009/10", "2010/11", "2011/12", "2012/13")
SCENARIOS = ("best", "mid", "worst")
BASES = (
    "weighted-population",
    "equal-shares",
    "current-staff",
    "current-cost",
    "expected-benefit",
)
PRICE_BASES = ("2009/10", "2016/17", "2023/24")
# Months from the planned rollout to the first and to the last month of the case.
EARLIEST, LATEST = -5, 42

EXTREMES: dict[str, dict[str, object]] = {
    "as published": {},
    "best": {"scenario": "best"},
    "worst": {"scenario": "worst"},
    "nothing saved": {"savings": "0,0,0,0"},
    "half saved at once": {"savings": "50,50,50,50"},
    "all saved": {"savings": "100,100,100,100"},
    "all saved once": {"savings": "100,0,0,0"},
    "falling savings": {"savings": "10,5,2,0"},
    "barely a saving": {"savings": "0,0,0,0.001"},
    "nearly proven": {"savings": "0,2,5,7.63"},
    "as late as can be": {"slippage_months": 42},
    "late with savings from the start": {"slippage_months": 42, "savings": "10,10,10,10"},
    "late with a single year of savings": {"slippage_months": 25, "savings": "0,50,0,0"},
    "as early as can be": {"start_date": "2009-04-01"},
    "prices of today": {"price_base": "2023/24", "savings": "0,0,0,0"},
    "all interim": {"interim_share": "100"},
    **{basis: {"contribution_basis": basis} for basis in BASES[1:]},
}

# What sharing out the cost is looked at under.
SHARED: dict[str, dict[str, object]] = {
    "mid": {},
    "nothing saved": {"savings": "0,0,0,0"},
    "half saved": {"savings": "50,50,50,50"},
    "late": {"slippage_months": 42},
    "today": {"price_base": "2023/24"},
    "no interim staff": {"interim_share": "0"},
    **{basis: {"contribution_basis": basis} for basis in BASES},
}


def shared(name: str) -> finance.Assumptions:
    """Return one of the cases that sharing out is looked at under."""
    return finance.Assumptions(**SHARED[name])


PATHS = st.lists(st.floats(0, 100), min_size=4, max_size=4)


@st.composite
def assumptions(draw: st.DrawFn) -> finance.Assumptions:
    """Draw assumptions from all that are allowed."""
    moved = draw(st.integers(EARLIEST, LATEST))
    path = ",".join(repr(level) for level in draw(PATHS))
    return finance.Assumptions(
        scenario=draw(st.sampled_from(SCENARIOS)),
        savings=draw(st.sampled_from(("scenario", path))),
        start_date=first_of_month(moved),
        slippage_months=draw(st.integers(0, LATEST - moved)),
        interim_share=draw(st.sampled_from(("published", "0", "100"))),
        contribution_basis=draw(st.sampled_from(BASES)),
        discount_rate=draw(st.floats(-50, 100)),
        price_base=draw(st.sampled_from(PRICE_BASES)),
    )


def first_of_month(moved: int) -> str:
    """Return the first day of the month that lies some months after September 2009."""
    months = 8 + moved
    return date(2009 + months // 12, months % 12 + 1, 1).isoformat()
