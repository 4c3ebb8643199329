"""Validate the evidence against its descriptor, once for each state of the files."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers import evidence
from helpers.errors import EvidenceError
from nwlbook.cache import write_atomically
from nwlbook.errors import InputError

EXPECTED = {field_type: words for field_type, (_, words) in evidence.CASTS.items()}
MEMORY = "evidence/validated"


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
    content = (root / "data" / "datapackage.yaml").read_bytes()
    compiled = evidence.compiled_descriptor(root, content)
    write_atomically(compiled, json.dumps(evidence.descriptor(), default=str).encode())
    write_atomically(remembered, state.encode())


def evidence_state(root: Path) -> str:
    """Return a hash of everything under `data/`, names and contents."""
    digest = hashlib.sha256()
    for file in sorted((root / "data").rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def evidence_problems(root: Path) -> Iterator[str]:
    """Yield one line for each way in which the evidence does not fit its descriptor.

    Parameters
    ----------
    root : Path
        Folder of the project.
    """
    from frictionless import FrictionlessException, Package

    try:
        described = evidence.descriptor()["resources"]
    except EvidenceError as error:
        yield str(error)
        return
    data = root / "data"
    names = [entry.get("name") for entry in described]
    for entry in described:
        if names.count(entry.get("name")) > 1:
            yield f"data/datapackage.yaml: resource '{entry.get('name')}' is described twice"
            return
        file = data / str(entry.get("path"))
        if not file.is_file():
            yield f"data/{entry.get('path')}: not found"
            return
        if file.read_bytes().startswith(b"\xef\xbb\xbf"):
            yield f"data/{entry['path']}: starts with a byte order mark: expected plain UTF-8"
    paths = {entry["path"] for entry in described}
    for file in sorted(data.rglob("*.csv")):
        if file.relative_to(data).as_posix() not in paths:
            yield f"{file.relative_to(root).as_posix()}: not described in data/datapackage.yaml"
    headers = [problem for entry in described for problem in _header_problems(root, entry)]
    if headers:
        # With a column amiss every other one looks wrong by its place.
        yield from headers
        return
    try:
        package = Package(str(data / "datapackage.yaml"))
        report = package.validate()
    except FrictionlessException as error:
        reasons = error.reasons or [error.error]
        for reason in reasons:
            yield f"data/datapackage.yaml: {_one_line(reason.note or reason.message)}"
        return
    for problem in report.errors:
        yield f"data/datapackage.yaml: {_one_line(problem.note or problem.message)}"
    for task in report.tasks:
        fields = {
            field["name"]: field
            for entry in described
            if entry["name"] == task.name
            for field in entry.get("schema", {}).get("fields", [])
        }
        for problem in task.errors:
            yield _problem(f"data/{task.place}", problem.to_descriptor(), fields)


def _header_problems(root: Path, entry: dict[str, Any]) -> Iterator[str]:
    """Yield one line for each column that a table lacks or that is not described."""
    if "schema" not in entry:
        return
    file = root / "data" / entry["path"]
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        header = next(csv.reader(lines), [])
    columns = [field["name"] for field in entry["schema"]["fields"]]
    place = f"{file.relative_to(root).as_posix()}: row 1: column"
    for column in columns:
        if column not in header:
            yield f"{place} '{column}' is missing"
    for column in header:
        if column not in columns:
            yield f"{place} '{column}' is not described"


def _problem(file: str, error: dict[str, Any], fields: dict[str, dict[str, Any]]) -> str:
    """Word one of frictionless's errors: file, row, column, value, expectation."""
    kind = error["type"]
    row = error.get("rowNumber")
    column = error.get("fieldName") or error.get("label")
    place = f"{file}: row {row}" if row else file
    cell = f"{place}: column '{column}': '{error.get('cell', '')}'"
    if kind == "incorrect-label":
        return f"{file}: row 1: column '{error.get('label')}': expected '{error.get('fieldName')}'"
    if kind == "type-error" and column in fields:
        return f"{cell}: expected {EXPECTED.get(fields[column]['type'], fields[column]['type'])}"
    if kind == "constraint-error" and column in fields:
        return f"{cell}: expected {_constraint(error['note'], fields[column])}"
    if kind == "foreign-key":
        return f"{place}: {_one_line(error['note'])}: expected a row of the referenced table"
    if kind == "primary-key":
        return f"{place}: {_one_line(error['note'])}: expected a key that stands once"
    return f"{place}: {_one_line(error.get('note') or error['message'])}"


def _constraint(note: str, field: dict[str, Any]) -> str:
    named = re.search(r'constraint "(\w+)"', note)
    name = named.group(1) if named else ""
    limit = field.get("constraints", {}).get(name)
    wording = {
        "required": "a value",
        "unique": "a value that stands once",
        "minimum": f"at least {limit}",
        "maximum": f"at most {limit}",
        "pattern": f"the form {limit}",
        "minLength": f"at least {limit} characters",
        "maxLength": f"at most {limit} characters",
    }
    if name == "enum" and limit:
        return f"one of {', '.join(str(item) for item in limit)}"
    return wording.get(name, _one_line(note))


def _one_line(text: str) -> str:
    return " ".join(text.split())
