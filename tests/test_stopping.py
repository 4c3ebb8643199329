"""A command that the system asks to end says so, and ends in order."""

import os
import signal
import subprocess
import sys

import pytest

# As Python begins in a terminal: whoever runs tests in the background may have signals ignored.
HEARD = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
"""
WAITS = """\
import sys, time
from nwlbook import cli

@cli.app.command()
def wait():
    print("waits", flush=True)
    time.sleep(60)

sys.argv = ["nwlbook", "wait"]
cli.main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_command_with_one_line(number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HEARD + WAITS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert said == "error: stopped\n"


def test_signal_that_is_ignored_stays_so() -> None:
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    tells = ignoring + WAITS.replace("time.sleep(60)", "time.sleep(1)")
    with subprocess.Popen(
        [sys.executable, "-c", tells], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.kill(process.pid, signal.SIGHUP)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")
