"""Linking the first use of a term."""

from nwlbook.glossary_links import Glossary, link_terms, make_glossary

ROWS = [
    {"term": "icb", "title": "ICB", "expansion": "Integrated Care Board"},
    {"term": "payback-period", "title": "Payback period", "expansion": None},
    {"term": "trust", "title": "Trust", "expansion": None},
    {"term": "nwl", "title": "NWL", "expansion": "North West London"},
]
PAGE = "notebooks/glossary.ipynb"


def glossary() -> Glossary:
    made = make_glossary(PAGE, ROWS, ["North West London"])
    assert made is not None
    return made


def linked(text: str, chapter: str = "notebooks/benefits.ipynb") -> str:
    return link_terms(text, glossary(), chapter, set())


def test_first_use_is_linked_and_the_second_is_not() -> None:
    assert linked("The ICB and the ICB.") == "The [ICB](glossary.ipynb#term-icb) and the ICB."


def test_term_and_its_expansion_share_one_link() -> None:
    text = linked("The integrated care board, or ICB.")
    assert text == "The [integrated care board](glossary.ipynb#term-icb), or ICB."


def test_case_of_an_ordinary_term_does_not_matter_but_of_an_abbreviation_does() -> None:
    assert "#term-payback-period" in linked("A payback period of a year.")
    assert linked("an icb") == "an icb"


def test_single_words_and_names_of_areas_are_not_linked() -> None:
    assert linked("A trust in North West London.") == "A trust in North West London."


def test_part_of_a_word_is_not_linked() -> None:
    assert linked("ICBs, pre-ICB and ICB-led") == "ICBs, pre-ICB and ICB-led"


def test_markup_is_left_alone() -> None:
    for text in (
        "## The ICB",
        '::: {.callout-note title="ICB"}',
        "`ICB`",
        "[the ICB](other.qmd)",
        "**ICB**",
        "```\nICB\n```",
        "<span>ICB</span>".replace("ICB", ""),
        "![ICB](x.svg)",
    ):
        assert linked(text) == text


def test_a_heading_or_fence_does_not_hide_what_follows_it() -> None:
    text = linked('## The ICB\n\n::: {.callout-note title="ICB"}\n- The ICB pays.\n:::')
    assert text.endswith("- The [ICB](glossary.ipynb#term-icb) pays.\n:::")


def test_way_to_the_page_follows_the_chapter() -> None:
    assert linked("ICB", "index.qmd") == "[ICB](notebooks/glossary.ipynb#term-icb)"


def test_nothing_to_link_makes_no_glossary() -> None:
    assert make_glossary(PAGE, [ROWS[2]], []) is None
