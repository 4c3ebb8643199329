"""Put text into Markdown so that it can only ever be text."""

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~^$@&'\"-])")


def escaped(text: str) -> str:
    """Escape every character that Markdown or a shortcode could read as markup.

    Parameters
    ----------
    text : str
        Any text; line breaks become spaces.
    """
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
