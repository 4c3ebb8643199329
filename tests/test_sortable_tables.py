"""tables.js in a real browser, under the policy that the embedded engine's pages carry."""

import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.tables import Number, table_markup
from nwlbook.embedded.policy import POLICY
from nwlbook.theme import OWN_ASSETS

ROOT = Path(__file__).parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ROWS = pd.DataFrame(
    {
        "name": ["Harrow", "Brent", "Éaling", "Newland"],
        "net": [-1.5, 1234.0, 7.0, None],
        "payback": ["90 days", "0 days", "Not in these years", "100 days"],
    }
)
COLUMNS = {"name": "Borough", "net": Number("Net (£)", 1), "payback": "Paid back"}


def test_only_a_table_that_asks_for_it_is_sortable():
    plain = table_markup(ROWS, COLUMNS, "tbl-a")
    sortable = table_markup(ROWS, COLUMNS, "tbl-a", sortable=True)
    assert "nwl-sortable" not in plain
    assert sortable == plain.replace('"nwl-table"', '"nwl-table nwl-sortable"')


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("tables")
    for name in ("tables.js", "tables.css"):
        shutil.copyfile(OWN_ASSETS / name, folder / name)
    tables = table_markup(ROWS, COLUMNS, "tbl-a", sortable=True) + table_markup(
        ROWS, COLUMNS, "tbl-b"
    )
    (folder / "page.html").write_text(
        f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Tables</title>
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<link rel="stylesheet" href="tables.css"><script src="tables.js" defer></script></head>
<body><main><h1>Tables</h1>{tables}</main></body></html>""",
        encoding="utf-8",
    )
    return f"file://{folder}/page.html"


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    opened = browser.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(address)
    yield opened
    opened.close()
    assert not complaints


def names(page: Any) -> list[str]:
    found: list[str] = page.locator(".nwl-sortable tbody th").all_text_contents()
    return found


def states(page: Any) -> list[str | None]:
    heads = page.locator(".nwl-sortable thead th").all()
    return [head.get_attribute("aria-sort") for head in heads]


@pytest.mark.browser
def test_numbers_are_sorted_by_size_and_what_is_none_stays_last(page: Any) -> None:
    page.get_by_role("button", name="Net (£)").click()
    assert names(page) == ["Harrow", "Éaling", "Brent", "Newland"]
    assert states(page) == [None, "ascending", None]
    page.get_by_role("button", name="Net (£)").click()
    assert names(page) == ["Brent", "Éaling", "Harrow", "Newland"]
    assert states(page) == [None, "descending", None]


@pytest.mark.browser
def test_words_are_sorted_as_a_reader_does_and_days_by_their_number(page: Any) -> None:
    page.get_by_role("button", name="Borough").click()
    assert names(page) == ["Brent", "Éaling", "Harrow", "Newland"]
    page.get_by_role("button", name="Paid back").click()
    assert names(page) == ["Brent", "Harrow", "Newland", "Éaling"]
    assert states(page) == [None, None, "ascending"]


@pytest.mark.browser
def test_the_keyboard_sorts_and_keeps_its_place(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert names(page)[0] == "Harrow"
    page.keyboard.press("Space")
    assert names(page)[0] == "Brent"
    assert page.evaluate("document.activeElement.textContent") == "Net (£)"


@pytest.mark.browser
def test_other_tables_have_no_buttons(page: Any) -> None:
    assert page.locator("table").count() == 2
    assert page.get_by_role("button").count() == len(COLUMNS)


@pytest.mark.browser
def test_without_script_the_table_is_plain(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    assert opened.get_by_role("button").count() == 0
    assert names(opened) == list(ROWS["name"])
    context.close()


@pytest.mark.browser
def test_a_sorted_table_has_no_accessibility_violation(browser: Any, address: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not installed")
    context = browser.new_context(bypass_csp=True)
    opened = context.new_page()
    opened.goto(address)
    opened.get_by_role("button", name="Borough").click()
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    found = opened.evaluate("axe.run(document).then(result => result.violations.map(v => v.id))")
    assert found == []
    context.close()
