"""A calculator for the page: net benefit and payback for savings that the reader chooses.

Net benefit is linear in the saving, so a table of coefficients holds all that a script has to
know. The table is there for people as well: without script a reader has the results of the
case assumed, and can reckon those of any other from the coefficients.
"""

import re
from html import unescape

from helpers.calculator.coefficients import Coefficients, coefficients
from helpers.calculator.markup import calculator_markup, result_markup
from helpers.errors import ExhibitError
from helpers.finance import Projection
from helpers.markdown import escaped

__all__ = ["Coefficients", "coefficients", "show_calculator"]

TAG = re.compile(r"<[^>]+>")


def show_calculator(projection: Projection, borough: str) -> None:
    """Print the calculator as Markdown, in a cell of its own with ``output: asis``.

    Parameters
    ----------
    projection : Projection
        The case assumed, which the calculator starts from.
    borough : str
        Area chosen at first: a borough or the sector.

    Raises
    ------
    ExhibitError
        If the projection lacks the area, or has inputs of its own.
    """
    if borough not in projection.areas:
        raise ExhibitError(
            f"calculator: area '{borough}': expected one of {', '.join(projection.areas)}"
        )
    result = unescape(TAG.sub("", result_markup(projection, borough)))
    print(
        '::: {.content-visible when-format="html:js"}',
        "```{=html}",
        calculator_markup(projection, coefficients(projection), borough),
        "```",
        ":::",
        "",
        '::: {.content-visible unless-format="html:js"}',
        "On the web this chapter has a calculator for other savings than those assumed here. "
        + escaped(result),
        ":::",
        sep="\n",
    )
