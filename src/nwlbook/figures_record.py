"""The record of what an edition published: every figure, table and download, and its origin.

It stands beside the pages as `figures.json`. A later build is compared with it, and
`nwlbook explain` leads back from a figure by it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nwlbook import __version__, disclosed
from nwlbook.book import Book
from nwlbook.cache import file_digest
from nwlbook.chapters import StagedChapter
from nwlbook.errors import InputError
from nwlbook.jobs import LOCK_FILE
from nwlbook.plan import Edition
from nwlbook.runs import RunResult

NAME = "figures.json"
FORMAT: Literal[1] = 1
EVIDENCE = "data/"
DESCRIPTOR = "data/datapackage.yaml"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# They become names of files, so nothing else may stand in them.
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=200)]


class _Part(BaseModel):
    """A part of a record: exactly the fields that it names, of exactly their types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PublishedFigure(_Part):
    """A figure, table or download as it was published.

    Attributes
    ----------
    label : str
        Its label in the whole book.
    kind : str
        ``figure``, ``table`` or ``download``.
    title : str
        Finding, caption or title.
    measure : str
        Measure, geography, period and unit of a figure; else empty.
    page : str
        Address from the root of the edition's site, with the anchor if it has one.
    run : str
        The run that made it.
    cell, cell_id, code : int, str and str
        Number and name of the cell in its notebook, and how its code begins.
    sha256 : str
        Digest of its data.
    source : str
        Its source line.
    places : dict
        Each source that it rests on, with the places in it.
    """

    label: Name
    kind: Annotated[str, Field(pattern=r"^(figure|table|download)$")]
    title: str
    measure: str
    page: str
    run: str
    cell: int
    cell_id: str
    code: str
    sha256: Digest
    source: str
    places: dict[str, list[str]]

    @property
    def data(self) -> str:
        """Address of its data from the root of the edition's site."""
        return f"data/{self.label}.csv"


class RecordedRun(_Part):
    """A run of a notebook.

    Attributes
    ----------
    notebook : str
        Source, from the root of the project.
    parameters : dict
        What it was run with.
    read : list of str
        Files of evidence that it read, from the root of the project.
    """

    notebook: str
    parameters: dict[str, str | int | float | bool]
    read: list[str]


class FiguresRecord(_Part):
    """All that an edition published.

    Attributes
    ----------
    format : int
        Form of this record.
    edition : str
        Slug of the edition.
    title : str
        Title of the book.
    date : str
        Date of the book.
    made_with : dict
        Versions and digests that numbers or pages may depend on.
    parameters : dict
        Parameters of the edition.
    evidence : dict
        Each file of evidence that a run read, with its digest.
    runs : dict
        Id to run.
    figures : list of PublishedFigure
        In the order of the book.
    """

    format: Literal[1]
    edition: Name
    title: str
    date: str
    made_with: dict[str, str]
    parameters: dict[str, str | int | float | bool]
    evidence: dict[str, Digest]
    runs: dict[str, RecordedRun]
    figures: list[PublishedFigure]

    def text(self) -> str:
        """Return the record as it is written: the same for the same content, a figure a line."""
        content = self.model_dump()
        figures = ",\n".join(_json(figure) for figure in content.pop("figures"))
        parts = [f'"{name}": {_json(content[name])}' for name in sorted(content)]
        parts.append(f'"figures": [\n{figures}\n]')
        return "{\n" + ",\n".join(parts) + "\n}\n"

    def digest(self) -> str:
        """Return the digest of the record as it is written."""
        return hashlib.sha256(self.text().encode()).hexdigest()


@dataclass(frozen=True)
class Summary:
    """What a manifest says of the record of an edition.

    Attributes
    ----------
    count : int
        Figures, tables and downloads.
    sha256 : str
        Digest of the record.
    """

    count: int
    sha256: str


def made_with(engine: str, versions: Mapping[str, str], root: Path) -> dict[str, str]:
    """Return the versions and digests that numbers or pages may depend on."""
    packages = file_digest(root / LOCK_FILE)
    rules = disclosed.rules()
    return {
        "nwlbook": __version__,
        "engine": engine,
        **versions,
        **({"packages": packages} if packages else {}),
        **({disclosed.RULES: rules} if rules else {}),
    }


def make_record(
    book: Book,
    edition: Edition,
    chapters: Mapping[str, StagedChapter],
    results: Mapping[str, RunResult],
    versions: Mapping[str, str],
) -> FiguresRecord:
    """Record what an edition publishes.

    Parameters
    ----------
    book : Book
        The configuration.
    edition : Edition
        Chapters and parameters.
    chapters : mapping
        Staged file to chapter.
    results : mapping
        Run id to its result.
    versions : mapping
        From `made_with`.
    """
    used = {name for chapter in edition.chapters for name in _evidence(results[chapter.run.id])}
    # What a run only looked for has no digest. The others are at hand: its look-up took them.
    digests = {name: disclosed.published_digest(book.root, name) for name in sorted(used)}
    held = {name: digest for name, digest in digests.items() if digest is not None}
    runs: dict[str, RecordedRun] = {}
    figures: list[PublishedFigure] = []
    for chapter in edition.chapters:
        result = results[chapter.run.id]
        runs[chapter.run.id] = RecordedRun(
            notebook=chapter.entry.file,
            parameters=dict(chapter.run.parameters),
            read=sorted(name for name in _evidence(result) if name in held),
        )
        figures += _figures(chapters[chapter.target], chapter.run.id)
    section = book.configuration["book"]
    return FiguresRecord(
        format=FORMAT,
        edition=edition.slug,
        title=str(section.get("title", "")),
        date=str(section.get("date", "")),
        made_with=dict(versions),
        parameters=edition.parameters.model_dump(),
        evidence=held,
        runs=runs,
        figures=figures,
    )


def read_record(file: Path) -> FiguresRecord:
    """Read a record that some build wrote.

    Raises
    ------
    InputError
        If it cannot be read, or is not a record of this form.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", str(file)) from error
    except (ValueError, RecursionError) as error:
        raise InputError("is not JSON: expected the record of a build", str(file)) from error
    form = content.get("format") if isinstance(content, dict) else None
    if form != FORMAT:
        shown = "none" if form is None else f"'{form}'"
        raise InputError(
            f"format: {shown}: expected {FORMAT}, the form that this version of nwlbook reads",
            str(file),
        )
    try:
        return FiguresRecord.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {first['msg'].lower()}", str(file)) from error


def summary_of(file: Path) -> Summary:
    """Return what a manifest says of a record that was just written."""
    content = file.read_bytes()
    return Summary(len(json.loads(content)["figures"]), hashlib.sha256(content).hexdigest())


def _evidence(result: RunResult) -> Iterator[str]:
    for name in result.used:
        if name.startswith(EVIDENCE) and not name.endswith("/") and name != DESCRIPTOR:
            yield name


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _figures(chapter: StagedChapter, run: str) -> Iterator[PublishedFigure]:
    page = PurePosixPath(chapter.target).with_suffix(".html").as_posix()
    for label, exhibit in chapter.exhibits.items():
        place = chapter.cells[label]
        yield PublishedFigure(
            label=label,
            kind=exhibit.kind,
            title=exhibit.title,
            measure=exhibit.texts.get("subtitle", ""),
            page=page if exhibit.kind == "download" else f"{page}#{label}",
            run=run,
            cell=place.number,
            cell_id=place.id,
            code=place.code,
            sha256=hashlib.sha256(exhibit.texts["csv"].encode()).hexdigest(),
            source=exhibit.texts["source"],
            places={name: list(found) for name, found in exhibit.places.items()},
        )
