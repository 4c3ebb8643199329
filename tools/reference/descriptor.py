"""The page on `data/datapackage.yaml`: each property that it uses and what is expected of it."""

from collections.abc import Iterable
from typing import Any

from reference.evidence_files import Evidence
from reference.markdown_text import table

OPENING = """\
# The data package

`data/datapackage.yaml` describes each table of `data/` in the form of
[Data Package](https://specs.frictionlessdata.io/data-package/), which other programs read too.
Every build checks the files against it before a notebook runs; `nwlbook check` lists all that is
wrong. Validated by `src/nwlbook/validation/`, where each message is made."""
RESOURCE = {
    "name": 'Key of the table: `evidence.load("name")`. Lower case letters, digits, hyphens',
    "path": "File below `data/`; each file is described once",
    "title": "What the table is, for people",
    "description": "What a row is, and what to know of it",
    "format": "`csv`, or `geojson` for the boundaries",
    "mediatype": "Media type of the file",
    "encoding": "`utf-8`, always stated",
    "licenses": "Licences of what is in it",
    "sources": "Title, and address where there is one, of each source",
    "schema": "Its columns and keys; absent for the boundaries",
    "may_be_empty": "`true` for a table that may have no row",
    "disclosure": "Suppresses small counts: `threshold`, columns of `counts`, columns `derived` "
    "from them, and columns `within` which rows add up to a published total",
}
SCHEMA = {
    "fields": "One entry a column, in the order of the file",
    "missingValues": "`['']`: an empty cell is a missing value, and nothing else is",
    "primaryKey": "Columns that together are different in each row",
    "foreignKeys": "Columns whose values stand in another table: `fields`, and `reference` with "
    "`resource` and `fields`",
}
FIELD = {
    "name": "Heading of the column in the file",
    "type": "How its cells are read: see below",
    "title": "Heading for people",
    "description": "What it holds",
    "unit": "Unit of a number",
    "constraints": "What its values must be: see below",
    "proof": "Why its values are not looked for in the source's text: `key`, `counted`, `computed` "
    "or `assumed`, by us",
}
CONSTRAINT = {
    "required": "No cell is empty",
    "unique": "No value stands twice",
    "enum": "The values allowed",
    "pattern": "A regular expression that the whole value matches",
    "minimum": "Least value",
    "maximum": "Greatest value",
    "minLength": "Least number of characters",
    "maxLength": "Greatest number of characters",
}
SOURCES = """\
Each row of evidence ends with `source_id`, a key of `data/reference/sources.csv`, and `locator`,
the place in that source: table, section or heading. Where sources disagree both values are kept."""


def descriptor(evidence: Evidence) -> str:
    """Return the page.

    Parameters
    ----------
    evidence : Evidence
        The evidence of the project.

    Raises
    ------
    ValueError
        If the descriptor uses a property that this page does not explain.
    """
    from helpers import cell_types

    resources = evidence.descriptor["resources"]
    fields = [field for entry in evidence.tables.values() for field in entry["schema"]["fields"]]
    limits = [field.get("constraints", {}) for field in fields]
    _explained(resources, RESOURCE)
    _explained((entry["schema"] for entry in evidence.tables.values()), SCHEMA)
    _explained(fields, FIELD)
    _explained(limits, CONSTRAINT)
    types = [(f"`{name}`", expected) for name, (_, expected) in cell_types.CASTS.items()]
    parts = [
        OPENING,
        "## A resource",
        _table(RESOURCE),
        "## Its schema",
        _table(SCHEMA),
        "## A field",
        _table(FIELD),
        "## Types",
        table(("Type", "A cell holds"), types),
        "## Constraints",
        _table(CONSTRAINT),
        "## Source and place",
        SOURCES,
    ]
    return "\n\n".join(parts)


def _explained(parts: Iterable[dict[str, Any]], known: dict[str, str]) -> None:
    unknown = {name for part in parts for name in part} - known.keys()
    if unknown:
        raise ValueError(f"explain in tools/reference/descriptor.py: {', '.join(sorted(unknown))}")


def _table(known: dict[str, str]) -> str:
    return table(
        ("Property", "What it says"), [(f"`{name}`", text) for name, text in known.items()]
    )
