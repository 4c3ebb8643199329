"""Call pandoc, the converter that Quarto itself runs on."""

import json
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from typing import Any

from nwlbook.embedded.tree import Node
from nwlbook.errors import BuildError

READER = "markdown"
# An opening angle bracket, but for those in code and formulas, which are matched whole.
_TAG = re.compile(r"(`+[^`]*`+|\$[^$]*\$)|<")
TIME_LIMIT = 120


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


def run(arguments: Sequence[str], text: str) -> tuple[str, str]:
    """Run pandoc on a text.

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
    try:
        done = subprocess.run(  # noqa: S603 - our own pandoc, no shell
            [executable(), *arguments],
            input=text.encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"pandoc did not end within {TIME_LIMIT} seconds") from error
    warnings = done.stderr.decode(errors="replace")
    if done.returncode:
        raise BuildError(f"pandoc failed: {warnings.strip()}")
    return done.stdout.decode(), warnings


def read(text: str, reader: str = READER) -> tuple[list[Node], dict[str, Any], str]:
    """Read a text into a tree: blocks, metadata and pandoc's warnings."""
    output, warnings = run(["-f", reader, "-t", "json"], text)
    document = json.loads(output)
    return document["blocks"], document["meta"], warnings


def write(blocks: list[Node], writer: str, options: Sequence[str] = ()) -> tuple[str, str]:
    """Write a tree in another format: its text and pandoc's warnings."""
    arguments = ["-f", "json", "-t", writer, "--wrap=none", *options]
    return run(arguments, as_document(blocks))


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
    return f"---\n{json.dumps({'texts': tidy})}\n---\n\n"


def _without_tag(match: re.Match[str]) -> str:
    return match[1] or "&lt;"
