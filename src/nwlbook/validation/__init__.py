"""Validate the evidence against its descriptor, once for each state of the files.

What may be wrong is looked for in steps: the descriptor; then the files, their headings and
cells; then limits and keys, and the boundaries; then the observations that analysts added. A
step is taken only if the one before found nothing, because what it would say is an echo: a
missing column makes every key that uses it dangle.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers import data_package, observation_files
from helpers.errors import EvidenceError
from helpers.sealed import sealed
from nwlbook.cache import write_atomically
from nwlbook.errors import InputError, printable
from nwlbook.foresight import VALIDATED, evidence_state, was_valid
from nwlbook.validation.boundaries import boundary_problems
from nwlbook.validation.descriptor import entry_problems, schema_problems
from nwlbook.validation.disclosure import disclosure_problems, observation_problems
from nwlbook.validation.keys import key_problems
from nwlbook.validation.sound_tables import SoundTables
from nwlbook.validation.tables import file_problems
from nwlbook.validation.words import DESCRIPTOR

__all__ = ["evidence_problems", "validate_evidence"]


def validate_evidence(root: Path, memory: Path) -> bool:
    """Refuse evidence that does not fit its descriptor.

    Parameters
    ----------
    root : Path
        Folder of the project.
    memory : Path
        Folder in which the last state found valid is remembered.

    Returns
    -------
    bool
        Whether it has changed since it was last found valid.

    Raises
    ------
    InputError
        With file, row, column, value and what was expected; the first problem, and how
        many more there are.
    """
    state = evidence_state(root)
    if was_valid(memory, state):
        return False
    sound = SoundTables(root, memory)
    problems = list(evidence_problems(root, sound))
    if problems:
        rest = len(problems) - 1
        more = f" (and {rest} more: 'nwlbook check' lists them)" if rest else ""
        raise InputError(f"{problems[0]}{more}")
    content = (root / DESCRIPTOR).read_bytes()
    compiled = data_package.compiled_descriptor(root, content)
    write_atomically(compiled, sealed(json.dumps(data_package.descriptor(), default=str).encode()))
    sound.remember()
    write_atomically(memory / VALIDATED, state.encode())
    return True


def evidence_problems(root: Path, sound: SoundTables | None = None) -> Iterator[str]:
    """Yield one line for each way in which the evidence does not fit its descriptor.

    Parameters
    ----------
    root : Path
        Folder of the project.
    sound : SoundTables, optional
        Knows which tables need no check; without it, all are checked.

    Yields
    ------
    str
        The file, and as far as they apply row, column, value and what was expected.
    """
    known = sound or SoundTables(root, None)

    def files(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
        return file_problems(root, described, known.names(described))

    def contents(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
        """Yield what is wrong with files that are each well formed."""
        yield from key_problems(root, described, known.names(described))
        yield from boundary_problems(root, described)

    steps = (
        entry_problems, schema_problems, disclosure_problems, files, contents,
        observation_problems, _observation_problems,
    )  # fmt: skip
    try:
        described = data_package.descriptor()["resources"]
        for step in steps:
            found = False
            for problem in step(root, described):
                found = True
                yield printable(problem)
            if found:
                return
    except EvidenceError as error:
        # The descriptor cannot be read, or lacks a table that a step looks something up in.
        yield printable(str(error))


def _observation_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the observations that analysts added."""
    yield from observation_files.problems()
