"""Damage that nobody thought of: it is refused in one line, or it is no damage.

Each example is a valid project with one file mutated. `nwlbook check` then either finds nothing
or says in single lines what is wrong; it raises nothing else, ends in time, and writes nothing.
"""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
import yaml
from bad_input.project import make_project
from builder_books import contents, entered
from hypothesis import given, settings
from hypothesis import strategies as st
from nested_values import places

from helpers.errors import EvidenceError
from nwlbook.book import read_book
from nwlbook.build import Request, plan_editions
from nwlbook.embedded.config import check_source
from nwlbook.errors import InputError, printable
from nwlbook.forgetting import forget_evidence
from nwlbook.inspection import book_problems
from nwlbook.parameters import SECTOR, read_domains
from nwlbook.prose_check import SoundProse
from nwlbook.validation import evidence_problems, validate_evidence

# A long session: NWLBOOK_FUZZ=2000.
EXAMPLES = int(os.environ.get("NWLBOOK_FUZZ", "40"))
SECONDS = 20
LONGEST = 20_000

# Each example has a limit of its own, set by the same signal.
pytestmark = pytest.mark.timeout(0)

TABLES = ("areas", "beds", "priorities", "sources", "measures")
NOTEBOOKS = ("beds", "profile")
Fuzzed = Callable[[str, bytes], None]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the valid project that each example damages in one place."""
    with entered(make_project(tmp_path_factory.mktemp("fuzz") / "book")) as folder:
        yield folder


@pytest.fixture(scope="module")
def good(root: Path) -> dict[str, bytes]:
    """Return the content of each file that is damaged."""
    names = [
        "_quarto.yml",
        "index.qmd",
        "data/datapackage.yaml",
        "data/observations/survey.csv",
        *(f"data/{table}.csv" for table in TABLES),
        *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS),
    ]
    return {name: (root / name).read_bytes() for name in names}


@pytest.fixture(scope="module")
def fuzzed(root: Path, good: dict[str, bytes]) -> Fuzzed:
    """Return what gives a file another content and looks what comes of it."""

    def look(name: str, content: bytes) -> None:
        (root / name).write_bytes(content)
        before = digests(root)
        signal.signal(signal.SIGALRM, too_slow)
        signal.alarm(SECONDS)
        try:
            lines = refusals(root)
        finally:
            signal.alarm(0)
            (root / name).write_bytes(good[name])
        for line in lines:
            assert line.isprintable(), line
            assert 0 < len(line) < LONGEST, line
        (root / name).write_bytes(content)
        assert digests(root) == before
        (root / name).write_bytes(good[name])

    return look


def digests(root: Path) -> dict[str, str]:
    return {
        name: digest
        for name, digest in contents(root).items()
        if not name.startswith(("node_modules/", "outputs/cache/evidence/"))
    }


def too_slow(number: int, frame: FrameType | None) -> NoReturn:
    raise TimeoutError(f"not done in {SECONDS} s")


def refusals(root: Path) -> list[str]:
    """Return what a check and a build say before anything runs."""
    forget_evidence()
    if problems := list(evidence_problems(root)):
        return problems
    try:
        validate_evidence(root, root / "outputs" / "cache")
        book = read_book(root)
        check_source(root)
        plan_editions(book, Request(root, editions=(SECTOR, "brent")), read_domains(), SoundProse())
        return book_problems(root)
    except (InputError, EvidenceError) as error:
        # As the command says it.
        return [printable(str(error))]


# What people and programs write into files by mistake.
SCRAPS = st.sampled_from(
    [
        b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\r", b"\n", b"\r\n", b"\t", b'"', b"'",
        b",", b";", b":", b"-", b"{", b"}", b"[", b"]", b"&a ", b"*a ", b"# ", b"%", b"@", b"|",
        b">", b"!!python/object:os.system ", b"\\ud800", b"\\u0000", b"null", b"true", b"1e999",
        b"-1", b"NaN", b"{python}", b"../", b"/etc/passwd", b"__import__('os')", b"<script>",
        b"9" * 5000, b"[" * 300, b"- " * 300, b"\xf0\x9f\x9b\x8f", "\u202e".encode(),
        "\u2028".encode(),
    ]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Overwrite, cut out, double or insert a few pieces of a content."""
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        piece = content[place : place + length]
        scrap = draw(st.one_of(SCRAPS, st.binary(max_size=6)))
        new = draw(st.sampled_from([scrap, piece + piece, scrap + piece, piece[::-1], b""]))
        content = content[:place] + new + content[place + length :]
    return content


@settings(max_examples=EXAMPLES)
@given(data=st.data(), name=st.sampled_from([*(f"data/{table}.csv" for table in TABLES)]))
def test_damaged_table_is_refused_in_single_lines_or_read(
    fuzzed: Fuzzed, good: dict[str, bytes], data: st.DataObject, name: str
) -> None:
    fuzzed(name, data.draw(damaged(good[name])))


@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_damaged_observations_are_refused_in_single_lines_or_read(
    fuzzed: Fuzzed, good: dict[str, bytes], data: st.DataObject
) -> None:
    name = "data/observations/survey.csv"
    fuzzed(name, data.draw(damaged(good[name])))


@settings(max_examples=EXAMPLES)
@given(data=st.data(), name=st.sampled_from(["_quarto.yml", "data/datapackage.yaml", "index.qmd"]))
def test_damaged_text_is_refused_in_single_lines_or_read(
    fuzzed: Fuzzed, good: dict[str, bytes], data: st.DataObject, name: str
) -> None:
    fuzzed(name, data.draw(damaged(good[name])))


@settings(max_examples=EXAMPLES)
@given(data=st.data(), name=st.sampled_from([f"notebooks/{each}.ipynb" for each in NOTEBOOKS]))
def test_damaged_notebook_is_refused_in_single_lines_or_read(
    fuzzed: Fuzzed, good: dict[str, bytes], data: st.DataObject, name: str
) -> None:
    fuzzed(name, data.draw(damaged(good[name])))


JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["../x.ipynb", "/etc/passwd", "index.qmd", "x" * 300 + ".qmd", "a\0b.qmd"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def replaced(value: Any, place: tuple[str | int, ...], junk: Any) -> Any:
    inner = value
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = junk
    return value


@settings(max_examples=EXAMPLES)
@given(data=st.data(), name=st.sampled_from(["_quarto.yml", "data/datapackage.yaml"]), junk=JUNK)
def test_configuration_with_another_value_is_refused_in_single_lines_or_read(
    fuzzed: Fuzzed, good: dict[str, bytes], data: st.DataObject, name: str, junk: Any
) -> None:
    content = yaml.safe_load(good[name])
    place = data.draw(st.sampled_from(list(places(content))))
    changed = replaced(content, place, junk)
    fuzzed(name, yaml.safe_dump(changed, sort_keys=False, allow_unicode=True).encode())


@settings(max_examples=EXAMPLES)
@given(data=st.data(), name=st.sampled_from(NOTEBOOKS), junk=JUNK)
def test_notebook_with_another_value_is_refused_in_single_lines_or_read(
    fuzzed: Fuzzed, good: dict[str, bytes], data: st.DataObject, name: str, junk: Any
) -> None:
    file = f"notebooks/{name}.ipynb"
    content = json.loads(good[file])
    place = data.draw(st.sampled_from(list(places(content))))
    fuzzed(file, json.dumps(replaced(content, place, junk)).encode())
