"""Published files given to `nwlbook import`."""

import io
import struct
import zipfile
from pathlib import Path

from bad_input.case import Case, Group, folder, nothing, written

FIXTURES = Path(__file__).parents[1] / "fixtures" / "nhs-england"
AE = (FIXTURES / "July-2025-AE-by-provider.csv").read_bytes()
IMPORT = ("import", "ae")


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name.replace("_csv", ".csv"), held)
    return content.getvalue()


def encrypted() -> bytes:
    content = bytearray(zipped(ae_csv=AE))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def claiming(size: int) -> bytes:
    content = bytearray(zipped(ae_csv=AE))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, size)
    return bytes(content)


def damaged() -> bytes:
    content = bytearray(zipped(ae_csv=AE))
    content[60:90] = bytes(30)
    return bytes(content)


def given(
    name: str, content: bytes | str, did: str, says: str, kind: str = "ae", *more: str
) -> Case:
    return Case(did, written(name, content), says, ("import", kind, name, *more))


GROUP = Group(
    "Files of NHS England",
    "Given to `nwlbook import ae|cancer|diagnostics|rtt FILE`. Nothing is written unless all files "
    "can be read.",
    (
        Case(
            "A kind that there is not",
            nothing,
            "kind 'beds': expected one of ae, cancer, diagnostics, rtt",
            ("import", "beds", "a.csv"),
        ),
        Case(
            "A file that is not there",
            nothing,
            "gone.csv: cannot be read: No such file or directory",
            ("import", "ae", "gone.csv"),
        ),
        Case(
            "A folder",
            folder("files"),
            "files: cannot be read: Is a directory",
            ("import", "ae", "files"),
        ),
        given(
            "ae.xlsx",
            b"PK",
            "A workbook",
            "ae.xlsx: a workbook: expected CSV: open it in a spreadsheet, show the sheet "
            "with the data and save that as 'CSV UTF-8'",
        ),
        given(
            "ae.csv",
            b"",
            "Empty file",
            "ae.csv: column 'Period' is missing: found nothing: the layout may have "
            "changed, or this is another file",
        ),
        given(
            "ae.csv",
            AE.decode().encode("utf-16"),
            "Saved as UTF-16",
            "ae.csv: looks like UTF-16: save it as 'CSV UTF-8'",
        ),
        given(
            "ae.csv",
            b"Name,Colour\nA,red\n",
            "Another file",
            "ae.csv: column 'Period' is missing: found 'Name', 'Colour': the layout may "
            "have changed, or this is another file",
        ),
        given(
            "ae.csv",
            AE.replace(b"Org Code", b"Organisation"),
            "A column was renamed",
            "ae.csv: column 'Org Code' is missing: found 'Org name', 'Period', "
            "'Organisation', 'Parent Org', 'Other emergency admissions', 'A&E attendances "
            "Other A&E Department' and 17 more: the layout may have changed, or this is "
            "another file",
        ),
        given(
            "ae.csv",
            AE.replace(b",600,", b",six hundred,", 1),
            "A word among the counts",
            "ae.csv: row 2: column 'A&E attendances Type 1': 'six hundred': expected a "
            "number of 0 or more",
        ),
        given(
            "ae.csv",
            AE.replace(b"MSitAE-JULY-2025", b"MSitAE"),
            "No month",
            "ae.csv: row 2: column 'Period': 'MSitAE': expected a month such as April-2026",
        ),
        given(
            "ae.csv",
            AE.replace(b"600,", b"-600,", 1),
            "A negative count",
            "ae.csv: row 2: column 'A&E attendances Type 1': '-600': expected a number of "
            "0 or more",
        ),
        given(
            "ae.csv",
            AE.replace(b"R1K", b"X1X")
            .replace(b"RAS", b"X2X")
            .replace(b"RQM", b"X3X")
            .replace(b"RYJ", b"X4X")
            .replace(b"TOTAL", b"REST")
            .replace(b"Total", b"Rest"),
            "Nothing of our organisations",
            "ae.csv: row 8: column 'Period': 'REST': expected a month such as April-2026",
        ),
        given(
            "ae.csv",
            AE + b'"' + b"x" * 200_000,
            "A cell of hundreds of thousands of characters",
            "ae.csv: row 9: not a row of CSV: expected cells of at most 131,072 characters",
        ),
        given(
            "ae.zip",
            b"no archive",
            "An archive that is none",
            "ae.zip: cannot be read: File is not a zip file",
        ),
        given(
            "ae.zip",
            zipped(),
            "An empty archive",
            "ae.zip: cannot be read: expected one CSV file in it, found 0",
        ),
        given(
            "ae.zip",
            zipped(a_csv=AE, b_csv=AE),
            "An archive of two tables",
            "ae.zip: cannot be read: expected one CSV file in it, found 2",
        ),
        given(
            "ae.zip",
            encrypted(),
            "An encrypted archive",
            "ae.zip: cannot be read: its CSV file is encrypted: expected one that is not",
        ),
        given(
            "ae.zip",
            damaged(),
            "A damaged archive",
            "ae.zip: cannot be read: the archive is damaged: download it again",
        ),
        given(
            "ae.zip",
            claiming(3_000_000_000),
            "An archive that unpacks to gigabytes",
            "ae.zip: cannot be read: its CSV file unpacks to 3.0 GB: expected at most 2 GB",
        ),
        given(
            "ae.csv",
            AE,
            "A target outside the folder",
            "--into ../ae.csv: expected a file in data/observations/ that ends in .csv",
            "ae",
            "--into",
            "../ae.csv",
        ),
        given(
            "ae.csv",
            AE,
            "A month in words",
            "--month 'May 2026': expected a month such as 2026-04",
            "cancer",
            "--month",
            "May 2026",
        ),
        given(
            "ae.csv",
            AE,
            "A month for a file that names its own",
            "--month is for one file of kind cancer that names no month",
            "ae",
            "--month",
            "2026-05",
        ),
    ),
)
