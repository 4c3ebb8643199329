"""Referral to treatment: the full extract of a month, as CSV or zipped.

A row is one specialty at one provider for one commissioner. Taken are incomplete pathways
(Part 2) of all specialties (C_999), without commissioners outside England (NONC), whom
NHS England leaves out of what it publishes. Layouts met: weekly bands up to 104 weeks, and in
older files up to 52 weeks only.
"""

import re
from collections import Counter
from datetime import date
from typing import NamedTuple

from helpers import measures
from helpers.errors import EvidenceError
from helpers.importers.published import (
    BY_COMMISSIONER,
    Found,
    Row,
    Table,
    Value,
    absent,
    plain,
    share,
)

SOURCE = "NHS England, Consultant-led Referral to Treatment Waiting Times"
MARKERS = ("Provider Org Code", "RTT Part Type", "Treatment Function Code")
INCOMPLETE, ALL_SPECIALTIES, NOT_ENGLISH = "part_2", "c_999", "nonc"
BAND = re.compile(r"gt (\d+)(?: to (\d+))? weeks(?: sum 1)?")
STANDARD_WEEKS = 18
# Waits that the plan means to end, in weeks.
LONG_WAITS = {52: "rtt-over-52-weeks", 62: "rtt-over-62-weeks"}
WITHIN_STANDARD = "rtt-18-weeks"


class _Band(NamedTuple):
    more_than: int
    column: int


def read(table: Table) -> Found:
    """Read who waits within 18 weeks and beyond 52, by trust, for our residents and England.

    Parameters
    ----------
    table : Table
        The opened file.

    Raises
    ------
    EvidenceError
        If a column or a band is missing, or sums do not agree.
    """
    period = table.column("Period", "Period Name")
    part, specialty = table.column("RTT Part Type"), table.column("Treatment Function Code")
    provider = table.column("Provider Org Code")
    commissioner = table.column("Commissioner Org Code")
    board = table.column("Commissioner Parent Org Code")
    total = table.column("Total All")
    bands = _bands(table)
    trusts = measures.organisations(measures.TRUST)
    boards = measures.organisations(measures.BOARD)
    (england,) = measures.organisations(measures.COUNTRY).values()
    waiting: dict[tuple[str, date], Counter[int]] = {}
    for row in table.rows():
        if (
            row.text(part).casefold() != INCOMPLETE
            or row.text(specialty).casefold() != ALL_SPECIALTIES
            or row.text(commissioner).casefold() == NOT_ENGLISH
        ):
            continue
        counts = {band.more_than: table.count(row, band.column) or 0 for band in bands}
        _check_total(table, row, total, sum(counts.values()))
        when = table.month(row, period)
        for area in (england, trusts.get(row.text(provider)), boards.get(row.text(board))):
            if area is not None:
                waiting.setdefault((area, when), Counter()).update(counts)
    if not waiting:
        raise EvidenceError(
            f"{table.name}: no row of all specialties (C_999) in Part_2: "
            "expected incomplete pathways"
        )
    longest = max(band.more_than for band in bands)
    values = [
        Value(measure, area, when, value, BY_COMMISSIONER if area in boards.values() else "")
        for (area, when), counts in waiting.items()
        for measure, value in _measures(counts, longest).items()
    ]
    notes = [
        f"no value of {measure}: the longest band is of more than {longest} weeks"
        for weeks, measure in LONG_WAITS.items()
        if weeks > longest
    ]
    return Found(values, notes + absent(values, (england, *boards.values(), *trusts.values())))


def _measures(counts: "Counter[int]", longest: int) -> dict[str, float]:
    found: dict[str, float] = {}
    everyone = counts.total()
    if everyone:
        within = sum(count for weeks, count in counts.items() if weeks < STANDARD_WEEKS)
        found[WITHIN_STANDARD] = share(within, everyone)
    for limit, measure in LONG_WAITS.items():
        if limit <= longest:
            found[measure] = sum(count for weeks, count in counts.items() if weeks >= limit)
    return found


def _bands(table: Table) -> list[_Band]:
    """Find the weekly bands and check that they leave nobody out and count nobody twice."""
    found = [
        (int(match[1]), match[2], column)
        for column, label in enumerate(table.header)
        if (match := BAND.fullmatch(plain(label)))
    ]
    found.sort()
    for week, (more_than, up_to, column) in enumerate(found):
        last = week == len(found) - 1
        if more_than != week or (up_to is None) != last or (up_to and int(up_to) != week + 1):
            raise EvidenceError(
                f"{table.name}: column '{table.header[column]}': expected weekly bands from "
                "'Gt 00 To 01 Weeks' to one without an end, none missing"
            )
    if len(found) <= min(LONG_WAITS):
        table.column(f"Gt {len(found):02d} To {len(found) + 1:02d} Weeks SUM 1")
    return [_Band(more_than, column) for more_than, _, column in found]


def _check_total(table: Table, row: Row, column: int, everyone: float) -> None:
    if (table.count(row, column) or 0) != everyone:
        raise table.problem(row, column, f"{everyone:g}, the sum of the weeks")
