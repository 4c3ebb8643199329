"""Say what a build was made of: its editions, runs, engine, and where the time went."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nwlbook import __version__
from nwlbook.plan import Edition
from nwlbook.runs import RunResult

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
    rendered: Mapping[str, str],
    warnings: Sequence[str],
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
    rendered : mapping
        Edition to the key of what its site was made of.
    warnings : sequence of str
        What the builder was warned of.
    """
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
        ],
        "engine": dict(engine),
        "seconds": {name: round(taken, 3) for name, taken in seconds.items()},
        "rendered": dict(rendered),
        "warnings": list(warnings),
    }
    text = json.dumps(content, indent=2, ensure_ascii=False)
    (folder / NAME).write_text(f"{text}\n", encoding="utf-8", newline="\n")
