"""The `nwlbook` command: exit 0 done, 1 the build failed, 2 the input was bad."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from nwlbook.errors import BookError, InputError, of_system, printable
from nwlbook.garbage import collect_seldom
from nwlbook.limits import MEMORY_LIMIT, TIME_LIMIT
from nwlbook.stopping import INTERRUPTED, Stopped, heed_signals

app = typer.Typer(
    help="Build the North West London report book.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
new = typer.Typer(help="Begin something new: nwlbook new chapter.", no_args_is_help=True)
app.add_typer(new, name="new")

Parameter = Annotated[
    list[str] | None,
    typer.Option("-p", metavar="NAME=VALUE", help="Set a parameter of the book; may be repeated."),
]
Jobs = Annotated[int | None, typer.Option(min=1, max=64, help="Notebooks run at a time.")]

TimeLimit = Annotated[
    float, typer.Option(min=1, metavar="SECONDS", help="Time that one notebook may take.")
]
MemoryLimit = Annotated[
    float,
    typer.Option(min=0.5, metavar="GB", help="Memory that one notebook may take; Linux only."),
]


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
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Say what has changed since an earlier build: its manifest.json, the folder "
            "with it, or a copy of its site.",
        ),
    ] = None,
    ordinary_kernels: Annotated[
        bool, typer.Option(help="Start each kernel afresh instead of forking a warm one.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Run the notebooks on this Dask cluster."),
    ] = None,
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going",
            help="When chapters fail, build the others into outputs/draft; still exit 1.",
        ),
    ] = False,
    time_limit: TimeLimit = TIME_LIMIT,
    memory_limit: MemoryLimit = MEMORY_LIMIT,
) -> None:
    """Build the book and publish it to outputs/site."""
    root = _enter_project()
    from nwlbook.build import Build
    from nwlbook.parameters import SECTOR, read_domains
    from nwlbook.progress import Progress
    from nwlbook.request import Request

    given = _assignments(parameter)
    named = given.pop("borough", None)
    slugs = [*(borough or []), *([] if named is None else [named])]
    if all_editions:
        slugs += read_domains().boroughs
    request = Request(
        root=root,
        editions=tuple(dict.fromkeys([SECTOR, *slugs])),
        formats=tuple(part.strip() for part in to.split(",") if part.strip()),
        engine=engine,
        parameters=given,
        warm=not ordinary_kernels,
        into=into.resolve() if into else None,
        since=since,
        jobs=jobs,
        scheduler=scheduler,
        keep_going=keep_going,
        time_limit=time_limit,
        memory_limit=memory_limit,
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
def explain(
    figure: Annotated[
        str,
        typer.Argument(
            metavar="FIGURE",
            help="Label, number ('Figure 2.3'), name of its CSV, or address in the site.",
        ),
    ],
    edition: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Edition of the last build; else nwl.")
    ] = None,
) -> None:
    """Lead back from a figure, table or download of the built book to where it comes from."""
    from nwlbook.explain import explanation

    typer.echo(explanation(_enter_project(), figure, edition))


@app.command()
def preview(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 4848,
    borough: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Show a borough's edition.")
    ] = None,
) -> None:
    """Serve the book on this machine; a page reloads when what it is made from changes."""
    from nwlbook.parameters import SECTOR, read_domains, validated
    from nwlbook.preview import serve

    root = _enter_project()
    if borough is not None:
        validated({"borough": borough}, read_domains())
    serve(root, port, borough or SECTOR)


@new.command("chapter")
def new_chapter(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the notebook, as in my-chapter.")],
    title: Annotated[str, typer.Option(help="Title of the chapter.")],
    part: Annotated[str, typer.Option(help="Part of the book that it goes to the end of.")],
    repeat: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One chapter for each borough, or for each priority."),
    ] = None,
) -> None:
    """Write a notebook that builds as it is, and put it into the book."""
    from nwlbook.new_chapter import add_chapter

    file = add_chapter(_enter_project(), name, title, part, repeat)
    typer.echo(f"Wrote {file} and added it to _quarto.yml; 'nwlbook preview' shows it")


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing, what that costs and how to get it."""
    from nwlbook.doctor.__main__ import main as print_findings

    raise typer.Exit(print_findings())


def main() -> None:
    """Run the command and turn errors into one clear line."""
    from helpers.errors import EvidenceError

    heed_signals()
    collect_seldom()
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:
            # typer has taken Ctrl-C for an end like any other.
            _fail("stopped", code)
        sys.exit(code)
    except typer.TyperException as error:
        _fail(printable(_misuse(error)), 2)
    except (InputError, EvidenceError) as error:
        _fail(printable(str(error)), 2)
    except BookError as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(printable(of_system(error)), 1)
    except Stopped as error:
        _fail("stopped", error.code)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped", INTERRUPTED)


def _enter_project() -> Path:
    """Find the project, and name it to everything that runs in or under this process."""
    from helpers.paths import ROOT_VARIABLE
    from nwlbook.book import project_folder

    root = project_folder(Path.cwd())
    os.environ[ROOT_VARIABLE] = str(root)
    return root


def _assignments(texts: list[str] | None) -> dict[str, str]:
    from nwlbook.parameters import assignments

    return assignments(texts or [])


def _misuse(error: typer.TyperException) -> str:
    """Say on one line what is wrong with the command itself, and who lists what is right."""
    if not (message := " ".join(error.format_message().split()).rstrip(".")):
        # The command alone: its help was shown.
        sys.exit(2)
    context = getattr(error, "ctx", None)
    name = context.command.name if context and context.parent else ""
    return f"{message[0].lower()}{message[1:]}: see '{' '.join(['nwlbook', *name.split()])} --help'"


def _fail(message: str, code: int) -> None:
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)
