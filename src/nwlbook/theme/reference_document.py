"""Make the Word document that lends its styles: pandoc's own, restyled.

It is generated, so that the repository holds no binary file and a style is changed in code.
"""

import io
import zipfile
from functools import cache
from xml.sax.saxutils import escape

from lxml import etree

from nwlbook.theme.word_styles import WORD, font_elements, style_elements

NAME = "reference.docx"
# An A4 page in twentieths of a point, with margins that leave the line about 95 letters.
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 11906, 16838, 1250
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_FOOTER = "footer1.xml"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
# The oldest time that an archive can state.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
Parts = dict[str, etree._Element]


@cache
def reference_document(title: str) -> bytes:
    """Return the reference document of a book.

    Parameters
    ----------
    title : str
        The book's title, which stands at the foot of each page.

    Returns
    -------
    bytes
        A Word document without text; the same bytes for the same title.
    """
    with zipfile.ZipFile(io.BytesIO(_pandocs_own())) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    parser = etree.XMLParser(remove_blank_text=True)
    parts = {
        name: etree.fromstring(contents[name], parser)
        for name in (
            "[Content_Types].xml",
            "word/document.xml",
            "word/styles.xml",
            "word/fontTable.xml",
            "word/settings.xml",
            "word/_rels/document.xml.rels",
        )
    }
    _restyle(parts["word/styles.xml"], parts["word/fontTable.xml"])
    _declare_footer(parts)
    _empty(parts["word/document.xml"])
    languages = parts["word/settings.xml"].iter(_name("themeFontLang"))
    next(languages).set(_name("val"), "en-GB")
    for name, part in parts.items():
        contents[name] = etree.tostring(part, xml_declaration=True, encoding="UTF-8")
    contents[f"word/{_FOOTER}"] = _footer(title).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


@cache
def _pandocs_own() -> bytes:
    from nwlbook.embedded import pandoc

    return pandoc.data_file(NAME)


def _restyle(styles: etree._Element, fonts: etree._Element) -> None:
    known = {
        style.find(_name("name")).get(_name("val")).lower(): style
        for style in styles.iter(_name("style"))
    }
    for name, style in style_elements():
        if name.lower() in known:
            styles.remove(known[name.lower()])
        styles.append(style)
    letters, font = font_elements()
    defaults = styles.find(f"{_name('docDefaults')}/{_name('rPrDefault')}")
    defaults[:] = [letters]
    fonts.append(font)


def _declare_footer(parts: Parts) -> None:
    override = etree.SubElement(parts["[Content_Types].xml"], f"{{{_TYPES}}}Override")
    override.set("PartName", f"/word/{_FOOTER}")
    override.set("ContentType", _FOOTER_TYPE)
    link = etree.SubElement(parts["word/_rels/document.xml.rels"], f"{{{_LINKS}}}Relationship")
    link.set("Id", "rIdFooter")
    link.set("Type", f"{_RELATIONSHIPS}/footer")
    link.set("Target", _FOOTER)


def _empty(document: etree._Element) -> None:
    """Take out the examples of styles, and lay out the page."""
    body = document.find(_name("body"))
    section = etree.fromstring(
        f'<w:sectPr xmlns:w="{WORD}" xmlns:r="{_RELATIONSHIPS}">'
        '<w:footerReference w:type="default" r:id="rIdFooter"/>'
        '<w:footnotePr><w:numRestart w:val="eachSect"/></w:footnotePr>'
        f'<w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" '
        'w:header="600" w:footer="600" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )
    body[:] = [section]


def _footer(title: str) -> str:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:ftr xmlns:w="{WORD}"><w:p><w:pPr><w:pStyle w:val="footer"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(title)}</w:t></w:r><w:r><w:tab/></w:r>'
        f"{field}</w:p></w:ftr>"
    )


def _name(local: str) -> str:
    return f"{{{WORD}}}{local}"
