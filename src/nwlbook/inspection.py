"""Check a project without building it: evidence, notebooks, and the site that stands."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpers import evidence
from nwlbook import sources
from nwlbook.book import read_book
from nwlbook.checks import site_problems
from nwlbook.errors import InputError
from nwlbook.parameters import BookParameters, read_domains
from nwlbook.plan import plan_edition
from nwlbook.prose_check import refuse_typed_figures
from nwlbook.provenance import ledger
from nwlbook.provenance.texts import read_texts
from nwlbook.validation import evidence_problems


def project_problems(root: Path) -> list[str]:
    """Return one line for each thing that is wrong.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Returns
    -------
    list of str
        Empty if all is well. A site is checked only if one was built.
    """
    problems = list(evidence_problems(root))
    if problems:
        return problems
    try:
        book = read_book(root)
        plan_edition(book, BookParameters(), read_domains())
    except InputError as error:
        return [str(error)]
    for entry in book.entries:
        try:
            refuse_typed_figures(sources.read_source(root / entry.file), entry.file)
        except InputError as error:
            problems.append(str(error))
    return problems + _site(root)


@dataclass(frozen=True)
class ProvenanceReport:
    """What a check of provenance says.

    Parameters
    ----------
    notes : list of str
        Lines to be read.
    problems : list of str
        Cells not proven that are not known to be so.
    """

    notes: list[str]
    problems: list[str]


def provenance_report(root: Path, folder: Path | None, keep: bool) -> ProvenanceReport:
    """Hold the evidence to its source texts, or say what is not known without them.

    Parameters
    ----------
    root : Path
        Folder of the project.
    folder : Path or None
        Folder of the source texts, if they are at hand.
    keep : bool
        Record the result as evidence.

    Returns
    -------
    ProvenanceReport
        Cells listed as unproven by the last recorded verification are no problems.

    Raises
    ------
    InputError
        If the folder or a text in it cannot be read.
    """
    if folder is None:
        notes = ["Provenance skipped: give the source texts with --sources DIR."]
        changed = ledger.changed_tables(root)
        notes += [f"warning: {name}: changed since it was last verified" for name in changed]
        return ProvenanceReport(notes, [])
    result = ledger.verify(root, read_texts(folder), datetime.now(UTC).date())
    if keep:
        ledger.record(root, result)
    known = ledger.recorded_unproven(root)
    paths = {entry["name"]: entry["path"] for entry in evidence.descriptor()["resources"]}
    problems = [
        f"data/{paths[each.resource]}: row {each.row}: column '{each.column}': "
        f"'{each.value}': {each.reason} ({each.source_id}, {each.locator})"
        for each in result.unproven
        if each.identity not in known
    ]
    return ProvenanceReport(_coverage(result.coverage, len(known)), problems)


def _coverage(coverage: list[ledger.Coverage], known: int) -> list[str]:
    """Word how much of each source's rows is proven."""
    notes = []
    for source_id in dict.fromkeys(entry.source_id for entry in coverage):
        entries = [entry for entry in coverage if entry.source_id == source_id]
        tested = sum(entry.rows_with_numbers for entry in entries)
        proven = sum(entry.proven for entry in entries)
        held = entries[0].status == ledger.HELD
        share = f"{proven} of {tested} rows with numbers proven"
        notes.append(f"{source_id}: {share if held else entries[0].status}")
    tested = sum(entry.proven + entry.not_proven for entry in coverage)
    proven = sum(entry.proven for entry in coverage)
    share = f" ({proven / tested:.1%})" if tested else ""
    notes.append(f"All texts held: {proven} of {tested} rows with numbers proven{share}.")
    if known:
        notes.append(f"{known} cells are listed as not proven in data/reference/unproven.csv.")
    return notes


def _site(root: Path) -> list[str]:
    manifest = root / "outputs" / "manifest.json"
    if not manifest.is_file():
        return []
    engine = json.loads(manifest.read_text(encoding="utf-8"))["engine"]["name"]
    return site_problems(root / "outputs" / "site", {}, [], own_pages=engine == "embedded")
