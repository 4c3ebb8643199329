"""Lead back from a figure of the built book to the cell, the data and the place in a source."""

import csv
import difflib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from lxml import html

from helpers import evidence, prose
from nwlbook.disclosed import published_digest
from nwlbook.editions import FOLDER, place
from nwlbook.errors import InputError
from nwlbook.figures_record import NAME, FiguresRecord, PublishedFigure, read_record
from nwlbook.parameters import SECTOR

NUMBERED = re.compile(r"(figure|table)\s+([0-9A-Z]+(?:\.[0-9]+)+|[0-9]+)", re.IGNORECASE)
CAPTION = re.compile(r"\s*(Figure|Table)\s+([0-9A-Z.]*[0-9A-Z])")
OWN_PLACE = re.compile(rf"(?:^|/){FOLDER}/([a-z0-9-]+)/")
WIDTH, INDENT = 100, 13


def explanation(root: Path, wanted: str, slug: str | None = None) -> str:
    """Say where a figure, table or download of the built book comes from.

    Parameters
    ----------
    root : Path
        Folder of the project.
    wanted : str
        Its label, its number such as ``Figure 2.3``, the name of its CSV, or its address.
    slug : str, optional
        Edition; else that of the address, else the sector's.

    Returns
    -------
    str
        Lines for a person to read.

    Raises
    ------
    InputError
        If the book or the edition is not built, or has no such figure.
    """
    named = OWN_PLACE.search(wanted)
    edition = slug or (named[1] if named else SECTOR)
    site = root / "outputs" / "site" / place(edition)
    if not (site / NAME).is_file():
        _refuse_edition(root, edition)
    record = read_record(site / NAME)
    numbers = _Numbers(site, record)
    figure = _find(record, numbers, wanted)
    shown = site.relative_to(root).as_posix()
    run = record.runs[figure.run]
    cited = list(_cited(root, record, figure))
    lines = [
        *_field(_kind(figure, numbers), figure.label),
        *_field("Title", figure.title),
        *_field("Measure", figure.measure),
        *_field("Page", f"{shown}/{figure.page}"),
        *_field("Made by", f"{run.notebook}, cell {figure.cell} ({figure.cell_id})"),
        *_field("", figure.code),
        *_field("Parameters", _parameters(run.parameters)),
        *_field("Its data", f"{shown}/{figure.data}: {_size(site / figure.data)}"),
        *_evidence(record, figure, cited),
        *_sources(figure),
    ]
    return "\n".join(lines)


class _Numbers:
    """The numbers of figures and tables, which only the finished pages know."""

    def __init__(self, site: Path, record: FiguresRecord) -> None:
        self.site = site
        self.record = record
        self._pages: dict[str, html.HtmlElement | None] = {}

    def of(self, figure: PublishedFigure) -> str:
        """Return such as ``Figure 2.3``; empty for what has no number."""
        page, _, anchor = figure.page.partition("#")
        tree = self._page(page)
        found = tree.xpath("//*[@id=$anchor]", anchor=anchor) if tree is not None else []
        for caption in found[0].iter("figcaption", "caption") if found else ():
            if match := CAPTION.match(caption.text_content()):
                return f"{match[1]} {match[2]}"
        return ""

    def labels(self) -> dict[str, PublishedFigure]:
        """Return every number of the edition, in small letters, with its figure."""
        return {self.of(figure).lower(): figure for figure in self.record.figures}

    def _page(self, name: str) -> html.HtmlElement | None:
        if name not in self._pages:
            file = self.site / name
            known = file.is_file() and file.resolve().is_relative_to(self.site.resolve())
            self._pages[name] = html.fromstring(file.read_bytes()) if known else None
        return self._pages[name]


def _refuse_edition(root: Path, edition: str) -> None:
    site = root / "outputs" / "site"
    built = [SECTOR] if (site / NAME).is_file() else []
    built += [file.parent.name for file in sorted((site / FOLDER).glob(f"*/{NAME}"))]
    if not built:
        raise InputError("no book with a record of its figures is built: run 'nwlbook build'")
    raise InputError(
        f"--edition {edition}: not in the last build: expected one of {', '.join(built)}"
    )


def _find(record: FiguresRecord, numbers: _Numbers, wanted: str) -> PublishedFigure:
    labels = {figure.label: figure for figure in record.figures}
    asked = " ".join(unquote(wanted).split())
    if match := NUMBERED.fullmatch(asked):
        known = numbers.labels()
        label = f"{match[1]} {match[2]}".lower()
        if label in known:
            return known[label]
        near = difflib.get_close_matches(label, [name for name in known if name], n=3)
        raise _unknown(wanted, record, [name.capitalize() for name in near])
    label = asked.rpartition("#")[2] if "#" in asked else asked.removeprefix("@")
    if label.endswith(".csv"):
        label = PurePosixPath(label).stem
    if label in labels:
        return labels[label]
    raise _unknown(wanted, record, difflib.get_close_matches(label, labels, n=3, cutoff=0.5))


def _unknown(wanted: str, record: FiguresRecord, near: Sequence[str]) -> InputError:
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else "expected a label such as fig-name, a number such as 'Figure 2.3', or name.csv"
    )
    return InputError(
        f"edition {record.edition} has no figure, table or download '{wanted}': {hint}"
    )


def _kind(figure: PublishedFigure, numbers: _Numbers) -> str:
    return (numbers.of(figure) if "#" in figure.page else "") or figure.kind.capitalize()


def _parameters(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items()) or "none"


def _size(file: Path) -> str:
    rows = _rows(file)
    if rows is None:
        return "missing"
    header, *others = rows or [[]]
    return f"{prose.count(len(others), 'row')} of {', '.join(header)}"


def _rows(file: Path) -> list[list[str]] | None:
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            return [row for row in csv.reader(opened) if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def _cited(root: Path, record: FiguresRecord, figure: PublishedFigure) -> Iterator[tuple[str, str]]:
    """Yield the files that the run read and that hold rows of the places cited, and how many."""
    places = {(source, each) for source, found in figure.places.items() for each in found}
    for name in record.runs[figure.run].read:
        digest = published_digest(root, name)
        if digest is None:
            yield name, "no longer there"
            continue
        header, *rows = _rows(root / name) or [[]]
        if not {"source_id", "locator"} <= set(header):
            continue
        source, locator = header.index("source_id"), header.index("locator")
        width = max(source, locator)
        count = sum(len(row) > width and (row[source], row[locator]) in places for row in rows)
        changed = (
            "" if digest == record.evidence.get(name) else "; changed since the book was built"
        )
        if count:
            yield name, f"{count} of {len(rows)} rows{changed}"


def _evidence(
    record: FiguresRecord, figure: PublishedFigure, cited: Sequence[tuple[str, str]]
) -> Iterator[str]:
    name = "Evidence"
    for file, said in cited:
        yield from _field(name, f"{file}: {said}")
        name = ""
    others = len(record.runs[figure.run].read) - len(cited)
    if others:
        what = prose.count(others, "other file" if cited else "file")
        said = "that the run read holds no row of the places below"
        yield from _field(name, f"{what} {said if others == 1 else said.replace('holds', 'hold')}")


def _sources(figure: PublishedFigure) -> Iterator[str]:
    described = {str(row["source_id"]): row for row in evidence.rows("sources")}
    name = "Sources"
    for source, locators in figure.places.items():
        row = described.get(source, {})
        yield from _field(name, source)
        title = row.get("title") or row.get("short_title")
        by = ", ".join(str(row[key]) for key in ("publisher", "date") if row.get(key))
        described_as = f"{title} ({by})" if title and by else str(title or "")
        for text in (described_as, str(row.get("url") or ""), *locators):
            yield from _field("", text, deeper=2)
        name = ""


def _field(name: str, text: str, deeper: int = 0) -> list[str]:
    """Return a name and its text, wrapped, in two columns; nothing if there is no text."""
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=f"{name:<{INDENT + deeper}}",
        subsequent_indent=" " * (INDENT + deeper),
        break_long_words=False,
        break_on_hyphens=False,
    )
