"""Computed text in Markdown: always text, never markup."""

import re

import pypandoc
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from helpers.markdown import SPECIAL
from nwlbook.markdown import (
    add_suffix,
    attribute,
    escaped,
    fenced_html,
    fill_expressions,
    quoted,
    section_labels,
)

PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")))
HOSTILE = [
    "plain words",
    "*bold* _it_ **b** __b__ ~~s~~ ^up^ ~down~",
    "`code` and `{python} x`",
    "[link](http://x.org) ![image](a.png) <http://x.org> <b>tag</b> &amp;",
    "@fig-x -@fig-x [@key; @other] [^1] [text]{.class}",
    "# heading",
    "- item -- dash --- long",
    "a | b | c",
    "$x^2$ and $$y$$",
    "{{< pagebreak >}} ::: {.callout-note}",
    r"back\slash and \` tick",
    'it\'s a "quote"',
    "!important + 1",
    "<script>alert(1)</script>",
    "{#sec-x} {=html}",
]


def test_hostile_text_reaches_the_reader_as_it_is() -> None:
    source = "\n\n".join(f"Value: {escaped(text)} end." for text in HOSTILE)
    page = html.fromstring(
        f"<main>{pypandoc.convert_text(source, 'html', format='markdown')}</main>"
    )
    assert [" ".join(element.text_content().split()) for element in page] == [
        f"Value: {text} end." for text in HOSTILE
    ]
    assert {element.tag for element in page.iter()} == {"main", "p"}


@given(PRINTABLE)
def test_escaping_leaves_no_special_character_and_can_be_undone(text: str) -> None:
    assert not SPECIAL.search(re.sub(r"\\.", "", escaped(text)))
    assert re.sub(r"\\(.)", r"\1", escaped(text)) == " ".join(text.split())


@given(PRINTABLE)
def test_quoted_text_is_one_line_of_yaml_that_reads_back(text: str) -> None:
    assert "\n" not in quoted(text)
    assert yaml.safe_load(f"fig-cap: {quoted(text)}") == {"fig-cap": " ".join(text.split())}


def test_expression_becomes_its_text_escaped() -> None:
    values = {"place": "A*B", "sum(1, 2)": "3"}
    assert (
        fill_expressions("In `{python} place` are `{python} sum(1, 2) `.", values)
        == r"In A\*B are 3."
    )


def test_code_that_only_shows_an_expression_stays() -> None:
    text = "```markdown\n`{python} unknown`\n```\n\nand ``a `{python} unknown` b``"
    assert fill_expressions(text, {}) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see @fig-map.", "see @fig-map-brent."),
        ("see -@fig-map", "see -@fig-map-brent"),
        ("[@fig-map; @tbl-b; @sec-c]", "[@fig-map-brent; @tbl-b-brent; @sec-c-brent]"),
        ("@Fig-map shows", "@Fig-map-brent shows"),
        ("see @fig-map-other and @fig-elsewhere", "see @fig-map-other and @fig-elsewhere"),
        ("# Title {#sec-c .unnumbered}", "# Title {#sec-c-brent .unnumbered}"),
        ("# Title {#sec-elsewhere}", "# Title {#sec-elsewhere}"),
        ("a@fig-map.org", "a@fig-map.org"),
    ],
)
def test_only_own_labels_get_the_suffix(text: str, expected: str) -> None:
    labels = frozenset({"fig-map", "tbl-b", "sec-c"})
    assert add_suffix(text, labels, "brent") == expected
    assert add_suffix(text, labels, "") == text


def test_section_labels_are_found() -> None:
    text = "# A {#sec-a}\n\n## B {#sec-b-1 .x}\n\n# C {#other}\n\n# D {#sec-a}"
    assert section_labels(text) == ["sec-a", "sec-b-1", "sec-a"]


@given(st.text(st.sampled_from("`ab\n")))
def test_nothing_in_markup_closes_its_fence(markup: str) -> None:
    first, *_, last = fenced_html(markup).split("\n")
    assert first == f"{last}{{=html}}"
    assert len(last) >= 3
    assert last not in markup


def test_text_for_an_attribute_cannot_end_it() -> None:
    assert attribute('a "b" <c>\n & d') == "a &quot;b&quot; &lt;c&gt; &amp; d"
