"""Give a page of the book what follows the preview: a script, a style, and leave to connect."""

import html
import re

from nwlbook.embedded.policy import POLICY

PREFIX = "/__preview__/"
_CONNECT = "; connect-src 'self'"
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)


def followed(page: str, version: str | None) -> str:
    """Return a page that reloads itself when another build than this is shown.

    Parameters
    ----------
    page : str
        A page of the site.
    version : str or None
        Name of the build that it belongs to.
    """
    for policy in (POLICY, html.escape(POLICY)):
        page = page.replace(policy, f"{policy}{_CONNECT}", 1)
    added = (
        f'<link rel="stylesheet" href="{PREFIX}preview.css">\n'
        f'<script defer src="{PREFIX}preview.js" '
        f'data-version="{html.escape(version or "")}"></script>\n'
    )
    end = _HEAD_END.search(page)
    at = end.start() if end else 0
    return f"{page[:at]}{added}{page[at:]}"


def notice(title: str, text: str, version: str | None) -> str:
    """Return a page that says why there is none, and follows the preview."""
    return followed(
        f"""\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{html.escape(title)}</title>
</head>
<body class="nwl-preview-notice">
<main>
<h1>{html.escape(title)}</h1>
<p>{html.escape(text)}</p>
</main>
</body>
</html>
""",
        version,
    )
