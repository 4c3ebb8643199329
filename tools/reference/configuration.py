"""The page on `_quarto.yml`: what the embedded engine acts on, accepts, and reads in notebooks."""

from collections.abc import Mapping
from typing import Any

from reference.markdown_text import table

OPENING = """\
# Configuration

`_quarto.yml` is the only place that says what is in the book. It is Quarto's own file: where the
`quarto` command renders the book, every option of Quarto's has its effect. The embedded engine
takes the keys below and refuses any other, with file and line, rather than dropping it. From
`src/nwlbook/embedded/settings.py`."""
PARTS = """\
A chapter is a file (`notebooks/sources.ipynb`, `accessibility.qmd`); a part is a `part` with its
own `chapters`. The first chapter is `index.qmd`. A notebook whose metadata says
`"nwlbook": {"repeat": "borough"}` or `{"repeat": "priority"}` becomes one chapter for each."""
PARAMETERS = """\
Set with `-p NAME=VALUE`, or `--borough` for the first. A notebook takes those that its cell tagged
`parameters` declares. From `src/nwlbook/parameters.py`; the
[README](../../README.md#a-boroughs-own-book-with-other-assumptions) says which values each
takes."""
KINDS = {str: "text", list: "list", bool: "true or false", int: "whole number"}


def configuration() -> str:
    """Return the page: keys of the book, keys of a chapter, parameters."""
    from nwlbook.embedded import settings
    from nwlbook.parameters import BookParameters

    parameters = [
        (f"`{name}`", f"`{about.default}`", about.description)
        for name, about in BookParameters.model_fields.items()
    ]
    parts = [
        OPENING,
        "## Keys that have an effect",
        PARTS,
        _acted(settings.ACTED),
        "## Keys accepted without effect",
        "Quarto acts on them; the embedded engine does not, for the reason given.",
        _accepted(settings.ACCEPTED),
        "## Front matter of a chapter",
        _acted(settings.CHAPTER_ACTED),
        "Accepted without effect:",
        _accepted(settings.CHAPTER_ACCEPTED),
        "## Parameters",
        PARAMETERS,
        table(("Parameter", "Default", "What it is"), parameters),
    ]
    return "\n\n".join(parts)


def _acted(keys: Mapping[str, tuple[Any, ...]]) -> str:
    rows = [
        (
            f"`{key}`",
            " or ".join(map(_value, values)) + ("" if isinstance(values[0], type) else " only"),
        )
        for key, values in keys.items()
    ]
    return table(("Key", "Takes"), rows)


def _value(value: Any) -> str:
    if isinstance(value, type):
        return KINDS[value]
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _accepted(keys: Mapping[str, str]) -> str:
    return table(("Key", "Why"), [(f"`{key}`", why) for key, why in keys.items()])
