"""Write the values of one figure that moved as a table that a reader can follow."""

import html
from decimal import Decimal
from textwrap import shorten

from helpers import prose
from nwlbook.changes import ChangedFigure
from nwlbook.exhibits import Exhibit
from nwlbook.markdown import escaped, fenced_html
from nwlbook.moves import Move

MOST_MOVES = 8
# Longer numbers are shown as the data has them.
MOST_DIGITS, MOST_DECIMALS = 15, 9
# Shares of what was next to nothing say nothing.
MOST_PERCENT, WHOLE_PERCENT, LEAST_PERCENT = 1000, 10, Decimal("0.1")
# The download has longer texts in full.
LONGEST = 120
_RIGHT = ' style="text-align: right"'
_WRAPPED = ' style="text-align: right; white-space: normal"'
_HEAD = "".join(f'<th scope="col"{_RIGHT}>{name}</th>' for name in ("Before", "Now", "Change"))


def moves_table(changed: ChangedFigure, exhibit: Exhibit) -> str:
    """Return the largest moves of a figure as a captioned table of Quarto.

    Parameters
    ----------
    changed : ChangedFigure
        What moved, at least one value.
    exhibit : Exhibit
        The figure, which knows the headings and decimals of its columns.
    """
    moves = changed.largest()
    body = "\n".join(_row(move, exhibit) for move in moves[:MOST_MOVES])
    markup = (
        f'<table class="nwl-table">\n<thead><tr><th scope="col">Value</th>{_HEAD}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )
    more = len(moves) - MOST_MOVES
    first = f"The {prose.number(MOST_MOVES)} largest moves" if more > 0 else "What moved"
    measure = f". {changed.figure.measure}" if changed.figure.measure else ""
    caption = f"{first}: {escaped(changed.figure.title + measure)}."
    return (
        f"::: {{#tbl-changes-of-{changed.figure.label}}}\n{fenced_html(markup)}\n\n{caption}\n:::"
    )


def _row(move: Move, exhibit: Exhibit) -> str:
    shown = exhibit.columns.get(move.column, {})
    name = f"{move.row or 'No name'}: {shown.get('title') or move.column}"
    texts = _texts(move, shown.get("decimals") or 0)
    # Numbers stay on one line; words, and a share after its difference, may wrap on a phone.
    styles = (_RIGHT, _RIGHT, _WRAPPED) if move.numbers else (_WRAPPED,) * 3
    cells = "".join(
        f"<td{style}>{html.escape(shorten(text, LONGEST, placeholder=' …'))}</td>"
        for text, style in zip(texts, styles, strict=True)
    )
    return f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>'


def _texts(move: Move, decimals: int) -> tuple[str, str, str]:
    """Write a value before and after, and what lies between, so that a difference shows."""
    if move.numbers is None:
        return move.before or "No data", move.after or "No data", _in_words(move)
    before, after = move.numbers
    difference = after - before
    places = max(decimals, _places(difference, before, after))
    if places > MOST_DECIMALS or max(before.adjusted(), after.adjusted()) >= MOST_DIGITS:
        return str(move.before), str(move.after), _signed(f"{difference:g}")
    texts = [prose.number(float(value), places) for value in (before, after)]
    change = _signed(prose.number(float(difference), places))
    share = _share(before, after)
    return texts[0], texts[1], f"{change} ({share})" if share else change


def _in_words(move: Move) -> str:
    if not move.before:
        return "now held"
    if not move.after:
        return "no longer held"
    return (move.numbers_in_words and _share(*move.numbers_in_words)) or "reworded"


def _share(before: Decimal, after: Decimal) -> str:
    """Write a move as a share of what was before; empty where that says nothing."""
    if not before:
        return "from zero"
    share = (after - before) / abs(before) * 100
    if abs(share) >= MOST_PERCENT:
        return ""
    if abs(share) < LEAST_PERCENT:
        return f"under {prose.percent(float(LEAST_PERCENT), 1)}"
    return _signed(prose.percent(float(share), 1 if abs(share) < WHOLE_PERCENT else 0))


def _places(difference: Decimal, *values: Decimal) -> int:
    """Return the decimals that two digits of a difference need, but none that are not there."""
    held = max(0, *(-int(value.as_tuple().exponent) for value in values))
    return min(held, max(0, 1 - difference.adjusted()))


def _signed(text: str) -> str:
    return text if text.startswith(("-", prose.MINUS)) else f"+{text}"
