"""Import files as NHS England publishes them into `data/observations/`."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from helpers import importers
from helpers.importers.published import Value
from helpers.importers.tidy import merged, observations
from helpers.observation_files import FOLDER
from helpers.observation_rows import Observation
from nwlbook.cache import write_atomically
from nwlbook.errors import InputError

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
KINDS = tuple(importers.PUBLICATIONS)


def import_files(
    root: Path,
    kind: str,
    files: Sequence[Path],
    into: Path | None = None,
    month: str | None = None,
) -> list[str]:
    """Read published files and write the values of our organisations as observations.

    Nothing is written unless all files can be read. Importing a file again changes nothing;
    a revised file of the same month takes the place of what was there.

    Parameters
    ----------
    root : Path
        Folder of the project.
    kind : str
        Publication: one of `KINDS`.
    files : sequence of Path
        Published files; of two with the same month the later counts.
    into : Path, optional
        File in `data/observations/`; by default one a publication.
    month : str, optional
        Month of a file that names none, such as ``2026-04``.

    Returns
    -------
    list of str
        Lines that say what was done and what the files did not give.

    Raises
    ------
    InputError
        If `kind`, `into` or `month` is not one.
    EvidenceError
        If a file is not laid out as the publication is, or its values do not fit.
    """
    if kind not in KINDS:
        raise InputError(f"kind '{kind}': expected one of {', '.join(KINDS)}")
    target = _target(root, into or root / FOLDER / f"nhs-england-{kind}.csv")
    given = _month(month)
    if given and (kind != "cancer" or len(files) > 1):
        raise InputError("--month is for one file of kind cancer that names no month")
    rows: list[Observation] = []
    lines: list[str] = []
    for file in files:
        found = importers.read_published(kind, file, given)
        rows += observations(found.values, importers.PUBLICATIONS[kind].source, file.name)
        lines.append(f"{file.name}: {len(found.values)} values of {_span(found.values)}")
        lines += (f"{file.name}: {note}" for note in found.notes)
    existing = target.read_bytes() if target.is_file() else b""
    result = merged(target.name, existing, rows)
    shown = f"{FOLDER}/{target.name}"
    if result.content == existing:
        return [*lines, f"{shown}: holds these values already"]
    write_atomically(target, result.content)
    return [*lines, f"{shown}: {result.added} values added, {result.replaced} replaced"]


def _span(values: Sequence[Value]) -> str:
    months = sorted({value.month for value in values})
    first, last = f"{months[0]:%B %Y}", f"{months[-1]:%B %Y}"
    return first if first == last else f"{first} to {last}"


def _target(root: Path, file: Path) -> Path:
    target = file.resolve()
    is_ours = target.parent == (root / FOLDER).resolve() and not target.name.startswith(".")
    if not is_ours or target.suffix != ".csv":
        raise InputError(f"--into {file}: expected a file in {FOLDER}/ that ends in .csv")
    return target


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    match = MONTH.fullmatch(text)
    if match is None:
        raise InputError(f"--month '{text}': expected a month such as 2026-04")
    return date(int(match[1]), int(match[2]), 1)
