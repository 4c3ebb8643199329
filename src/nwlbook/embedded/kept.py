"""What was made of each chapter, kept from build to build, so that an edit costs one chapter.

A chapter is read from its file and the configuration alone. What a format makes of it depends
on the rest of the book too, but only on its skeleton: titles, numbers and addresses. So one
digest of the skeleton stands for all other chapters.
"""

import json
from pathlib import Path
from typing import Any

from nwlbook.book import CONFIGURATION, Entry
from nwlbook.digests import digest, package_digest
from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.numbering import Target
from nwlbook.embedded.tree import nodes
from nwlbook.store import ObjectStore

LIMIT = 500_000_000


class Kept:
    """A folder of what was made of chapters.

    Parameters
    ----------
    folder : Path, optional
        Where it is; several builds may use it at once. Without one, nothing is kept.
    config : Config
        The book's configuration.
    """

    def __init__(self, folder: Path | None, config: Config) -> None:
        self.store = ObjectStore(folder, LIMIT)
        self.project = config.project
        configuration = (config.project / CONFIGURATION).read_bytes()
        self._base = digest(pandoc.version(), package_digest("nwlbook"), configuration)

    def key_of_source(self, entry: Entry) -> str:
        """Return the key of a chapter's file, or nothing if it depends on more than that."""
        if self.store.folder is None:
            return ""
        try:
            content = (self.project / entry.file).read_bytes()
        except OSError:
            return ""
        # An included file is read from wherever it is.
        if b"{{<" in content and b"include" in content:
            return ""
        return digest(self._base, repr(entry), content)

    def key(self, chapter: Chapter, *parts: str) -> str:
        """Return the key of what is made of a chapter, or nothing if it is not kept."""
        if not chapter.source_key:
            return ""
        images = [digest(_content(self.project, name)) for name in chapter.images]
        return digest(chapter.source_key, *images, *parts)

    def find(self, key: str) -> Any:
        """Return what is kept under a key, or None."""
        return self.store.find_object(key) if key else None

    def keep(self, key: str, made: Any) -> None:
        """Keep something under a key."""
        if key:
            self.store.keep_object(key, made)


def skeleton(chapters: list[Chapter], targets: dict[str, Target]) -> str:
    """Return a digest of all that one chapter can show of another.

    Parameters
    ----------
    chapters : list of Chapter
        The numbered book.
    targets : dict
        What each label names.
    """
    book = [
        (one.file, one.part, one.is_appendix, one.number, one.identifier, one.title, one.subtitle)
        for one in chapters
    ]
    named = {
        label: (target.name, target.number, target.chapter.file, target.title)
        for label, target in targets.items()
    }
    anchors = [sorted(one.anchors) for one in chapters]
    return digest(json.dumps([book, named, anchors], sort_keys=True, ensure_ascii=False))


def images_of(chapter: Chapter) -> list[str]:
    """Return the project's files that a chapter's own Markdown shows as images."""
    folder = Path(chapter.file).parent
    found = {node["c"][2][0] for node in nodes(chapter.blocks) if node["t"] == "Image"}
    return sorted(
        address.lstrip("/") if address.startswith("/") else (folder / address).as_posix()
        for address in found
    )


def _content(project: Path, name: str) -> bytes:
    try:
        return (project / name).read_bytes()
    except (OSError, ValueError):
        return b""
