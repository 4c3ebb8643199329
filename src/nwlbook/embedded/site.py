"""Copy what the pages load: the engine's own assets and the project's files."""

import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from nwlbook.embedded.config import Config

OWN_FOLDER = "assets/book"
FOLDERS = ("data", "figures", "assets")
# What every page loads from `assets/` if it is there, in this order.
STYLES = ("charts.css", "calculator.css", "tables.css", "editions.css", "reading.css")
SCRIPTS = (
    "charts.js",
    "calculator.js",
    "tables.js",
    "editions-list.js",
    "editions.js",
    "edition.js",
    "citations.js",
    "terms.js",
)


@dataclass(frozen=True)
class Assets:
    """Which of the project's assets exist.

    Attributes
    ----------
    styles, scripts : tuple of str
        Those of `STYLES` and `SCRIPTS` that are there.
    search : bool
        ``assets/minisearch.js``, and the book wants a search.
    fonts : bool
        ``assets/fonts/open-sans.css``.
    icon : bool
        ``assets/icon.svg``.
    """

    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    search: bool
    fonts: bool
    icon: bool


def find_assets(config: Config) -> Assets:
    """Look for the assets that the pages load if they are there."""
    folder = config.project / "assets"
    return Assets(
        styles=tuple(name for name in STYLES if (folder / name).is_file()),
        scripts=tuple(name for name in SCRIPTS if (folder / name).is_file()),
        search=(folder / "minisearch.js").is_file() and config.get("book.search", True),
        fonts=(folder / "fonts" / "open-sans.css").is_file(),
        icon=(folder / "icon.svg").is_file(),
    )


def copy_project_files(config: Config, output: Path) -> None:
    """Copy the project's folders and resources into the site.

    Parameters
    ----------
    config : Config
        Names the project and its resources.
    output : Path
        The site's folder.
    """
    wanted: set[Path] = set()
    for pattern in (*(f"{folder}/**/*" for folder in FOLDERS), *config.texts("project.resources")):
        # `assets/**` means the files of a folder to Quarto, but folders to pathlib
        pattern = f"{pattern}/*" if pattern.endswith("**") else pattern
        wanted |= {path for path in config.project.glob(pattern) if path.is_file()}
    copy_files(wanted, config.project, output)


def copy_files(wanted: set[Path], project: Path, output: Path) -> None:
    """Copy files of the project to the same place in the site."""
    for source in sorted(wanted):
        target = output / source.relative_to(project)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def write_own_assets(output: Path) -> None:
    """Write the engine's styles and scripts into the site's folder."""
    target = output / OWN_FOLDER
    target.mkdir(parents=True, exist_ok=True)
    with as_file(files("nwlbook.embedded") / "assets") as folder:
        for source in sorted(folder.iterdir()):
            shutil.copyfile(source, target / source.name)
