"""The log of data: each source, what it feeds, and what was checked."""

from collections import Counter

from reference.evidence_files import Evidence, Row
from reference.markdown_text import link, table

OPENING = """\
# Data log

Every source of the evidence: who published it and when, under what licence, which tables rest on
it, and what was checked. From `data/reference/sources.csv`, the data package and the record of the
last verification; the appendix "Sources" of the book is made from the same rows.

All evidence passes the checks of [the data package](../reference/descriptor.md) at every build:
types, limits, keys across tables. *Held to its text* means that `nwlbook check --sources DIR`
also found each number of these rows at the place named, in the source's own text. The source texts
are not part of this repository. Observations that analysts add (`data/observations/`) are checked
against [their own format](../../data/observations/README.md) and are not in this log."""


def data_log(evidence: Evidence) -> str:
    """Return the log: an overview of all sources, then each of them.

    Parameters
    ----------
    evidence : Evidence
        The evidence of the project.
    """
    sources = evidence.rows("sources")
    checks = {(row["source_id"], row["resource"]): row for row in evidence.rows("verification")}
    fed = evidence.rows_of_sources
    overview = [
        (
            f"[{row['short_title']}](#{row['source_id']})",
            row["publisher"],
            row["date"],
            len(fed.get(row["source_id"], {})),
            sum(fed.get(row["source_id"], {}).values()),
            row["status"],
        )
        for row in sources
    ]
    heads = ("Source", "Publisher", "Published", "Tables", "Rows", "How it was read")
    parts = [OPENING, table(heads, overview)]
    for row in sources:
        parts += _source(evidence, row, checks)
    parts += ["## Tables without a source of their own", _without(evidence)]
    return "\n\n".join(parts)


def _source(evidence: Evidence, row: Row, checks: dict[tuple[str, str], Row]) -> list[str]:
    key = row["source_id"]
    facts = [f"- Citation: {row['citation']}", f"- Licence: {row['licence']}"]
    facts += [f"- {row['attribution']}"] if row["attribution"] else []
    facts += [f"- Address: <{row['url']}>"] if row["url"] else []
    facts += [f"- Note: {row['note']}"] if row["note"] else []
    rows = [
        (link(evidence.file(name), f"`{name}`"), number, *_checked(checks.get((key, name))))
        for name, number in sorted(evidence.rows_of_sources.get(key, {}).items())
    ]
    parts = [f"## {key}", f"{row['title']}.", "\n".join(facts)]
    parts += [f"Feeds {link(file)}." for file in evidence.other_files_of(row["title"])]
    heads = ("Table", "Rows", "With numbers", "Proven", "Check", "Checked on")
    if rows:
        parts.append(table(heads, rows))
    return parts


def _checked(check: Row | None) -> tuple[str, ...]:
    if check is None:
        return ("", "", "not verified", "")
    return (
        check["rows_with_numbers"],
        check["proven"],
        check["status"],
        check["checked_on"],
    )


def _without(evidence: Evidence) -> str:
    cited = Counter(name for tables in evidence.rows_of_sources.values() for name in tables)
    rows = [
        (link(evidence.file(name), f"`{name}`"), entry["title"])
        for name, entry in evidence.tables.items()
        if name not in cited
    ]
    return table(("Table", "What it is"), rows)
