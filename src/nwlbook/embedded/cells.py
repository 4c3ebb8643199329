"""Read the options of a code cell: the leading ``#| key: value`` lines."""

import re
import string
from dataclasses import dataclass
from typing import Any

import yaml

from nwlbook.embedded.config import CodeStyle
from nwlbook.embedded.source import Place

_ESCAPED = re.compile(rf"\\([{re.escape(string.punctuation)}])")
_OPTION = re.compile(r"#\|\s?(.*)")
_LABEL = re.compile(r"[A-Za-z][\w-]*")
_CHOICES: dict[str, tuple[Any, ...]] = {
    "label": (str,),
    "fig-cap": (str,),
    "fig-alt": (str,),
    "tbl-cap": (str,),
    "echo": (True, False),
    "output": (True, False, "asis"),
    "include": (True, False),
    "code-fold": (True, False, "show"),
    "code-summary": (str,),
    "warning": (True, False),
    "tags": (list,),
}


@dataclass(frozen=True)
class CellOptions:
    """The options of a cell, with the chapter's defaults filled in.

    Attributes
    ----------
    code : str
        The cell's source without its option lines.
    label, caption, alternative : str
        Empty if not stated.
    echo : bool or None
        None leaves it to the format.
    output : bool
        Whether outputs are shown.
    as_markdown : bool
        Whether printed text is Markdown.
    include : bool
        Whether anything of the cell is shown.
    fold, summary, warning
        As in `CodeStyle`.
    """

    code: str
    label: str
    caption: str
    alternative: str
    echo: bool | None
    output: bool
    as_markdown: bool
    include: bool
    fold: str
    summary: str
    warning: bool

    @property
    def float_kind(self) -> str:
        """``fig`` or ``tbl`` if the cell makes a numbered figure or table, else empty."""
        kind = self.label.partition("-")[0]
        return kind if kind in {"fig", "tbl"} else ""


def read_options(source: str, tags: list[str], style: CodeStyle, place: Place) -> CellOptions:
    """Split a cell's source into options and code.

    Parameters
    ----------
    source : str
        The cell's source.
    tags : list of str
        Tags in the cell's metadata.
    style : CodeStyle
        The chapter's defaults.
    place : Place
        The cell.

    Raises
    ------
    InputError
        If an option is unknown or its value has no meaning.
    """
    lines = source.split("\n")
    count = 0
    while count < len(lines) and _OPTION.match(lines[count]):
        count += 1
    options = _parse(lines[:count], place)
    tags = [*tags, *(str(tag) for tag in options.get("tags", []))]
    label = options.get("label", "")
    if label and not _LABEL.fullmatch(label):
        raise place.error(f"label '{label}': expected letters, digits, '-' and '_'")
    kind = label.partition("-")[0]
    for name, wanted in (("fig-cap", "fig"), ("fig-alt", "fig"), ("tbl-cap", "tbl")):
        if name in options and kind != wanted:
            raise place.error(f"option '{name}' needs a label that starts with '{wanted}-'")
    if kind in {"fig", "tbl"} and not str(options.get(f"{kind}-cap", "")).strip():
        raise place.error(f"'{label}' needs the option '{kind}-cap'")
    hides_input = {"remove-input", "remove_input"} & set(tags)
    hides_output = {"remove-output", "remove_output"} & set(tags)
    return CellOptions(
        code="\n".join(lines[count:]).strip("\n"),
        label=label,
        caption=_as_read(kind, options.get(f"{kind}-cap", "")),
        alternative=options.get("fig-alt", ""),
        echo=False if hides_input else options.get("echo"),
        output=options.get("output", True) is not False and not hides_output,
        as_markdown=options.get("output") == "asis",
        include=options.get("include", True) and not {"remove-cell", "remove_cell"} & set(tags),
        fold=str(options.get("code-fold", style.fold)).lower(),
        summary=options.get("code-summary", style.summary),
        warning=options.get("warning", style.warning),
    )


def _as_read(kind: str, caption: str) -> str:
    """Return a caption as Markdown.

    Quarto makes a table's caption an attribute, which takes one level of escapes away before
    it is read as Markdown; a figure's is read as it stands.
    """
    return _ESCAPED.sub(r"\1", caption) if kind == "tbl" else caption


def _parse(lines: list[str], place: Place) -> dict[str, Any]:
    text = "\n".join(_OPTION.sub(r"\1", line) for line in lines)
    try:
        options = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise place.error(f"cell options are not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(options, dict):
        raise place.error("cell options must be 'key: value' lines")
    for name, value in options.items():
        at = Place(place.file, _line_of(lines, str(name)), place.cell)
        choices = _CHOICES.get(name)
        if choices is None:
            raise at.error(f"the embedded engine does not support the cell option '{name}'")
        if not any(
            isinstance(value, choice)
            if isinstance(choice, type)
            else value is choice or (isinstance(choice, str) and value == choice)
            for choice in choices
        ):
            raise at.error(f"cell option '{name}: {value}' is not supported")
    return options


def _line_of(lines: list[str], name: str) -> int:
    for number, line in enumerate(lines, start=1):
        if re.match(rf"#\|\s*[\"']?{re.escape(name)}\b", line):
            return number
    return 1
