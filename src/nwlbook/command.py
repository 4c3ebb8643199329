"""The program `nwlbook`: it starts what takes longest before it imports the rest of itself."""

import contextlib
import sys


def main() -> None:
    """Run the command line."""
    try:
        if sys.argv[1:2] == ["build"]:
            from nwlbook.foresight import foresee_runs

            # What cannot be read is said by the build, in its own words.
            with contextlib.suppress(OSError):
                foresee_runs(sys.argv[2:])

        from nwlbook.cli import main as run
    except KeyboardInterrupt:
        from nwlbook.stopping import INTERRUPTED

        print("error: stopped", file=sys.stderr)
        sys.exit(INTERRUPTED)

    run()
