"""The copies of a notebook: the one that is run, and the one that is kept."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nwlbook.recorder import MIME_TYPE
from nwlbook.sources import INJECTED, Cell, Notebook, parameters_cell, tags_of

START, FINISH, PARAMETERS = "nwlbook-start", "nwlbook-finish", "nwlbook-parameters"

# The recorder is reached without leaving a name in the notebook's namespace.
_RECORDER = "__import__('importlib').import_module('nwlbook.recorder')"
# ipykernel names the file of a cell by its process, which is another one at each run.
# It is looked for from the start of a word alone: from every letter it would take for ever.
_CELL_FILE = re.compile(r"(?<![^\s\"'(])[^\s\"'(]*[\\/]ipykernel_\d+[\\/](\d+)\.py")


def without_injected(notebook: Notebook) -> Notebook:
    """Return a notebook without the parameters that an earlier run put into it."""
    cells = [cell for cell in notebook["cells"] if INJECTED not in tags_of(cell)]
    return {**notebook, "cells": cells}


def recorded_copy(source: Notebook, expressions: Sequence[str]) -> Notebook:
    """Return the copy to run: between a cell that starts the recorder and one that ends it.

    Parameters
    ----------
    source : dict
        The notebook.
    expressions : sequence of str
        Inline expressions to work out at the end.
    """
    cells = [
        _hidden_cell(START, f"{_RECORDER}.start()"),
        # papermill looks for the parameters in the metadata alone.
        *(
            {**cell, "metadata": {**cell["metadata"], "tags": tags_of(cell)}}
            for cell in source["cells"]
        ),
        _hidden_cell(FINISH, f"{_RECORDER}.finish({list(expressions)!r})"),
    ]
    return {**source, "cells": cells}


def outputs_of(executed: Mapping[str, Any]) -> dict[str, Any]:
    """Take out of an executed copy all that is not in its source.

    Parameters
    ----------
    executed : mapping
        What papermill returned.

    Returns
    -------
    dict
        ``outputs`` by cell, and ``parameters``, the source of the injected cell or None.
    """
    outputs: dict[str, list[dict[str, Any]]] = {}
    parameters = None
    for cell in executed["cells"]:
        if cell["cell_type"] != "code" or cell["id"] in (START, FINISH):
            continue
        if INJECTED in cell["metadata"].get("tags", []):
            parameters = cell["source"]
        elif cell["outputs"]:
            outputs[cell["id"]] = _settled(cell["outputs"])
    return {"outputs": outputs, "parameters": parameters}


def record_of(executed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the recorder emitted at the end of an executed copy."""
    for output in executed["cells"][-1]["outputs"]:
        if MIME_TYPE in output.get("data", {}):
            record: dict[str, Any] = output["data"][MIME_TYPE]
            return record
    raise ValueError("the last cell of the copy emitted no record")


def executed_copy(source: Notebook, found: Mapping[str, Any]) -> Notebook:
    """Put the outputs of a run into today's source.

    Parameters
    ----------
    source : dict
        The notebook as it is now; its code is that of the run, its prose may differ.
    found : mapping
        From `outputs_of`.

    Returns
    -------
    dict
        The executed notebook. Nothing in it depends on when or where it was run.
    """
    cells: list[Cell] = []
    injected_after = parameters_cell(source)[1]["id"] if found["parameters"] is not None else None
    count = 0
    for cell in source["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        count += 1
        outputs = [
            {**output, "execution_count": count} if "execution_count" in output else output
            for output in found["outputs"].get(cell["id"], [])
        ]
        cells.append({**cell, "outputs": outputs, "execution_count": count})
        if cell["id"] == injected_after:
            count += 1
            cells.append({**_injected_cell(found["parameters"]), "execution_count": count})
    return {**source, "cells": cells}


def text_of(notebook: Notebook) -> str:
    """Return a notebook as the text of its file: the same notebook, the same text."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def place_of(source: Notebook, cell_id: str | None) -> int | None:
    """Return the number of a cell in its source, from 1; None for a cell that we added."""
    ids = [cell["id"] for cell in source["cells"]]
    return ids.index(cell_id) + 1 if cell_id in ids else None


def places_by_count(source: Notebook, executed: Mapping[str, Any]) -> dict[int, int]:
    """Return the number of each cell in its source by its execution count in the kernel."""
    found = {}
    for cell in executed["cells"]:
        place = place_of(source, cell.get("id"))
        if place is not None and cell.get("execution_count"):
            found[cell["execution_count"]] = place
    return found


def failed_copy(source: Notebook, executed: Mapping[str, Any] | None) -> Notebook:
    """Put what came of a run that failed into its source.

    Parameters
    ----------
    source : dict
        The notebook.
    executed : mapping or None
        The copy as far as it ran; None if it never began.
    """
    executed = executed or {"cells": []}
    ran = {cell["id"] for cell in executed["cells"] if cell.get("execution_count")}
    copy = executed_copy(source, outputs_of(executed))
    cells = [
        {**cell, "execution_count": None}
        if cell["cell_type"] == "code" and cell["id"] not in {*ran, PARAMETERS}
        else cell
        for cell in copy["cells"]
    ]
    return {**copy, "cells": cells}


def _hidden_cell(identity: str, source: str) -> Cell:
    return {
        "cell_type": "code",
        "id": identity,
        "metadata": {"tags": [identity]},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _injected_cell(source: str) -> Cell:
    return {**_hidden_cell(PARAMETERS, source), "metadata": {"tags": [INJECTED]}}


def _settled(outputs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return outputs in a form that does not depend on how the run was timed.

    Text that a cell prints comes in as many pieces as the kernel happened to send. Between
    two outputs of another kind it becomes one piece from stdout and one from stderr.
    """
    settled: list[dict[str, Any]] = []
    printed: dict[str, str] = {}
    for output in [*outputs, {"output_type": "end"}]:
        if output["output_type"] == "stream":
            printed[output["name"]] = printed.get(output["name"], "") + output["text"]
            continue
        for name in sorted(printed, reverse=True):
            text = _CELL_FILE.sub(r"cell-\1.py", printed[name])
            settled.append({"output_type": "stream", "name": name, "text": text})
        printed = {}
        if output["output_type"] != "end":
            settled.append(dict(output))
    return settled
