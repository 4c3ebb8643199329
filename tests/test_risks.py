import re

import pytest

from helpers import evidence, risks
from helpers.errors import EvidenceError


def test_every_risk_keeps_its_mitigations_and_its_bearings():
    frame = risks.risks()
    assert list(frame["risk"]) == [row["risk"] for row in evidence.rows("risks")]
    assert frame["mitigations"].sum() == len(evidence.rows("risk-mitigations"))
    assert (frame["mitigations"] > 0).all()
    bearings = evidence.rows("risk-bearings")
    assert frame["weighs"].sum() + frame["informs"].sum() == len(bearings)
    flu = frame.set_index("risk").loc["flu-pandemic"]
    assert (flu["weighs"], flu["informs"]) == (0, 0)


def test_each_bearing_is_drawn_in_its_row_and_column():
    names, heads, drawn = risks.marks()
    assert names == [row["title"] for row in evidence.rows("risks")]
    assert heads == list(risks.SHOWN_IN)
    titles = {row["risk"]: row["title"] for row in evidence.rows("risks")}
    expected = {
        (titles[row["risk"]], head)
        for row in evidence.rows("risk-bearings")
        for head, labels in risks.SHOWN_IN.items()
        if row["section"] in labels
    }
    found = {
        (name, head)
        for name, row in zip(names, drawn, strict=True)
        for head, mark in zip(heads, row, strict=True)
        if mark
    }
    assert found == expected


def bearing(section: str, relation: str) -> evidence.Row:
    return {"risk": "flu-pandemic", "section": section, "relation": relation, "statement": "So"}


def replaced(monkeypatch: pytest.MonkeyPatch, bearings: list[evidence.Row]) -> None:
    rows = evidence.rows
    monkeypatch.setattr(
        evidence, "rows", lambda name: bearings if name == "risk-bearings" else rows(name)
    )


@pytest.mark.parametrize("order", [("weighs", "informs"), ("informs", "weighs")])
def test_of_two_kinds_in_one_part_of_the_book_the_weightier_is_drawn(monkeypatch, order):
    parts = ("sec-benefits-model", "sec-benefits-fairness")
    replaced(monkeypatch, [bearing(*pair) for pair in zip(parts, order, strict=True)])
    drawn = risks.marks()[2]
    assert [mark for row in drawn for mark in row if mark] == ["weighs"]


def test_a_section_that_no_column_stands_for_is_refused(monkeypatch):
    replaced(monkeypatch, [bearing("sec-elsewhere", "weighs")])
    with pytest.raises(EvidenceError, match="'section': 'sec-elsewhere'"):
        risks.marks()


@pytest.mark.parametrize("perspective", ["pcts", "creation"])
def test_the_list_has_an_item_a_risk_and_a_reference_a_bearing(perspective):
    seen = [row for row in evidence.rows("risks") if row["perspective"] == perspective]
    items = risks.bearings_in_words(perspective).split("\n")
    for row, item in zip(seen, items, strict=True):
        assert item.startswith("- **")
        wanted = [b["section"] for b in evidence.rows("risk-bearings") if b["risk"] == row["risk"]]
        assert re.findall(r"\(@([\w-]+)\)\.", item) == wanted
        assert (risks.NOTHING_BEARS in item) == (not wanted)


def test_a_statement_can_only_ever_be_text(monkeypatch):
    replaced(monkeypatch, [{**bearing("sec-risks", "weighs"), "statement": "*So* [it](x) is"}])
    assert r"\*So\* \[it\]\(x\) is (@sec-risks)." in risks.bearings_in_words("creation")


def test_an_unknown_perspective_is_refused():
    with pytest.raises(EvidenceError, match="no perspective 'patients'"):
        risks.bearings_in_words("patients")


def test_what_the_statements_say_of_the_evidence_is_so():
    scores = evidence.load("competency-scores").pivot(
        index=["competency", "partnership_contributes"], columns="area", values="score"
    )
    left = scores[~scores.index.get_level_values("partnership_contributes")]
    assert (left["nwl"] < left["rest-of-england"]).all()

    staff = evidence.load("workforce").set_index("measure")["value"]
    assert staff["staff-partnership"] < staff["staff-employed"]
    assert 0.3 < staff["staff-temporary"] / staff["staff-employed"] < 1 / 3

    targets = evidence.load("national-targets-2009").set_index("measure")["value"]
    assert targets["providers-missing-a-target"] == targets["acute-providers"] - 1

    sector = evidence.load("net-benefit", area="nwl").pivot(
        index="year", columns="line", values="value_gbp_m"
    )
    assert (sector["net_benefit"] - sector["efficiency_benefits"] < 0).all()

    doing = evidence.load("activity-parties", responsibility="responsible")["party"].value_counts()
    assert (doing["cn"], doing.get("pbc", 0)) == (1, 0)

    claims = evidence.load("success-measures").query("theme == 'Claims management'")
    later = claims[claims["year"] > "2009/10"]["measure"]
    assert later.str.contains("CSL").all()
    assert not evidence.load("success-measures")["measure"].str.contains("linic").any()

    mitigations = evidence.load("risk-mitigations", risk="local-dislocation")["mitigation"]
    assert len(mitigations) == 1 and "Staff" in mitigations.item()
