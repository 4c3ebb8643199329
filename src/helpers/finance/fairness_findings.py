"""Who gains, who pays and who bears over-performance, in sentences that stay true.

Each takes a table of `fairness` or `over_performance` and returns a title of at most 15 words
without a full stop.
"""

from typing import TYPE_CHECKING

from helpers import areas, prose
from helpers.finance.calendar import SECTOR

if TYPE_CHECKING:
    import pandas as pd

SMALL = 0.005  # £ million: rounds to nothing at two decimals
HUNDRED = 100


def of_interest(table: "pd.DataFrame", area: str, first: str, second: str) -> str:
    """Return the reader's borough, or for the sector the one whose two figures differ most."""
    if area != SECTOR:
        return area
    gaps = (table[first] - table[second]).abs()
    found: str = table.loc[gaps.idxmax(), "area"]
    return found


def pays_and_gains(shares: "pd.DataFrame", area: str) -> str:
    """Say which part a borough pays, and which it has of what is gained."""
    row = _row(shares, of_interest(shares, area, "contribution_percent", "gain_percent"))
    return (
        f"{row['name']} would pay {prose.percent(row['contribution_percent'], 1)} of the cost "
        f"and have {prose.percent(row['gain_percent'], 1)} of the gain"
    )


def pays_and_paid(shares: "pd.DataFrame", area: str) -> str:
    """Say which part of the new cost a borough pays, and which of the present one."""
    row = _row(shares, of_interest(shares, area, "contribution_percent", "existing_percent"))
    return (
        f"{row['name']} would pay {prose.percent(row['contribution_percent'], 1)} of the new cost "
        f"against {prose.percent(row['existing_percent'], 1)} of the present"
    )


def change(costs: "pd.DataFrame", area: str) -> str:
    """Say what an area would pay more or less than now."""
    row = _row(costs, area)
    amount = row["change_gbp_m"]
    if abs(amount) < SMALL:
        return f"{row['name']} would pay about as much a year as now"
    more = "more" if amount > 0 else "less"
    return f"{row['name']} would pay {prose.gbp_million(abs(amount))} a year {more} than now"


def changes(costs: "pd.DataFrame") -> str:
    """Say how many boroughs would pay more than now, and which most."""
    boroughs = costs[costs["area"] != SECTOR]
    dearer = boroughs[boroughs["change_gbp_m"] >= SMALL]
    if dearer.empty:
        return "No borough would pay more than now"
    most = boroughs.loc[boroughs["change_gbp_m"].idxmax(), "area"]
    if len(dearer) == 1:
        return f"Only {areas.name(most)} would pay more than now"
    counted = prose.sentence_case(prose.out_of(len(dearer), len(boroughs)))
    return f"{counted} boroughs would pay more than now, {areas.name(most)} the most"


def losers(fairness: "pd.DataFrame", basis: str) -> str:
    """Say who would pay more than it gains over the whole case under a basis."""
    row = fairness.set_index("basis").loc[basis]
    losing, whole = int(row["losing"]), int(row["boroughs"])
    if not losing:
        return "Every borough gains more than it pays"
    if losing == whole:
        return "Every borough would pay more than it gains"
    counted = prose.sentence_case(prose.out_of(losing, whole))
    return f"{counted} boroughs would pay more than {'it gains' if losing == 1 else 'they gain'}"


def misplaced(fairness: "pd.DataFrame", basis: str) -> str:
    """Say how much would have to change hands for each to pay as it gains."""
    row = fairness.set_index("basis").loc[basis]
    amount = prose.gbp(row["misplaced_percent"], 2)
    return (
        f"By {row['title']}, {amount} of every {prose.gbp(HUNDRED)} paid would have to change hands"
    )


def equality(fairness: "pd.DataFrame") -> str:
    """Say under which basis net benefit a head is most and least equal."""
    ordered = fairness.sort_values("gini")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"The Gini of net benefit runs from {prose.number(low['gini'], 3)} ({low['title']}) "
        f"to {prose.number(high['gini'], 3)} ({high['title']})"
    )


def cost_a_head(costs: "pd.DataFrame", area: str) -> str:
    """Say what acute commissioning costs a weighted head now and in full operation."""
    row = _row(costs, area)
    return (
        f"{row['name']} pays {prose.gbp(row['existing_a_head'], 2)} a weighted head now, "
        f"{prose.gbp(row['after_a_head'], 2)} in full operation"
    )


def fund(chances: "pd.DataFrame", area: str) -> str:
    """Say what the fund does to the chance of serious difficulty."""
    row = _row(chances, of_interest(chances, area, "none", "fund"))
    return (
        f"A fund takes {prose.possessive(row['name'])} chance of serious difficulty "
        f"from {prose.percent(row['none'])} to {prose.percent(row['fund'])}"
    )


def bad_year(table: "pd.DataFrame", area: str) -> str:
    """Say what a bad year costs alone and in a pool by population."""
    row = _row(table, of_interest(table, area, "none", "pool-population"))
    return (
        f"A bad year costs {row['name']} {prose.percent(row['none'], 1)} of its budget alone, "
        f"{prose.percent(row['pool-population'], 1)} pooled"
    )


def transfer(table: "pd.DataFrame", area: str, arrangement: str) -> str:
    """Say who pays for whom on average when over-performance is pooled."""
    moved = table.assign(nothing=0.0)
    row = _row(table, of_interest(moved, area, arrangement, "nothing"))
    amount = row[arrangement]
    if abs(amount) < SMALL:
        return f"In a pool {row['name']} would on average pay for its own alone"
    if amount > 0:
        return f"In a pool {row['name']} would pay {prose.gbp_million(amount)} a year for others"
    return f"In a pool {row['name']} would get {prose.gbp_million(-amount)} a year from others"


def percent_range(low: float, high: float, decimals: int = 0) -> str:
    """Write a range of per cent: ``22 to 30%``, or one figure where both round to it."""
    ends = prose.number(low, decimals), prose.percent(high, decimals)
    return ends[1] if f"{ends[0]}%" == ends[1] else f"{ends[0]} to {ends[1]}"


def _row(table: "pd.DataFrame", area: str) -> "pd.Series":
    named = table.assign(name=table["area"].map(areas.names()))
    row: pd.Series = named.set_index("area").loc[area]
    return row
