"""From the book's chapters and the editions asked for to the notebook runs they need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from nwlbook import sources
from nwlbook.book import Book, Entry
from nwlbook.errors import InputError
from nwlbook.execute import Run
from nwlbook.parameters import SECTOR, BookParameters, Domains, Value, run_name, validated


@dataclass(frozen=True)
class Chapter:
    """One chapter of one edition.

    Attributes
    ----------
    entry : Entry
        The source that the configuration names.
    target : str
        File in the staged project.
    suffix : str
        What its labels end with if the notebook repeats, else empty.
    run : Run
        The notebook run that fills it.
    """

    entry: Entry
    target: str
    suffix: str
    run: Run


@dataclass(frozen=True)
class Edition:
    """A whole book: the sector's, or one borough's.

    Attributes
    ----------
    slug : str
        ``nwl`` or the slug of a borough.
    name : str
        Name of the area.
    parameters : BookParameters
        What it was built with.
    chapters : tuple of Chapter
        In the order of the book.
    """

    slug: str
    name: str
    parameters: BookParameters
    chapters: tuple[Chapter, ...]

    @property
    def is_sector(self) -> bool:
        """Whether it is the book of all boroughs."""
        return self.slug == SECTOR

    @property
    def run_names(self) -> list[str]:
        """Names of the runs that fill its chapters, each once."""
        return list(dict.fromkeys(chapter.run.id for chapter in self.chapters))


def plan_edition(book: Book, given: BookParameters, domains: Domains) -> Edition:
    """Plan the chapters and runs of one edition.

    Parameters
    ----------
    book : Book
        The configuration.
    given : BookParameters
        Parameters of the edition; its borough says which edition it is.
    domains : Domains
        Values that repeated notebooks go through.

    Raises
    ------
    InputError
        If a notebook has no `parameters` cell, declares a parameter that the book does
        not know, gives it a value out of its domain, or repeats for one it lacks; or if two
        chapters would have one name.
    """
    chapters: list[Chapter] = []
    for entry in book.entries:
        notebook = sources.read_source(book.root / entry.file)
        declared = sources.declared_parameters(notebook, entry.file)
        validated(declared, domains, entry.file)
        repeat = sources.repeats_for(notebook, entry.file)
        if repeat is None:
            chapters.append(_chapter(book, entry, declared, given, {}))
            continue
        if repeat not in declared:
            raise InputError(f"repeats for '{repeat}' but does not declare it", entry.file)
        if repeat not in domains.allowed:
            raise InputError(
                f"repeats for '{repeat}': expected one of {', '.join(domains.allowed)}", entry.file
            )
        for value in domains.repeated(repeat, given.borough):
            chapters.append(_chapter(book, entry, declared, given, {repeat: value}))
    _refuse_shared_names(chapters)
    if given.borough != SECTOR:
        chapters = _borough_in_front(chapters)
    return Edition(given.borough, domains.names[given.borough], given, tuple(chapters))


def runs_of(editions: Sequence[Edition]) -> list[Run]:
    """Return each run that the editions need, once."""
    return list({chapter.run.id: chapter.run for e in editions for chapter in e.chapters}.values())


def document_name(book: Book, edition: Edition) -> str:
    """Return the name of an edition's documents, without their ending."""
    name: str = book.configuration["book"]["output-file"]
    return name if edition.is_sector else f"{name}-{edition.slug}"


def _borough_in_front(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Put the borough's own chapter right after the welcome page, then the rest of its part."""
    first, *others = chapters
    own = [
        each for each in others if each.suffix and each.suffix == each.run.parameters.get("borough")
    ]
    parts = {each.entry.part for each in own} - {None}
    beside = [each for each in others if each not in own and each.entry.part in parts]
    return [first, *own, *beside, *(each for each in others if each not in (*own, *beside))]


def _refuse_shared_names(chapters: Sequence[Chapter]) -> None:
    """Refuse chapters of two sources that would write to one file, or take each other's run."""
    owners: dict[str, str] = {}
    for chapter in chapters:
        for name in (chapter.target, chapter.run.id):
            owner = owners.setdefault(name, chapter.entry.file)
            if owner != chapter.entry.file:
                raise InputError(
                    f"and {owner} would both be called '{name}': rename one", chapter.entry.file
                )


def _chapter(
    book: Book,
    entry: Entry,
    declared: Mapping[str, Value],
    given: BookParameters,
    repeated: Mapping[str, Value],
) -> Chapter:
    values = {name: repeated.get(name, getattr(given, name)) for name in declared}
    suffix = "-".join(str(value) for value in repeated.values())
    stem = f"{entry.stem}-{suffix}" if suffix else entry.stem
    target = PurePosixPath(entry.file).with_stem(stem).as_posix()
    return Chapter(
        entry=entry,
        target=target,
        suffix=suffix,
        run=Run(
            id=run_name(entry.stem, values),
            notebook=book.root / entry.file,
            parameters=values,
        ),
    )
