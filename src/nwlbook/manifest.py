"""Say what a build was made of: its editions, runs, engine, and where the time went."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nwlbook import __version__
from nwlbook.plan import Edition
from nwlbook.reuse import Made
from nwlbook.runs import RunFailed, RunResult

NAME = "manifest.json"


def write_manifest(
    folder: Path,
    *,
    root: Path,
    editions: Sequence[Edition],
    formats: Sequence[str],
    results: Mapping[str, RunResult],
    engine: Mapping[str, Any],
    seconds: Mapping[str, float],
    made: Mapping[str, Made],
    warnings: Sequence[str],
    failures: Sequence[RunFailed] = (),
) -> None:
    """Write the manifest of a build.

    Parameters
    ----------
    folder : Path
        Of the build.
    root : Path
        Folder of the project.
    editions : sequence of Edition
        What was built.
    formats : sequence of str
        In which formats.
    results : mapping
        Run id to its result.
    engine : mapping
        Name and versions of the engine.
    seconds : mapping
        Stage to the seconds it took.
    made : mapping
        Edition to what a later build needs to know to take it over or to compare with it.
    warnings : sequence of str
        What the builder was warned of.
    failures : sequence of RunFailed
        Runs that failed: what was built without them is a draft.
    """
    failed = {failure.run.id for failure in failures}
    content = {
        "version": __version__,
        "editions": [
            {"slug": edition.slug, "parameters": edition.parameters.model_dump()}
            for edition in editions
        ],
        "formats": list(formats),
        "runs": [
            {
                "id": result.run.id,
                "notebook": result.run.notebook.relative_to(root).as_posix(),
                "parameters": dict(result.run.parameters),
                "key": result.key,
                "seconds": round(result.seconds, 3),
                "cached": result.cached,
                "used": list(result.used),
            }
            for result in results.values()
            if result.run.id not in failed
        ],
        "engine": dict(engine),
        "seconds": {name: round(taken, 3) for name, taken in seconds.items()},
        "made": {slug: one.as_json() for slug, one in made.items()},
        "figures": {slug: asdict(one.figures) for slug, one in made.items() if one.figures},
        "warnings": list(warnings),
        "draft": bool(failures),
        "failures": [
            {
                "id": failure.run.id,
                "notebook": failure.run.notebook.relative_to(root).as_posix(),
                "parameters": dict(failure.run.parameters),
                "cell": failure.cell,
                "error": failure.name,
                "message": failure.message,
            }
            for failure in failures
        ],
    }
    text = json.dumps(content, indent=2, ensure_ascii=False)
    (folder / NAME).write_text(f"{text}\n", encoding="utf-8", newline="\n")
