"""Turn SVG images into PNG with typst, for programs that do not show SVG."""

import contextlib
import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from helpers.sealed import sealed, unsealed
from nwlbook.cache import write_atomically
from nwlbook.errors import BuildError

# Dots an inch, of which a CSS pixel is 1/96: two for each pixel of the drawing, which is 230 an
# inch where a chart is as wide as the line of the page.
_RESOLUTION = 192
_MAIN = "main.typ"
_HEAD = "#set page(width: auto, height: auto, margin: 0pt, fill: white)"


def as_png(images: dict[str, bytes], fonts: Path, cache: Path | None) -> dict[str, bytes]:
    """Draw SVG images as PNG.

    Parameters
    ----------
    images : dict
        Name to content of each SVG.
    fonts : Path
        Folder of the book's fonts; the machine's own are used if it holds none.
    cache : Path or None
        Folder that keeps drawn images from build to build; made when it is missing.

    Returns
    -------
    dict
        Name to content of each PNG.

    Raises
    ------
    BuildError
        If typst cannot read an image.
    """
    files = {}
    if cache is not None:
        tools = hashlib.sha256(f"sealed {version('typst')} {_RESOLUTION} {_HEAD}".encode())
        for font in sorted(fonts.glob("*.ttf")):
            tools.update(hashlib.sha256(font.read_bytes()).digest())
        for name, content in images.items():
            key = hashlib.sha256(tools.digest() + content).hexdigest()
            files[name] = cache / f"{key[:32]}.png.sealed"
    known = {name: kept for name, file in files.items() if (kept := _kept(file)) is not None}
    missing = {name: content for name, content in images.items() if name not in known}
    drawn = _draw(missing, fonts) if missing else {}
    for name, content in drawn.items():
        if name in files:
            # a cache that may not be written must not stop a build
            with contextlib.suppress(OSError):
                write_atomically(files[name], sealed(content))
    return {name: known[name] if name in known else drawn[name] for name in images}


def _draw(images: dict[str, bytes], fonts: Path) -> dict[str, bytes]:
    """Draw all images as the pages of one document."""
    import typst

    options: dict[str, Any] = {
        "format": "png",
        "ppi": _RESOLUTION,
        "font_paths": [str(fonts)] if fonts.is_dir() else [],
        # as in the PDF, so that the bytes do not depend on the machine
        "ignore_system_fonts": True,
    }
    pages = [f'#page(image("{number}.svg"))' for number in range(len(images))]
    sources = {f"{number}.svg": content for number, content in enumerate(images.values())}
    sources[_MAIN] = "\n".join([_HEAD, *pages]).encode()
    try:
        drawn = typst.compile(sources, **options)
    except typst.TypstError as error:
        raise BuildError(f"an image cannot be drawn for Word: {error}") from error
    return dict(zip(images, [drawn] if isinstance(drawn, bytes) else drawn, strict=True))


def _kept(file: Path) -> bytes | None:
    """Return a kept image, or None if it is gone or damaged."""
    try:
        return unsealed(file.read_bytes())
    except OSError:
        return None
