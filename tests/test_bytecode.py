"""Compiled helpers: what a kernel imports is always what the source says."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nwlbook.kernels.bytecode import compile_helpers


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A project with one helper."""
    file = tmp_path / "src" / "helpers" / "sums.py"
    file.parent.mkdir(parents=True)
    (file.parent / "__init__.py").touch()
    file.write_text("total = 1\n")
    return file


def imported(module: Path) -> str:
    """Import the helper in a process of its own, and say its total and whether it compiled it."""
    code = (
        "import builtins, sys\n"
        "sys.dont_write_bytecode = True\n"
        "compiled = []\n"
        "sys.addaudithook(lambda event, args: event == 'compile' and compiled.append(args[1]))\n"
        "from helpers import sums\n"
        "print(sums.total, any(str(name).endswith('sums.py') for name in compiled))\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(module.parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def compiled(module: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(module)))


def test_a_kernel_need_not_compile(module: Path) -> None:
    assert imported(module) == "1 True"
    compile_helpers(module.parents[2])
    assert imported(module) == "1 False"


def test_an_edit_of_the_same_size_and_time_is_seen(module: Path) -> None:
    compile_helpers(module.parents[2])
    before = module.stat()
    module.write_text("total = 2\n")
    os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))
    compile_helpers(module.parents[2])
    assert imported(module) == "2 True"


def test_what_is_current_is_not_compiled_again(module: Path) -> None:
    compile_helpers(module.parents[2])
    before = compiled(module).stat().st_ino
    compile_helpers(module.parents[2])
    assert compiled(module).stat().st_ino == before
    os.utime(module)
    compile_helpers(module.parents[2])
    assert compiled(module).stat().st_ino != before


def test_what_python_compiled_itself_is_replaced(module: Path) -> None:
    import py_compile

    py_compile.compile(str(module), str(compiled(module)))
    compile_helpers(module.parents[2])
    assert compiled(module).read_bytes()[4:8] == b"\x03\x00\x00\x00"


def test_an_error_in_a_module_is_left_to_the_notebook_that_imports_it(module: Path) -> None:
    module.write_text("total = (\n")
    (module.parent / "other.py").write_text("x = 1\n")
    compile_helpers(module.parents[2])
    assert not compiled(module).exists()
    assert compiled(module.parent / "other.py").exists()
