"""Put computed text into Quarto's Markdown so that it can only ever be text."""

import html
import json
import re
from collections.abc import Mapping

from helpers.markdown import escaped as escaped
from nwlbook.inline import replace_expressions

# A capital in the kind of a reference asks for a capital in its text: "Figure" at a start.
REFERENCE = re.compile(r"(?<![\w@\\])(-?@)((?:[Ff]ig|[Tt]bl|[Ss]ec)-[a-zA-Z0-9-]+)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
SECTION = re.compile(r"\{#(sec-[a-zA-Z0-9-]+)")


def quoted(text: str) -> str:
    """Return a text as a YAML double-quoted scalar on one line."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def fill_expressions(text: str, values: Mapping[str, str]) -> str:
    """Replace Quarto's inline expressions by what they came to.

    Parameters
    ----------
    text : str
        A Markdown cell.
    values : mapping
        Expression to its text; every expression of the cell must be in it.
    """
    return replace_expressions(text, lambda expression: escaped(values[expression]))


def add_suffix(text: str, labels: frozenset[str], suffix: str) -> str:
    """Give a repeated chapter's own labels, and references to them, its suffix.

    Parameters
    ----------
    text : str
        Markdown.
    labels : frozenset of str
        Labels that the chapter itself defines; references to others stay.
    suffix : str
        Empty for a chapter that does not repeat.
    """
    if not suffix:
        return text

    def renamed(label: str) -> str:
        known = label[0].lower() + label[1:]
        return f"{label}-{suffix}" if known in labels else label

    text = REFERENCE.sub(lambda match: match.group(1) + renamed(match.group(2)), text)
    return SECTION.sub(lambda match: "{#" + renamed(match.group(1)), text)


def section_labels(text: str) -> list[str]:
    """Return the section labels that a Markdown text defines, each as often as it does."""
    return SECTION.findall(text)


def referenced_labels(text: str) -> list[str]:
    """Return the labels that a Markdown text refers to, outside code and escapes."""
    plain = CODE.sub(" ", text)
    labels = [match.group(2) for match in REFERENCE.finditer(plain)]
    return [label[0].lower() + label[1:] for label in labels]


def fenced_html(markup: str) -> str:
    """Return markup as a raw HTML block whose fence nothing inside can close."""
    longest = max((len(run) for run in re.findall(r"`+", markup)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{=html}}\n{markup}\n{fence}"


def attribute(text: str) -> str:
    """Escape a text for an HTML attribute."""
    return html.escape(" ".join(text.split()), quote=True)


def plain_attribute(text: str) -> str:
    """Write a text as an attribute in Markdown, where no mark keeps a meaning for any filter."""
    return re.sub(r"[^\w\s]", lambda mark: f"&#{ord(mark[0])};", " ".join(text.split()))


def as_attribute(markdown: str) -> str:
    """Escape Markdown that Quarto makes the value of an attribute, as a table's caption.

    pandoc takes one level of escapes from such a value before it is read as Markdown.
    """
    return markdown.replace("\\", "\\\\").replace("&", "\\&")
