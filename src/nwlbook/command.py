"""The program `nwlbook`: it starts what takes longest before it imports the rest of itself."""

import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:2] == ["build"]:
        from nwlbook.foresight import foresee_runs

        foresee_runs(sys.argv[2:])

    from nwlbook.cli import main as run

    run()
