"""Write an edition as a complete, plain Quarto project that stands alone."""

import copy
import html
import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from helpers import evidence
from nwlbook import figures_record
from nwlbook.book import CONFIGURATION, Book
from nwlbook.changes_page import PAGE as CHANGES
from nwlbook.changes_page import SECTION as CHANGES_SECTION
from nwlbook.changes_page import changes_chapter
from nwlbook.chapters import StagedChapter
from nwlbook.data_page import PAGE as DATA
from nwlbook.data_page import SECTION as DATA_SECTION
from nwlbook.data_page import data_chapter
from nwlbook.drafts import marked_chapters
from nwlbook.earlier_build import EarlierBuild
from nwlbook.edition_script import edition_scripts
from nwlbook.errors import InputError
from nwlbook.execute import RunResult
from nwlbook.glossary_links import Glossary, make_glossary
from nwlbook.plan import Edition, document_name
from nwlbook.staged_before import StagedBefore
from nwlbook.theme.reference_document import NAME as REFERENCE
from nwlbook.theme.reference_document import reference_document

GLOSSARY = "glossary"
DOCUMENTS = {"toc": True, "toc-depth": 2, "fig-cap-location": "top", "tbl-cap-location": "top"}
RESOURCES = [figures_record.NAME, "data/*.csv", "figures/*.svg", "assets/**"]


def stage_edition(
    book: Book,
    edition: Edition,
    results: Mapping[str, RunResult],
    images: Mapping[str, Path],
    assets: Mapping[str, Path],
    folder: Path,
    *,
    made_with: Mapping[str, str] | None = None,
    earlier: EarlierBuild | None = None,
    draft: bool = False,
    cache: Path | None = None,
) -> dict[str, StagedChapter]:
    """Write the staged project of an edition.

    Parameters
    ----------
    book : Book
        The configuration.
    edition : Edition
        Chapters and parameters.
    results : mapping
        Run id to its result.
    images : mapping
        ``<label>`` and ``<label>-narrow`` to SVG files; empty without a browser.
    assets : mapping
        File in the staged project to the file that it is copied from.
    folder : Path
        Folder to write, made new.
    made_with : mapping, optional
        Versions and digests for the record of figures.
    earlier : EarlierBuild, optional
        Build to compare the edition with.
    draft : bool
        Whether chapters are missing: then each page says so, and references to them may lead
        nowhere.
    cache : Path, optional
        Folder that keeps staged chapters from build to build.

    Returns
    -------
    dict
        Staged file to chapter, in the order of the book.

    Raises
    ------
    InputError
        If two chapters use one label, or a chapter cannot be staged.
    """
    folder.mkdir(parents=True)
    for name in ("data", "figures", "assets"):
        (folder / name).mkdir()
    chapters = staged_chapters(edition, results, images, refuse_missing=not draft, cache=cache)
    record = figures_record.make_record(book, edition, chapters, results, made_with or {})
    _write(folder / figures_record.NAME, record.text())
    chapters[CHANGES] = changes_chapter(record, earlier, chapters)
    chapters[DATA] = data_chapter(chapters)
    if draft:
        chapters = marked_chapters(chapters)
    for chapter in chapters.values():
        _write(folder / chapter.target, chapter.text)
        for label, exhibit in chapter.exhibits.items():
            _write(folder / "data" / f"{label}.csv", exhibit.texts["csv"])
    labels = _labels(chapters)
    for name, image in images.items():
        if name.removesuffix("-narrow") in labels:
            shutil.copyfile(image, folder / "figures" / f"{name}.svg")
    for name, asset in assets.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(asset, folder / name)
    configuration = staged_configuration(book, edition, assets)
    _write(folder / CONFIGURATION, configuration)
    section = yaml.load(configuration, yaml.CSafeLoader)["book"]
    glossary = edition_glossary(edition)
    terms = evidence.rows(GLOSSARY) if glossary else ()
    for name, script in edition_scripts(section, edition.name, glossary, terms).items():
        _write(folder / name, script)
    (folder / REFERENCE).write_bytes(reference_document(edition_title(book, edition)))
    return chapters


def staged_chapters(
    edition: Edition,
    results: Mapping[str, RunResult],
    images: Mapping[str, Path],
    *,
    refuse_missing: bool = True,
    cache: Path | None = None,
) -> dict[str, StagedChapter]:
    """Turn each run of an edition into its chapter.

    Raises
    ------
    InputError
        If two chapters use one label, or one refers to a label that none has.
    """
    chapters: dict[str, StagedChapter] = {}
    places: dict[str, str] = {}
    before = StagedBefore(
        cache / "staged" if cache else None,
        lambda label: images[label].read_text(encoding="utf-8") if label in images else None,
        edition_glossary(edition),
    )
    for chapter in edition.chapters:
        staged = before.staged(
            results[chapter.run.id], chapter.entry.file, chapter.target, chapter.suffix
        )
        if not edition.is_sector:
            staged = replace(staged, text=highlighted(staged.text, edition.name))
        for label in staged.exhibits:
            if label in places:
                raise InputError(
                    f"label '{label}' stands here and in {places[label]}", chapter.entry.file
                )
            places[label] = chapter.entry.file
        chapters[staged.target] = staged
    before.store.prune()
    if refuse_missing:
        _refuse_missing_labels(edition, chapters)
    return chapters


def highlighted(text: str, name: str) -> str:
    """Mark the rows of tables that are the edition's own area, in a staged notebook's text."""
    head = json.dumps(f'<th scope="row">{html.escape(name)}</th>', ensure_ascii=False)[1:-1]
    mark = json.dumps('<tr class="nwl-here">', ensure_ascii=False)[1:-1]
    return text.replace(f"<tr>{head}", f"{mark}{head}")


def _refuse_missing_labels(edition: Edition, chapters: Mapping[str, StagedChapter]) -> None:
    """Refuse a reference that leads nowhere while its place in the source is known."""
    known = _labels(chapters).union(
        {CHANGES_SECTION, DATA_SECTION}, *(chapter.sections for chapter in chapters.values())
    )
    for chapter in edition.chapters:
        for label, number in chapters[chapter.target].references:
            if label not in known:
                raise InputError(
                    f"cell {number}: reference to '{label}', which no chapter has",
                    chapter.entry.file,
                )


def edition_glossary(edition: Edition) -> Glossary | None:
    """Return the terms to link, if the book has a chapter called glossary."""
    for chapter in edition.chapters:
        if chapter.entry.stem == GLOSSARY:
            names = [row["name"] for row in evidence.rows("areas")]
            return make_glossary(chapter.target, evidence.rows(GLOSSARY), names)
    return None


def staged_configuration(book: Book, edition: Edition, assets: Mapping[str, Path]) -> str:
    """Return `_quarto.yml` of the staged project: the book's own, its chapters spelt out."""
    configuration: dict[str, Any] = copy.deepcopy(book.configuration)
    configuration["project"] = {"type": "book", "output-dir": "_book", "resources": RESOURCES}
    configuration["execute"] = {"enabled": False, "echo": False}
    section = configuration["book"]
    section["output-file"] = document_name(book, edition)
    section["title"] = edition_title(book, edition)
    if changed := edition.parameters.changed():
        section["subtitle"] = f"{section.get('subtitle', '')} ({changed})".strip()
    section["chapters"], section["appendices"] = [], []
    for chapter in edition.chapters:
        part = chapter.entry.part
        if chapter.entry.appendix:
            section["appendices"].append(chapter.target)
        elif part is None:
            section["chapters"].append(chapter.target)
        else:
            last = section["chapters"][-1]
            if not isinstance(last, dict) or last["part"] != part:
                section["chapters"].append({"part": part, "chapters": []})
            section["chapters"][-1]["chapters"].append(chapter.target)
    section["appendices"] += [CHANGES, DATA]
    pages = configuration.setdefault("format", {}).setdefault("html", {})
    light = ["cosmo", "assets/theme.scss"]
    pages["theme"] = {"light": light, "dark": [*light, "assets/theme-dark.scss"]}
    pages["include-in-header"] = "assets/head.html"
    # e-readers know a book by its identifier, so it is the same for each build of an edition
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"nwlbook/{section['output-file']}")
    formats = configuration["format"]
    for name, own in (
        ("typst", {}),
        ("docx", {"reference-doc": REFERENCE}),
        ("epub", {"css": "assets/epub.css", "identifier": f"urn:uuid:{identifier}"}),
    ):
        # `docx: default` names the format and none of its keys
        written = formats[name] if isinstance(formats.get(name), dict) else {}
        formats[name] = {**DOCUMENTS, **written, **own}
    return yaml.safe_dump(configuration, sort_keys=False, allow_unicode=True, width=100)


def edition_title(book: Book, edition: Edition) -> str:
    """Return the title of an edition's book."""
    title: str = book.configuration["book"]["title"]
    return title if edition.is_sector else f"{title}: {edition.name}"


def _labels(chapters: Mapping[str, StagedChapter]) -> set[str]:
    return {label for chapter in chapters.values() for label in chapter.exhibits}


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
