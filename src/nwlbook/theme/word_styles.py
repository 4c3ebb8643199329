"""The styles of the Word document: built-in ones restyled, and the book's own."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from nwlbook.theme import FONT_FAMILY

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
INK, MUTED, ACCENT, RULE, LINK, TINT = "212B32", "4C6272", "12436D", "D8DDE0", "005EB8", "F0F4F5"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph style; sizes in points, distances in twentieths of a point.

    Attributes
    ----------
    name : str
        As Word and pandoc call it.
    based_on : str
        Identifier of the style that it varies.
    size : float
        Of the letters; 0 leaves that of the style below.
    bold : bool
        Whether the letters are bold.
    colour : str
        Six hexadecimal digits; empty leaves that of the style below.
    before, after : int
        Space above and below.
    keep_next : bool
        Whether it stays on the page of what follows.
    new_page : bool
        Whether it begins a page.
    indent : int
        From the left.
    level : int
        Of the outline, from 1; 0 for text.
    tabs : tuple of (str, int)
        Kind and place of each tab stop.
    following : str
        Identifier of the style of the next paragraph that is typed.
    """

    name: str
    based_on: str = "BodyText"
    size: float = 0
    bold: bool = False
    colour: str = ""
    before: int = 0
    after: int = 120
    keep_next: bool = False
    new_page: bool = False
    indent: int = 0
    level: int = 0
    tabs: tuple[tuple[str, int], ...] = ()
    following: str = ""

    @property
    def identifier(self) -> str:
        """The name without spaces, as Word makes identifiers."""
        joined = self.name.replace(" ", "")
        return joined.upper() if joined.startswith("toc") else joined

    def element(self) -> etree._Element:
        """Return the style as Word writes it; the order of the elements is the standard's."""
        style = _element("style", type="paragraph", styleId=self.identifier)
        style.append(_element("name", val=self.name))
        style.append(_element("basedOn", val=self.based_on))
        if self.following:
            style.append(_element("next", val=self.following))
        style.append(_element("qFormat"))
        paragraph = _element("pPr")
        for name, is_set in (("keepNext", self.keep_next), ("pageBreakBefore", self.new_page)):
            if is_set:
                paragraph.append(_element(name))
        if self.tabs:
            stops = _element("tabs")
            for kind, place in self.tabs:
                leader = {"leader": "dot"} if self.name.startswith(("toc", "table of")) else {}
                stops.append(_element("tab", val=kind, **leader, pos=str(place)))
            paragraph.append(stops)
        spacing = {"before": str(self.before), "after": str(self.after), "line": "264"}
        paragraph.append(_element("spacing", **spacing, lineRule="auto"))
        if self.indent:
            paragraph.append(_element("ind", left=str(self.indent)))
        paragraph.append(_element("jc", val="left"))
        if self.level:
            paragraph.append(_element("outlineLvl", val=str(self.level - 1)))
        style.append(paragraph)
        style.append(_letters(self.size, self.bold, self.colour))
        return style


_RIGHT = 9400
PARAGRAPHS = (
    Paragraph("Body Text", "Normal", before=80, after=80),
    Paragraph("First Paragraph", before=80, after=80),
    Paragraph("Compact", before=30, after=30),
    Paragraph("Title", "Normal", 30, True, ACCENT, before=2600, after=200, following="Subtitle"),
    Paragraph("Subtitle", "Normal", 15, False, MUTED, after=480),
    Paragraph("Author", "Normal", 11, after=40),
    Paragraph("Date", "Normal", 11, False, MUTED, after=480),
    Paragraph("Abstract", "Normal", 11),
    Paragraph("Part Title", "Normal", 28, True, ACCENT, 3600, 360, new_page=True),
    Paragraph("Part Entry", "Normal", 12, after=100),
    Paragraph("Heading 1", "Normal", 22, True, INK, 0, 280, True, True, 0, 1, (), "BodyText"),
    Paragraph("Heading 2", "Normal", 15, True, INK, 400, 140, True, False, 0, 2, (), "BodyText"),
    Paragraph("Heading 3", "Normal", 12, True, INK, 320, 120, True, False, 0, 3, (), "BodyText"),
    Paragraph(
        "Heading 4", "Normal", 10.5, True, MUTED, 280, 100, True, False, 0, 4, (), "BodyText"
    ),
    Paragraph("Chapter Subtitle", "Normal", 12, False, MUTED, after=280, keep_next=True),
    Paragraph("TOC Heading", "Normal", 22, True, INK, after=280, keep_next=True, new_page=True),
    Paragraph("toc 1", "Normal", 10.5, True, before=120, after=40, tabs=(("right", _RIGHT),)),
    Paragraph("toc 2", "Normal", 10, after=20, indent=300, tabs=(("right", _RIGHT),)),
    Paragraph("table of figures", "Normal", 9, after=40, tabs=(("right", _RIGHT),)),
    Paragraph("Caption", "Normal", 10, before=280, after=100, keep_next=True),
    Paragraph("Image Caption", "Caption", before=280, after=100, keep_next=True),
    Paragraph("Table Caption", "Caption", before=280, after=100, keep_next=True),
    Paragraph("Captioned Figure", "Normal", after=60),
    Paragraph("Source Note", "Normal", 8.5, False, MUTED, before=60, after=300),
    Paragraph("Remark", "Normal", 9, False, MUTED, indent=440),
    Paragraph("Table Heading", "Normal", 8.5, True, before=30, after=30, keep_next=True),
    Paragraph("Table Text", "Normal", 8.5, before=30, after=30),
    Paragraph("Dense Table Heading", "TableHeading", 7, True, before=20, after=20, keep_next=True),
    Paragraph("Dense Table Text", "TableText", 7, before=20, after=20),
    Paragraph("Callout Title", "Normal", 10.5, True, ACCENT, 60, 80, True),
    Paragraph("Box End", "Normal", 4, after=0),
    Paragraph("Tab Title", "Normal", 10.5, True, before=160, after=80, keep_next=True),
    Paragraph("Headline Figure", "Normal", 18, True, ACCENT, 240, 40, True),
    Paragraph("Equation", "Normal", tabs=(("center", 4700), ("right", _RIGHT))),
    Paragraph("Source Code", "Normal", 9, before=60, after=60),
    Paragraph("footer", "Normal", 8.5, False, MUTED, after=0, tabs=(("right", _RIGHT),)),
)


@dataclass(frozen=True)
class Table:
    """A table style.

    Attributes
    ----------
    name : str
        As pandoc calls it.
    borders : dict
        Edge to its width in eighths of a point and its colour.
    margins : dict
        Edge to the space inside a cell.
    fill : str
        Colour behind the cells; empty for none.
    head_rule : str
        Colour of the line below the heading row; empty for none.
    """

    name: str
    borders: dict[str, tuple[int, str]]
    margins: dict[str, int]
    fill: str = ""
    head_rule: str = field(default="")

    def element(self) -> etree._Element:
        """Return the style as Word writes it."""
        style = _element("style", type="table", customStyle="1", styleId=self.name)
        style.append(_element("name", val=self.name))
        style.append(_element("basedOn", val="TableNormal"))
        style.append(_element("qFormat"))
        properties = _element("tblPr")
        properties.append(_element("tblInd", w="0", type="dxa"))
        properties.append(_borders("tblBorders", self.borders))
        inside = _element("tblCellMar")
        for edge in ("top", "left", "bottom", "right"):
            inside.append(_element(edge, w=str(self.margins[edge]), type="dxa"))
        properties.append(inside)
        style.append(properties)
        if self.fill:
            cell = _element("tcPr")
            cell.append(_element("shd", val="clear", color="auto", fill=self.fill))
            style.append(cell)
        if self.head_rule:
            head = _element("tblStylePr", type="firstRow")
            cell = _element("tcPr")
            cell.append(_borders("tcBorders", {"bottom": (8, self.head_rule)}))
            cell.append(_element("vAlign", val="bottom"))
            head.append(cell)
            style.append(head)
        return style


TABLES = (
    Table(
        "Table",
        {"top": (8, INK), "bottom": (8, INK), "insideH": (4, RULE)},
        {"top": 20, "left": 60, "bottom": 20, "right": 60},
        head_rule=INK,
    ),
    Table(
        "Callout",
        {"left": (36, ACCENT)},
        {"top": 80, "left": 220, "bottom": 80, "right": 160},
        fill=TINT,
    ),
)


def style_elements() -> Iterator[tuple[str, etree._Element]]:
    """Yield name and element of each style of the book."""
    for paragraph in PARAGRAPHS:
        yield paragraph.name, paragraph.element()
    for table in TABLES:
        yield table.name, table.element()
    for name, colour in (("Section Number", MUTED), ("Hyperlink", LINK)):
        style = _element("style", type="character", styleId=name.replace(" ", ""))
        style.append(_element("name", val=name))
        letters = _letters(0, False, colour)
        if name == "Hyperlink":
            letters.append(_element("u", val="single"))
        style.append(letters)
        yield name, style


def font_elements() -> tuple[etree._Element, etree._Element]:
    """Return the default letters, and the font with what stands in where it is missing."""
    letters = _element("rPr")
    letters.append(
        _element("rFonts", ascii=FONT_FAMILY, hAnsi=FONT_FAMILY, eastAsia=FONT_FAMILY, cs="Arial")
    )
    for name, value in (("color", INK), ("sz", "20"), ("szCs", "20")):
        letters.append(_element(name, val=value))
    letters.append(_element("lang", val="en-GB", eastAsia="en-GB", bidi="ar-SA"))
    font = _element("font", name=FONT_FAMILY)
    for name, value in (
        ("altName", "Arial"), ("charset", "00"), ("family", "swiss"), ("pitch", "variable")
    ):  # fmt: skip
        font.append(_element(name, val=value))
    return letters, font


def _letters(size: float, bold: bool, colour: str) -> etree._Element:
    letters = _element("rPr")
    if bold:
        letters.append(_element("b"))
    if colour:
        letters.append(_element("color", val=colour))
    if size:
        for name in ("sz", "szCs"):
            letters.append(_element(name, val=str(round(size * 2))))
    return letters


def _borders(name: str, edges: dict[str, tuple[int, str]]) -> etree._Element:
    borders = _element(name)
    for edge, (width, colour) in edges.items():
        borders.append(_element(edge, val="single", sz=str(width), space="0", color=colour))
    return borders


def _element(local: str, /, **attributes: str) -> etree._Element:
    element = etree.Element(f"{{{WORD}}}{local}", nsmap={"w": WORD})
    for key, value in attributes.items():
        element.set(f"{{{WORD}}}{key}", value)
    return element
