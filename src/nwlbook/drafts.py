"""A draft: the book without the chapters that failed, marked so that nobody takes it for whole."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nwlbook import sources
from nwlbook.book import Book
from nwlbook.cache import write_atomically
from nwlbook.chapters import StagedChapter
from nwlbook.errors import BuildError
from nwlbook.exhibits import joined
from nwlbook.failures import plain_heading
from nwlbook.kernels import copies
from nwlbook.markdown import REFERENCE
from nwlbook.runs import RunFailed, RunResult

FOLDER = "draft"
MARK = "DRAFT"
BANNER = """\
::: {.callout-important title="Draft, not for publication"}
At least one chapter of this book failed, and what stands in its place says why.
:::"""
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
PLAIN_HEADING = re.compile(r"^# .*$", re.MULTILINE)


class DraftBuilt(BuildError):  # noqa: N818
    """Some runs failed, and the rest became a draft.

    Attributes
    ----------
    failures : tuple of RunFailed
        Every run that failed, in order.
    """

    def __init__(self, failures: Sequence[RunFailed], total: int, page: str) -> None:
        reports = "\n\n".join(str(failure) for failure in failures)
        super().__init__(
            f"{len(failures)} of {total} runs failed; a draft without them is {page}\n\n{reports}"
        )
        self.failures = tuple(failures)


def marked_book(book: Book) -> Book:
    """Return the configuration with a title that says that this is a draft."""
    title = f"{MARK}: {book.configuration['book']['title']}"
    section = {**book.configuration["book"], "title": title}
    return replace(book, configuration={**book.configuration, "book": section})


def stand_ins(failures: Sequence[RunFailed], folder: Path) -> dict[str, RunResult]:
    """Write a notebook in the place of each that failed, with the report and nothing else.

    Parameters
    ----------
    failures : sequence of RunFailed
        What failed.
    folder : Path
        Where to write them.

    Returns
    -------
    dict
        Run id to a result.
    """
    made = {}
    for failure in failures:
        run = failure.run
        cell = {"cell_type": "markdown", "id": "report", "metadata": {}, "source": _page(failure)}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        file = folder / f"{run.id}.ipynb"
        write_atomically(file, copies.text_of(notebook).encode())
        made[run.id] = RunResult(
            run, key="", seconds=0.0, cached=False, notebook=file, expressions={}, used=()
        )
    return made


def marked_chapters(chapters: Mapping[str, StagedChapter]) -> dict[str, StagedChapter]:
    """Put the banner on each chapter, and a word in the place of each reference that leads nowhere.

    Parameters
    ----------
    chapters : mapping
        Staged file to chapter; all of an edition.
    """
    known = {
        label for chapter in chapters.values() for label in (*chapter.exhibits, *chapter.sections)
    }

    def resolved(match: re.Match[str]) -> str:
        label = match[2][0].lower() + match[2][1:]
        return match[0] if label in known else f"*{label}, which is missing from this draft,*"

    def marked(text: str) -> str:
        return REFERENCE.sub(resolved, text)

    return {
        target: replace(chapter, text=_with_banner(chapter, marked(chapter.text)))
        for target, chapter in chapters.items()
    }


def _with_banner(chapter: StagedChapter, text: str) -> str:
    if not chapter.target.endswith(".ipynb"):
        return _below_title(text)
    notebook: dict[str, Any] = json.loads(text)
    for cell in notebook["cells"]:
        source = joined(cell["source"])
        if cell["cell_type"] == "markdown" and PLAIN_HEADING.search(source):
            cell["source"] = _below_title(source).splitlines(keepends=True)
            break
    return copies.text_of(notebook)


def _below_title(text: str) -> str:
    title = PLAIN_HEADING.search(text) or FRONT_MATTER.match(text)
    end = title.end() if title else 0
    return f"{text[:end]}\n\n{BANNER}\n{text[end:]}"


def _page(failure: RunFailed) -> str:
    """Write the page of a chapter that failed."""
    report = "\n".join([failure.summary, *failure.details])
    longest = max((len(run) for run in re.findall(r"`+", report)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"""\
{_title(failure)}

::: {{.callout-important title="This chapter failed"}}
Its notebook did not run to its end, so that this draft has nothing to show here. This is what
the build reported:

{fence}
{report}
{fence}
:::
"""


def _title(failure: RunFailed) -> str:
    """Return the chapter's own heading, for its label, or one made of its name and values."""
    if heading := plain_heading(sources.read_source(failure.run.notebook)):
        return heading[0]
    values = ", ".join(str(value) for value in failure.run.parameters.values())
    return f"# {failure.chapter}" + (f" ({values})" if values else "")
