"""The observations that analysts add to `data/observations/`."""

from bad_input.case import Case, Change, Group, edited, folder, linked, written

FILE = "data/observations/survey.csv"
ROW = "seen-in-time,RYJ,2025-03-01,70,A survey"


def row(old: str, new: str) -> Change:
    return edited(FILE, old, new)


GROUP = Group(
    "Observations",
    "Files that analysts put into `data/observations/`; its README says what they hold. A byte "
    "order mark is allowed there, since spreadsheets write one.",
    (
        Case(
            "A file of another kind",
            written("data/observations/survey.xlsx", b"PK"),
            "data/observations/survey.xlsx: expected a file that ends in .csv, and nothing "
            "else here",
        ),
        Case(
            "A folder",
            folder("data/observations/more"),
            "data/observations/more: expected a file that ends in .csv, and nothing else here",
        ),
        Case(
            "A folder that is called like a table",
            folder("data/observations/more.csv"),
            "data/observations/more.csv: expected a file, found a folder",
        ),
        Case(
            "A link to a file outside the project",
            linked("data/observations/x.csv", "/etc/hostname"),
            "data/observations/x.csv: leads outside the project: expected a file in it",
        ),
        Case(
            "Empty file",
            written(FILE, ""),
            "data/observations/survey.csv: row 1: column 'indicator' is missing: expected "
            "indicator, area, date, value, source",
        ),
        Case(
            "Saved in the encoding of an old Windows",
            written(
                FILE, b"indicator,area,date,value,source\nseen-in-time,RYJ,2025-03-01,70,Caf\xe9\n"
            ),
            "data/observations/survey.csv: byte 67 is not UTF-8 text: save it as 'CSV UTF-8'",
        ),
        Case(
            "A misspelt column",
            row("indicator,area", "indicator,place"),
            "data/observations/survey.csv: row 1: column 'place': expected one of "
            "indicator, area, date, value, source, basis, note, locator (and 1 more: "
            "'nwlbook check' lists them)",
        ),
        Case(
            "A missing column",
            row(",source\n", "\n"),
            "data/observations/survey.csv: row 1: column 'source' is missing: expected "
            "indicator, area, date, value, source",
        ),
        Case(
            "A column twice",
            row("value,source", "value,value,source"),
            "data/observations/survey.csv: row 1: column 'value' stands more than once: "
            "expected once",
        ),
        Case(
            "A cell too many",
            row("70,A survey", "70,A survey, of some"),
            "data/observations/survey.csv: row 2: expected 5 cells, found 6",
        ),
        Case(
            "A quotation mark that is not closed",
            row("A survey", '"A survey'),
            "data/observations/survey.csv: row 2: not a row of CSV: expected quotation "
            "marks in pairs around a whole cell",
        ),
        Case(
            "A cell of hundreds of thousands of characters",
            row("A survey", "x" * 200_000),
            "data/observations/survey.csv: row 2: not a row of CSV: expected cells of at "
            "most 131,072 characters",
        ),
        Case(
            "An unknown measure",
            row("seen-in-time", "seen-in-tme"),
            "data/observations/survey.csv: row 2: column 'indicator': 'seen-in-tme': "
            "expected an indicator of the plan or a measure of "
            "data/reference/measures.csv, perhaps 'seen-in-time'",
        ),
        Case(
            "An unknown place",
            row("RYJ", "RYX"),
            "data/observations/survey.csv: row 2: column 'area': 'RYX': expected an area "
            "of data/reference/areas.csv or a trust of data/reference/organisations.csv, "
            "perhaps 'RYJ'",
        ),
        Case(
            "A British date",
            row("2025-03-01", "01/03/2025"),
            "data/observations/survey.csv: row 2: column 'date': '01/03/2025': expected a "
            "date such as 2024-07-05",
        ),
        Case(
            "A day to come",
            row("2025-03-01", "2125-03-01"),
            "data/observations/survey.csv: row 2: column 'date': '2125-03-01': expected a "
            "day up to today",
        ),
        Case(
            "A per cent sign",
            row(",70,", ",70%,"),
            "data/observations/survey.csv: row 2: column 'value': '70%': expected a number "
            "such as 73.5, without signs for thousands or per cent",
        ),
        Case(
            "No value",
            row(",70,", ",,"),
            "data/observations/survey.csv: row 2: column 'value': '': expected a number "
            "such as 73.5, without signs for thousands or per cent",
        ),
        Case(
            "A negative share",
            row(",70,", ",-70,"),
            "data/observations/survey.csv: row 2: column 'value': '-70': expected 0 to 100 percent",
        ),
        Case(
            "A share of more than all",
            row(",70,", ",170,"),
            "data/observations/survey.csv: row 2: column 'value': '170': expected 0 to 100 percent",
        ),
        Case(
            "A negative number of days",
            row("seen-in-time,RYJ,2025-03-01,70", "longest-wait,RYJ,2025-03-01,-7"),
            "data/observations/survey.csv: row 2: column 'value': '-7': expected at least 0",
        ),
        Case(
            "No source",
            row("A survey", ""),
            "data/observations/survey.csv: row 2: column 'source': '': expected the "
            "source, in words or as a key of data/reference/sources.csv",
        ),
        Case(
            "A misspelt source",
            row("A survey", "surveys"),
            "data/observations/survey.csv: row 2: column 'source': 'surveys': expected a "
            "key of data/reference/sources.csv, perhaps 'survey'",
        ),
        Case(
            "A value given twice in a file",
            row(ROW, f"{ROW}\n{ROW}"),
            "data/observations/survey.csv: row 3: column 'indicator, area, date, basis': "
            "'seen-in-time, RYJ, 2025-03-01': the same as in row 2: expected one value",
        ),
        Case(
            "A value given in two files",
            written("data/observations/again.csv", f"indicator,area,date,value,source\n{ROW}\n"),
            "data/observations/survey.csv: row 2: column 'indicator, area, date, basis': "
            "'seen-in-time, RYJ, 2025-03-01': the same as in data/observations/again.csv, "
            "row 2: expected one value",
        ),
        Case(
            "An invisible character",
            row("A survey", "A\u202e survey"),
            r"data/observations/survey.csv: row 2: column 'source': 'A\u202e survey': "
            "expected no line break, control or invisible character",
        ),
    ),
)
