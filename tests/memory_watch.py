"""End a test that takes all memory, where it is, before the machine ends the whole session."""

import faulthandler
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

import psutil

LIMIT = 6e9  # bytes; no test comes near
SECONDS_BETWEEN = 0.5


def watch() -> None:
    """Watch this process from a thread of its own until it ends."""
    signal.signal(signal.SIGUSR2, _refuse)
    threading.Thread(target=_look, args=(os.dup(sys.__stderr__.fileno()),), daemon=True).start()


def _look(stderr: int) -> None:
    this = psutil.Process()
    told = False
    while True:
        taken = this.memory_info().rss
        if taken > 2 * LIMIT:
            # It is in code that no signal interrupts.
            faulthandler.dump_traceback(stderr)
            os._exit(1)
        if taken > LIMIT and not told:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR2)
        told = taken > LIMIT
        time.sleep(SECONDS_BETWEEN)


def _refuse(number: int, frame: FrameType | None) -> NoReturn:
    raise MemoryError(f"the tests have taken more than {LIMIT / 1e9:.0f} GB")
