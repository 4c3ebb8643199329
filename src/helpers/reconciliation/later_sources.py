"""Figures of the 2024 plan and of official statistics, recomputed from what stands beside them."""

from collections.abc import Iterator

from helpers import areas, evidence
from helpers.reconciliation.check import Check, against

MILLION = 1e6


def checks() -> Iterator[Check]:
    """Yield every check of the 2024 plan and the statistics."""
    for group in (_allocation, _populations, _census, _cancer_waits, _emergency_waits):
        yield from group()


def _allocation() -> Iterator[Check]:
    facts = {row["fact"]: row for row in evidence.rows("system-facts")}
    head = facts["allocation-per-head"]
    yield against(
        facts["allocation-below-average"],
        "value",
        "allocation-below-average",
        "Allocation for each needs-weighted head below the national average, per cent",
        (1 - head["value"] / head["comparator_value"]) * 100,
        0.5,
    )


def _populations() -> Iterator[Check]:
    """Compare the plan's populations with the Census, the only complete set of the eight."""
    census = {
        (row["area"], row["census_year"]): row["persons"]
        for row in evidence.rows("population")
        if row["age_group"] == "all"
    }
    latest = max(year for _, year in census)
    for row in evidence.rows("borough-facts"):
        held = (row["area"], latest) in census
        if row["fact"] == "population" and row["value"] is not None and held:
            yield against(
                row,
                "value",
                f"population-{row['area']}",
                f"Population of {areas.name(row['area'])} in the plan: as in the {latest} Census",
                census[row["area"], latest],
                50,
            )
    total = next(
        row for row in evidence.rows("system-facts") if row["fact"] == "resident-population"
    )
    yield against(
        total,
        "value",
        "population-nwl",
        f"Population of North West London, million: sum of the boroughs in the Census of {latest}",
        sum(census.get((area, latest), 0) for area in areas.boroughs()) / MILLION,
        0.05,
    )


def _census() -> Iterator[Check]:
    """Check that the age groups, each rounded to 100, add to the total."""
    rows = evidence.rows("population")
    for total in rows:
        parts = [
            row["persons"]
            for row in rows
            if (row["area"], row["census_year"]) == (total["area"], total["census_year"])
            and row["age_group"] != "all"
        ]
        if total["age_group"] == "all" and parts:
            yield against(
                total,
                "persons",
                f"census-ages-{total['area']}-{total['census_year']}",
                f"Residents of {areas.name(total['area'])}, Census of {total['census_year']}: "
                "sum of the age groups",
                sum(parts),
                (len(parts) + 1) * 50,
            )


def _cancer_waits() -> Iterator[Check]:
    for row in evidence.rows("cancer-62-day"):
        yield against(
            row,
            "percent_within",
            f"cancer-62-day-{row['provider_code']}-{row['month']:%Y-%m}",
            f"Treated within the standard, {row['provider']}, {row['month']:%B %Y}, per cent",
            row["treated_within"] / row["total"] * 100,
            0.05,
        )


def _emergency_waits() -> Iterator[Check]:
    for row in evidence.rows("ae-4-hour"):
        yield against(
            row,
            "percent_within",
            f"ae-4-hour-{row['provider_code']}-{row['month']:%Y-%m}",
            f"Seen within the standard, {row['provider']}, {row['month']:%B %Y}, per cent",
            (1 - row["over_4_hours"] / row["attendances"]) * 100,
            0.005,
        )
