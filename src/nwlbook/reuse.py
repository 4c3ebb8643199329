"""Take an edition's site from the last build when nothing that makes it has changed."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from nwlbook.editions import FOLDER as EDITIONS
from nwlbook.parameters import SECTOR

EMBEDDED = Path(__file__).with_name("embedded")


def render_key(
    project: Path, engine: str, versions: Mapping[str, str], formats: Sequence[str]
) -> str:
    """Return a hash of everything that rendering depends on.

    Parameters
    ----------
    project : Path
        Staged project.
    engine : str
        ``quarto`` or ``embedded``.
    versions : mapping
        Versions of what the engine runs on.
    formats : sequence of str
        Formats to be written.
    """
    digest = hashlib.sha256()
    settings = [engine, dict(versions), list(formats), os.environ.get("SOURCE_DATE_EPOCH")]
    digest.update(json.dumps(settings, sort_keys=True).encode())
    for folder in (project, EMBEDDED):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"\n{file.relative_to(folder).as_posix()}\n".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def reuse_site(outputs: Path, slug: str, key: str, site: Path) -> bool:
    """Copy an edition's site from the current build, if it was rendered from the same.

    Parameters
    ----------
    outputs : Path
        The project's `outputs` folder.
    slug : str
        The edition.
    key : str
        What `render_key` says of the edition now.
    site : Path
        Folder to fill; exists and is empty of this edition.

    Returns
    -------
    bool
        Whether it was; otherwise nothing was written.
    """
    try:
        manifest = json.loads((outputs / "manifest.json").read_text(encoding="utf-8"))
        rendered = manifest["rendered"][slug]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    before = outputs / "site"
    if slug != SECTOR:
        before = before / EDITIONS / slug
    if rendered != key or not (before / "index.html").is_file():
        return False
    apart = shutil.ignore_patterns(EDITIONS) if slug == SECTOR else None
    shutil.copytree(before.resolve(), site, ignore=apart, dirs_exist_ok=True)
    return True
