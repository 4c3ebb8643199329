"""The editions of one build beside each other: what leads from one to the others.

Which editions a build has is known when it ends, not when a page is written, and a page that
is taken from the last build must not be touched. So pages load one small file that lists the
editions, and one page without script does the same.
"""

import html
import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from nwlbook.parameters import SECTOR
from nwlbook.plan import Edition

FOLDER = "editions"
PAGE = "editions.html"
LIST = "assets/editions-list.js"


def place(slug: str) -> PurePosixPath:
    """Return where the site of an edition is, from the root of the whole site."""
    return PurePosixPath() if slug == SECTOR else PurePosixPath(FOLDER) / slug


def counterpart(page: str, prefixes: Sequence[str], to: str) -> str:
    """Return the page of another edition that holds the same chapter.

    Parameters
    ----------
    page : str
        Page of an edition, from its root.
    prefixes : sequence of str
        What the pages of chapters that repeat for boroughs begin with, up to the slug.
    to : str
        Slug of the other edition; the sector's has the chapters of every borough.
    """
    for prefix in prefixes:
        if page.startswith(prefix) and to != SECTOR:
            return f"{prefix}{to}.html"
    return page


def area_prefixes(edition: Edition) -> tuple[str, ...]:
    """Return what the pages of chapters that repeat for boroughs begin with."""
    found = dict.fromkeys(
        chapter.target.rpartition(chapter.suffix)[0]
        for chapter in edition.chapters
        if chapter.suffix and chapter.suffix == chapter.run.parameters.get("borough")
    )
    return tuple(found)


def write_links(
    site: Path, edition: Edition, editions: Sequence[Edition], documents: dict[str, list[str]]
) -> None:
    """Write what leads from an edition's pages to the other editions.

    Parameters
    ----------
    site : Path
        Folder of the edition's site.
    edition : Edition
        Whose pages.
    editions : sequence of Edition
        All of the build, in order.
    documents : dict
        Slug of an edition to the names of its documents, such as its PDF.
    """
    listed = {
        "here": edition.slug,
        "editions": [[each.slug, each.name] for each in editions],
        "prefixes": list(area_prefixes(edition)),
    }
    text = json.dumps(listed, ensure_ascii=False)
    file = site / LIST
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"window.nwlEditions = {text};\n", encoding="utf-8", newline="\n")
    page = _page(edition, editions, documents)
    (site / PAGE).write_text(page, encoding="utf-8", newline="\n")


def link_problems(
    site: Path, editions: Sequence[Edition], documents: dict[str, list[str]]
) -> Iterator[str]:
    """Yield each way from one edition to another that leads nowhere.

    Parameters
    ----------
    site : Path
        Root of the whole site.
    editions : sequence of Edition
        All of the build.
    documents : dict
        As for `write_links`.
    """
    for to in editions:
        for name in ("index.html", PAGE, *documents[to.slug]):
            if not (site / place(to.slug) / name).is_file():
                yield f"{place(to.slug) / name}: missing, and other editions lead to it"
    for edition in editions:
        prefixes = area_prefixes(edition)
        for chapter in edition.chapters:
            page = PurePosixPath(chapter.target).with_suffix(".html").as_posix()
            for to in editions:
                target = place(to.slug) / counterpart(page, prefixes, to.slug)
                if not (site / target).is_file():
                    yield f"{place(edition.slug) / page}: its counterpart {target} is missing"


def _page(edition: Edition, editions: Sequence[Edition], documents: dict[str, list[str]]) -> str:
    up = "" if edition.is_sector else "../../"
    items = []
    for each in editions:
        folder = f"{up}{place(each.slug).as_posix()}/" if not each.is_sector else up
        here = ' aria-current="page"' if each.slug == edition.slug else ""
        links = [f'<a href="{folder}index.html"{here}>{html.escape(each.name)}</a>']
        links += [
            f'<a href="{folder}{name}" download>{PurePosixPath(name).suffix[1:].upper()}'
            f'<span class="visually-hidden"> of {html.escape(each.name)}</span></a>'
            for name in documents[each.slug]
        ]
        items.append(f"<li>{' '.join(links)}</li>")
    # An edition that is taken over needs nothing of the engine.
    from nwlbook.embedded.policy import POLICY

    return f"""\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Editions of this report – {html.escape(edition.name)}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="assets/fonts/open-sans.css">
<link rel="stylesheet" href="assets/editions.css">
</head>
<body class="editions-page">
<main>
<h1>Editions of this report</h1>
<p>The whole report covers all boroughs. A borough's edition is the same report with that borough
in front: its profile first, its share of the benefits, and its name marked where it appears among
others.</p>
<ul>
{chr(10).join(items)}
</ul>
<p><a href="index.html">Back to the edition of {html.escape(edition.name)}</a></p>
</main>
</body>
</html>
"""
