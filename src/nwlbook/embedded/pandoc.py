"""Call pandoc, the converter that Quarto itself runs on."""

import datetime
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from nwlbook.digests import digest
from nwlbook.embedded.tree import Node
from nwlbook.errors import BuildError
from nwlbook.store import Store

READER = "markdown"
# An opening angle bracket, but for those in code and formulas, which are matched whole, and
# those that are escaped.
_TAG = re.compile(r"(\\.|`+[^`]*`+|\$[^$]*\$)|<")
# What YAML takes in a text only as an escape.
_NOT_IN_YAML = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
TIME_LIMIT = 600
MEMORY_LIMIT = 300_000_000

# Where answers are kept; pandoc gives the same text the same answer, so it asks no more of
# whoever calls it than to name the folder once.
_memory = Store(None, MEMORY_LIMIT)


@cache
def executable() -> str:
    """Return the path of the pandoc that is installed with this package."""
    import pypandoc

    path: str = pypandoc.get_pandoc_path()
    return path


@cache
def api_version() -> tuple[int, ...]:
    """Return the version of the document tree, which every tree must state."""
    return tuple(json.loads(run(["-f", READER, "-t", "json"], "")[0])["pandoc-api-version"])


@contextmanager
def remembering(folder: Path | None) -> Iterator[None]:
    """Keep what pandoc answers from build to build, and let it not be asked again.

    Parameters
    ----------
    folder : Path, optional
        Where answers are kept; several builds may use it at once. Without one, all is asked.
    """
    global _memory
    before, _memory = _memory, Store(folder, MEMORY_LIMIT)
    try:
        yield
        _memory.prune()
    finally:
        _memory = before


@cache
def version() -> str:
    """Return the version of pandoc that is installed with this package."""
    from importlib.metadata import version as installed

    return installed("pypandoc_binary")


def run(arguments: Sequence[str], text: str) -> tuple[str, str]:
    """Run pandoc on a text, or remember what it answered.

    Parameters
    ----------
    arguments : sequence of str
        Options of the command.
    text : str
        What it reads.

    Returns
    -------
    tuple of str
        Its output and its warnings.

    Raises
    ------
    BuildError
        If pandoc refuses the text or does not end.
    """
    asked = digest(version(), *arguments, text)
    answer = _understood(_memory.find(asked))
    if answer is None:
        output, warnings = _run(arguments, text, None)
        answer = output.decode(), warnings
        _memory.keep(asked, json.dumps(answer, ensure_ascii=False).encode())
    return answer


def _understood(kept: bytes | None) -> tuple[str, str] | None:
    """Return a kept answer, or None if there is none or it is damaged."""
    try:
        output, warnings = json.loads(kept or b"")
    except (ValueError, TypeError):
        return None
    return (output, warnings) if isinstance(output, str) and isinstance(warnings, str) else None


def read(text: str, reader: str = READER) -> tuple[list[Node], dict[str, Any], str]:
    """Read a text into a tree: blocks, metadata and pandoc's warnings."""
    output, warnings = run(["-f", reader, "-t", "json"], text)
    document = json.loads(output)
    return document["blocks"], document["meta"], warnings


def write(blocks: list[Node], writer: str, options: Sequence[str] = ()) -> tuple[str, str]:
    """Write a tree in another format: its text and pandoc's warnings."""
    arguments = ["-f", "json", "-t", writer, "--wrap=none", *options]
    return run(arguments, as_document(blocks))


def write_document(
    blocks: list[Node],
    meta: dict[str, Any],
    writer: str,
    options: Sequence[str],
    date: datetime.date,
) -> tuple[bytes, str]:
    """Write a tree as a document of one file that holds others, such as a Word document.

    Parameters
    ----------
    blocks : list
        The tree.
    meta : dict
        Its metadata, as nodes.
    writer : str
        ``docx`` or ``epub3``.
    options : sequence of str
        Options of the command.
    date : datetime.date
        The date that the document and the files in it state.

    Returns
    -------
    tuple
        The file's content and pandoc's warnings.
    """
    midnight = datetime.datetime.combine(date, datetime.time(), datetime.UTC)
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(round(midnight.timestamp()))}
    arguments = ["-f", "json", "-t", writer, "-o", "-", *options]
    return _run(arguments, as_document(blocks, meta), environment)


def data_file(name: str) -> bytes:
    """Return a file that pandoc carries with it."""
    return _run(["--print-default-data-file", name], "", None)[0]


def _run(
    arguments: Sequence[str], text: str, environment: Mapping[str, str] | None
) -> tuple[bytes, str]:
    try:
        done = subprocess.run(  # noqa: S603 - our own pandoc, no shell
            [executable(), *arguments],
            input=text.encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"pandoc did not end within {TIME_LIMIT} seconds") from error
    warnings = done.stderr.decode(errors="replace")
    if done.returncode < 0:
        raise BuildError(f"pandoc was ended from outside, by signal {-done.returncode}")
    if done.returncode:
        raise BuildError(f"pandoc failed: {warnings.strip()}")
    return done.stdout, warnings


def as_document(blocks: list[Node], meta: dict[str, Any] | None = None) -> str:
    """Return a tree as the JSON that pandoc reads."""
    return json.dumps(
        {"pandoc-api-version": api_version(), "meta": meta or {}, "blocks": blocks},
        ensure_ascii=False,
    )


def inlines_by_name(texts: dict[str, str]) -> str:
    """Return a metadata block in which pandoc reads each text as Markdown of its own.

    Metadata values are parsed one by one, so that a caption with a stray fence or an open
    tag cannot reach into the text around it. Tags in them are text.
    """
    tidy = {name: _TAG.sub(_without_tag, " ".join(value.split())) for name, value in texts.items()}
    # JSON escapes an emoji as two halves, which YAML refuses
    written = json.dumps({"texts": tidy}, ensure_ascii=False)
    return f"---\n{_NOT_IN_YAML.sub(_as_escape, written)}\n---\n\n"


def _as_escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _without_tag(match: re.Match[str]) -> str:
    return match[1] or "&lt;"
