"""The whole project as it stands, built in a copy for the tests of what readers get."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from builder_books import ROOT, copy_evidence, entered

FORMATS = ("html", "pdf", "docx", "epub")
EDITIONS = ("nwl", "brent")


@dataclass(frozen=True)
class WholeBook:
    """The sector's edition and a borough's, in all formats, built once a test session."""

    root: Path

    @property
    def outputs(self) -> Path:
        """Return the folder of all that was built."""
        return self.root / "outputs"

    @property
    def site(self) -> Path:
        """Return the folder of the built site."""
        return self.outputs / "site"


def copy_whole_book(root: Path) -> Path:
    """Copy what the book is made from, and return the copy's root."""
    shutil.copytree(
        ROOT / "notebooks",
        root / "notebooks",
        ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
    )
    for file in (ROOT / "_quarto.yml", *ROOT.glob("*.qmd")):
        shutil.copy(file, root / file.name)
    copy_evidence(root)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root


def build_whole_book(root: Path) -> None:
    """Build the editions of a copy in all formats."""
    from nwlbook.build import Build
    from nwlbook.progress import Progress
    from nwlbook.request import Request

    with entered(root):
        request = Request(root=root, editions=EDITIONS, formats=FORMATS)
        Build(request, Progress(quiet=True)).run()
