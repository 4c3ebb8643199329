"""Say how far a build is: a bar for a person at a terminal, plain lines elsewhere."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

logger = logging.getLogger("nwlbook")


class Progress:
    """Progress of one command.

    Parameters
    ----------
    quiet : bool
        Say only warnings and results.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        logger.setLevel(logging.INFO)
        logger.propagate = False

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
        handler = logging.FileHandler(file, encoding="utf-8")
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
    ) -> Iterator[Callable[[str, bool], None]]:
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
            To be called with the name of each piece and whether it came from the cache.
        """
        cached = 0
        bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[cached]} cached"),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=self.quiet or not sys.stderr.isatty(),
        )
        with bar:
            task = bar.add_task(title, total=total, cached=0)

            def advance(name: str, from_cache: bool) -> None:
                nonlocal cached
                cached += from_cache
                logger.info("%s %s%s", one, name, " (cached)" if from_cache else "")
                bar.update(task, advance=1, cached=cached)

            yield advance
