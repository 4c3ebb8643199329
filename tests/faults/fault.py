"""One fault: how it is done, and what a build has to say to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.builder import Builder, Said
from faults.scene import Outcome, Scene, Site, Templates

# Folders of the cache that spare a build what its fault does not touch.
RUNS, IMAGES = ("runs",), ("runs", "images")
EVERYTHING = ("runs", "images", "staged", "pandoc", "chapters", "pages", "evidence", "prose")


@dataclass(frozen=True)
class Setting:
    """How the build is started that a fault is done to, and what is done as it goes.

    Attributes
    ----------
    arguments : sequence of str
        Of `nwlbook build`.
    environment : mapping
        What is set beside the environment.
    before : sequence of str
        A command that runs the command.
    during : callable, optional
        Called with the builder that has started.
    """

    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    during: Callable[[Builder], None] | None = None


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes
    ----------
    name : str
        What goes wrong.
    how : str
        By which means.
    done : callable
        Makes a context of a scene in which the fault holds; after it all is mended.
    codes : tuple of int
        Exit codes that are right.
    says : str
        What the build has to say.
    known : tuple of str
        Folders of the cache that hold what the build needs.
    site : Site
        What readers may see.
    missing : str
        Why it cannot be done on this machine; empty if it can.
    """

    name: str
    how: str
    done: Callable[[Scene], AbstractContextManager[Setting]]
    codes: tuple[int, ...] = (0,)
    says: str = ""
    known: tuple[str, ...] = EVERYTHING
    site: Site = Site.GOOD
    missing: str = ""


def suffered(fault: Fault, templates: Templates, folder: Path) -> Outcome:
    """Do a fault to a build, and see what comes of it and of the next."""
    scene = Scene(folder, templates, fault.known)
    outcome = Outcome(
        fault.name,
        fault.how,
        Said(0, "", 0.0),
        expected=fault.codes,
        says=fault.says,
        spoilt=fault.site is Site.GONE,
    )
    with fault.done(scene) as setting, scene.watched(outcome, fault.site):
        builder = Builder(
            scene.root,
            *setting.arguments,
            environment=setting.environment,
            before=setting.before,
        )
        if setting.during:
            setting.during(builder)
        outcome.said = builder.end()
        outcome.stage = builder.furthest
        outcome.memory = builder.memory
        outcome.gone, outcome.left = builder.left()
    return scene.settle(outcome, builder, fault.site)


def with_setting(**setting: Any) -> Callable[[Scene], AbstractContextManager[Setting]]:
    """Return a context that changes nothing in the scene."""
    return lambda scene: nullcontext(Setting(**setting))


@contextmanager
def file_replaced(file: Path, content: bytes, setting: Setting) -> Iterator[Setting]:
    """Let a file have another content for a while."""
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        yield setting
    finally:
        file.write_bytes(before)
