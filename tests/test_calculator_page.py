"""The calculator on a built page, in a browser: its numbers are Python's, by mouse and by key."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from builder_books import build_book, make_real_book
from tiny_project import code, prose, write_notebook

from helpers import finance
from helpers.calculator import Coefficients
from helpers.calculator.markup import calculator_markup, pounds
from helpers.prose import gbp_million, number, rounded
from nwlbook.embedded.policy import POLICY
from nwlbook.theme import asset_files

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("book_evidence")]

ROOT = Path(__file__).parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """tags => axe.run(document, {preload: false, resultTypes: ["violations"],
    runOnly: {type: "tag", values: tags}})
    .then(result => result.violations.map(one => `${one.id}: ${one.nodes[0].html}`))"""
CASES = {
    "planned": finance.Assumptions(),
    "late": finance.Assumptions(slippage_months=5, price_base="2023/24", interim_share="40"),
    "absurd": finance.Assumptions(slippage_months=31, savings="0.7,2.125,33.3,100"),
}
SLIDERS = ([0, 0, 0, 0], [0.5, 2.5, 6.5, 20], [20, 20, 20, 20], [3, 0, 0.5, 19.5])
RESULTS = ".nwl-calculator-result, .nwl-calculator-board > table"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a book of one chapter a case, from notebook to page."""
    root = make_real_book(tmp_path_factory.mktemp("calculators") / "book")
    (root / "notebooks").mkdir()
    for name, case in CASES.items():
        write_notebook(
            root,
            name,
            code('borough = "nwl"', "parameters"),
            code(
                "from helpers import finance\nfrom helpers.calculator import show_calculator\n\n"
                f"projection = finance.project(finance.{case!r})"
            ),
            prose(
                f"# Case {name} {{#sec-{name}}}\n\nChoose an area and a scenario, or move a slider "
                "and see how net benefit and payback follow from the savings."
            ),
            code("#| output: asis\nshow_calculator(projection, borough)"),
            prose("The text goes on below the calculator."),
        )
    file = root / "_quarto.yml"
    configuration = yaml.safe_load(file.read_text("utf-8"))
    configuration["book"]["chapters"] += [f"notebooks/{name}.ipynb" for name in CASES]
    file.write_text(yaml.safe_dump(configuration, sort_keys=False), "utf-8")
    build_book(root, formats=("html",))
    return (root / "outputs" / "site").resolve()


class Reader:
    """A reader of one page, opened from its file, who hears what the browser complains of."""

    def __init__(self, browser: Any, file: Path, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(file.as_uri())

    def choose(self, area: str, scenario: str | None = None) -> None:
        self.page.get_by_label("Area").select_option(area)
        if scenario is not None:
            self.page.get_by_role("radio", name=f"{scenario} case").check()

    def slide(self, percentages: Sequence[float]) -> None:
        for slider, value in zip(self.page.get_by_role("slider").all(), percentages, strict=True):
            slider.fill(f"{value:g}")

    def results(self) -> dict[str, str]:
        """Return each exact result: pounds by year and in all, and days."""
        found: dict[str, str] = self.page.evaluate(
            """() => {
                const exact = {};
                for (const each of document.querySelectorAll("[data-pounds]")) {
                    exact[each.dataset.year ?? `total of ${each.tagName}`] = each.dataset.pounds;
                }
                for (const each of document.querySelectorAll("[data-payback]")) {
                    exact[`days of ${each.tagName}`] = each.dataset.exactDays;
                }
                return exact;
            }"""
        )
        return found

    def shown(self) -> list[str]:
        return [each.inner_text() for each in self.page.locator(RESULTS).all()]

    def values(self) -> list[float]:
        return [float(slider.input_value()) for slider in self.page.get_by_role("slider").all()]

    def scenario(self) -> str:
        name: str = self.page.locator("label:has(:checked)").inner_text()
        return name


@pytest.fixture
def read(browser: Any, site: Path) -> Iterator[Any]:
    opened: list[Reader] = []

    def open_page(name: str, **options: Any) -> Reader:
        sized = {"viewport": {"width": 1280, "height": 900}, **options}
        opened.append(Reader(browser, site / "notebooks" / f"{name}.html", **sized))
        return opened[-1]

    yield open_page
    for reader in opened:
        reader.context.close()
        assert reader.complaints == []


def expected(case: finance.Assumptions, area: str) -> dict[str, str]:
    projection = finance.project(case)
    total, days = pounds(projection.total(area)), projection.payback(area)
    exact = "" if days is None else f"{rounded(days, 3)}"
    return {
        **{
            year: pounds(amount)
            for year, amount in zip(projection.years, projection.net_benefit(area), strict=True)
        },
        "total of STRONG": total,
        "total of TD": total,
        "days of STRONG": exact,
        "days of TD": exact,
    }


@pytest.mark.build
@pytest.mark.parametrize("name", ["planned", "late"])
def test_each_scenario_of_each_area_agrees_with_the_model_to_the_penny(
    read: Any, name: str
) -> None:
    reader = read(name)
    for area, scenario in product(("nwl", *finance.boroughs()), finance.scenarios()):
        reader.choose(area, scenario.capitalize())
        assert reader.results() == expected(replace(CASES[name], scenario=scenario), area)


@pytest.mark.build
@pytest.mark.parametrize("name", ["planned", "late"])
def test_savings_set_by_hand_agree_with_the_model_to_the_penny(read: Any, name: str) -> None:
    reader = read(name)
    for percentages in SLIDERS:
        case = replace(CASES[name], savings=",".join(f"{value:g}" for value in percentages))
        reader.slide(percentages)
        for area in ("nwl", *finance.boroughs()):
            reader.choose(area)
            assert reader.results() == expected(case, area)
        assert reader.scenario() == "My own"


@pytest.mark.build
@pytest.mark.parametrize("name", CASES)
def test_the_script_starts_from_what_the_page_says_without_it(read: Any, name: str) -> None:
    silent, awake = read(name, java_script_enabled=False), read(name)
    assert silent.page.locator("input[type=range], .nwl-calculator select").count() == 0
    assert silent.page.locator(RESULTS).first.is_visible()
    silent.page.locator(".nwl-calculator summary").click()
    assert silent.page.locator(".nwl-calculator tbody[data-area]").count() == 9
    assert awake.page.get_by_role("slider").count() == 4
    assert awake.shown() == silent.shown()
    assert awake.results() == expected(CASES[name], "nwl")


@pytest.mark.build
def test_all_works_by_keyboard(read: Any) -> None:
    reader = read("planned")
    press = reader.page.keyboard.press
    reader.page.get_by_label("Area").focus()
    press("ArrowDown")
    assert "Brent" in reader.shown()[0]
    press("Tab")
    press("ArrowDown")
    assert reader.scenario() == "Worst case"
    assert reader.values() == [0, 1, 3, 5]
    press("Tab")
    press("ArrowRight")
    press("Tab")
    press("End")
    assert reader.values() == [0.5, 20, 3, 5]
    assert reader.scenario() == "My own"
    assert "0.5%, 20%, 3% and 5%" in reader.shown()[1]
    focused = reader.page.locator(":focus")
    assert focused.get_attribute("aria-valuetext") == "20%"
    assert reader.results() == expected(finance.Assumptions(savings="0.5,20,3,5"), "brent")
    for _ in range(3):
        press("Tab")
    assert reader.page.locator(":focus").inner_text() == "Back to what this page assumes"
    press("Enter")
    assert reader.results() == expected(finance.Assumptions(), "nwl")
    assert reader.scenario() == "Mid case"


@pytest.mark.build
def test_a_slider_shows_savings_between_its_steps_and_beyond_its_end(read: Any) -> None:
    reader = read("absurd")
    sliders = reader.page.get_by_role("slider").all()
    assert reader.values() == [0.7, 2.125, 33.3, 100]
    assert [each.get_attribute("max") for each in sliders] == ["100"] * 4
    assert [each.get_attribute("step") for each in sliders] == ["any", "any", "any", "0.5"]
    sliders[1].press("ArrowRight")
    assert 2.125 < reader.values()[1] < 5
    assert reader.values()[1] == round(reader.values()[1], 1)
    changed = ",".join(str(value) for value in reader.values())
    assert reader.results() == expected(replace(CASES["absurd"], savings=changed), "nwl")


@pytest.mark.build
def test_a_year_of_operation_beyond_the_case_says_that_it_changes_nothing(read: Any) -> None:
    page = read("absurd").page
    sliders = page.get_by_role("slider").all()
    first, second, third, fourth = (each.get_attribute("aria-describedby") for each in sliders)
    assert first is second is None
    for note in (third, fourth):
        assert "changes nothing" in page.locator(f"#{note}").inner_text()
    assert read("late").page.locator("[aria-describedby$=note]").count() == 0


@pytest.mark.build
def test_a_screen_reader_hears_the_result_and_nothing_twice(read: Any) -> None:
    page = read("planned").page
    live = page.locator(".nwl-calculator [aria-live=polite]")
    assert live.count() == 1
    assert "net benefit" in live.inner_text()
    assert [each.get_attribute("aria-live") for each in page.locator("output").all()] == ["off"] * 4


@pytest.mark.build
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_accessibility_violation_and_nothing_overflows(
    read: Any, scheme: str, width: int
) -> None:
    screen = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    page = read("absurd", bypass_csp=True, **screen).page
    page.locator(".nwl-calculator summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE, STANDARD) == []


@pytest.mark.build
@pytest.mark.parametrize("height", [844, 420])
def test_on_a_phone_controls_are_large_and_never_hidden_by_the_result(
    read: Any, height: int
) -> None:
    screen = {"viewport": {"width": 390, "height": height}, "reduced_motion": "reduce"}
    page = read("absurd", **screen).page
    page.get_by_label("Area").focus()
    targets = page.locator(
        ".nwl-calculator :is(select, button, summary, input[type=range], label:has(input))"
    )
    assert targets.count() == 11
    for target in targets.all():
        assert target.bounding_box()["height"] >= 44
    seen = set()
    while page.locator(".nwl-calculator :is(select, input, button):focus").count():
        hit = page.evaluate(
            """() => {
                const {left, top, width, height} = document.activeElement.getBoundingClientRect();
                const hit = document.elementFromPoint(left + width / 2, top + height / 2);
                return hit === document.activeElement;
            }"""
        )
        assert hit, page.evaluate("document.activeElement.outerHTML")
        seen.add(page.evaluate("document.activeElement.type"))
        page.keyboard.press("Tab")
    assert seen == {"select-one", "radio", "range", "button"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a page that only has the assets, under the pages' policy."""
    folder = tmp_path_factory.mktemp("bare")
    for name, source in asset_files(ROOT).items():
        if "calculator" in name:
            shutil.copyfile(source, folder / Path(name).name)
    return folder


def bare_page(folder: Path, coefficients: Coefficients, months: int) -> Path:
    """Write a calculator of other coefficients than the model's."""
    projection = finance.project(finance.Assumptions(slippage_months=months))
    file = folder / f"{months}.html"
    file.write_text(
        f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Bare</title>
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<link rel="stylesheet" href="calculator.css"><script src="calculator.js" defer></script></head>
<body><main>{calculator_markup(projection, coefficients, "nwl")}</main></body></html>""",
        "utf-8",
    )
    return file


def test_rounding_is_the_books_at_every_tie(browser: Any, bare: Path) -> None:
    ties = [
        0, 0.005, -0.005, 0.015, 1.005, -1.005, 2.675, 0.125, -0.125, 0.0049999999, -0.004,
        0.000000005, -0.000000005, 0.0000000044, -0.0000000044, 0.0000000045, 0.1 + 0.2, 1 / 3,
        1 / 1024, 3 / 1024, 999.995, -999.995, 1234.565, 99999.995, 1e-12, -1e-12, 0.285, 1.115,
        8.345, 1.45, -2.5, 12345.6789012345, 0.07 * 100, 4.35, 4.345, -4.345,
    ]  # fmt: skip
    amounts = np.array(ties).reshape(9, 4)
    reader = Reader(browser, bare_page(bare, Coefficients(amounts, np.zeros((9, 4, 4))), 0))
    for area, row in zip(("nwl", *finance.boroughs()), amounts, strict=True):
        reader.choose(area)
        cells = reader.page.locator("td[data-year]").all()
        assert [cell.inner_text() for cell in cells] == [number(amount, 2) for amount in row]
        assert [cell.get_attribute("data-pounds") for cell in cells] == [
            pounds(amount) for amount in row
        ]
        assert gbp_million(float(row.sum())) in reader.shown()[0]
    reader.context.close()
    assert reader.complaints == []


@pytest.mark.parametrize("months", [0, 5, 7, 20, 31, 42])
def test_payback_is_the_models_whatever_the_sums(browser: Any, bare: Path, months: int) -> None:
    amounts = np.array(
        [
            [-10, 4, 4, 4], [-10, 10, 0, 0], [0, 0, 0, 0], [5, -20, 3, 40], [-1, -1, -1, -1],
            [-10, 30, -40, 90], [-3, 0, 0, 9], [-1, 212.5, 1, 1], [-10, -5, 7, 12],
        ],
        dtype=float,
    )  # fmt: skip
    # Before rollout nothing is spent and nothing gained.
    first = (months + 5) // 12
    amounts = np.hstack([np.zeros((9, first)), amounts[:, : 4 - first]])
    reader = Reader(browser, bare_page(bare, Coefficients(amounts, np.zeros((9, 4, 4))), months))
    for area, row in zip(("nwl", *finance.boroughs()), amounts, strict=True):
        reader.choose(area)
        days = float(finance.payback_days(row, months))
        shown = reader.page.locator("td[data-payback]")
        exact = "" if np.isnan(days) else f"{rounded(days, 3)}"
        assert shown.get_attribute("data-exact-days") == exact
        if np.isnan(days):
            assert shown.inner_text() == "not within these years"
        elif days == 0:
            assert shown.inner_text() == "immediate, as the first year has no deficit"
        else:
            assert shown.inner_text() == f"{number(days)} days after rollout"
    reader.context.close()
    assert reader.complaints == []


@pytest.mark.parametrize("kind", ["css", "js"])
def test_both_engines_load_it(kind: str) -> None:
    head = asset_files(ROOT)["assets/head.html"].read_text("utf-8")
    template = ROOT / "src" / "nwlbook" / "embedded"
    assert f'"/assets/calculator.{kind}"' in head
    assert f'"calculator.{kind}"' in (template / "site.py").read_text("utf-8")
