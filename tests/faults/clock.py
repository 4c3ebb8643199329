"""A clock that is wrong: the code of a `sitecustomize` that every Python of a build begins with.

libfaketime does not do: under it ZeroMQ's sockets lose messages. Times of files stay right, as
they are those of the file system.
"""

SITECUSTOMIZE = """\
import os
import time

_time, _time_ns = time.time, time.time_ns


def _shift():
    with open(os.environ["NWLBOOK_FAULT_CLOCK"]) as file:
        return int(file.read())


time.time = lambda: _time() + _shift()
time.time_ns = lambda: _time_ns() + _shift() * 10**9
"""
