"""What the case rests on: one assumption changed at a time, and the saving that it needs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from helpers import evidence, prose
from helpers.finance.assumptions import AS_PUBLISHED, AS_SCENARIO, PERCENT, Assumptions
from helpers.finance.calendar import MONTHS_A_YEAR, longest_delay, scenarios, years
from helpers.finance.case_inputs import Inputs, assumption, inputs
from helpers.finance.projection import Projection, project

SOURCE, OURS = "given by the source", "assumed by us"


@dataclass(frozen=True)
class BreakEven:
    """The saving at which an area's case comes to nothing over its years.

    Attributes
    ----------
    area : str
        Slug.
    path_share : float
        Share of the assumed savings that is enough; 0 or less where none is needed, and
        infinite where no saving would be enough, because none arrives in time.
    final_percent : float
        The saving of the last year of operation on that path, per cent of acute spend.
    highest_percent : float
        The highest saving of any year on that path; the same unless savings fall again.
    full_year_percent : float
        The saving, per cent of acute spend, that covers the costs of a whole year in the last
        year of operation.
    """

    area: str
    path_share: float
    final_percent: float
    highest_percent: float
    full_year_percent: float

    @property
    def needs_saving(self) -> bool:
        """Whether the area loses without any saving."""
        return self.path_share > 0


@dataclass(frozen=True)
class Swing:
    """What one assumption does to the net benefit over the whole case, £ million.

    Attributes
    ----------
    title : str
        The assumption.
    low_text, high_text : str
        Its two ends, in words.
    low, high : float
        Net benefit at each end.
    basis : str
        `SOURCE` or `OURS`: who gives the range.
    source_id, locator : str
        Where the range, or what it is about, is printed.
    """

    title: str
    low_text: str
    high_text: str
    low: float
    high: float
    basis: str
    source_id: str
    locator: str

    @property
    def width(self) -> float:
        """How far apart the ends are."""
        return abs(self.high - self.low)


def without_savings(assumptions: Assumptions, given: Inputs | None = None) -> Projection:
    """Return the same case if nothing at all were saved on hospital care."""
    nothing = ",".join("0" for _ in years())
    return project(replace(assumptions, savings=nothing), given)


def break_even(assumptions: Assumptions, given: Inputs | None = None) -> dict[str, BreakEven]:
    """Return the saving that each area's case needs.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader. If it saves nothing, the path of its scenario is scaled instead.
    given : Inputs, optional
        Instead of those of the evidence.

    Returns
    -------
    dict
        Area, sector first, to its break-even.
    """
    known = given or inputs()
    path = np.array(assumptions.saving_shares())
    if not path.any():
        assumptions = replace(assumptions, savings=AS_SCENARIO)
        path = np.array(assumptions.saving_shares())
    projection = project(assumptions, known)
    spend = np.concatenate([[known.acute_spend.sum()], known.acute_spend])
    # The yearly costs in full operation do not depend on when it starts.
    begun = replace(assumptions, start_date=AS_PUBLISHED, slippage_months=0, price_base=years()[0])
    undelayed = without_savings(begun, known)
    found = {}
    for area, total, saved, loss, whole in zip(
        projection.areas,
        projection.lines["net_benefit"].sum(axis=1).tolist(),
        projection.lines["efficiency_benefits"].sum(axis=1).tolist(),
        (-undelayed.lines["net_benefit"][:, -1]).tolist(),
        spend.tolist(),
        strict=True,
    ):
        rest = total - saved
        share = -rest / saved if saved > 0 else (np.inf if rest < 0 else 0.0)
        yearly = loss / whole * PERCENT
        final, highest = (
            share if np.isinf(share) else share * float(level) * PERCENT
            for level in (path[-1], path.max())
        )
        found[area] = BreakEven(area, share, final, highest, yearly)
    return found


def delay_totals(assumptions: Assumptions, months: int = MONTHS_A_YEAR) -> list[Projection]:
    """Return the case begun later and later: as assumed, then each month more.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader.
    months : int
        How many months more, if the years of the case leave room for them.
    """
    room = longest_delay() - assumptions.delay()
    return [
        project(replace(assumptions, slippage_months=assumptions.slippage_months + more))
        for more in range(min(months, room) + 1)
    ]


def swings(assumptions: Assumptions, area: str) -> list[Swing]:
    """Return what each assumption does alone to an area's net benefit, the widest first.

    Parameters
    ----------
    assumptions : Assumptions
        Of the reader; every other assumption stays as it is.
    area : str
        Sector or borough.
    """
    known = inputs()

    def total(changed: Assumptions | None = None, given: Inputs | None = None) -> float:
        return project(changed or assumptions, given or known).total(area)

    found = [
        _savings(assumptions, total),
        _spend(known, total),
        _running_costs(known, total),
        _interim_staff(assumptions, known, total),
        _slippage(assumptions, total),
        _retained(known, total),
        _transition(known, total),
    ]
    return sorted(found, key=lambda swing: swing.width, reverse=True)


Total = Callable[..., float]


def _savings(assumptions: Assumptions, total: Total) -> Swing:
    """Vary savings between the worst and the best case, or as widely about those given."""
    paths = inputs().savings
    names = sorted(scenarios(), key=lambda name: paths[name].sum())
    low, high = names[0], names[-1]
    if assumptions.savings == AS_SCENARIO:
        ends = [replace(assumptions, scenario=name) for name in (low, high)]
        texts = [f"{name} case, {paths[name][-1] * PERCENT:g}%" for name in (low, high)]
    else:
        times = [float(paths[name][-1] / paths["mid"][-1]) for name in (low, high)]
        ends = [replace(assumptions, savings=_times(assumptions, each)) for each in times]
        texts = [f"{each:g} times those given" for each in times]
    return Swing(
        "Savings on hospital care",
        texts[0],
        texts[1],
        total(ends[0]),
        total(ends[1]),
        SOURCE,
        *_place("savings-scenarios", scenario=low),
    )


def _times(assumptions: Assumptions, factor: float) -> str:
    """Return a multiple of the savings assumed, at most all that is spent."""
    shares = [min(1.0, share * factor) for share in assumptions.saving_shares()]
    return ",".join(f"{share * PERCENT:.10g}" for share in shares)


def _spend(known: Inputs, total: Total) -> Swing:
    own, whole = assumption("nwl-provider-acute-spend"), assumption("sector-acute-spend")
    larger = replace(known, acute_spend=known.acute_spend * whole / own)
    return Swing(
        "Spending that savings apply to",
        "the sector's own hospitals",
        "all hospitals",
        total(),
        total(given=larger),
        SOURCE,
        *_place("business-case-assumptions", assumption="sector-acute-spend"),
    )


def _running_costs(known: Inputs, total: Total) -> Swing:
    dearer = replace(known, salaries=known.salaries + top_down_excess())
    cheaper = replace(known, planning_directorate=0.0)
    return Swing(
        "Running cost",
        "estimated from the top down",
        "no planning directorate",
        total(given=dearer),
        total(given=cheaper),
        SOURCE,
        *_place("business-case-assumptions", assumption="top-down-running-cost"),
    )


def top_down_excess() -> float:
    """Return by how much the estimate from the top down exceeds the one used, £ million a year.

    Both leave out the planning directorate (section 2.2.2).
    """
    return assumption("top-down-running-cost") - assumption("bottom-up-running-cost-without-spd")


def _interim_staff(assumptions: Assumptions, known: Inputs, total: Total) -> Swing:
    dear, cheap = (
        f"{round(float(share) * PERCENT, 6):g}"
        for share in (known.interim_shares.max(), known.interim_shares.min())
    )
    return Swing(
        "Share of interim staff",
        f"{dear}% in all years",
        f"{cheap}% in all years",
        total(replace(assumptions, interim_share=dear)),
        total(replace(assumptions, interim_share=cheap)),
        SOURCE,
        *_place("business-case-assumptions", assumption="interim-share-2009-10"),
    )


def _slippage(assumptions: Assumptions, total: Total) -> Swing:
    row = assumed_range("slippage")
    more = min(int(row["high"]), longest_delay() - assumptions.delay())
    later = replace(assumptions, slippage_months=assumptions.slippage_months + more)
    return Swing(
        "Start of the Partnership",
        f"{prose.count(more, 'month')} later",
        "as assumed",
        total(later),
        total(),
        OURS,
        row["source_id"],
        row["locator"],
    )


def _retained(known: Inputs, total: Total) -> Swing:
    row = assumed_range("retained-costs")

    def times(share: float) -> Inputs:
        return replace(
            known,
            retained_staff=known.retained_staff * share / PERCENT,
            retained_other=known.retained_other * share / PERCENT,
        )

    return Swing(
        row["title"],
        f"{row['high']:g}% of those planned",
        f"{row['low']:g}% of those planned",
        total(given=times(row["high"])),
        total(given=times(row["low"])),
        OURS,
        row["source_id"],
        row["locator"],
    )


def _transition(known: Inputs, total: Total) -> Swing:
    row = assumed_range("transition-costs")
    dearer = replace(known, transition=known.transition * row["high"] / PERCENT)
    return Swing(
        row["title"],
        f"{row['high']:g}% of that planned",
        "as planned",
        total(given=dearer),
        total(),
        OURS,
        row["source_id"],
        row["locator"],
    )


def assumed_range(name: str) -> evidence.Row:
    """Return one of the ranges that are ours, with its reason."""
    return next(row for row in evidence.rows("model-ranges") if row["range"] == name)


def _place(resource: str, **where: str) -> tuple[str, str]:
    row = next(
        row
        for row in evidence.rows(resource)
        if all(row[key] == wanted for key, wanted in where.items())
    )
    return row["source_id"], row["locator"]
