"""Who bears over-performance: the agreed rule, a fund or a pool, in a simulation of our own.

The source agrees that each trust pays for its own over-performance and gives no rates (Part 3,
section 4.4.1). Every figure of the simulation is an assumption of this book, in the table
``over-performance-assumptions``. Each year's contract is taken to start from the year before,
so years are independent of each other; people are taken to behave alike under every rule.
"""

from helpers.finance.over_performance.arrangements import ARRANGEMENTS, Outcome, arrange
from helpers.finance.over_performance.assumed import Chances, assumptions, chances, written
from helpers.finance.over_performance.by_borough import BAD_YEAR, periods, results, what_if
from helpers.finance.over_performance.draws import DRAWS, draw

__all__ = [
    "ARRANGEMENTS",
    "BAD_YEAR",
    "DRAWS",
    "Chances",
    "Outcome",
    "arrange",
    "assumptions",
    "chances",
    "draw",
    "periods",
    "results",
    "what_if",
    "written",
]
