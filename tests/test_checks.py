"""A built site is judged by its content."""

from pathlib import Path

import pytest

from nwlbook.chapters import StagedChapter
from nwlbook.checks import documents_problems, page_problems, site_problems
from nwlbook.exhibits import Exhibit

POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
WORDS = "Words that a reader can read, " * 10
CHAPTERS = {
    "index.qmd": StagedChapter("index.qmd", ""),
    "notebooks/beds.ipynb": StagedChapter(
        "notebooks/beds.ipynb",
        "",
        {
            "fig-beds": Exhibit("figure", "fig-beds", {}),
            "all-beds": Exhibit("download", "all-beds", {}),
        },
    ),
}


def page(body: str, head: str = POLICY) -> str:
    return f"<!doctype html><html><head>{head}</head><body><main>{WORDS}{body}</main></body></html>"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    files = {
        "index.html": page(
            '<a href="notebooks/beds.html#fig-beds">Beds</a> <a href="#here">Here</a>'
            '<p id="here"></p> <a href="https://x.org/">Web</a> <a href="mailto:a@x.org">Post</a>'
            '<a href="notebooks">Folder</a>'
        ),
        "notebooks/beds.html": page(
            '<div id="fig-beds"></div><img src="../figures/beds.svg" alt="Beds">'
            '<a href="../data/all-beds.csv">All</a><a href="../index.html">Welcome</a>'
        ),
        "notebooks/index.html": page(""),
        "figures/beds.svg": "<svg/>",
        "data/fig-beds.csv": "area,beds\nbrent,100\n",
        "data/all-beds.csv": "area,beds\nbrent,100\n",
        "beds.pdf": "x" * 20_000,
        "editions/brent/index.html": "<p>Another book, checked as a site of its own</p>",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def problems(site: Path, *, own_pages: bool = True) -> list[str]:
    return site_problems(site, CHAPTERS, ["beds.pdf"], own_pages=own_pages)


def test_whole_site_has_no_problem(site: Path) -> None:
    assert problems(site) == []


def test_what_was_read_before_hides_no_problem(site: Path, tmp_path: Path) -> None:
    def checked() -> list[str]:
        return page_problems(site, CHAPTERS, [], own_pages=True, cache=tmp_path / "pages")

    assert checked() == checked() == []
    (site / "figures" / "beds.svg").unlink()
    beds = site / "notebooks" / "beds.html"
    beds.write_text(beds.read_text().replace('id="fig-beds"', 'id="fig-rooms"'))
    # The first page is as it was; what it leads to is not.
    assert checked() == [
        "notebooks/beds.ipynb: fig-beds is missing from its page",
        "index.html: link notebooks/beds.html#fig-beds: no such place on that page",
        "notebooks/beds.html: loads ../figures/beds.svg, which is missing",
    ]


def test_pages_may_lead_to_a_document_that_is_still_in_the_making(site: Path) -> None:
    index = site / "index.html"
    index.write_text(index.read_text().replace("</main>", '<a href="beds.pdf">PDF</a></main>'))
    (site / "beds.pdf").unlink()
    assert page_problems(site, CHAPTERS, ["beds.pdf"], own_pages=True) == []
    assert page_problems(site, CHAPTERS, [], own_pages=True) == [
        "index.html: link beds.pdf leads nowhere"
    ]
    assert documents_problems(site, CHAPTERS, ["beds.pdf"]) == ["beds.pdf: missing or empty"]


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("beds.pdf", "beds.pdf: missing or empty"),
        ("data/fig-beds.csv", "data/fig-beds.csv: missing or empty"),
        ("data/all-beds.csv", "data/all-beds.csv: missing or empty"),
        ("notebooks/beds.html", "notebooks/beds.ipynb: its page is missing"),
        (
            "figures/beds.svg",
            "notebooks/beds.html: loads ../figures/beds.svg, which is missing",
        ),
    ],
)
def test_missing_file_is_a_problem(site: Path, file: str, problem: str) -> None:
    (site / file).unlink()
    assert problem in problems(site)


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("beds.pdf", "too short", "beds.pdf: missing or empty"),
        ("data/fig-beds.csv", "area,beds\n", "data/fig-beds.csv: missing or empty"),
        (
            "notebooks/beds.html",
            page(""),
            "notebooks/beds.ipynb: fig-beds is missing from its page",
        ),
    ],
)
def test_file_without_its_content_is_a_problem(
    site: Path, file: str, content: str, problem: str
) -> None:
    (site / file).write_text(content)
    assert problem in problems(site)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="gone.html">x</a>', "link gone.html leads nowhere"),
        ('<a href="notebooks/beds.html#x">x</a>', "link notebooks/beds.html#x: no such place on"),
        ('<a href="#x">x</a>', "link #x: no such place on that page"),
        ('<a href="../outside.html">x</a>', "link ../outside.html leads nowhere"),
        ('<a href="javascript:x()">x</a>', "link javascript:x(): expected a page of the site"),
        ("<p>See ?@fig-beds</p>", "unresolved '?@f'"),
        ("<p>`{python} beds`</p>", "unresolved '`{python}'"),
        ("<p>{{< include x >}}</p>", "unresolved '{{<'"),
        ('<img src="figures/beds.svg">', "image figures/beds.svg has no alternative"),
        ('<img src="figures/beds.svg" alt=" ">', "image figures/beds.svg has no alternative"),
        ('<div class="cell-output-error">x</div>', "shows an error of a cell"),
        ('<script src="https://x.org/a.js"></script>', "loads https://x.org/a.js from outside"),
        ('<link rel="stylesheet" href="//x.org/a.css">', "loads //x.org/a.css from outside"),
        ('<img src="http://x.org/a.png" alt="x">', "loads http://x.org/a.png from outside"),
        ('<iframe src="https://x.org/"></iframe>', "loads https://x.org/ from outside"),
    ],
)
def test_bad_content_of_a_page_is_a_problem(site: Path, body: str, problem: str) -> None:
    (site.parent / "outside.html").write_text(page(""))
    (site / "index.html").write_text(page(body))
    (found,) = problems(site)
    assert found.startswith(f"index.html: {problem}")


def test_page_with_next_to_no_text_is_a_problem(site: Path) -> None:
    (site / "index.html").write_text(f"<html><head>{POLICY}</head><main>Beds</main></html>")
    assert problems(site) == ["index.html: has next to no text"]


@pytest.mark.parametrize("head", ["", POLICY.replace("'none'", "*")])
def test_page_without_its_policy_is_a_problem_of_ours_and_not_of_quartos(
    site: Path, head: str
) -> None:
    (site / "index.html").write_text(page("", head))
    assert problems(site) == ["index.html: has no content security policy"]
    assert problems(site, own_pages=False) == []


def test_site_reached_through_a_link_is_checked_as_the_site_itself(tmp_path: Path) -> None:
    real = tmp_path / "real"
    (real / "assets").mkdir(parents=True)
    words = " ".join(["word"] * 30)
    (real / "index.html").write_text(
        f'<html><body><main id="top">{words} <a href="#top">up</a></main></body></html>'
    )
    (tmp_path / "site").symlink_to(real)
    assert site_problems(tmp_path / "site", {}, [], own_pages=False) == []
