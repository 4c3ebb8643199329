"""What an outputs folder holds, to compare it with what it should."""

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from builder_books import contents

from nwlbook.publish import CURRENT, KEPT, LINKS

CONTRACT = {CURRENT, *LINKS, "builds", "logs", "cache", "failed"}
# A file of a cache is named after a digest; nothing that is half written is.
NAMED_BY_CONTENT = re.compile(r"[0-9a-f]{16,64}(?:\.[a-z0-9]+)?")
WATCHED = ("index.html", "notebooks/beds.html", "beds.pdf")


def site_of(outputs: Path) -> dict[str, str]:
    """Return every file of the published site with the digest of its content."""
    site = (outputs / "site").resolve()
    return contents(site) if site.is_dir() else {}


def strays(outputs: Path, reference: Path) -> list[str]:
    """Return what an undisturbed build would not have left in an outputs folder."""
    known = {file.relative_to(reference).as_posix() for file in (reference / "cache").rglob("*")}
    found = [item.name for item in outputs.iterdir() if item.name not in CONTRACT]
    builds = sorted((outputs / "builds").iterdir())
    # The current one and the one before it stay too, if their names are not among the newest.
    if len(builds) > KEPT + 2:
        found.append(f"{len(builds)} builds")
    found += [build.name for build in builds if not (build / "manifest.json").is_file()]
    for file in (outputs / "cache").rglob("*"):
        name = file.relative_to(outputs).as_posix()
        if name not in known and not NAMED_BY_CONTENT.fullmatch(file.name):
            found.append(name)
    return found


@dataclass
class Reader:
    """Keeps fetching pages through `outputs/site` while something happens to it.

    Attributes
    ----------
    outputs : Path
        The folder.
    versions : sequence of mappings
        The sites that may be seen, in their order; without any, a page need only be there.
    pages : tuple of str
        What is fetched.
    rounds : int
        How often all pages were fetched.
    missed : list of str
        What was absent, half, or older than a page seen before.
    """

    outputs: Path
    versions: tuple[Mapping[str, str], ...]
    pages: tuple[str, ...] = WATCHED
    rounds: int = 0
    missed: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _read(self) -> None:
        newest = 0
        while not self._stop.wait(0.004):
            for name in self.pages:
                try:
                    content = (self.outputs / "site" / name).read_bytes()
                except OSError as error:
                    self.missed.append(f"{name}: {error.strerror}")
                    continue
                if not self.versions:
                    continue
                digest = hashlib.sha256(content).hexdigest()
                seen = [at for at, site in enumerate(self.versions) if site.get(name) == digest]
                if not seen:
                    self.missed.append(f"{name}: neither the last good page nor the new one")
                elif max(seen) < newest:
                    self.missed.append(f"{name}: older than a page seen before")
                else:
                    newest = max(newest, min(seen))
            self.rounds += 1
