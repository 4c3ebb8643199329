"""Mark up code for the page."""

import html


def highlighted(code: str, language: str) -> str:
    """Return code as HTML with a class for each kind of token.

    Parameters
    ----------
    code : str
        The code.
    language : str
        Name of the language; an unknown one leaves the code plain.
    """
    # imported here: a book without code need not load it
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return html.escape(code)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True))).rstrip("\n")
