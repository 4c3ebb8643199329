"""One notebook, run with parameters of one's own."""

import json
from pathlib import Path

import pytest
from builder_books import BEDS, contents
from tiny_project import code, outputs_text, write_notebook

from nwlbook.errors import InputError
from nwlbook.single import run_notebook

pytest_plugins = ["builder_fixtures"]


@pytest.mark.build
def test_notebook_runs_into_a_copy_with_the_parameters_given(book: Path) -> None:
    write_notebook(book, "beds", BEDS[0], code("print(scenario)"))
    before = contents(book / "notebooks")
    made = run_notebook(book, Path("notebooks/beds.ipynb"), {"scenario": "worst"})
    assert made == Path("outputs/runs/beds-worst.ipynb")
    assert outputs_text(book / made) == "worst\n"
    # Without the parameter the notebook's own value stands.
    again = run_notebook(book, book / "notebooks" / "beds.ipynb", {})
    assert outputs_text(book / again) == "mid\n"
    assert contents(book / "notebooks") == before
    assert json.loads((book / made).read_text())["nbformat"] == 4


@pytest.mark.parametrize(
    ("notebook", "given", "message"),
    [
        ("notebooks/gone.ipynb", {}, "expected a notebook of the project"),
        ("../outside.ipynb", {}, "expected a notebook of the project"),
        ("notebooks/beds.ipynb", {"borough": "brent"}, "declares no parameter 'borough'"),
        ("notebooks/beds.ipynb", {"scenario": "x"}, "unknown scenario 'x'"),
        ("notebooks/beds.ipynb", {"year": "x"}, "unknown parameter 'year'"),
        ("data/beds.csv", {}, "is neither a notebook"),
    ],
)
def test_bad_request_is_refused_before_any_run(
    book: Path, monkeypatch: pytest.MonkeyPatch, notebook: str, given: dict[str, str], message: str
) -> None:
    write_notebook(book, "beds", *BEDS)
    (book.parent / "outside.ipynb").write_bytes((book / "notebooks/beds.ipynb").read_bytes())
    monkeypatch.setattr("nwlbook.single.execute", pytest.fail)
    with pytest.raises(InputError) as caught:
        run_notebook(book, Path(notebook), given)
    assert message in str(caught.value)
