"""Months as published files name them."""

import re
from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
NAMED_MONTH = re.compile(r"(?<![a-z])([a-z]{3,9})[ _-]*(20[0-9]{2}|[0-9]{2})(?![0-9])", re.I)
ISO_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])(-[0-9]{2})?")
BRITISH_DAY = re.compile(r"[0-9]{1,2}/(0?[1-9]|1[0-2])/(20[0-9]{2})")


def month_of(text: str) -> date | None:
    """Return the first day of the month that a text names, if it names one and only one.

    Parameters
    ----------
    text : str
        Such as "MSitAE-APRIL-2024", "RTT-May-2026", "01/10/2025" or "2023-05-01".
    """
    if match := ISO_MONTH.fullmatch(text.strip()):
        return date(int(match[1]), int(match[2]), 1)
    if match := BRITISH_DAY.fullmatch(text.strip()):
        return date(int(match[2]), int(match[1]), 1)
    return named_month(text)


def named_month(text: str) -> date | None:
    """Return the first day of the month that a text spells out, if it does so of one only.

    Parameters
    ----------
    text : str
        Such as "April-2026-Monthly-Combined-CSV-Provisional.csv" or "Apr26".
    """
    found = set()
    for word, year in NAMED_MONTH.findall(text):
        for number, name in enumerate(MONTHS, start=1):
            if name.startswith(word.casefold()):
                found.add(date(int(year) % 100 + 2000, number, 1))
    return found.pop() if len(found) == 1 else None
