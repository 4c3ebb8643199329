"""A report book of a few lines, for the tests of what runs notebooks."""

import json
from pathlib import Path
from typing import Any


def make_project(root: Path) -> Path:
    """Write a project with two data files and two helpers, and return its root."""
    files = {
        "_quarto.yml": "project: {type: book}\n",
        "requirements/book.txt": "pandas==3\n",
        "data/beds.csv": "borough,beds\nbrent,100\n",
        "data/staff.csv": "borough,staff\nbrent,7\n",
        "src/helpers/__init__.py": "",
        "src/helpers/sums.py": "def double(value):\n    return 2 * value\n",
        "src/helpers/words.py": "def shout(text):\n    return text.upper()\n",
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (root / "notebooks").mkdir()
    return root


def code(source: str, *tags: str) -> dict[str, Any]:
    """Return a code cell."""
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def prose(source: str) -> dict[str, Any]:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def write_notebook(root: Path, name: str, *cells: dict[str, Any], **metadata: Any) -> Path:
    """Write a notebook of the project and return its file."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [{"id": f"cell-{place}", **cell} for place, cell in enumerate(cells)],
        "metadata": {"kernelspec": kernel, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    file = root / "notebooks" / f"{name}.ipynb"
    file.write_text(json.dumps(notebook, indent=1))
    return file


def outputs_text(file: Path) -> str:
    """Return all that the cells of a notebook printed or returned, as text."""
    parts = []
    for cell in json.loads(file.read_text())["cells"]:
        for output in cell.get("outputs", []):
            parts.append(output.get("text") or output["data"]["text/plain"])
    return "".join(parts)
