"""Wait in a browser for what a page becomes."""

from typing import Any

from playwright.sync_api import Error

EVERY = 25  # milliseconds
PATIENCE = 800  # times


def until(page: Any, expression: str) -> Any:
    """Wait until an expression is true in a page, and return its value.

    Playwright's own `wait_for_function` asks a second time by `eval`, which the policy of our
    pages forbids: it works if the first answer is true and fails otherwise.
    """
    for _ in range(PATIENCE):
        try:
            value = page.evaluate(expression)
        except Error as error:
            # The page is being loaded anew.
            if "Execution context was destroyed" not in str(error):
                raise
            value = None
        if value:
            return value
        page.wait_for_timeout(EVERY)
    raise AssertionError(f"never true: {expression}")
