"""The doctor's findings as lines of text."""

from collections.abc import Iterator, Sequence

from nwlbook.doctor.finding import Finding

GOOD, LOSS, STOPS = "ok", "loss", "STOP"


def lines_of(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield a line for each finding, aligned, and one that sums them up.

    The mark is a word, so that it needs neither colour nor a terminal that knows signs.
    """
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        parts = [finding.state, finding.costs, finding.remedy]
        text = ". ".join(part[0].upper() + part[1:] for part in parts[1:] if part)
        said = f"{finding.state}. {text}" if text else finding.state
        yield f"{_mark(finding):<5} {finding.name:<{width}}  {said}"
    yield ""
    yield _sum(findings)


def _mark(finding: Finding) -> str:
    if finding.stops:
        return STOPS
    return LOSS if finding.costs else GOOD


def _sum(findings: Sequence[Finding]) -> str:
    marks = [_mark(finding) for finding in findings]
    if STOPS in marks:
        return f"No book can be built before what is marked {STOPS} is mended."
    if losses := marks.count(LOSS):
        return f"A book can be built, with {losses} {'loss' if losses == 1 else 'losses'}."
    return "A book can be built, with everything in it."
