"""Who does what: the activities of 2009, and the owners and dependencies of 2024."""

from typing import TYPE_CHECKING, Any

from helpers import evidence

if TYPE_CHECKING:
    import pandas as pd

FUNCTIONS = {
    "plan": "Plan",
    "engage": "Engage",
    "contract-and-procure": "Contract and procure",
    "manage": "Manage",
}
RESPONSIBILITIES = ("responsible", "accountable", "consulted")
TRUSTS, VEHICLE = "pct", "acv"
DOERS = ("Trusts alone", "Vehicle alone", "Vehicle with others")
NOBODY = "Nobody named"


def activities() -> "pd.DataFrame":
    """Return the commissioning activities of 2009 with who does each, in printed order.

    Returns
    -------
    pandas.DataFrame
        As the resource ``commissioning-activities`` describes it, with the marks set apart by
        commas, ``function_title``, and ``doer``: trusts alone, the Partnership's vehicle
        alone, or the vehicle with others.
    """
    frame = evidence.load("commissioning-activities")
    parties = evidence.load("activity-parties", responsibility="responsible")
    doing = parties.groupby("activity_id")["party"].agg(frozenset)
    spaced = {
        name: frame[name].fillna(NOBODY).str.replace("/", ", ", regex=False)
        for name in RESPONSIBILITIES
    }
    return frame.assign(
        **spaced,
        function_title=frame["function"].map(FUNCTIONS),
        doer=frame["activity_id"].map(doing).map(_doer),
    )


def _doer(parties: frozenset[str]) -> str:
    if VEHICLE not in parties:
        return DOERS[0]
    return DOERS[1] if parties == {VEHICLE} else DOERS[2]


def parties_by_function() -> "pd.DataFrame":
    """Count the activities of each party, responsibility and function.

    Returns
    -------
    pandas.DataFrame
        One row a party and responsibility, most activities first within a responsibility;
        columns ``party, mark, expansion, responsibility``, the functions and ``all``.
    """
    import pandas as pd

    parties = evidence.load("activity-parties").merge(
        evidence.load("commissioning-activities")[["activity_id", "function"]], on="activity_id"
    )
    counts = (
        parties.groupby(["responsibility", "party", "function"])["activity_id"]
        .nunique()
        .unstack(fill_value=0)
        .reindex(columns=list(FUNCTIONS), fill_value=0)
    )
    counts["all"] = counts.sum(axis=1)
    names = evidence.load("commissioning-parties")[["party", "mark", "expansion"]]
    wide = counts.reset_index().merge(names, on="party")
    rank = pd.Categorical(wide["responsibility"], RESPONSIBILITIES, ordered=True)
    return (
        wide.assign(rank=rank)
        .sort_values(["rank", "all", "mark"], ascending=[True, False, True])
        .drop(columns="rank")
        .reset_index(drop=True)
    )


def named(resource: str) -> "pd.DataFrame":
    """Return who the plan of 2024 names for its aims, each body once a cell of the plan.

    Parameters
    ----------
    resource : str
        ``aim-dependencies`` or ``aim-owners``.

    Returns
    -------
    pandas.DataFrame
        Without the rows that the plan prints a second time and those that name no body;
        with ``title`` and ``kind`` of the body.
    """
    frame = evidence.load(resource, repeated=False)
    frame = frame[frame["body"].notna()].drop_duplicates(["priority", "aim_id", "body"])
    bodies = evidence.load("bodies")[["body", "title", "kind"]]
    return frame.merge(bodies, on="body").reset_index(drop=True)


def by_priority(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Count for each body the cells of the plan that name it, by priority.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `named`.

    Returns
    -------
    pandas.DataFrame
        One row a body; columns ``body``, ``title``, the numbers of the priorities,
        ``priorities`` (how many name it) and ``times``; the widest spread first.
    """
    numbers = [row["priority"] for row in evidence.rows("priorities")]
    counts = (
        frame.groupby(["body", "title", "priority"])["aim_id"]
        .nunique()
        .unstack(fill_value=0)
        .reindex(columns=numbers, fill_value=0)
    )
    spread, times = (counts > 0).sum(axis=1), counts.sum(axis=1)
    return (
        counts.assign(priorities=spread, times=times)
        .reset_index()
        .sort_values(["priorities", "times", "title"], ascending=[False, False, True])
        .reset_index(drop=True)
        .rename_axis(columns=None)
    )


def without(resource: str) -> "pd.DataFrame":
    """Return the aims of 2024 for which the plan names nobody.

    Parameters
    ----------
    resource : str
        ``aim-dependencies`` or ``aim-owners``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``priority-aims``; an aim that the plan prints a second time is left out.
    """
    covered = _covered(resource, repeated=False) | _covered("aim-owners", repeated=True)
    aims = evidence.load("priority-aims")
    return aims[~aims["aim_id"].isin(covered)].reset_index(drop=True)


def printed_aims() -> int:
    """Return how many rows of aims the plan has, those printed a second time left out."""
    repeated = _covered("aim-owners", repeated=True)
    return sum(row["aim_id"] not in repeated for row in evidence.rows("priority-aims"))


def places(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return the priorities of the plan that rows come from, as rows of evidence."""
    return frame[["source_id"]].assign(locator=frame["locator"].str.partition(",")[0])


def _covered(resource: str, **where: Any) -> set[str]:
    """Return the aims that rows cover: a cell of the plan can span several of them."""
    aims = evidence.rows("priority-aims")
    order = {row["aim_id"]: row["order"] for row in aims}
    spans = evidence.load(resource, **where)
    return {
        aim["aim_id"]
        for span in spans.itertuples(index=False)
        for aim in aims
        if aim["priority"] == span.priority
        and order[span.aim_id] <= aim["order"] <= order[span.last_aim_id]
    }
