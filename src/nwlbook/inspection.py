"""Check a project without building it: evidence, notebooks, and the site that stands."""

import json
from pathlib import Path

from nwlbook import engines, sources
from nwlbook.book import read_book
from nwlbook.checks import site_problems
from nwlbook.errors import InputError, printable
from nwlbook.parameters import BookParameters, read_domains
from nwlbook.plan import plan_edition
from nwlbook.prose_check import refuse_typed_figures
from nwlbook.validation import evidence_problems


def project_problems(root: Path) -> list[str]:
    """Return one line for each thing that is wrong.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Returns
    -------
    list of str
        Empty if all is well. A site is checked only if one was built.
    """
    return list(evidence_problems(root)) or book_problems(root)


def book_problems(root: Path) -> list[str]:
    """Return one line for each thing that is wrong with the notebooks or the built site.

    Parameters
    ----------
    root : Path
        Folder of a project whose evidence is valid.
    """
    problems = []
    try:
        book = read_book(root)
        engines.check_configuration(engines.choose_engine("auto"), root)
        plan_edition(book, BookParameters(), read_domains())
    except InputError as error:
        return [printable(str(error))]
    for entry in book.entries:
        try:
            refuse_typed_figures(sources.read_source(root / entry.file), entry.file)
        except InputError as error:
            problems.append(printable(str(error)))
    return problems + _site(root)


def _site(root: Path) -> list[str]:
    manifest = root / "outputs" / "manifest.json"
    if not manifest.is_file():
        return []
    engine = json.loads(manifest.read_text(encoding="utf-8"))["engine"]["name"]
    return site_problems(root / "outputs" / "site", {}, [], own_pages=engine == "embedded")
