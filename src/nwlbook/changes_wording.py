"""The words that the chapter on what has changed is put together from."""

from collections.abc import Sequence
from datetime import date

from helpers import prose
from nwlbook.figures_record import PublishedFigure
from nwlbook.markdown import escaped

# Longer lists say how much more there is; the download has it all.
MOST_LISTED, MOST_NAMED = 20, 6


def amount(count: int) -> str:
    """Return a count as a sentence writes it."""
    return prose.number(count) if count else "none"


def some(count: int) -> str:
    """Return a count with its verb."""
    return f"{amount(count)} {'is' if count < 2 else 'are'}"


def listed(names: Sequence[str]) -> str:
    """Join names, and say how many more there are past a few."""
    more = len(names) - MOST_NAMED
    if more <= 1:
        return prose.listed(names)
    return prose.listed([*names[:MOST_NAMED], f"{prose.number(more)} more"])


def bullets(lines: Sequence[str]) -> str:
    """Return a list, cut short where the download has the rest."""
    more = len(lines) - MOST_LISTED
    shown = lines[:MOST_LISTED]
    if more > 0:
        shown = [*shown, f"{prose.number(more)} more, in the download of every change"]
    return "\n".join(f"- {line}" for line in shown)


def named(figure: PublishedFigure) -> str:
    """Refer to a figure and say what it is called."""
    return f"{reference(figure)}, {escaped(figure.title)}"


def reference(figure: PublishedFigure) -> str:
    """Refer to what this edition has: by its number, or by its file."""
    if figure.kind == "download":
        return f"[{escaped(figure.data)}]({figure.data})"
    return f"@{figure.label}"


def day(written: str) -> str:
    """Write a day; a date in another form as it is."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return escaped(written) or "with no day"
    return f"{found.day} {found:%B %Y}"
