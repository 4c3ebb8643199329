"""What must be true of the markup of every page: each check yields what is wrong, in words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from lxml import html

# A name that says nothing without the text around it.
VAGUE = {"here", "click here", "more", "read more", "link", "this", "this link", "download", "#"}
IMAGE_FILE = re.compile(r"\.(svg|png|jpe?g|webp)\b", re.IGNORECASE)


def text_of(element: Any) -> str:
    """Return the text of an element that is read out."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.get("aria-hidden") != "true":
            parts.append(child.get("alt") or "" if child.tag == "img" else text_of(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def name_of(page: Any, element: Any) -> str:
    """Return the name of an element as assistive technology has it."""
    named = element.get("aria-labelledby")
    if named:
        return " ".join(text_of(page.get_element_by_id(one)) for one in named.split())
    return element.get("aria-label") or text_of(element)


def heading_problems(page: Any) -> Iterator[str]:
    """Yield where headings are missing, empty or skip a level."""
    headings = page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")
    levels = [int(one.tag[1]) for one in headings]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1"
    if levels[:1] != [1]:
        yield "the first heading is not of level 1"
    for before, after, heading in zip(levels, levels[1:], headings[1:], strict=False):
        if after > before + 1:
            yield f"level {after} follows level {before}: {text_of(heading)}"
    yield from (f"an empty {one.tag}" for one in headings if not text_of(one))


def frame_problems(page: Any) -> Iterator[str]:
    """Yield what is wrong with language, title and landmarks."""
    if page.get("lang") != "en-GB":
        yield f"its language is {page.get('lang')}"
    if not (page.findtext(".//title") or "").strip():
        yield "no title"
    if len(page.xpath("//main")) != 1:
        yield "not exactly one main"
    for kind in ("nav", "*[@role='region']", "aside"):
        names = [name_of(page, one) if _is_named(one) else "" for one in page.xpath(f"//{kind}")]
        for name, count in Counter(names).items():
            if not name:
                yield f"{count} {kind} without a name"
            elif count > 1:
                yield f"{count} {kind} named '{name}'"
    skip = page.xpath("//body//*[self::a or self::button or self::input or self::summary]")[:1]
    if page.xpath("//nav") and (not skip or skip[0].get("href") != "#main"):
        yield "the first thing to reach does not lead to the text"


def table_problems(page: Any) -> Iterator[str]:
    """Yield tables without a name, and headings of tables that say neither row nor column."""
    for number, table in enumerate(page.xpath("//table"), 1):
        called = f"table {number} of the page"
        captions = table.xpath(
            "./caption | ancestor::figure[1]/figcaption | @aria-label | @aria-labelledby"
            " | ancestor::*[@role='region'][1]/@aria-label"
        )
        if not captions:
            yield f"{called}: no caption"
        heads = table.xpath(".//th")
        if not table.xpath("./thead//th"):
            yield f"{called}: no headings of columns"
        for head in heads:
            if head.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
                yield f"{called}: the heading '{text_of(head)}' has no scope"
            if not text_of(head):
                yield f"{called}: an empty heading"
        if table.xpath("./tbody") and not table.xpath(".//tbody//th"):
            yield f"{called}: no headings of rows"
        for cell in table.xpath(".//td"):
            if not text_of(cell):
                yield f"{called}: an empty cell"
                break


def picture_problems(page: Any) -> Iterator[str]:
    """Yield pictures without an alternative in words, and charts without their data."""
    for image in page.xpath("//img"):
        alternative = (image.get("alt") or "").strip()
        stem = PurePosixPath(unquote(image.get("src", ""))).stem
        if len(alternative.split()) < 3 or alternative == stem or IMAGE_FILE.search(alternative):
            yield f"{image.get('src')}: its alternative is '{alternative}'"
    for drawing in page.xpath("//*[local-name()='svg'][not(@aria-hidden='true')]"):
        if not (drawing.get("aria-label") or drawing.xpath("./*[local-name()='title']")):
            yield "a drawing without a name"
    for figure in page.xpath("//figure[.//*[contains(@class, 'nwl-chart')]]"):
        label = figure.get("id")
        if not figure.xpath("./figcaption//text()[normalize-space()]"):
            yield f"{label}: no caption"
        after = figure.xpath("./following-sibling::*[position() <= 2]")
        classes = [one.get("class", "") for one in after]
        if not any(one.xpath(".//a[contains(@href, '.csv')]") for one in after[:1]):
            yield f"{label}: no download of its data below it ({classes})"
        if not any(one.tag == "details" and one.xpath(".//table//td") for one in after):
            yield f"{label}: no table of its data below it ({classes})"


def link_problems(page: Any) -> Iterator[str]:
    """Yield links and buttons whose name is empty or says nothing by itself."""
    for one in page.xpath("//a[@href] | //button | //summary"):
        name = name_of(page, one)
        if not name:
            yield f"a nameless {one.tag}: {html.tostring(one)[:80].decode()}"
        elif one.tag == "a" and (name.casefold().strip(" .:") in VAGUE or name.startswith("http")):
            yield f"a link named '{name}'"
        shown = text_of(one)
        if one.get("aria-label") and shown.strip("#↩︎ ") and shown not in one.get("aria-label"):
            yield f"'{shown}' is named '{one.get('aria-label')}'"
    yield from _links_that_need_their_place(page)
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        label = page.xpath("//label[@for=$id]", id=control.get("id") or "-")
        if not (label or control.get("aria-label") or control.xpath("ancestor::label")):
            yield f"a {control.tag} without a label"


def _links_that_need_their_place(page: Any) -> Iterator[str]:
    places: dict[str, set[str]] = defaultdict(set)
    for link in page.xpath("//main//a[@href]"):
        places[name_of(page, link)].add(link.get("href"))
    for name, found in places.items():
        if len(found) > 1 and re.search(r"\bthis\b", name):
            yield f"{len(found)} links named '{name}'"


def reference_problems(page: Any) -> Iterator[str]:
    """Yield ids that stand twice, and names and targets that lead to no id."""
    ids = Counter(page.xpath("//@id"))
    yield from (f"the id '{one}' stands {count} times" for one, count in ids.items() if count > 1)
    for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
        for value in page.xpath(f"//@{name}"):
            yield from (f"{name} leads to no '{one}'" for one in value.split() if one not in ids)


def colour_problems(page: Any) -> Iterator[str]:
    """Yield elements whose own colour could carry what their text does not say."""
    for one in page.xpath("//main//*[@style]"):
        if re.search(r"(^|[^-])color\s*:|background", one.get("style")) and not text_of(one):
            yield f"colour without text: {html.tostring(one)[:80].decode()}"


def _is_named(element: Any) -> bool:
    return bool(element.get("aria-label") or element.get("aria-labelledby"))


CHECKS = (
    heading_problems,
    frame_problems,
    table_problems,
    picture_problems,
    link_problems,
    reference_problems,
    colour_problems,
)
