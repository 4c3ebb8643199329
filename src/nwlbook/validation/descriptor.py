"""Check the descriptor: each file named once, each column described, each key fulfillable."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from helpers import cell_types
from nwlbook.validation.words import DESCRIPTOR, expected_of_type, limit_text, quoted, repeated

NAME = re.compile("[-a-z0-9._/]+")
# What a constraint must be, and how that is said: of any type, and of some.
CONSTRAINTS: dict[str, tuple[type, str]] = {
    "required": (bool, "true or false"),
    "unique": (bool, "true or false"),
    "enum": (list, "a list of values"),
}
BOUNDS: dict[str, tuple[type, str]] = {
    "minimum": (object, "a value of the type"),
    "maximum": (object, "a value of the type"),
}
CONSTRAINTS_OF: dict[str, dict[str, tuple[type, str]]] = {
    "string": {
        "pattern": (str, "a regular expression"),
        "minLength": (int, "a whole number"),
        "maxLength": (int, "a whole number"),
    },
    "boolean": {},
}


def entry_problems(root: Path, described: list[Any]) -> Iterator[str]:
    """Yield what keeps the descriptor from naming each file once and each of its columns.

    Parameters
    ----------
    root : Path
        Folder of the project.
    described : list
        What the descriptor lists as resources, whatever it is.

    Yields
    ------
    str
        The resource, and what was expected.
    """
    if not described:
        yield f"{DESCRIPTOR}: resources: empty: expected at least one resource"
    names: list[str] = []
    paths: list[str] = []
    for number, entry in enumerate(described, start=1):
        if not _has_text(entry, "name", "path"):
            yield f"{DESCRIPTOR}: resource {number}: expected a name and a path"
            continue
        name, path = entry["name"], entry["path"]
        place = f"{DESCRIPTOR}: resource '{name}'"
        schema = entry.get("schema")
        fields = schema.get("fields") if isinstance(schema, dict) else None
        if name in names:
            yield f"{place} is described twice"
        elif path in paths:
            yield f"{place}: path '{path}' is described twice"
        elif PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            yield f"{place}: path '{path}': expected a path inside data/"
        elif entry.get("encoding") != "utf-8":
            yield f"{place}: encoding {quoted(entry.get('encoding', ''))}: expected 'utf-8'"
        elif "schema" in entry or path.lower().endswith(".csv"):
            if not fields or not isinstance(fields, list):
                yield f"{place}: schema: expected a list of fields, one for each column"
            elif not all(_has_text(field, "name", "type") for field in fields):
                yield f"{place}: schema: expected a name and a type of each field"
            elif twice := repeated(field["name"] for field in fields):
                yield f"{place}: schema: field '{twice[0]}' is described twice"
            elif not _are_foreign_keys(schema.get("foreignKeys", [])):
                yield (
                    f"{place}: schema: foreignKeys: expected a list, each with fields and "
                    "a reference to a resource and its fields"
                )
        names.append(name)
        paths.append(path)


def schema_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what in a schema would lose a check, or stop one with a traceback.

    Parameters
    ----------
    root : Path
        Folder of the project.
    described : list of dict
        The resources of the descriptor, each with a name and a path of its own.

    Yields
    ------
    str
        The resource, and what was expected.
    """
    tables = tables_of(described)
    columns = {entry["name"]: [field["name"] for field in fields_of(entry)] for entry in tables}
    for entry in tables:
        place = f"{DESCRIPTOR}: resource '{entry['name']}'"
        if not NAME.fullmatch(entry["name"]):
            yield f"{place}: {quoted(entry['name'])} does not match the form {NAME.pattern}"
        if not isinstance(entry.get("may_be_empty", False), bool):
            yield f"{place}: may_be_empty {quoted(entry['may_be_empty'])}: expected true or false"
        yield from (f"{place}: {problem}" for problem in _wording_problems(entry))
        for field in fields_of(entry):
            for problem in (*_wording_problems(field), *_field_problems(field)):
                yield f"{place}: {problem}"
        yield from (f"{place}: {problem}" for problem in _key_problems(entry, columns))


def _wording_problems(part: dict[str, Any]) -> Iterator[str]:
    for name in ("title", "description"):
        if not isinstance(part.get(name, ""), str):
            yield f"{name} {quoted(part[name])} of '{part['name']}': expected text"


def _field_problems(field: dict[str, Any]) -> Iterator[str]:
    """Yield why a column could not be read, or a limit on it not be checked."""
    kind, constraints = field["type"], field.get("constraints", {})
    if kind not in cell_types.CASTS:
        yield (
            f"field '{field['name']}': type {quoted(kind)}: "
            f"expected one of {', '.join(cell_types.CASTS)}"
        )
    elif not isinstance(constraints, dict):
        yield f"field '{field['name']}': constraints {quoted(constraints)}: expected a mapping"
    else:
        known = CONSTRAINTS | CONSTRAINTS_OF.get(kind, BOUNDS)
        supported = {name: limit for name, limit in constraints.items() if name in known}
        for name in constraints:
            if name not in supported:
                yield f'constraint "{name}" is not supported by type "{kind}"'
        for problem in _limit_problems(kind, supported, known):
            yield f"field '{field['name']}': {problem}"


def _limit_problems(
    kind: str, constraints: dict[str, Any], known: dict[str, tuple[type, str]]
) -> Iterator[str]:
    ill_typed = set()
    for name, limit in constraints.items():
        wanted, expectation = known[name]
        # To Python true and false are whole numbers.
        if not isinstance(limit, wanted) or (wanted is int and isinstance(limit, bool)):
            ill_typed.add(name)
            yield f"{name} {quoted(limit)}: expected {expectation}"
    good = {name: limit for name, limit in constraints.items() if name not in ill_typed}
    limits = [(name, good[name]) for name in BOUNDS if name in good]
    for name, limit in [*limits, *(("enum", item) for item in good.get("enum", []))]:
        text = limit_text(limit)
        if not text or (kind == "string" and not isinstance(limit, str)):
            yield f"{name} {quoted(limit)}: expected {cell_types.CASTS[kind][1]}"
        elif expectation := expected_of_type(text, kind):
            yield f"{name} {quoted(limit)}: expected {expectation}"
    try:
        re.compile(good.get("pattern", ""))
    except re.error as error:
        yield f"pattern {quoted(good['pattern'])}: expected a regular expression: {error}"


def _key_problems(entry: dict[str, Any], columns: dict[str, list[str]]) -> Iterator[str]:
    schema, own = entry["schema"], columns[entry["name"]]
    # The helpers take an empty cell, and nothing else, for a missing value.
    if schema.get("missingValues", [""]) != [""]:
        yield f"missingValues {quoted(schema['missingValues'])}: expected ['']"
    primary = schema.get("primaryKey", [])
    if primary != [] and not _has_columns({"fields": primary}):
        yield f"primaryKey {quoted(primary)}: expected a column or a list of columns"
    elif primary and not set(names_of(primary)) <= set(own):
        yield f'primary key "{primary}" does not match the fields "{own}"'
    for key in schema.get("foreignKeys", []):
        reference = key["reference"]
        target = table_of(key, entry)
        if not set(names_of(key["fields"])) <= set(own):
            yield f'foreign key "{key}" does not match the fields "{own}"'
        elif target not in columns:
            yield f'foreign key {_key(key)}: resource "{target}" does not exist'
        elif not set(names_of(reference["fields"])) <= set(columns[target]):
            yield (
                f"foreign key {_key(key)}: '{target}' has no column {_key(reference)}: "
                f"expected one of {', '.join(columns[target])}"
            )
        elif len(names_of(key["fields"])) != len(names_of(reference["fields"])):
            yield f"foreign key {_key(key)}: expected as many columns as {_key(reference)} has"


def tables_of(described: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the resources that are tables."""
    return [entry for entry in described if "schema" in entry]


def fields_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the description of each column of a table."""
    fields: list[dict[str, Any]] = entry["schema"]["fields"]
    return fields


def table_of(key: dict[str, Any], entry: dict[str, Any]) -> str:
    """Return the name of the table that a foreign key of a table refers to."""
    # An empty name stands for the table itself.
    name: str = key["reference"]["resource"] or entry["name"]
    return name


def names_of(columns: str | list[str]) -> list[str]:
    """Return the columns of a key, which may be written as one name or as a list."""
    return [columns] if isinstance(columns, str) else columns


def _key(key: dict[str, Any]) -> str:
    return f"'{', '.join(names_of(key['fields']))}'"


def _are_foreign_keys(keys: Any) -> bool:
    return isinstance(keys, list) and all(
        _has_columns(key)
        and _has_columns(key.get("reference"))
        and _has_text(key["reference"], "resource")
        for key in keys
    )


def _has_columns(part: Any) -> bool:
    fields = part.get("fields") if isinstance(part, dict) else None
    names = fields if isinstance(fields, list) else [fields]
    return bool(names) and all(isinstance(name, str) for name in names)


def _has_text(part: Any, *properties: str) -> bool:
    return isinstance(part, dict) and all(isinstance(part.get(name), str) for name in properties)
