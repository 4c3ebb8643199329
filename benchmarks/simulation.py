"""Measure what the simulation of the 2009 case costs, and write docs/benchmarks-simulation.md.

Each row is a process of its own, so that nothing is warm that would not be in a chapter's run.

    make bench
"""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks-simulation.md"
SECONDS, MEGABYTES = 1.0, 500.0  # what a chapter may take
REPEATS = 5
CASES: dict[str, dict[str, Any]] = {
    "as published": {},
    "savings that may fail altogether": {"from_nothing": True},
    "boroughs each for itself": {"correlation": 0.0},
    "boroughs all alike": {"correlation": 1.0},
}


def main() -> None:
    """Measure each case in a process of its own, print and write the table."""
    measured = {name: in_process_of_its_own(name) for name in CASES}
    text = report(measured)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def in_process_of_its_own(name: str) -> dict[str, float]:
    """Return what `measure` prints in a new process."""
    done = subprocess.run(
        [sys.executable, __file__, name],
        cwd=ROOT,
        env=os.environ | {"NWLBOOK_ROOT": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout))


def measure(name: str) -> dict[str, float]:
    """Simulate again and again; return seconds, megabytes and the shape of the draws."""
    import scipy.special  # noqa: F401  (a kernel of the book has it from the start)

    from helpers import finance
    from helpers.finance import simulation

    before = peak_megabytes()
    seconds = []
    for _ in range(1 + REPEATS):
        began = time.perf_counter()
        drawn = simulation.simulate(finance.Assumptions(), **CASES[name])
        seconds.append(time.perf_counter() - began)
    draws, areas, years = drawn.net_benefit.shape
    return {
        "first": seconds[0],
        "best": min(seconds[1:]),
        "before": before,
        "peak": peak_megabytes(),
        "draws": draws,
        "areas": areas,
        "years": years,
    }


def peak_megabytes() -> float:
    """Return the most memory that this process has held so far."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6


def report(measured: dict[str, dict[str, float]]) -> str:
    """Return the measurements as Markdown."""
    first = next(iter(measured.values()))
    slowest = max(each["first"] for each in measured.values())
    largest = max(each["peak"] for each in measured.values())
    kept = slowest < SECONDS and largest < MEGABYTES
    lines = [
        "# Benchmark of the simulation",
        "",
        f"Measured by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}: "
        f"{first['draws']:,} draws of {first['areas']} areas over {first['years']} years, with "
        "their paybacks, each row in a process of its own that has imported its libraries. The "
        "first run reads the evidence. Memory is the most that the process held, libraries "
        "included.",
        "",
        f"| Case | first run, s | best of {REPEATS} more, s | MB before | MB at most |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {each['first']:.2f} | {each['best']:.2f} | {each['before']:.0f} "
            f"| {each['peak']:.0f} |"
            for name, each in measured.items()
        ),
        "",
        f"Allowed: under {SECONDS:g} s and {MEGABYTES:g} MB. The slowest first run took "
        f"{slowest:.2f} s, the largest process {largest:.0f} MB: {'kept' if kept else 'NOT kept'}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
