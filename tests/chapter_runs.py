"""Run the code of a chapter in this process, as its kernel would, and collect what it says."""

import json
import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
EXPRESSION = re.compile(r"`\{python\} ([^`]+)`")


def run_chapter(name: str, **parameters: Any) -> tuple[str, dict[str, Any]]:
    """Run a notebook's code with some parameters changed.

    Parameters
    ----------
    name : str
        Name of the notebook without its ending.
    **parameters
        Instead of those of its own cell.

    Returns
    -------
    tuple
        The chapter's prose with its expressions filled in and what its cells printed, and the
        names that its code left behind.
    """
    notebook = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    values: dict[str, Any] = {}
    said: list[str] = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            said.append(source)
            continue
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(source, f"{name}/{cell['id']}", "exec"), values)  # noqa: S102
        if "parameters" in cell["metadata"].get("tags", []):
            assert parameters.keys() <= values.keys()
            values |= parameters
        said.append(printed.getvalue())
    prose = EXPRESSION.sub(lambda found: str(eval(found[1], values)), "\n".join(said))  # noqa: S307
    return prose, values
