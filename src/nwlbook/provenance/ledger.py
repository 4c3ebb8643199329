"""Verify all evidence against the source texts, and keep what was found.

The texts are no part of the project, so the last verification is kept as evidence of its
own: how many rows of each table are proven, which are not, and the state of the table
then, so that a later change shows.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from helpers import data_package, disclosure
from nwlbook.cache import write_atomically
from nwlbook.provenance.locators import Locators
from nwlbook.provenance.outline import Outline
from nwlbook.provenance.proof import NUMERIC, PRINTED, Failure, Prover, Reading
from nwlbook.provenance.texts import SourceText

VERIFICATION = "verification"
UNPROVEN = "unproven"
READINGS = "readings"
PLACES = "printed-places"
HELD, NOT_HELD = "held to its text", "source text not held"
# What a field says of itself in the descriptor when the source does not print it.
OURS = {"key", "counted", "computed", "assumed"}


@dataclass
class Coverage:
    """How much of a table is proven by one source; the columns of `verification`."""

    resource: str
    source_id: str
    rows: int
    rows_with_numbers: int
    proven: int
    not_proven: int
    status: str
    table_hash: str
    checked_on: str


@dataclass(frozen=True)
class Unproven:
    """A cell that is not proven; the columns of `unproven`."""

    resource: str
    row: int
    row_key: str
    column: str
    value: str
    reason: str
    source_id: str
    locator: str

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from others, wherever its row stands in the file."""
        return self.resource, self.row_key, self.column, self.value


@dataclass(frozen=True)
class Verification:
    """The result of holding the evidence to its sources.

    Parameters
    ----------
    coverage : list of Coverage
        One entry a table and source.
    unproven : list of Unproven
        The cells that are not proven.
    """

    coverage: list[Coverage]
    unproven: list[Unproven]


def verify(root: Path, texts: Mapping[str, SourceText], today: date) -> Verification:
    """Hold each row of the evidence against the place that its locator names.

    Parameters
    ----------
    root : Path
        Folder of the project.
    texts : mapping of str to SourceText
        The source texts that are at hand.
    today : date
        Day to record.

    Returns
    -------
    Verification
        Rows of a source without a text count as not held, not as unproven.
    """
    openings = _openings(root)
    provers = {
        source_id: Prover(Locators(Outline(text, openings.get(source_id, []))))
        for source_id, text in texts.items()
    }
    readings = _readings(root)
    coverage: list[Coverage] = []
    unproven: list[Unproven] = []
    for entry in tables():
        tallies: dict[str, Coverage] = {}
        hashed = table_hash(root, entry)
        described = _to_be_printed(entry)
        for number, row in rows(root, entry):
            source_id = row["source_id"]
            prover = provers.get(source_id)
            tally = tallies.setdefault(
                source_id,
                Coverage(
                    entry["name"], source_id, 0, 0, 0, 0,
                    HELD if prover else NOT_HELD, hashed, today.isoformat(),
                ),
            )  # fmt: skip
            tally.rows += 1
            ours = row.get("basis") in OURS
            checked = [] if ours else [field for field in described if row[field["name"]]]
            tally.rows_with_numbers += bool(checked)
            if not prover:
                continue
            key = row_key(entry, row)
            failures = prover.failures(row, checked, readings.get((entry["name"], key), {}))
            if checked:
                tally.proven += not failures
                tally.not_proven += bool(failures)
            unproven += [_unproven(entry, number, key, row, each) for each in failures]
        coverage += tallies.values()
    return Verification(coverage, unproven)


def record(root: Path, verification: Verification) -> None:
    """Keep a verification as evidence, in the files that the descriptor names.

    Parameters
    ----------
    root : Path
        Folder of the project.
    verification : Verification
        What was found.
    """
    _write(root, VERIFICATION, Coverage, verification.coverage)
    _write(root, UNPROVEN, Unproven, verification.unproven)


def recorded_unproven(root: Path) -> set[tuple[str, ...]]:
    """Return the cells that the last recorded verification lists as not proven.

    Parameters
    ----------
    root : Path
        Folder of the project.
    """
    return {
        (row["resource"], row["row_key"], row["column"], row["value"])
        for row in _recorded(root, UNPROVEN)
    }


def changed_tables(root: Path) -> list[str]:
    """Return the tables that are not as they were when they were last verified.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Returns
    -------
    list of str
        Names of resources: changed since, or never verified.
    """
    verified = {row["resource"]: row["table_hash"] for row in _recorded(root, VERIFICATION)}
    return [
        entry["name"]
        for entry in tables()
        if verified.get(entry["name"]) != table_hash(root, entry)
    ]


def table_hash(root: Path, entry: Mapping[str, Any]) -> str:
    """Return a short hash of a table and of what the descriptor asks of its numbers.

    Parameters
    ----------
    root : Path
        Folder of the project.
    entry : mapping
        Description of the table.
    """
    asked = [
        [field.get(name) for name in ("name", "type", "unit", "proof")]
        for field in entry["schema"]["fields"]
    ]
    digest = hashlib.sha256((root / "data" / entry["path"]).read_bytes())
    digest.update(json.dumps(asked).encode())
    return digest.hexdigest()[:16]


def row_key(entry: Mapping[str, Any], row: Mapping[str, str]) -> str:
    """Return the primary key of a row as one text.

    Parameters
    ----------
    entry : mapping
        Description of the table.
    row : mapping
        Cells as they stand in the file.
    """
    key = entry["schema"].get("primaryKey", [])
    return " / ".join(row[column] for column in ([key] if isinstance(key, str) else key))


def tables() -> Iterator[dict[str, Any]]:
    """Yield the tables whose rows name a source and a place."""
    for entry in data_package.descriptor()["resources"]:
        columns = {field["name"] for field in entry.get("schema", {}).get("fields", [])}
        own = entry["name"] in {VERIFICATION, UNPROVEN}
        if {"source_id", "locator"} <= columns and not own:
            yield entry


def _to_be_printed(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the columns whose cells the source itself must print.

    Not those that are suppressed: what is not proven is recorded as evidence, with its value.
    """
    rule = disclosure.rule_of(entry)
    unsaid = {*rule.counts, *rule.derived} if rule else set()
    return [
        field
        for field in entry["schema"]["fields"]
        if field.get("proof") not in OURS
        and field["name"] not in unsaid
        and (field["type"] in NUMERIC or field["name"].endswith(PRINTED))
    ]


def rows(root: Path, entry: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table as text, as the file numbers them."""
    text = (root / "data" / entry["path"]).read_text(encoding="utf-8")
    yield from enumerate(csv.DictReader(io.StringIO(text)), start=2)


def _unproven(
    entry: Mapping[str, Any], number: int, key: str, row: Mapping[str, str], failure: Failure
) -> Unproven:
    place = row["source_id"], row["locator"]
    return Unproven(
        entry["name"], number, key, failure.column, failure.value, failure.reason, *place
    )


def _openings(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Return place and opening words of the pages that no form tells apart, by source."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in _recorded(root, PLACES):
        found.setdefault(row["source_id"], []).append((row["locator"], row["opening_words"]))
    return found


def _readings(root: Path) -> dict[tuple[str, str], dict[str, Reading]]:
    """Return how numbers are printed that no ordinary form prints, by table and row."""
    found: dict[tuple[str, str], dict[str, Reading]] = {}
    for row in _recorded(root, READINGS):
        reading = Reading(row["value"], row["printed"], row["reason"])
        found.setdefault((row["resource"], row["row_key"]), {})[row["column"]] = reading
    return found


def _recorded(root: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a table of this ledger; none where the project has no such table."""
    for entry in data_package.descriptor()["resources"]:
        if entry["name"] == name:
            return [row for _, row in rows(root, entry)]
    return []


def _write(root: Path, name: str, form: type, entries: Sequence[Any]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(form))
    writer.writerows(astuple(entry) for entry in entries)
    file = root / "data" / data_package.resource(name)["path"]
    write_atomically(file, text.getvalue().encode())
