import pandas as pd
import pytest

from helpers import areas, catalogue, evidence


def test_the_catalogue_lists_each_table_with_its_rows(project):
    frame = catalogue.resources()
    assert list(frame.columns) == ["name", "title", "rows", "description"]
    assert dict(zip(frame["name"], frame["rows"], strict=True)) == {
        "areas": 4,
        "sources": 2,
        "beds": 2,
        "priorities": 2,
        "savings-scenarios": 3,
    }
    assert frame.set_index("name").loc["beds", "description"] == "One row a thing of beds."


def test_what_is_not_a_table_is_not_in_the_catalogue(book_evidence):
    names = set(catalogue.resources()["name"])
    assert "areas" in names
    assert "borough-boundaries" not in names


def test_a_new_table_appears_by_being_described(project):
    project.table("wards", "ward\nA\nB\n", ward="string")
    frame = catalogue.resources().set_index("name")
    assert frame.loc["wards", "rows"] == 2
    assert frame.loc["wards", "title"] == "Wards"


@pytest.fixture
def facts(book_evidence) -> pd.DataFrame:
    return catalogue.borough_facts()


def test_every_fact_has_a_value_a_unit_and_a_source(facts):
    assert list(facts.columns) == [
        "area", "fact", "value", "unit", "period", "source_id", "locator",
    ]  # fmt: skip
    required = facts[["area", "fact", "value", "unit", "source_id", "locator"]]
    assert required.notna().all(axis=None)
    assert set(facts["source_id"]) <= {row["source_id"] for row in evidence.rows("sources")}
    assert set(facts["area"]) <= set(areas.names())


def test_each_borough_has_its_facts_once_a_period(facts):
    assert not facts.duplicated(["area", "fact", "period"]).any()
    for area in areas.boroughs():
        held = set(facts.loc[facts["area"] == area, "fact"])
        assert {"census-population-all", "deprivation-rank"} <= held
        assert any(fact.startswith("life-expectancy-") for fact in held)


def test_the_facts_are_the_evidence_s_own(facts):
    census = facts[facts["fact"] == "census-population-all"]
    for row in census.itertuples():
        persons = evidence.value(
            "population",
            "persons",
            area=row.area,
            age_group="all",
            census_year=int(row.period),
        )
        assert row.value == persons


def test_facts_without_a_figure_are_left_out(facts):
    unsaid = [row for row in evidence.rows("borough-facts") if row["value"] is None]
    assert unsaid
    listed = set(zip(facts["area"], facts["fact"], strict=True))
    assert not listed & {(row["area"], row["fact"]) for row in unsaid}
