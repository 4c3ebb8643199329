"""Write the chapter that lists every data file of an edition."""

from collections.abc import Iterator, Mapping

from helpers import prose
from nwlbook.chapters import StagedChapter, file_size
from nwlbook.errors import InputError
from nwlbook.exhibits import Exhibit
from nwlbook.markdown import escaped

PAGE = "data.qmd"
SECTION = "sec-data"
INTRODUCTION = """\
Each figure and table of this book can be had as a table of comma-separated values (CSV), which \
spreadsheets and statistical programs open. The link stands below each, and here all are listed."""
ELSEWHERE = "The web edition lists the data of each figure and table here."


def data_chapter(chapters: Mapping[str, StagedChapter]) -> StagedChapter:
    """Return the chapter: the whole tables first, then the data of each chapter.

    Parameters
    ----------
    chapters : mapping
        Staged file to chapter: all others of the edition.

    Raises
    ------
    InputError
        If another chapter has its name.
    """
    if PAGE in chapters:
        raise InputError(f"'{PAGE}' is the name of the generated list of data files: rename yours")
    parts = [f"# Data {{#{SECTION}}}", INTRODUCTION]
    tables = [item for chapter in chapters.values() for item in _whole_tables(chapter)]
    if tables:
        parts += ["## Whole tables {#sec-data-tables}", "\n".join(tables)]
    listed = [part for chapter in chapters.values() for part in _of_chapter(chapter)]
    if listed:
        # On paper and in a word processor a list of addresses leads nowhere.
        parts += [
            "## Figures and tables, chapter by chapter {#sec-data-figures}",
            '::: {.content-visible when-format="html:js"}',
            *listed,
            ":::",
            '::: {.content-visible unless-format="html:js"}',
            ELSEWHERE,
            ":::",
        ]
    return StagedChapter(PAGE, "\n\n".join(parts) + "\n", sections={SECTION})


def _whole_tables(chapter: StagedChapter) -> Iterator[str]:
    for label, exhibit in chapter.exhibits.items():
        if exhibit.kind == "download":
            title = prose.sentence_case(exhibit.title)
            place = f", from [{chapter.title}]({chapter.target})" if chapter.title else ""
            yield f"- {_link(label, title, exhibit)}{place}"


def _of_chapter(chapter: StagedChapter) -> Iterator[str]:
    shown = [
        f"- @{label}: {_link(label, exhibit.title, exhibit)}"
        for label, exhibit in chapter.exhibits.items()
        if exhibit.kind != "download"
    ]
    if shown:
        yield f"### {chapter.title} {{.unnumbered}}"
        yield "\n".join(shown)


def _link(label: str, title: str, exhibit: Exhibit) -> str:
    return f"[{escaped(title)} ({file_size(exhibit.texts['csv'])})](data/{label}.csv)"
