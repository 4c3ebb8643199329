"""What a reader must know of a control chart beyond its lines, in sentences."""

from collections.abc import Sequence
from datetime import date

from helpers import prose

LEAST_POINTS_A_SECTION = 12  # with fewer, NHS England's query warns
WIDE = 1.5  # times the usual distance: no calendar month or quarter is that long by itself


def dates_in_words(dates: Sequence[date]) -> list[str]:
    """Write dates as months, or as days where a month holds more than one of them."""
    if len({(day.year, day.month) for day in dates}) == len(dates):
        return [f"{day:%B %Y}" for day in dates]
    return [f"{day.day} {day:%B %Y}" for day in dates]


def too_few(held: int, least: int) -> str:
    """Say how many points are missing for limits and icons."""
    return (
        f"{prose.sentence_case(prose.count(held, 'point is', 'points are'))} held and process "
        f"limits need {prose.count(least)}: {prose.count(least - held)} more, so only the mean "
        "is shown."
    )


def gaps(dates: Sequence[date], words: Sequence[str]) -> list[str]:
    """Say how many periods are missing between points, and how they are treated.

    The usual distance of two points is the median.
    """
    import numpy as np

    if len(dates) == 1:
        return []
    days = np.diff(np.array(dates, dtype="datetime64[D]")).astype(float)
    usual = float(np.median(days))
    wide = np.flatnonzero(days >= WIDE * usual).tolist()
    if not wide:
        return []
    missing = sum(round(days[gap] / usual) - 1 for gap in wide)
    place = (
        f"between {words[wide[0]]} and {words[wide[0] + 1]}"
        if len(wide) == 1
        else f"in {prose.count(len(wide))} gaps, the first after {words[wide[0]]}"
    )
    return [
        f"{prose.sentence_case(prose.count(missing, 'period is', 'periods are'))} missing "
        f"{place}: moving ranges and rules take the points on either side as neighbours."
    ]


def not_recalculated(words: Sequence[str], positions: Sequence[int]) -> list[str]:
    """Say which recalculations are left out."""
    return [
        f"The recalculation {place} is not made: process limits need two points before it and "
        "two after."
        for place in (
            f"from {words[position]}" if position < len(words) else f"after {words[-1]}"
            for position in positions
        )
    ]


def sections(words: Sequence[str], starts: Sequence[int]) -> list[str]:
    """Say from when limits are calculated anew, and which of them rest on few points."""
    if len(starts) == 1:
        return []
    again = prose.listed([words[start] for start in starts[1:]])
    return [
        f"Mean and process limits are calculated anew from {again}.",
        *(
            f"The process limits from {words[start]} rest on {prose.count(end - start)} points, "
            f"fewer than {prose.count(LEAST_POINTS_A_SECTION)}, and are provisional."
            for start, end in zip(starts, [*starts[1:], len(words)], strict=True)
            if end - start < LEAST_POINTS_A_SECTION
        ),
    ]


def collapsed(words: Sequence[str], flat: Sequence[int]) -> list[str]:
    """Say which sections, given by their first points, hold one value only."""
    return [
        f"All values from {words[start]} are the same, so the process limits collapse onto the "
        "mean and say nothing of how much the process varies."
        for start in flat
    ]


def conflicts(number: int) -> list[str]:
    """Say how points are shown that are improvement and concern at once."""
    if not number:
        return []
    one = number == 1
    return [
        f"{prose.sentence_case(prose.count(number, 'point'))} {'meets' if one else 'meet'} a rule "
        f"of improvement and a rule of concern at once, and {'is' if one else 'are'} shown as "
        "improvement."
    ]


def cut(lowest: float, highest: float) -> list[str]:
    """Say that limits are drawn only as far as values can go."""
    return [
        f"Process limits are drawn no further than {prose.quantity(lowest, 'count')} and "
        f"{prose.quantity(highest, 'count')}, beyond which no value can lie; the target is "
        "compared with the limits as calculated."
    ]
