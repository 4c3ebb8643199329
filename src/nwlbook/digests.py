"""Digests: of texts, of folders, and of the code that makes the book."""

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from nwlbook.cache import file_digest

PACKAGES = Path(__file__).parents[1]


def digest(*parts: str | bytes) -> str:
    """Return a digest of texts, in which their bounds count."""
    made = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else part.encode()
        made.update(f"{len(content)}\n".encode())
        made.update(content)
    return made.hexdigest()


def files_digest(folder: Path, files: Iterable[Path]) -> str:
    """Return a digest of files: their names in a folder and their contents."""
    named = sorted((file.relative_to(folder).as_posix(), file) for file in files)
    return digest(*(part for name, file in named for part in (name, str(file_digest(file)))))


@functools.cache
def package_digest(name: str) -> str:
    """Return a digest of a package of the project, once for each process.

    Parameters
    ----------
    name : str
        ``nwlbook`` or ``helpers``.
    """
    folder = PACKAGES / name
    found = (file for file in folder.rglob("*") if "__pycache__" not in file.parts)
    return files_digest(folder, (file for file in found if file.is_file()))
