"""Chapters as an earlier build staged them, so that an edit stages the chapters that it changes."""

import json
from collections.abc import Callable
from pathlib import Path

from nwlbook.chapters import StagedChapter, stage_chapter
from nwlbook.digests import digest, package_digest
from nwlbook.glossary_links import Glossary
from nwlbook.runs import RunResult
from nwlbook.store import ObjectStore

LIMIT = 200_000_000


class StagedBefore:
    """Stages chapters, those that are not kept from an earlier build.

    Parameters
    ----------
    folder : Path, optional
        Where chapters are kept; several builds may use it at once. Without one, none are.
    image_of : callable
        Label in the whole book to the text of its SVG, or None without images.
    glossary : Glossary, optional
        Terms to link.
    """

    def __init__(
        self,
        folder: Path | None,
        image_of: Callable[[str], str | None],
        glossary: Glossary | None,
    ) -> None:
        self.store = ObjectStore(folder, LIMIT)
        self.image_of = image_of
        self.glossary = glossary
        terms = (
            [glossary.page, glossary.pattern.pattern, json.dumps(dict(glossary.anchors))]
            if glossary
            else []
        )
        self._base = digest(package_digest("nwlbook"), package_digest("helpers"), *terms)

    def staged(self, result: RunResult, source: str, target: str, suffix: str) -> StagedChapter:
        """Return the chapter of a run; see `stage_chapter`."""
        executed = result.notebook.read_text(encoding="utf-8")
        expressions = json.dumps(result.expressions)
        key = digest(self._base, executed, expressions, source, target, suffix)
        # Which images a chapter has is known once it is staged.
        chapter, images = self.store.find_object(key) or (None, {})
        if chapter is None or any(
            _digest(self.image_of(label)) != image for label, image in images.items()
        ):
            images = {}
            chapter = stage_chapter(
                json.loads(executed),
                result.expressions,
                source=source,
                target=target,
                suffix=suffix,
                image_of=self._noting(images),
                glossary=self.glossary,
            )
            self.store.keep_object(key, (chapter, images))
        return chapter

    def _noting(self, images: dict[str, str]) -> Callable[[str], str | None]:
        def image_of(label: str) -> str | None:
            image = self.image_of(label)
            images[label] = _digest(image)
            return image

        return image_of


def _digest(image: str | None) -> str:
    return digest(image or "")
