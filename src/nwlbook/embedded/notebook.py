"""Turn an executed notebook into Markdown with placeholders for code and outputs.

pandoc has a reader for notebooks, but it is slow, drops media types that it does not know
and closes divisions that span cells.
"""

import json
import re
from pathlib import Path
from typing import Any

from nwlbook.embedded.cells import CellOptions, read_options
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.frontmatter import read_front_matter
from nwlbook.embedded.pieces import CodePiece, Float, MarkupPiece, Piece, TextPiece
from nwlbook.embedded.policy import blocked
from nwlbook.embedded.source import Place

PLACEHOLDER = "nwlbook-piece"
FLOAT = "nwlbook-float"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_SUPPORTED = "text/html, text/markdown or text/plain"


def read_notebook(path: Path, chapter: Chapter, config: Config) -> None:
    """Fill a chapter from a notebook.

    Parameters
    ----------
    path : Path
        The notebook.
    chapter : Chapter
        Empty; receives front matter, Markdown and pieces.
    config : Config
        The book's configuration.

    Raises
    ------
    InputError
        With the cell, if the notebook cannot be read, holds an error or something that the
        engine does not support.
    """
    cells = _load(path, chapter.file)
    for number, cell in enumerate(cells, start=1):
        place = Place(chapter.file, 1, number)
        kind = cell.get("cell_type")
        source = _joined(cell.get("source", ""))
        if number == 1 and kind in {"raw", "markdown"} and source.startswith("---"):
            offset, source = read_front_matter(source, chapter, place)
            place = Place(chapter.file, 1 + offset, number)
        elif kind == "raw":
            raise place.error("raw cells are supported for front matter in the first cell only")
        if kind == "markdown":
            if cell.get("attachments"):
                raise place.error("images attached to a cell are not supported: use a file")
            chapter.passage.add(source, place)
            chapter.passage.add_generated("", place)
        elif kind == "code":
            _add_code_cell(cell, source, place, chapter, config)


def _load(path: Path, shown: str) -> list[dict[str, Any]]:
    file = Place(shown, None)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise file.error(f"cannot read the notebook: {error}") from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise file.error("cannot read the notebook: it has no list of cells")
    if notebook.get("nbformat") != 4:
        raise file.error(f"notebook format {notebook.get('nbformat')} is not supported: expected 4")
    cells: list[dict[str, Any]] = notebook["cells"]
    return cells


def _add_code_cell(
    cell: dict[str, Any], source: str, place: Place, chapter: Chapter, config: Config
) -> None:
    style = config.code_style("html", chapter.meta)
    tags = [str(tag) for tag in cell.get("metadata", {}).get("tags", [])]
    options = read_options(source, tags, style, place)
    outputs = cell.get("outputs", [])
    for output in outputs:
        if output.get("output_type") == "error":
            reason = f"{output.get('ename')}: {output.get('evalue')}"
            raise place.error(f"the notebook holds an error, {_ANSI.sub('', reason)}")
    if not options.include:
        return
    shown_in = frozenset(
        name
        for name in ("html", "typst")
        if (
            options.echo if options.echo is not None else config.code_style(name, chapter.meta).echo
        )
    )
    if shown_in and options.code:
        code = CodePiece(options.code, options.fold, options.summary, shown_in)
        chapter.passage.add_generated(_placeholder(chapter, code), place)
    if not options.output:
        return
    if options.float_kind:
        _add_float(outputs, options, place, chapter)
        return
    for output in outputs:
        _add_output(output, options, place, chapter)


def _add_float(
    outputs: list[dict[str, Any]], options: CellOptions, place: Place, chapter: Chapter
) -> None:
    shown = [output for output in outputs if "data" in output]
    if len(shown) != 1 or len(outputs) != 1:
        raise place.error(f"'{options.label}' must have one output, but has {len(outputs)}")
    content = _content(shown[0]["data"], options, place)
    if options.float_kind == "fig" and not options.alternative.strip():
        raise place.error(f"'{options.label}' needs the option 'fig-alt'")
    body = content if isinstance(content, str) else _placeholder(chapter, content)
    name = str(len(chapter.floats))
    chapter.floats[name] = Float(options.label, options.caption, place)
    chapter.passage.add_generated(f'::::::::: {{.{FLOAT} name="{name}"}}\n{body}\n:::::::::', place)


def _add_output(
    output: dict[str, Any], options: CellOptions, place: Place, chapter: Chapter
) -> None:
    if output.get("output_type") == "stream":
        is_warning = output.get("name") == "stderr"
        printed = _ANSI.sub("", _joined(output.get("text", ""))).rstrip("\n")
        if not printed or (is_warning and not options.warning):
            return
        if options.as_markdown and not is_warning:
            chapter.passage.add_generated(printed, place)
        else:
            piece = TextPiece(printed, is_warning)
            chapter.passage.add_generated(_placeholder(chapter, piece), place)
        return
    content = _content(output.get("data", {}), options, place)
    body = content if isinstance(content, str) else _placeholder(chapter, content)
    chapter.passage.add_generated(body, place)


def _content(data: dict[str, Any], options: CellOptions, place: Place) -> Piece | str:
    """Return what stands for an output: a piece, or Markdown."""
    if "text/html" in data:
        markup = _joined(data["text/html"])
        reason = blocked(markup)
        if reason:
            raise place.error(reason)
        svg = _joined(data["image/svg+xml"]) if "image/svg+xml" in data else None
        alternative = options.alternative or _joined(data.get("text/plain", ""))
        return MarkupPiece(markup, svg, alternative, place)
    if "text/markdown" in data:
        return _joined(data["text/markdown"])
    if set(data) == {"text/plain"}:
        printed = _ANSI.sub("", _joined(data["text/plain"]))
        return printed if options.as_markdown else TextPiece(printed)
    found = ", ".join(sorted(data)) or "nothing"
    raise place.error(f"an output holds {found}: expected {_SUPPORTED}")


def _placeholder(chapter: Chapter, piece: Piece) -> str:
    name = str(len(chapter.pieces))
    chapter.pieces[name] = piece
    return f'::: {{.{PLACEHOLDER} name="{name}"}}\n:::'


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
