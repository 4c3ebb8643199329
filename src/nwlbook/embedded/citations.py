"""Resolve citations with one run of pandoc's citeproc over the whole book."""

import json
import re
from typing import Any

from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config
from nwlbook.embedded.references import INTERNAL
from nwlbook.embedded.tree import Node, attributes, div, nodes
from nwlbook.errors import InputError

_NOT_FOUND = re.compile(r"citation (\S+) not found")
_CHAPTER = "nwlbook-chapter"


def resolve_citations(chapters: list[Chapter], config: Config) -> None:
    """Replace citations by their text and fill the list of references.

    Parameters
    ----------
    chapters : list of Chapter
        The book after its references are resolved; its trees are changed.
    config : Config
        Names the bibliography and the style.

    Raises
    ------
    InputError
        With file and line, if something is cited that the bibliography does not have, or
        that no bibliography is there to have.
    """
    cited = [chapter for chapter in chapters if _citations(chapter)]
    if not cited:
        return
    files = config.texts("bibliography")
    if not files:
        key = _citations(cited[0])[0]
        raise cited[0].passage.error(
            f"'@{key}' is neither a label of the book nor a citation: there is no bibliography",
            rf"@{re.escape(key)}",
        )
    for name in (*files, *config.texts("csl")):
        if not (config.project / name).is_file():
            raise InputError(f"'{name}' does not exist", "_quarto.yml")
    home = _home_of_references(chapters)
    concerned = [one for one in chapters if one in cited or one is home]
    blocks = [div(attributes(classes=(_CHAPTER,)), chapter.blocks) for chapter in concerned]
    meta: dict[str, Any] = {
        "bibliography": {"t": "MetaList", "c": [_meta(config, name) for name in files]},
        "link-citations": {"t": "MetaBool", "c": True},
    }
    for name in config.texts("csl"):
        meta["csl"] = _meta(config, name)
    arguments = ["-f", "json", "-t", "json", "--citeproc"]
    output, warnings = pandoc.run(arguments, pandoc.as_document(blocks, meta))
    for key in _NOT_FOUND.findall(warnings):
        where = next(chapter for chapter in cited if key in _citations(chapter))
        raise where.passage.error(
            f"'@{key}' is neither a label of the book nor in {', '.join(files)}",
            rf"@{re.escape(key)}",
        )
    divisions = json.loads(output)["blocks"]
    for chapter, division in zip(concerned, divisions, strict=True):
        chapter.blocks = division["c"][1]
        _point_home(chapter.blocks, home)


def _citations(chapter: Chapter) -> list[str]:
    return [
        one["citationId"]
        for node in nodes(chapter.blocks)
        if node["t"] == "Cite"
        for one in node["c"][0]
    ]


def _home_of_references(chapters: list[Chapter]) -> Chapter:
    """Return the chapter with the list of references; the last one takes it if none asks."""
    for chapter in chapters:
        for node in nodes(chapter.blocks):
            if node["t"] == "Div" and node["c"][0][0] == "refs":
                return chapter
    last = chapters[-1]
    heading: Node = {
        "t": "Header",
        "c": [2, attributes("references", ("unnumbered",)), [{"t": "Str", "c": "References"}]],
    }
    last.blocks = [*last.blocks, heading, div(attributes("refs"), [])]
    return last


def _meta(config: Config, name: str) -> Node:
    return {"t": "MetaString", "c": str(config.project / name)}


def _point_home(blocks: list[Node], home: Chapter) -> None:
    for node in nodes(blocks):
        if node["t"] == "Link" and node["c"][2][0].startswith("#ref-"):
            node["c"][2][0] = f"{INTERNAL}{home.file}{node['c'][2][0]}"
