import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from tiny_project import make_project

from nwlbook import recorder
from nwlbook.recorder import Recorder, evaluate


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "book")


def recorded(root: Path, program: str) -> dict[str, list[str]]:
    """Run a program under a recorder and return what it noted."""
    script = f"""
import json
from nwlbook import recorder
recorder.start({str(root)!r})
{program}
noted = recorder._recorder
found = {{"files": noted.files, "folders": noted.folders, "modules": noted.modules()}}
print(json.dumps({{name: sorted(names) for name, names in found.items()}}))
"""
    path = os.pathsep.join([str(root / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path.strip(os.pathsep)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=root / "notebooks", env=environment,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_files_folders_and_modules_that_were_used(root):
    found = recorded(
        root,
        "import os\nfrom pathlib import Path\nfrom helpers import sums\n"
        "open('../data/beds.csv').close()\nos.close(os.open('../data/staff.csv', os.O_RDONLY))\n"
        "os.listdir('../data')\nlist(os.scandir('..'))\nPath('../data').exists()",
    )
    assert set(found["files"]) >= {"data/beds.csv", "data/staff.csv"}
    assert found["folders"] == [".", "data"]
    assert found["modules"] == ["src/helpers/__init__.py", "src/helpers/sums.py"]


def test_what_is_written_or_outside_or_excluded_is_not_noted(root):
    (root / "outputs").mkdir()
    (root / "outputs/old.csv").write_text("")
    found = recorded(
        root,
        "open('../data/new.csv', 'w').close()\nopen('../data/beds.csv', 'a').close()\n"
        "open('../outputs/old.csv').close()\nopen('/etc/hostname').close()",
    )
    assert found == {"files": [], "folders": [], "modules": []}


def test_each_audit_event_is_noted_as_what_it_is(root, monkeypatch):
    monkeypatch.chdir(root / "notebooks")
    noted = Recorder(str(root))
    for path, flags in (
        ("../data/beds.csv", os.O_RDONLY),
        ("../data/flags.csv", None),
        ("../data/new.csv", os.O_WRONLY | os.O_CREAT),
        ("../data/both.csv", os.O_RDWR),
        ("/etc/hostname", os.O_RDONLY),
        (f"{root}/outputs/old.csv", os.O_RDONLY),
    ):
        noted.hook("open", (path, "r", flags))
    assert noted.files == {"data/beds.csv", "data/flags.csv"}
    noted.hook("os.listdir", (None,))
    noted.hook("os.scandir", ("../data",))
    noted.hook("os.scandir", (f"{root}/outputs",))
    noted.hook("os.mkdir", ("../src",))
    assert noted.folders == {"notebooks", "data"}


@pytest.mark.parametrize(
    ("module", "told"),
    [
        ("importlib.metadata", True),
        ("_frozen_importlib_external", True),
        ("pkgutil", True),
        ("importlibrary", False),
        ("helpers.importlib", False),
        (None, False),
    ],
)
def test_the_import_system_is_told_by_the_module_that_asks(module, told):
    frame = SimpleNamespace(f_globals={"__name__": module} if module else {})
    assert recorder._is_import_system(frame) is told


def test_what_is_excluded_is_so_in_whichever_folder_and_only_by_its_whole_name(root):
    noted = Recorder(str(root))
    for path, name in (
        ("outputs/a.csv", None),
        ("data/outputs/a.csv", None),
        ("outputs.csv", "outputs.csv"),
        ("outputs-of-2009/a.csv", "outputs-of-2009/a.csv"),
        ("data/./a.csv", "data/a.csv"),
        ("data/../outputs/a.csv", None),
        ("outputs/../data/a.csv", "data/a.csv"),
        ("", "."),
    ):
        assert noted.relative(f"{root}/{path}") == name, path
    assert noted.relative(f"{root}-of-another/data/a.csv") is None
    assert noted.relative(os.fsencode(f"{root}/data/a.csv")) == "data/a.csv"


def test_a_stream_takes_as_much_as_a_book_can_hold(monkeypatch):
    monkeypatch.setattr(recorder, "OUTPUT_LIMIT", 5)
    monkeypatch.setattr(recorder._Limited, "printed", 0)
    told: list[str] = []
    write = recorder._Limited(told.append)
    write("abc")
    write("de")
    other = threading.Thread(target=write, args=("of another thread",))
    other.start()
    other.join()
    with pytest.raises(recorder.OutputLimit, match=r"^puts out more than 0 million characters$"):
        write("f")
    assert told == ["abc", "de", "of another thread"]


def test_what_is_too_much_is_told_in_millions():
    assert recorder.too_much_output() == "puts out more than 20 million characters"


def test_a_missing_file_that_was_looked_for_is_noted(root):
    found = recorded(root, "try: open('../data/gone.csv')\nexcept FileNotFoundError: pass")
    assert found["files"] == ["data/gone.csv"]


def test_the_import_system_listing_folders_is_not_noted(root):
    found = recorded(root, "import importlib.metadata\nlist(importlib.metadata.distributions())")
    assert found["folders"] == []


def test_a_linked_data_file_is_noted_under_its_name_in_the_project(root, tmp_path):
    (tmp_path / "elsewhere.csv").write_text("a\n")
    (root / "data/link.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert recorded(root, "open('../data/link.csv').close()")["files"] == ["data/link.csv"]


def test_a_project_reached_through_a_link_is_the_same_project(root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    seen = Recorder(str(tmp_path / "link"))
    assert seen.relative(str(root / "data/beds.csv")) == "data/beds.csv"
    assert seen.relative(str(tmp_path / "link/data/beds.csv")) == "data/beds.csv"


@pytest.mark.parametrize("path", [3, "/", b"/etc/hostname"])
def test_paths_that_are_not_of_the_project(root, path):
    assert Recorder(str(root)).relative(path) is None


def test_our_own_module_is_noted_only_if_the_notebook_imported_it(root, monkeypatch):
    seen = Recorder(str(Path(recorder.__file__).parents[2]))
    last = SimpleNamespace(__file__=str(Path(recorder.__file__).with_name("last.py")))
    monkeypatch.setitem(sys.modules, "imported_last", last)
    assert "src/nwlbook/recorder.py" not in seen.modules()
    assert "src/nwlbook/last.py" in seen.modules()
    seen.modules_before = frozenset()
    assert "src/nwlbook/recorder.py" in seen.modules()


def test_expressions_become_text_as_str_has_it():
    values, failed = evaluate(["a", "a * 1.5", "name", "[a]"], {"a": 2, "name": "*Brent*"})
    assert values == {"a": "2", "a * 1.5": "3.0", "name": "*Brent*", "[a]": "[2]"}
    assert failed is None


@pytest.mark.parametrize(
    ("expression", "name"), [("b", "NameError"), ("a +", "SyntaxError"), ("a = 3", "SyntaxError")]
)
def test_the_first_expression_that_fails_is_told(expression, name):
    values, failed = evaluate(["a", expression, "a + 1"], {"a": 2})
    assert values == {"a": "2"}
    assert failed is not None
    assert (failed["expression"], failed["name"]) == (expression, name)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("b", "name 'b' is not defined"),
        ("1 / 0", "division by zero"),
        ("a +", "invalid syntax (<inline expression>, line 1)"),
    ],
)
def test_an_expression_that_fails_is_told_with_what_python_says(expression, message):
    _, failed = evaluate([expression], {})
    assert failed is not None
    assert failed["message"] == message
