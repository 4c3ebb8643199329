"""What the preview knows and its pages follow: which build is shown, and what is wrong."""

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Snapshot:
    """The state at one moment.

    Attributes
    ----------
    version : str or None
        Name of the build that is shown; None before the first.
    building : bool
        Whether another is on its way.
    error : str or None
        What is wrong with the sources since; its first line says most.
    """

    version: str | None = None
    building: bool = False
    error: str | None = None


class State:
    """A snapshot that threads wait for changes of."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._snapshot = Snapshot()
        self._serial = 0
        self.closed = False

    @property
    def snapshot(self) -> Snapshot:
        """The state now."""
        return self._snapshot

    def update(self, **changes: Any) -> None:
        """Change the state and wake those who wait."""
        with self._changed:
            self._snapshot = replace(self._snapshot, **changes)
            self._serial += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> tuple[int, dict[str, Any]]:
        """Wait for a state that has not been seen, or until the time is up.

        Parameters
        ----------
        seen : int
            Number of the last state that was seen; 0 for none.
        seconds : float
            How long to wait.

        Returns
        -------
        tuple
            Number of the state, and the state.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self._serial > seen, seconds)
            return self._serial, asdict(self._snapshot)
