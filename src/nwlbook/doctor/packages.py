"""Python, its packages and the browser assets, against their lock files."""

import json
import platform
import re
import sys
from importlib.metadata import distributions
from pathlib import Path

from nwlbook import theme
from nwlbook.doctor.finding import Finding

OLDEST = (3, 11)
LOCK = Path("requirements") / "book.txt"
MEND = "run 'make book', which installs what the lock files name"
SHOWN = 3
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: *; *([^\\\n]+?))? *\\?$", re.MULTILINE)


def python(_: Path) -> Finding:
    """Look at the interpreter."""
    version = platform.python_version()
    if sys.version_info < OLDEST:
        needed = ".".join(str(part) for part in OLDEST)
        return Finding("Python", version, f"{needed} or newer is needed", "install it", stops=True)
    return Finding("Python", f"{version}, {sys.executable}")


def locked_packages(root: Path) -> Finding:
    """Compare the installed packages with the lock file."""
    name = "Packages"
    wanted = _wanted((root / LOCK).read_text(encoding="utf-8"))
    found = {_normal(each.name): each.version for each in distributions() if each.metadata["Name"]}
    missing = [package for package in wanted if package not in found]
    if missing:
        state = f"{_some(missing)} of {LOCK.as_posix()} missing"
        return Finding(name, state, "nothing can be built", MEND, stops=True)
    other = [
        f"{package} {found[package]} (locked: {version})"
        for package, version in wanted.items()
        if found[package] != version
    ]
    if other:
        costs = "the same sources may give another book than elsewhere"
        return Finding(name, f"not as locked: {_some(other)}", costs, MEND)
    return Finding(name, f"all {len(wanted)} as locked in {LOCK.as_posix()}")


def assets(root: Path) -> Finding:
    """Compare the browser assets with their lock file."""
    item = "Browser assets"
    installed = root / theme.PACKAGES / ".package-lock.json"
    missing = [
        inside
        for inside in theme.FROM_PACKAGES.values()
        if not (root / theme.PACKAGES / inside).is_file()
    ]
    if missing:
        state = f"{_some(missing)} missing from {theme.PACKAGES}"
        return Finding(item, state, "nothing can be built", MEND, stops=True)
    wanted, found = _versions(root / "package-lock.json"), _versions(installed)
    other = [name for name, version in wanted.items() if found.get(name, version) != version]
    if other:
        costs = "charts may be drawn in another way than elsewhere"
        return Finding(item, f"not as locked: {_some(other)}", costs, MEND)
    return Finding(item, f"{len(found)} packages as locked in package-lock.json")


def fonts(root: Path) -> Finding:
    """Look for the book's typeface, which pages, charts and documents share."""
    missing = [
        inside
        for inside in theme.TEXT_FONTS.values()
        if not (root / theme.PACKAGES / inside).is_file()
    ]
    if missing:
        return Finding("Fonts", f"{len(missing)} missing", "nothing can be built", MEND, stops=True)
    return Finding("Fonts", f"{theme.FONT_FAMILY}, in {len(theme.TEXT_FONTS)} styles")


def _wanted(lock: str) -> dict[str, str]:
    """Return package to version, of those that this system needs."""
    pinned = _PINNED.findall(lock)
    try:
        from packaging.markers import Marker
    except ImportError:
        # It is itself in the lock file: without it the answer is no anyway.
        return {_normal(name): version for name, version, marker in pinned if not marker}
    return {
        _normal(name): version
        for name, version, marker in pinned
        if not marker or Marker(marker).evaluate()
    }


def _versions(lock: Path) -> dict[str, str]:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {name: entry["version"] for name, entry in packages.items() if name}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
