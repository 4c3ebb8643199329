import subprocess
import sys

COUNTED = """
import gc
from nwlbook.garbage import collect_seldom
looked = 0
def count(phase, _):
    global looked
    looked += phase == "start"
gc.callbacks.append(count)
if {seldom}:
    collect_seldom()
kept = [[] for _ in range(100_000)]
print(looked)
"""


def looks(*, seldom: bool) -> int:
    """Return how often Python looked for garbage while a list of lists was made."""
    command = [sys.executable, "-c", COUNTED.format(seldom=seldom)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_what_is_kept_is_not_walked_again_and_again() -> None:
    assert 1 <= looks(seldom=True) <= 3
    assert looks(seldom=False) > 30
