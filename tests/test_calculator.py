"""The calculator as it is printed: its numbers are the model's, and it reads without script."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from helpers import areas, finance, prose
from helpers.calculator import coefficients, show_calculator
from helpers.calculator.markup import pounds
from helpers.errors import ExhibitError

pytestmark = pytest.mark.usefixtures("book_evidence")

LATE = finance.Assumptions(slippage_months=5, price_base="2023/24")
CASES = st.builds(
    finance.Assumptions,
    scenario=st.sampled_from(("best", "mid", "worst")),
    slippage_months=st.integers(0, 42),
    interim_share=st.sampled_from(("published", "0", "37.5", "100")),
    contribution_basis=st.sampled_from(sorted(finance.BASES)),
    price_base=st.sampled_from(("2009/10", "2016/17", "2023/24")),
)
PERCENTAGES = st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=4, max_size=4)


def given_savings(percentages: list[float]) -> str:
    return ",".join(f"{value:g}" for value in percentages)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]):
    def show(case: finance.Assumptions, borough: str) -> str:
        show_calculator(finance.project(case), borough)
        return capsys.readouterr().out

    return show


def parts(text: str) -> tuple[html.HtmlElement, str]:
    """Return the calculator and what stands for it in other formats than HTML."""
    head, opening, rest = text.partition("```{=html}\n")
    markup, closing, other = rest.partition("\n```\n:::\n")
    assert head == '::: {.content-visible when-format="html:js"}\n'
    assert opening
    assert closing
    first, *sentences, last = other.strip().split("\n")
    assert first == '::: {.content-visible unless-format="html:js"}'
    assert last == ":::"
    return html.fromstring(markup), " ".join(sentences)


@given(case=CASES, percentages=PERCENTAGES)
def test_coefficients_give_what_the_model_gives(
    case: finance.Assumptions, percentages: list[float]
) -> None:
    found = coefficients(finance.project(case))
    other = finance.project(replace(case, savings=given_savings(percentages)))
    assert found.net_benefit(percentages) == pytest.approx(
        other.lines["net_benefit"], rel=0, abs=1e-10
    )


def test_a_late_rollout_makes_a_year_depend_on_two_years_of_operation() -> None:
    planned, late = (coefficients(finance.project(case)) for case in (finance.Assumptions(), LATE))
    assert [np.count_nonzero(row) for row in planned.each_point[0]] == [1, 1, 1, 1]
    assert [np.count_nonzero(row) for row in late.each_point[0]] == [1, 2, 2, 2]


def test_a_projection_of_other_inputs_is_refused() -> None:
    dearer = replace(finance.inputs(), programme=2 * finance.inputs().programme)
    with pytest.raises(ExhibitError, match="the evidence's own inputs"):
        coefficients(finance.project(finance.Assumptions(), dearer))


def test_an_area_that_the_case_does_not_have_is_refused() -> None:
    with pytest.raises(ExhibitError, match="'camden': expected one of nwl, brent"):
        show_calculator(finance.project(finance.Assumptions()), "camden")


@pytest.mark.parametrize(
    ("million", "expected"),
    [
        (0, "0.00"),
        (-1e-12, "0.00"),
        (1.5, "1500000.00"),
        (-0.31204567, "-312045.67"),
        (0.000000005, "0.01"),
        (-0.000000005, "-0.01"),
        (0.0000000044, "0.00"),
        (1234.56789012, "1234567890.12"),
    ],
)
def test_pounds_are_exact_to_the_penny(million: float, expected: str) -> None:
    assert pounds(million) == expected


@pytest.mark.parametrize("borough", ["nwl", "kensington-and-chelsea"])
@pytest.mark.parametrize("case", [finance.Assumptions(), LATE])
def test_without_script_it_gives_the_results_of_the_case(
    printed, case: finance.Assumptions, borough: str
) -> None:
    box, other = parts(printed(case, borough))
    projection = finance.project(case)
    cells = box.xpath(".//td[@data-year]")
    assert {cell.get("data-year"): cell.get("data-pounds") for cell in cells} == {
        year: pounds(amount)
        for year, amount in zip(projection.years, projection.net_benefit(borough), strict=True)
    }
    assert [cell.text for cell in cells] == [
        prose.number(amount, 2) for amount in projection.net_benefit(borough)
    ]
    sentence = box.find_class("nwl-calculator-result")[0].text_content()
    assert sentence.startswith(f"{areas.name(borough)}: net benefit of £")
    assert prose.gbp_million(projection.total(borough)) in sentence
    assert f"in prices of {case.price_base}." in sentence
    assert other.endswith(sentence)
    assert "calculator" in other


@pytest.mark.parametrize(
    ("case", "area", "expected", "exact"),
    [
        (finance.Assumptions(), "hounslow", "immediate, as the first year has no deficit", "0.000"),
        (finance.Assumptions(savings="0,0,0,0"), "nwl", "not within these years", ""),
        (finance.Assumptions(savings="50,50,50,50"), "brent", "immediate", "0.000"),
        (finance.Assumptions(slippage_months=42), "brent", "not within these years", ""),
        (finance.Assumptions(), "brent", " days after rollout", None),
    ],
)
def test_payback_reads_well_at_the_extremes(
    printed, case: finance.Assumptions, area: str, expected: str, exact: str | None
) -> None:
    box, _ = parts(printed(case, area))
    places = box.xpath(".//*[@data-payback]")
    assert len(places) == 2
    for place in places:
        assert expected in place.text
        if exact is not None:
            assert place.get("data-exact-days") == exact


def test_the_tables_carry_every_coefficient_exactly(printed) -> None:
    box, _ = parts(printed(LATE, "nwl"))
    found = coefficients(finance.project(LATE))
    bodies = box.xpath(".//tbody[@data-area]")
    assert [body.get("data-area") for body in bodies] == ["nwl", *finance.boroughs()]
    read = np.array(
        [
            [[float(cell.get("data-million")) for cell in row.iter("td")] for row in body[1:]]
            for body in bodies
        ]
    )
    assert np.array_equal(read[..., 0], found.without_savings)
    assert np.array_equal(read[..., 1:], found.each_point)
    written = bodies[0][1][1].text
    assert written == prose.number(found.without_savings[0, 0] * 1e6)
    savings = {
        row.get("data-savings-of"): [float(cell.get("data-percent")) for cell in row.iter("td")]
        for row in box.xpath(".//tr[@data-savings-of]")
    }
    assert savings == {
        "assumed": [0, 2, 6, 10],
        "best": [0, 3, 9, 15],
        "mid": [0, 2, 6, 10],
        "worst": [0, 1, 3, 5],
    }


def test_savings_as_given_are_carried_exactly(printed) -> None:
    box, _ = parts(printed(finance.Assumptions(savings="0.7,2.125,33.3,100"), "nwl"))
    row = box.xpath(".//tr[@data-savings-of='assumed']/td/@data-percent")
    assert row == ["0.7", "2.125", "33.3", "100.0"]
    assert "0.7%, 2.125%, 33.3% and 100%" in box.xpath("string(.//caption)")


@pytest.mark.parametrize(
    ("months", "first", "days", "begins"),
    [
        (0, "0", "212 577 943 1308", ["September 2009", "April 2010", "April 2011"]),
        (5, "0", "59 424 790 1155", ["February 2010", "September 2010", "September 2011"]),
        (7, "1", "365 731 1096", ["April 2010", "November 2010", "November 2011"]),
        (42, "3", "31", ["March 2013", "October 2013", "October 2014"]),
    ],
)
def test_payback_counts_from_rollout_and_years_of_operation_move_with_it(
    printed, months: int, first: str, days: str, begins: list[str]
) -> None:
    box, _ = parts(printed(finance.Assumptions(slippage_months=months), "nwl"))
    assert box.get("data-first-year") == first
    ends = [date(2010, 3, 31), date(2011, 3, 31), date(2012, 3, 31), date(2013, 3, 31)]
    start = date(2009 + (8 + months) // 12, (8 + months) % 12 + 1, 1)
    counted = [(end - start).days + 1 for end in ends[int(first) :]]
    assert box.get("data-days") == " ".join(map(str, counted)) == days
    headings = [each.text for each in box.xpath(".//table")[-1].xpath(".//th[@scope='col']")]
    assert headings[:4] == [
        "Savings",
        *(f"{place} year, from {month}" for place, month in zip(
            ("First", "Second", "Third"), begins, strict=True
        )),
    ]  # fmt: skip


def test_it_names_what_else_is_assumed(printed) -> None:
    box, _ = parts(printed(replace(LATE, interim_share="30"), "nwl"))
    note = box.find_class("nwl-calculator-note")[0].text_content()
    assert "Rollout: February 2010" in note
    assert "Interim staff: 30% in all years." in note
    assert "Contributions by weighted population." in note
    assert "Prices of 2023/24." in note
    assert "Discount" not in note
    assert "Savings" not in note


def test_the_markup_is_accessible_and_silent(printed) -> None:
    text = printed(finance.Assumptions(), "brent")
    box, _ = parts(text)
    assert box.get("aria-label")
    for element in box.iter():
        assert element.tag not in {"script", "style"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
    tables = box.xpath(".//table")
    assert len(tables) == 3
    for table in tables:
        assert table.get("data-quarto-disable-processing") == "true"
        assert table.xpath("string(caption)").strip()
        assert all(heading.get("scope") for heading in table.iter("th"))
        assert all((cell.text or "").strip() for cell in table.iter("td"))
    names = box.xpath(".//*[@role='region']/@aria-label")
    assert len(set(names)) == len(names) == 2
