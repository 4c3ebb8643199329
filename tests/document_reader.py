"""Follow a document to the letter: run its commands, make its edits, look for what it shows."""

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_pages import ROOT, Block

FILE = re.compile(r"`((?:notebooks|data|src)/[\w./-]+)`")
NEW_FILE = re.compile(r"Make the file `([\w./-]+)`")
END_OF_FILE = re.compile(r"[Aa]dd to the end of `([\w./-]+)`")
# A build on a machine that is busy with other things.
PATIENCE = 120.0
PREVIEW = ".venv/bin/nwlbook preview"


class Reader:
    """Someone who follows the tutorial to the letter, in a clone of a smaller book."""

    def __init__(self, folder: Path, origin: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.origin = origin
        self.environment = environment
        self.port = free_port()
        self.preview: subprocess.Popen[str] | None = None
        self.said = ""
        self.code = 0

    def run(self, text: str) -> None:
        """Run a block of commands in the folder that the last one was left in."""
        if text.strip() == PREVIEW:
            self.start_preview()
            return
        place = self.origin.parent / "folder"
        script = f"set -e\n{text.replace('ADDRESS', str(self.origin))}\npwd > {place}\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=2 * PATIENCE,
        )
        self.said, self.code = done.stdout, done.returncode
        if self.code == 0:
            self.folder = Path(place.read_text().strip())

    def start_preview(self) -> None:
        """Start the preview on a port that is free here, and wait until it speaks."""
        # Programs inherit that Ctrl+C is ignored from a shell that started the tests apart.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.preview = subprocess.Popen(
            [self.folder / ".venv" / "bin" / "nwlbook", "preview", "--port", str(self.port)],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.preview.stdout
        self.said = self.preview.stdout.readline().replace(str(self.port), "4848")
        self.code = 0

    def stop_preview(self) -> int | None:
        """Press Ctrl+C in the preview's terminal and return how it ended."""
        if self.preview is None:
            return None
        self.preview.send_signal(signal.SIGINT)
        self.preview.communicate(timeout=60)
        return self.preview.returncode

    def sees(self, words: str) -> None:
        """Wait until the page of the dashboard shows some words."""
        address = f"http://127.0.0.1:{self.port}/notebooks/dashboard.html"
        until = time.monotonic() + PATIENCE
        shown = ""
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(address) as page:
                    shown = plain(page.read().decode())
            except (urllib.error.URLError, ConnectionError):
                shown = ""
            if words in shown:
                return
            time.sleep(0.2)
        pytest.fail(f"the preview never showed {words!r}")

    def edit(self, file: str, change: str) -> None:
        """Replace the lines that a change takes out by those that it puts in."""
        lines = change.splitlines()
        assert {line[0] for line in lines} <= {"-", "+", " "}
        old = "\n".join(line[1:] for line in lines if line[0] != "+")
        new = "\n".join(line[1:] for line in lines if line[0] != "-")
        path = self.folder / file
        if path.suffix != ".ipynb":
            path.write_text(replaced(path.read_text("utf-8"), old, new), "utf-8")
            return
        notebook = json.loads(path.read_text("utf-8"))
        cells = [cell for cell in notebook["cells"] if old in "".join(cell["source"])]
        assert len(cells) == 1, f"{old!r} stands in {len(cells)} cells of {file}"
        text = replaced("".join(cells[0]["source"]), old, new)
        cells[0]["source"] = text.splitlines(keepends=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def plain(page: str) -> str:
    """Return the words of a page, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def stand_in(folder: Path) -> Path:
    """Write what takes the place of the Python that sets up: `.venv` with this environment.

    Setting up in earnest is what `tests/test_setup.py` and the continuous integration try.
    """
    begin = "from nwlbook.cli import main; main()"
    command = folder / "nwlbook"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{begin}" "$@"\n')
    set_up = folder / "set-up"
    set_up.write_text(
        f'#!/bin/sh\nmkdir -p .venv/bin\nln -sf "{command}" .venv/bin/nwlbook\n'
        f'ln -sfn "{ROOT / "node_modules"}" node_modules\n'
    )
    for file in (command, set_up):
        file.chmod(0o755)
    return set_up


def is_refusal(text: str) -> bool:
    return any(line.startswith("error: ") for line in text.splitlines())


def follow(reader: Reader, page: list[Block]) -> Iterator[str]:
    """Do what each block asks for; yield the kind of each that was acted on."""
    file, added = "", []
    for number, block in enumerate(page):
        if block.kind == "words":
            text = " ".join(block.text.split())
            begun, added = NEW_FILE.findall(text), END_OF_FILE.findall(text)
            file = (begun or added or FILE.findall(text) or [file])[-1]
        elif block.kind == "sh":
            after = next((later for later in page[number + 1 :] if later.kind != "words"), block)
            reader.run(block.text)
            refused = after.kind == "text" and is_refusal(after.text)
            assert (reader.code != 0) == refused, f"line {block.line}: {reader.said}"
        elif block.kind == "text":
            for line in block.text.splitlines():
                wanted = ".*".join(re.escape(part) for part in line.split("…"))
                assert re.search(wanted, reader.said), f"line {block.line}: {reader.said}"
        elif block.kind == "diff":
            reader.edit(file, block.text)
        elif block.kind == "csv":
            with (reader.folder / file).open("a" if added else "x", encoding="utf-8") as rows:
                rows.write(block.text)
        elif block.kind == "quote":
            reader.sees(plain(block.text))
        else:
            pytest.fail(f"line {block.line}: a block of {block.kind!r} is of no use here")
        yield block.kind


def surroundings(set_up: Path) -> dict[str, str]:
    """Return the environment of the reader's terminal.

    Parameters
    ----------
    set_up : Path
        From `stand_in`.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("NWLBOOK_")}
    return own | {
        **{
            f"GIT_{who}_{what}": "reader@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
        "PYTHON": str(set_up),
        "PYTHONPATH": str(ROOT / "src"),
        "MAKEFLAGS": "",
        "CI": "1",
        "COLUMNS": "200",
    }
