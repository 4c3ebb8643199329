"""What a priority's chapter finds, in sentences that hold for any priority and any day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from helpers import prose
from helpers.process_control import Assurance, Variation
from helpers.trajectories.indicators import Indicator, Origin
from helpers.trajectories.observed import PLAN_TARGET, Series
from helpers.trajectories.outlook import Outlook, control
from helpers.trajectories.panels import MOST_PANELS
from helpers.trajectories.required import RequiredPath, lacking, required_path
from helpers.trajectories.status import Status, status
from helpers.trajectories.watch import due_soon, late_actions, milestones, past
from helpers.trajectories.wording import chance_words, day_words, names, out_of


def measured(indicators: Sequence[Indicator]) -> str:
    """Say how many targets a priority prints, and from where they start."""
    if not indicators:
        return "It prints no target that can be measured: only milestones can be followed."
    printed = [each for each in indicators if not each.implied]
    if not printed:
        return (
            f"It prints no numeric target of its own: "
            f"{prose.count(len(indicators), 'target')} can be read from words such as all or "
            "every. Only milestones can be followed."
        )
    implied = len(indicators) - len(printed)
    more = (
        f", and {prose.count(implied)} more can be read from words such as all" if implied else ""
    )
    started = sum(each.baseline is not None for each in indicators)
    starts = (
        f"{prose.sentence_case(prose.count(started))} of these "
        f"{'says' if started == 1 else 'say'} where the figure starts from."
        if started
        else "None of these says where the figure starts from."
    )
    return f"It prints {prose.count(len(printed), 'numeric target')}{more}. {starts}"


def timing(priority: int, as_of: date) -> str:
    """Say how many dated aims are past on a day, and how many fall due in the year after it."""
    dated = milestones(priority)
    gone, soon = past(priority, as_of), due_soon(priority, as_of)
    if not dated:
        return f"None of its aims has a date, so none can be past on {day_words(as_of)}."
    ahead = (
        f"{prose.count(len(soon)) if soon else 'none'} {'fall' if len(soon) > 1 else 'falls'} due "
        "in the twelve months after it"
    )
    behind = out_of(len(gone), len(dated))
    return f"On {day_words(as_of)} the time given for {behind} dated aims is over; {ahead}."


def standing(indicators: Sequence[Indicator], as_of: date) -> str:
    """Say how many indicators stand where on a day."""
    if not indicators:
        return "There is no indicator to follow."
    counts = Counter(status(each, as_of) for each in indicators)
    said = [f"{prose.count(counts[each])} {each.value}" for each in Status if counts[each]]
    return (
        f"On {day_words(as_of)} the {prose.count(len(indicators), 'indicator')} "
        f"{'stands' if len(indicators) == 1 else 'stand'} as follows: {'; '.join(said)}."
    )


def seen(series: Sequence[Series]) -> str:
    """Say what is observed, and what that says."""
    if not series:
        return "No observed series is held that could be set against these promises."
    titles = dict.fromkeys(each.title for each in series)
    subject = prose.count(len(series), "observed series", "observed series")
    return (
        f"{prose.sentence_case(subject)} {'is' if len(series) == 1 else 'are'} held "
        f"({prose.listed(list(titles))}): {_lower(control_finding(series))}."
    )


def control_finding(series: Sequence[Series]) -> str:
    """Say what the control charts show, in 15 words or fewer."""
    charts = [control(each) for each in series]
    count = len(charts)
    judged = [
        chart.assurance
        for chart in charts
        if chart.assurance in (Assurance.PASSES, Assurance.FAILS, Assurance.HIT_AND_MISS)
    ]
    if judged and count == 1:
        return f"The one series {_READ[judged[0]]} the level asked"
    if judged:
        short, kept = (judged.count(each) for each in (Assurance.FAILS, Assurance.PASSES))
        return (
            f"{_some(short, len(judged))} consistently "
            f"{'falls' if short == 1 else 'fall'} short of the level asked, "
            f"{prose.count(kept) if kept else 'none'} consistently "
            f"{'passes' if kept == 1 else 'pass'}"
        )
    if all(chart.variation is Variation.TOO_FEW for chart in charts):
        missing = {chart.missing for chart in charts}
        least = f"{'up to ' if len(missing) > 1 else ''}{prose.count(max(missing), 'point')}"
        verb = "is" if max(missing) == 1 else "are"
        who = "The one series cannot" if count == 1 else f"{_some(0, count)} can"
        return f"{who} be read yet: {least} {verb} missing for limits"
    special = sum(chart.variation.special for chart in charts)
    if count == 1:
        return f"The one series ends in {'special' if special else 'common'} cause variation"
    return f"{_some(special, count)} {'ends' if special == 1 else 'end'} in special cause variation"


def forecast_finding(outlooks: Sequence[Outlook]) -> str:
    """Say what the forecasts show, in 15 words or fewer."""
    made = [each for each in outlooks if each.has_dates]
    chances = [each.chance for each in made if each.chance is not None]
    if not chances:
        return f"{prose.sentence_case(prose.count(len(made), 'forecast'))}, and no level to reach"
    if len(chances) == 1:
        return f"The chance of the level asked is {chance_words(chances[0])}"
    return (
        f"The best of {prose.count(len(chances))} chances of the level asked is "
        f"{chance_words(max(chances))}"
    )


def horizon(outlooks: Sequence[Outlook], as_of: date) -> str:
    """Say how far forecasts reach, and whether that is past already on a day."""
    ends = [each.forecast.dates[-1] for each in outlooks if each.forecast and each.forecast.dates]
    if not ends:
        return ""
    said = f"The last month forecast is {max(ends):%B %Y}."
    if max(ends) < as_of:
        said += (
            f" That is past on {day_words(as_of)}, but what was observed since "
            f"{max(each.series.dates[-1] for each in outlooks):%B %Y} is not held."
        )
    return said


def basis(series: Sequence[Series]) -> str:
    """Say what the levels are that series are compared with, and whose."""
    if not series:
        return ""
    own = [each for each in series if each.target_label == PLAN_TARGET]
    others = [each for each in series if each.target_label != PLAN_TARGET]
    said = []
    if own:
        said.append("Series of the plan's own indicators are compared with the plan's targets.")
    standards = dict.fromkeys(
        f"{each.write(each.target)} for “{_lower(each.title)}”"
        for each in others
        if each.target is not None
    )
    if standards:
        said.append(
            "The plan prints no share for what is observed here. The level drawn is the national "
            f"standard: {prose.listed(list(standards))}."
        )
    bare = dict.fromkeys(f"“{_lower(each.title)}”" for each in series if each.target is None)
    if bare:
        said.append(f"No level is held for {prose.listed(list(bare))}.")
    if len(series) > MOST_PANELS:
        said.append(
            f"The first {prose.count(MOST_PANELS)} of {prose.count(len(series))} series are drawn; "
            "the table has all."
        )
    return " ".join(said)


def refusals(outlooks: Sequence[Outlook]) -> str:
    """Say which series have no forecast, and how many points they lack."""
    bare = [each for each in outlooks if not each.has_dates]
    if not bare:
        return ""
    labels = names([each.series for each in outlooks])
    said: dict[str, list[str]] = {}
    for each, name in zip(outlooks, labels, strict=True):
        if not each.has_dates:
            said.setdefault(each.refusal, []).append(name)
    if len(said) == 1 and len(bare) == len(outlooks):
        return next(iter(said))
    return " ".join(f"{prose.listed(whose)}: {reason}" for reason, whose in said.items())


def paths(indicators: Sequence[Indicator], as_of: date) -> str:
    """Say which required paths can be drawn, how fast they ask for, and what the others lack."""
    if not indicators:
        return "Without an indicator there is no path to draw."
    drawn = [
        (each, path) for each in indicators if (path := required_path(each, as_of)) is not None
    ]
    said = [_pace(each, path) for each, path in drawn]
    without = Counter(reason for each in indicators if (reason := lacking(each, as_of)))
    if without:
        reasons = prose.listed([f"{prose.count(n)} {_LACKS[word]}" for word, n in without.items()])
        who = "the others" if drawn else "any of these"
        said.append(f"For {who} no path can be drawn: {reasons}.")
    return " ".join(said)


def path_finding(indicators: Sequence[Indicator], as_of: date) -> str:
    """Say how many indicators have both ends of a path, in 15 words or fewer."""
    drawn = sum(required_path(each, as_of) is not None for each in indicators)
    return (
        f"{prose.sentence_case(out_of(drawn, len(indicators)))} "
        f"{'indicator has' if len(indicators) == 1 else 'indicators have'} both ends of a path"
        if drawn != 1
        else f"{prose.sentence_case(out_of(1, len(indicators)))} "
        f"{'indicator' if len(indicators) == 1 else 'indicators'} has both ends of a path"
    )


def aims_finding(priority: int, as_of: date) -> str:
    """Say how many dated aims are past on a day, in 15 words or fewer."""
    gone, dated = past(priority, as_of), milestones(priority)
    return (
        f"{prose.sentence_case(out_of(len(gone), len(dated)))} dated aims "
        f"{'was' if len(gone) == 1 else 'were'} due before {day_words(as_of)}"
    )


def lateness(priority: int) -> str:
    """Say how many actions are planned for after the target that they serve."""
    late = len(late_actions(priority))
    if not late:
        return "No action is planned for after the target that it serves."
    return (
        f"{prose.sentence_case(prose.count(late, 'action'))} "
        f"{'is' if late == 1 else 'are'} planned for after the target that "
        f"{'it serves' if late == 1 else 'they serve'}."
    )


_READ = {
    Assurance.PASSES: "consistently passes",
    Assurance.FAILS: "consistently falls short of",
    Assurance.HIT_AND_MISS: "sometimes passes and sometimes falls short of",
}
_LACKS = {
    "No starting point": "without a starting point",
    "Starting point not dated": "with an undated starting point",
    "No single target": "without a single level",
    "No date": "without a date",
    "No time between": "without time between start and target",
}


def _pace(indicator: Indicator, path: RequiredPath) -> str:
    change = path.change_a_quarter
    unit = "percentage points" if path.is_share else indicator.unit
    away = "up" if change > 0 else "down"
    return (
        f"“{indicator.title}” would have to go {away} by {prose.number(abs(change), 1)} {unit} "
        f"a quarter, from {prose.quantity(path.first, indicator.unit)} on {day_words(path.start)} "
        f"to {prose.quantity(path.last, indicator.unit)} on {day_words(path.end)}"
        + (
            "."
            if path.origin is Origin.PRINTED
            else f"; its starting point is {path.origin.value}."
        )
    )


def _some(part: int, whole: int) -> str:
    """Write a part of the series as a subject: ``Three of five series``."""
    return f"{prose.sentence_case(out_of(part, whole))} series"


def _lower(text: str) -> str:
    """Begin a text with a small letter, unless its first word is an abbreviation: ``A&E``."""
    first = text.split(" ")[0]
    return text if any(letter.isupper() for letter in first[1:]) else text[:1].lower() + text[1:]
