"""One chapter while it is made: what was read, and what became of it."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from nwlbook.embedded.pieces import Float, Piece
from nwlbook.embedded.source import Passage
from nwlbook.embedded.tree import Node, text


@dataclass(eq=False)
class Chapter:
    """A chapter or appendix.

    Attributes
    ----------
    file : str
        Project-relative source.
    part : str or None
        Title of its part.
    is_appendix : bool
        Whether it is an appendix.
    passage : Passage
        Its Markdown, with the place of each line.
    meta : dict
        Front matter.
    pieces, floats : dict
        Code, outputs, figures and tables that placeholders in the Markdown name.
    title, subtitle : list
        Inlines.
    identifier : str
        The address of its title.
    numbered : bool
        Whether it has a number.
    number : str
        ``"2"``, ``"A"`` or empty.
    blocks : list
        The document tree.
    anchors : set of str
        Addresses in it.
    cited : tuple of str
        Works that it cites.
    images : list of str
        Files of the project that its Markdown shows.
    source_key : str
        What it is kept under from build to build; empty if it is not.
    """

    file: str
    part: str | None
    is_appendix: bool
    passage: Passage
    meta: dict[str, Any] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)
    floats: dict[str, Float] = field(default_factory=dict)
    title: list[Node] = field(default_factory=list)
    subtitle: list[Node] = field(default_factory=list)
    identifier: str = ""
    numbered: bool = True
    number: str = ""
    blocks: list[Node] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    cited: tuple[str, ...] = ()
    images: list[str] = field(default_factory=list)
    source_key: str = ""

    @property
    def page(self) -> str:
        """Site-relative address of its page."""
        return str(PurePosixPath(self.file).with_suffix(".html"))

    @property
    def slug(self) -> str:
        """A name for it that is unique in the book and can stand in an address."""
        stem = PurePosixPath(self.file).with_suffix("").as_posix()
        return "".join(sign if sign.isalnum() else "-" for sign in stem.lower())

    @property
    def up(self) -> str:
        """The way from its page to the site's folder, empty or ending in a slash."""
        return "../" * (len(PurePosixPath(self.file).parts) - 1)

    @property
    def plain_title(self) -> str:
        """Its title without marks and without number."""
        return text(self.title)
