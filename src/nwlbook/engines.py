"""Render a staged project: with Quarto where it is installed, else with the embedded engine."""

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Literal

from nwlbook.errors import BuildError, InputError

Engine = Literal["quarto", "embedded"]
# Format to the name that Quarto has for it; the file has the ending of the format.
QUARTO_FORMATS = {"html": "html", "pdf": "typst", "docx": "docx", "epub": "epub"}
TIME_LIMIT = 1800
# The first version that makes a PDF of a book through typst.
TYPST_BOOKS = (1, 9)


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


def check_configuration(engine: Engine, root: Path) -> None:
    """Refuse, before anything runs, what the engine would refuse of the book's configuration.

    Raises
    ------
    InputError
        With the line in the project's own `_quarto.yml`. Quarto checks its own.
    """
    if engine == "embedded":
        from nwlbook.embedded.config import check_source

        check_source(root)


def engine_versions(engine: Engine) -> dict[str, str]:
    """Return the versions that a rendered book depends on."""
    if engine == "quarto":
        return {"quarto": _output(["quarto", "--version"])}
    from importlib.metadata import version

    return {"pandoc": version("pypandoc_binary"), "typst": version("typst")}


def prepare(engine: Engine, formats: Sequence[str]) -> None:
    """Import what rendering will need, ahead of it.

    Parameters
    ----------
    engine : str
        ``quarto`` or ``embedded``.
    formats : sequence of str
        Formats to be written.
    """
    if engine == "embedded":
        modules = ["nwlbook.embedded.render", "nwlbook.embedded.pages", "jinja2"]
        if "pdf" in formats:
            modules += ["nwlbook.embedded.pdf", "typst"]
        for name in modules:
            import_module(name)


def render_edition(
    engine: Engine,
    project: Path,
    site: Path,
    formats: Sequence[str],
    jobs: int,
    cache: Path | None = None,
    on_pages: Callable[[], None] | None = None,
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
    on_pages : callable, optional
        Called once all pages are written, while documents may still be in the making.

    Raises
    ------
    BuildError
        If Quarto fails, takes too long or leaves a document out; its last words are in the
        message.
    """
    if engine != "quarto":
        return _render_embedded(project, site, formats, jobs, cache, on_pages)
    version = engine_versions(engine)["quarto"]
    if "pdf" not in formats or makes_typst_books(version):
        return _render_with_quarto(project, site, formats, on_pages)
    others = [name for name in formats if name != "pdf"]
    rendered = _render_with_quarto(project, site, others, on_pages)
    rest = _render_embedded(project, site, ["pdf"], jobs, cache)
    said = f"Quarto {version} makes no PDF of a book, as 1.9 does: the PDF is the embedded engine's"
    return Rendered(
        {**rendered.seconds, **rest.seconds}, [*rendered.warnings, said, *rest.warnings]
    )


def makes_typst_books(version: str) -> bool:
    """Return whether this version of Quarto makes a PDF of a book through typst."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is None or (int(numbers[1]), int(numbers[2])) >= TYPST_BOOKS


def _render_embedded(
    project: Path,
    site: Path,
    formats: Sequence[str],
    jobs: int,
    cache: Path | None,
    on_pages: Callable[[], None] | None = None,
) -> Rendered:
    from nwlbook.embedded.render import render

    report = render(project, site, formats, jobs=jobs, cache=cache, on_pages=on_pages)
    return Rendered(dict(report.seconds), list(report.warnings))


def _render_with_quarto(
    project: Path,
    site: Path,
    formats: Sequence[str],
    on_pages: Callable[[], None] | None = None,
) -> Rendered:
    import time

    rendered = Rendered()
    made = project / "_book"
    for name in formats:
        began = time.perf_counter()
        command = ["quarto", "render", str(project), "--to", QUARTO_FORMATS[name]]
        try:
            done = subprocess.run(  # noqa: S603 the command is ours, the project is staged by us
                command, capture_output=True, text=True, timeout=TIME_LIMIT, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise BuildError(
                f"quarto render --to {name} was not done after {TIME_LIMIT // 60} minutes"
            ) from error
        said = done.stderr.splitlines()
        if done.returncode:
            raise BuildError(f"quarto render --to {name} failed: {_last(said)}")
        rendered.warnings.extend(line for line in said if "WARN" in line)
        if name == "html":
            shutil.copytree(made, site, dirs_exist_ok=True)
            if on_pages is not None:
                on_pages()
        else:
            documents = list(made.glob(f"*.{name}"))
            if not documents:
                raise BuildError(f"quarto render --to {name} wrote no document: {_last(said)}")
            for document in documents:
                shutil.copy2(document, site)
        rendered.seconds[name] = round(time.perf_counter() - began, 3)
    shutil.rmtree(made, ignore_errors=True)
    return rendered


def _last(said: Sequence[str]) -> str:
    return " | ".join(said[-5:])


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()
