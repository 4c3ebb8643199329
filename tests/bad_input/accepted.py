"""What looks wrong, and is not: `nwlbook check` finds nothing."""

from bad_input.case import Case, Change, Group, all_of, linked, notebook, prefixed, written
from bad_input.project import OBSERVATIONS, TABLES


def fine(did: str, change: Change) -> Case:
    return Case(did, change, "", ("check",))


GROUP = Group(
    "What is accepted",
    "Things that look wrong and are not: nothing is said.",
    (
        fine(
            "Line ends of Windows in a table",
            written("data/beds.csv", TABLES["beds"].replace("\n", "\r\n")),
        ),
        fine("No line end at the end of a table", written("data/priorities.csv", "priority\n1\n2")),
        fine(
            "A byte order mark before observations, as spreadsheets save them",
            prefixed("data/observations/survey.csv", b"\xef\xbb\xbf"),
        ),
        fine(
            "Empty rows below observations",
            written("data/observations/survey.csv", OBSERVATIONS + ",,,,\n\n"),
        ),
        fine(
            "The lock file of a spreadsheet among observations",
            written("data/observations/.~lock.survey.csv#", "me"),
        ),
        fine(
            "A file of observations that is a link to another place in the project",
            all_of(
                written("kept.csv", OBSERVATIONS.replace("2025-03-01", "2025-04-01")),
                linked("data/observations/again.csv", "../../kept.csv"),
            ),
        ),
        fine(
            "A notebook saved with its outputs: the build drops them",
            notebook(
                "beds",
                lambda content: content["cells"][1].update(
                    outputs=[{"output_type": "stream", "name": "stdout", "text": "180"}],
                    execution_count=7,
                ),
            ),
        ),
        fine(
            "A notebook saved by another kernel: it runs in the book's",
            notebook(
                "beds", lambda content: content["metadata"].update(kernelspec={"name": "mine"})
            ),
        ),
        fine("A file of notes beside the tables", written("data/notes.txt", "To do")),
    ),
)
