"""What a code cell puts on the page: its code and its outputs, kept apart from the Markdown.

They reach the document tree as numbered placeholders, so that no markup in them can reach
into the text around, and pandoc has less to read.
"""

from dataclasses import dataclass

from nwlbook.embedded.source import Place


@dataclass(frozen=True)
class CodePiece:
    """Code of a cell.

    Attributes
    ----------
    code : str
        The code without its option lines.
    fold : str
        ``"false"``, ``"true"`` (folded) or ``"show"`` (open, can be folded).
    summary : str
        What the fold is called.
    shown_in : frozenset of str
        Formats (``html``, ``typst``) that show it.
    """

    code: str
    fold: str
    summary: str
    shown_in: frozenset[str]


@dataclass(frozen=True)
class TextPiece:
    """Plain text that a cell printed, or that stands for a value.

    Attributes
    ----------
    content : str
        The text.
    is_warning : bool
        Whether it came from the error stream.
    """

    content: str
    is_warning: bool = False


@dataclass(frozen=True)
class MarkupPiece:
    """An HTML output, with what stands for it where HTML cannot.

    Attributes
    ----------
    html : str
        The markup.
    svg : str or None
        Static image.
    alternative : str
        What the picture shows, in words.
    place : Place
        Its cell.
    """

    html: str
    svg: str | None
    alternative: str
    place: Place


Piece = CodePiece | TextPiece | MarkupPiece


@dataclass(frozen=True)
class Float:
    """A figure or table that a cell makes.

    Attributes
    ----------
    label : str
        Its address in the book.
    caption : str
        Markdown.
    place : Place
        Its cell.
    """

    label: str
    caption: str
    place: Place
