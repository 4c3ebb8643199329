"""A&E attendances and emergency admissions: the monthly CSV file by provider.

Layouts met: since August 2020 attendances by appointment ("Booked Appointments") have columns
of their own and stand beside the others, so that the published share within 4 hours needs
both; before that there are none. Until March 2020 the headings begin "Number of".
"""

from datetime import date

from helpers import measures
from helpers.importers.months import month_of
from helpers.importers.published import Found, Row, Table, Value, absent, share

SOURCE = "NHS England, A&E attendances and emergency admissions"
MARKERS = ("Period", "Org Code")
MEASURE = "ae-4-hour"
TOTAL = "total"
ATTENDANCES = (
    ("A&E attendances Type 1",),
    ("A&E attendances Type 2",),
    ("A&E attendances Other A&E Department", "A&E attendances Other Department"),
)
OVER = (
    ("Attendances over 4hrs Type 1",),
    ("Attendances over 4hrs Type 2",),
    ("Attendances over 4hrs Other Department", "Attendances over 4hrs Other A&E Department"),
)
BOOKED = "Booked Appointments"
BOOKED_ATTENDANCES = tuple(
    f"A&E attendances {BOOKED} {kind}" for kind in ("Type 1", "Type 2", "Other Department")
)
BOOKED_OVER = tuple(
    f"Attendances over 4hrs {BOOKED} {kind}" for kind in ("Type 1", "Type 2", "Other Department")
)


def read(table: Table) -> Found:
    """Read the share of attendances within 4 hours, of all types, by trust and for England.

    Parameters
    ----------
    table : Table
        The opened file.

    Raises
    ------
    EvidenceError
        If a column is missing or a number does not fit.
    """
    period, code = table.column("Period"), table.column("Org Code")
    attendances = [table.column(*names) for names in ATTENDANCES]
    over = [table.column(*names) for names in OVER]
    if any(BOOKED.casefold() in label.casefold() for label in table.header):
        attendances += [table.column(name) for name in BOOKED_ATTENDANCES]
        over += [table.column(name) for name in BOOKED_OVER]
    trusts = measures.organisations(measures.TRUST)
    (england,) = measures.organisations(measures.COUNTRY).values()
    values: list[Value] = []
    totals: list[Row] = []
    months: set[date] = set()
    for row in table.rows():
        if TOTAL in (row.text(period).casefold(), row.text(code).casefold()):
            totals.append(row)
        elif row.text(code):
            months.add(table.month(row, period))
            if row.text(code) in trusts:
                area = trusts[row.text(code)]
                values += _value(table, row, area, table.month(row, period), attendances, over)
    # The total of a month is printed without it.
    only = next(iter(months)) if len(months) == 1 else None
    for row in totals:
        month = month_of(row.text(period)) or only
        if month is None:
            raise table.problem(row, period, "the month of the total: the file has several")
        values += _value(table, row, england, month, attendances, over)
    return Found(values, absent(values, (england, *trusts.values())))


def _value(
    table: Table, row: Row, area: str, month: date, attendances: list[int], over: list[int]
) -> list[Value]:
    all_attendances = _sum(table, row, attendances)
    too_long = _sum(table, row, over)
    if not all_attendances:
        return []
    if too_long > all_attendances:
        raise table.problem(row, over[0], "no more than the attendances")
    within = share(all_attendances - too_long, all_attendances)
    return [Value(MEASURE, area, month, within)]


def _sum(table: Table, row: Row, columns: list[int]) -> float:
    return sum(table.count(row, column) or 0 for column in columns)
