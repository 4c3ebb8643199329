"""The calculator as HTML that reads without script, and that a script reads its numbers from.

Each number stands in a table cell, written for people, with its exact value beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from helpers import areas, prose
from helpers.calculator.coefficients import Coefficients, percentages
from helpers.finance import MONTHS_A_YEAR, Projection, first_year_months, scenarios
from helpers.finance.assumptions import AS_SCENARIO
from helpers.finance.calendar import earliest_delay, month_of, year_start

MILLION = 1e6
# Pounds and pence of an amount that is given in £ million.
POUND_PLACE, PENCE = 6, 2
IMMEDIATE = "immediate, as the first year has no deficit"
NEVER = "not within these years"
# Assumptions that the reader chooses in the calculator, or that its results do not depend on.
LEFT_OUT = {"Savings by year of operation", "Discount rate"}
# Quarto would make tables of its own from these, and lose the exact values.
TABLE = '<table class="nwl-table" data-quarto-disable-processing="true">'


def calculator_markup(projection: Projection, coefficients: Coefficients, borough: str) -> str:
    """Return the calculator.

    Parameters
    ----------
    projection : Projection
        The case assumed.
    coefficients : Coefficients
        Of the projection.
    borough : str
        Area chosen at first.
    """
    others = (
        f"{name}{'' if name.endswith((' by', ' of')) else ':'} {value}."
        for name, value in projection.assumptions.describe()
        if name not in LEFT_OUT
    )
    return "\n".join(
        (
            '<div class="nwl-calculator" role="group" aria-label="Calculator" '
            f'data-area="{borough}" data-immediate="{IMMEDIATE}" data-never="{NEVER}" '
            f"{_times(projection)}>",
            '<div class="nwl-calculator-board">',
            '<p class="nwl-calculator-result" aria-live="polite" aria-atomic="true">'
            f"{result_markup(projection, borough)}</p>",
            _results_table(projection, borough),
            "</div>",
            f'<p class="nwl-calculator-note">{escape(" ".join(others))}</p>',
            "<details>",
            "<summary>What the calculator reckons with</summary>",
            "<p>The net benefit of a year is what it would be without savings, and for each "
            "percentage point of acute spending saved in a year of operation the amount in its "
            "column.</p>",
            _scrolling("Coefficients", _coefficients_table(projection, coefficients)),
            _scrolling("Savings", _savings_table(projection)),
            "</details>",
            "</div>",
        )
    )


def result_markup(projection: Projection, area: str) -> str:
    """Return the result in words, marked where it depends on what the reader chooses.

    Parameters
    ----------
    projection : Projection
        The case assumed.
    area : str
        A borough or the sector.
    """
    total = projection.total(area)
    return (
        f"<span data-name>{escape(areas.name(area))}</span>: net benefit of "
        f'<strong data-total data-pounds="{pounds(total)}">{prose.gbp_million(total)}</strong> '
        f"over {prose.count(len(projection.years), 'year')}, in prices of "
        f"{projection.assumptions.price_base}. "
        f"Payback: <strong{_payback(projection, area)}</strong>."
    )


def pounds(million: float) -> str:
    """Write an amount of £ million in pounds and pence, for a script: ``-1234.50``."""
    return f"{prose.rounded(million, POUND_PLACE + PENCE).scaleb(POUND_PLACE):.{PENCE}f}"


def _times(projection: Projection) -> str:
    """Give what payback needs: the first year of operation, and the days until each year ends."""
    delay = projection.assumptions.delay()
    first = (delay - earliest_delay()) // MONTHS_A_YEAR
    starts = [year_start(year) for year in projection.years[first:]]
    days = [(start.replace(year=start.year + 1) - month_of(delay)).days for start in starts]
    return f'data-first-year="{first}" data-days="{" ".join(map(str, days))}"'


def _operation_years(projection: Projection) -> list[str]:
    """Name the years of operation, of which the first is shorter, by when they begin."""
    delay = projection.assumptions.delay()
    later = range(len(projection.years) - 1)
    begins = [0, *(first_year_months() + MONTHS_A_YEAR * years for years in later)]
    return [
        f"{prose.sentence_case(prose.ordinal(place))} year, from {month_of(delay + months):%B %Y}"
        for place, months in enumerate(begins, 1)
    ]


def _payback(projection: Projection, area: str) -> str:
    """Write the end of an element's opening tag, and what it holds."""
    days = projection.payback(area)
    if days is None:
        return f' data-payback data-exact-days="">{NEVER}'
    written = prose.number(days)
    text = f"{written} day{'' if written == '1' else 's'} after rollout" if days else IMMEDIATE
    return f' data-payback data-exact-days="{prose.rounded(days, 3)}">{text}'


def _results_table(projection: Projection, area: str) -> str:
    saved = [prose.quantity(value, "percent") for value in percentages(projection.assumptions)]
    total = projection.total(area)
    rows = [
        f'<tr><th scope="row">{year}</th>'
        f'<td data-year="{year}" data-pounds="{pounds(amount)}">{prose.number(amount, 2)}</td></tr>'
        for year, amount in zip(projection.years, projection.net_benefit(area), strict=True)
    ]
    return _table(
        f"<span data-name>{escape(areas.name(area))}</span>, with savings of "
        f"<span data-savings>{prose.listed(saved)}</span> by year of operation",
        '<tr><th scope="col">Financial year</th><th scope="col">Net benefit (£ million)</th></tr>',
        [
            f"<tbody>{''.join(rows)}</tbody>",
            f'<tfoot><tr><th scope="row">All years</th><td data-total '
            f'data-pounds="{pounds(total)}">{prose.number(total, 2)}</td></tr>'
            f'<tr><th scope="row">Payback</th><td{_payback(projection, area)}</td></tr></tfoot>',
        ],
    )


def _coefficients_table(projection: Projection, coefficients: Coefficients) -> str:
    names = _headings(_operation_years(projection))
    count = len(projection.years)
    bodies = []
    for area, without_savings, each_point in zip(
        projection.areas, coefficients.without_savings, coefficients.each_point, strict=True
    ):
        rows = "".join(
            f'<tr data-year="{year}"><th scope="row">{year}</th>'
            + "".join(_coefficient(float(amount)) for amount in (constant, *slopes))
            + "</tr>"
            for year, constant, slopes in zip(
                projection.years, without_savings, each_point, strict=True
            )
        )
        bodies.append(
            f'<tbody data-area="{area}"><tr><th scope="rowgroup" colspan="{2 + count}">'
            f"{escape(areas.name(area))}</th></tr>{rows}</tbody>"
        )
    return _table(
        f"Net benefit in pounds, in prices of {projection.assumptions.price_base}",
        '<tr><th scope="col" rowspan="2">Financial year</th>'
        '<th scope="col" rowspan="2">Without savings</th>'
        f'<th scope="colgroup" colspan="{count}">'
        f"For each percentage point saved, by year of operation</th></tr><tr>{names}</tr>",
        bodies,
    )


def _coefficient(million: float) -> str:
    return f'<td data-million="{million!r}">{prose.number(million * MILLION)}</td>'


def _savings_table(projection: Projection) -> str:
    assumed = projection.assumptions
    rows = [("assumed", "Assumed on this page", assumed)] + [
        (
            name,
            f"{prose.sentence_case(name)} case",
            replace(assumed, scenario=name, savings=AS_SCENARIO),
        )
        for name in scenarios()
    ]
    lines = [
        f'<tr data-savings-of="{key}"><th scope="row">{name}</th>'
        + "".join(
            f'<td data-percent="{value!r}">{prose.quantity(value, "percent")}</td>'
            for value in percentages(savings)
        )
        + "</tr>"
        for key, name, savings in rows
    ]
    return _table(
        "Share of acute spending saved, by year of operation",
        f"<tr>{_headings(['Savings', *_operation_years(projection)])}</tr>",
        [f"<tbody>{''.join(lines)}</tbody>"],
    )


def _headings(names: Iterable[str]) -> str:
    return "".join(f'<th scope="col">{name}</th>' for name in names)


def _table(caption: str, head: str, bodies: Sequence[str]) -> str:
    parts = (TABLE, f"<caption>{caption}</caption>", f"<thead>{head}</thead>", *bodies, "</table>")
    return "\n".join(parts)


def _scrolling(name: str, table: str) -> str:
    """Let a wide table scroll in its own box, by keyboard too."""
    return (
        f'<div class="nwl-calculator-wide" role="region" tabindex="0" aria-label="{name} of the '
        f'calculator">{table}</div>'
    )
