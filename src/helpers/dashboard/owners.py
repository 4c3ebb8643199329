"""Who answers for an aim of the plan of 2024, as it prints them."""

from functools import cache

from helpers import evidence

NO_OWNER = "None printed"


@cache
def aim_owners(aim: str | None) -> str:
    """Return the owners printed for an aim, joined, or that none is.

    Parameters
    ----------
    aim : str or None
        Row of the plan's tables of aims. A cell of owners can span several of them.
    """
    order = {
        row["aim_id"]: (row["priority"], row["order"]) for row in evidence.rows("priority-aims")
    }
    if aim is None:
        return NO_OWNER
    names = dict.fromkeys(
        row["owner"]
        for row in evidence.rows("aim-owners")
        if row["body"] and order[row["aim_id"]] <= order[aim] <= order[row["last_aim_id"]]
    )
    return "; ".join(names) or NO_OWNER
