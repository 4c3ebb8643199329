"""What is read from a page to check it, remembered by its content from build to build."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html

from nwlbook.digests import digest, package_digest
from nwlbook.store import ObjectStore

UNRESOLVED = re.compile(r"\?@\w|\?(?:fig|tbl|sec)-|`\{python\}|\{\{<")
LOADED = {"script": "src", "img": "src", "source": "srcset", "link": "href", "iframe": "src"}
FEW_WORDS = 20
LIMIT = 100_000_000
_IDS = etree.XPath("//@id", smart_strings=False)
_LINKS = etree.XPath("//a/@href", smart_strings=False)
_POLICIES = etree.XPath(
    "//meta[@http-equiv='Content-Security-Policy']/@content", smart_strings=False
)


@dataclass(frozen=True)
class PageFacts:
    """What a page says of itself, wherever it stands.

    Attributes
    ----------
    ids : frozenset of str
        Every anchor in it.
    links : tuple of str
        Where its links lead, each address once.
    loads : tuple of str
        Addresses of what it loads.
    has_policy : bool
        Whether it forbids to load what it does not name.
    problems : tuple of str
        What is wrong with it, without a look at other files.
    """

    ids: frozenset[str]
    links: tuple[str, ...]
    loads: tuple[str, ...]
    has_policy: bool
    problems: tuple[str, ...]


class PageReader:
    """Reads pages, those that it has not read before.

    Parameters
    ----------
    folder : Path, optional
        Where what was read is kept; several builds may use it at once. Without one, every page
        is read.
    """

    def __init__(self, folder: Path | None) -> None:
        self.store = ObjectStore(folder, LIMIT)

    def read(self, file: Path) -> PageFacts:
        """Return what a page says."""
        content = file.read_bytes()
        key = digest(package_digest("nwlbook"), content)
        facts: PageFacts | None = self.store.find_object(key)
        if facts is None:
            facts = _facts(html.fromstring(content))
            self.store.keep_object(key, facts)
        return facts


def _facts(tree: html.HtmlElement) -> PageFacts:
    loads = (element.get(LOADED[element.tag]) or "" for element in tree.iter(*LOADED))
    policies = _POLICIES(tree)
    return PageFacts(
        ids=frozenset(_IDS(tree)),
        links=tuple(dict.fromkeys(_LINKS(tree))),
        loads=tuple(dict.fromkeys(address for address in loads if address)),
        has_policy=bool(policies) and "default-src 'none'" in policies[0],
        problems=tuple(_problems(tree)),
    )


def _problems(tree: html.HtmlElement) -> Iterator[str]:
    main = tree.find(".//main")
    text = (main if main is not None else tree).text_content()
    if len(text.split()) < FEW_WORDS:
        yield "has next to no text"
    for found in UNRESOLVED.findall(text):
        yield f"unresolved '{found}'"
    if tree.xpath("//*[contains(@class, 'cell-output-error')]"):
        yield "shows an error of a cell"
    for image in tree.iter("img"):
        if not (image.get("alt") or "").strip():
            yield f"image {image.get('src')} has no alternative"
