"""A run with what is known of it before it runs: its source, its key, its expressions."""

import functools
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nwlbook import sources
from nwlbook.cache import Entry, RunCache, file_digest
from nwlbook.kernels import copies
from nwlbook.runs import Run, RunResult
from nwlbook.sources import Notebook

LOCK_FILE = Path("requirements") / "book.txt"
DECISIVE_MODULES = (
    "cache.py",
    "execute.py",
    "inline.py",
    "jobs.py",
    "quarto_markdown.py",
    "recorder.py",
    "sources.py",
)


@dataclass(frozen=True)
class Job:
    """A run that has been read but not run.

    Attributes
    ----------
    run : Run
        The run.
    source : dict
        Its notebook, without parameters that an earlier run put in.
    expressions : list of str
        Inline expressions of its prose.
    key : str
        First-level key: all that decides what comes of it and is known before.
    digest : str
        Digest of the source with its prose.
    """

    run: Run
    source: Notebook
    expressions: list[str]
    key: str
    digest: str

    def look_up(self, root: Path, cache: RunCache) -> RunResult | None:
        """Find what came of the run when nothing that it uses has changed since."""
        entry = cache.find(self.key, root, self.expressions)
        if entry is None:
            return None
        notebook = cache.notebook(self._copy_name(entry))
        if notebook is None:
            outputs = cache.outputs(entry)
            if outputs is None:
                return None
            notebook = self._keep_copy(entry, outputs, cache)
        return self._result(entry, notebook, cached=True)

    def result_of(self, entry: Entry, outputs: Mapping[str, Any], cache: RunCache) -> RunResult:
        """Return what came of the run, which has just ended.

        Parameters
        ----------
        entry : Entry
            What the cache keeps of it.
        outputs : mapping
            What it put out, from `copies.outputs_of`.
        cache : RunCache
            Where the executed copy is kept.
        """
        return self._result(entry, self._keep_copy(entry, outputs, cache), cached=False)

    def _copy_name(self, entry: Entry) -> str:
        # Today's source with the outputs of the run: an edit of prose alone gives another copy.
        return hashlib.sha256(f"{entry.result} {self.digest}".encode()).hexdigest()

    def _keep_copy(self, entry: Entry, outputs: Mapping[str, Any], cache: RunCache) -> Path:
        text = copies.text_of(copies.executed_copy(self.source, outputs))
        return cache.keep_notebook(self._copy_name(entry), text)

    def _result(self, entry: Entry, notebook: Path, *, cached: bool) -> RunResult:
        return RunResult(
            run=self.run,
            key=self.key,
            seconds=entry.seconds,
            cached=cached,
            notebook=notebook,
            expressions={name: entry.expressions[name] for name in self.expressions},
            used=entry.dependencies.names,
        )


def prepare(run: Run, root: Path) -> Job:
    """Read a run's source and work out its key.

    Parameters
    ----------
    run : Run
        The run.
    root : Path
        The project.

    Raises
    ------
    InputError
        If the source is not well formed, or parameters are given to one that has none.
    """
    source = copies.without_injected(sources.read_source(run.notebook))
    if run.parameters:
        sources.parameters_cell(source, run.notebook.name)
    return Job(
        run=run,
        source=source,
        expressions=sources.inline_expressions(source),
        key=_key(source, run, root),
        digest=_json_digest(source),
    )


def _key(source: Notebook, run: Run, root: Path) -> str:
    code = [
        [cell["id"], cell["source"], sources.tags_of(cell)]
        for cell in source["cells"]
        if cell["cell_type"] == "code"
    ]
    return _json_digest(
        {
            "code": code,
            "parameters": dict(run.parameters),
            "folder": os.path.relpath(run.notebook.parent, root),
            "packages": file_digest(root / LOCK_FILE),
            "python": [platform.python_implementation(), platform.python_version()],
            "builder": _builder_digest(),
        }
    )


@functools.cache
def _builder_digest() -> str:
    """Digest of the modules that decide what comes of a run: old entries then go unused."""
    here = Path(__file__).parent
    folders = [here / "kernels", here / "cluster"]
    files = [here / name for name in DECISIVE_MODULES]
    files += [file for folder in folders for file in sorted(folder.glob("*.py"))]
    return _json_digest([[file.name, file_digest(file)] for file in files])


def _json_digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
