"""Observed series: what analysts added, attached to the official statistics that are held.

One series is one measure of one area on one basis. A value that an added file gives for a
date that the evidence holds already takes the place of that value, because what is published
is revised; its note then says what stood there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from helpers import data_package, evidence, measures
from helpers.errors import EvidenceError
from helpers.observation_files import added, suppressed
from helpers.observation_rows import Observation, expected_measure, expected_place

if TYPE_CHECKING:
    import pandas as pd

# Tables of official statistics that hold a measure of the same name.
STATISTICS = ("cancer-62-day", "ae-4-hour")
# Held shares are rounded to one decimal or two: less than this is no revision.
ROUNDING = 0.05
COLUMNS = (
    "indicator", "measure", "title", "area", "area_name", "date", "value", "unit", "direction",
    "basis", "note", "source_id", "locator", "origin",
)  # fmt: skip
HELD_COLUMNS = (
    "indicator", "measure", "title", "area", "area_name", "unit", "direction", "basis", "points",
    "first", "last", "note",
)  # fmt: skip


def load() -> "pd.DataFrame":
    """Return what the files in `data/observations/` hold.

    Returns
    -------
    pandas.DataFrame
        One row an observation, columns as in `COLUMNS`; ``indicator`` is None for a measure
        that bears on none. Sorted by measure, area, basis and date.

    Raises
    ------
    EvidenceError
        With the first problem of the files, in one line.
    """
    return _frame(added())


def series(indicator: str | None = None, area: str | None = None) -> "pd.DataFrame":
    """Return the observed series: those of the evidence and those that analysts added.

    Parameters
    ----------
    indicator : str, optional
        An indicator, for itself and for every measure that bears on it; or a measure.
    area : str, optional
        Slug of an area, or code of a trust.

    Returns
    -------
    pandas.DataFrame
        As `load` returns it, empty if nothing is held. Each ``measure``, ``area`` and
        ``basis`` is a series of its own; units differ between measures.

    Raises
    ------
    EvidenceError
        If there is no such indicator, measure or area, or an added file is wrong.
    """
    known = measures.known()
    if indicator is not None and indicator not in known:
        raise EvidenceError(f"indicator '{indicator}': expected {expected_measure(indicator)}")
    if area is not None and area not in measures.places():
        raise EvidenceError(f"area '{area}': expected {expected_place(area)}")
    return _frame(
        row
        for row in _observed()
        if (indicator is None or indicator in (row.measure, known[row.measure].indicator))
        and (area is None or row.area == area)
    )


def held() -> "pd.DataFrame":
    """Say which series are held.

    Returns
    -------
    pandas.DataFrame
        One row a series, columns as in `HELD_COLUMNS`: ``points`` values from ``first`` to
        ``last``. Where the same measure and area has values on another basis, which are not
        joined to these, or some are suppressed, ``note`` says so.
    """
    import pandas as pd

    missing = suppressed()
    groups: dict[tuple[str, str], dict[str, list[Observation]]] = {}
    for row in _sorted(_observed()):
        groups.setdefault((row.measure, row.area), {}).setdefault(row.basis, []).append(row)
    records = [
        {
            **_names(rows[0]),
            "measure": name,
            "area": area,
            "basis": basis,
            "points": len(rows),
            "first": rows[0].date,
            "last": rows[-1].date,
            "note": " ".join(
                filter(
                    None,
                    (
                        _apart({other: found for other, found in bases.items() if other != basis}),
                        _left_out(missing[name, area, basis]),
                    ),
                )
            ),
        }
        for (name, area), bases in groups.items()
        for basis, rows in bases.items()
    ]
    frame = pd.DataFrame(records, columns=list(HELD_COLUMNS))
    return frame.astype({"points": "int64", "first": "datetime64[s]", "last": "datetime64[s]"})


def _apart(others: dict[str, list[Observation]]) -> str:
    """Say which values are kept apart because they are counted otherwise."""
    counted = [
        f"{len(rows)} {'values' if len(rows) > 1 else 'value'} on another basis "
        f"({basis or 'not stated'})"
        for basis, rows in others.items()
    ]
    return f"Not joined with {' and '.join(counted)}." if counted else ""


def _left_out(values: int) -> str:
    """Say how many values are suppressed."""
    what = "1 value is" if values == 1 else f"{values} values are"
    return f"{what} suppressed to protect confidentiality." if values else ""


def _observed() -> list[Observation]:
    """Return everything observed; what was added takes the place of what was held."""
    found = {row.key: row for row in _official()}
    for row in added():
        before = found.get(row.key)
        if before is not None and abs(before.value - row.value) > ROUNDING:
            revised = f"Revised: {before.origin} holds {before.value:.10g}."
            found[row.key] = replace(row, note=f"{row.note} {revised}".strip())
        else:
            found[row.key] = row
    return list(found.values())


def _official() -> Iterator[Observation]:
    """Yield the official statistics that the evidence holds."""
    stands_for = measures.organisations()
    bases = {(row["measure"], row["printed"]): row for row in evidence.rows("measure-bases")}
    for name in STATISTICS:
        origin = f"data/{data_package.resource(name)['path']}"
        for number, row in enumerate(evidence.rows(name), start=2):
            # A table without the column has one basis throughout: the usual one.
            basis = bases[name, row["basis"]] if "basis" in row else {}
            yield Observation(
                measure=name,
                area=stands_for[row["provider_code"]],
                date=row["month"],
                value=row["percent_within"],
                basis=basis.get("basis") or measures.known()[name].basis,
                note=basis.get("note") or "",
                source_id=row["source_id"],
                locator=row["locator"],
                origin=origin,
                row=number,
            )


def _sorted(rows: Iterable[Observation]) -> list[Observation]:
    of_measure = {name: place for place, name in enumerate(measures.known())}
    of_place = {name: place for place, name in enumerate(measures.places())}
    return sorted(
        rows, key=lambda row: (of_measure[row.measure], of_place[row.area], row.basis, row.date)
    )


def _names(row: Observation) -> dict[str, str | None]:
    measure = measures.known()[row.measure]
    return {
        "indicator": measure.indicator,
        "title": measure.title,
        "area_name": measures.places()[row.area],
        "unit": measure.unit,
        "direction": measure.direction,
    }


def _frame(rows: Iterable[Observation]) -> "pd.DataFrame":
    import pandas as pd

    names = [field.name for field in fields(Observation)]
    records = [_names(row) | {name: getattr(row, name) for name in names} for row in _sorted(rows)]
    frame = pd.DataFrame(records, columns=list(COLUMNS))
    return frame.astype({"date": "datetime64[s]", "value": "float64"})
