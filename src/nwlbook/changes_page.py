"""Write the chapter that says what has changed since an earlier edition."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from helpers import evidence, prose
from helpers.csv_text import as_data
from nwlbook.changes import (
    FAR,
    ChangedFigure,
    Difference,
    EditionChanges,
    compare_editions,
    rows_of,
)
from nwlbook.changes_wording import amount, bullets, day, listed, named, reference, some
from nwlbook.chapters import StagedChapter, file_size
from nwlbook.earlier_build import EarlierBuild
from nwlbook.errors import InputError
from nwlbook.exhibits import Exhibit
from nwlbook.figures_record import FiguresRecord
from nwlbook.markdown import escaped
from nwlbook.moves_table import moves_table
from nwlbook.table_comparison import Comparison

PAGE = "changes.qmd"
SECTION = "sec-changes"
DOWNLOAD = "changes"
COLUMNS = ("label", "title", "page", "row", "column", "before", "after", "difference")
TITLE = "What has changed"
NOT_COMPARED = """\
This edition was not compared with an earlier one, so nothing is said here of what has changed. \
To compare it, name the earlier build, or a folder with a copy of its site, when the book is \
built: `nwlbook build --since FOLDER`."""
MOST_FIGURES = 12
DIGEST = 12
VERSIONS = {
    "packages": "lock file of Python packages",
    "disclosure": "rule by which small counts are suppressed",
}


def changes_chapter(
    record: FiguresRecord, earlier: EarlierBuild | None, chapters: Mapping[str, StagedChapter]
) -> StagedChapter:
    """Return the chapter, with the download of every change if there is one.

    Parameters
    ----------
    record : FiguresRecord
        The record of this edition.
    earlier : EarlierBuild or None
        The build to compare it with.
    chapters : mapping
        Staged file to chapter: all others of the edition.

    Raises
    ------
    InputError
        If another chapter or download has its name, or the data of the earlier build is
        missing or damaged.
    """
    exhibits = {
        label: exhibit for each in chapters.values() for label, exhibit in each.exhibits.items()
    }
    for name, taken in ((PAGE, chapters), (DOWNLOAD, exhibits)):
        if name in taken:
            raise InputError(
                f"'{name}' is the name of the generated chapter on what has changed: rename yours"
            )
    if earlier is None:
        return _chapter(NOT_COMPARED)
    if record.edition not in earlier.editions:
        held = ", ".join(f"`{slug}`" for slug in earlier.editions)
        return _chapter(
            f"The build that this edition was to be compared with has no edition "
            f"`{record.edition}`, so nothing is said here of what has changed. "
            f"That build has: {held or 'none'}."
        )
    data = {label: exhibit.texts["csv"] for label, exhibit in exhibits.items()}
    changes = compare_editions(earlier.editions[record.edition], record, data)
    content = csv_text(changes)
    parts = [*_introduction(changes), *_origins(changes), *_titles(changes)]
    parts += [*_values(changes, exhibits), *_lists(changes)]
    if content is None:
        return _chapter(*parts)
    parts += [
        "## Every change {#sec-changes-download}",
        "::: {.nwl-notes}\n"
        f"[Download every change ({file_size(content)})](data/{DOWNLOAD}.csv)\n:::",
    ]
    texts = {"title": "every change", "csv": content, "source": "This edition and the earlier one"}
    chapter = _chapter(*parts)
    chapter.exhibits[DOWNLOAD] = Exhibit("download", DOWNLOAD, texts)
    return chapter


def csv_text(changes: EditionChanges) -> str | None:
    """Return the table of every change; None if there is none."""
    rows = list(rows_of(changes))
    if not rows:
        return None
    file = io.StringIO(newline="")
    harmless = (map(as_data, row) for row in rows)
    csv.writer(file, lineterminator="\n").writerows([COLUMNS, *harmless])
    return file.getvalue()


def _chapter(*parts: str) -> StagedChapter:
    text = "\n\n".join((f"# {TITLE} {{#{SECTION}}}", *parts))
    return StagedChapter(PAGE, f"{text}\n", sections={SECTION}, title=TITLE)


def _introduction(changes: EditionChanges) -> Iterator[str]:
    before, after = changes.before, changes.after
    known = f"whose record of figures has the digest `{before.digest()[:DIGEST]}`"
    if before.date == after.date:
        yield (
            f"This edition and the one that it was compared with are both dated "
            f"{day(after.date)}. The earlier one is that {known}."
        )
    else:
        yield (
            f"This edition is dated {day(after.date)}. It was compared with the one dated "
            f"{day(before.date)}, {known}."
        )
    told = (changes.changed, changes.new, changes.gone, changes.retitled, changes.recited)
    if not any(told):
        yield (
            f"Nothing has moved: all {prose.number(changes.common)} figures, tables and downloads "
            "hold the same values under the same titles."
        )
        return
    changed = sum(len(each.members) for each in changes.changed)
    yield (
        f"Of the {prose.number(changes.common)} figures, tables and downloads that both editions "
        f"have, {amount(changed)} changed in their data and {amount(len(changes.retitled))} in "
        f"their titles. {prose.sentence_case(some(len(changes.new)))} new, and "
        f"{some(len(changes.gone))} no longer in the book."
    )


def _origins(changes: EditionChanges) -> Iterator[str]:
    yield "## What it is made from {#sec-changes-origins}"
    lines = [
        *(_was(f"Parameter {each.name.replace('_', ' ')}", each) for each in changes.parameters),
        *_came_and_went("Evidence", changes.evidence, {}),
        *_came_and_went("Sources cited", changes.sources, _source_titles()),
        *(_version(each) for each in changes.made_with),
    ]
    if lines:
        yield "\n".join(f"- {line}" for line in lines)
    else:
        yield (
            "The parameters, the evidence, the sources cited and the versions of what builds the "
            "book are the same as they were."
        )


def _was(name: str, each: Difference) -> str:
    before, after = (escaped(text) if text else "not set" for text in (each.before, each.after))
    return f"{escaped(name)}: was {before}, is {after}"


def _version(each: Difference) -> str:
    if each.name in VERSIONS:
        return f"The {VERSIONS[each.name]} is another"
    return _was(f"Built with {each.name}", each)


def _came_and_went(
    name: str, differences: Sequence[Difference], titles: Mapping[str, str]
) -> Iterator[str]:
    for word, chosen in (
        ("changed", [each for each in differences if each.before and each.after]),
        ("new", [each for each in differences if not each.before]),
        ("no longer used", [each for each in differences if not each.after]),
    ):
        if chosen:
            names = [escaped(titles.get(each.name, each.name)) for each in chosen]
            yield f"{name}, {word}: {listed(names)}"


def _source_titles() -> dict[str, str]:
    return {row["source_id"]: row["short_title"] for row in evidence.rows("sources")}


def _titles(changes: EditionChanges) -> Iterator[str]:
    """Tell first what a reader takes away: the findings of figures, then captions of tables."""
    if changes.retitled:
        yield "## Findings and titles that read otherwise {#sec-changes-titles}"
        pairs = sorted(changes.retitled, key=lambda pair: pair[1].kind != "figure")
        yield bullets(
            [
                f"{reference(new)}: was “{escaped(old.title)}”, is “{escaped(new.title)}”"
                for old, new in pairs
            ]
        )


def _values(changes: EditionChanges, exhibits: Mapping[str, Exhibit]) -> Iterator[str]:
    if not changes.changed:
        return
    yield "## Values that moved {#sec-changes-values}"
    yield (
        f"First come figures and tables in which a value moved by {prose.percent(FAR * 100)} or "
        "more of the largest in its column, then the others, then downloads, each in the order of "
        "the book. A table shows the largest moves of its figure first."
    )
    shown, rest = _with_tables(changes)
    for each in shown:
        yield _told(each)
        if each.comparison.moves:
            yield moves_table(each, exhibits[each.figure.label])
    if rest:
        yield "Without their tables:"
        yield bullets([f"{named(each.figure)}: {_counted(each.comparison)}" for each in rest])


def _with_tables(changes: EditionChanges) -> tuple[list[ChangedFigure], list[ChangedFigure]]:
    """Choose the figures whose moves are shown: one for each cell that makes several."""
    shown: dict[tuple[str, int], ChangedFigure] = {}
    rest = []
    for each in changes.changed:
        cell = (changes.after.runs[each.figure.run].notebook, each.figure.cell)
        if cell in shown or len(shown) == MOST_FIGURES:
            rest.append(each)
        else:
            shown[cell] = each
    return list(shown.values()), rest


def _told(changed: ChangedFigure) -> str:
    # The caption of its table has its title.
    name = reference if changed.comparison.moves else named
    parts = [f"{name(changed.figure)}: {_counted(changed.comparison)}."]
    if changed.same:
        others = listed([reference(figure) for figure in changed.same])
        parts.append(f"The same holds for {others}.")
    return " ".join(parts)


def _counted(found: Comparison) -> str:
    if not found.is_comparable:
        return "its table is laid out anew, so that its values cannot be matched"
    said = []
    if found.moves:
        said.append(
            f"{prose.number(len(found.moves))} of {prose.number(found.compared)} values moved"
        )
    for names, one, many in (
        (found.new_rows, "row is new", "rows are new"),
        (found.gone_rows, "row is gone", "rows are gone"),
        (found.new_columns, "column is new", "columns are new"),
        (found.gone_columns, "column is gone", "columns are gone"),
    ):
        if names:
            told = listed([escaped(name) or "without a name" for name in names])
            said.append(f"{prose.count(len(names), one, many)} ({told})")
    return "; ".join(said)


def _lists(changes: EditionChanges) -> Iterator[str]:
    if changes.new:
        yield "## New {#sec-changes-new}"
        yield bullets([named(figure) for figure in changes.new])
    if changes.gone:
        yield "## No longer in the book {#sec-changes-gone}"
        yield bullets(
            [f"{figure.kind.capitalize()}: {escaped(figure.title)}" for figure in changes.gone]
        )
    if changes.recited:
        yield "## Sources that read otherwise {#sec-changes-sources}"
        yield bullets(
            [
                f"{reference(new)}: was “{escaped(old.source)}”, is “{escaped(new.source)}”"
                for old, new in changes.recited
            ]
        )
