"""Results of heavy analyses are found again, and only as long as they hold."""

import importlib.util
import subprocess
import sys
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from helpers.analysis import FOLDER, code_of
from helpers.paths import ROOT_VARIABLE, project_root

MODULE = """\
from pathlib import Path

from helpers.analysis import kept

CALLS = Path(__file__).with_name("calls.txt")


@kept
def doubled(values, *, by=2):
    CALLS.write_text(CALLS.read_text() + "x")
    return values * by
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "_quarto.yml").write_text("project: {type: book}\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.yaml").write_text("resources: []\n")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    for cached in (project_root,):
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "calls.txt").write_text("")
    (folder / "sums.py").write_text(MODULE)
    return folder


def load(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sums_for_a_test", folder / "sums.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def calls(folder: Path) -> int:
    return len((folder / "calls.txt").read_text())


def test_an_answer_is_computed_once(package: Path) -> None:
    values = np.arange(4.0)
    for _ in range(3):
        np.testing.assert_array_equal(load(package).doubled(values), values * 2)
    assert calls(package) == 1


def test_damaged_answer_is_computed_again(package: Path) -> None:
    values = np.arange(1000.0)
    load(package).doubled(values)
    (kept,) = (project_root() / FOLDER).rglob("output.pkl")
    whole = kept.read_bytes()
    for place in (len(whole) // 2, len(whole) - 1):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        for content in (bytes(damaged), whole[:place], b""):
            kept.write_bytes(content)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                np.testing.assert_array_equal(load(package).doubled(values), values * 2)


def test_another_question_has_another_answer(package: Path) -> None:
    module = load(package)
    np.testing.assert_array_equal(module.doubled(np.ones(2)), [2, 2])
    np.testing.assert_array_equal(module.doubled(np.ones(2), by=3), [3, 3])
    np.testing.assert_array_equal(module.doubled(np.zeros(2)), [0, 0])
    assert calls(package) == 3


def test_changed_code_beside_it_is_not_answered_from_the_past(package: Path) -> None:
    load(package).doubled(np.ones(1))
    before = code_of(package)
    (package / "other.py").write_text("FACTOR = 2\n")
    assert code_of(package) != before
    load(package).doubled(np.ones(1))
    assert calls(package) == 2


def test_a_damaged_result_is_computed_again(package: Path) -> None:
    load(package).doubled(np.ones(1))
    kept = list((package.parent / FOLDER).rglob("output.pkl"))
    assert kept
    for file in kept:
        file.write_bytes(b"")
    np.testing.assert_array_equal(load(package).doubled(np.ones(1)), [2])
    assert calls(package) == 2


def test_what_several_ask_at_once_is_worked_out_once(package: Path) -> None:
    slow = MODULE.replace("    CALLS", "    import time\n\n    time.sleep(0.5)\n    CALLS")
    (package / "sums.py").write_text(slow)
    ask = (
        "import importlib.util, sys\n"
        "import numpy as np\n"
        "spec = importlib.util.spec_from_file_location('sums_for_a_test', sys.argv[1])\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "sys.modules[spec.name] = module\n"
        "spec.loader.exec_module(module)\n"
        "print(module.doubled(np.ones(2)))\n"
    )
    several = [
        subprocess.Popen(
            [sys.executable, "-c", ask, package / "sums.py"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert [each.communicate(timeout=60)[0].strip() for each in several] == ["[2. 2.]"] * 3
    assert calls(package) == 1
