"""The tables of evidence in `data/`."""

from bad_input.case import (
    Case,
    Group,
    all_of,
    edited,
    folder,
    linked,
    prefixed,
    removed,
    written,
)

BEDS = "data/beds.csv"
HEADING = "area,beds,share,counted,open,source_id,locator\n"
LISTS = "(and 1 more: 'nwlbook check' lists them)"

GROUP = Group(
    "Tables of evidence",
    "A row is counted from 1, the heading. A build names the first problem and says how many more "
    "there are; `nwlbook check` lists all of them.",
    (
        Case(
            "The file of a described table is not there",
            removed(BEDS),
            "data/beds.csv: not found",
        ),
        Case(
            "A folder has the name of the table",
            folder(BEDS),
            "data/beds.csv: expected a file, found a folder",
        ),
        Case(
            "The table is a link to a file outside the project",
            linked(BEDS, "/etc/hostname"),
            "data/beds.csv: leads outside the project: expected a file in it",
        ),
        Case(
            "A table was saved in a subfolder and not described",
            written("data/more/staff.csv", "area\n"),
            "data/more/staff.csv: not described in data/datapackage.yaml",
        ),
        Case(
            "Empty file",
            written(BEDS, ""),
            "data/beds.csv: row 1: columns 'area', 'beds', 'share', 'counted', 'open', "
            "'source_id', 'locator' are missing",
        ),
        Case(
            "Heading without rows",
            written(BEDS, HEADING),
            "data/beds.csv: row 2: missing: expected at least one row below the heading",
        ),
        Case(
            "Saved as UTF-8 with a byte order mark",
            prefixed(BEDS, b"\xef\xbb\xbf"),
            "data/beds.csv: starts with a byte order mark: expected plain UTF-8",
        ),
        Case(
            "Saved as UTF-16 (Unicode text)",
            written("data/priorities.csv", "priority\n1\n".encode("utf-16")),
            "data/priorities.csv: row 1: looks like UTF-16: expected plain UTF-8",
        ),
        Case(
            "Saved in the encoding of an old Windows",
            written("data/sources.csv", b"source_id,short_title,title\nsurvey,Enqu\xeate,Beds\n"),
            r"data/sources.csv: row 2: column 'short_title': 'Enqu\xeate': expected UTF-8 text",
        ),
        Case(
            "NUL byte in a cell",
            edited(BEDS, "100,55.5,2024-07-05,true,survey,Table 1", "100,55.5,,,survey,Table\0 1"),
            r"data/beds.csv: row 2: column 'locator': 'Table\x00 1': "
            "expected no line break, control or invisible character",
        ),
        Case(
            "A cell of hundreds of thousands of characters",
            edited(BEDS, "true,survey,Table 1", f"true,survey,{'x' * 200_000}"),
            f"data/beds.csv: row 2: 'brent,100,55.5,2024-07-05,true,survey,{'x' * 42}…': "
            "not a row of CSV: expected cells of at most 131,072 characters",
        ),
        Case(
            "A column is missing",
            written(BEDS, "area,beds,share,counted,open,source_id\nbrent,1,1,,,survey\n"),
            "data/beds.csv: row 1: column 'locator' is missing",
        ),
        Case(
            "A column was added and not described",
            all_of(
                edited(BEDS, "locator\n", "locator,note\n"),
                edited(BEDS, "true,survey,Table 1\n", "true,survey,Table 1,\n"),
                edited(BEDS, "false,survey,Table 1\n", "false,survey,Table 1,\n"),
            ),
            "data/beds.csv: row 1: column 'note' is not described",
        ),
        Case(
            "A heading was misspelt",
            edited(BEDS, "area,beds", "area,bads"),
            f"data/beds.csv: row 1: column 'beds' is missing {LISTS}",
        ),
        Case(
            "The columns were put in another order",
            written("data/areas.csv", "name,area,kind\nBrent,brent,borough\n"),
            "data/areas.csv: row 1: column 'name': expected 'area': the order is another one",
        ),
        Case(
            "A row has a cell too few",
            edited(BEDS, "55.5,2024-07-05,", "2024-07-05,"),
            "data/beds.csv: row 2: expected 7 cells, found 6, the last 'Table 1'",
        ),
        Case(
            "A comma in a text without quotation marks",
            edited(BEDS, "false,survey,Table 1", "false,survey,Table 1, Ealing"),
            "data/beds.csv: row 3: expected 7 cells, found 8, the last ' Ealing'",
        ),
        Case(
            "A quotation mark that is not closed",
            edited(BEDS, "true,survey,Table 1", 'true,survey,"Table 1'),
            "data/beds.csv: row 2: 'brent,100,55.5,2024-07-05,true,survey,\"Table 1': "
            "not a row of CSV: expected quotation marks in pairs around a whole cell",
        ),
        Case(
            "Line ends of an old Mac",
            written("data/priorities.csv", "priority\r1\r2\r"),
            r"data/priorities.csv: row 1: 'priority\r1\r2': not a row of CSV: "
            "expected a line feed, not a carriage return alone, at the end of a line",
        ),
        Case(
            "An empty line at the end",
            written("data/priorities.csv", "priority\n1\n2\n\n"),
            "data/priorities.csv: row 4: empty: expected 1 cell",
        ),
        Case(
            "A word where a whole number belongs",
            edited(BEDS, "brent,100", "brent,many"),
            "data/beds.csv: row 2: column 'beds': 'many': expected a whole number",
        ),
        Case(
            "A decimal point in a whole number",
            edited(BEDS, "brent,100", "brent,100.0"),
            "data/beds.csv: row 2: column 'beds': '100.0': expected a whole number",
        ),
        Case(
            "A per cent sign in a number",
            edited(BEDS, "55.5", "55.5%"),
            "data/beds.csv: row 2: column 'share': '55.5%': expected a number",
        ),
        Case(
            "NaN where a number belongs",
            edited(BEDS, "55.5", "NaN"),
            "data/beds.csv: row 2: column 'share': 'NaN': expected a number",
        ),
        Case(
            "A number too large to be one",
            edited(BEDS, "55.5", "9" * 400),
            f"data/beds.csv: row 2: column 'share': '{'9' * 80}…': expected a number",
        ),
        Case(
            "A British date",
            edited(BEDS, "2024-07-05", "05/07/2024"),
            "data/beds.csv: row 2: column 'counted': '05/07/2024': "
            "expected a date such as 2024-07-05",
        ),
        Case(
            "A day that is in no calendar",
            edited(BEDS, "2024-07-05", "2024-02-30"),
            "data/beds.csv: row 2: column 'counted': '2024-02-30': "
            "expected a date such as 2024-07-05",
        ),
        Case(
            "Yes where true or false belongs",
            edited(BEDS, "true", "yes"),
            "data/beds.csv: row 2: column 'open': 'yes': expected true or false",
        ),
        Case(
            "A space after a value",
            edited(BEDS, "brent,100", "brent ,100"),
            "data/beds.csv: row 2: column 'area': 'brent ': expected no space around the value",
        ),
        Case(
            "A value below its minimum",
            edited(BEDS, "brent,100", "brent,-1"),
            "data/beds.csv: row 2: column 'beds': '-1': expected at least 0",
        ),
        Case(
            "A percentage above 100",
            edited(BEDS, "55.5", "155.5"),
            "data/beds.csv: row 2: column 'share': '155.5': expected at most 100",
        ),
        Case(
            "A value that is not one of those listed",
            edited("data/areas.csv", "Brent,borough", "Brent,town"),
            "data/areas.csv: row 3: column 'kind': 'town': expected one of system, borough",
        ),
        Case(
            "A required cell is empty",
            edited(BEDS, "brent,100", "brent,"),
            "data/beds.csv: row 2: column 'beds': '': expected a value",
        ),
        Case(
            "A key stands twice",
            edited(BEDS, "ealing,80", "brent,80"),
            "data/beds.csv: row 3: the same as in the row at position 2: column 'area': 'brent': "
            "expected a key that stands once",
        ),
        Case(
            "A reference to a row that is not there",
            edited(BEDS, "false,survey", "false,census"),
            "data/beds.csv: row 3: column 'source_id': 'census': "
            "expected a value of column 'source_id' of the table 'sources'",
        ),
        Case(
            "Two wrong cells",
            all_of(edited(BEDS, "brent,100", "brent,x"), edited(BEDS, "ealing,80", "ealing,y")),
            f"data/beds.csv: row 2: column 'beds': 'x': expected a whole number {LISTS}",
        ),
    ),
)
