"""What leads from the pages of one edition to the same pages of the others."""

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from builder_books import edit
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from tiny_project import code, write_notebook

from nwlbook.book import read_book
from nwlbook.editions import (
    LIST,
    PAGE,
    area_prefixes,
    counterpart,
    link_problems,
    place,
    write_links,
)
from nwlbook.parameters import BookParameters, read_domains, validated
from nwlbook.plan import Edition, plan_edition

pytest_plugins = ["builder_fixtures"]

PREFIXES = ("notebooks/profile-",)
SLUGS = ("nwl", "brent", "ealing")
NO_DOCUMENTS: dict[str, list[str]] = {slug: [] for slug in SLUGS}
HOSTILE = """</script><b title='x' onclick="y">Brent & "Ealing"</b>\u2028\\"""


def editions_of(root: Path, slugs: Sequence[str] = SLUGS) -> list[Edition]:
    domains = read_domains()
    return [
        plan_edition(read_book(root), validated({"borough": slug}, domains), domains)
        for slug in slugs
    ]


def page_of(target: str) -> str:
    return PurePosixPath(target).with_suffix(".html").as_posix()


def write_sites(
    site: Path, editions: Sequence[Edition], documents: dict[str, list[str]] = NO_DOCUMENTS
) -> None:
    """Write a whole site, its pages empty, and what leads between its editions."""
    for edition in editions:
        folder = site / place(edition.slug)
        for name in ("index.html", *(page_of(each.target) for each in edition.chapters)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        for name in documents[edition.slug]:
            (folder / name).touch()
        write_links(folder, edition, editions, documents)


def listed(site: Path) -> dict[str, Any]:
    """Return what the pages of an edition are told of the others, as a browser reads it."""
    text = (site / LIST).read_text(encoding="utf-8")
    assert text.startswith("window.nwlEditions = ")
    assert text.endswith(";\n")
    found: dict[str, Any] = json.loads(text.removeprefix("window.nwlEditions = ")[:-2])
    return found


@pytest.mark.parametrize(
    ("page", "to", "expected"),
    [
        ("index.html", "ealing", "index.html"),
        ("notebooks/beds.html", "nwl", "notebooks/beds.html"),
        ("notebooks/profile-brent.html", "ealing", "notebooks/profile-ealing.html"),
        ("notebooks/profile-brent.html", "brent", "notebooks/profile-brent.html"),
        # The sector's edition has the chapters of every borough.
        ("notebooks/profile-ealing.html", "nwl", "notebooks/profile-ealing.html"),
        ("other/profile-brent.html", "ealing", "other/profile-brent.html"),
    ],
)
def test_counterpart_is_the_same_chapter(page: str, to: str, expected: str) -> None:
    assert counterpart(page, PREFIXES, to) == expected


@given(st.sampled_from(SLUGS[1:]), st.sampled_from(SLUGS[1:]))
def test_way_there_and_back_leads_to_the_same_page(one: str, other: str) -> None:
    page = f"notebooks/profile-{one}.html"
    there = counterpart(page, PREFIXES, other)
    assert counterpart(there, PREFIXES, one) == page


def test_prefixes_are_those_of_chapters_that_repeat_for_boroughs(book: Path) -> None:
    for edition in editions_of(book):
        assert area_prefixes(edition) == PREFIXES, edition.slug


def test_chapters_that_repeat_for_something_else_have_no_prefix(book: Path) -> None:
    cells = code('priority = 1\nborough = "brent"', "parameters")
    write_notebook(book, "beds", cells, nwlbook={"repeat": "priority"})
    for edition in editions_of(book):
        assert area_prefixes(edition) == PREFIXES, edition.slug


def test_place_of_an_edition_is_what_others_rely_on() -> None:
    assert place("nwl") == PurePosixPath()
    assert place("brent") == PurePosixPath("editions/brent")


def test_each_edition_is_told_of_all_and_which_it_is(book: Path, tmp_path: Path) -> None:
    editions = editions_of(book)
    write_sites(tmp_path / "site", editions)
    for edition in editions:
        assert listed(tmp_path / "site" / place(edition.slug)) == {
            "here": edition.slug,
            "editions": [["nwl", "North West London"], ["brent", "Brent"], ["ealing", "Ealing"]],
            "prefixes": list(PREFIXES),
        }


def test_page_of_editions_leads_to_every_edition_and_document(book: Path, tmp_path: Path) -> None:
    documents = {"nwl": ["beds.pdf"], "brent": ["beds-brent.pdf"], "ealing": ["beds-ealing.pdf"]}
    editions, site = editions_of(book), tmp_path / "site"
    write_sites(site, editions, documents)
    for edition in editions:
        file = site / place(edition.slug) / PAGE
        tree = html.fromstring(file.read_bytes())
        items = tree.xpath("//main/ul/li")
        assert [item.xpath("a[1]")[0].text for item in items] == [
            "North West London",
            "Brent",
            "Ealing",
        ]
        targets = [(file.parent / link).resolve() for link in tree.xpath("//li/a/@href")]
        assert targets == [
            (site / place(each.slug) / name).resolve()
            for each in editions
            for name in ("index.html", *documents[each.slug])
        ]
        for target in targets:
            assert target.is_file(), target
        assert tree.xpath("//a[@aria-current]/text()") == [edition.name]
        assert tree.xpath("//main/p/a/@href") == ["index.html"]


def test_page_of_editions_loads_nothing_but_the_sites_own_styles(
    book: Path, tmp_path: Path
) -> None:
    write_sites(tmp_path, editions_of(book, ("nwl",)))
    tree = html.fromstring((tmp_path / PAGE).read_bytes())
    assert tree.xpath("//script") == []
    assert all(name.startswith("assets/") for name in tree.xpath("//link/@href"))
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy


def test_hostile_names_stay_text(book: Path, tmp_path: Path) -> None:
    quoted = HOSTILE.replace('"', '""')
    edit(book / "data" / "areas.csv", "brent,Brent,", f'brent,"{quoted}",')
    editions = editions_of(book)
    assert editions[1].name == HOSTILE
    write_sites(tmp_path, editions, {slug: [f"beds-{slug}.pdf"] for slug in SLUGS})
    for edition in editions:
        folder = tmp_path / place(edition.slug)
        assert ["brent", HOSTILE] in listed(folder)["editions"]
        tree = html.fromstring((folder / PAGE).read_bytes())
        assert tree.xpath("//script | //b | //*[@onclick]") == []
        assert tree.xpath("//li/a[1]/text()")[1] == HOSTILE
        assert f"PDF of {HOSTILE}" in [link.text_content() for link in tree.xpath("//li/a")]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r")))
def test_any_name_reaches_the_script_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("site", numbered=True)
    edition = Edition("brent", name, BookParameters(borough="brent"), ())
    write_links(folder, edition, [edition], {"brent": []})
    assert listed(folder)["editions"] == [["brent", name]]


def test_complete_site_has_no_problems(book: Path, tmp_path: Path) -> None:
    documents = {"nwl": ["beds.pdf"], "brent": ["beds-brent.pdf"], "ealing": ["beds-ealing.pdf"]}
    editions = editions_of(book)
    write_sites(tmp_path, editions, documents)
    assert list(link_problems(tmp_path, editions, documents)) == []


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("index.html", "index.html: missing"),
        ("editions/brent/index.html", "editions/brent/index.html: missing"),
        ("editions.html", "editions.html: missing"),
        ("editions/ealing/editions.html", "editions/ealing/editions.html: missing"),
        ("editions/ealing/beds-ealing.pdf", "editions/ealing/beds-ealing.pdf: missing"),
        (
            "editions/ealing/notebooks/profile-ealing.html",
            "notebooks/profile-brent.html: its counterpart "
            "editions/ealing/notebooks/profile-ealing.html is missing",
        ),
        (
            "notebooks/beds.html",
            "editions/brent/notebooks/beds.html: its counterpart notebooks/beds.html is missing",
        ),
    ],
)
def test_way_that_leads_nowhere_is_told(
    book: Path, tmp_path: Path, missing: str, told: str
) -> None:
    documents = {"nwl": ["beds.pdf"], "brent": ["beds-brent.pdf"], "ealing": ["beds-ealing.pdf"]}
    editions = editions_of(book)
    write_sites(tmp_path, editions, documents)
    (tmp_path / missing).unlink()
    problems = list(link_problems(tmp_path, editions, documents))
    assert [problem for problem in problems if problem.startswith(told)], problems
    assert all(missing in problem for problem in problems), problems


def test_every_page_of_every_edition_is_followed_to_every_other(book: Path, tmp_path: Path) -> None:
    """Whatever page is taken away, the check notices it."""
    editions = editions_of(book)
    pages = [
        place(edition.slug) / page_of(chapter.target)
        for edition in editions
        for chapter in edition.chapters
    ]
    assert len(pages) == 4 + 3 + 3
    write_sites(tmp_path, editions)
    for page in pages:
        (tmp_path / page).rename(tmp_path / "taken")
        assert any(
            page.as_posix() in told for told in link_problems(tmp_path, editions, NO_DOCUMENTS)
        )
        (tmp_path / "taken").rename(tmp_path / page)
    assert list(link_problems(tmp_path, editions, NO_DOCUMENTS)) == []
