"""What the evidence holds: its tables, described by the data package itself."""

from typing import TYPE_CHECKING

from helpers import evidence

if TYPE_CHECKING:
    import pandas as pd


def resources() -> "pd.DataFrame":
    """Return the tables of evidence with their descriptions and numbers of rows.

    Returns
    -------
    pandas.DataFrame
        Columns ``name``, ``title``, ``rows``, ``description``.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "name": entry["name"],
            "title": entry["title"],
            "rows": len(evidence.rows(entry["name"])),
            "description": " ".join(entry["description"].split()),
        }
        for entry in evidence.descriptor()["resources"]
        if "schema" in entry
    )


def borough_facts() -> "pd.DataFrame":
    """Return every fact on an area in one tidy table: the plan's and the official ones.

    Returns
    -------
    pandas.DataFrame
        Columns ``area, fact, value, unit, period, source_id, locator``; facts for which the
        plan prints no figure are left out.
    """
    import pandas as pd

    plan = evidence.load("borough-facts")
    census = evidence.load("population")
    life = evidence.load("life-expectancy")
    deprivation = evidence.load("deprivation")
    columns = ["area", "fact", "value", "unit", "period", "source_id", "locator"]
    frames = [
        plan[plan["value"].notna()],
        census.assign(
            fact="census-population-" + census["age_group"],
            value=census["persons"],
            unit="people",
            period=census["census_year"].astype(str),
        ),
        life.assign(fact="life-expectancy-" + life["sex"], value=life["years"], unit="years"),
        deprivation.assign(
            fact="deprivation-average-score",
            value=deprivation["average_score"],
            unit="score",
            period=deprivation["year"].astype(str),
        ),
        deprivation.assign(
            fact="deprivation-rank",
            value=deprivation["rank"],
            unit="rank",
            period=deprivation["year"].astype(str),
        ),
    ]
    return pd.concat([frame[columns] for frame in frames], ignore_index=True)
