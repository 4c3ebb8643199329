"""One way in which input can be bad: how it is made so, and what the command says to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Spoils the project in a folder.
Change = Callable[[Path], object]
# Stands in a message for the folder of the project, whose name is another on each machine.
FOLDER = "{folder}"


@dataclass(frozen=True)
class Case:
    """One thing that an analyst may get wrong.

    Attributes
    ----------
    did : str
        What was done, as its author would say it.
    change : callable
        Does that to a valid project.
    says : str
        The whole of the one line that the command answers with, after ``error: ``; empty if
        there is nothing wrong with it.
    command : tuple of str
        What was asked for.
    needs_run : bool
        Whether only the run of a notebook shows it.
    whole_evidence : bool
        Whether it takes the book's own evidence to tell.
    """

    did: str
    change: Change
    says: str
    command: tuple[str, ...] = ("build",)
    needs_run: bool = False
    whole_evidence: bool = False


@dataclass(frozen=True)
class Group:
    """Cases of one kind of input.

    Attributes
    ----------
    title : str
        What it is called.
    about : str
        What a reader should know of it, in a sentence or two of Markdown.
    cases : tuple of Case
        In the order of reading.
    """

    title: str
    about: str
    cases: tuple[Case, ...]


def nothing(root: Path) -> None:
    """Leave the project as it is."""


def all_of(*changes: Change) -> Change:
    """Do one change after the other."""

    def do(root: Path) -> None:
        for change in changes:
            change(root)

    return do


def edited(name: str, old: str, new: str) -> Change:
    """Replace a text that stands once in a file."""

    def do(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        (root / name).write_bytes(text.replace(old, new).encode())

    return do


def written(name: str, content: str | bytes) -> Change:
    """Write a file."""

    def do(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return do


def prefixed(name: str, content: bytes) -> Change:
    """Put bytes in front of a file."""

    def do(root: Path) -> None:
        (root / name).write_bytes(content + (root / name).read_bytes())

    return do


def removed(name: str) -> Change:
    """Remove a file."""
    return lambda root: (root / name).unlink()


def folder(name: str) -> Change:
    """Put a folder in the place of a file."""

    def do(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).mkdir(parents=True)

    return do


def linked(name: str, target: str) -> Change:
    """Put a symbolic link in the place of a file."""

    def do(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(target)

    return do


def notebook(name: str, change: Callable[[dict[str, Any]], object]) -> Change:
    """Change a notebook as JSON values."""

    def do(root: Path) -> None:
        file = root / "notebooks" / f"{name}.ipynb"
        content = json.loads(file.read_text(encoding="utf-8"))
        change(content)
        file.write_text(json.dumps(content), encoding="utf-8")

    return do


def unfolding(levels: int) -> bytes:
    """Return YAML each of whose keys stands for twice what the one above does."""
    lines = ["level-0: &level-0 [beds, beds]"] + [
        f"level-{level}: &level-{level} [*level-{level - 1}, *level-{level - 1}]"
        for level in range(1, levels)
    ]
    return "\n".join([*lines, ""]).encode()
