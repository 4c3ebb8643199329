"""Tables of a priority's chapter, from its indicators and its series."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from helpers import prose
from helpers.process_control import Assurance, Variation
from helpers.trajectories.indicators import Indicator, known
from helpers.trajectories.observed import Series
from helpers.trajectories.outlook import Outlook, control
from helpers.trajectories.panels import MOST_PANELS, newest
from helpers.trajectories.required import needed_each_quarter, required_path
from helpers.trajectories.status import status
from helpers.trajectories.wording import SHORT, chance_words, day_words, names

if TYPE_CHECKING:
    import pandas as pd

NOT_PRINTED, NO_DATE, NO_LEVEL = "Not printed", "No date", "None printed"


def indicator_table(frame: "pd.DataFrame", as_of: date) -> "pd.DataFrame":
    """Return the indicators as a table: from where, to what, by when, how fast, and how it stands.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `indicators`.
    as_of : datetime.date
        The day to look from.

    Returns
    -------
    pandas.DataFrame
        Columns ``title, start, target, due, needed, status, source_id, locator``.
    """
    rows = [known()[name] for name in frame["indicator"]]
    return frame.assign(
        start=frame["baseline_printed"].fillna(NOT_PRINTED),
        target=[
            _target(row, text) for row, text in zip(rows, frame["target_printed"], strict=True)
        ],
        due=frame["target_date_printed"].fillna(NO_DATE),
        needed=needed_each_quarter(frame, as_of),
        status=[prose.sentence_case(status(row, as_of).value) for row in rows],
    )[["title", "start", "target", "due", "needed", "status", "source_id", "locator"]]


def path_points(indicators: Sequence[Indicator], as_of: date) -> "pd.DataFrame":
    """Return the points of the required paths: ``title, day, straight, logistic`` and places."""
    import pandas as pd

    return pd.DataFrame(
        {
            "title": indicator.title,
            "day": day_words(day),
            "straight": round(path.straight(day), 1),
            "logistic": round(path.logistic(day), 1) if path.is_share else None,
            "source_id": indicator.source_id,
            "locator": indicator.locator,
        }
        for indicator in indicators
        if (path := required_path(indicator, as_of))
        for day in (path.start, *path.quarters(), path.end)
    )


def control_table(series: Sequence[Series]) -> "pd.DataFrame":
    """Return what the control charts say.

    Returns
    -------
    pandas.DataFrame
        Columns ``series, latest, target, variation, assurance, points``.
    """
    import pandas as pd

    charts = [control(each) for each in series]
    return pd.DataFrame(
        {
            "series": name,
            "latest": f"{each.write(each.values[-1])} in {each.dates[-1]:%B %Y}",
            "target": NO_LEVEL if each.target is None else each.write(each.target),
            "variation": _icon(chart.variation),
            "assurance": _icon(chart.assurance),
            "points": _points(len(each.dates), chart.missing),
        }
        for each, name, chart in zip(series, names(series), charts, strict=True)
    )


def control_points(series: Sequence[Series]) -> "pd.DataFrame":
    """Return the points that the control charts draw, with mean, limits and reading."""
    import pandas as pd

    rows = []
    for each, name in list(zip(series, names(series), strict=True))[:MOST_PANELS]:
        chart = newest(control(each))
        for place, (day, value) in enumerate(zip(chart.dates, chart.values, strict=True)):
            rows.append(
                {
                    "series": name,
                    "month": day.isoformat(),
                    "value": value,
                    "lower": round(chart.lower[place], 2) if chart.lower else None,
                    "upper": round(chart.upper[place], 2) if chart.upper else None,
                    "reading": prose.sentence_case(SHORT[chart.signals[place]]),
                }
            )
    return pd.DataFrame(rows)


def forecast_table(outlooks: Sequence[Outlook]) -> "pd.DataFrame":
    """Return the last point of each forecast, the chance of its level, and how it was tested.

    Returns
    -------
    pandas.DataFrame
        Columns ``series, until, expected, chance, model, error`` of the series that have one.
    """
    import pandas as pd

    made = [each for each in outlooks if each.has_dates]
    labels = names([each.series for each in made])
    return pd.DataFrame(
        {
            "series": name,
            "until": f"{each.forecast.dates[-1]:%B %Y}",
            "expected": f"{each.series.write(each.forecast.median[-1])} "
            f"({each.series.write(each.forecast.lower_95[-1])} to "
            f"{each.series.write(each.forecast.upper_95[-1])})",
            "chance": "No level" if each.chance is None else chance_words(each.chance),
            "model": each.forecast.model,
            "error": _errors(each),
        }
        for each, name in zip(made, labels, strict=True)
        if each.forecast is not None
    )


def forecast_points(outlooks: Sequence[Outlook]) -> "pd.DataFrame":
    """Return the forecasts as points, with their intervals."""
    import pandas as pd

    made = [each for each in outlooks if each.has_dates]
    labels = names([each.series for each in made])
    frames = [
        each.forecast.frame().assign(series=name)
        for each, name in list(zip(made, labels, strict=True))[:MOST_PANELS]
        if each.forecast is not None
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(month=[day.isoformat() for day in frame["date"]]).round(2)


def places(series: Sequence[Series]) -> "pd.DataFrame":
    """Return the sources of series and of their levels, as rows of evidence."""
    import pandas as pd

    found = dict.fromkeys(place for each in series for place in each.places)
    return pd.DataFrame(list(found), columns=["source_id", "locator"])


def notes(series: Sequence[Series], outlooks: Sequence[Outlook]) -> list[str]:
    """Return what a reader must know of the series, each sentence once, with whose it is."""
    said: dict[str, list[str]] = {}
    for each, name, expected in zip(series, names(series), outlooks, strict=True):
        ahead = expected.forecast.notes if expected.has_dates and expected.forecast else ()
        for note in (*each.notes, *control(each).notes, *ahead):
            said.setdefault(note, []).append(name)
    return [
        note if len(whose) == len(series) else f"{prose.listed(whose)}: {note}"
        for note, whose in said.items()
    ]


def _target(indicator: Indicator, printed: str) -> str:
    """Write a target with its unit, and as printed where that says something else."""
    if indicator.target is None:
        return f"{printed} {indicator.unit}"
    value = prose.quantity(indicator.target, indicator.unit)
    if indicator.is_change:
        way = "more" if indicator.goal is not None and indicator.goal > 0 else "less"
        value = f"{value} {way}"
    return f"{value} (“{printed}”)" if indicator.implied else value


def _icon(reading: Variation | Assurance) -> str:
    return f"{reading.words} ({reading.letter})" if reading.letter else reading.words


def _points(held: int, missing: int) -> str:
    return f"{held}, {missing} too few" if missing else str(held)


def _errors(each: Outlook) -> str:
    """Write the mean absolute error of the chosen model, beside that of the plain one."""
    tested = each.forecast.backtest if each.forecast else ()
    chosen = next(row for row in tested if row.chosen)
    error = prose.number(chosen.mean_absolute_error, 1)
    if chosen is tested[0]:
        return error
    return f"{error} ({tested[0].model}: {prose.number(tested[0].mean_absolute_error, 1)})"
