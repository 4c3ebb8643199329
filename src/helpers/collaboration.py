"""How the sector worked together from 2009 to 2024: its forms, its money, its promises."""

from datetime import date
from typing import TYPE_CHECKING

from helpers import evidence, prose

if TYPE_CHECKING:
    import pandas as pd

DAYS_A_YEAR = 365.25
UNPRINTED = "Not printed"
ELSEWHERE = "Elsewhere in the plan"
RELATIONS = {
    "same": "Promised again",
    "moved": "Moved to other services, staff or bodies",
}
BENEFIT_HEADS = {
    1: "Hospital\nresults",
    2: "Scarce\nskills",
    3: "Better\nhealth",
    4: "Lower\nprices",
    5: "Lower\nvolumes",
    6: "Best\npractice",
}


def turning_points() -> "pd.DataFrame":
    """Return the turning points in order of time.

    Returns
    -------
    pandas.DataFrame
        Columns ``event, short_title, stage, planned, date_start, date_end, shown,
        source_id, locator``; `shown` is the date as a reader writes it.
    """
    chosen = evidence.load("collaboration-events")
    dated = evidence.load("timeline")[["event", "date_start", "date_end", "precision"]]
    points = chosen.merge(dated, on="event").sort_values(["date_start", "date_end"])
    shown = [
        written(row.date_start, row.date_end, row.precision)
        for row in points.itertuples(index=False)
    ]
    return points.assign(shown=shown).reset_index(drop=True)


def written(start: date, end: date, precision: str) -> str:
    """Write a date as precisely as it is known: ``3 October 2008``, ``June 2009``, ``2022``."""
    if precision == "day":
        return f"{start.day} {start:%B %Y}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%B %Y}"
    if precision == "year" and (start.month, start.day) == (1, 1):
        return f"{start:%Y}"
    if precision == "year":
        return f"{start.year}/{end:%y}"
    same_year = start.year == end.year
    return f"{start:%B}{'' if same_year else f' {start.year}'} to {end:%B %Y}"


def longest_silence(points: "pd.DataFrame") -> tuple[date, date, float]:
    """Return the longest time in which nothing is recorded or planned.

    Parameters
    ----------
    points : pandas.DataFrame
        Rows of `turning_points`, two or more.

    Returns
    -------
    tuple
        Its first day, its last day and its length in years.
    """
    ordered = points.sort_values("date_start")
    latest = ordered["date_end"].cummax()
    gaps = ordered["date_start"].iloc[1:].to_numpy() - latest.iloc[:-1].to_numpy()
    widest = int(gaps.argmax())
    start, end = latest.iloc[widest], ordered["date_start"].iloc[widest + 1]
    return start.date(), end.date(), (end - start).days / DAYS_A_YEAR


def money() -> "pd.DataFrame":
    """Return what the documents say of money for working together, one sum a row.

    Returns
    -------
    pandas.DataFrame
        Columns ``year, purpose, amount, body, state, source_id, locator``; `amount` is written
        with its unit, or says that none is printed; `body` dealt with it or receives it.
    """
    import pandas as pd

    return pd.DataFrame([*_money_2009(), *_money_2010(), *_money_2018(), *_money_2024()])


def reappearing() -> "pd.DataFrame":
    """Return the benefits of 2009 that the plan of 2024 takes up, with both names.

    Returns
    -------
    pandas.DataFrame
        As the resource ``benefit-priority-matrix`` describes it, with ``benefit_title``,
        ``priority_title`` and ``relation_title``.
    """
    benefits = {row["benefit"]: row["title"] for row in evidence.rows("benefits")}
    links = evidence.load("benefit-priority-matrix")
    names = priority_names()
    return links.assign(
        benefit_title=links["benefit"].map(benefits),
        priority_title=links["priority"].fillna(0).astype(int).map(names),
        relation_title=links["relation"].map(RELATIONS),
    )


def priority_names() -> dict[int, str]:
    """Return the priorities' names by number; nought stands for elsewhere in the plan."""
    named = {
        row["priority"]: f"{row['priority']} {row['short_title']}"
        for row in evidence.rows("priorities")
    }
    return named | {0: ELSEWHERE}


def promise_marks() -> tuple[list[str], list[str], list[list[str | None]]]:
    """Return the matrix of priorities and benefits as names, heads and marks.

    Returns
    -------
    tuple
        Names of the rows (priorities, then elsewhere), heads of the columns (benefits) and
        for each row the relation to each benefit, or None.
    """
    names = priority_names()
    found = {
        (row["priority"] or 0, row["benefit"]): row["relation"]
        for row in evidence.rows("benefit-priority-matrix")
    }
    marks = [[found.get((number, benefit)) for benefit in BENEFIT_HEADS] for number in names]
    return list(names.values()), list(BENEFIT_HEADS.values()), marks


def plan_places(links: "pd.DataFrame") -> "pd.DataFrame":
    """Return the parts of the plan of 2024 that links rest on, as rows of evidence."""
    places = links[["plan_source_id", "plan_locator"]].set_axis(["source_id", "locator"], axis=1)
    return places.assign(locator=places["locator"].str.partition(",")[0]).sort_values("locator")


def _sum(
    year: str, purpose: str, amount: str, body: str, state: str, row: evidence.Row
) -> dict[str, str]:
    return {
        "year": year,
        "purpose": purpose,
        "amount": amount,
        "body": body,
        "state": state,
        "source_id": row["source_id"],
        "locator": row["locator"],
    }


def _money_2009() -> list[dict[str, str]]:
    costs = evidence.rows("partnership-costs")
    transition = [row for row in costs if row["category"] == "transition"]
    whole = [row for row in costs if row["is_total"]]
    setting_up = sum(row["cost_gbp_m"] or 0 for row in transition)
    body = "Boards of the trusts"
    return [
        _sum(
            "2009",
            "Setting up the Partnership, once",
            prose.gbp_million(setting_up),
            body,
            "Planned",
            transition[0],
        ),
        _sum(
            "2009",
            f"Cost of the Partnership in {whole[-1]['year']}",
            prose.gbp_million(whole[-1]["cost_gbp_m"]),
            body,
            "Planned",
            whole[-1],
        ),
    ]


def _money_2010() -> list[dict[str, str]]:
    funding = {row["item"]: row for row in evidence.rows("strategy-funding")}
    payments = evidence.rows("strategy-payments")
    dates = prose.listed([f"{row['date_start']:%B}" for row in payments])
    most, invoice = funding["maximum-contribution"], funding["invoice"]
    return [
        _sum(
            "2010",
            "Most that one trust, Brent, gives for the sector strategy",
            prose.gbp(most["value"]),
            "Board of NHS Brent",
            "Asked for",
            most,
        ),
        _sum(
            "2010",
            f"Each of {prose.count(len(payments))} invoices to Brent: {dates} "
            f"{payments[0]['date_start'].year}",
            prose.gbp(invoice["value"]),
            "Board of NHS Brent",
            "Asked for",
            invoice,
        ),
    ]


def _money_2018() -> list[dict[str, str]]:
    numbers = {row["number"]: row for row in evidence.rows("collaboration-numbers")}
    committee = "Shadow Joint Committee"
    named = {
        "diabetes-investment": ("Investment in diabetes services", committee),
        "mental-health-drawn": ("Mental health, drawn from the financial strategy", committee),
        "mental-health-requested": ("Mental health, a further sum", committee),
        "repayment-share": ("Share paid back into the shared investment pot", committee),
        "programme-budget": ("Budget of the collaboration programme", "Not said"),
    }
    return [
        _sum(
            "2018",
            purpose,
            UNPRINTED
            if numbers[key]["value"] is None
            else prose.gbp_million(numbers[key]["value"], 1),
            body,
            prose.sentence_case(numbers[key]["status"]),
            numbers[key],
        )
        for key, (purpose, body) in named.items()
    ]


def _money_2024() -> list[dict[str, str]]:
    facts = {row["fact"]: row for row in evidence.rows("system-facts")}
    allocation, cut = facts["direct-allocation"], facts["running-cost-reduction"]
    return [
        _sum(
            "2024",
            "Direct allocation to the integrated care board, a year",
            prose.gbp_billion(allocation["value"]),
            "Integrated care board",
            "Received",
            allocation,
        ),
        _sum(
            "2024",
            f"Cut in the board's own running costs, {cut['period']}",
            prose.percent(cut["value"]),
            "Integrated care board",
            "Required",
            cut,
        ),
    ]
