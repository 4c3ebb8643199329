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
    if _ELSEWHERE.search(markup):
        return "the book loads nothing from other sites: put the file into the project"
    return None
