"""Compile the helpers once, not in each kernel."""

import importlib.util
import py_compile
from contextlib import suppress
from pathlib import Path

# The second word of a compiled file: made for a source of this hash, which each import checks.
CHECKED_HASH = (0b11).to_bytes(4, "little")


def compile_helpers(root: Path) -> None:
    """Compile the modules that notebooks import, where Python itself looks for them.

    Python's own compiled files are bound to the second of a source's last change and to its
    size, so that an edit may be missed; these are bound to its content. Where nothing can be
    written, and for a module with an error, kernels go without.

    Parameters
    ----------
    root : Path
        Folder of the project.
    """
    for source in (root / "src" / "helpers").rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(str(source)))
        if _is_current(compiled, source):
            continue
        with suppress(OSError, py_compile.PyCompileError, UnicodeError, ValueError):
            py_compile.compile(
                str(source),
                str(compiled),
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
            )


def _is_current(compiled: Path, source: Path) -> bool:
    try:
        if compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            return False
        with compiled.open("rb") as file:
            return file.read(8)[4:] == CHECKED_HASH
    except OSError:
        return False
