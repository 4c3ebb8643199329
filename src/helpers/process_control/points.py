"""The points of a control chart and its settings, checked before anything is drawn."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from helpers.errors import EvidenceError
from helpers.process_control.readings import Direction

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

RUN_LENGTHS = range(6, 9)  # what NHS England's tools offer for shifts and for trends


def check_settings(
    direction: str, target: float | None, shift_points: int, trend_points: int
) -> None:
    """Refuse a direction, a target or a run length that has no meaning."""
    import numpy as np

    if direction not in get_args(Direction):
        raise EvidenceError(
            f"direction: '{direction}': expected {', '.join(get_args(Direction)[:-1])} or "
            f"{get_args(Direction)[-1]}"
        )
    if target is not None and not np.isfinite(target):
        raise EvidenceError(f"target: '{target}': expected a finite number")
    for name, points in {"shift_points": shift_points, "trend_points": trend_points}.items():
        if points not in RUN_LENGTHS:
            raise EvidenceError(
                f"{name}: '{points}': expected {RUN_LENGTHS[0]} to {RUN_LENGTHS[-1]} points"
            )


def ordered_points(
    values: Sequence[float], dates: Sequence[date], bounds: tuple[float, float] | None
) -> "tuple[Any, Floats]":
    """Return dates and values in order of time, or say which point cannot be charted.

    Parameters
    ----------
    values : sequence of float, shape (n,)
        One value a date.
    dates : sequence of date, shape (n,)
        When each was measured, in any order.
    bounds : tuple of float, optional
        Least and greatest value possible.

    Raises
    ------
    EvidenceError
        If there is no point, a value is not finite or out of bounds, or a date stands twice.
    """
    import numpy as np

    try:
        days = np.asarray(dates, dtype="datetime64[D]")
        series = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise EvidenceError(f"a control chart needs numbers and dates: {error}") from error
    if len(days) != len(series):
        raise EvidenceError(f"{len(series)} values stand against {len(days)} dates")
    if not len(series):
        raise EvidenceError("a control chart needs at least one point")
    if np.isnat(days).any():
        raise EvidenceError(f"row {int(np.isnat(days).argmax()) + 1}: expected a date")
    order = np.argsort(days, kind="stable")
    days, series = days[order], series[order]
    again = days[1:] == days[:-1]
    if again.any():
        raise EvidenceError(f"'{days[1:][again][0]}': expected one value a date, found two or more")
    lowest, highest = bounds or (-np.inf, np.inf)
    for wrong, expected in (
        (~np.isfinite(series), "a finite number"),
        ((series < lowest) | (series > highest), f"{lowest:g} to {highest:g}"),
    ):
        if wrong.any():
            raise EvidenceError(
                f"value of {days[wrong][0]}: '{series[wrong][0]:g}': expected {expected}"
            )
    return days, series
