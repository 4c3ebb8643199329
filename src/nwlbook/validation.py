"""Validate the evidence against its descriptor, once for each state of the files.

What may be wrong is looked for in steps: the descriptor; then the files, their headings and
cells; then limits and keys. A step is taken only if the one before found nothing, because what
it would say is an echo: a missing column makes every key that uses it dangle.
"""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from helpers import evidence
from helpers.errors import EvidenceError
from nwlbook.cache import write_atomically
from nwlbook.errors import InputError

DESCRIPTOR = "data/datapackage.yaml"
MEMORY = "evidence/validated"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Control and format characters, separators of lines, and what a lost character leaves behind.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]"
)
# A byte that is not UTF-8, as the error handler surrogateescape keeps it.
STRAY_BYTE = re.compile("[\udc80-\udcff]")
SHOWN = 80


def _closed(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if ring[0] != ring[-1]:
        raise ValueError("expected a ring that ends where it begins")
    return ring


Position = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
Ring = Annotated[list[Position], Field(min_length=4), AfterValidator(_closed)]
Polygon = Annotated[list[Ring], Field(min_length=1)]


class _Shape(BaseModel):
    type: Literal["Polygon"]
    coordinates: Polygon


class _Shapes(BaseModel):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Polygon], Field(min_length=1)]


class _Properties(BaseModel):
    area: str


class _Feature(BaseModel):
    properties: _Properties
    geometry: Annotated[_Shape | _Shapes, Field(discriminator="type")]


class _Boundaries(BaseModel):
    """What the maps draw: shapes in longitude and latitude, each of an area."""

    features: list[_Feature]


def validate_evidence(root: Path, memory: Path) -> None:
    """Refuse evidence that does not fit its descriptor.

    Parameters
    ----------
    root : Path
        Folder of the project.
    memory : Path
        Folder in which the last state found valid is remembered.

    Raises
    ------
    InputError
        With file, row, column, value and what was expected; the first problem, and how
        many more there are.
    """
    state = evidence_state(root)
    remembered = memory / MEMORY
    if remembered.is_file() and remembered.read_text(encoding="utf-8") == state:
        return
    problems = list(evidence_problems(root))
    if problems:
        rest = len(problems) - 1
        more = f" (and {rest} more: 'nwlbook check' lists them)" if rest else ""
        raise InputError(f"{problems[0]}{more}")
    content = (root / DESCRIPTOR).read_bytes()
    compiled = evidence.compiled_descriptor(root, content)
    write_atomically(compiled, json.dumps(evidence.descriptor(), default=str).encode())
    write_atomically(remembered, state.encode())


def evidence_state(root: Path) -> str:
    """Return a hash of everything under `data/`, names and contents."""
    digest = hashlib.sha256()
    for file in sorted((root / "data").rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(root).as_posix().encode(errors="surrogateescape"))
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def evidence_problems(root: Path) -> Iterator[str]:
    """Yield one line for each way in which the evidence does not fit its descriptor.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Yields
    ------
    str
        The file, and as far as they apply row, column, value and what was expected.
    """
    try:
        described = evidence.descriptor()["resources"]
    except EvidenceError as error:
        yield _printable(str(error))
        return
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        # PyYAML lets through what its constructors of dates and tagged values raise.
        yield _printable(f"{DESCRIPTOR}: not valid YAML: {error}")
        return
    for step in (_entry_problems, _schema_problems, _file_problems, _key_problems):
        found = False
        for problem in step(root, described):
            found = True
            yield _printable(problem)
        if found:
            return


def _entry_problems(root: Path, described: list[Any]) -> Iterator[str]:
    """Yield what keeps the descriptor from naming each file once and each of its columns."""
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
            yield f"{place}: encoding {_quoted(entry.get('encoding', ''))}: expected 'utf-8'"
        elif "schema" in entry or path.lower().endswith(".csv"):
            if not fields or not isinstance(fields, list):
                yield f"{place}: schema: expected a list of fields, one for each column"
            elif not all(_has_text(field, "name", "type") for field in fields):
                yield f"{place}: schema: expected a name and a type of each field"
            elif twice := _repeated(field["name"] for field in fields):
                yield f"{place}: schema: field '{twice[0]}' is described twice"
            elif not _are_foreign_keys(schema.get("foreignKeys", [])):
                yield (
                    f"{place}: schema: foreignKeys: expected a list, each with fields and "
                    "a reference to a resource and its fields"
                )
        names.append(name)
        paths.append(path)


def _schema_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what in a schema would lose a check, or stop one with a traceback."""
    from frictionless import FrictionlessException, Resource

    tables = _tables(described)
    columns = {entry["name"]: [field["name"] for field in _fields(entry)] for entry in tables}
    for entry in tables:
        place = f"{DESCRIPTOR}: resource '{entry['name']}'"
        unknown = [field for field in _fields(entry) if field["type"] not in evidence.CASTS]
        for field in unknown:
            yield (
                f"{place}: field '{field['name']}': type {_quoted(field['type'])}: "
                f"expected one of {', '.join(evidence.CASTS)}"
            )
        if unknown:
            continue
        try:
            Resource.from_descriptor(entry)
        except FrictionlessException as error:
            for reason in error.reasons or [error.error]:
                yield f"{place}: {reason.note or reason.message}"
            continue
        schema = entry["schema"]
        # The helpers take an empty cell, and nothing else, for a missing value.
        if schema.get("missingValues", [""]) != [""]:
            yield f"{place}: missingValues {_quoted(schema['missingValues'])}: expected ['']"
        for field in _fields(entry):
            for problem in _limit_problems(field["type"], field.get("constraints", {})):
                yield f"{place}: field '{field['name']}': {problem}"
        for key in schema.get("foreignKeys", []):
            reference = key["reference"]
            # An empty name stands for the table itself.
            target = reference["resource"] or entry["name"]
            if target not in columns:
                yield f'{place}: foreign key {_key(key)}: resource "{target}" does not exist'
            elif not set(_names(reference["fields"])) <= set(columns[target]):
                yield (
                    f"{place}: foreign key {_key(key)}: '{target}' has no column "
                    f"{_key(reference)}: expected one of {', '.join(columns[target])}"
                )


def _limit_problems(kind: str, constraints: dict[str, Any]) -> Iterator[str]:
    limits = [(name, constraints[name]) for name in ("minimum", "maximum") if name in constraints]
    for name, limit in [*limits, *(("enum", item) for item in constraints.get("enum", []))]:
        # In YAML yes and no are true and false, and a year without quotation marks is a number.
        text = str(limit).lower() if isinstance(limit, bool) else str(limit)
        if not text or (kind == "string" and not isinstance(limit, str)):
            yield f"{name} {_quoted(limit)}: expected {evidence.CASTS[kind][1]}"
        elif expectation := _expected_of_type(text, kind):
            yield f"{name} {_quoted(limit)}: expected {expectation}"
    try:
        re.compile(constraints.get("pattern", ""))
    except re.error as error:
        yield f"pattern {_quoted(constraints['pattern'])}: expected a regular expression: {error}"


def _file_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the files by themselves: bytes, headings, rows and cells."""
    data = root / "data"
    for entry in described:
        place = f"data/{entry['path']}"
        if not (data / entry["path"]).is_file():
            yield f"{place}: not found"
        elif "schema" in entry:
            content = (data / entry["path"]).read_bytes()
            yield from (f"{place}: {found}" for found in _table_problems(content, _fields(entry)))
    paths = {PurePosixPath(entry["path"]) for entry in described}
    for file in sorted(data.rglob("*.csv")):
        if PurePosixPath(file.relative_to(data).as_posix()) not in paths:
            yield f"{file.relative_to(root).as_posix()}: not described in {DESCRIPTOR}"


def _table_problems(content: bytes, fields: list[dict[str, Any]]) -> Iterator[str]:
    if content.startswith(BYTE_ORDER_MARK):
        yield "starts with a byte order mark: expected plain UTF-8"
        return
    if content.startswith(UTF_16) or b"\0" in content[:4]:
        yield "row 1: looks like UTF-16: expected plain UTF-8"
        return
    text = content.decode("utf-8", "surrogateescape")
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    number = 0
    try:
        header = next(reader, [])
        headings = list(_heading_problems(header, [field["name"] for field in fields]))
        yield from (f"row 1: {problem}" for problem in headings)
        if headings:
            return
        number = 1
        for number, cells in enumerate(reader, start=2):
            yield from (f"row {number}: {problem}" for problem in _row_problems(cells, fields))
        if number == 1:
            yield "row 2: missing: expected at least one row below the heading"
    except csv.Error:
        # The reader gives up where the trouble ends; an open quotation mark swallows lines.
        line = text.split("\n")[number].removesuffix("\r")
        expectation = "quotation marks in pairs around a whole cell"
        if "\r" in line:
            expectation = "a line feed, not a carriage return alone, at the end of a line"
        yield f"row {number + 1}: {_quoted(line)}: not a row of CSV: expected {expectation}"


def _heading_problems(header: list[str], columns: list[str]) -> Iterator[str]:
    for label in header:
        if expectation := _expected_of_text(label):
            yield f"column {_quoted(label)}: expected {expectation}"
            return
    if missing := [column for column in columns if column not in header]:
        yield f"{_listed(missing)} missing"
    if unknown := [label for label in dict.fromkeys(header) if label not in columns]:
        yield f"{_listed(unknown)} not described"
    if twice := _repeated(header):
        yield f"{_listed(twice)} there twice: expected once"
    if sorted(header) == sorted(columns):
        for label, column in zip(header, columns, strict=True):
            if label != column:
                yield f"column {_quoted(label)}: expected '{column}': the order is another one"
                return


def _row_problems(cells: list[str], fields: list[dict[str, Any]]) -> Iterator[str]:
    if not any(cells):
        yield f"empty: expected {len(fields)} cells"
    elif len(cells) != len(fields):
        yield f"expected {len(fields)} cells, found {len(cells)}, the last {_quoted(cells[-1])}"
    else:
        for text, field in zip(cells, fields, strict=True):
            if expectation := _expected_of_text(text) or _expected_of_type(text, field["type"]):
                yield f"column '{field['name']}': {_quoted(text)}: expected {expectation}"


def _expected_of_text(text: str) -> str:
    if STRAY_BYTE.search(text):
        return "UTF-8 text"
    if text != text.strip():
        return "no space around the value"
    return "no line break, control or invisible character" if UNSEEN.search(text) else ""


def _expected_of_type(text: str, kind: str) -> str:
    cast, expectation = evidence.CASTS[kind]
    try:
        if text:
            cast(text)
    except ValueError:
        return expectation
    return ""


def _key_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what breaks a limit, a key or a reference, one line a cell."""
    from frictionless import FrictionlessException, Package

    tables = _tables(described)
    try:
        package = Package.from_descriptor(
            {"resources": [_for_frictionless(entry) for entry in tables]},
            basepath=str(root / "data"),
        )
    except FrictionlessException as refusal:
        for reason in refusal.reasons or [refusal.error]:
            yield f"{DESCRIPTOR}: {reason.note or reason.message}"
        return
    report = package.validate()
    for problem in report.errors:
        yield f"{DESCRIPTOR}: {problem.note or problem.message}"
    for entry, task in zip(tables, report.tasks, strict=True):
        told: set[tuple[int, str]] = set()
        for problem in task.errors:
            error = problem.to_descriptor()
            row, columns = error.get("rowNumber", 0), _columns(error, entry)
            if told.isdisjoint((row, column) for column in columns):
                yield f"data/{entry['path']}: {_problem(error, columns, entry)}"
            told.update((row, column) for column in columns)
    areas = evidence.rows("areas") if any(entry["name"] == "areas" for entry in tables) else []
    boroughs = [row["area"] for row in areas if row.get("kind") == "borough"]
    for entry in described:
        if entry["path"].endswith(".geojson"):
            content = (root / "data" / entry["path"]).read_bytes()
            for found in _boundary_problems(content, boroughs):
                yield f"data/{entry['path']}: {found}"


def _for_frictionless(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what frictionless is to check: what is above has checked the rest."""
    fields = []
    for field in _fields(entry):
        limits = dict(field.get("constraints", {}))
        if "pattern" in limits:
            # It anchors a pattern without brackets: only the last alternative ends at the end.
            limits["pattern"] = f"(?:{limits['pattern']})"
        fields.append({"name": field["name"], "type": field["type"], "constraints": limits})
    return {
        "name": entry["name"],
        "path": entry["path"],
        "format": "csv",
        "encoding": "utf-8",
        "schema": {**entry["schema"], "fields": fields},
    }


def _columns(error: dict[str, Any], entry: dict[str, Any]) -> list[str]:
    """Return the columns that one of frictionless's errors is about."""
    if error["type"] == "primary-key":
        return _names(entry["schema"]["primaryKey"])
    named = error.get("fieldName")
    return [named] if named else list(error.get("fieldNames", []))


def _problem(error: dict[str, Any], columns: list[str], entry: dict[str, Any]) -> str:
    """Word one of frictionless's errors: row, column, value, expectation."""
    kind, note, cells = error["type"], error.get("note", ""), error.get("cells", [])
    places = [field["name"] for field in _fields(entry)]
    if "rowNumber" not in error or not columns or len(cells) != len(places):
        return str(note or error["message"])
    row = f"row {error['rowNumber']}"
    value = ", ".join(str(cells[places.index(column)]) for column in columns)
    cell = f"column '{', '.join(columns)}': {_quoted(value)}"
    if kind == "constraint-error":
        field = _fields(entry)[places.index(columns[0])]
        return f"{row}: {cell}: expected {_constraint(note, field['constraints'])}"
    if kind == "foreign-key":
        table = error["referenceName"] or entry["name"]
        within = ", ".join(error["referenceFieldNames"])
        return f"{row}: {cell}: expected a value of column '{within}' of the table '{table}'"
    if kind in {"primary-key", "unique-error"}:
        return f"{row}: {note}: {cell}: expected a key that stands once"
    return f"{row}: {cell}: {note}"


def _constraint(note: str, constraints: dict[str, Any]) -> str:
    named = re.search(r'constraint "(\w+)"', note)
    name = named.group(1) if named else ""
    limit = constraints.get(name)
    wording = {
        "required": "a value",
        "minimum": f"at least {limit}",
        "maximum": f"at most {limit}",
        "pattern": f"the form {limit}",
        "minLength": f"at least {limit} characters",
        "maxLength": f"at most {limit} characters",
    }
    if name == "enum" and limit:
        return f"one of {', '.join(str(item) for item in limit)}"
    return wording.get(name, note)


def _boundary_problems(content: bytes, boroughs: Collection[str]) -> Iterator[str]:
    """Yield what would keep the maps from drawing each borough."""
    try:
        boundaries = _Boundaries.model_validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        # Features are counted from 1, as rows are.
        steps = [step + 1 if isinstance(step, int) else step for step in first["loc"]]
        place = f"{' '.join(map(str, steps)).replace('features', 'feature', 1)}: " if steps else ""
        value = f"{_quoted(first['input'])}: " if steps and _is_scalar(first["input"]) else ""
        yield f"{place}{value}{first['msg'].replace('Input should be', 'expected')}"
        return
    drawn = [feature.properties.area for feature in boundaries.features]
    for number, area in enumerate(drawn, start=1):
        if area not in boroughs or area in drawn[: number - 1]:
            yield f"feature {number}: area {_quoted(area)}: expected a borough, each of them once"
    for borough in boroughs:
        if borough not in drawn:
            yield f"no feature of the area '{borough}': expected one for each borough"


def _tables(described: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in described if "schema" in entry]


def _fields(entry: dict[str, Any]) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = entry["schema"]["fields"]
    return fields


def _names(columns: str | list[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else columns


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _listed(columns: list[str]) -> str:
    listed = ", ".join(map(_quoted, columns))
    return f"columns {listed} are" if len(columns) > 1 else f"column {listed} is"


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _key(key: dict[str, Any]) -> str:
    return f"'{', '.join(_names(key['fields']))}'"


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


def _quoted(value: object) -> str:
    text = str(value)
    return f"'{text if len(text) <= SHOWN else text[:SHOWN] + '…'}'"


def _printable(line: str) -> str:
    """Return a message on one line, in which what cannot be seen is spelt out."""

    def spelt(character: str) -> str:
        if STRAY_BYTE.match(character):
            return f"\\x{ord(character) - 0xDC00:02x}"
        return character if character.isprintable() else ascii(character)[1:-1]

    return "".join(map(spelt, line))
