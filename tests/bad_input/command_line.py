"""The command itself."""

from bad_input.case import Case, Group, nothing, written


def asked(*command: str, did: str, says: str) -> Case:
    return Case(did, nothing, says, command)


GROUP = Group(
    "The command",
    "What is asked of `nwlbook`.",
    (
        asked(
            "bild",
            did="A misspelt command",
            says="no such command 'bild'. Did you mean 'build'?: see 'nwlbook --help'",
        ),
        asked(
            "build",
            "--joobs",
            "2",
            did="A misspelt option",
            says="no such option: --joobs (Possible options: --jobs): see 'nwlbook build --help'",
        ),
        asked(
            "build",
            "brent",
            did="A word too many",
            says="got unexpected extra argument(s) (brent): see 'nwlbook build --help'",
        ),
        asked(
            "build",
            "--jobs",
            "0",
            did="No jobs",
            says="invalid value for '--jobs': Input should be greater than or equal to 1: see "
            "'nwlbook build --help'",
        ),
        asked(
            "build",
            "--jobs",
            "many",
            did="Jobs in words",
            says="invalid value for '--jobs': Input should be a valid integer, unable to parse "
            "string as an integer: see 'nwlbook build --help'",
        ),
        asked(
            "build",
            "--to",
            did="An option without its value",
            says="option '--to' requires an argument: see 'nwlbook --help'",
        ),
        asked(
            "build",
            "--to",
            "html,odt",
            did="An unknown format",
            says="--to odt: expected html or pdf or docx or epub",
        ),
        asked(
            "build",
            "--to",
            "pdf",
            did="Without pages",
            says="--to: html is always built; add it to the list",
        ),
        asked(
            "build",
            "--to",
            "",
            did="No format",
            says="--to: html is always built; add it to the list",
        ),
        asked(
            "build",
            "--engine",
            "sphinx",
            did="An unknown engine",
            says="--engine sphinx: expected auto, quarto or embedded",
        ),
        asked(
            "build",
            "--engine",
            "quarto",
            did="Quarto where it is not installed",
            says="--engine quarto: the quarto command is not found; see docs/quarto.md",
        ),
        asked(
            "build",
            "--borough",
            "bren",
            did="A misspelt borough",
            says="unknown borough 'bren': expected one of nwl, brent, ealing (did you mean brent?)",
        ),
        asked(
            "build",
            "--borough",
            "Brent",
            did="A borough by its name",
            says="unknown borough 'Brent': expected one of nwl, brent, ealing (did you mean "
            "brent?)",
        ),
        asked(
            "build",
            "--borough",
            "england",
            did="An area that is no borough",
            says="unknown borough 'england': expected one of nwl, brent, ealing",
        ),
        asked(
            "build",
            "--borough",
            "../brent",
            did="A path as a borough",
            says="unknown borough '../brent': expected one of nwl, brent, ealing (did you mean "
            "brent?)",
        ),
        asked(
            "build",
            "--borough",
            "brent",
            "--borough",
            "eeling",
            did="A second borough that is misspelt",
            says="unknown borough 'eeling': expected one of nwl, brent, ealing (did you mean "
            "ealing?)",
        ),
        asked(
            "build",
            "--all",
            "--borough",
            "camden",
            did="A borough of another system beside all",
            says="unknown borough 'camden': expected one of nwl, brent, ealing",
        ),
        Case(
            "A file to build into",
            written("mine", "A letter"),
            "--into {folder}/mine: expected a new or empty folder, or that of a build",
            ("build", "--into", "mine"),
        ),
        Case(
            "A folder that holds something else",
            written("mine/letter.txt", "Dear"),
            "--into {folder}/mine: expected a new or empty folder, or that of a build",
            ("build", "--into", "mine"),
        ),
        asked(
            "build",
            "--into",
            ".",
            did="The project itself to build into",
            says="--into {folder}: expected a new or empty folder, or that of a build",
        ),
        asked(
            "build",
            "--into",
            "data/site",
            did="The evidence to build into",
            says="--into {folder}/data/site: expected a folder outside data",
        ),
        asked(
            "build",
            "--into",
            "src/site",
            did="The code to build into",
            says="--into {folder}/src/site: expected a folder outside src",
        ),
        asked(
            "build",
            "--into",
            "outputs/builds/mine",
            did="The folder of builds to build into",
            says="--into {folder}/outputs/builds/mine: expected a folder outside outputs/builds",
        ),
        Case(
            "A folder below a file",
            written("mine", "A letter"),
            "--into {folder}/mine/book: expected a new or empty folder, or that of a build",
            ("build", "--into", "mine/book"),
        ),
        asked(
            "run",
            did="A run of nothing",
            says="missing argument 'notebook': see 'nwlbook run --help'",
        ),
        asked(
            "run",
            "notebooks/gone.ipynb",
            did="A run of a notebook that is not there",
            says="notebooks/gone.ipynb: expected a notebook of the project",
        ),
        asked(
            "run",
            "/etc/hostname",
            did="A run of a file outside the project",
            says="/etc/hostname: expected a notebook of the project",
        ),
        asked(
            "run",
            "data/beds.csv",
            did="A run of a table",
            says="data/beds.csv: is neither a notebook (.ipynb) nor Quarto Markdown (.qmd)",
        ),
        asked(
            "run",
            "notebooks/beds.ipynb",
            "-p",
            "borough=brent",
            did="A run with a parameter of others",
            says="notebooks/beds.ipynb declares no parameter 'borough': expected scenario",
        ),
        asked(
            "check", "--record", did="A record without sources", says="--record needs --sources DIR"
        ),
        asked(
            "check",
            "--sources",
            "gone",
            did="A folder of sources that is not there",
            says="no folder of source texts: {folder}/gone",
        ),
        asked(
            "build",
            "--since",
            "gone",
            did="An earlier build that is not there",
            says="--since gone: not found",
        ),
        asked(
            "build",
            "--since",
            "data",
            did="An earlier build that is none",
            says="--since data: expected manifest.json of a build, the folder with it, or a copy "
            "of a site with figures.json",
        ),
        Case(
            "An earlier build with another manifest",
            written("old/manifest.json", "[]"),
            "--since old: manifest.json is not that of a build",
            ("build", "--since", "old"),
        ),
        Case(
            "An earlier site with half a record",
            written("old/figures.json", '{"format": 1'),
            "--since: {folder}/old/figures.json: is not JSON: expected the record of a build",
            ("build", "--since", "old"),
        ),
        asked(
            "build",
            "--scheduler",
            "localhost",
            did="A cluster without a port",
            says="--scheduler localhost: expected tcp://HOST:PORT or tls://HOST:PORT",
        ),
        asked(
            "explain",
            "fig-beds",
            did="A figure of a book without a record",
            says="no book with a record of its figures is built: run 'nwlbook build'",
        ),
        Case(
            "A record of figures of another form",
            written("outputs/site/figures.json", '{"format": 99}'),
            "{folder}/outputs/site/figures.json: format: '99': expected 1, the form that this "
            "version of nwlbook reads",
            ("explain", "fig-beds"),
        ),
        asked(
            "preview",
            "--port",
            "99999999",
            did="A port that there is not",
            says="invalid value for '--port': Input should be less than or equal to 65535: see "
            "'nwlbook preview --help'",
        ),
    ),
)
