"""The tables in which the boroughs stand side by side, a row a borough.

A borough that a table of evidence lacks has no value there, and keeps its row.
"""

from typing import TYPE_CHECKING, Any

from helpers import areas, evidence
from helpers.boroughs import people, plan
from helpers.boroughs.census import census
from helpers.boroughs.features import ranks
from helpers.comparison.neighbours import Neighbours
from helpers.finance import Assumptions, Projection, boroughs, findings, inputs, prices
from helpers.tables import NO_DATA

if TYPE_CHECKING:
    import pandas as pd

MILLION = 1e6
DECIMALS = 3  # of what ranks are taken of


def people_table() -> "pd.DataFrame":
    """Return ``area, name, residents``, ``growth`` and the share of each age group, per cent."""
    held = {feature.name: feature for feature in people.features()}
    wanted = ["growth", *(name for name in held if name.startswith("aged-"))]
    return _table(
        {"residents": people.residents().values, **{name: held[name].values for name in wanted}}
    )


def health_table() -> "pd.DataFrame":
    """Return ``area, name``, life expectancy by sex, and the latest deprivation score and rank."""
    lives = {
        feature.name: feature.values
        for feature in people.features()
        if feature.name.startswith("life-expectancy")
    }
    latest = list(people.deprivation_by_year().values())[-1]
    return _table(
        {
            **lives,
            "score": {area: row["average_score"] for area, row in latest.items()},
            "rank": {area: row["rank"] for area, row in latest.items()},
        }
    )


def promise_table(projection: Projection) -> "pd.DataFrame":
    """Return what the case of 2009 costs and gives each borough.

    Parameters
    ----------
    projection : Projection
        The case computed.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, name``; in £ million ``present`` (its own cost before, a year),
        ``contribution`` and ``net_benefit`` in the last year; ``per_resident`` (net benefit of
        the last year, £ per resident of the earlier Census) and ``payback`` (in words).
    """
    last = projection.years[-1]
    factor = prices.price_factor(projection.assumptions.price_base)
    net = {area: projection.amount("net_benefit", area, last) for area in boroughs()}
    residents = census().residents_before
    return _table(
        {
            "present": dict(zip(boroughs(), inputs().own_costs * factor, strict=True)),
            "contribution": {
                area: -projection.amount("partnership_running_costs", area, last)
                for area in boroughs()
            },
            "net_benefit": net,
            "per_resident": {
                area: amount * MILLION / residents[area]
                for area, amount in net.items()
                if area in residents
            },
            "payback": {area: _payback(projection.payback(area)) for area in boroughs()},
        }
    )


def plan_table() -> "pd.DataFrame":
    """Return what each borough's plan holds.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, name, activities, local_share`` (per cent), ``dated`` and ``touched``
        (how many priorities).
    """
    scopes = plan.scopes().set_index("partnership")
    links, numbers = plan.links(), priority_numbers()
    rows: dict[str, dict[str, Any]] = {}
    for each in plan.partnerships():
        for area in each.members:
            rows[area] = {"touched": sum(links[each.slug][number] > 0 for number in numbers)}
            if each.slug in scopes.index:
                known = scopes.loc[each.slug]
                rows[area] |= {name: known[name] for name in ("activities", "local_share", "dated")}
    columns = ("activities", "local_share", "dated", "touched")
    return _table(
        {name: {area: row[name] for area, row in rows.items() if name in row} for name in columns}
    )


def priority_numbers() -> list[int]:
    """Return the numbers of the priorities of 2024."""
    return [row["priority"] for row in evidence.rows("priorities")]


def priority_matrix() -> "pd.DataFrame":
    """Return how many items of each partnership touch each priority: ``title`` and the numbers."""
    import pandas as pd

    links, numbers = plan.links(), priority_numbers()
    return pd.DataFrame(
        [
            {"title": each.title, **{number: links[each.slug][number] for number in numbers}}
            for each in plan.partnerships()
        ]
    )


def distances(found: Neighbours) -> "pd.DataFrame":
    """Return each distance between boroughs: ``name, other, distance``, the nearest first."""
    import pandas as pd

    return pd.DataFrame(
        [
            {"name": areas.name(area), "other": areas.name(other), "distance": distance}
            for area in found.areas
            for other, distance in found.ordered(area)
        ]
    )


def ranks_over_time() -> "pd.DataFrame":
    """Return the boroughs' ranks by residents and by deprivation score at two dates.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, name, residents_before, residents_now, deprivation_before,
        deprivation_now``; a rank counts the boroughs that have the figure at both dates.
    """
    counted = census()
    scores = [
        {area: row["average_score"] for area, row in year.items()}
        for year in people.deprivation_by_year().values()
    ]
    columns = {}
    for name, pair in {
        "residents": (counted.residents_before, counted.residents),
        "deprivation": (scores[0], scores[-1]),
    }.items():
        both = set(pair[0]) & set(pair[1])
        for when, values in zip(("before", "now"), pair, strict=True):
            columns[f"{name}_{when}"] = ranks({area: values[area] for area in both}, DECIMALS)
    return _table(columns)


def chance_table(case: Assumptions) -> "pd.DataFrame":
    """Return for each thing compared what it rests on and whether chance can be told.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure, basis, verdict``, in words.
    """
    import pandas as pd

    notes = sorted({row["note"] for row in evidence.rows("population") if row["note"] is not None})
    rounding = f" ({'; '.join(note[:1].lower() + note[1:] for note in notes)})" if notes else ""
    return pd.DataFrame(
        [
            {
                "measure": "Residents and their ages",
                "basis": f"A count of everyone{rounding}",
                "verdict": "There is no sample and so no interval; differences smaller than the "
                "rounding cannot be told",
            },
            {
                "measure": "Life expectancy",
                "basis": "An estimate, held without its margin of error",
                "verdict": "Which differences are larger than chance cannot be told here",
            },
            {
                "measure": "Deprivation",
                "basis": "An index built from many statistics, held without an interval",
                "verdict": "No interval can be computed",
            },
            {
                "measure": "Promise of 2009",
                "basis": f"A calculation from assumptions ({case.case_name()})",
                "verdict": "Nothing is sampled: the order depends on the assumptions, as the ranks "
                "below show",
            },
            {
                "measure": "Local activities of 2024",
                "basis": "A count of activities out of all in a plan",
                "verdict": "An interval can be computed, and pairs of plans be tested",
            },
            {
                "measure": "Priorities touched",
                "basis": "Our own reading of each plan",
                "verdict": "Not a statistic: another reader may draw other links",
            },
            {
                "measure": "Waiting times",
                "basis": "Published by hospital trust",
                "verdict": f"{NO_DATA} by borough",
            },
        ]
    )


def _payback(days: float | None) -> str:
    """Write a payback so that a reader's script can sort it: days first, never last."""
    words = findings.payback_words(days)
    return f"{days:,.0f} days" if days is not None else words[:1].upper() + words[1:]


def _table(columns: "dict[str, Any]") -> "pd.DataFrame":
    """Set columns of values by area side by side, a row a borough; a missing one stays missing."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "area": area,
                "name": areas.name(area),
                **{name: values.get(area) for name, values in columns.items()},
            }
            for area in areas.boroughs()
        ]
    )
