"""The texts of the sources, and how a folder names them."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nwlbook.errors import InputError

MAPPING = "README.md"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"\*\*")
_FOOTNOTE_MARKS = str.maketrans("", "", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class SourceText:
    """One document as numbered lines; a tab parts the cells of a table's row.

    Parameters
    ----------
    source_id : str
        Key of the document in `sources`.
    lines : tuple of str
        The lines as they stand in the file, from 0.
    """

    source_id: str
    lines: tuple[str, ...]

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The lines without mark-up and footnote marks, which are no part of a number."""
        return tuple(plain(line) for line in self.lines)


def plain(text: str) -> str:
    """Return a text without mark-up and footnote marks; tabs are kept.

    Parameters
    ----------
    text : str
        A line of a source text.
    """
    bare = _EMPHASIS.sub("", _TAG.sub(" ", text)).translate(_FOOTNOTE_MARKS)
    return "\t".join(" ".join(cell.split()) for cell in bare.split("\t"))


def read_texts(folder: Path) -> dict[str, SourceText]:
    """Read the source texts of a folder.

    Parameters
    ----------
    folder : Path
        Folder with a file `<source_id>.txt` for each document, or with files of any name
        and a `README.md` whose table has the columns `file` and `source_id`.

    Returns
    -------
    dict of str to SourceText
        By source.

    Raises
    ------
    InputError
        If there is no such folder, no text in it, or a text that cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"no folder of source texts: {folder}")
    mapped = _mapped(folder / MAPPING)
    files = {file.stem: file for file in sorted(folder.glob("*.txt")) if file.name not in mapped}
    for name, source_id in mapped.items():
        if not (folder / name).is_file():
            raise InputError(f"{MAPPING} of the source texts names a file not found: {name}")
        files[source_id] = folder / name
    if not files:
        raise InputError(f"no source text in {folder}: expected files <source_id>.txt")
    return {source_id: _read(source_id, file) for source_id, file in files.items()}


def _mapped(readme: Path) -> dict[str, str]:
    """Return the source of each file that the Markdown table of a README names."""
    if not readme.is_file():
        return {}
    header: list[str] = []
    found = {}
    for line in readme.read_text(encoding="utf-8").splitlines():
        if not line.lstrip().startswith("|"):
            continue
        cells = [cell.strip(" `") for cell in line.strip().strip("|").split("|")]
        words = [cell.lower().split(" ")[0] for cell in cells]
        if {"file", "source_id"} <= set(words):
            header = words
        elif header and len(cells) == len(header) and not set(cells[0]) <= {"-", ":"}:
            row = dict(zip(header, cells, strict=True))
            found[row["file"]] = row["source_id"]
    return found


def _read(source_id: str, file: Path) -> SourceText:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8 text", file.name) from error
    return SourceText(source_id, tuple(text.splitlines()))
