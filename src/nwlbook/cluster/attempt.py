"""One try at a notebook on a cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nwlbook.cluster.client import Cluster
from nwlbook.kernels import copies
from nwlbook.kernels.attempt import AttemptError


@dataclass
class RemoteAttempt:
    """One try at a notebook, on a cluster; does what `kernels.attempt.Attempt` does here.

    Parameters
    ----------
    root : Path
        The project.
    cwd : Path
        Working directory of the kernel, in the project.
    time_limit : float
        Seconds that the whole notebook may take.
    warm : bool
        Whether its kernel may be forked.
    kernels : Cluster
        Where it runs.
    memory_limit : float, optional
        Gigabytes that its kernel may take.
    """

    root: Path
    cwd: Path
    time_limit: float
    warm: bool
    kernels: Cluster
    memory_limit: float | None = None
    notebook: dict[str, Any] | None = field(default=None, init=False)
    seconds: float = field(default=0.0, init=False)

    @property
    def since(self) -> int:
        """Moment, in nanoseconds since 1970, from which it may have read the project's files."""
        return self.kernels.since

    def run(self, notebook: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Execute a notebook and return it with its outputs.

        Parameters
        ----------
        notebook : mapping
            What to execute, as JSON values.
        parameters : mapping
            Values to inject after the `parameters` cell.

        Raises
        ------
        AttemptError
            If the notebook does not run to its end, or not as it would on this machine. What
            had been put out until then is in `notebook`.
        """
        answer = self.kernels.run(
            {
                "notebook": notebook,
                "parameters": parameters,
                "folder": self.cwd.relative_to(self.root).as_posix(),
                "time_limit": self.time_limit,
                "memory_limit": self.memory_limit,
                "warm": self.warm,
            }
        )
        executed: dict[str, Any] | None = answer["notebook"]
        self.notebook, self.seconds = executed, answer["seconds"]
        if answer["failure"] or executed is None:
            raise AttemptError(**answer["failure"])
        record = copies.record_of(executed)
        for name in (*record["files"], *record["modules"], *record["folders"]):
            if name not in self.kernels.bundle.names and (self.root / name).exists():
                message = f"it reads '{name}', which does not go to a cluster: move it into data/"
                raise AttemptError("NotSent", message, None, [])
        return executed
