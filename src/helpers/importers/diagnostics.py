"""Diagnostics waiting times (DM01): the full extract of a month, as CSV or zipped.

A row is one test at one provider for one commissioner. Besides the tests there are rows
"TOTAL", which must agree with them.
"""

from collections import defaultdict
from datetime import date

from helpers import measures
from helpers.errors import EvidenceError
from helpers.importers.published import (
    BY_COMMISSIONER,
    Found,
    Row,
    Table,
    Value,
    absent,
    share,
)

SOURCE = "NHS England, Diagnostics Waiting Times and Activity"
MARKERS = ("Period", "Provider Org Code", "Diagnostic Tests")
MEASURE = "diagnostic-6-weeks"
TOTAL = "total"
WITHIN = (
    "00 < 01 Week", "01 < 02 Weeks", "02 < 03 Weeks", "03 < 04 Weeks", "04 < 05 Weeks",
    "05 < 06 Weeks",
)  # fmt: skip
BEYOND = (
    "06 < 07 Weeks", "07 < 08 Weeks", "08 < 09 Weeks", "09 < 10 Weeks", "10 < 11 Weeks",
    "11 < 12 Weeks", "12 < 13 Weeks", "13+ Weeks",
)  # fmt: skip


def read(table: Table) -> Found:
    """Read the share waiting less than six weeks, by trust, for our residents and England.

    Parameters
    ----------
    table : Table
        The opened file.

    Raises
    ------
    EvidenceError
        If a column is missing, or sums do not agree.
    """
    period, test = table.column("Period"), table.column("Diagnostic Tests")
    provider = table.column("Provider Org Code")
    board = table.column("Commissioner Parent Org Code")
    total = table.column("Total WL")
    within = [table.column(name) for name in WITHIN]
    beyond = [table.column(name) for name in BEYOND]
    trusts = measures.organisations(measures.TRUST)
    boards = measures.organisations(measures.BOARD)
    (england,) = measures.organisations(measures.COUNTRY).values()
    # By area and month: of the tests, and of the rows that add them up.
    tests: dict[tuple[str, date, str], float] = defaultdict(float)
    totals: dict[tuple[str, date, str], float] = defaultdict(float)
    for row in table.rows():
        if not row.text(test):
            continue
        when = table.month(row, period)
        soon = sum(table.count(row, column) or 0 for column in within)
        waiting = soon + sum(table.count(row, column) or 0 for column in beyond)
        _check_total(table, row, total, waiting)
        counts = totals if row.text(test).casefold() == TOTAL else tests
        for area in (england, trusts.get(row.text(provider)), boards.get(row.text(board))):
            if area is not None:
                counts[area, when, "soon"] += soon
                counts[area, when, "waiting"] += waiting
    differing = [key for key, count in totals.items() if tests[key] != count]
    if differing:
        area, when, _ = differing[0]
        raise EvidenceError(
            f"{table.name}: {measures.places()[area]}, {when:%B %Y}: the rows TOTAL differ from "
            "the sum of the tests: expected the same"
        )
    values = [
        Value(
            MEASURE,
            area,
            when,
            share(tests[area, when, "soon"], waiting),
            BY_COMMISSIONER if area in boards.values() else "",
        )
        for (area, when, what), waiting in tests.items()
        if what == "waiting" and waiting
    ]
    return Found(values, absent(values, (england, *boards.values(), *trusts.values())))


def _check_total(table: Table, row: Row, column: int, waiting: float) -> None:
    if (table.count(row, column) or 0) != waiting:
        raise table.problem(row, column, f"{waiting:g}, the sum of the weeks")
