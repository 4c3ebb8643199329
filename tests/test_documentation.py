"""Documents say what is so: their links lead somewhere, their commands exist, their edits work."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from builder_books import make_real_book
from document_reader import Reader, follow, stand_in, surroundings
from markdown_pages import ROOT, anchors, blocks, codes, commands, links

from nwlbook.cli import app
from nwlbook.embedded.policy import POLICY

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "data" / "observations" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
HOW_TO = ROOT / "docs" / "how-to"
# Pages of wrong commands, and of commands without what they need.
NOT_TO_BE_RUN = ("docs/bad-input.md", "docs/reference/command-line.md")


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def shell_commands(file: Path) -> Iterator[list[str]]:
    for block in blocks(file):
        if block.kind in ("sh", "bash", "shell", "console"):
            yield from commands(block.text)


def inline_commands(file: Path) -> Iterator[list[str]]:
    for text in codes(file):
        if text.startswith(("nwlbook ", "make ", ".venv/bin/nwlbook ")):
            yield from commands(text)


def problem_of(words: list[str]) -> str | None:
    """Say what the command would object to, as far as that shows before it does anything."""
    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while hasattr(command, "commands"):
        if not rest or rest[0] not in command.commands:
            return f"no such command: {' '.join(words)}"
        command, rest = command.commands[rest[0]], rest[1:]
    given = ["1" if word in ("SECONDS", "GB") else word for word in rest]
    try:
        command.make_context(words[0], given)
    except typer.TyperException as error:
        return f"{' '.join(words)}: {error.format_message()}"
    return None


@pytest.mark.parametrize("file", DOCUMENTS, ids=name_of)
def test_links_lead_to_files_and_headings(file: Path) -> None:
    broken = []
    for target in links(file):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (file.parent / path).resolve() if path else file
        if not found.exists() or not found.is_relative_to(ROOT):
            broken.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(found):
            broken.append(f"{target}: no such heading")
    assert broken == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=name_of)
def test_commands_and_options_exist(file: Path) -> None:
    problems = []
    for words in shell_commands(file):
        if words[0].rpartition("/")[2] == "nwlbook":
            problems.append(problem_of(words))
    for words in inline_commands(file):
        # In a sentence a command may be named without what it needs.
        if words[0] != "make" and len(words) > 2 and name_of(file) not in NOT_TO_BE_RUN:
            problems.append(problem_of(words))
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=name_of)
def test_make_targets_exist(file: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    named = {
        words[1]
        for words in (*shell_commands(file), *inline_commands(file))
        if words[0] == "make" and len(words) > 1
    }
    assert named <= targets


def test_checks_of_commands_and_headings_see_what_is_wrong(tmp_path: Path) -> None:
    assert problem_of(["nwlbook", "build", "--no-such-option"])
    assert problem_of(["nwlbook", "biuld"])
    assert problem_of(["nwlbook", "new", "chapter", "waits"])
    assert problem_of(["nwlbook", "build", "--to", "html"]) is None
    page = tmp_path / "page.md"
    page.write_text("# One (two)\n\n## One two\n\n[a](#b) and `nwlbook check`\n\n```sh\na b\n```\n")
    assert anchors(page) == {"one-two", "one-two-1"}
    assert list(links(page)) == ["#b"]
    assert list(inline_commands(page)) == [["nwlbook", "check"]]
    assert list(shell_commands(page)) == [["a", "b"]]


def test_every_document_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target.partition("#")[0]).resolve() for target in links(index)}
    helpers = ROOT / "docs" / "reference" / "helpers.md"
    listed |= {(helpers.parent / target).resolve() for target in links(helpers)}
    written = {file for file in (ROOT / "docs").rglob("*.md") if file != index}
    assert sorted(map(name_of, written - listed)) == []


def test_web_servers_send_the_policy_of_the_pages() -> None:
    page = (HOW_TO / "publish.md").read_text("utf-8")
    headers = re.findall(r"default-src 'none'[^\"]*", page)
    assert headers == [f"{POLICY}; frame-ancestors 'none'"] * 2


@pytest.mark.parametrize("name", ["new-data.md", "new-indicator.md"])
def test_how_to_works_as_written(name: str, tmp_path: Path) -> None:
    root = make_real_book(tmp_path / "book", "dashboard")
    (root / "data" / "observations").mkdir()
    environment = surroundings(stand_in(tmp_path))
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    page = [
        block
        for block in blocks(HOW_TO / name)
        # These need files that a reader has and a test has not.
        if not re.search(r"FILE|DIR", block.text) or block.kind != "sh"
    ]
    done = list(follow(Reader(root, root, environment), page))
    assert {"sh", "csv", "text"} <= set(done)


def test_copies_of_notebooks_are_edited_as_text(tmp_path: Path) -> None:
    """An edit of a notebook leaves all other cells as they were."""
    (tmp_path / "notebooks").mkdir()
    file = tmp_path / "notebooks" / "dashboard.ipynb"
    shutil.copy(ROOT / "notebooks" / "dashboard.ipynb", file)
    before = json.loads(file.read_text("utf-8"))
    old = "".join(before["cells"][0]["source"]).splitlines()[0]
    Reader(tmp_path, tmp_path, {}).edit("notebooks/dashboard.ipynb", f"-{old}\n+{old} again\n")
    after = json.loads(file.read_text("utf-8"))
    assert "".join(after["cells"][0]["source"]).splitlines()[0] == f"{old} again"
    assert after["cells"][1:] == before["cells"][1:]


WRONG_PAGES = {
    "a command that fails": "```sh\nfalse\n```\n",
    "a command that is not refused as told": "```sh\ntrue\n```\n\n```text\nerror: no\n```\n",
    "a refusal that the page does not tell of": "```sh\necho 'error: no'; exit 2\n```\n",
    "words that were not said": "```sh\necho one\n```\n\n```text\ntwo\n```\n",
    "an edit of what does not stand there": "In `data/a.csv`:\n\n```diff\n-y\n+z\n```\n",
    "an edit of what stands there twice": "In `data/a.csv`:\n\n```diff\n-x\n+z\n```\n",
    "a new file that is there already": "Make the file `data/a.csv`:\n\n```csv\nb\n```\n",
    "a block that nothing is done with": "```python\n1\n```\n",
}
RIGHT_PAGE = """\
Make the file `data/b.csv`:

```csv
one
```

Add to the end of
`data/b.csv`:

```csv
two
```

In `data/b.csv`:

```diff
-one
+One
 two
```

```sh
cat data/b.csv
exit 2
```

```text
One
t…o
error: no
```
"""


def followed(folder: Path, text: str) -> list[str]:
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("x\nx\n")
    page = folder / "page.md"
    page.write_text(text)
    reader = Reader(folder, folder / "data", surroundings(stand_in(folder)))
    return list(follow(reader, list(blocks(page))))


@pytest.mark.parametrize("text", WRONG_PAGES.values(), ids=WRONG_PAGES.keys())
def test_wrong_page_does_not_pass(text: str, tmp_path: Path) -> None:
    with pytest.raises((AssertionError, FileExistsError, pytest.fail.Exception)):
        followed(tmp_path, text)


def test_right_page_passes(tmp_path: Path) -> None:
    page = RIGHT_PAGE.replace("exit 2", "echo error: no && exit 2")
    assert followed(tmp_path, page)[-2:] == ["sh", "text"]
    assert (tmp_path / "data" / "b.csv").read_text() == "One\ntwo\n"
