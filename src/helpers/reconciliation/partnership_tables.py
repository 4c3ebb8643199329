"""Totals and subtotals of the finance tables of the 2009 case, from their printed parts."""

import math
from collections.abc import Iterator

from helpers import areas, evidence, finance
from helpers.reconciliation.check import PENNY, Check, rounding

SPEND = "nwl-provider-acute-spend"


def checks() -> Iterator[Check]:
    """Yield every check of the finance tables."""
    for group in (
        _savings,
        _current_costs,
        _cost_tables,
        _contributions,
        _net_benefit_lines,
        _sector_sums,
        _summary_table,
        _paybacks,
    ):
        yield from group()


def _savings() -> Iterator[Check]:
    spend: float = evidence.value("business-case-assumptions", "value", assumption=SPEND)
    for row in evidence.rows("expected-savings"):
        shares = finance.inputs().savings[row["scenario"]]
        share = float(shares[finance.years().index(row["year"])])
        yield Check(
            f"savings-{row['scenario']}-{row['year']}",
            f"Expected saving, {row['scenario']} case, {row['year']}: share of spend with "
            "the sector's own hospitals, £ million",
            row["saving_gbp_m"],
            share * spend * 1000,
            0.5 + share * 5,
            row["source_id"],
            row["locator"],
        )


def _current_costs() -> Iterator[Check]:
    rows = evidence.rows("current-costs")
    total = next(row for row in rows if row["area"] == areas.SECTOR)
    parts = [row for row in rows if row["area"] != areas.SECTOR]
    for column, what in (
        ("annual_cost_gbp_m", "Current cost of acute commissioning, £ million"),
        ("wte", "Current staff in acute commissioning, whole-time equivalents"),
    ):
        yield Check(
            f"current-{column}",
            f"{what}: sum of the eight trusts",
            total[column],
            sum(row[column] for row in parts),
            rounding(len(parts), PENNY),
            total["source_id"],
            total["locator"],
        )


def _cost_tables() -> Iterator[Check]:
    for year in finance.years():
        running = _cells("running-costs", "cost_gbp_m", year)
        summary = _cells("partnership-costs", "cost_gbp_m", year)
        yield from _sum(
            f"running-acute-{year}",
            f"Running cost of acute commissioning, {year}, £ million: sum of its categories",
            running,
            "acute-commissioning",
            [
                "salaries-and-on-costs",
                "facilities",
                "support-functions",
                "technology-and-training",
            ],
        )
        yield from _sum(
            f"running-total-{year}",
            f"Running cost of the Partnership, {year}, £ million: with the planning directorate",
            running,
            "partnership",
            ["acute-commissioning", "strategic-planning-directorate"],
        )
        yield from _sum(
            f"partnership-cost-{year}",
            f"Cost of the Partnership, {year}, £ million: sum of its categories",
            summary,
            "partnership",
            ["acute-commissioning", "strategic-planning-directorate", "transition"],
        )
    for year in finance.years()[:2]:
        transition = _cells("transition-costs", "cost_gbp_thousand", year)
        parts = [name for name in transition if name != "transition"]
        yield from _sum(
            f"transition-{year}",
            f"Transition cost, {year}, £ thousand: sum of its categories",
            transition,
            "transition",
            parts,
            unit=1.0,
        )


def _cells(resource: str, column: str, year: str) -> dict[str, evidence.Row]:
    return {
        row["category"]: {**row, "amount": row[column] or 0.0}
        for row in evidence.rows(resource)
        if row["year"] == year
    }


def _sum(
    check_id: str,
    statement: str,
    cells: dict[str, evidence.Row],
    total: str,
    parts: list[str],
    unit: float = PENNY,
) -> Iterator[Check]:
    yield Check(
        check_id,
        statement,
        cells[total]["amount"],
        sum(cells[part]["amount"] for part in parts),
        rounding(len(parts), unit),
        cells[total]["source_id"],
        cells[total]["locator"],
    )


def _contributions() -> Iterator[Check]:
    shares = evidence.rows("contribution-shares")
    totals = {
        row["year"]: row["cost_gbp_m"]
        for row in evidence.rows("partnership-costs")
        if row["is_total"]
    }
    yield Check(
        "contribution-shares",
        "Shares of the contribution, per cent: sum of the eight trusts",
        next(row["share_percent"] for row in shares if row["area"] == areas.SECTOR),
        sum(row["share_percent"] for row in shares if row["area"] != areas.SECTOR),
        rounding(len(finance.boroughs()), PENNY),
        shares[0]["source_id"],
        shares[0]["locator"],
    )
    for row in evidence.rows("contributions"):
        if row["area"] == areas.SECTOR:
            parts = [
                each["contribution_gbp_m"]
                for each in evidence.rows("contributions")
                if each["year"] == row["year"] and each["area"] != areas.SECTOR
            ]
            recomputed, tolerance = sum(parts), rounding(len(parts), PENNY)
            how = "sum of the eight trusts"
        else:
            share = next(each for each in shares if each["area"] == row["area"])
            recomputed = share["share_percent"] / 100 * totals[row["year"]]
            tolerance, how = rounding(1, PENNY), "share of the Partnership's cost"
        yield Check(
            f"contribution-{row['area']}-{row['year']}",
            f"Contribution, {areas.name(row['area'])}, {row['year']}, £ million: {how}",
            row["contribution_gbp_m"],
            recomputed,
            tolerance,
            row["source_id"],
            row["locator"],
        )


def _net_benefit_lines() -> Iterator[Check]:
    """Check both subtotals of each table of net benefit from the printed lines above them."""
    sums = {
        "net_cost_reduction": ("existing_running_costs", "partnership_running_costs"),
        "net_benefit": (
            "net_cost_reduction",
            "retained_staff_costs",
            "other_retained_costs",
            "efficiency_benefits",
        ),
    }
    cells = {(row["area"], row["year"], row["line"]): row for row in evidence.rows("net-benefit")}
    for (area, year, line), row in cells.items():
        if line not in sums:
            continue
        parts = sums[line]
        yield Check(
            f"{line.replace('_', '-')}-{area}-{year}",
            f"{line.replace('_', ' ').capitalize()}, {areas.name(area)}, {year}, £ million: "
            "sum of the printed lines",
            row["value_gbp_m"],
            sum(cells[area, year, part]["value_gbp_m"] for part in parts),
            rounding(len(parts), PENNY),
            row["source_id"],
            row["locator"],
        )


def _sector_sums() -> Iterator[Check]:
    rows = evidence.rows("net-benefit")
    for row in rows:
        if row["area"] != areas.SECTOR:
            continue
        parts = [
            each["value_gbp_m"]
            for each in rows
            if each["area"] != areas.SECTOR
            and (each["year"], each["line"]) == (row["year"], row["line"])
        ]
        yield Check(
            f"sector-{row['line'].replace('_', '-')}-{row['year']}",
            f"{row['line'].replace('_', ' ').capitalize()}, sector, {row['year']}, £ million: "
            "sum of the eight trusts' tables",
            row["value_gbp_m"],
            sum(parts),
            rounding(len(parts), PENNY),
            row["source_id"],
            row["locator"],
        )


def _summary_table() -> Iterator[Check]:
    appendix = {
        (row["area"], row["year"]): row["value_gbp_m"]
        for row in evidence.rows("net-benefit")
        if row["line"] == "net_benefit"
    }
    for row in evidence.rows("net-benefit-summary"):
        yield Check(
            f"summary-{row['area']}-{row['year']}",
            f"Net benefit, {areas.name(row['area'])}, {row['year']}, £ million: as in the appendix",
            row["net_benefit_gbp_m"],
            appendix[row["area"], row["year"]],
            0.0,
            row["source_id"],
            row["locator"],
        )


def _paybacks() -> Iterator[Check]:
    """Check payback from printed net benefits, which are rounded to £ 0.01 million."""
    cells = {
        (row["area"], row["year"]): row["value_gbp_m"]
        for row in evidence.rows("net-benefit")
        if row["line"] == "net_benefit"
    }
    first, second = finance.years()[:2]
    for row in evidence.rows("payback"):
        deficit, gain = cells[row["area"], first], cells[row["area"], second]
        days = float(finance.payback_days((deficit, gain)))
        if math.isnan(days):
            continue
        extreme = float(finance.payback_days((deficit - PENNY / 2, gain - PENNY / 2)))
        yield Check(
            f"payback-{row['area']}",
            f"Payback period, {areas.name(row['area'])}, days after rollout",
            row["payback_days"],
            days,
            0.0 if days == 0 else extreme - days + 1,
            row["source_id"],
            row["locator"],
        )
