"""The log of assumptions and caveats, from the evidence that holds them."""

from collections import Counter
from collections.abc import Iterable

from reference.evidence_files import Evidence, Row
from reference.markdown_text import link, table

OPENING = """\
# Assumptions and caveats

In the form that the UK government's Aqua Book and its guidance on reproducible pipelines ask for:
what is assumed, where it is used, what it rests on, how far it can be trusted. Everything below
stands in `data/` as rows with their source and place; this page only gathers it.

The usual log gives each assumption a red, amber or green rating for quality and for impact. The
evidence holds no such ratings, and none is invented here. In their stead:

- *quality* is the basis and the reason given in each row: `assumed` is our judgement, with little
  to support it beyond the reason;
- *impact* is measured, not rated: the chapter "What the case rests on" moves each assumption from
  its low to its high end and draws what that does to the result, and the simulation moves all at
  once;
- every parameter can be changed by the reader: `-p NAME=VALUE`."""
OURS = """\
Ranges and values that no source gives. Low and high are the ends that sensitivity and simulation go
to."""
PARAMETERS = """\
What a reader may set differently, with what holds if nothing is set. The business case's own value
is the default wherever it has one; it does not discount, so the rate is the Green Book's. The
correlation and the day are ours."""
THEIRS = """\
What the business case of 2009 itself assumed, carried over as printed. None was checked by us
against other sources unless the reconciliation says so."""
JUDGEMENTS = """\
Links and readings that we made, each a row with its reason. `ours` and `implied` are judgements;
`given` and `named` are printed in the source."""
READINGS = """\
Numbers printed in an unusual form, and the value that was taken."""
DISAGREE = """\
Where the documents disagree with themselves or each other both readings are kept; `reading_used`
says which one the book goes by. All are listed in the appendix on reconciliation."""
UNDECIDED = "Those for which neither reading is used:"
CAVEATS = "## Caveats"
LINKS = (
    "benefit-priority-matrix",
    "partnership-priority-matrix",
    "resident-theme-priorities",
    "strategy-priority-map",
    "measure-priorities",
)


def assumptions_log(evidence: Evidence) -> str:
    """Return the log.

    Parameters
    ----------
    evidence : Evidence
        The evidence of the project.
    """
    parts = [
        OPENING,
        "## Assumptions of ours",
        OURS,
        *(_own(evidence, *names) for names in _own_tables()),
        "## Parameters",
        PARAMETERS,
        _parameters(),
        "## Judgements",
        JUDGEMENTS,
        _judgements(evidence),
        READINGS,
        _readings(evidence),
        "## Disagreements",
        DISAGREE,
        _disagreements(evidence),
        UNDECIDED,
        _undecided(evidence),
        CAVEATS,
        _caveats(evidence),
        "## Assumptions of the business case",
        THEIRS,
        _case(evidence),
    ]
    return "\n\n".join(parts)


def _own_tables() -> Iterable[tuple[str, str, str]]:
    yield "model-ranges", "range", "central"
    yield "over-performance-assumptions", "assumption", "value"


def _own(evidence: Evidence, name: str, key: str, value: str) -> str:
    rows = [
        (
            f"`{row[key]}`",
            row["title"],
            row[value],
            f"{row['low']} to {row['high']}",
            row["unit"],
            row["basis"],
            row["reason"],
            _place(row),
        )
        for row in evidence.rows(name)
    ]
    heads = ("Id", "Assumption", "Taken", "Range", "Unit", "Basis", "Reason", "Bears on")
    return f"{_intro(evidence, name)}\n\n{table(heads, rows)}"


def _intro(evidence: Evidence, name: str) -> str:
    used = ", ".join(link(file) for file in evidence.read_in(name))
    return f"{evidence.tables[name]['title']}: {link(evidence.file(name))}. Used in {used}."


def _parameters() -> str:
    from nwlbook.parameters import BookParameters

    rows = [
        (f"`{name}`", f"`{about.default}`", about.description)
        for name, about in BookParameters.model_fields.items()
        if name not in ("borough", "priority")
    ]
    return table(("Id", "Default", "Assumption"), rows)


def _judgements(evidence: Evidence) -> str:
    rows = []
    for name in LINKS:
        found = evidence.rows(name)
        bases = Counter(row.get("basis") or row.get("relation") or "ours" for row in found)
        rows.append(
            (
                evidence.tables[name]["title"],
                len(found),
                ", ".join(f"{basis} {number}" for basis, number in sorted(bases.items())),
                link(evidence.file(name)),
            )
        )
    choices = evidence.rows("control-chart-choices")
    rows.append(
        (
            evidence.tables["control-chart-choices"]["title"],
            len(choices),
            "ours, beside what other tools do",
            link(evidence.file("control-chart-choices")),
        )
    )
    return table(("Judgement", "Rows", "Basis", "File"), rows)


def _readings(evidence: Evidence) -> str:
    rows = [
        (
            f"`{row['resource']}`",
            row["row_key"],
            row["printed"],
            row["value"],
            row["reason"],
            _place(row),
        )
        for row in evidence.rows("readings")
    ]
    return table(("Table", "Row", "Printed", "Taken", "Why", "Source"), rows)


def _disagreements(evidence: Evidence) -> str:
    found = evidence.rows("observations")
    used = sorted({row["reading_used"] for row in found})
    counts = Counter((row["kind"], row["reading_used"]) for row in found)
    rows = [
        (kind, *(counts[kind, reading] for reading in used))
        for kind in sorted({row["kind"] for row in found})
    ]
    total = ("all", *(sum(row["reading_used"] == reading for row in found) for reading in used))
    heads = ("Kind", *(f"Used: {reading}" for reading in used))
    whole = link(evidence.file("observations"))
    return f"{table(heads, [*rows, total])}\n\nAll {len(found)}: {whole}."


def _undecided(evidence: Evidence) -> str:
    rows = [
        (f"`{row['observation']}`", row["statement"], row["reason"], _place(row))
        for row in evidence.rows("observations")
        if row["reading_used"] == "neither"
    ]
    return table(("Id", "Disagreement", "Why neither", "Source"), rows)


def _caveats(evidence: Evidence) -> str:
    noted = [
        (f"`{row['source_id']}`", row["note"]) for row in evidence.rows("sources") if row["note"]
    ]
    missing = [
        (f"`{row['check_id']}`", row["statement"], row["missing"], _place(row))
        for row in evidence.rows("not-recomputable")
    ]
    based = [
        (f"`{row['measure']}`", row["printed"], row["basis"], row["note"])
        for row in evidence.rows("measure-bases")
    ]
    return "\n\n".join(
        [
            "Of whole sources:",
            table(("Source", "Caveat"), noted),
            "Published figures that cannot be recomputed, and what is missing:",
            table(("Id", "Figure", "Missing", "Source"), missing),
            "Values of a basis of their own, never joined with others:",
            table(("Measure", "Printed", "Basis", "Caveat"), based),
        ]
    )


def _case(evidence: Evidence) -> str:
    rows = [
        (
            f"`{row['assumption']}`",
            row["title"],
            " ".join(filter(None, (row["value"], row["unit"]))),
            " ".join(filter(None, (row["applies_to"], row["year"]))),
            row["note"],
            row["locator"],
        )
        for row in evidence.rows("business-case-assumptions")
    ]
    heads = ("Id", "Assumption", "Value", "Applies to", "Note", "Place in the source")
    return f"{_intro(evidence, 'business-case-assumptions')}\n\n{table(heads, rows)}"


def _place(row: Row) -> str:
    return f"`{row['source_id']}`, {row['locator']}"
