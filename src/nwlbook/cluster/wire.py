"""What a run and its outcome look like on their way to a worker and back."""

import json
import os
import sysconfig
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nwlbook

# What a run puts out is mostly the text of charts, which shrinks by far at the lowest level.
LEVEL = 1
# A notebook may print half of a surrogate pair.
SURROGATES = "surrogatepass"


def pack(message: Mapping[str, Any]) -> bytes:
    """Return a message of JSON values as bytes."""
    return zlib.compress(json.dumps(message, ensure_ascii=False).encode("utf-8", SURROGATES), LEVEL)


def unpack(content: bytes, places: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the message that was packed.

    Parameters
    ----------
    content : bytes
        From `pack`.
    places : mapping, optional
        Paths there to paths here: warnings and tracebacks name files, and have to name those
        that a run on this machine would have named.
    """
    text = zlib.decompress(content).decode("utf-8", SURROGATES)
    for there, here in (places or {}).items():
        text = text.replace(_quoted(there), _quoted(here))
    message: dict[str, Any] = json.loads(text)
    return message


def places_of(root: Path) -> list[str]:
    """Return the folders whose files a run may name, in an order that is the same everywhere.

    Parameters
    ----------
    root : Path
        The project on this machine.
    """
    folders = [
        str(root),
        str(Path(nwlbook.__file__).parents[1]),
        sysconfig.get_path("purelib"),
        sysconfig.get_path("stdlib"),
    ]
    return [*folders, *(_shortened(folder) for folder in folders)]


def _shortened(folder: str) -> str:
    """Return a path as IPython's tracebacks have it."""
    home = os.path.expanduser("~")  # noqa: PTH111
    inside = home != os.sep and folder.startswith(home + os.sep)
    return "~" + folder[len(home) :] if inside else folder


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
