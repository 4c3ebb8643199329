"""What the fork server does once, so that no kernel has to."""

import os
import subprocess
import sys
from pathlib import Path


def test_kernels_need_not_look_for_a_temporary_folder(tmp_path: Path) -> None:
    """A kernel that is killed while it tries whether it may write there leaves the file."""
    code = "import nwlbook.kernels.preload, tempfile; print(tempfile.tempdir)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(tmp_path), "NWLBOOK_REST_AFTER": "9"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
