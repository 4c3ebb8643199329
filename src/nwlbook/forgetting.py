"""Start anew without a new process."""

import sys


def forget_evidence() -> None:
    """Make the helpers that this process has imported forget what they have read, and where."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "helpers":
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()
