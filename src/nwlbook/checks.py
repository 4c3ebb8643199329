"""Check the content of a built site: what is there, that it resolves, that it can be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nwlbook.chapters import StagedChapter
from nwlbook.document_checks import document_problems
from nwlbook.page_facts import PageFacts, PageReader

# Pieces of pages, editions that are checked as sites of their own, and what leads to these.
APART = {"assets", "editions", "site_libs", "editions.html"}


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes
    ----------
    file : Path
        Where it is.
    facts : PageFacts
        What it says.
    """

    file: Path
    facts: PageFacts


def site_problems(
    site: Path, chapters: dict[str, StagedChapter], documents: list[str], *, own_pages: bool
) -> list[str]:
    """Return one line for each thing that is wrong with a built site.

    Parameters
    ----------
    site : Path
        Folder of the edition's site.
    chapters : dict
        Staged file to chapter: what must be in it.
    documents : list of str
        Files that must stand beside the pages, such as the PDF.
    own_pages : bool
        Whether the embedded engine wrote the pages; Quarto's own load what they need
        inline and are exempt from the rule on addresses.

    Returns
    -------
    list of str
        Empty if all is well.
    """
    return [
        *page_problems(site, chapters, documents, own_pages=own_pages),
        *documents_problems(site, chapters, documents),
    ]


def documents_problems(
    site: Path, chapters: dict[str, StagedChapter], documents: list[str]
) -> list[str]:
    """Return one line for each thing that is wrong with the documents; as of `site_problems`."""
    return [
        problem
        for name in documents
        for problem in document_problems(site / name, chapters.values())
    ]


def page_problems(
    site: Path,
    chapters: dict[str, StagedChapter],
    documents: list[str],
    *,
    own_pages: bool,
    cache: Path | None = None,
) -> list[str]:
    """Return one line for each thing that is wrong with the pages of a built site.

    Parameters
    ----------
    site, chapters, own_pages
        As of `site_problems`.
    documents : list of str
        Files beside the pages that may still be in the making.
    cache : Path, optional
        Folder that keeps what was read from pages from build to build.

    Returns
    -------
    list of str
        Empty if all is well.
    """
    # Links are followed to real files, and outputs/site is itself a link.
    site = site.resolve()
    coming = {site / name for name in documents}
    # What stood there in an earlier build may not any more.
    _target.cache_clear()
    reader = PageReader(cache)
    pages = {
        file: Page(file, reader.read(file))
        for file in sorted(site.rglob("*.html"))
        if not APART.intersection(file.relative_to(site).parts)
    }
    problems = list(_absent(site, pages, chapters))
    for page in pages.values():
        shown = page.file.relative_to(site).as_posix()
        problems += [f"{shown}: {problem}" for problem in _page_problems(page, pages, site, coming)]
        if own_pages:
            problems += [f"{shown}: {problem}" for problem in _requests(page)]
    reader.store.prune()
    return problems


def _absent(
    site: Path,
    pages: dict[Path, Page],
    chapters: dict[str, StagedChapter],
) -> Iterator[str]:
    for target, chapter in chapters.items():
        page = pages.get((site / target).with_suffix(".html"))
        if page is None:
            yield f"{target}: its page is missing"
            continue
        for label, exhibit in chapter.exhibits.items():
            data = site / "data" / f"{label}.csv"
            if not data.is_file() or data.read_text(encoding="utf-8").count("\n") < 2:
                yield f"data/{label}.csv: missing or empty"
            if exhibit.kind != "download" and label not in page.facts.ids:
                yield f"{target}: {label} is missing from its page"


def _page_problems(
    page: Page, pages: dict[Path, Page], site: Path, coming: set[Path]
) -> Iterator[str]:
    yield from page.facts.problems
    for address in page.facts.links:
        problem = _broken(address, page, pages, site, coming)
        if problem:
            yield problem


def _broken(
    address: str, page: Page, pages: dict[Path, Page], site: Path, coming: set[Path]
) -> str | None:
    parts = urlsplit(address)
    if parts.scheme in {"http", "https", "mailto"}:
        return None
    if parts.scheme:
        return f"link {address}: expected a page of the site or the web"
    target = _target(site, page.file.parent, parts.path) if parts.path else page.file
    if target is None and (page.file.parent / unquote(parts.path)).resolve() not in coming:
        return f"link {address} leads nowhere"
    fragment = unquote(parts.fragment)
    other = page if target is None or not parts.path else pages.get(target)
    if fragment and other is not None and fragment not in other.facts.ids:
        return f"link {address}: no such place on that page"
    return None


# A page names most of its targets many times, and most pages name the same.
@lru_cache(maxsize=100_000)
def _target(site: Path, folder: Path, path: str) -> Path | None:
    """Return the file of the site that an address names, or None if there is none."""
    target = (folder / unquote(path)).resolve()
    if target.is_dir():
        target /= "index.html"
    return target if target.is_file() and target.is_relative_to(site) else None


def _requests(page: Page) -> Iterator[str]:
    for address in page.facts.loads:
        parts = urlsplit(address)
        if parts.netloc or parts.scheme not in {"", "data"}:
            yield f"loads {address} from outside the site"
        elif parts.path and not (page.file.parent / unquote(parts.path)).is_file():
            yield f"loads {address}, which is missing"
    if not page.facts.has_policy:
        yield "has no content security policy"
