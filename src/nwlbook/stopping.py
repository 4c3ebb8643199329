"""End a command in order when the system asks it to, as Ctrl-C does.

A process that SIGTERM or SIGHUP ends where it stands leaves kernels, a browser and half-written
files for others to clear away.
"""

import signal
from types import FrameType
from typing import NoReturn

# Of those that ask for an end; Windows has no SIGHUP. Ctrl-C is Python's KeyboardInterrupt.
SIGNALS = ("SIGTERM", "SIGHUP")
# What a shell says of a command that Ctrl-C ended.
INTERRUPTED = 128 + signal.SIGINT


class Stopped(BaseException):
    """The command was asked to end.

    Parameters
    ----------
    number : int
        The signal.

    Attributes
    ----------
    code : int
        What a shell says of a command that it ended.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


def heed_signals() -> None:
    """Let signals that ask for an end raise `Stopped`, but for those ignored, as under nohup."""
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped(number)
