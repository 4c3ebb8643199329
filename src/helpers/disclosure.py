"""Disclosure control: counts so small that they could point at a person are never shown.

What a resource asks for is done where its rows are loaded, and nowhere else, so that tables,
charts, alternatives, downloads and whatever is computed from them never hold the number. A row
is suppressed as a whole: its counts and what is derived from them become missing. Where rows add
up to a total that is published, further rows go, so that none can be had by subtraction.
"""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.errors import EvidenceError

if TYPE_CHECKING:
    import pandas as pd

BLOCK = "disclosure"
# The column that says which rows are suppressed.
COLUMN = "suppressed"
# The symbol for confidential values of the Government Statistical Service.
MARK = "[c]"
# Below it so few values are left for a count that totals give some away.
LEAST_THRESHOLD = 4
KEYS = ("threshold", "counts", "derived", "within")
# Of `within`: rows are not added up anywhere.
NO_TOTAL = "none"
LONGEST_SHOWN = 80

Row = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """What is suppressed in one table.

    Attributes
    ----------
    threshold : int
        Counts above nought and below this are suppressed.
    counts : tuple of str
        Columns of counts.
    derived : tuple of str
        Columns that a count of the same row could be worked out from, such as its rate.
    within : tuple of str or None
        Rows that agree in these columns add up to a published total; with no column all rows
        do. None where no total is known.
    """

    threshold: int
    counts: tuple[str, ...]
    derived: tuple[str, ...] = ()
    within: tuple[str, ...] | None = None


def problems(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with what a resource asks for, one line each.

    Parameters
    ----------
    entry : mapping
        Its description, whose columns were found valid.
    """
    if BLOCK not in entry:
        return
    block = entry[BLOCK]
    if "schema" not in entry:
        yield f"{BLOCK}: of a resource without a schema: expected it of a table"
        return
    if not isinstance(block, dict):
        yield f"{BLOCK} {_shown(block)}: expected a mapping of {', '.join(KEYS)}"
        return
    for name in block:
        if name not in KEYS:
            yield f"{BLOCK}: {_shown(name)}: expected one of {', '.join(KEYS)}"
    yield from threshold_problems(block)
    kinds = {field["name"]: field["type"] for field in entry["schema"]["fields"]}
    if COLUMN in kinds:
        yield f"{BLOCK}: the table has a column '{COLUMN}': expected none, the mark is called so"
    counted = {name for name, kind in kinds.items() if kind in {"integer", "number"}}
    keys = _key_columns(entry["schema"])
    yield from _column_problems(block, "counts", sorted(counted - keys), "a column of numbers")
    yield from _column_problems(block, "derived", sorted(kinds.keys() - keys), "a column")
    if block.get("within") != NO_TOTAL:
        yield from _column_problems(block, "within", sorted(kinds), "a column", may_be_empty=True)


def threshold_problems(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the threshold that a block names."""
    threshold = block.get("threshold", "")
    # To Python true is a whole number.
    if type(threshold) is not int or threshold < LEAST_THRESHOLD:
        expected = f"a whole number from {LEAST_THRESHOLD}"
        yield f"{BLOCK}: threshold {_shown(threshold)}: expected {expected}"


def rule_of(entry: Mapping[str, Any]) -> Rule | None:
    """Return what a resource of the data package asks for, or None: most ask for nothing.

    Parameters
    ----------
    entry : mapping
        Its description.

    Raises
    ------
    EvidenceError
        If what it asks for cannot be done: nothing of it may be read then.
    """
    if BLOCK not in entry:
        return None
    for problem in problems(entry):
        raise EvidenceError(f"data/datapackage.yaml: resource '{entry['name']}': {problem}")
    block = entry[BLOCK]
    within = block["within"]
    return Rule(
        threshold=block["threshold"],
        counts=tuple(block["counts"]),
        derived=tuple(block.get("derived", ())),
        within=None if within == NO_TOTAL else tuple(within),
    )


def suppressed(rows: Sequence[Row], rule: Rule) -> tuple[Row, ...]:
    """Return the rows of a table with small counts taken out.

    Parameters
    ----------
    rows : sequence of dict
        All rows of the table, typed: some of them would not tell what can be subtracted.
    rule : Rule
        What is asked for.

    Returns
    -------
    tuple of dict
        The same rows with the further column `COLUMN`; in those in which it is true the counts
        and what is derived from them are None.
    """
    groups = [
        None if rule.within is None else tuple(row[column] for column in rule.within)
        for row in rows
    ]
    hidden = hidden_rows(
        [[row[name] for name in rule.counts] for row in rows], groups, rule.threshold
    )
    gone = dict.fromkeys((*rule.counts, *rule.derived))
    return tuple(
        row | (gone if number in hidden else {}) | {COLUMN: number in hidden}
        for number, row in enumerate(rows)
    )


def with_column(fields: Mapping[str, Row]) -> dict[str, Row]:
    """Return the description of each column, `COLUMN` after the table's own."""
    return {**fields, COLUMN: {"name": COLUMN, "type": "boolean"}}


def hidden_rows(
    counts: Sequence[Sequence[float | None]], groups: Sequence[Hashable], threshold: int
) -> set[int]:
    """Return which rows have to go, by their places.

    Parameters
    ----------
    counts : sequence of sequence of float
        Of each row the counts, in one order; None where one is missing.
    groups : sequence
        Of each row what it shares with those that it is added up with; None if with none.
    threshold : int
        Counts above nought and below this go.
    """
    hidden = {
        number
        for number, row in enumerate(counts)
        if any(_is_small(count, threshold) for count in row)
    }
    members: dict[Hashable, list[int]] = {}
    for number, group in enumerate(groups):
        if group is not None:
            members.setdefault(group, []).append(number)
    for rows in members.values():
        if not hidden.isdisjoint(rows):
            hidden |= _closed([counts[number] for number in rows], rows, hidden, threshold)
    return hidden


def marks(data: "pd.DataFrame") -> list[bool]:
    """Return of each row of a table whether it is suppressed; none is where it does not say."""
    if COLUMN not in data.columns:
        return [False] * len(data)
    from pandas.api.types import is_bool

    # Rows that were joined without a partner say nothing.
    return [is_bool(each) and bool(each) for each in data[COLUMN]]


def explained(text: str, data: "pd.DataFrame") -> str:
    """Add to a text what the mark stands for, if the data has rows that bear it.

    Parameters
    ----------
    text : str
        Caption, subtitle or alternative.
    data : pandas.DataFrame
        What is shown.
    """
    rows = sum(marks(data))
    if not rows:
        return text
    what = "1 row is" if rows == 1 else f"{rows} rows are"
    stop = "" if text.rstrip().endswith((".", "?", "!")) else "."
    return f"{text.rstrip()}{stop} {what} suppressed to protect confidentiality, shown as {MARK}."


def _column_problems(
    block: Mapping[str, Any],
    key: str,
    known: Sequence[str],
    expected: str,
    *,
    may_be_empty: bool = False,
) -> Iterator[str]:
    named = block.get(key, [] if key == "derived" else "")
    if not isinstance(named, list) or not (named or may_be_empty or key == "derived"):
        other = f", or {NO_TOTAL} where no total is published" if key == "within" else ""
        yield f"{BLOCK}: {key} {_shown(named)}: expected a list of columns{other}"
        return
    for name in named:
        if name not in known:
            among = f"{expected} that is no key" if key != "within" else expected
            yield f"{BLOCK}: {key} {_shown(name)}: expected {among}: {', '.join(known) or 'none'}"


def _key_columns(schema: Mapping[str, Any]) -> set[str]:
    """Return the columns that name rows, which a row cannot lose."""
    keys = [schema.get("primaryKey", []), *(key["fields"] for key in schema.get("foreignKeys", []))]
    return {name for key in keys for name in ([key] if isinstance(key, str) else key)}


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '…'}'"


def _is_small(count: float | None, threshold: int) -> bool:
    return count is not None and 0 < count < threshold


def _closed(
    counts: Sequence[Sequence[float | None]], rows: Sequence[int], hidden: set[int], threshold: int
) -> set[int]:
    """Return the rows of one group that go, so that its totals give none of them away."""
    gone = {place for place, number in enumerate(rows) if number in hidden}
    columns = [[count or 0 for count in column] for column in zip(*counts, strict=True)]
    while unsafe := [column for column in columns if not _is_safe(column, gone, threshold)]:
        column = unsafe[0]
        shown = {
            place: count
            for place, count in enumerate(column)
            if place not in gone and count >= threshold
        }
        if not shown:
            # Where noughts alone are left one of them would be seen through: all go.
            return set(rows)
        # All that are equal go: which one of them went would tell.
        next_larger = min(shown.values())
        gone |= {place for place, count in shown.items() if count == next_larger}
    return {rows[place] for place in gone}


def _is_safe(column: Sequence[float], gone: set[int], threshold: int) -> bool:
    """Tell whether the total of a column leaves each small count at least two values.

    To someone who knows which rows went for being small, and that others went because they
    were the next larger ones.
    """
    left = [column[place] for place in gone]
    small = [count for count in left if 0 < count < threshold]
    if not small or len(gone) == len(column):
        return True
    # A total of no more than one a row could only be made of ones.
    if sum(column) <= len(column):
        return False
    large = [count for count in left if count >= threshold]
    shown = [count for place, count in enumerate(column) if place not in gone and count]
    rest, others = sum(left), len(small) - 1
    largest = len(large) * min(shown, default=math.inf) if large else 0
    least = max(1, rest - largest - others * (threshold - 1))
    most = min(threshold - 1, rest - len(large) * threshold - others)
    return most > least
