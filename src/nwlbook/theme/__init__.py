"""What the pages of both engines share: scripts, styles and fonts."""

from pathlib import Path

from nwlbook.errors import InputError

OWN_ASSETS = Path(__file__).parent / "assets"
PACKAGES = "node_modules"
FONT_FAMILY = "Open Sans"
FONT_STACK = f"{FONT_FAMILY}, Arial, sans-serif"

PLOTLY = "plotly.js-basic-dist-min/plotly-basic.min.js"
_TTF = "@expo-google-fonts/open-sans"
_WOFF2 = "@fontsource/open-sans/files"
# Staged name: where npm puts it. TrueType for typst and for drawing static images.
TEXT_FONTS = {
    "assets/fonts/OpenSans-Regular.ttf": f"{_TTF}/400Regular/OpenSans_400Regular.ttf",
    "assets/fonts/OpenSans-Italic.ttf": f"{_TTF}/400Regular_Italic/OpenSans_400Regular_Italic.ttf",
    "assets/fonts/OpenSans-SemiBold.ttf": f"{_TTF}/600SemiBold/OpenSans_600SemiBold.ttf",
    "assets/fonts/OpenSans-Bold.ttf": f"{_TTF}/700Bold/OpenSans_700Bold.ttf",
    "assets/fonts/OpenSans-BoldItalic.ttf": f"{_TTF}/700Bold_Italic/OpenSans_700Bold_Italic.ttf",
}
# The web's faces come in subsets, which open-sans.css gives their ranges of characters.
WEB_FONTS = {
    f"assets/fonts/open-sans-{subset}-{face}.woff2": f"{_WOFF2}/open-sans-{subset}-{face}.woff2"
    for subset in ("latin", "latin-ext", "math")
    for face in ("400-normal", "400-italic", "600-normal", "700-normal")
}
FROM_PACKAGES = {
    "assets/plotly.min.js": PLOTLY,
    "assets/minisearch.js": "minisearch/dist/umd/index.js",
    "assets/fonts/OFL.txt": f"{_TTF}/LICENSE_FONT",
    **TEXT_FONTS,
    **WEB_FONTS,
}


def asset_files(root: Path) -> dict[str, Path]:
    """Return every asset that a staged project holds.

    Parameters
    ----------
    root : Path
        Folder of the project, which holds `node_modules`.

    Returns
    -------
    dict of str to Path
        Staged name, such as `assets/plotly.min.js`, to the file to copy.

    Raises
    ------
    InputError
        If a package is not installed.
    """
    own = {
        f"assets/{path.relative_to(OWN_ASSETS).as_posix()}": path
        for path in sorted(OWN_ASSETS.rglob("*"))
        if path.is_file()
    }
    return own | {
        name: installed(root / PACKAGES, inside) for name, inside in FROM_PACKAGES.items()
    }


def plotly_bundle(root: Path) -> Path:
    """Return the plotly.js bundle that pages and static images share.

    Raises
    ------
    InputError
        If it is not installed.
    """
    return installed(root / PACKAGES, PLOTLY)


def text_fonts(packages: Path) -> list[Path]:
    """Return the TrueType files of the book's font.

    Parameters
    ----------
    packages : Path
        A `node_modules` folder.

    Raises
    ------
    InputError
        If the font is not installed.
    """
    return [installed(packages, inside) for inside in TEXT_FONTS.values()]


def installed(packages: Path, inside: str) -> Path:
    """Return a file of an installed package, or say how to install it."""
    path = packages / inside
    if not path.is_file():
        raise InputError(f"{PACKAGES}/{inside} is missing: run 'make book', which installs it")
    return path
