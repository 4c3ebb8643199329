"""What the evidence holds: its tables, described by the data package itself."""

from typing import TYPE_CHECKING

from helpers import data_package, evidence
from helpers.markdown import escaped
from helpers.prose import sentence_case

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
        for entry in data_package.descriptor()["resources"]
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


def dictionary() -> "pd.DataFrame":
    """Return the data dictionary: every column of every table.

    Returns
    -------
    pandas.DataFrame
        Columns ``table``, ``table_title``, ``folder``, ``column``, ``title``, ``type``, ``unit``,
        ``required``, ``description``, as the data package describes them.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "table": entry["name"],
            "table_title": entry["title"],
            "folder": entry["path"].split("/")[0],
            "column": field["name"],
            "title": field["title"],
            "type": field["type"],
            "unit": field.get("unit", ""),
            "required": bool(field.get("constraints", {}).get("required", False)),
            "description": " ".join(field["description"].split()),
        }
        for entry in data_package.descriptor()["resources"]
        if "schema" in entry
        for field in entry["schema"]["fields"]
    )


def dictionary_pages() -> str:
    """Return the data dictionary as Markdown: a fold a table, grouped by where it comes from."""
    frame = dictionary()
    pages = []
    for folder, tables in frame.groupby("folder", sort=False):
        pages.append(f"### {sentence_case(folder.replace('-', ' '))} {{.unnumbered}}\n")
        for (table, title), fields in tables.groupby(["table", "table_title"], sort=False):
            lines = [
                f'::: {{.callout-note collapse="true" title="{table}"}}',
                f"{escaped(title)}.\n",
                "| Column | Type | Unit | What it holds |",
                "|---|---|---|---|",
                *(
                    f"| {escaped(column)} | {kind} | {escaped(unit) or 'None'} "
                    f"| {escaped(description)} |"
                    for column, kind, unit, description in zip(
                        *(fields[name] for name in ("column", "type", "unit", "description")),
                        strict=True,
                    )
                ),
                ":::\n",
            ]
            pages.append("\n".join(lines))
    return "\n".join(pages)


def numbers_of_the_plan() -> int:
    """Return how many numbers of the 2024 plan are held, its targets and facts alike."""
    held = {
        "indicators": "target_printed",
        "system-facts": "value",
        "borough-facts": "value",
        "enabling-programmes": "value",
    }
    return sum(
        1 for name, column in held.items() for row in evidence.rows(name) if row[column] is not None
    )
