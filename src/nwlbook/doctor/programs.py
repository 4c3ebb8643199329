"""Programs that the build runs: their versions, and what is lost without them."""

import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from nwlbook.browser import BROWSER_VARIABLE, find_browser
from nwlbook.doctor.finding import Finding
from nwlbook.doctor.packages import MEND
from nwlbook.errors import InputError

# Seconds to wait for a program to say its version; it is there even if it is slow to.
PATIENCE = 1.2


def chromium(_: Path) -> Finding:
    """Look for the browser that draws the static images of charts."""
    name = "Chromium"
    costs = "the PDF, Word and e-book have no charts, nor have readers without scripts"
    remedy = (
        "Install Chromium or Chrome (Debian: apt-get install chromium), "
        f"or name it in {BROWSER_VARIABLE}"
    )
    try:
        found = find_browser()
    except InputError as error:
        return Finding(name, str(error), "nothing can be built", "mend or unset it", stops=True)
    if found is None:
        return Finding(name, "not found", costs, remedy)
    return Finding(name, f"{_said(str(found), '--version') or 'found'}, {found}")


def pandoc(_: Path) -> Finding:
    """Look for pandoc, which the package that is locked carries."""
    return _carried("pandoc", "pypandoc_binary", "pypandoc", "files/pandoc*")


def typst(_: Path) -> Finding:
    """Look for typst, which sets the PDF."""
    return _carried("typst", "typst", "typst", "*typst*")


def quarto(_: Path) -> Finding:
    """Look for Quarto, the other engine."""
    found = shutil.which("quarto")
    if found is None:
        return Finding("Quarto", "not found: the embedded engine renders the same project")
    return Finding("Quarto", f"{_said(found, '--version') or 'found'}, renders the book")


def hooks(root: Path) -> Finding:
    """Look for the hooks that check each commit."""
    name = "Git hooks"
    file = _said("git", "-C", str(root), "rev-parse", "--git-path", "hooks/pre-commit")
    if not file:
        return Finding(name, "not a clone: no commits to check")
    if (root / file).is_file():
        return Finding(name, "installed")
    costs = "mistakes that the hooks would find come to light later"
    return Finding(name, "not installed", costs, "run '.venv/bin/pre-commit install'")


def _carried(name: str, distribution: str, module: str, pattern: str) -> Finding:
    """Look for a program in an installed package, without importing it."""
    try:
        found = version(distribution)
    except PackageNotFoundError:
        found = None
    spec = find_spec(module)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if found is None or not any(list(Path(place).glob(pattern)) for place in places):
        return Finding(name, "not found", "nothing can be built", MEND, stops=True)
    return Finding(name, f"from {distribution} {found}")


def _said(*command: str) -> str:
    """Return the first line that a program writes, or nothing if it cannot be run in time."""
    try:
        done = subprocess.run(  # noqa: S603 the commands are ours, their arguments too
            command, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip().partition("\n")[0].strip()
