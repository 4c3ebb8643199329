"""The files of observations that analysts add to `data/observations/`.

Whoever adds one describes it nowhere, so everything is checked here: by the builder before any
notebook runs, and again by a notebook that reads it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from helpers import data_package, disclosure, measures
from helpers.errors import EvidenceError
from helpers.observation_rows import Observation, duplicates, read
from helpers.paths import is_file, project_root, unreadable

FOLDER = "data/observations"
README = "README.md"
# Key of the data package, and what may stand there of disclosure control.
BLOCK = "observations"
ASKED = ("threshold", "measures")

# Name, time of change and size of each file.
State = tuple[tuple[str, int, int], ...]
# What is right, and a line for each thing that is wrong.
Checked = tuple[tuple[Observation, ...], tuple[str, ...]]


def problems() -> Iterator[str]:
    """Yield one line for each thing wrong with the files.

    Yields
    ------
    str
        The file, and as far as they apply row, column, value and what was expected.
    """
    if is_file(project_root() / FOLDER):
        yield f"{FOLDER}: expected a folder, found a file"
    yield from _checked(_state())[1]


def added() -> list[Observation]:
    """Return what the files hold, in the order of their names and rows.

    Counts that the data package asks to be suppressed are not among it.

    Raises
    ------
    EvidenceError
        With the first problem of the files, in one line.
    """
    rows, wrong = _checked(_state())
    if wrong:
        raise EvidenceError(wrong[0])
    hidden = _hidden(rows)
    return [row for number, row in enumerate(rows) if number not in hidden]


def suppressed() -> Counter[tuple[str, str, str]]:
    """Return how many observations are suppressed of each measure, area and basis."""
    rows, _ = _checked(_state())
    return Counter(
        (rows[number].measure, rows[number].area, rows[number].basis) for number in _hidden(rows)
    )


def disclosure_problems() -> Iterator[str]:
    """Yield what is wrong with what the data package asks of observations, one line each."""
    if BLOCK not in data_package.descriptor():
        return
    block = data_package.descriptor()[BLOCK]
    asked = block.get(disclosure.BLOCK) if isinstance(block, dict) else None
    if not isinstance(asked, dict) or set(block) != {disclosure.BLOCK}:
        yield f"{BLOCK}: expected {disclosure.BLOCK} with {' and '.join(ASKED)}, and nothing else"
        return
    for name in asked:
        if name not in ASKED:
            yield f"{BLOCK}: {disclosure.BLOCK}: '{name}': expected one of {', '.join(ASKED)}"
    yield from (f"{BLOCK}: {problem}" for problem in disclosure.threshold_problems(asked))
    named = asked.get("measures")
    if not isinstance(named, list) or not named:
        yield f"{BLOCK}: {disclosure.BLOCK}: measures: expected a list of measures of counts"
        return
    known = measures.known()
    counts = [name for name, each in known.items() if each.unit != "percent"]
    for name in named:
        if name not in counts:
            place = f"{BLOCK}: {disclosure.BLOCK}: measures '{name}'"
            yield f"{place}: expected a measure of counts{_nearest(str(name), counts)}"


def problems_if(name: str, content: bytes) -> list[str]:
    """Return what would be wrong with the files if one of them had another content.

    Parameters
    ----------
    name : str
        Name of the file in the folder; it need not be there yet.
    content : bytes
        What it would hold.
    """
    files = {other: _content(other) for other, _, _ in _state()} | {name: content}
    return list(_check(sorted(files.items()))[1])


def _nearest(word: str, names: list[str]) -> str:
    close = get_close_matches(word, names, n=1)
    return f", perhaps '{close[0]}'" if close else ""


def _hidden(rows: tuple[Observation, ...]) -> set[int]:
    """Return the places of the observations that are to be suppressed.

    Values of one measure, day and basis may add up to that of an area around them.
    """
    if BLOCK not in data_package.descriptor():
        return set()
    for problem in disclosure_problems():
        raise EvidenceError(f"data/datapackage.yaml: {problem}")
    asked: dict[str, Any] = data_package.descriptor()[BLOCK][disclosure.BLOCK]
    counted = {number for number, row in enumerate(rows) if row.measure in asked["measures"]}
    return disclosure.hidden_rows(
        [[row.value if number in counted else None] for number, row in enumerate(rows)],
        [
            (row.measure, row.date, row.basis) if number in counted else None
            for number, row in enumerate(rows)
        ],
        asked["threshold"],
    )


def _state() -> State:
    """Look which files there are, and so tie a run of a notebook to the folder itself."""
    try:
        files = sorted((project_root() / FOLDER).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return ()
    # What is hidden is a lock of a spreadsheet, or a file not yet whole.
    visible = [file for file in files if not file.name.startswith(".") and file.name != README]
    return tuple(
        (file.name, status.st_mtime_ns, status.st_size)
        for file, status in (
            # A link that leads nowhere has a state of its own only.
            (file, file.stat() if is_file(file) else file.lstat())
            for file in visible
        )
    )


def _content(name: str) -> bytes | str:
    """Return what a file holds, or as text why it cannot be read."""
    file = project_root() / FOLDER / name
    return unreadable(file, project_root()) or file.read_bytes()


@cache
def _checked(state: State) -> Checked:
    """Read all files once for each state of the folder."""
    return _check((name, _content(name)) for name, _, _ in state)


def _check(files: Iterable[tuple[str, bytes | str]]) -> Checked:
    rows: list[Observation] = []
    wrong: list[str] = []
    for name, content in files:
        origin = f"{FOLDER}/{name}"
        if not name.lower().endswith(".csv"):
            wrong.append(f"{origin}: expected a file that ends in .csv, and nothing else here")
            continue
        if isinstance(content, str):
            wrong.append(f"{origin}: {content}")
            continue
        found, broken = read(content, origin)
        rows += found
        wrong += broken
    return tuple(rows), (*wrong, *duplicates(rows))
