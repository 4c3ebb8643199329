"""A pytest plugin for mutation testing: mutations show, and do no harm.

mutmut chooses the mutation when a function is called. What a process or the folder of analyses
keeps from an earlier call would hide it, and hide from mutmut which tests depend on a function.
A mutation of what drops old files from a cache can drop others: of the project nothing is removed
but what runs leave.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

# Evidence that was read stays: reading it is not mutated, and takes longer than the tests.
MUTATED = ("helpers.finance", "helpers.trajectories")


HERE = Path.cwd()
REMOVALS = ("os.remove", "os.rmdir", "os.rename", "shutil.rmtree")
LEFT_BY_RUNS = ("outputs", "__pycache__", ".hypothesis")


def keep(event: str, given: tuple[Any, ...]) -> None:
    """Refuse to remove files of the project, as a disk would that may not be written."""
    if event in REMOVALS and isinstance(given[0], str | Path):
        file = Path(given[0]).absolute()
        inside = file.relative_to(HERE).parts if file.is_relative_to(HERE) else ()
        if inside and not set(LEFT_BY_RUNS) & set(inside):
            raise PermissionError(f"{file}: a mutation would remove it")


def pytest_configure() -> None:
    """Stop at the first failing example: a smaller one kills no more mutants."""
    sys.addaudithook(keep)
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", settings.get_profile("book"), phases=phases)
    settings.load_profile("mutants")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what mutated code keeps in the process, and keep no analyses on disk."""
    import joblib

    kept = joblib.Memory
    monkeypatch.setattr(joblib, "Memory", lambda *_, **given: kept(None, **given))
    forget_computed()
    yield
    forget_computed()


def forget_computed() -> None:
    """Clear what the functions of the mutated packages remember."""
    for name, module in list(sys.modules.items()):
        if name.startswith(MUTATED):
            for value in vars(module).values():
                clear: Any = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()
