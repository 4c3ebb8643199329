"""Parts of the engine by themselves: trees, text that must not become markup, tables, places."""

import html
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nwlbook.book import Entry
from nwlbook.embedded import pandoc
from nwlbook.embedded.chapter import Chapter
from nwlbook.embedded.config import Config, read_config
from nwlbook.embedded.document import read_chapter
from nwlbook.embedded.include import expand_includes
from nwlbook.embedded.lower_html import HtmlLowering
from nwlbook.embedded.policy import blocked
from nwlbook.embedded.source import Passage, Place
from nwlbook.embedded.tables import column_weights, read_table
from nwlbook.embedded.tree import lower, nodes, string, text, transform, words
from nwlbook.embedded.typst_text import label, quoted

STAGED = Path(__file__).parent / "fixtures" / "staged"


def passage(markdown: str, file: str = "a.qmd") -> Passage:
    made = Passage(file)
    made.add(markdown, Place(file, 1))
    return made


def table(*rows: tuple[str, ...], head: tuple[str, ...]) -> dict[str, Any]:
    markup = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    source = f"<table><thead><tr>{markup}</tr></thead><tbody>{body}</tbody></table>"
    return read_table(source)


def test_transform_works_from_the_leaves_and_lower_from_the_root() -> None:
    tree = [{"t": "Emph", "c": [string("a"), {"t": "Strong", "c": [string("b")]}]}]

    def unwrap(node: dict[str, Any]) -> list[dict[str, Any]] | None:
        return node["c"] if node["t"] in {"Emph", "Strong"} else None

    assert transform(tree, unwrap) == [string("a"), string("b")]
    assert [node["t"] for node in lower(tree, unwrap)] == ["Str", "Strong"]
    assert text(tree) == "ab"


def test_nodes_come_in_the_order_of_reading_and_can_pass_over_boxes() -> None:
    blocks, _, _ = pandoc.read("a\n\n::: {.callout}\nb\n:::\n\n- c\n- *d*\n")
    strings = [node["c"] for node in nodes(blocks) if node["t"] == "Str"]
    assert strings == ["a", "b", "c", "d"]
    outside = nodes(blocks, outside=frozenset({"callout"}))
    assert [node["c"] for node in outside if node["t"] == "Str"] == ["a", "c", "d"]


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_words_keep_a_sentence(sentence: str) -> None:
    assert text(words(sentence)) == " ".join(sentence.split())


def test_text_reads_as_a_reader_does() -> None:
    blocks, _, _ = pandoc.read('"A" *b*[^1] `c` $d$\ne\n\n[^1]: note\n\nf')
    assert text(blocks) == "“A” b c d e f"


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_a_typst_string_means_what_it_says(value: str) -> None:
    import typst

    assert json.loads(typst.eval(b"", quoted(value))) == value.replace("\r", "")


@pytest.mark.parametrize(
    ("identifier", "source"),
    [
        ("fig-a", "<fig-a>"),
        ("a.b-c", "<a.b-c>"),
        ("ends.", '#label("ends.")'),
        ('a"b', '#label("a\\"b")'),
        ("a b", '#label("a b")'),
    ],
)
def test_labels(identifier: str, source: str) -> None:
    assert label(identifier) == source


@pytest.fixture(scope="module")
def config() -> Config:
    return read_config(STAGED)


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>", "</figure>", "<div>", ":::", "\n\n# H\n", "`", "```", "$",
            "*", "[", "](x)", "{#fig-x}", "---", "- a", "&amp;", "<b", "\\", '"', "'", "word", " ",
            "|", "~~~", "\n", "<!--", "-->", "@", "^", "{{",
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(caption=HOSTILE)
def test_no_caption_can_reach_out_of_its_figure(
    caption: str, config: Config, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    options = f"#| label: tbl-a\n#| tbl-cap: {json.dumps('A ' + caption)}\nx"
    output = {
        "output_type": "display_data", "metadata": {},
        "data": {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"},
    }  # fmt: skip
    cells = [
        {"cell_type": "raw", "metadata": {}, "source": "---\ntitle: T\n---\n"},
        {"cell_type": "code", "metadata": {}, "source": options, "outputs": [output]},
        {"cell_type": "markdown", "metadata": {}, "source": "After."},
    ]
    (folder / "a.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    made = Config(**{**vars(config), "project": folder})
    chapter, _ = read_chapter(Entry("a.ipynb", None, False), made)
    blocks = HtmlLowering(chapter, folder, {}).blocks(chapter.blocks)
    page, _ = pandoc.write(blocks, "html5")
    assert page.count("<figure ") == page.count("</figure>") == 1
    assert page.rstrip().endswith("</figure>\n<p>After.</p>")
    assert "<script" not in page
    assert "<div>" not in page
    if "<div>" in caption and not {"`", "$"} & set(caption):
        assert "&lt;div&gt;" in page or "\\" in caption


def test_a_chapter_knows_its_way_up() -> None:
    assert Chapter("index.qmd", None, False, Passage("x")).up == ""
    chapter = Chapter("notebooks/deep/a.ipynb", None, False, Passage("x"))
    assert (chapter.up, chapter.page) == ("../../", "notebooks/deep/a.html")


def test_places_are_those_of_the_source_and_code_is_passed_over() -> None:
    made = passage("one\n```\n@fig-a\n```\n\n~~~~\n```\n@fig-a\n~~~~\nsee @fig-a")
    assert made.find("@fig-a") == Place("a.qmd", 10)
    assert made.find("@fig-a", in_code=True) == Place("a.qmd", 3)
    assert made.find("nothing") == Place("a.qmd", None)


def test_a_place_in_a_notebook_names_the_cell() -> None:
    error = Place("notebooks/a.ipynb", 3, 7).error("is wrong")
    assert str(error) == "notebooks/a.ipynb:3: cell 7: is wrong"


def test_includes_are_found_from_the_file_and_from_the_project(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.md").write_text("A\n{{< include b.md >}}\n")
    (tmp_path / "parts" / "b.md").write_text("B\n{{< include /top.qmd >}}\n")
    (tmp_path / "top.qmd").write_text("Top\n")
    made = expand_includes(passage('start\n{{< include "parts/a.md" >}}\nend'), tmp_path, tmp_path)
    assert made.text == "start\nA\nB\nTop\nend\n"
    assert made.find("Top") == Place("top.qmd", 1)
    assert made.find("end") == Place("a.qmd", 3)


def test_short_columns_take_their_natural_width() -> None:
    narrow = table(("Best", "0"), ("Worst", "214"), head=("Case", "Days"))
    assert column_weights(narrow) == [0, 0]
    long = "The long text of a cell that needs more than one line of print"
    wide = table((long, "1,234", "A little longer than short"), head=("A", "B", "C"))
    first, second, third = column_weights(wide)
    assert first > third > second == 0
    years = table(
        ("Partnership running costs", "−38.10", "−35.90", "−33.40"),
        head=("Line", "2009/10, £ million", "2010/11, £ million", "2011/12, £ million"),
    )
    assert [bool(weight) for weight in column_weights(years)] == [True, False, False, False]
    many = table(tuple("1,234.5678" for _ in range(9)), head=tuple("Head" for _ in range(9)))
    assert column_weights(many) == [10] * 9


@pytest.mark.parametrize(
    ("markup", "is_blocked"),
    [
        ("<script>x</script>", True),
        ("<SCRIPT type='module'>x</SCRIPT>", True),
        ('<script type="application/json" class="a">{}</script>', False),
        ('<script src="../assets/a.js" defer></script>', False),
        ('<script src="https://example.org/a.js"></script>', True),
        ("<style>p {}</style>", True),
        ('<p style="color: red">x</p>', False),
        ('<img src="https://example.org/a.png" alt="">', True),
        ('<a href="https://example.org">x</a>', False),
    ],
)
def test_markup_that_the_policy_would_silence(markup: str, is_blocked: bool) -> None:
    assert (blocked(markup) is not None) == is_blocked
