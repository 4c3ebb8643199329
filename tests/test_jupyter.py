"""The book's notebooks open and run in JupyterLab as they are committed."""

import json
import os
from pathlib import Path

import pytest
from builder_books import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebook_asks_for_the_usual_kernel_and_no_path_tricks(file: Path) -> None:
    notebook = json.loads(file.read_text("utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["language_info"]["name"] == "python"
    code = "".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code")
    for trick in ("sys.path", "chdir", "NWLBOOK", "import nwlbook", "from nwlbook"):
        assert trick not in code


def test_notebook_runs_with_nothing_of_the_builders_and_shows_its_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import nbformat
    from nbclient import NotebookClient

    for name in list(os.environ):
        if name.startswith("NWLBOOK") or name == "PYTHONPATH":
            monkeypatch.delenv(name)
    # No personal profile, and no kernel but the one that comes with ipykernel.
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    notebook = nbformat.read(ROOT / "notebooks" / "responsibilities.ipynb", as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": ROOT / "notebooks"}}).execute()
    shown = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "display_data"
    ]
    figures = [each for each in shown if each.metadata.get("nwlbook", {}).get("kind") == "figure"]
    tables = [each for each in shown if each.metadata.get("nwlbook", {}).get("kind") == "table"]
    assert figures
    assert tables
    assert all("application/vnd.plotly.v1+json" in figure.data for figure in figures)
    assert all("<table" in table.data["text/html"] for table in tables)
