"""Faults of what stands in `outputs`: half files, other bytes, wrong permissions, lost links."""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from faults.fault import Fault, Setting
from faults.scene import Scene, Site
from faults.surroundings import NO_SETPRIV, WITHOUT_PRIVILEGES

SEED = 9


def _truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _flipped(file: Path) -> None:
    """Change bytes in a file as a bad memory does: a bit each."""
    content = bytearray(file.read_bytes())
    chance = random.Random(f"{SEED} {len(content)}")  # noqa: S311 no secret
    for _ in range(min(len(content), 3)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def _other_digit(file: Path) -> None:
    """Let every number be another, which any parser takes."""
    file.write_bytes(file.read_bytes().replace(b"101", b"901").replace(b"181", b"981"))


def _every(
    damage: Callable[[Path], object], before: Sequence[str] = ()
) -> Callable[[Scene], AbstractContextManager[Setting]]:
    """Return a context in which each file of the cache is damaged."""

    @contextmanager
    def done(scene: Scene) -> Iterator[Setting]:
        for file in sorted((scene.outputs / "cache").rglob("*")):
            if file.is_file():
                damage(file)
        yield Setting(before=before)

    return done


@contextmanager
def _folders_for_files(scene: Scene) -> Iterator[Setting]:
    cache = scene.outputs / "cache"
    whole = scene.root / "whole"
    cache.rename(whole)
    for file in whole.rglob("*"):
        if file.is_file():
            (cache / file.relative_to(whole)).mkdir(parents=True)
    try:
        yield Setting()
    finally:
        shutil.rmtree(cache)
        whole.rename(cache)


@contextmanager
def _dangling(scene: Scene) -> Iterator[Setting]:
    shutil.rmtree((scene.outputs / "current").resolve())
    yield Setting()


@contextmanager
def _no_links(scene: Scene) -> Iterator[Setting]:
    for name in ("current", "site", "project", "manifest.json"):
        (scene.outputs / name).unlink()
    yield Setting()


@contextmanager
def _folders_for_links(scene: Scene) -> Iterator[Setting]:
    """Let `outputs` be copied by a program that follows links."""
    for name in ("site", "project", "current"):
        link = scene.outputs / name
        copied = scene.outputs / f"{name}-copy"
        shutil.copytree(link.resolve(), copied)
        link.unlink()
        copied.rename(link)
    yield Setting()


def _published(
    name: str, damage: Callable[[Path], object]
) -> Callable[[Scene], AbstractContextManager[Setting]]:
    @contextmanager
    def done(scene: Scene) -> Iterator[Setting]:
        damage((scene.outputs / name).resolve())
        yield Setting()

    return done


FAULTS = [
    Fault("half of each file in the cache is lost", "cut in the middle", _every(_truncated)),
    Fault("each file in the cache has other bytes", "three bits of each", _every(_flipped)),
    Fault("each file in the cache has other digits", "101 is 901", _every(_other_digit)),
    Fault("each file in the cache is empty", "no bytes",
          _every(lambda file: file.write_bytes(b""))),
    Fault("no file in the cache can be read", "permissions taken away",
          _every(lambda file: file.chmod(0), before=WITHOUT_PRIVILEGES), missing=NO_SETPRIV),
    Fault("folders where the cache has files", "made so", _folders_for_files, (0, 1)),
    Fault("`outputs/current` leads nowhere", "the build is gone", _dangling, site=Site.GONE),
    Fault("no links in `outputs`", "deleted", _no_links, site=Site.GONE),
    Fault("folders for links in `outputs`", "as by a copy that follows them",
          _folders_for_links, site=Site.GONE),
    Fault("a page of the last site has other bytes", "three bits of it",
          _published("site/index.html", _flipped), site=Site.GONE),
    Fault("the manifest of the last build is cut", "half of it",
          _published("manifest.json", _truncated), site=Site.GONE),
]  # fmt: skip
