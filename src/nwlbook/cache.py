"""Keep the outcome of runs, and find the one that still holds.

What a run depends on is known only once it has run, so a look-up has two levels, as in
ccache. The first is a key of all that is known before: code, parameters, locked packages.
Under it lie a few entries, each with the files, folders and modules that a run with this key
used and their content then. An entry holds if all of that is unchanged.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nwlbook.processes import is_running
from nwlbook.recorder import EXCLUDED_FOLDERS

DEFAULT_LIMIT = 500_000_000
ENTRIES_A_KEY = 8
SEAL = "sha256"
CORRECTION = 2_000_000_000  # nanoseconds by which clocks are set right as they go
# What is being written: by `write_atomically`, and by joblib in the kernels.
TEMPORARY = re.compile(
    r"\..+\.(?P<own>[0-9]+)-[0-9a-f]{16}|.+\.thread-[0-9]+-pid-(?P<joblib>[0-9]+)"
)

# Path, time of change, size and inode to digest: one build asks for the same files many times.
_digests: dict[tuple[str, int, int, int], str] = {}


@dataclass(frozen=True)
class Dependencies:
    """What a run used, and what that was like.

    Attributes
    ----------
    files : dict
        Path from the root to the digest of the content; None for a file that was not there.
    folders : dict
        Path from the root to the digest of the names in it; None likewise.
    """

    files: dict[str, str | None]
    folders: dict[str, str | None]

    @classmethod
    def observe(cls, root: Path, files: Iterable[str], folders: Iterable[str]) -> "Dependencies":
        """Take the digest of each file and folder as it is now."""
        return cls(
            {name: file_digest(root / name) for name in sorted(set(files))},
            {name: folder_digest(root / name) for name in sorted(set(folders))},
        )

    def hold(self, root: Path) -> bool:
        """Tell whether everything is still as it was."""
        return all(
            file_digest(root / name) == digest for name, digest in self.files.items()
        ) and all(folder_digest(root / name) == digest for name, digest in self.folders.items())

    def changed_since(self, root: Path, moment: int) -> bool:
        """Tell whether anything was written after a moment, in nanoseconds since 1970.

        After a clock was set back nothing is known of that, and it may have been.
        """
        if time.time_ns() < moment - CORRECTION:
            return True
        for name in (*self.files, *self.folders):
            with contextlib.suppress(OSError):
                status = (root / name).stat()
                if max(status.st_mtime_ns, status.st_ctime_ns) > moment:
                    return True
        return False

    @property
    def names(self) -> tuple[str, ...]:
        """Paths from the root; those of folders end in a slash."""
        return (*self.files, *(f"{name}/" for name in self.folders))


@dataclass(frozen=True)
class Entry:
    """One remembered run.

    Attributes
    ----------
    result : str
        Name of the stored outputs: the digest of their content.
    dependencies : Dependencies
        What the run used.
    expressions : dict
        Inline expression to its text.
    seconds : float
        How long the run took.
    """

    result: str
    dependencies: Dependencies
    expressions: dict[str, str]
    seconds: float


class RunCache:
    """A folder of remembered runs that several builds may use at once.

    Parameters
    ----------
    folder : Path
        Where it is kept; made when needed.
    limit : int
        Bytes above which what has not been used for longest is dropped.
    """

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        self.folder = folder
        self.limit = limit

    def find(self, key: str, root: Path, expressions: Collection[str]) -> Entry | None:
        """Find the entry that still holds.

        Parameters
        ----------
        key : str
            First-level key of the run.
        root : Path
            The project.
        expressions : collection of str
            Inline expressions whose text is needed.

        Returns
        -------
        Entry or None
            None if there is none, or what there is cannot be read.
        """
        index = self._index(key)
        for entry in _entries(index):
            if entry.expressions.keys() >= set(expressions) and entry.dependencies.hold(root):
                touch(index)
                touch(self._outputs(entry.result))
                return entry
        return None

    def last_seconds(self, key: str) -> float:
        """Return how long the run took last time, whatever has changed since; 0 if unknown."""
        return next((entry.seconds for entry in _entries(self._index(key))), 0.0)

    def remember(self, key: str, entry: Entry) -> None:
        """Let an entry be found under a key from now on, before the others."""
        index = self._index(key)
        others = [
            other
            for other in _entries(index)
            if other.dependencies != entry.dependencies
            or other.expressions.keys() != entry.expressions.keys()
        ]
        kept = [_sealed(asdict(each)) for each in [entry, *others][:ENTRIES_A_KEY]]
        write_atomically(index, json.dumps(kept).encode())

    def keep_outputs(self, outputs: Mapping[str, Any]) -> str:
        """Keep the outputs of a run, as JSON values, and return their name."""
        content = json.dumps(outputs, ensure_ascii=False, sort_keys=True).encode()
        name = _digest(content)
        write_atomically(self._outputs(name), content)
        return name

    def outputs(self, entry: Entry) -> dict[str, Any] | None:
        """Return the stored outputs of an entry, or None if they are gone or damaged."""
        file = self._outputs(entry.result)
        content = _read(file)
        if content is None or _digest(content) != entry.result:
            return None
        outputs: dict[str, Any] = json.loads(content)
        return outputs

    def notebook(self, name: str) -> Path | None:
        """Return a kept notebook, or None if it is gone or damaged."""
        file = self._notebook(name)
        content, digest = _read(file), _read(file.with_suffix(".sha256"))
        if content is None or digest is None or _digest(content).encode() != digest:
            return None
        touch(file)
        return file

    def keep_notebook(self, name: str, text: str) -> Path:
        """Keep an executed notebook under a name and return its file."""
        content = text.encode()
        file = self._notebook(name)
        write_atomically(file, content)
        write_atomically(file.with_suffix(".sha256"), _digest(content).encode())
        return file

    def prune(self, unused_since: int) -> None:
        """Drop what has not been used for longest until the folder is within its limit.

        Parameters
        ----------
        unused_since : int
            Nanoseconds since 1970; what was used later stays, whatever the limit.
        """
        prune(self.folder, self.limit, unused_since)

    def _index(self, key: str) -> Path:
        return self.folder / "index" / f"{key}.json"

    def _outputs(self, digest: str) -> Path:
        return self.folder / "outputs" / f"{digest}.json"

    def _notebook(self, name: str) -> Path:
        return self.folder / "notebooks" / f"{name}.ipynb"


def file_digest(file: Path) -> str | None:
    """Return the digest of a file's content, or None if it cannot be read."""
    try:
        status = file.stat()
        memo = (str(file), status.st_mtime_ns, status.st_size, status.st_ino)
        if memo not in _digests:
            _digests[memo] = _digest(file.read_bytes())
        return _digests[memo]
    except OSError:
        return None


def folder_digest(folder: Path) -> str | None:
    """Return the digest of the names in a folder, or None if it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            names = sorted(
                f"{item.name}{'/' if item.is_dir() else ''}"
                for item in found
                if item.name not in EXCLUDED_FOLDERS
            )
    except OSError:
        return None
    return _digest("\n".join(names).encode())


def prune(folder: Path, limit: int, unused_since: int) -> None:
    """Drop files that have not been used for longest until a folder is within its limit.

    Parameters
    ----------
    folder : Path
        Folder of a cache.
    limit : int
        Bytes that it may hold.
    unused_since : int
        Nanoseconds since 1970; what was used later stays, whatever the limit.
    """
    # Of None os.scandir would list the working folder, which is somebody's project.
    found = sorted(_files(os.fspath(folder)))
    total = sum(size for _, size, _ in found)
    for used, size, file in found:
        if total <= limit or used >= unused_since:
            return
        with contextlib.suppress(OSError):
            Path(file).unlink()
            total -= size


def _files(folder: str) -> Iterator[tuple[int, int, str]]:
    """Yield when each file under a folder was last used, its size and its path.

    Every build looks through its caches; Path.rglob takes five times as long.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    yield from _files(entry.path)
                elif entry.is_file():
                    status = entry.stat()
                    yield status.st_mtime_ns, status.st_size, entry.path


def write_atomically(file: Path, content: bytes) -> None:
    """Write a file so that readers see the old content or the new, and never a part."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}-{secrets.token_hex(8)}")
    try:
        temporary.write_bytes(content)
        temporary.replace(file)
    except OSError as error:
        # Nobody knows the temporary one, and a full disk names none.
        raise type(error)(error.errno, error.strerror or str(error), str(file)) from error
    finally:
        temporary.unlink(missing_ok=True)


def drop_temporaries(folder: Path) -> None:
    """Drop what processes that were killed left half written in a cache."""
    for file in folder.rglob("*"):
        named = TEMPORARY.fullmatch(file.name)
        if named and not is_running(named["own"] or named["joblib"]):
            with contextlib.suppress(OSError):
                file.unlink()


def _entries(index: Path) -> list[Entry]:
    content = _read(index)
    if content is None:
        return []
    try:
        return [
            Entry(
                str(raw["result"]),
                Dependencies(
                    dict(raw["dependencies"]["files"]), dict(raw["dependencies"]["folders"])
                ),
                dict(raw["expressions"]),
                float(raw["seconds"]),
            )
            for raw in json.loads(content)
            if raw == _sealed(raw)
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _sealed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with its digest: a damaged one could hold a wrong number."""
    bare = {name: value for name, value in entry.items() if name != SEAL}
    return {**bare, SEAL: _digest(json.dumps(bare, sort_keys=True).encode())}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def touch(file: Path) -> None:
    """Note that a file of a cache was used: what was used lately is dropped last."""
    # A cache that may not be written still serves.
    with contextlib.suppress(OSError):
        os.utime(file)
