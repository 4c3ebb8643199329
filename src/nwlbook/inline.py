"""Find Quarto's inline expressions in Markdown: `` `{python} name` ``."""

import re
from collections.abc import Callable, Iterator

# A fence may stand in a list or in a quotation.
FENCE = re.compile(r"[\s>]*(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_EXPRESSION = re.compile(r"\{python\}\s+(.+?)\s*", re.DOTALL)
_BACKTICKS = re.compile(r"(?<![\\`])`+")


def expressions_in(markdown: str) -> list[str]:
    """Return the inline expressions of a text, and none that it only shows.

    Parameters
    ----------
    markdown : str
        Text of a cell.
    """
    return [expression for _, _, expression in _expressions(markdown)]


def replace_expressions(markdown: str, replacement: Callable[[str], str]) -> str:
    """Replace each inline expression of a text, and nothing that only shows one.

    Parameters
    ----------
    markdown : str
        Text of a cell.
    replacement : callable
        Gets an expression, returns what stands in its place.
    """
    parts, end = [], 0
    for start, stop, expression in _expressions(markdown):
        parts += [markdown[end:start], replacement(expression)]
        end = stop
    return "".join([*parts, markdown[end:]])


def _expressions(markdown: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and expression of each inline expression."""
    for start, stop in _paragraphs(markdown):
        for left, right, content in _code_spans(markdown, start, stop):
            if match := _EXPRESSION.fullmatch(content):
                yield left, right, match[1]


def _paragraphs(markdown: str) -> Iterator[tuple[int, int]]:
    """Yield the runs of lines that are not fenced code: no code span crosses their ends."""
    fence = ""
    position = start = 0
    for line in markdown.splitlines(keepends=True):
        opening = FENCE.match(line)
        blank = not line.strip()
        if fence:
            if opening and opening["fence"].startswith(fence) and not opening["info"].strip():
                fence = ""
            start = position + len(line)
        elif blank or (opening and "`" not in opening["info"]):
            yield start, position
            fence = "" if blank or opening is None else opening["fence"]
            start = position + len(line)
        position += len(line)
    yield start, position


def _code_spans(text: str, start: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and content of the code spans between single backticks."""
    runs = list(_BACKTICKS.finditer(text, start, stop))
    position = 0
    while position < len(runs):
        opening = runs[position]
        length = len(opening[0])
        for later in range(position + 1, len(runs)):
            if len(runs[later][0]) == length:
                closing = runs[later]
                if length == 1:
                    yield opening.start(), closing.end(), text[opening.end() : closing.start()]
                position = later
                break
        position += 1
