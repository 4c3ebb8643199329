"""Check limits, primary keys and foreign keys as Table Schema defines them.

Frictionless checks the same in fifty times the time; the tests hold the two against each other.
A value is compared as its type reads it: the whole number 01 refers to the row 1.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache, partial
from itertools import chain
from operator import contains, ge, le
from pathlib import Path
from typing import Any, NamedTuple

from helpers import cell_types
from nwlbook.validation.descriptor import fields_of, names_of, table_of, tables_of
from nwlbook.validation.words import limit_text, quoted

Key = tuple[Any, ...]
# The columns, a note before them if there is more to say, and what was expected.
Problem = tuple[list[str], str, str]
# What a value that is there must fulfil, and how that is said.
Limit = tuple[Callable[[Any], object], str]


class _Row(NamedTuple):
    texts: dict[str, str]
    values: dict[str, Any]

    def key(self, columns: list[str]) -> Key:
        return tuple(self.values[column] for column in columns)


class _Reference(NamedTuple):
    columns: list[str]
    table: str
    within: list[str]
    known: set[Key]


def key_problems(
    root: Path, described: list[dict[str, Any]], sound: Collection[str] = ()
) -> Iterator[str]:
    """Yield what breaks a limit, a key or a reference, one line a cell.

    Parameters
    ----------
    root : Path
        Folder of the project.
    described : list of dict
        The resources of the descriptor, each of a file that is well formed.
    sound : collection of str
        Tables of which it is known that they, with what they refer to, break nothing.

    Yields
    ------
    str
        The file, row, column, value and what was expected.
    """
    tables = {entry["name"]: entry for entry in tables_of(described)}
    rows = cache(lambda name: list(_rows(root, tables[name])))
    known: dict[tuple[str, ...], set[Key]] = {}
    for name, entry in tables.items():
        if name in sound:
            continue
        references = []
        for key in entry["schema"].get("foreignKeys", []):
            table = table_of(key, entry)
            within = names_of(key["reference"]["fields"])
            if (table, *within) not in known:
                known[table, *within] = {row.key(within) for row in rows(table)}
            columns = names_of(key["fields"])
            references.append(_Reference(columns, table, within, known[table, *within]))
        for problem in _table_problems(entry, rows(name), references):
            yield f"data/{entry['path']}: {problem}"


def _rows(root: Path, entry: dict[str, Any]) -> Iterator[_Row]:
    casts = {field["name"]: cell_types.CASTS[field["type"]][0] for field in fields_of(entry)}
    with (root / "data" / entry["path"]).open(encoding="utf-8", newline="") as file:
        for texts in csv.DictReader(file, strict=True):
            values = {name: casts[name](text) if text else None for name, text in texts.items()}
            yield _Row(texts, values)


def _table_problems(
    entry: dict[str, Any], rows: list[_Row], references: list[_Reference]
) -> Iterator[str]:
    constraints = {field["name"]: field.get("constraints", {}) for field in fields_of(entry)}
    required = {name for name, limits in constraints.items() if limits.get("required")}
    checks = {field["name"]: list(_limits(field)) for field in fields_of(entry)}
    unique = [[name] for name, limits in constraints.items() if limits.get("unique")]
    primary = names_of(entry["schema"].get("primaryKey", []))
    # Where each key stood last.
    seen: list[dict[Key, int]] = [{} for _ in (*unique, primary)]
    for number, row in enumerate(rows, start=2):
        # A cell is reported once: one that breaks a limit is not told again as a broken key.
        told: set[str] = set()
        for columns, note, expectation in chain(
            _broken_limits(row, required, checks),
            _broken_keys(row, number, unique, primary, seen),
            _dangling_keys(row, references),
        ):
            if told.isdisjoint(columns):
                value = ", ".join(row.texts[column] for column in columns)
                cell = f"{note}column '{', '.join(columns)}': {quoted(value)}"
                yield f"row {number}: {cell}: expected {expectation}"
            told.update(columns)


def _broken_limits(
    row: _Row, required: set[str], checks: dict[str, list[Limit]]
) -> Iterator[Problem]:
    for column, value in row.values.items():
        if value is None:
            if column in required:
                yield [column], "", "a value"
        else:
            for holds, expectation in checks[column]:
                if not holds(value):
                    yield [column], "", expectation


def _broken_keys(
    row: _Row,
    number: int,
    unique: list[list[str]],
    primary: list[str],
    seen: list[dict[Key, int]],
) -> Iterator[Problem]:
    expectation = "a key that stands once"
    for columns, places in zip((*unique, primary), seen, strict=True):
        key = row.key(columns)
        if _is_there(key):
            if key in places:
                yield columns, f"the same as in the row at position {places[key]}: ", expectation
            places[key] = number
        elif columns is primary and primary:
            yield columns, 'cells composing the primary keys are all "None": ', expectation


def _dangling_keys(row: _Row, references: list[_Reference]) -> Iterator[Problem]:
    for columns, table, within, known in references:
        key = row.key(columns)
        if _is_there(key) and key not in known:
            yield columns, "", f"a value of column '{', '.join(within)}' of the table '{table}'"


def _is_there(key: Key) -> bool:
    """Return whether a key has any part: only a key that is wholly empty stands for none."""
    return any(part is not None for part in key)


def _limits(field: dict[str, Any]) -> Iterator[Limit]:
    cast, limits = cell_types.CASTS[field["type"]][0], field.get("constraints", {})
    if "minLength" in limits:
        least = limits["minLength"]
        yield lambda value: len(value) >= least, f"at least {least} characters"
    if "maxLength" in limits:
        most = limits["maxLength"]
        yield lambda value: len(value) <= most, f"at most {most} characters"
    if "pattern" in limits:
        yield re.compile(limits["pattern"]).fullmatch, f"the form {limits['pattern']}"
    if "minimum" in limits:
        minimum = cast(limit_text(limits["minimum"]))
        yield partial(le, minimum), f"at least {limits['minimum']}"
    if "maximum" in limits:
        maximum = cast(limit_text(limits["maximum"]))
        yield partial(ge, maximum), f"at most {limits['maximum']}"
    if "enum" in limits:
        listed = [cast(limit_text(item)) for item in limits["enum"]]
        yield partial(contains, listed), f"one of {', '.join(map(str, limits['enum']))}"
