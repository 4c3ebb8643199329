"""What `data/datapackage.yaml` asks to be suppressed."""

from bad_input.case import Case, Change, Group, all_of, edited

FILE = "data/datapackage.yaml"
BEDS = "- name: beds\n  path: beds.csv\n"
GOOD = {"threshold": "5", "counts": "[beds]", "within": "[]"}
PLACE = "data/datapackage.yaml: resource 'beds': disclosure"


def asked(**changed: str) -> Change:
    """Ask for the suppression of small numbers of beds, in some respects otherwise."""
    block = ", ".join(f"{name}: {text}" for name, text in (GOOD | changed).items() if text)
    return edited(FILE, BEDS, f"{BEDS}  disclosure: {{{block}}}\n")


def of_observations(block: str) -> Change:
    return edited(FILE, "name: beds\nresources", f"name: beds\nobservations: {block}\nresources")


GROUP = Group(
    "Suppression of small counts",
    "What `data/datapackage.yaml` asks of disclosure control, which `docs/security.md` explains.",
    (
        Case(
            "Asked for, but not how",
            edited(FILE, BEDS, f"{BEDS}  disclosure:\n"),
            f"{PLACE} 'None': expected a mapping of threshold, counts, derived, within",
        ),
        Case(
            "A misspelt key",
            asked(treshold="5"),
            f"{PLACE}: 'treshold': expected one of threshold, counts, derived, within",
        ),
        Case(
            "A threshold that protects next to nothing",
            asked(threshold="2"),
            f"{PLACE}: threshold '2': expected a whole number from 4",
        ),
        Case(
            "A threshold in words",
            asked(threshold="five"),
            f"{PLACE}: threshold 'five': expected a whole number from 4",
        ),
        Case("No counts", asked(counts="[]"), f"{PLACE}: counts '[]': expected a list of columns"),
        Case(
            "A column of counts that is not there",
            asked(counts="[patients]"),
            f"{PLACE}: counts 'patients': expected a column of numbers that is no key: beds, share",
        ),
        Case(
            "A derived column that names the rows",
            asked(derived="[area]"),
            f"{PLACE}: derived 'area': expected a column that is no key: beds, counted, locator, "
            "open, share",
        ),
        Case(
            "Not said what adds up to a total",
            asked(within=""),
            f"{PLACE}: within '': expected a list of columns, or none where no total is published",
        ),
        Case(
            "A total of rows that agree in a column that is not there",
            asked(within="[year]"),
            f"{PLACE}: within 'year': expected a column: area, beds, counted, locator, open, "
            "share, source_id",
        ),
        Case(
            "A column called like the mark",
            all_of(
                edited(FILE, "{name: open, type: boolean}", "{name: suppressed, type: boolean}"),
                asked(),
            ),
            f"{PLACE}: the table has a column 'suppressed': expected none, the mark is called so",
        ),
        Case(
            "Observations: not said of which measures",
            of_observations("{disclosure: {threshold: 5}}"),
            "data/datapackage.yaml: observations: disclosure: measures: expected a list of "
            "measures of counts",
        ),
        Case(
            "Observations: a misspelt measure",
            of_observations("{disclosure: {threshold: 5, measures: [longest-weight]}}"),
            "data/datapackage.yaml: observations: disclosure: measures 'longest-weight': expected "
            "a measure of counts, perhaps 'longest-wait'",
        ),
        Case(
            "Observations: a threshold alone",
            of_observations("{threshold: 5}"),
            "data/datapackage.yaml: observations: expected disclosure with threshold and measures, "
            "and nothing else",
        ),
    ),
)
