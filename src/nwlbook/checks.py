"""Check the content of a built site: what is there, that it resolves, that it can be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from nwlbook.chapters import StagedChapter
from nwlbook.document_checks import document_problems

# Pieces of pages, editions that are checked as sites of their own, and what leads to these.
APART = {"assets", "editions", "site_libs", "editions.html"}
UNRESOLVED = re.compile(r"\?@\w|\?(?:fig|tbl|sec)-|`\{python\}|\{\{<")
_IDS = etree.XPath("//@id", smart_strings=False)
_LINKS = etree.XPath("//a/@href", smart_strings=False)
LOADED = {"script": "src", "img": "src", "source": "srcset", "link": "href", "iframe": "src"}


@dataclass
class Page:
    """A page of the site, read once.

    Attributes
    ----------
    file : Path
        Where it is.
    tree : lxml.html.HtmlElement
        Its content.
    ids : set of str
        Every anchor in it.
    """

    file: Path
    tree: html.HtmlElement = field(repr=False)
    ids: set[str] = field(repr=False)


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
    site: Path, chapters: dict[str, StagedChapter], documents: list[str], *, own_pages: bool
) -> list[str]:
    """Return one line for each thing that is wrong with the pages of a built site.

    Parameters
    ----------
    site, chapters, own_pages
        As of `site_problems`.
    documents : list of str
        Files beside the pages that may still be in the making.

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
    pages = {
        file: _read(file)
        for file in sorted(site.rglob("*.html"))
        if not APART.intersection(file.relative_to(site).parts)
    }
    problems = list(_absent(site, pages, chapters))
    for page in pages.values():
        shown = page.file.relative_to(site).as_posix()
        problems += [f"{shown}: {problem}" for problem in _page_problems(page, pages, site, coming)]
        if own_pages:
            problems += [f"{shown}: {problem}" for problem in _requests(page)]
    return problems


def _read(file: Path) -> Page:
    tree = html.fromstring(file.read_bytes())
    return Page(file, tree, set(_IDS(tree)))


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
            if exhibit.kind != "download" and label not in page.ids:
                yield f"{target}: {label} is missing from its page"


def _page_problems(
    page: Page, pages: dict[Path, Page], site: Path, coming: set[Path]
) -> Iterator[str]:
    main = page.tree.find(".//main")
    text = (main if main is not None else page.tree).text_content()
    if len(text.split()) < 20:
        yield "has next to no text"
    for found in UNRESOLVED.findall(text):
        yield f"unresolved '{found}'"
    if page.tree.xpath("//*[contains(@class, 'cell-output-error')]"):
        yield "shows an error of a cell"
    for image in page.tree.iter("img"):
        if not (image.get("alt") or "").strip():
            yield f"image {image.get('src')} has no alternative"
    for address in dict.fromkeys(_LINKS(page.tree)):
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
    if fragment and other is not None and fragment not in other.ids:
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
    for element in page.tree.iter(*LOADED):
        address = element.get(LOADED[element.tag]) or ""
        parts = urlsplit(address)
        if parts.netloc or parts.scheme not in {"", "data"}:
            yield f"loads {address} from outside the site"
        elif address and parts.path and not (page.file.parent / unquote(parts.path)).is_file():
            yield f"loads {address}, which is missing"
    policies = page.tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    if not policies or "default-src 'none'" not in policies[0]:
        yield "has no content security policy"
