"""The pages' Content-Security-Policy, and markup that it would silence."""

import re

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    # the hash is of the empty style element that plotly adds to the page
    "style-src-elem 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_INLINE_SCRIPT = re.compile(
    r"<script\b(?![^>]*\b(?:src\s*=|type\s*=\s*[\"']?application/json))", re.IGNORECASE
)
_STYLE_ELEMENT = re.compile(r"<style\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"<(?:script|img|iframe|link|source|video|audio)\b[^>]*\b(?:src|href)\s*=\s*[\"']?\s*"
    r"(?:https?:)?//",
    re.IGNORECASE,
)
# What acts without a script: it could lead readers, or what they type, to another site.
_ACTIVE = re.compile(r"<(meta|base|form|iframe|frame|object|embed|applet)\b", re.IGNORECASE)
_HANDLER = re.compile(r"\bon[a-z]+\s*=", re.IGNORECASE)


def blocked(markup: str) -> str | None:
    """Return why the policy would silence a piece of markup, or None.

    Parameters
    ----------
    markup : str
        HTML of an author or an output.
    """
    if _INLINE_SCRIPT.search(markup):
        return (
            "an inline script would be blocked by the page's security policy: "
            "put it in a file under assets/"
        )
    if _STYLE_ELEMENT.search(markup):
        return (
            "a style element would be blocked by the page's security policy: "
            "put it in a file under assets/"
        )
    if element := _ACTIVE.search(markup):
        return f"the element '{element[1].lower()}' is not allowed in a page of the book"
    # Only what reads the markup as a browser does can tell an attribute from a text.
    if _HANDLER.search(markup) and (handler := _handler(markup)):
        return f"the handler '{handler}' would be blocked by the page's security policy"
    if _ELSEWHERE.search(markup):
        return "the book loads nothing from other sites: put the file into the project"
    return None


def _handler(markup: str) -> str | None:
    """Return the first attribute that holds a script, or None."""
    from lxml import html

    tree = html.fragment_fromstring(markup, create_parent=True)
    return next(
        (name for element in tree.iter() for name in element.attrib if name.startswith("on")), None
    )
