"""Write the generated pages of `docs/` anew.

    .venv/bin/python tools/reference

A page that is as it should be is not touched; one that is no longer made is removed.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "src")]

from reference.pages import outdated, pages  # noqa: E402


def main() -> int:
    """Write what differs, and say which files that were."""
    made = pages(ROOT)
    for name in outdated(ROOT, made):
        file = ROOT / name
        if name in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made[name], "utf-8")
        else:
            file.unlink()
        print(f"{'wrote' if name in made else 'removed'} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
