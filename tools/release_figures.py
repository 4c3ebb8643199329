"""Keep the figures of a release, which later builds are tested against.

    python tools/release_figures.py [SITE]

Reads a built site (`outputs/site` unless another is named) that holds the sector's book and
Brent's edition, and writes the record and the data of all their figures, tables and downloads to
`tests/released/<version>.tar.xz`: the numbers in full, in a copy of the site that `nwlbook build
--since` reads once it is unpacked. The record of the release before, and the changes that were
expected since, are removed. The same figures give the same bytes.
"""

import hashlib
import io
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "outputs" / "site"
RELEASED = ROOT / "tests" / "released"
EXPECTED = "expected-changes.csv"
HEADER = "edition,figure,reason\n"
# Those that the tests of the whole book build.
EDITIONS = ("", "editions/brent/")
RECORD = "figures.json"


def main(arguments: list[str]) -> int:
    """Write the record of a release and return the exit code."""
    site = Path(arguments[0]) if arguments else SITE
    try:
        contents = dict(released(site))
    except (OSError, ValueError) as error:
        print(f"release_figures: {error}", file=sys.stderr)
        return 2
    archive = RELEASED / f"{version_of(contents)}.tar.xz"
    write(archive, contents)
    for other in RELEASED.glob("*.tar.xz"):
        if other != archive:
            other.unlink()
    (RELEASED / EXPECTED).write_text(HEADER, encoding="utf-8")
    print(f"{archive}: {len(contents)} files, {archive.stat().st_size:,} bytes")
    return 0


def released(site: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each record, and of the data of each figure in it.

    Parameters
    ----------
    site : Path
        Folder of a built site.

    Raises
    ------
    OSError
        If a file is missing: the site lacks an edition or was damaged.
    ValueError
        If data is not what the record says.
    """
    for edition in EDITIONS:
        record = (site / edition / RECORD).read_bytes()
        yield f"{edition}{RECORD}", record
        for figure in json.loads(record)["figures"]:
            name = f"{edition}data/{figure['label']}.csv"
            content = (site / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != figure["sha256"]:
                raise ValueError(f"{site / name}: is not the data that {RECORD} records")
            yield name, content


def version_of(contents: dict[str, bytes]) -> str:
    """Return the version of the book that was released."""
    return str(json.loads(contents[RECORD])["made_with"]["nwlbook"])


def write(archive: Path, contents: dict[str, bytes]) -> None:
    """Write an archive whose bytes depend on its contents alone."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz", preset=9) as tar:
        # Equal data of the two editions lies side by side, and is packed once.
        for name in sorted(contents, key=lambda name: (name.rpartition("/")[2], name)):
            member = tarfile.TarInfo(name)
            member.size = len(contents[name])
            tar.addfile(member, io.BytesIO(contents[name]))
    archive.parent.mkdir(parents=True, exist_ok=True)
    archive.write_bytes(packed.getvalue())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
