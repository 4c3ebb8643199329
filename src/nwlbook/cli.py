"""The `nwlbook` command: exit 0 done, 1 the build failed, 2 the input was bad."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from nwlbook.errors import BookError, InputError

app = typer.Typer(
    help="Build the North West London report book.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Parameter = Annotated[
    list[str] | None,
    typer.Option("-p", metavar="NAME=VALUE", help="Set a parameter of the book; may be repeated."),
]
Jobs = Annotated[int | None, typer.Option(min=1, max=64, help="Notebooks run at a time.")]


@app.command()
def build(
    borough: Annotated[
        list[str] | None,
        typer.Option(help="Build a borough's edition beside the sector's; may be repeated."),
    ] = None,
    all_editions: Annotated[
        bool, typer.Option("--all", help="Build the sector's edition and every borough's.")
    ] = False,
    to: Annotated[str, typer.Option(help="Formats, separated by commas.")] = "html,pdf",
    engine: Annotated[str, typer.Option(help="auto, quarto or embedded.")] = "auto",
    parameter: Parameter = None,
    jobs: Jobs = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Build into a folder of its own, not into outputs."),
    ] = None,
    ordinary_kernels: Annotated[
        bool, typer.Option(help="Start each kernel afresh instead of forking a warm one.")
    ] = False,
) -> None:
    """Build the book and publish it to outputs/site."""
    from nwlbook.build import Build, Request
    from nwlbook.parameters import SECTOR, read_domains
    from nwlbook.progress import Progress

    root = _enter_project()
    given = _assignments(parameter)
    named = given.pop("borough", None)
    slugs = [*(borough or []), *([named] if named else [])]
    if all_editions:
        slugs += read_domains().boroughs
    options = {"jobs": jobs} if jobs else {}
    request = Request(
        root=root,
        editions=tuple(dict.fromkeys([SECTOR, *slugs])),
        formats=tuple(part.strip() for part in to.split(",") if part.strip()),
        engine=engine,
        parameters=given,
        warm=not ordinary_kernels,
        into=into.resolve() if into else None,
        **options,
    )
    began = time.perf_counter()
    page = Build(request, Progress(quiet=bool(os.environ.get("CI")))).run()
    taken = time.perf_counter() - began
    shown = page.relative_to(root) if page.is_relative_to(root) else page
    typer.echo(f"Built in {taken:.1f} s: {shown}")


@app.command()
def run(
    notebook: Annotated[Path, typer.Argument(help="A notebook of the book.")],
    parameter: Parameter = None,
) -> None:
    """Run one notebook with parameters into outputs/runs, to open in Jupyter."""
    from nwlbook.single import run_notebook

    made = run_notebook(_enter_project(), notebook, _assignments(parameter))
    typer.echo(f"Ran into {made}")


@app.command()
def check(
    sources: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the source texts: prove each number there."),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Keep the result of --sources as evidence.")
    ] = False,
) -> None:
    """Validate the evidence and the notebooks, and check the last built site."""
    from nwlbook.inspection import book_problems
    from nwlbook.provenance.report import report
    from nwlbook.validation import evidence_problems

    if record and not sources:
        raise InputError("--record needs --sources DIR")
    folder = sources.resolve() if sources else None
    root = _enter_project()
    problems = list(evidence_problems(root))
    if not problems:
        provenance = report(root, folder, record)
        for note in provenance.notes:
            typer.echo(note)
        problems = provenance.problems + book_problems(root)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise InputError(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found")
    typer.echo("Evidence, notebooks and site are as they should be.")


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="ae, cancer, diagnostics or rtt.")],
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="CSV, or a ZIP archive with one in it.")
    ],
    into: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File in data/observations/ to write.")
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Month of a cancer file that names none.")
    ] = None,
) -> None:
    """Turn files as NHS England publishes them into observations."""
    from nwlbook.importing import import_files

    for line in import_files(_enter_project(), kind, files, into, month):
        typer.echo(line)


@app.command()
def preview(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 4848,
) -> None:
    """Serve the book on this machine and rebuild it when a file changes."""
    from nwlbook.preview import serve

    serve(_enter_project(), port)


def main() -> None:
    """Run the command and turn errors into one clear line."""
    from helpers.errors import EvidenceError

    try:
        app(standalone_mode=True)
    except InputError as error:
        _fail(str(error), 2)
    except EvidenceError as error:
        _fail(str(error), 2)
    except BookError as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        _fail("stopped", 130)


def _enter_project() -> Path:
    """Find the project, and name it to everything that runs in or under this process."""
    from helpers.paths import ROOT_VARIABLE
    from nwlbook.book import project_folder

    root = project_folder(Path.cwd())
    os.environ[ROOT_VARIABLE] = str(root)
    return root


def _assignments(texts: list[str] | None) -> dict[str, str]:
    from nwlbook.parameters import assignment

    return dict(assignment(text) for text in texts or [])


def _fail(message: str, code: int) -> None:
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)
