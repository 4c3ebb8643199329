"""Who lives in a borough: the Census, life expectancy and deprivation, beside North West London.

A value of North West London is given only where it follows exactly from those of its
boroughs: sums, and shares and growth of sums. An average of averages is never formed.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from helpers import areas, evidence
from helpers.boroughs.census import age_words, census
from helpers.boroughs.features import PERCENT, Feature

if TYPE_CHECKING:
    import pandas as pd


@cache
def features() -> tuple[Feature, ...]:
    """Return what boroughs are compared by, in the order in which it is shown."""
    return (_growth(), *_ages(), *_life_expectancy(), _deprivation())


@cache
def residents() -> Feature:
    """Return the residents of the later Census."""
    return _residents(census().now, census().residents)


def beside_sector(area: str, missing: str) -> "pd.DataFrame":
    """Return an area's people beside those of North West London, as written text.

    Parameters
    ----------
    area : str
        Slug of a borough.
    missing : str
        Stands for a value that is not held.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure`` (with unit and period), ``here, sector, place``. Where North West
        London has no exact value its cell gives the range of the boroughs.
    """
    import pandas as pd

    counted = census()
    earlier = _residents(counted.before, counted.residents_before)
    shown = (residents(), earlier, *features())
    return pd.DataFrame([_row(feature, area, missing) for feature in shown])


def residents_by_borough(shown: Sequence[str] | None = None) -> "pd.DataFrame":
    """Return the residents of boroughs at both Censuses: ``area, name, before, now``.

    Parameters
    ----------
    shown : sequence of str, optional
        The boroughs; all if not given.
    """
    import pandas as pd

    counted = census()
    return pd.DataFrame(
        {
            "area": area,
            "name": areas.name(area),
            "before": counted.residents_before.get(area),
            "now": counted.residents.get(area),
        }
        for area in (areas.boroughs() if shown is None else shown)
    )


def deprivation(area: str) -> "pd.DataFrame":
    """Return an area's deprivation at each date, with what its rank rests on.

    Returns
    -------
    pandas.DataFrame
        As the resource ``deprivation`` describes it, with ``place`` (among the boroughs, the
        most deprived first); the earliest first. Empty if none is held.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {**row, "place": _scores(row["year"]).place(area, "")}
            for row in sorted(
                evidence.rows("deprivation", area=area), key=lambda each: each["year"]
            )
        ]
    )


@cache
def deprivation_by_year() -> Mapping[int, Mapping[str, evidence.Row]]:
    """Return the deprivation of each borough that is held, by year and area, the earliest first."""
    rows = evidence.rows("deprivation")
    years = sorted({row["year"] for row in rows})
    known = set(areas.boroughs())
    return {
        year: {row["area"]: row for row in rows if row["year"] == year and row["area"] in known}
        for year in years
    }


def _row(feature: Feature, area: str, missing: str) -> dict[str, str]:
    low, high = (feature.write(pick(feature.values.values())) for pick in (min, max))
    return {
        "measure": f"{feature.heading}, {feature.period}",
        "here": feature.written(area, missing),
        "sector": feature.written(areas.SECTOR, missing)
        if feature.sector is not None
        else f"{low} to {high} by borough",
        "place": feature.place(area, missing),
    }


@cache
def _census_places() -> "pd.DataFrame":
    return evidence.places("population")


def _residents(year: int, counts: Mapping[str, int]) -> Feature:
    return Feature(
        name=f"residents-{year}",
        title="Residents",
        unit="people",
        decimals=0,
        period=str(year),
        values=counts,
        sector=float(sum(counts.values())),
        most="the most residents",
        least="the fewest residents",
        places=_census_places(),
    )


def _growth() -> Feature:
    counted = census()
    grown = {area: counted.growth(area) for area in areas.boroughs()}
    values = {area: value for area, value in grown.items() if value is not None}
    shrinking = min(values.values()) < 0
    return Feature(
        name="growth",
        title="Growth of population",
        unit=PERCENT,
        decimals=1,
        period=f"{counted.before} to {counted.now}",
        values=values,
        sector=counted.growth(areas.SECTOR),
        most="the fastest growth of population",
        least="the largest fall of population" if shrinking else "the least growth of population",
        places=_census_places(),
    )


def _ages() -> list[Feature]:
    counted = census()
    found = []
    for group in counted.ages:
        shares = {area: counted.share(group, area) for area in areas.boroughs()}
        found.append(
            Feature(
                name=f"aged-{group}",
                title=f"Residents {age_words(group)}",
                unit=PERCENT,
                decimals=1,
                period=str(counted.now),
                values={area: value for area, value in shares.items() if value is not None},
                sector=counted.share(group, areas.SECTOR),
                most=f"the largest share {age_words(group)}",
                least=f"the smallest share {age_words(group)}",
                places=_census_places(),
            )
        )
    return found


def _life_expectancy() -> list[Feature]:
    rows = evidence.load("life-expectancy", area=list(areas.boroughs()))
    people = {"female": "women", "male": "men"}
    return [
        Feature(
            name=f"life-expectancy-{sex}",
            title=f"Life expectancy of {people.get(sex, sex)}",
            unit="years",
            decimals=1,
            period=str(group["period"].iloc[0]),
            values=dict(zip(group["area"], group["years"], strict=True)),
            sector=None,
            most=f"the longest life expectancy of {people.get(sex, sex)}",
            least=f"the shortest life expectancy of {people.get(sex, sex)}",
            places=group.drop_duplicates(["source_id", "locator"]),
        )
        for sex, group in rows.groupby("sex", sort=False)
    ]


def _deprivation() -> Feature:
    return _scores(max(_scores_by_year()))


@cache
def _scores_by_year() -> Mapping[int, Mapping[str, float]]:
    """Return the deprivation score of each borough that is held, by year."""
    known = set(areas.boroughs())
    found: dict[int, dict[str, float]] = {}
    for year, area, score in evidence.columns("deprivation", "year", "area", "average_score"):
        if area in known:
            found.setdefault(year, {})[area] = score
    return found


def _scores(year: int) -> Feature:
    return Feature(
        name="deprivation",
        title="Deprivation, average score",
        unit="score",
        decimals=1,
        period=str(year),
        values=_scores_by_year()[year],
        sector=None,
        most="the highest deprivation score",
        least="the lowest deprivation score",
        places=_deprivation_places(year),
    )


@cache
def _deprivation_places(year: int) -> "pd.DataFrame":
    rows = evidence.load("deprivation", year=year, area=list(areas.boroughs()))
    return rows.drop_duplicates(["source_id", "locator"])
