"""Notice changes of what the book is made from."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

FOLDERS = ("notebooks", "data", "src/helpers")
# Endings of the files beside these folders: configuration, pages, references.
ENDINGS = (".yml", ".qmd", ".bib", ".csl")
IGNORED = (".ipynb_checkpoints",)
# Milliseconds: how long to wait for more changes of one save, and between looks at the clock.
STEP, TICK = 50, 200


class Watcher:
    """Collects the files that change, from the moment it is entered.

    Parameters
    ----------
    root : Path
        Folder of the project.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._paths: set[Path] = set()
        # Editors replace a file when they save it: its folder is watched, not the file.
        self._threads = [
            self._thread([root / name for name in FOLDERS if (root / name).is_dir()], deep=True),
            self._thread([root], deep=False),
        ]

    def __enter__(self) -> Self:
        """Begin to watch; what changes after this returns is not lost."""
        for thread, ready in self._threads:
            thread.start()
            ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the threads."""
        self._stop.set()
        for thread, _ in self._threads:
            thread.join()

    def wait(self, seconds: float | None = None) -> set[Path]:
        """Wait until something has changed and return it, with all that changed meanwhile.

        Parameters
        ----------
        seconds : float, optional
            How long to wait; then the result may be empty.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._paths, seconds)
            paths, self._paths = self._paths, set()
        return paths

    def _thread(
        self, places: list[Path], *, deep: bool
    ) -> tuple[threading.Thread, threading.Event]:
        ready = threading.Event()
        return (
            threading.Thread(target=self._watch, args=(places, deep, ready), daemon=True),
            ready,
        )

    def _watch(self, places: list[Path], deep: bool, ready: threading.Event) -> None:
        from watchfiles import DefaultFilter, watch

        usual = DefaultFilter(ignore_dirs=(*DefaultFilter.ignore_dirs, *IGNORED))
        try:
            # An empty set comes once the system has begun to watch, and at each tick.
            for changes in watch(
                *places,
                recursive=deep,
                watch_filter=usual if deep else lambda _, path: path.endswith(ENDINGS),
                step=STEP,
                rust_timeout=TICK,
                yield_on_timeout=True,
                stop_event=self._stop,
                raise_interrupt=False,
            ):
                ready.set()
                if changes:
                    with self._changed:
                        self._paths |= {Path(path) for _, path in changes}
                        self._changed.notify_all()
        finally:
            ready.set()
