"""Write the book as one Word document: pandoc's writer with a styled reference document."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.docx_lists import lists_of_floats
from nwlbook.embedded.lower_docx import DocxLowering
from nwlbook.embedded.numbering import NUMBER
from nwlbook.embedded.raster import as_png
from nwlbook.embedded.tree import (
    BOXES,
    Node,
    attributes,
    div,
    link,
    nodes,
    pairs_of,
    raw_block,
    raw_inline,
    text,
    words,
)
from nwlbook.embedded.whole_book import (
    ImageStore,
    anchor_of,
    document_date,
    parts_of,
    shown_tables,
    without_dead_links,
)
from nwlbook.errors import InputError

FONTS = "assets/fonts"
_REFERENCE = "reference.docx"
_SETTINGS = "word/settings.xml"
# pandoc's settings name no version, and Word would lay the document out as that of 2007 did.
_PRESENT = (
    b'<w:compat><w:compatSetting w:name="compatibilityMode" '
    b'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:rsids'
)
_BOX = (
    '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
    "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>"
)
_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{depth}" \\h \\z </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def write_docx(
    config: Config, chapters: list[Chapter], file: Path, cache: Path | None = None
) -> list[str]:
    """Write the book as a Word document.

    Parameters
    ----------
    config : Config
        The book's configuration.
    chapters : list of Chapter
        The finished book.
    file : Path
        Where the document goes.
    cache : Path, optional
        Folder that keeps drawn images from build to build.

    Returns
    -------
    list of str
        Warnings.

    Raises
    ------
    InputError
        If the reference document that the configuration names is missing.
    BuildError
        If pandoc or typst fails.
    """
    images = ImageStore()

    def store_image(image: Path | str) -> str:
        return _drawn(images.add(image))

    by_file = {chapter.file: chapter for chapter in chapters}
    tables: dict[str, Node] = {}
    lowerings = {
        one.file: DocxLowering(one, config.project, tables, store_image, by_file)
        for one in chapters
    }
    for lowering in lowerings.values():
        tables |= shown_tables(lowering)
    blocks: list[Node] = []
    for part, members in parts_of(chapters):
        if part:
            blocks += _part(part, members)
        for one in members:
            lowering = lowerings[one.file]
            blocks += [*lowering.title(), *lowering.blocks(one.blocks)]
    anchors = set().union(*(one.anchors for one in lowerings.values()))
    blocks = [*_front(config, chapters, anchors), *without_dead_links(blocks, anchors)]
    content, notices = _write(config, blocks, images, cache)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_for_present_word(content))
    warnings = [warning for one in lowerings.values() for warning in one.warnings]
    return warnings + [f"Word: {' '.join(line.split())}" for line in notices.splitlines() if line]


def _write(
    config: Config, blocks: list[Node], images: ImageStore, cache: Path | None
) -> tuple[bytes, str]:
    drawings = {name: one for name, one in images.files.items() if name.endswith(".svg")}
    drawn = as_png(drawings, config.project / FONTS, cache)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "images").mkdir()
        for image, content in images.files.items():
            (folder / _drawn(image)).write_bytes(drawn.get(image, content))
        (folder / _REFERENCE).write_bytes(_reference(config))
        options = (
            f"--resource-path={folder}",
            f"--reference-doc={folder / _REFERENCE}",
            "--syntax-highlighting=none",
        )
        meta = {
            "title": _inlines(config.title),
            "author": {"t": "MetaList", "c": [_inlines(one) for one in config.authors]},
            "date": _inlines(config.date_in_words),
            "lang": {"t": "MetaString", "c": config.lang},
            "description": {"t": "MetaString", "c": config.description},
        }
        if config.subtitle:
            meta["subtitle"] = _inlines(config.subtitle)
        return pandoc.write_document(blocks, meta, "docx", options, document_date(config))


def _drawn(image: str) -> str:
    """Return the name that an image has in the document, where drawings are PNG."""
    return f"{image.removesuffix('.svg')}.png" if image.endswith(".svg") else image


def _reference(config: Config) -> bytes:
    named = config.get("format.docx.reference-doc", "")
    if not named:
        from nwlbook.theme.reference_document import reference_document

        return reference_document(config.title)
    file: Path = config.project / named
    if not file.is_file():
        raise InputError(f"'{named}' does not exist", "_quarto.yml")
    return file.read_bytes()


def _inlines(sentence: str) -> dict[str, Any]:
    return {"t": "MetaInlines", "c": words(sentence)}


def _front(config: Config, chapters: list[Chapter], anchors: set[str]) -> list[Node]:
    """Return what stands between the title and the first chapter."""
    result: list[Node] = []
    if config.description:
        result += _styled("Abstract", words(config.description))
    if config.get("format.docx.toc", True):
        result += _contents(chapters, config.get("format.docx.toc-depth", 2))
        result += lists_of_floats(chapters, anchors)
    return result


def _contents(chapters: list[Chapter], depth: int) -> list[Node]:
    """Return the field of contents, with the entries that it has before Word looks up pages."""
    entries: list[tuple[int, list[Node]]] = []
    for chapter in chapters:
        target = anchor_of(chapter, chapter.identifier)
        entries.append((1, _entry(chapter.number, chapter.plain_title, target)))
        for node in nodes(chapter.blocks, outside=BOXES, inlines=False):
            if node["t"] != "Header" or node["c"][0] > depth or "unlisted" in node["c"][1][1]:
                continue
            level, attr, inlines = node["c"]
            target = anchor_of(chapter, attr[0])
            entries.append((level, _entry(pairs_of(attr).get(NUMBER, ""), text(inlines), target)))
    if entries:
        entries[0][1].insert(0, raw_inline("openxml", _BEGIN.format(depth=depth)))
        entries[-1][1].append(raw_inline("openxml", _END))
    listed = [block for level, line in entries for block in _styled(f"toc {level}", line)]
    heading = _styled("TOC Heading", words("Contents"))
    return [
        raw_block("openxml", _BOX),
        *heading,
        *listed,
        raw_block("openxml", "</w:sdtContent></w:sdt>"),
    ]


def _entry(number: str, title: str, target: str) -> list[Node]:
    return [link(f"#{target}", words(f"{number} {title}" if number else title))]


def _part(title: str, members: list[Chapter]) -> list[Node]:
    """Return the page of a part: its title and its chapters."""
    result = _styled("Part Title", words(title))
    for one in members:
        target = anchor_of(one, one.identifier)
        result += _styled("Part Entry", _entry(one.number, one.plain_title, target))
    return result


def _styled(style: str, inlines: list[Node]) -> list[Node]:
    return [div(attributes(pairs={"custom-style": style}), [{"t": "Para", "c": inlines}])]


def _for_present_word(content: bytes) -> bytes:
    """Say that the document is laid out as the present Word lays out its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as taken:
        for entry in given.infolist():
            part = given.read(entry)
            if entry.filename == _SETTINGS:
                part = part.replace(b"<w:rsids", _PRESENT, 1)
            taken.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
