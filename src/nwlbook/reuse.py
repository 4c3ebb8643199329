"""Take an edition from the last build when nothing that makes it has changed.

Two keys tell that. The first is of all that staging starts from, so that an unchanged edition
is not even staged; the second is of the staged project, so that a change that leaves no trace
in it costs no rendering. Either way the site must be as it was when it was checked.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nwlbook.browser import find_browser
from nwlbook.cache import file_digest
from nwlbook.digests import digest, files_digest, package_digest
from nwlbook.editions import FOLDER as EDITIONS
from nwlbook.editions import LIST, PAGE
from nwlbook.errors import BuildError
from nwlbook.figures_record import Summary
from nwlbook.parameters import SECTOR

if TYPE_CHECKING:
    from nwlbook.edition_build import EditionTask

EMBEDDED = Path(__file__).with_name("embedded")
# These say which editions a build has, and are written anew.
LINKS = {LIST, PAGE}


@dataclass(frozen=True)
class Made:
    """What is remembered of an edition in the manifest.

    Attributes
    ----------
    key : str
        Digest of all that it was made from.
    rendered : str
        Digest of the staged project, the engine and the formats.
    site : str
        Digest of the site as it was checked.
    warnings : tuple of str
        What the engine had to say.
    figures : Summary, optional
        How many figures its record has, and the digest of that.
    """

    key: str = ""
    rendered: str = ""
    site: str = ""
    warnings: tuple[str, ...] = ()
    figures: Summary | None = None

    def as_json(self) -> dict[str, str | list[str]]:
        """Return what the manifest says of the edition, beside its figures."""
        return {
            "key": self.key,
            "rendered": self.rendered,
            "site": self.site,
            "warnings": list(self.warnings),
        }


def edition_key(task: "EditionTask") -> str:
    """Return a digest of everything that an edition's site depends on.

    Parameters
    ----------
    task : EditionTask
        The edition and what it is made from.
    """
    edition = task.edition
    chapters = [
        [repr(chapter.entry), chapter.target, chapter.suffix, chapter.run.id]
        for chapter in edition.chapters
    ]
    runs = {
        name: [file_digest(result.notebook), result.expressions, result.used]
        for name, result in task.results.items()
    }
    settings = {
        "engine": [task.engine, dict(task.versions), task.formats],
        "date": os.environ.get("SOURCE_DATE_EPOCH"),
        "book": task.book.configuration,
        "edition": [edition.slug, edition.name, edition.parameters.model_dump(mode="json")],
        "chapters": chapters,
        "runs": runs,
        # The rest of what static images depend on is runs and code.
        "browser": str(find_browser()),
        "assets": {name: file_digest(file) for name, file in task.assets.items()},
        "earlier": repr(task.earlier),
        "draft": task.draft,
    }
    code = (package_digest("nwlbook"), package_digest("helpers"))
    data = task.root / "data"
    evidence = files_digest(data, (file for file in data.rglob("*") if file.is_file()))
    return digest(json.dumps(settings, sort_keys=True, default=str), evidence, *code)


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
    settings = [engine, dict(versions), list(formats), os.environ.get("SOURCE_DATE_EPOCH")]
    parts = [
        files_digest(folder, (file for file in folder.rglob("*") if _counts(file)))
        for folder in (project, EMBEDDED)
    ]
    return digest(json.dumps(settings, sort_keys=True), *parts)


def site_digest(site: Path) -> str:
    """Return a digest of an edition's site, without what lists the editions of its build."""
    return files_digest(site, _own_files(site))


def is_current(outputs: Path, slug: str, key: str) -> bool:
    """Tell whether the current build made an edition from the same, and still holds it.

    Parameters
    ----------
    outputs : Path
        Folder that builds are published in.
    slug : str
        The edition.
    key : str
        What `edition_key` says of it now.
    """
    made = remembered(outputs, slug)
    staged = outputs / "project" / slug
    return (
        made is not None and made.key == key and staged.is_dir() and _is_sound(made, outputs, slug)
    )


def reuse_project(outputs: Path, slug: str, project: Path, site: Path) -> Made:
    """Take over the staged project and the site of an edition that is current.

    Parameters
    ----------
    outputs : Path
        Folder that builds are published in.
    slug : str
        The edition, of which `is_current` is true.
    project, site : Path
        Folders to fill.

    Raises
    ------
    BuildError
        If another build has replaced it meanwhile.
    """
    made, before = remembered(outputs, slug), (outputs / "project" / slug).resolve()
    if made is None:
        raise BuildError(f"{slug}: the build that it was to be taken from is gone: build again")
    shutil.copytree(before, project, copy_function=_same_file)
    _take_over(outputs, slug, site)
    return made


def reuse_site(outputs: Path, slug: str, key: str, site: Path) -> list[str] | None:
    """Copy an edition's site from the current build, if it was rendered from the same.

    Parameters
    ----------
    outputs : Path
        Folder that builds are published in.
    slug : str
        The edition.
    key : str
        What `render_key` says of the edition now.
    site : Path
        Folder to fill; exists and is empty of this edition.

    Returns
    -------
    list of str or None
        What the engine had to say then; None if it is to be rendered, and then nothing was
        written.
    """
    made = remembered(outputs, slug)
    if made is None or made.rendered != key or not _is_sound(made, outputs, slug):
        return None
    _take_over(outputs, slug, site)
    return list(made.warnings)


def remembered(outputs: Path, slug: str) -> Made | None:
    """Return what the manifest of the current build says of an edition."""
    try:
        manifest = json.loads((outputs / "manifest.json").read_text(encoding="utf-8"))
        found = manifest["made"][slug]
        figures = Summary(**manifest["figures"][slug])
        key, rendered, site = (str(found[name]) for name in ("key", "rendered", "site"))
        return Made(key, rendered, site, tuple(map(str, found["warnings"])), figures)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_sound(made: Made, outputs: Path, slug: str) -> bool:
    """Tell whether the published site is what was checked."""
    site = _published(outputs, slug)
    return (site / "index.html").is_file() and site_digest(site) == made.site


def _take_over(outputs: Path, slug: str, site: Path) -> None:
    published = _published(outputs, slug)

    def apart(folder: str, names: list[str]) -> set[str]:
        inside = Path(folder).relative_to(published)
        written_anew = {name for name in names if (inside / name).as_posix() in LINKS}
        others = {EDITIONS} if slug == SECTOR and folder == str(published) else set()
        return written_anew | others

    shutil.copytree(published, site, ignore=apart, copy_function=_same_file, dirs_exist_ok=True)


def _same_file(source: str, target: str) -> None:
    """Give a file of a finished build, which nothing writes to any more, a second name."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _published(outputs: Path, slug: str) -> Path:
    site = outputs / "site"
    return (site if slug == SECTOR else site / EDITIONS / slug).resolve()


def _own_files(site: Path) -> list[Path]:
    own = [entry for entry in site.iterdir() if entry.name != EDITIONS]
    files = [
        file
        for entry in own
        for file in ([entry] if entry.is_file() else entry.rglob("*"))
        if file.is_file()
    ]
    return [file for file in files if file.relative_to(site).as_posix() not in LINKS]


def _counts(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts
