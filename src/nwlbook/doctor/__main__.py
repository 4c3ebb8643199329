"""`python -m nwlbook.doctor`: the standard library is all that it needs."""

import sys

from helpers.paths import project_root
from nwlbook.doctor import examine
from nwlbook.doctor.report import lines_of


def main() -> int:
    """Print what was found; return 1 if no book can be built."""
    # Not as the other commands find it: what they import for that may be broken.
    findings = examine(project_root())
    print("\n".join(lines_of(findings)))
    return int(any(finding.stops for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
