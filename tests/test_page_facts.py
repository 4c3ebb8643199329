"""A page is read once, and again when it has changed."""

from pathlib import Path

import pytest

from nwlbook import page_facts
from nwlbook.page_facts import PageReader

PAGE = (
    '<!doctype html><html><head><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'\"><script src=\"a.js\"></script></head><body><main id='top'>"
    + "Words that a reader can read. "
    * 10
    + '<a href="#top">Top</a><a href="#top">Top</a><a href="b.html">B</a>'
    '<img src="a.svg" alt=""></main></body></html>'
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "page.html"
    made.write_text(PAGE)
    return made


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pages that were taken apart."""
    contents: list[bytes] = []
    read = page_facts.html.fromstring

    def noted(content: bytes) -> object:
        contents.append(content)
        return read(content)

    monkeypatch.setattr(page_facts.html, "fromstring", noted)
    return contents


def test_facts_are_what_the_page_says(file: Path) -> None:
    facts = PageReader(None).read(file)
    assert facts.ids == {"top"}
    assert facts.links == ("#top", "b.html")
    assert facts.loads == ("a.js", "a.svg")
    assert facts.has_policy
    assert facts.problems == ("image a.svg has no alternative",)


def test_a_page_is_taken_apart_once_for_its_content(
    file: Path, tmp_path: Path, parsed: list[bytes]
) -> None:
    first = PageReader(tmp_path / "pages").read(file)
    copy = file.with_name("copy.html")
    copy.write_bytes(file.read_bytes())
    assert PageReader(tmp_path / "pages").read(copy) == first
    assert len(parsed) == 1
    file.write_text(PAGE.replace("default-src 'none'", "default-src *"))
    assert not PageReader(tmp_path / "pages").read(file).has_policy
    assert len(parsed) == 2


def test_damaged_facts_are_read_from_the_page_again(
    file: Path, tmp_path: Path, parsed: list[bytes]
) -> None:
    first = PageReader(tmp_path / "pages").read(file)
    (kept,) = (tmp_path / "pages").iterdir()
    kept.write_bytes(kept.read_bytes()[:-3] + b"abc")
    assert PageReader(tmp_path / "pages").read(file) == first
    assert len(parsed) == 2
