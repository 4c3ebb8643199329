"""Write the catalogue as a page for analysts."""

from collections.abc import Iterator

from bad_input import ACCEPTED, REFUSED
from bad_input.case import FOLDER, Case, Group

LONGEST = 240


def page() -> str:
    """Return `docs/bad-input.md`."""
    count = sum(len(group.cases) for group in REFUSED)
    return "\n".join(
        [
            "# Bad input, and what is said to it",
            "",
            f"{count} things that can be wrong with what the book is made from, each with the one "
            "line that the command",
            "answers with. It ends with exit code 2, writes nothing, and the last good book stays "
            "as it was. Each is a test",
            "(`tests/bad_input/`); this page is made from them: "
            "`cd tests && python -m bad_input > ../docs/bad-input.md`.",
            "",
            "The lines are those of a small book of beds in two boroughs. `PROJECT` stands for the "
            "folder of the project.",
            "",
            *(line for group in (*REFUSED, ACCEPTED) for line in _group(group)),
        ]
    )


def _group(group: Group) -> Iterator[str]:
    yield from (f"## {group.title}", "", group.about, "")
    if group is ACCEPTED:
        yield from (f"- {case.did}" for case in group.cases)
        yield ""
        return
    yield from ("| What was done | What it says |", "|---|---|")
    yield from (f"| {_text(_done(case))} | {_code(case.says)} |" for case in group.cases)
    yield ""


def _done(case: Case) -> str:
    """Return what was done, with the command where it is what matters."""
    asked = " ".join(part if part.strip() == part and part else repr(part) for part in case.command)
    if case.command == ("build",) or case.needs_run or len(asked) > LONGEST:
        return case.did
    return f"{case.did}: `nwlbook {_printable(asked)}`"


def _code(text: str) -> str:
    shown = _printable(text.replace(FOLDER, "PROJECT"))
    if len(shown) > LONGEST:
        shown = f"{shown[:LONGEST]}…"
    # A code span takes more backticks than what stands in it.
    fence = "``" if "`" in shown else "`"
    space = " " if fence == "``" else ""
    return f"{fence}{space}{shown}{space}{fence}".replace("|", r"\|")


def _text(text: str) -> str:
    return text.replace("|", r"\|")


def _printable(text: str) -> str:
    return text.replace("\n", r"\n")
