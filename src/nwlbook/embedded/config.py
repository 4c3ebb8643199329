"""Read the staged book's `_quarto.yml` and refuse what would be dropped without a word."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nwlbook.book import CONFIGURATION, Entry, read_book
from nwlbook.embedded.settings import ACCEPTED, ACTED
from nwlbook.errors import InputError
from nwlbook.yaml_lines import Document, Key

# What staging writes anew.
REPLACED = ("project", "execute")
_TYPE_NAMES = {str: "a text", list: "a list", int: "a whole number", bool: "true or false"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
ErrorAt = Callable[..., InputError]


@dataclass(frozen=True)
class CodeStyle:
    """How code cells are shown where a cell does not say.

    Attributes
    ----------
    echo, warning : bool
        Whether code and warnings are shown.
    fold : str
        ``"false"``, ``"true"`` (folded) or ``"show"`` (open, can be folded).
    summary : str
        What the fold is called.
    """

    echo: bool
    warning: bool
    fold: str
    summary: str


@dataclass(frozen=True)
class Config:
    """The book as the staged configuration describes it.

    Attributes
    ----------
    project : Path
        The staged project's folder.
    values : dict
        The whole configuration.
    entries : tuple of Entry
        Chapters, then appendices.
    title, subtitle, description, lang : str
        As stated; empty if not.
    authors : tuple of str
        Who wrote it.
    date : datetime.date
        The date of the book.
    output_file : str
        Name of the downloads without ending.
    """

    project: Path
    values: dict[str, Any]
    entries: tuple[Entry, ...]
    title: str
    subtitle: str
    description: str
    lang: str
    authors: tuple[str, ...]
    date: datetime.date
    output_file: str

    def get(self, key: str, default: Any) -> Any:
        """Return a value by its dotted key."""
        found = look_up(self.values, key)
        return default if found is None else found

    @property
    def date_in_words(self) -> str:
        """The date as a sentence writes it, whatever language the machine speaks."""
        return date_in_words(self.date)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a value that is a text or a list of texts."""
        found = self.get(key, [])
        return (found,) if isinstance(found, str) else tuple(str(item) for item in found)

    def code_style(self, output: str, chapter: Mapping[str, Any]) -> CodeStyle:
        """Return how a chapter shows its code in a format (``html`` or ``typst``)."""
        echo = look_up(chapter, "execute.echo")
        if echo is None:
            echo = self.get(f"format.{output}.echo", self.get("execute.echo", True))
        warning = look_up(chapter, "execute.warning")
        if warning is None:
            warning = self.get("execute.warning", True)
        fold = self.get("format.html.code-fold", False)
        return CodeStyle(
            echo=bool(echo),
            warning=bool(warning),
            fold=str(fold).lower(),
            summary=str(self.get("format.html.code-summary", "Code")),
        )


def date_in_words(date: datetime.date) -> str:
    """Return a date as a sentence writes it, whatever language the machine speaks."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def read_config(project: Path) -> Config:
    """Read and check `_quarto.yml`.

    Parameters
    ----------
    project : Path
        The staged project's folder.

    Raises
    ------
    InputError
        With the line, if a key is unknown, a value is of the wrong kind, or a chapter's
        file does not exist.
    """
    document = Document(project / CONFIGURATION, CONFIGURATION)
    check_keys(document.values, ACTED, ACCEPTED, document.error)
    book = read_book(project)
    settings = document.values["book"]
    date = _fixed_date(document)
    author = settings["author"]
    return Config(
        project=project,
        values=document.values,
        entries=book.entries,
        title=settings["title"],
        subtitle=settings.get("subtitle") or "",
        description=settings.get("description") or "",
        lang=document.values.get("lang") or "en-GB",
        authors=(author,) if isinstance(author, str) else tuple(author),
        date=date,
        output_file=settings["output-file"],
    )


def check_source(project: Path) -> None:
    """Check what a project's own `_quarto.yml` hands on to the staged one.

    Parameters
    ----------
    project : Path
        The project's folder.

    Raises
    ------
    InputError
        With the line, if a key is unknown or a value is of the wrong kind.
    """
    document = Document(project / CONFIGURATION, CONFIGURATION)
    handed_on = {key: value for key, value in document.values.items() if key not in REPLACED}
    check_keys(handed_on, ACTED, ACCEPTED, document.error)
    _fixed_date(document)


def _fixed_date(document: Document) -> datetime.date:
    try:
        return datetime.date.fromisoformat(str(document.values["book"].get("date", "")))
    except ValueError:
        raise document.error(
            "'book: date' must be a fixed date such as \"2026-11-22\"", "book", "date"
        ) from None


def check_keys(
    values: Mapping[str, Any],
    acted: Mapping[str, tuple[Any, ...]],
    accepted: Mapping[str, str],
    error: ErrorAt,
    above: Key = (),
) -> None:
    """Refuse a key that is neither acted on nor known to have no effect.

    Parameters
    ----------
    values : mapping
        A mapping of the configuration.
    acted : mapping
        Dotted key to the types and values that it takes.
    accepted : mapping
        Dotted key to the reason why it has no effect.
    error : callable
        Makes the error from a message and the parts of a key.
    above : tuple of str
        The keys around `values`.

    Raises
    ------
    InputError
        For the first key that is unknown or has a value of the wrong kind.
    """
    for name, value in values.items():
        key = (*above, str(name))
        dotted = ".".join(str(part) for part in key)
        if dotted in accepted:
            continue
        if dotted in acted:
            if value is not None:
                _check_value(value, acted[dotted], dotted, error, key)
        elif any(known.startswith(f"{dotted}.") for known in (*acted, *accepted)):
            # `docx: default` states no key of the format
            if isinstance(value, Mapping):
                check_keys(value, acted, accepted, error, key)
            elif value not in (None, "default"):
                raise error(f"'{dotted}' must be a mapping", *key)
        else:
            raise error(f"the embedded engine does not support the key '{dotted}'", *key)


def look_up(values: Mapping[str, Any], key: str) -> Any:
    """Return a value by its dotted key, or None."""
    found: Any = values
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def _check_value(
    value: Any, choices: tuple[Any, ...], dotted: str, error: ErrorAt, key: Key
) -> None:
    for choice in choices:
        # bool is a kind of int in Python, and `toc-depth: true` is a mistake
        if isinstance(choice, type):
            if isinstance(value, choice) and (choice is not int or not isinstance(value, bool)):
                return
        elif value is choice or (isinstance(choice, str) and value == choice):
            return
    wanted = " or ".join(
        _TYPE_NAMES[choice] if isinstance(choice, type) else str(choice).lower()
        for choice in choices
    )
    raise error(f"'{dotted}: {value}' is not supported: expected {wanted}", *key)
