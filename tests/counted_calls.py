"""Count the calls that a chapter makes: `python counted_calls.py NAME JSON`.

Other than seconds, calls are the same however fast or busy a machine is. Those of libraries count
too, and a generator each time it goes on: a loop over all areas shows.
"""

import json
import os
import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Any

from chapter_runs import run_chapter

import nwlbook.kernels.preload  # noqa: F401  (what a warm kernel has does not count)


def count(name: str, parameters: dict[str, Any]) -> Counter[str]:
    """Run a chapter and count the calls of each function, of C's all together."""
    calls: Counter[str] = Counter()

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls[f"{frame.f_code.co_filename}:{frame.f_code.co_qualname}"] += 1
        elif event == "c_call":
            calls["C"] += 1

    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        sys.setprofile(called)
        try:
            run_chapter(name, **parameters)
        finally:
            sys.setprofile(None)
    return calls


if __name__ == "__main__":
    print(json.dumps(count(sys.argv[1], json.loads(sys.argv[2]))))
