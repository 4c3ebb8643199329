"""What a run is, what comes of it, and how it fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nwlbook.errors import BuildError
from nwlbook.failures import said
from nwlbook.sources import Literal

# Where the copies of notebooks that failed are kept, in the project.
FAILED = Path("outputs") / "failed"


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
    chapter : str
        Title of the chapter.
    cell : int or None
        Cell of the source that failed, from 1; None if it was none of them.
    line : str
        First line of that cell.
    name : str
        Name of the error.
    message : str
        What it said.
    traceback : str
        The author's own lines at the end of the traceback, without colours.
    copy : Path
        The copy with the outputs up to the failure.
    """

    def __init__(
        self,
        run: Run,
        cell: int | None,
        name: str,
        message: str,
        traceback: str,
        copy: Path,
        *,
        chapter: str,
        line: str = "",
    ) -> None:
        self.run = run
        self.chapter = chapter
        self.cell = cell
        self.line = line
        self.name = name
        self.message = message
        self.traceback = traceback
        self.copy = copy
        super().__init__("\n".join([self.summary, *self.details]))

    @property
    def summary(self) -> str:
        """One line: which cell of which run, and the error."""
        notebook = self.run.notebook.name
        place = f"{notebook}, cell {self.cell}" if self.cell else notebook
        what = f"{self.name}: {self.message}" if self.message else self.name
        return f"{place} (run '{self.run.id}'): {what}"

    @property
    def details(self) -> list[str]:
        """Lines that say what else is known: chapter, parameters, cell, traceback, copy."""
        parameters = said(self.run.parameters)
        return [
            f"Chapter: {self.chapter}",
            *([f"Parameters: {parameters}"] if parameters else []),
            *([f"Cell {self.cell} begins: {self.line}"] if self.line else []),
            *([self.traceback] if self.traceback else []),
            f"To open in Jupyter: {(FAILED / self.copy.name).as_posix()}",
        ]
