"""Figures that the 2009 case derives from its own assumptions, and counts that it repeats."""

from collections.abc import Iterator

from helpers import areas, evidence, finance
from helpers.reconciliation.check import PENNY, Check, against, rounding

THOUSAND, MILLION = 1e3, 1e6


def checks() -> Iterator[Check]:
    """Yield every check of a figure that is derived from assumptions."""
    for group in (
        _running_cost_categories,
        _planning_directorate,
        _collaborative_programme,
        _staff,
        _proofs,
        _transition,
        _competencies,
        _efficiency_lines,
        _existing_costs,
        _strategy_contribution,
    ):
        yield from group()


def _assumption(name: str) -> float:
    value: float = evidence.value("business-case-assumptions", "value", assumption=name)
    return value


def _row(resource: str, **where: object) -> evidence.Row:
    return next(
        row
        for row in evidence.rows(resource)
        if all(row[key] == wanted for key, wanted in where.items())
    )


def _running_cost_categories() -> Iterator[Check]:
    """Check the costs that are a sum for each whole-time equivalent."""
    staff = _assumption("staff-acute-commissioning-vehicle")
    each = {
        "facilities": ("office-future", "utilities-future", "furniture-future"),
        "support-functions": ("support-functions-future",),
        "technology-and-training": ("technology-future", "training-future"),
    }
    for category, assumptions in each.items():
        total = staff * sum(_assumption(name) for name in assumptions) / MILLION
        for year in finance.years():
            row = _row("running-costs", category=category, year=year)
            yield against(
                row,
                "cost_gbp_m",
                f"derived-{category}-{year}",
                f"{row['category_title']}, {year}, £ million: cost for each of the Partnership's "
                "staff, by months",
                total * finance.part_year(year),
                PENNY / 2,
            )


def _planning_directorate() -> Iterator[Check]:
    parts = ("spd-staff", "spd-indirect", "spd-consultancy", "spd-overheads")
    total = sum(_assumption(name) for name in parts) / MILLION
    for year in finance.years():
        row = _row("running-costs", category="strategic-planning-directorate", year=year)
        yield against(
            row,
            "cost_gbp_m",
            f"planning-directorate-{year}",
            f"Planning directorate, {year}, £ million: sum of its components, by months",
            total * finance.part_year(year),
            PENNY / 2,
        )
    row = _row("business-case-assumptions", assumption="spd-overheads")
    for_each = sum(
        _assumption(name)
        for name in (
            "office-future",
            "utilities-future",
            "furniture-future",
            "support-functions-future",
        )
    )
    staff = _row("workforce", measure="staff-partnership-all")["value"] - _assumption(
        "staff-acute-commissioning-vehicle"
    )
    yield against(
        row,
        "value",
        "planning-directorate-overheads",
        "Overheads of the planning directorate, £: cost for each of the staff between the two "
        "totals printed",
        staff * for_each,
        0.5,
    )


def _collaborative_programme() -> Iterator[Check]:
    row = _row("business-case-assumptions", assumption="collaborative-programme")
    parts = ("collaborative-programme-funding", "collaborative-programme-consultancy")
    yield against(
        row,
        "value",
        "collaborative-programme",
        "Collaborative Programme, £ million a year: funding and consultancy",
        sum(_assumption(name) for name in parts) / THOUSAND,
        0.05,
    )


def _staff() -> Iterator[Check]:
    rows = {row["measure"]: row for row in evidence.rows("workforce")}
    yield against(
        rows["people-directly-involved"],
        "value",
        "people-involved",
        "People involved in acute commissioning: those over and under half their time",
        rows["people-over-half-time"]["value"] + rows["people-under-half-time"]["value"],
        0,
    )
    yield against(
        rows["staff-employed"],
        "value",
        "staff-employed",
        "Staff employed, whole-time equivalents: temporary and permanent",
        rows["staff-temporary"]["value"] + rows["staff-permanent"]["value"],
        rounding(2, 0.1),
    )
    yield against(
        rows["staff-employed"],
        "value",
        "staff-employed-appendix",
        "Staff employed, whole-time equivalents: sum of the eight trusts in the appendix",
        sum(row["wte"] for row in evidence.rows("appendix-staff")),
        0.05 + len(finance.boroughs()) * PENNY / 2,
    )
    current = {row["area"]: row for row in evidence.rows("current-costs")}
    for row in evidence.rows("appendix-staff"):
        yield against(
            row,
            "wte",
            f"appendix-staff-{row['area']}",
            f"Staff in {areas.name(row['area'])}, whole-time equivalents: as in Table 6",
            current[row["area"]]["wte"],
            0,
        )


def _proofs() -> Iterator[Check]:
    """Check the examples that the case gives for its savings."""
    proofs = {row["proof"]: row for row in evidence.rows("savings-proofs")}
    spend = {
        row["area"]: row["spend_per_head_gbp"] for row in evidence.rows("acute-spend-per-head")
    }
    sector, london = spend[areas.SECTOR], spend["rest-of-london"]
    cut = (sector - london) / sector * 100
    base = _assumption("nwl-provider-acute-spend") * THOUSAND
    for name in ("spend-above-london-manifesto", "spend-above-london"):
        yield against(
            proofs[name],
            "low",
            name,
            "Spend a head above the rest of London, per cent of the rest of London",
            (sector / london - 1) * 100,
            0.5,
        )
    yield against(
        proofs["spend-per-head-percent"],
        "low",
        "spend-per-head-percent",
        "Saving that brings spend a head to the rest of London, per cent of own spend",
        cut,
        0.5,
    )
    for name in ("spend-per-head-manifesto", "spend-per-head"):
        yield against(
            proofs[name],
            "low",
            name,
            "Saving that brings spend a head to the rest of London, £ million: the cut, unrounded, "
            "of spend with the sector's own hospitals",
            cut / 100 * base,
            0.5 + cut / 100 * 5,
        )
    small, large = (row["spend_per_head_gbp"] for row in evidence.rows("acute-spend-by-population"))
    for name in ("commissioner-size", "commissioner-size-manifesto"):
        yield against(
            proofs[name],
            "high",
            name,
            "Lower spend a head of the largest commissioners, per cent of the smallest's",
            (small - large) / small * 100,
            0.5,
        )
    top_down = _row("business-case-assumptions", assumption="top-down-running-cost")
    share, budget = _assumption("commissioning-cost-share"), _assumption("sector-acute-spend")
    yield against(
        top_down,
        "value",
        "top-down-running-cost",
        "Running cost from the top down, £ million: share of the sector's acute budget",
        share / 100 * budget * THOUSAND,
        0.005 + share / 100 * 5,
    )


def _transition() -> Iterator[Check]:
    legal = _row("transition-costs", category="legal", year=finance.years()[0])
    yield against(
        legal,
        "cost_gbp_thousand",
        "legal-costs",
        "Legal costs, £ thousand: share of the people who move, by cost of a challenge",
        _assumption("people-over-half-time")
        * _assumption("legal-challenge-share")
        / 100
        * _assumption("legal-challenge-cost")
        / THOUSAND,
        0.05,
    )
    programme = _row("transition-costs", category="programme-office", year=finance.years()[0])
    yield against(
        programme,
        "cost_gbp_thousand",
        "programme-office",
        "Programme office, £ thousand: as assumed",
        _assumption("programme-office") / THOUSAND,
        0.5,
    )
    staff = _row(
        "transition-costs", category="permanent-and-temporary-staff", year=finance.years()[0]
    )
    centre = _assumption("assessment-centre-cost") * _assumption("assessment-centre-attendance")
    yield against(
        staff,
        "cost_gbp_thousand",
        "transition-staff",
        "Permanent and temporary staff, £ thousand: staff time and one assessment centre",
        (_assumption("westminster-staff-time") + centre) / THOUSAND,
        0.5,
    )


def _competencies() -> Iterator[Check]:
    for total in evidence.rows("competency-totals"):
        parts = [
            row["score"]
            for row in evidence.rows("competency-scores")
            if row["area"] == total["area"]
        ]
        yield against(
            total,
            "total_score",
            f"competencies-{total['area']}",
            f"Total competency score, {areas.name(total['area'])}: sum of its competencies",
            sum(parts),
            rounding(len(parts), PENNY),
        )


def _efficiency_lines() -> Iterator[Check]:
    """Check each year's benefit against the spend that the last year's implies."""
    for row in evidence.rows("net-benefit"):
        if row["line"] != "efficiency_benefits" or row["area"] == areas.SECTOR:
            continue
        shares = finance.inputs().savings[row["scenario"]]
        share, last = float(shares[finance.years().index(row["year"])]), float(shares[-1])
        yield against(
            row,
            "value_gbp_m",
            f"efficiency-{row['area']}-{row['year']}",
            f"Efficiency benefit, {areas.name(row['area'])}, {row['year']}, £ million: "
            "share of the spend that the last year implies",
            finance.as_planned(row["scenario"]).amount(row["line"], row["area"], row["year"]),
            PENNY / 2 * (1 + share / last),
        )


def _existing_costs() -> Iterator[Check]:
    for row in evidence.rows("net-benefit"):
        if row["line"] != "existing_running_costs" or row["area"] == areas.SECTOR:
            continue
        yield against(
            row,
            "value_gbp_m",
            f"existing-{row['area']}-{row['year']}",
            f"Existing running costs, {areas.name(row['area'])}, {row['year']}, £ million: "
            "own cost and share of the Collaborative Programme, by months",
            finance.as_planned(row["scenario"]).amount(row["line"], row["area"], row["year"]),
            PENNY / 2 + (PENNY / 2 + 0.05 / 100 * 1.1) * finance.part_year(row["year"]),
        )


def _strategy_contribution() -> Iterator[Check]:
    payment = _row("strategy-funding", item="maximum-contribution")
    yield against(
        payment,
        "value",
        "strategy-contribution",
        "Brent's contribution to the sector strategy of 2010, £: its payments",
        sum(row["amount_gbp"] for row in evidence.rows("strategy-payments")),
        0,
    )
