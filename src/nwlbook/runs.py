"""What a run is, what comes of it, and how it fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nwlbook.errors import BuildError
from nwlbook.sources import Literal


@dataclass(frozen=True)
class Run:
    """One notebook with one set of parameters.

    Attributes
    ----------
    id : str
        Name of the run, used for files.
    notebook : Path
        Source: a notebook or Quarto Markdown.
    parameters : mapping
        Values to inject.
    """

    id: str
    notebook: Path
    parameters: Mapping[str, Literal]


@dataclass(frozen=True)
class RunResult:
    """What came of a run.

    Attributes
    ----------
    run : Run
        The run.
    key : str
        First-level key: code, parameters and locked packages.
    seconds : float
        How long it took when it ran.
    cached : bool
        Whether it did not have to run now.
    notebook : Path
        The executed copy, in the cache.
    expressions : dict
        Inline expression of the prose to its text.
    used : tuple of str
        Files and folders (with a slash) under the root that it read or imported.
    """

    run: Run
    key: str
    seconds: float
    cached: bool
    notebook: Path
    expressions: dict[str, str]
    used: tuple[str, ...]


class RunFailed(BuildError):  # noqa: N818
    """A notebook did not run to its end.

    Attributes
    ----------
    run : Run
        The run.
    cell : int or None
        Cell of the source that failed, from 1; None if it was none of them.
    name : str
        Name of the error.
    message : str
        What it said.
    traceback : str
        Last lines of the traceback, without colours.
    copy : Path
        The copy with the outputs up to the failure.
    """

    def __init__(
        self, run: Run, cell: int | None, name: str, message: str, traceback: str, copy: Path
    ) -> None:
        place = f"{run.notebook.name}, cell {cell}" if cell else run.notebook.name
        what = f"{name}: {message}" if message else name
        lines = [
            f"{place} (run '{run.id}'): {what}",
            *([traceback] if traceback else []),
            f"Executed copy up to there: {copy}",
        ]
        super().__init__("\n".join(lines))
        self.run = run
        self.cell = cell
        self.name = name
        self.message = message
        self.traceback = traceback
        self.copy = copy
