"""Keep the results of heavy analyses, so that chapters, editions and builds share them.

A result is found again by what the analysis was given and by the code behind it. Evidence has
to be given, not looked up inside, or a change of it would go unnoticed.
"""

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from helpers.paths import make_private, project_root

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
FOLDER = Path("outputs") / "cache" / "analysis"
COMPRESSION = 1  # the quickest: it is done for its checksum


def kept(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Compute an analysis once for what it is given and the code of its package.

    Parameters
    ----------
    function : callable
        Of a module. Depends on its arguments alone, which can be pickled, and so can what it
        returns.

    Returns
    -------
    callable
        The same, but looking the answer up in `outputs/cache/analysis` first.
    """

    @functools.wraps(function)
    def answer(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        # Imported on first use: most chapters need no heavy analysis.
        import joblib
        from filelock import FileLock

        # A damaged file that is compressed is found out and worked out again; one that is not
        # can be read, with another number in it.
        folder = project_root() / FOLDER
        make_private(folder)
        memory = joblib.Memory(folder, verbose=0, compress=COMPRESSION)
        look_up = memory.cache(_answer, ignore=["function"])
        name = f"{function.__module__}.{function.__qualname__}"
        code = code_of(Path(function.__code__.co_filename).parent)
        question = (function, name, code, args, kwargs)
        found: Answer
        if look_up.check_call_in_cache(*question):
            found = look_up(*question)
        else:
            # Chapters that run at the same time ask the same: one works it out, the others wait.
            lock = folder / "locks" / str(joblib.hash((name, code, args, kwargs)))
            lock.parent.mkdir(exist_ok=True)
            with FileLock(lock):
                found = look_up(*question)
        return found

    return answer


def code_of(package: Path) -> str:
    """Return a digest of the modules of a package.

    Reading them here also tells the builder that a run depends on them, although what is
    found again need not be imported.

    Parameters
    ----------
    package : Path
        Its folder.
    """
    digest = hashlib.sha256()
    for module in sorted(package.glob("*.py")):
        digest.update(module.name.encode())
        digest.update(module.read_bytes())
    return digest.hexdigest()


def _answer(
    function: Callable[..., Answer],
    name: str,
    code: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Answer:
    return function(*args, **kwargs)
