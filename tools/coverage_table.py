"""Write the table of coverage in `docs/testing.md` from the last `make coverage`.

    python -m coverage json -o - | python tools/coverage_table.py

Reads coverage.py's report in JSON; standard library only.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "testing.md"
BEGINS, ENDS = "<!-- coverage begins -->\n", "<!-- coverage ends -->"
COUNTS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def main() -> int:
    """Put the table between its two marks and return the exit code."""
    table = table_of(json.load(sys.stdin))
    before, begins, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        print(f"coverage_table: {PAGE}: expected the marks of the table", file=sys.stderr)
        return 2
    PAGE.write_text(before + begins + table + ends + after, encoding="utf-8")
    return 0


def table_of(report: Mapping[str, Any]) -> str:
    """Return the counts of each package, and of single modules together."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    for file, measured in report["files"].items():
        for name in (package_of(file), "all"):
            for place, count in enumerate(COUNTS):
                counts[name][place] += measured["summary"][count]
    # The whole stands last.
    ordered = sorted(counts.items(), key=lambda item: (item[0] == "all", item[0]))
    rows = "".join(
        f"| {name} | {lines:,} | {share(held, lines)} | {ways:,} | {share(taken, ways)} |\n"
        for name, (lines, held, ways, taken) in ordered
    )
    day = report["meta"]["timestamp"][:10]
    return (
        f"\nMeasured on {day} with coverage.py {report['meta']['version']}.\n\n"
        "| Package | Statements | Run | Branches | Taken |\n|---|---:|---:|---:|---:|\n"
        f"{rows}\n"
    )


def package_of(file: str) -> str:
    """Return the package that a module is in, such as ``helpers.finance``."""
    parts = Path(file).parts
    return ".".join(parts[parts.index("src") + 1 : -1][:2])


def share(part: int, whole: int) -> str:
    """Return a share as a whole per cent."""
    return f"{part / whole:.0%}" if whole else "none"


if __name__ == "__main__":
    sys.exit(main())
