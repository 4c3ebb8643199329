"""Tell a kept content that is whole from one that a full disk, a crash or a bad sector left.

What is kept from build to build is read without anyone looking at it. A damaged byte in it
could be a wrong digit in the book, so each content carries its own digest.
"""

import hashlib
from pathlib import Path

LENGTH = 64


def sealed(content: bytes) -> bytes:
    """Return a content with its digest before it."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def unsealed(kept: bytes) -> bytes | None:
    """Return the content of what `sealed` made, or None if it is not whole."""
    content = kept[LENGTH + 1 :]
    return content if kept == sealed(content) else None


def read_sealed(file: Path) -> bytes | None:
    """Return the content of a kept file, or None if it is not there, not readable or not whole."""
    try:
        return unsealed(file.read_bytes())
    except OSError:
        return None
