"""A folder that keeps what was made, under keys of all that it was made from."""

import contextlib
import pickle
import time
from pathlib import Path
from typing import Any

from helpers.sealed import sealed, unsealed
from nwlbook.cache import prune, touch, write_atomically


class Store:
    """Contents by key; several builds may use it at once.

    Parameters
    ----------
    folder : Path or None
        Where it is; made when needed. Without one, nothing is kept.
    limit : int
        Bytes above which what has not been used for longest is dropped.
    """

    def __init__(self, folder: Path | None, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self._began = time.time_ns()

    def find(self, key: str) -> bytes | None:
        """Return what is kept under a key, or None if there is nothing or it is damaged."""
        if self.folder is None:
            return None
        file = self.folder / key
        with contextlib.suppress(OSError):
            content = file.read_bytes()
            touch(file)
            return unsealed(content)
        return None

    def keep(self, key: str, content: bytes) -> None:
        """Keep a content under a key."""
        if self.folder is not None:
            write_atomically(self.folder / key, sealed(content))

    def prune(self) -> None:
        """Drop what has not been used for longest, and not since this store was opened."""
        if self.folder is not None:
            prune(self.folder, self.limit, self._began)


class ObjectStore(Store):
    """A store of Python objects. Their keys must count the code that made them."""

    def find_object(self, key: str) -> Any:
        """Return what is kept under a key, or None."""
        content = self.find(key)
        if content is None:
            return None
        try:
            # Our own, in the folder that the code's own caches are in.
            return pickle.loads(content)  # noqa: S301
        except (ValueError, EOFError, AttributeError, ImportError, pickle.PickleError):
            return None

    def keep_object(self, key: str, made: Any) -> None:
        """Keep an object under a key."""
        if self.folder is not None:
            self.keep(key, pickle.dumps(made))
