"""Connect to the scheduler of a Dask cluster, or say in one line why not."""

import logging
import re
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from nwlbook.errors import InputError

if TYPE_CHECKING:
    from nwlbook.cluster.client import Cluster

ADDRESS = re.compile(
    r"(?:tcp|tls)://(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[^\s/:@]+)):(?P<port>\d+)"
)
REACH_LIMIT = 5
CONNECT_LIMIT = 15
WORKERS_LIMIT = 10
ATTEMPTS = 3


def connect(address: str, root: Path) -> "Cluster":
    """Connect to the scheduler of a cluster.

    Parameters
    ----------
    address : str
        Such as ``tcp://192.168.0.1:8786``.
    root : Path
        The project.

    Raises
    ------
    InputError
        If the address is not one, nobody answers there, there is no worker, or Python or a
        package is another version there than here.
    """
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise InputError(f"--scheduler {address}: expected tcp://HOST:PORT or tls://HOST:PORT")
    try:
        # Dask itself would go on trying for some seconds where nobody listens.
        place = (match["six"] or match["host"], int(match["port"]))
        socket.create_connection(place, timeout=REACH_LIMIT).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise InputError(f"--scheduler {address}: cannot be reached: {error}") from None
    try:
        from distributed import Client

        from nwlbook.cluster.client import Cluster
    except ImportError as error:
        raise InputError(
            f"--scheduler: {error.name} is not installed; install this project's extra 'cluster'"
        ) from error
    # What Dask would say of a lost worker or connection, we say ourselves if it matters.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    made: list[Client] = []
    failed: list[str] = []

    def make() -> None:
        for _ in range(ATTEMPTS):
            try:
                made.append(Client(address, timeout=CONNECT_LIMIT, set_as_default=False))
                return
            except Exception as error:
                failed[:] = [" ".join(str(error).split()) or type(error).__name__]
                # A busy scheduler may greet in another order than Dask's client asserts.
                if not isinstance(error, AssertionError):
                    return

    # In a thread because Dask waits without end for something that listens and says nothing.
    maker = threading.Thread(target=make, daemon=True)
    maker.start()
    maker.join(CONNECT_LIMIT)
    if not made:
        said = failed[0] if failed else f"nothing came within {CONNECT_LIMIT} seconds"
        raise InputError(f"--scheduler {address}: no Dask scheduler answered: {said}")
    cluster = Cluster(made[0], address, root)
    try:
        cluster.client.wait_for_workers(1, timeout=WORKERS_LIMIT)
        cluster.refuse_other_versions()
    except TimeoutError:
        cluster.close()
        raise InputError(f"--scheduler {address}: the cluster has no workers") from None
    except BaseException:
        cluster.close()
        raise
    return cluster
