"""The table of coverage in the documentation is made from what was measured."""

import importlib.util
import io
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "coverage_table.py"


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_table", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(**files: tuple[int, int, int, int]) -> dict[str, Any]:
    names = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    return {
        "meta": {"timestamp": "2026-11-22T10:00:00", "version": "7.1"},
        "files": {
            f"src/{name.replace('__', '/')}.py": {"summary": dict(zip(names, counts, strict=True))}
            for name, counts in files.items()
        },
    }


def test_modules_are_added_up_by_package_and_the_whole_stands_last(tool: ModuleType) -> None:
    measured = report(
        nwlbook__cache=(10, 5, 4, 1),
        nwlbook__store=(10, 10, 0, 0),
        helpers__finance__model=(20, 20, 0, 0),
    )
    table = tool.table_of(measured)
    assert table.splitlines()[-4:-1] == [
        "| helpers.finance | 20 | 100% | 0 | none |",
        "| nwlbook | 20 | 75% | 4 | 25% |",
        "| all | 40 | 88% | 4 | 25% |",
    ]


def test_only_what_stands_between_the_marks_is_replaced(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "testing.md"
    page.write_text(f"before\n{tool.BEGINS}old\n{tool.ENDS}\nafter\n")
    monkeypatch.setattr(tool, "PAGE", page)
    for _ in range(2):
        monkeypatch.setattr(
            "sys.stdin", io.StringIO(json.dumps(report(nwlbook__cache=(1, 1, 2, 1))))
        )
        assert tool.main() == 0
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith(f"{tool.ENDS}\nafter\n")
    assert text.count("| nwlbook | 1 | 100% | 2 | 50% |") == 1
    assert "old" not in text


def test_a_page_without_marks_is_left_alone(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "testing.md"
    page.write_text("no marks")
    monkeypatch.setattr(tool, "PAGE", page)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(report())))
    assert tool.main() == 2
    assert page.read_text() == "no marks"
