"""The profiles of all boroughs as built: nothing of one borough in another's by accident.

A profile shows two kinds of things. *Comparisons* show every borough and are the same on each
page: the exhibits of `COMPARED`, and the column of a table that says what the plan tells of
others. Everything else is the borough's *own*: headings, findings, captions, alternatives, prose,
other exhibits and their data. There no other borough is named, unless the evidence itself names
it: a partner in a shared plan, a hospital, a remark on an item of the plan.
"""

import copy
import csv
import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import Any

import pytest
from builder_books import RealBook
from lxml import html

from helpers import areas, evidence, finance, prose

pytest_plugins = ["builder_fixtures"]
pytestmark = [pytest.mark.build, pytest.mark.usefixtures("book_evidence")]

BOROUGHS = (
    "brent",
    "ealing",
    "hammersmith-and-fulham",
    "harrow",
    "hillingdon",
    "hounslow",
    "kensington-and-chelsea",
    "westminster",
)
COMPARED = ("fig-map", "fig-people", "fig-rank", "fig-break-even", "fig-local")
# Tables with a column on other boroughs: its place from 1.
COLUMNS_OF_OTHERS = {"tbl-facts": 3, "tbl-unknown": 2}
OWN = (
    "fig-promise",
    "fig-firm",
    "fig-priorities",
    "tbl-people",
    "tbl-deprivation",
    "tbl-facts",
    "tbl-promise",
    "tbl-unknown",
)
NUMBER = re.compile(r"£?\d[\d,]*(?:\.\d+)?(?: million)?")


def page_of(book: RealBook, slug: str) -> html.HtmlElement:
    return html.fromstring((book.site / "notebooks" / f"borough-profile-{slug}.html").read_bytes())


def data_of(book: RealBook, label: str, slug: str) -> list[dict[str, str]]:
    file = book.site / "data" / f"{label}-{slug}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def caption(page: html.HtmlElement, label: str, slug: str) -> str:
    (found,) = page.xpath(f"//figcaption[@id='{label}-{slug}-caption']")
    return " ".join(found.text_content().split())


def rows(resource: str, slug: str) -> list[dict[str, Any]]:
    """Return the rows of a resource that are of one borough."""
    return [row for row in evidence.rows(resource) if row["area"] == slug]


@cache
def partners(slug: str) -> frozenset[str]:
    """Return the boroughs that a borough shares its plan with."""
    members: dict[str, set[str]] = {}
    for row in evidence.rows("partnership-boroughs"):
        members.setdefault(row["partnership"], set()).add(row["area"])
    shared = [each for each in members.values() if slug in each]
    return frozenset().union(*shared) - {slug}


@cache
def quoted(slug: str) -> tuple[str, ...]:
    """Return texts of the evidence on a borough that its page quotes, the longest first."""
    plans = {row["partnership"] for row in rows("partnership-boroughs", slug)}
    found = [row["trust"] for row in rows("coordinated-trusts-2009", slug)]
    found += [row["pct_2009"] for row in rows("boroughs", slug)]
    found += [row["title"] for row in evidence.rows("partnerships") if row["partnership"] in plans]
    for row in evidence.rows("partnership-priorities"):
        if row["partnership"] in plans:
            found += [text for text in (row["activity"], row["note"]) if text]
    found += [row["note"] for row in rows("borough-facts", slug) if row["note"]]
    return tuple(sorted(found, key=len, reverse=True))


def own_part(page: html.HtmlElement, slug: str) -> html.HtmlElement:
    """Return a page's text without what is there to compare boroughs."""
    (article,) = copy.deepcopy(page).xpath("//main//article")
    for label in COMPARED:
        (figure,) = article.xpath(f".//figure[@id='{label}-{slug}']")
        (chart,) = figure.xpath(".//*[contains(@class, 'nwl-chart')][@role='group']")
        notes, data = figure.xpath("following-sibling::*")[:2]
        assert notes.get("class") == "nwl-notes"
        assert data.tag == "details"
        for part in (chart, notes, data):
            part.getparent().remove(part)
    for label, column in COLUMNS_OF_OTHERS.items():
        for figure in article.xpath(f".//figure[@id='{label}-{slug}']"):
            for cell in figure.xpath(f".//tbody/tr/*[{column}]"):
                cell.getparent().remove(cell)
            notes = figure.xpath("following-sibling::*")[0]
            assert notes.get("class") == "nwl-notes"
            notes.getparent().remove(notes)
    return article


def texts(part: html.HtmlElement) -> Iterator[str]:
    """Yield all that a part of a page says or holds: text, attributes, data of charts."""
    for element in part.iter():
        if isinstance(element.tag, str):
            yield from (value for value in element.attrib.values() if value)
        yield from (text for text in (element.text, element.tail) if text)


def others_named(part: html.HtmlElement, slug: str, allowed: frozenset[str]) -> list[str]:
    """Return each text of a borough's own part that names another borough."""
    names = {
        area: (area, areas.name(area)) for area in areas.boroughs() if area not in {slug, *allowed}
    }
    found = []
    for text in texts(part):
        left = text
        for known in quoted(slug):
            left = left.replace(known, "")
        found += [
            f"{area}: {text.strip()[:120]}"
            for area, both in names.items()
            if any(name in left for name in both)
        ]
    return found


def parts_by_section(part: html.HtmlElement) -> dict[str, html.HtmlElement]:
    """Split the own part of a page at its main headings."""
    found: dict[str, html.HtmlElement] = {}
    current = "front"
    for child in list(part):
        for heading in child.xpath("descendant-or-self::h2"):
            current = heading.get("id")
        found.setdefault(current, html.Element("div")).append(child)
    return found


def distinctive(slug: str) -> set[str]:
    """Return numbers, as the page writes them, of so many digits that they are one borough's."""
    projection = finance.project(finance.Assumptions())
    residents = [row for row in rows("population", slug) if row["age_group"] == "all"]
    assert residents
    return {f"{row['persons']:,}" for row in residents} | {
        prose.gbp_million(amount)
        for amount in (projection.total(slug), projection.net_benefit(slug)[-1])
    }


def numbers(part: html.HtmlElement) -> set[str]:
    visible = copy.deepcopy(part)
    for script in visible.xpath(".//script"):
        script.getparent().remove(script)
    # Cells stand beside each other without a space.
    words = " ".join(" ".join(texts(visible)).split())
    return {found.rstrip(",") for found in NUMBER.findall(words)}


def test_the_boroughs_tested_are_all_there_are(real_book: RealBook) -> None:
    assert areas.boroughs() == BOROUGHS
    pages = {file.name for file in (real_book.site / "notebooks").glob("borough-profile-*")}
    assert pages == {f"borough-profile-{slug}.html" for slug in BOROUGHS}


@pytest.mark.parametrize("slug", BOROUGHS)
class TestEachProfile:
    """One page, against the seven others."""

    def test_shows_what_these_tests_know_of(self, real_book: RealBook, slug: str) -> None:
        """A new exhibit must be put among the comparisons or the borough's own."""
        labels = page_of(real_book, slug).xpath("//main//figure/@id")
        assert set(labels) == {f"{label}-{slug}" for label in (*COMPARED, *OWN)}

    def test_names_no_other_borough_in_its_own_part(self, real_book: RealBook, slug: str) -> None:
        own = own_part(page_of(real_book, slug), slug)
        assert areas.name(slug) in own.text_content()
        assert others_named(own, slug, partners(slug)) == []

    def test_names_a_partner_only_where_the_shared_plan_is_told(
        self, real_book: RealBook, slug: str
    ) -> None:
        sections = parts_by_section(own_part(page_of(real_book, slug), slug))
        assert {"front", f"sec-place-{slug}", f"sec-promise-{slug}"} <= set(sections)
        told = {"front", f"sec-people-{slug}", f"sec-plan-{slug}", f"sec-unknown-{slug}"}
        for name, section in sections.items():
            allowed = partners(slug) if name in told else frozenset()
            assert others_named(section, slug, allowed) == [], name

    def test_titles_and_captions_are_about_it(self, real_book: RealBook, slug: str) -> None:
        page, place = page_of(real_book, slug), areas.name(slug)
        assert place in page.findtext(".//title")
        assert page.xpath("string(//main//h1)").split(maxsplit=2)[2] == place
        for label in (*COMPARED, *OWN):
            assert place in caption(page, label, slug), label
        for other in set(BOROUGHS) - {slug}:
            if areas.name(other) not in place:
                assert areas.name(other) not in page.findtext(".//title")

    def test_alternatives_are_about_it(self, real_book: RealBook, slug: str) -> None:
        page, place = page_of(real_book, slug), areas.name(slug)
        said = page.xpath("//main//*[@role='group']/@aria-label") + page.xpath("//main//img/@alt")
        assert said
        strong = {
            f"{areas.name(other)} in the strong colour"
            for other in BOROUGHS
            if areas.name(other) not in place
        }
        for text in said:
            assert not [each for each in strong if each in text], text
        own = [text for text in said if place in text]
        # Of these only the charts of its own years, assumptions and priorities need not name it.
        assert len(own) >= len(said) * len(COMPARED) / (len(COMPARED) + 3)

    def test_images_of_its_own_charts_name_no_other(self, real_book: RealBook, slug: str) -> None:
        for label in (label for label in OWN if label.startswith("fig-")):
            for file in (real_book.site / "figures").glob(f"{label}-{slug}*.svg"):
                drawn = html.fromstring(file.read_bytes())
                assert others_named(drawn, slug, frozenset()) == [], file.name

    def test_holds_no_number_that_is_anothers(self, real_book: RealBook, slug: str) -> None:
        said = numbers(own_part(page_of(real_book, slug), slug))
        own = distinctive(slug)
        assert len(said & own) >= 4, own - said
        for other in set(BOROUGHS) - {slug}:
            assert (said & distinctive(other)) - own == set(), other

    def test_comparisons_are_the_same_on_every_page(self, real_book: RealBook, slug: str) -> None:
        for label in COMPARED:
            assert data_of(real_book, label, slug) == data_of(real_book, label, "brent"), label

    def test_residents_are_its_own(self, real_book: RealBook, slug: str) -> None:
        page = page_of(real_book, slug)
        callout = " ".join(page.xpath("//main//*[contains(@class, 'callout-tip')]")[0].itertext())
        shown = {row["measure"]: row["here"] for row in data_of(real_book, "tbl-people", slug)}
        for year in (2011, 2021):
            residents = evidence.value(
                "population", "persons", area=slug, census_year=year, age_group="all"
            )
            assert shown[f"Residents, {year}"] == f"{residents:,}"
        assert f"{areas.name(slug)} had {residents:,} residents" in callout

    def test_net_benefit_and_rank_are_its_own(self, real_book: RealBook, slug: str) -> None:
        projection = finance.project(finance.Assumptions())
        published = {
            row["year"]: row["net_benefit_gbp_m"] for row in rows("net-benefit-summary", slug)
        }
        shown = data_of(real_book, "fig-promise", slug)
        assert [row["year"] for row in shown] == list(published)
        for row in shown:
            assert row.get("area", slug) == slug
            assert float(row["gbp_m"]) == pytest.approx(published[row["year"]], abs=0.02)
        totals = {each: round(projection.total(each), 3) for each in BOROUGHS}
        rank = 1 + sum(total > totals[slug] for total in totals.values())
        (own,) = [
            row["place"]
            for row in data_of(real_book, "tbl-promise", slug)
            if row["measure"] == "Net benefit, all years"
        ]
        assert own == f"{prose.ordinal(rank)} of eight"
        ranked = [row["name"] for row in data_of(real_book, "fig-rank", slug)]
        assert ranked.index(areas.name(slug)) == rank - 1
        title = caption(page_of(real_book, slug), "fig-rank", slug)
        words = {1: "largest", len(BOROUGHS): "smallest"}.get(rank, prose.ordinal(rank))
        assert words in title.partition(". ")[0]
        (assumed,) = [
            float(row["gbp_m"])
            for row in data_of(real_book, "fig-firm", slug)
            if row["name"] == "Mid case (assumed here)"
        ]
        assert assumed == pytest.approx(totals[slug], abs=0.005)

    def test_deprivation_is_its_own(self, real_book: RealBook, slug: str) -> None:
        held = rows("deprivation", slug)
        shown = data_of(real_book, "tbl-deprivation", slug)
        assert [(int(row["year"]), int(row["rank"])) for row in shown] == sorted(
            (row["year"], row["rank"]) for row in held
        )
        newest = max(held, key=lambda row: row["year"])
        said = " ".join(page_of(real_book, slug).xpath("//main//article")[0].itertext())
        assert (
            f"In {newest['year']} {areas.name(slug)} ranked {newest['rank']} of "
            f"{newest['rank_out_of']} districts"
        ) in " ".join(said.split())

    def test_plan_is_that_of_its_partnership(self, real_book: RealBook, slug: str) -> None:
        (plan,) = [row["partnership"] for row in rows("partnership-boroughs", slug)]
        items = {
            row["item_id"]: row["activity"]
            for row in evidence.rows("partnership-priorities")
            if row["partnership"] == plan
        }
        shown = data_of(real_book, "plan", slug)
        assert sorted(row["activity"] for row in shown) == sorted(items.values())
        counted = {row["priority"]: 0 for row in data_of(real_book, "fig-priorities", slug)}
        for row in evidence.rows("partnership-priority-matrix"):
            if row["item_id"] in items and row["priority"] is not None:
                counted[str(row["priority"])] += 1
        assert counted == {
            row["priority"]: int(row["named"]) + int(row["implied"])
            for row in data_of(real_book, "fig-priorities", slug)
        }

    def test_facts_are_its_own_and_what_it_lacks_is_not_held(
        self, real_book: RealBook, slug: str
    ) -> None:
        (plan,) = [row["partnership"] for row in rows("partnership-boroughs", slug)]
        # The plan says some things of all boroughs of a partnership at once.
        titles = {row["title"] for each in {slug, plan} for row in rows("borough-facts", each)}
        shown = data_of(real_book, "tbl-facts", slug)
        assert shown
        assert {row["title"] for row in shown} <= titles
        lacked = {row["title"] for row in data_of(real_book, "tbl-unknown", slug)}
        assert lacked
        assert lacked & titles == set()


def test_profiles_of_partners_tell_one_plan_and_two_peoples(real_book: RealBook) -> None:
    shared = [(one, other) for one, other in permutations(BOROUGHS, 2) if other in partners(one)]
    assert shared
    for one, other in shared:
        for label in ("plan", "fig-priorities"):
            assert data_of(real_book, label, one) == data_of(real_book, label, other)
        for label in ("fig-promise", "tbl-people", "tbl-deprivation", "tbl-promise", "tbl-facts"):
            assert data_of(real_book, label, one) != data_of(real_book, label, other)


def test_own_exhibits_of_two_boroughs_are_never_the_same(real_book: RealBook) -> None:
    for one, other in permutations(BOROUGHS, 2):
        same = [
            label
            for label in OWN
            if data_of(real_book, label, one) == data_of(real_book, label, other)
        ]
        shared = {"fig-priorities", "tbl-unknown"} if other in partners(one) else set()
        assert set(same) <= shared, (one, other)


@pytest.mark.parametrize(
    "place",
    [
        "//main//h1",
        "//main//article/p[1]",
        "//main//*[contains(@class, 'callout-tip')]//li[1]",
        "//figcaption[@id='fig-rank-brent-caption']",
        "//figcaption[@id='tbl-promise-brent-caption']",
        "//figure[@id='fig-promise-brent']//script",
        "//figure[@id='tbl-people-brent']//td[1]",
        "//figure[@id='tbl-facts-brent']//tbody/tr[1]/*[2]",
    ],
)
def test_name_of_another_borough_would_be_noticed(real_book: RealBook, place: str) -> None:
    """The check can fail: a stray name is planted in each kind of place."""
    page = page_of(real_book, "brent")
    spoilt = page.xpath(place)[0]
    spoilt.text = f"{spoilt.text or ''} Harrow"
    (found,) = others_named(own_part(page, "brent"), "brent", partners("brent"))
    assert found.startswith("harrow: ")


def test_alternative_of_another_borough_would_be_noticed(real_book: RealBook) -> None:
    page = page_of(real_book, "brent")
    image = page.xpath("//figure[@id='fig-promise-brent']//img")[0]
    image.set("alt", image.get("alt") + " Harrow: 3.")
    (found,) = others_named(own_part(page, "brent"), "brent", partners("brent"))
    assert "Harrow: 3." in found or found.startswith("harrow: ")


def test_number_of_another_borough_would_be_noticed(real_book: RealBook) -> None:
    page = page_of(real_book, "brent")
    paragraph = page.xpath("//main//article/p[1]")[0]
    paragraph.text = f"{paragraph.text or ''} Of its {max(distinctive('harrow'))} things."
    assert numbers(own_part(page, "brent")) & (distinctive("harrow") - distinctive("brent"))
