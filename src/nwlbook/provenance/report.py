"""Say how much of the evidence is proven, and what is not."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpers import data_package
from nwlbook.provenance import ledger
from nwlbook.provenance.texts import read_texts


@dataclass(frozen=True)
class Report:
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


def report(root: Path, folder: Path | None, keep: bool) -> Report:
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
    Report
        Cells that are recorded as not proven are no problems.

    Raises
    ------
    InputError
        If the folder or a text in it cannot be read.
    """
    if folder is None:
        notes = ["Provenance skipped: give the source texts with --sources DIR."]
        changed = ledger.changed_tables(root)
        notes += [f"warning: {name}: changed since it was last verified" for name in changed]
        return Report(notes, [])
    result = ledger.verify(root, read_texts(folder), datetime.now(UTC).date())
    known = ledger.recorded_unproven(root)
    paths = {entry["name"]: entry["path"] for entry in data_package.descriptor()["resources"]}
    problems = [
        f"data/{paths[each.resource]}: row {each.row}: column '{each.column}': "
        f"'{each.value}': {each.reason} ({each.source_id}, {each.locator})"
        for each in result.unproven
        if each.identity not in known
    ]
    notes = _coverage(result.coverage)
    accepted = len(result.unproven) - len(problems)
    if keep:
        ledger.record(root, result)
        # What is recorded is accepted: it is said once, and is no problem any more.
        notes += [f"recorded as not proven: {problem}" for problem in problems]
        accepted, problems = len(result.unproven), []
    if accepted:
        notes.append(f"Cells not proven that are listed in the table unproven: {accepted}.")
    return Report(notes, problems)


def _coverage(coverage: list[ledger.Coverage]) -> list[str]:
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
    return notes
