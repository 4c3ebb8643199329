"""Small pieces of Markdown that the generated pages share."""

from collections.abc import Iterable, Sequence


def cell(text: object) -> str:
    """Return a text as a cell of a table takes it."""
    words = " ".join(str(text).split())
    return words.replace("|", "\\|").replace("<", "&lt;") or "–"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; an empty cell shows a dash.

    Parameters
    ----------
    heads : sequence of str
        Headings of the columns.
    rows : iterable of sequences
        The cells of each row, in the order of the headings.
    """
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def prose(docstring: str) -> str:
    """Return the words of a docstring as Markdown: double backticks become single ones."""
    return " ".join(docstring.replace("``", "`").split())


def link(file: str, text: str | None = None) -> str:
    """Return a link from a page two folders deep to a file of the project."""
    return f"[{text or f'`{file}`'}](../../{file})"
