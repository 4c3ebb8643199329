"""How the text of a cell of the evidence is read as each type that a descriptor may name."""

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

# Python's own readers also take "1_000", " 5", "nan", "inf" and "20240705".
PLAIN_INTEGER = re.compile(r"[+-]?[0-9]+")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Cast = Callable[[str], Any]


def _plain(text: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(text):
        raise ValueError(text)
    return text


def _integer(text: str) -> int:
    return int(_plain(text, PLAIN_INTEGER))


def _number(text: str) -> float:
    value = float(_plain(text, PLAIN_NUMBER))
    # Hundreds of digits are read as infinity.
    if math.isinf(value):
        raise ValueError(text)
    return value


def _date(text: str) -> date:
    return date.fromisoformat(_plain(text, PLAIN_DATE))


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


# Type to what reads a cell of it (ValueError if it cannot) and to what is expected there.
CASTS: dict[str, tuple[Cast, str]] = {
    "string": (str, "text"),
    "integer": (_integer, "a whole number"),
    "number": (_number, "a number"),
    "boolean": (_boolean, "true or false"),
    "date": (_date, "a date such as 2024-07-05"),
    "year": (_integer, "a year such as 2024"),
}
