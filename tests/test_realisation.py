import pandas as pd
import pytest

from helpers import data_package, evidence, prose, realisation
from helpers.errors import EvidenceError


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    return realisation.register()


@pytest.fixture(scope="module")
def benefits(register: pd.DataFrame) -> pd.DataFrame:
    return realisation.detailed_benefits(register)


def test_no_benefit_and_no_indicator_is_lost(register):
    headline = register[register["level"] == realisation.HEADLINE]
    assert list(headline["kpi"]) == [row["title"] for row in evidence.rows("benefit-kpis")]
    assert set(headline["benefit"]) == {row["benefit"] for row in evidence.rows("benefits")}
    detailed = register[register["level"] == realisation.DETAILED]
    printed = {row["detailed_benefit"]: row for row in evidence.rows("detailed-benefits")}
    assert list(detailed["item"].unique()) == list(printed)
    for item, group in detailed.groupby("item"):
        kpi = printed[item]["kpi"]
        wanted = [prose.sentence_case(each) for each in kpi.split("; ")] if kpi else []
        assert list(group["kpi"]) == (wanted or [realisation.NO_KPI])


def test_a_measure_belongs_to_an_indicator_or_to_a_detailed_benefit(register):
    for row in evidence.rows("benefit-measures"):
        assert (row["kpi"] is None) != (row["detailed_benefit"] is None), row["measure"]
        own = row["kpi"] or row["detailed_benefit"]
        assert row["measure"] == (f"{own}-{row['part']}" if row["part"] else own)
    assert not register["measure"].duplicated().any()


def test_an_entry_stands_where_the_benefit_or_the_indicator_is_printed(register):
    places = {row["kpi"]: row["locator"] for row in evidence.rows("benefit-kpis")} | {
        row["detailed_benefit"]: row["locator"] for row in evidence.rows("detailed-benefits")
    }
    assert list(register["locator"]) == [places[item] for item in register["item"]]


def test_status_follows_from_indicator_and_baseline(register):
    status = register["status"]
    unmeasured = register["kpi"] == realisation.NO_KPI
    without = register["baseline"] == realisation.NO_BASELINE
    assert (unmeasured == (status == realisation.UNMEASURED)).all()
    assert (status[~unmeasured & without] == realisation.WITHOUT_BASELINE).all()
    assert (
        status[~unmeasured & ~without].isin([realisation.MEASURABLE, realisation.NEAR_ONLY]).all()
    )
    assert without[unmeasured].all()
    assert set(status) == set(realisation.STATUSES)


@pytest.mark.parametrize(
    ("measure", "baseline"),
    [
        ("b2-3", "Temporary staff of the trusts: 18.9 WTE"),
        ("temporary-staff-share", "Temporary staff of the trusts: 18.9 WTE; All staff: 60.4 WTE"),
        ("b2-2", "Average score for competency 9: 1.38"),
        ("running-costs-against-forecast", "Cost before the Partnership: £5.28 million per year"),
    ],
)
def test_a_baseline_is_the_figure_of_the_evidence_with_its_unit(register, measure, baseline):
    entry = register.set_index("measure").loc[measure]
    assert entry["baseline"] == baseline
    assert entry["status"] == realisation.MEASURABLE


def test_a_near_baseline_says_what_it_lacks(register):
    near = register[register["status"] == realisation.NEAR_ONLY]
    assert {"non-tariff-spend-per-head", "b4-1", "b1-2"} <= set(near["measure"])
    assert near["baseline"].str.endswith(")").all()
    for row in evidence.rows("benefit-baselines"):
        assert (row["fit"] == "near") == bool(row["lacks"]), row["baseline"]


def test_a_baseline_names_the_place_of_the_figure_it_points_to():
    for row in evidence.rows("benefit-baselines"):
        keys = data_package.resource(row["resource"])["schema"]["primaryKey"]
        found = [
            each
            for each in evidence.rows(row["resource"])
            if " / ".join(str(each[key]) for key in keys) == row["row_key"]
        ]
        assert [each["locator"] for each in found] == [row["locator"]], row["baseline"]
        assert found[0][row["column"]] is not None
        assert found[0].get("unit") in (row["unit"], None), row["baseline"]


def test_a_baseline_that_points_nowhere_is_refused(monkeypatch):
    broken = [{**evidence.rows("benefit-baselines")[0], "row_key": "nowhere"}]
    rows = evidence.rows
    monkeypatch.setattr(
        evidence, "rows", lambda name: broken if name == "benefit-baselines" else rows(name)
    )
    with pytest.raises(EvidenceError, match=r"'row_key': 'nowhere'"):
        realisation.register()


def test_due_dates_are_counted_from_the_move_of_the_staff(register):
    moved = evidence.value("business-case-assumptions", "value_date", assumption="staff-move-date")
    years = {
        row["detailed_benefit"]: row["timescale_years"]
        for row in evidence.rows("detailed-benefits")
    }
    for row in register[register["level"] == realisation.DETAILED].itertuples():
        assert (row.due_date.year - moved.year, row.due_date.month) == (
            years[row.item],
            moved.month,
        )
        assert row.due == f"By {row.due_date:%B %Y}"
    headline = register[register["level"] == realisation.HEADLINE]
    assert headline["due_date"].isna().all()
    assert headline["due"].str.contains("2010/11").all()


def test_who_does_the_work_is_who_the_activities_name(register):
    doers = dict(zip(register["measure"], register["doer"], strict=True))
    assert doers["proms"] == "ACV"
    assert doers["b1-2"] == "ACV, CSL"
    assert doers["staff-turnover"] == realisation.NO_DOER


def test_each_detailed_benefit_stands_once_with_its_best_status():
    frame = pd.DataFrame(
        {
            "level": [realisation.DETAILED] * 3 + [realisation.HEADLINE],
            "item": ["a", "a", "b", "c"],
            "kpi": ["One", "Two", "Three", "Four"],
            "status": [
                realisation.WITHOUT_BASELINE,
                realisation.MEASURABLE,
                realisation.UNMEASURED,
                realisation.MEASURABLE,
            ],
        }
    )
    once = realisation.detailed_benefits(frame).set_index("item")
    assert set(once.index) == {"a", "b"}
    assert once.loc["a", "kpi"] == "One; Two"
    assert once.loc["a", "status"] == realisation.MEASURABLE
    assert once.loc["b", "status"] == realisation.UNMEASURED


def test_coverage_adds_up_to_the_benefits_in_each_row(benefits):
    assert len(benefits) == len(evidence.rows("detailed-benefits"))
    counts = realisation.coverage(benefits).set_index("entry")
    assert (counts.sum(axis=1) == len(benefits)).all()
    without = sum(not row["kpi_proposed"] for row in evidence.rows("detailed-benefits"))
    assert counts.loc["Indicator (KPI)", realisation.MISSING] == without
    assert counts.loc["Outturn", realisation.MISSING] == len(benefits)
    assert counts.loc["Owner", realisation.HELD] == 0


def test_coverage_counts_what_is_printed():
    frame = pd.DataFrame(
        {
            "status": [realisation.MEASURABLE, realisation.NEAR_ONLY, realisation.UNMEASURED],
            "owner": ["A director", realisation.NO_OWNER, realisation.NO_OWNER],
            "doer": ["ACV", "ACV", realisation.NO_DOER],
            "due_date": [pd.Timestamp("2010-09-01"), pd.NaT, pd.NaT],
            "actual": [realisation.NO_ACTUAL, realisation.NO_ACTUAL, "12 WTE"],
        }
    )
    counts = realisation.coverage(frame).set_index("entry")
    assert list(counts.loc["Indicator (KPI)"]) == [2, 0, 1]
    assert list(counts.loc["Baseline"]) == [1, 1, 1]
    assert list(counts.loc["Owner"]) == [1, 1, 1]
    assert list(counts.loc["Date by which it is due"]) == [1, 0, 2]
    assert list(counts.loc["Outturn"]) == [1, 0, 2]


def test_every_success_measure_has_a_test_and_a_record():
    success = realisation.success()
    assert len(success) == len(evidence.rows("success-measures"))
    assert success[["test_title", "record_title", "status"]].notna().all(axis=None)
    assert set(success["test"]) == set(realisation.TESTS)
    named = success["value"].notna()
    assert (named == (success["test"] == "number")).all()


def test_every_measure_with_an_indicator_waits_for_one_record(register):
    unmeasured = register["kpi"] == realisation.NO_KPI
    assert (register["record"].isna() == unmeasured).all()
    success = realisation.success()
    records = realisation.records(register, success)
    assert set(records["record"]) == {row["record"] for row in evidence.rows("outturn-records")}
    assert records["indicators"].sum() == (~unmeasured).sum()
    assert records["successes"].sum() == len(success)
    assert (records["settles"] > 0).all()
    assert records["settles"].is_monotonic_decreasing
    assert records["kind_title"].notna().all()
