"""Say how far a build is: a bar for a person at a terminal, plain lines elsewhere."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

logger = logging.getLogger("nwlbook")


class _LogFile(logging.FileHandler):
    """A log that is given up in silence when it cannot be written: the build says why it fails."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 the base class's name
        """Say nothing."""

    def close(self) -> None:
        """Close the file, whether or not the rest of it finds room."""
        with suppress(OSError):
            super().close()


class Progress:
    """Progress of one command.

    Parameters
    ----------
    quiet : bool
        Say only warnings and results.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        logger.setLevel(logging.INFO)
        logger.propagate = False

    @cached_property
    def console(self) -> "Console":
        """Where warnings and bars are shown."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, message: str) -> None:
        """Note a step in the log."""
        logger.info(message)

    def warn(self, message: str) -> None:
        """Show a warning, and note it in the log."""
        logger.warning(message)
        self.console.print(f"warning: {message}", markup=False)

    @contextmanager
    def log(self, file: Path) -> Iterator[None]:
        """Keep what is said in a file while a build runs."""
        handler = _LogFile(file, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        try:
            yield
        except Exception as error:
            logger.error("%s: %s", type(error).__name__, error)
            raise
        finally:
            logger.removeHandler(handler)
            handler.close()

    @contextmanager
    def count(
        self, title: str, total: int, one: str = "run"
    ) -> Iterator[Callable[[str, str], None]]:
        """Count work of a known size.

        Parameters
        ----------
        title : str
            What is counted.
        total : int
            How many there are.
        one : str
            What the log calls a piece.

        Yields
        ------
        callable
            To be called with the name of each piece when it ends, and ``cached`` if it came from
            the cache, ``failed`` if nothing came of it, else an empty text.
        """
        ends = {"cached": 0, "failed": 0}

        def note(name: str, end: str) -> None:
            if end:
                ends[end] += 1
            logger.info("%s %s%s", one, name, f" ({end})" if end else "")

        if self.quiet or not sys.stderr.isatty():
            yield note
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[cached]} cached, {task.fields[failed]} failed"),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
        )
        with bar:
            task = bar.add_task(title, total=total, cached=0, failed=0)

            def advance(name: str, end: str) -> None:
                note(name, end)
                bar.update(task, advance=1, cached=ends["cached"], failed=ends["failed"])

            yield advance
