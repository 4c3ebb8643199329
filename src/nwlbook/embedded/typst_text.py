"""Write values as Typst source."""

import json
import re

_PLAIN_LABEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*")


def quoted(value: str) -> str:
    """Return a text as a Typst string, in which no sign means anything."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "", "\t": "\\t"}
    return '"' + "".join(escapes.get(sign, sign) for sign in value) + '"'


def label(identifier: str) -> str:
    """Return the source that labels what stands before it."""
    if _PLAIN_LABEL.fullmatch(identifier) and not identifier.endswith((".", ":")):
        return f"<{identifier}>"
    return f"#label({quoted(identifier)})"


def array(values: list[str]) -> str:
    """Return values as a Typst array."""
    return f"({', '.join(values)},)"


def numbering(number: str) -> str:
    """Return the argument that makes Typst show our number instead of counting."""
    return f"numbering: (..counts) => {quoted(number)}" if number else "numbering: none"


def boolean(value: bool) -> str:
    """Return a truth value."""
    return json.dumps(value)
