"""What goes to a cluster with the runs: the project's files that they may use, and our code."""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from pathlib import Path

from nwlbook import __version__
from nwlbook.recorder import EXCLUDED_FOLDERS

# Folders of the archive. `code` holds the builder that has packed it, which need not be that
# of the project: it may be installed apart.
PROJECT, CODE = "project", "code"

PARTS = ("_quarto.yml", "data", "notebooks", "requirements", "src")
PACKAGES = ("nwlbook", "helpers")
PROVISIONERS = "jupyter_client.kernel_provisioners"
EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """An archive of all that runs may use.

    Attributes
    ----------
    content : bytes
        A ZIP archive; the same files, the same bytes.
    names : frozenset of str
        Files and folders of the project in it, as paths from its root.
    """

    content: bytes
    names: frozenset[str]

    @property
    def digest(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def make_bundle(root: Path, notebooks: Iterable[Path]) -> Bundle:
    """Pack what the runs of some notebooks may use.

    Parameters
    ----------
    root : Path
        The project.
    notebooks : iterable of Path
        Notebooks to be run; the folders that they are in go along.
    """
    folders = {notebook.absolute().relative_to(root).parts[0] for notebook in notebooks}
    names: set[str] = set()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted({*PARTS, *folders}):
            for path in _walk(root / part):
                name = path.relative_to(root).as_posix()
                names.add(name)
                _add(archive, f"{PROJECT}/{name}", path)
        for package in PACKAGES:
            # The project's own helpers come before others on the search path, here as there.
            if package == "nwlbook" or not (root / "src" / package).is_dir():
                folder = _folder_of(package)
                for path in _walk(folder):
                    name = path.relative_to(folder.parent).as_posix()
                    _add(archive, f"{CODE}/{name}", path)
        for name, text in _installed().items():
            archive.writestr(zipfile.ZipInfo(f"{CODE}/{name}", EARLIEST), text)
    return Bundle(buffer.getvalue(), frozenset(names))


def _walk(top: Path) -> Iterator[Path]:
    """Yield a file or a folder and all in it, in a fixed order, through links."""
    if top.is_file():
        yield top
    elif top.is_dir() and top.name not in EXCLUDED_FOLDERS:
        yield top
        for item in sorted(top.iterdir()):
            # A link to a folder that it is in would lead on for ever.
            if not (item.is_symlink() and top.resolve().is_relative_to(item.resolve())):
                yield from _walk(item)


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    if path.is_dir():
        archive.writestr(zipfile.ZipInfo(f"{name}/", EARLIEST), "")
    else:
        info = zipfile.ZipInfo(name, EARLIEST)
        archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)


def _folder_of(package: str) -> Path:
    found = PathFinder.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named '{package}'", name=package)
    return Path(os.fspath(next(iter(found.submodule_search_locations))))


def _installed() -> dict[str, str]:
    """Return what makes our kernel provisioner known where we are only on the search path."""
    (provisioner,) = entry_points(group=PROVISIONERS, name="nwlbook-warm")
    folder = f"nwl_report_book-{__version__}.dist-info"
    return {
        f"{folder}/METADATA": (
            f"Metadata-Version: 2.1\nName: nwl-report-book\nVersion: {__version__}\n"
        ),
        f"{folder}/entry_points.txt": (
            f"[{PROVISIONERS}]\n{provisioner.name} = {provisioner.value}\n"
        ),
    }
