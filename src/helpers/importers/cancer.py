"""Cancer waiting times: the monthly combined CSV file of providers and commissioners.

Layouts met: files of several months name each row's month in a column "Period", by day and
month or year first; files of one month do not, and their month stands in the file's name.
"""

from collections.abc import Callable
from datetime import date

from helpers import measures
from helpers.errors import EvidenceError
from helpers.importers.months import named_month
from helpers.importers.published import (
    BY_COMMISSIONER,
    Found,
    Row,
    Table,
    Value,
    absent,
    share,
)

SOURCE = "NHS England, Cancer Waiting Times"
MARKERS = ("Basis", "Org_Code", "Standard_or_Item")
STANDARDS = {
    "FDS": "cancer-faster-diagnosis-standard",
    "31D": "cancer-31-day",
    "62D": "cancer-62-day",
}
PROVIDER, COMMISSIONER, TOTAL = "provider", "commissioner", "total"
# What a row prints where it is not of one kind of cancer, route or treatment only.
WHOLE = {"all cancers", "all routes", "all stages", "all modalities", ""}
# Pathways shared by two providers count as halves.
TOLERANCE = 0.01


def read(table: Table) -> Found:
    """Read the shares within 28, 31 and 62 days, by trust, for our residents and England.

    Parameters
    ----------
    table : Table
        The opened file.

    Raises
    ------
    EvidenceError
        If a column is missing, the month is unknown, or a number does not fit.
    """
    month_in = _months(table)
    basis, code = table.column("Basis"), table.column("Org_Code")
    standard = table.column("Standard_or_Item")
    parts = [
        table.column(name)
        for name in ("Cancer_Type", "Referral_Route_or_Stage", "Treatment_Modality")
    ]
    numbers = [table.column(name) for name in ("Total", "Within", "After")]
    areas = _areas()
    values: list[Value] = []
    standards: set[str] = set()
    for row in table.rows():
        standards.add(row.text(standard))
        measure = STANDARDS.get(row.text(standard))
        counted_by = row.text(basis).casefold()
        area = areas.get((counted_by, row.text(code).casefold()))
        whole = all(row.text(part).casefold() in WHOLE for part in parts)
        if measure is None or area is None or not whole:
            continue
        found = _share(table, row, *numbers)
        if found is not None:
            note = BY_COMMISSIONER if counted_by == COMMISSIONER else ""
            values.append(Value(measure, area, month_in(row), found, note))
    if standards.isdisjoint(STANDARDS):
        listed = ", ".join(sorted(standards)) or "nothing"
        raise EvidenceError(
            f"{table.name}: column 'Standard_or_Item': found {listed}: "
            f"expected {', '.join(STANDARDS)}"
        )
    lacking = [f"no row of the standard {name}" for name in STANDARDS if name not in standards]
    return Found(values, lacking + absent(values, areas.values()))


def _months(table: Table) -> Callable[[Row], date]:
    """Return how to tell the month of a row."""
    period = table.optional("Period", "Month")
    if period is not None:
        if table.given_month is not None:
            raise EvidenceError(f"{table.name}: its rows name their months: leave --month out")
        return lambda row: table.month(row, period)
    of_file = table.given_month or named_month(table.name)
    if of_file is None:
        raise EvidenceError(
            f"{table.name}: column 'Period' is missing, and the name of the file has no month: "
            "expected a name such as April-2026-Monthly-Combined-CSV.csv, or --month 2026-04"
        )
    return lambda row: of_file


def _areas() -> dict[tuple[str, str], str]:
    """Return the area of each basis and code that is taken over."""
    (england,) = measures.organisations(measures.COUNTRY).values()
    trusts = measures.organisations(measures.TRUST).items()
    boards = measures.organisations(measures.BOARD).items()
    return {
        (PROVIDER, TOTAL): england,
        **{(PROVIDER, code.casefold()): area for code, area in trusts},
        **{(COMMISSIONER, code.casefold()): area for code, area in boards},
    }


def _share(table: Table, row: Row, total: int, within: int, after: int) -> float | None:
    """Return the share within the standard, or None where the file prints no numbers."""
    everyone, in_time = table.count(row, total), table.count(row, within)
    if not everyone or in_time is None:
        return None
    added_up = in_time + (table.count(row, after) or 0)
    if abs(added_up - everyone) > TOLERANCE:
        raise table.problem(row, total, f"{added_up:g}, within and after")
    return share(in_time, everyone)
