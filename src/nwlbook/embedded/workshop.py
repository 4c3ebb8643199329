"""The numbered book while its formats are made, each chapter finished when it is first needed."""

import threading
from collections.abc import Callable
from typing import TypeVar

from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.kept import Kept, skeleton
from nwlbook.embedded.numbering import Target
from nwlbook.embedded.references import resolve_references

Made = TypeVar("Made")


class Workshop:
    """What the writers of all formats share.

    Parameters
    ----------
    config : Config
        The book's configuration.
    chapters : list of Chapter
        The numbered book.
    targets : dict
        What each label names.
    kept : Kept
        What was made of chapters before.
    """

    def __init__(
        self, config: Config, chapters: list[Chapter], targets: dict[str, Target], kept: Kept
    ) -> None:
        self.config = config
        self.chapters = chapters
        self.kept = kept
        self._targets = targets
        self._skeleton = skeleton(chapters, targets)
        self._resolved: set[str] = set()
        self._locks = {chapter.file: threading.Lock() for chapter in chapters}

    def resolve(self, chapter: Chapter) -> None:
        """Resolve the references of a chapter, once however many formats need it.

        Raises
        ------
        InputError
            With file and line, if a reference leads nowhere.
        """
        with self._locks[chapter.file]:
            if chapter.file not in self._resolved:
                resolve_references(chapter, self.chapters, self._targets)
                self._resolved.add(chapter.file)

    def resolve_all(self) -> None:
        """Resolve the references of every chapter."""
        for chapter in self.chapters:
            self.resolve(chapter)

    def made(self, kind: str, chapter: Chapter, make: Callable[[], Made], *parts: str) -> Made:
        """Return what is made of a chapter, kept or made now.

        Parameters
        ----------
        kind : str
            What is made.
        chapter : Chapter
            Of which chapter; its references are resolved when `make` is called.
        make : callable
            Makes it.
        *parts : str
            What it depends on beside the chapter and the skeleton of the book.

        Raises
        ------
        InputError
            With file and line, if a reference of the chapter leads nowhere.
        """
        # What citations become depends on the works that other chapters cite.
        cites = any(one.cited for one in self.chapters)
        key = "" if cites else self.kept.key(chapter, self._skeleton, kind, *parts)
        found: Made | None = self.kept.find(key)
        if found is None:
            self.resolve(chapter)
            found = make()
            self.kept.keep(key, found)
        return found
