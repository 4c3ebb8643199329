"""The performance dashboard that the case of 2009 asked for, from what is held on a day.

A tile is one thing that a committee would follow. It shows the latest value, the target, the
two icons of its control chart, who answers for it and of when the value is, or says that no
data is held.
"""

from helpers.dashboard.asked import competencies
from helpers.dashboard.board import section_counts, tiles
from helpers.dashboard.findings import (
    against_target,
    assured,
    newest,
    of_trusts,
    overview,
    remarks,
    terms,
    varied,
)
from helpers.dashboard.icons import assurance_icon, icon_key, variation_icon
from helpers.dashboard.observed import held_series
from helpers.dashboard.tile import BASELINE, EVERYONE, EXTENTS, NO_DATA, NOTHING, SECTIONS, SERIES

__all__ = [
    "BASELINE",
    "EVERYONE",
    "EXTENTS",
    "NOTHING",
    "NO_DATA",
    "SECTIONS",
    "SERIES",
    "against_target",
    "assurance_icon",
    "assured",
    "competencies",
    "held_series",
    "icon_key",
    "newest",
    "of_trusts",
    "overview",
    "remarks",
    "section_counts",
    "terms",
    "tiles",
    "variation_icon",
    "varied",
]
