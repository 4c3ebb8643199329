"""Benefits realisation: what was promised in 2009, and what it would take to show it came.

The register joins each benefit of 2009 with its indicators, the printed figures that can
serve as baselines, the work behind each measure and the record that would settle it. The
joins are judgements of this book and stand in the evidence, not here.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from helpers import data_package, evidence, prose
from helpers.errors import EvidenceError

if TYPE_CHECKING:
    import pandas as pd

NO_KPI = "None proposed"
NO_BASELINE = "None printed"
NO_ACTUAL = "None held"
NO_OWNER = "None printed"
NO_DOER = "Nobody named"
NO_OUTTURN = "No outturn held"
HEADLINE, DETAILED = "headline", "detailed"
MEASURABLE, NEAR_ONLY, WITHOUT_BASELINE, UNMEASURED = STATUSES = (
    "Can be measured: KPI and baseline",
    "KPI with a near baseline only",
    "KPI without a baseline",
    "No KPI",
)
HELD, NEAR, MISSING = EXTENTS = ("Printed", "Only something near it", "Nothing")
TESTS = {
    "number": "Names a number",
    "fact": "Happens or does not",
    "open": "Leaves open what is enough",
}
KINDS = {"published": "Published", "own papers": "Own papers"}


def register() -> "pd.DataFrame":
    """Return the benefits register, one row a pair of benefit and indicator.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure, level`` (headline: Table 5; detailed: Appendix B), ``benefit,
        benefit_title, item`` (key of the detailed benefit, or of the indicator), ``name, kpi,
        baseline, actual, owner, doer, due, due_date, status, record, source_id, locator``.
        `doer` does the work behind the measure; `due_date` is NaT where no date is printed.
        A detailed benefit with several indicators has a row for each, one with none a single
        row that says so.

    Raises
    ------
    EvidenceError
        If a baseline points to no row of the evidence.
    """
    import pandas as pd

    titles = {row["benefit"]: row["title"] for row in evidence.rows("benefits")}
    kpis = {row["kpi"]: row for row in evidence.rows("benefit-kpis")}
    benefits = {row["detailed_benefit"]: row for row in evidence.rows("detailed-benefits")}
    doers = {
        row["activity_id"]: row["responsible"].replace("/", ", ")
        for row in evidence.rows("commissioning-activities")
    }
    baselines = _baselines()
    lines = []
    for row in evidence.rows("benefit-measures"):
        headline = row["kpi"] is not None
        about = kpis[row["kpi"]] if headline else benefits[row["detailed_benefit"]]
        kpi = about["title"] if headline else _indicator(about["kpi"], row["part"])
        due, due_date = (_no_date(), None) if headline else _due(about["timescale_years"])
        baseline, fit = baselines.get(row["measure"], (NO_BASELINE, None))
        lines.append(
            {
                "measure": row["measure"],
                "level": HEADLINE if headline else DETAILED,
                "benefit": about["benefit"],
                "benefit_title": titles[about["benefit"]],
                "item": row["kpi"] or row["detailed_benefit"],
                "name": titles[about["benefit"]] if headline else about["title"],
                "kpi": kpi or NO_KPI,
                "baseline": baseline,
                "actual": NO_ACTUAL,
                "owner": NO_OWNER,
                "doer": doers.get(row["activity_id"], NO_DOER),
                "due": due,
                "due_date": due_date,
                "status": _status(kpi, fit),
                "record": row["record"],
                "source_id": row["source_id"],
                "locator": row["locator"],
            }
        )
    return pd.DataFrame(lines).assign(due_date=lambda frame: pd.to_datetime(frame["due_date"]))


def detailed_benefits(entries: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a detailed benefit, with the best status of its indicators.

    Parameters
    ----------
    entries : pandas.DataFrame
        Rows of `register`.

    Returns
    -------
    pandas.DataFrame
        As `register`, the detailed benefits alone; `kpi` joins the indicators.
    """
    rank = {status: position for position, status in enumerate(STATUSES)}
    detailed = entries[entries["level"] == DETAILED]
    best = detailed.sort_values("status", key=lambda column: column.map(rank), kind="stable")
    joined = detailed.groupby("item")["kpi"].agg("; ".join)
    once = best.drop_duplicates("item").sort_index()
    return once.assign(kpi=once["item"].map(joined)).reset_index(drop=True)


def coverage(benefits: "pd.DataFrame") -> "pd.DataFrame":
    """Count the benefits for which each entry of a register is printed.

    Parameters
    ----------
    benefits : pandas.DataFrame
        Rows of `detailed_benefits`.

    Returns
    -------
    pandas.DataFrame
        A row an entry (``entry``), a column of counts for each of `EXTENTS`; each row adds
        up to the number of benefits. An owner is near where the work is somebody's.
    """
    import pandas as pd

    total, status = len(benefits), benefits["status"]
    unmeasured = int((status == UNMEASURED).sum())
    measurable, near = int((status == MEASURABLE).sum()), int((status == NEAR_ONLY).sum())
    owned = int((benefits["owner"] != NO_OWNER).sum())
    worked = int(((benefits["owner"] == NO_OWNER) & (benefits["doer"] != NO_DOER)).sum())
    dated = int(benefits["due_date"].notna().sum())
    known = int((benefits["actual"] != NO_ACTUAL).sum())
    return pd.DataFrame(
        [
            ("Date by which it is due", dated, 0, total - dated),
            ("Indicator (KPI)", total - unmeasured, 0, unmeasured),
            ("Baseline", measurable, near, total - measurable - near),
            ("Owner", owned, worked, total - owned - worked),
            ("Outturn", known, 0, total - known),
        ],
        columns=["entry", *EXTENTS],
    )


def success() -> "pd.DataFrame":
    """Return the success measures with the test that each allows.

    Returns
    -------
    pandas.DataFrame
        As the resource ``success-measures`` describes it, with ``test, test_title,
        record_title`` (what would settle it) and ``status``.
    """
    keys = ["line", "year"]
    tests = evidence.load("success-tests")[[*keys, "test", "record"]]
    measures = evidence.load("success-measures").merge(tests, on=keys, validate="one_to_one")
    titles = {row["record"]: row["title"] for row in evidence.rows("outturn-records")}
    return measures.assign(
        test_title=measures["test"].map(TESTS),
        record_title=measures["record"].map(titles),
        status=NO_OUTTURN,
    )


def records(entries: "pd.DataFrame", measures: "pd.DataFrame") -> "pd.DataFrame":
    """Return the records that would settle what came of it, those that settle most first.

    Parameters
    ----------
    entries, measures : pandas.DataFrame
        Rows of `register` and of `success`.

    Returns
    -------
    pandas.DataFrame
        As the resource ``outturn-records`` describes it, with ``kind_title`` and the numbers
        ``indicators, successes, settles`` (both together).
    """
    frame = evidence.load("outturn-records")
    indicators = frame["record"].map(entries["record"].value_counts()).fillna(0).astype(int)
    successes = frame["record"].map(measures["record"].value_counts()).fillna(0).astype(int)
    counted = frame.assign(
        kind_title=frame["kind"].map(KINDS),
        indicators=indicators,
        successes=successes,
        settles=indicators + successes,
    )
    return counted.sort_values("settles", ascending=False, kind="stable").reset_index(drop=True)


def _indicator(printed: str | None, part: int | None) -> str | None:
    """Return one of the indicators that a cell of Appendix B prints, or all, or None."""
    if printed is None or part is None:
        return printed
    return prose.sentence_case(printed.split("; ")[part - 1])


def _status(kpi: str | None, fit: str | None) -> str:
    if kpi is None:
        return UNMEASURED
    return {"same": MEASURABLE, "near": NEAR_ONLY, None: WITHOUT_BASELINE}[fit]


def _due(years: int) -> tuple[str, date]:
    """Count a printed time from the rollout, which is when staff are taken to have moved."""
    assumption = {"assumption": "staff-move-date"}
    rollout: date = evidence.value("business-case-assumptions", "value_date", **assumption)
    due = rollout.replace(year=rollout.year + years)
    return f"By {due:%B %Y}", due


def _no_date() -> str:
    year = evidence.value("business-case-assumptions", "year", assumption="benefits-begin")
    return f"No date printed; from {year}"


def _baselines() -> dict[str, tuple[str, str]]:
    """Return the baseline of each measure in words, and whether it is the same or near."""
    texts: dict[str, list[str]] = {}
    fits: dict[str, str] = {}
    for row in evidence.rows("benefit-baselines"):
        figure = prose.quantity(_figure(row), row["unit"] or "count")
        limit = f" ({row['lacks']})" if row["lacks"] else ""
        texts.setdefault(row["measure"], []).append(f"{row['wording']}: {figure}{limit}")
        if fits.get(row["measure"]) != "near":
            fits[row["measure"]] = row["fit"]
    return {measure: ("; ".join(texts[measure]), fits[measure]) for measure in texts}


def _figure(pointer: evidence.Row) -> Any:
    """Return the cell that a baseline points to."""
    resource, wanted = pointer["resource"], pointer["row_key"]
    keys = data_package.resource(resource)["schema"]["primaryKey"]
    for row in evidence.rows(resource):
        if " / ".join(str(row[key]) for key in keys) == wanted:
            return row[pointer["column"]]
    raise EvidenceError(
        f"benefit-baselines: column 'row_key': '{wanted}': expected a key of {resource}"
    )
