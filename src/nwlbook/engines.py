"""Render a staged project: with Quarto where it is installed, else with the embedded engine."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nwlbook.errors import BuildError, InputError

Engine = Literal["quarto", "embedded"]
# Format to the name that Quarto has for it; the file has the ending of the format.
QUARTO_FORMATS = {"html": "html", "pdf": "typst", "docx": "docx", "epub": "epub"}
TIME_LIMIT = 1800


@dataclass(frozen=True)
class Rendered:
    """What rendering an edition took.

    Attributes
    ----------
    seconds : dict
        Stage of the engine to seconds.
    warnings : list of str
        What the engine had to say.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def choose_engine(wanted: str) -> Engine:
    """Return the engine to use.

    Parameters
    ----------
    wanted : str
        ``auto``, ``quarto`` or ``embedded``.

    Raises
    ------
    InputError
        If Quarto is asked for and not found, or the name is another.
    """
    if wanted not in {"auto", "quarto", "embedded"}:
        raise InputError(f"--engine {wanted}: expected auto, quarto or embedded")
    found = shutil.which("quarto") is not None
    if wanted == "quarto" and not found:
        raise InputError("--engine quarto: the quarto command is not found; see docs/quarto.md")
    return "quarto" if found and wanted != "embedded" else "embedded"


def engine_versions(engine: Engine) -> dict[str, str]:
    """Return the versions that a rendered book depends on."""
    if engine == "quarto":
        return {"quarto": _output(["quarto", "--version"])}
    from importlib.metadata import version

    return {"pandoc": version("pypandoc_binary"), "typst": version("typst")}


def render_edition(
    engine: Engine,
    project: Path,
    site: Path,
    formats: Sequence[str],
    jobs: int,
    cache: Path | None = None,
) -> Rendered:
    """Render a staged project into a site folder.

    Parameters
    ----------
    engine : str
        ``quarto`` or ``embedded``.
    project : Path
        Staged project.
    site : Path
        Folder of the edition's site; exists.
    formats : sequence of str
        Any of ``html``, ``pdf``, ``docx`` and ``epub``.
    jobs : int
        Chapters rendered at a time.
    cache : Path, optional
        Folder that keeps the embedded engine's images from build to build.

    Raises
    ------
    BuildError
        If Quarto fails; its last words are in the message.
    """
    if engine == "quarto":
        return _render_with_quarto(project, site, formats)
    from nwlbook import embedded

    report = embedded.render(project, site, formats, jobs=jobs, cache=cache)
    return Rendered(dict(report.seconds), list(report.warnings))


def _render_with_quarto(project: Path, site: Path, formats: Sequence[str]) -> Rendered:
    import time

    rendered = Rendered()
    made = project / "_book"
    for name in formats:
        began = time.perf_counter()
        command = ["quarto", "render", str(project), "--to", QUARTO_FORMATS[name]]
        done = subprocess.run(  # noqa: S603 the command is ours, the project is staged by us
            command, capture_output=True, text=True, timeout=TIME_LIMIT, check=False
        )
        said = done.stderr.splitlines()
        if done.returncode:
            raise BuildError(f"quarto render --to {name} failed: {' | '.join(said[-5:])}")
        rendered.warnings.extend(line for line in said if "WARN" in line)
        if name == "html":
            shutil.copytree(made, site, dirs_exist_ok=True)
        else:
            for document in made.glob(f"*.{name}"):
                shutil.copy2(document, site)
        rendered.seconds[name] = round(time.perf_counter() - began, 3)
    shutil.rmtree(made, ignore_errors=True)
    return rendered


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()
