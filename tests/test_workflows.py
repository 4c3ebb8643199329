"""The workflows are valid, ask for the least rights, and never publish a draft."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# In YAML the word `on` alone is true.
ON: Any = True


def read(name: str) -> dict[Any, Any]:
    file = ROOT / ".github" / "workflows" / name
    found: dict[Any, Any] = yaml.safe_load(file.read_text("utf-8"))
    return found


def valid(*files: Path) -> subprocess.CompletedProcess[str]:
    """Hold files against GitHub's schema, which the tool carries with it."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
        + [str(file) for file in files],
        capture_output=True,
        text=True,
    )


def test_workflows_fit_the_schema() -> None:
    done = valid(*WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_schema_refuses_what_is_no_workflow(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("on: push\njobs: {a: {runs-on: ubuntu-latest, stepz: []}}\n")
    assert valid(wrong).returncode == 1


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_rights_are_the_least_and_time_is_bounded(file: Path) -> None:
    workflow = read(file.name)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job, name
        assert job.get("permissions", {}).keys() <= {"pages", "id-token"}, name
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), step
            # What a person or a branch named must never be read as code.
            assert "github.event" not in step.get("run", "")
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_only_tags_and_people_publish() -> None:
    workflow = read("publish.yml")
    assert workflow[ON] == {"workflow_dispatch": None, "push": {"tags": ["v*"]}}
    assert workflow["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    book, deploy = workflow["jobs"]["book"], workflow["jobs"]["deploy"]
    assert "permissions" not in book
    assert deploy["needs"] == "book"
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}


def test_what_is_published_was_tested_built_whole_and_checked() -> None:
    steps = read("publish.yml")["jobs"]["book"]["steps"]
    runs = [step["run"].split()[1] for step in steps if "run" in step]
    assert runs == ["test", "book", "check"]
    (uploaded,) = [step["with"]["path"] for step in steps if "upload" in step.get("uses", "")]
    assert uploaded == "outputs/site"
    text = (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    assert "--keep-going" not in text
    assert "continue-on-error" not in text


def test_tests_run_on_three_pythons_and_books_are_rebuilt_monthly() -> None:
    matrix = read("test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    rebuild = read("rebuild.yml")
    assert rebuild[ON]["schedule"] == [{"cron": "0 6 1 * *"}]
    assert "make audit" in [step.get("run") for step in rebuild["jobs"]["packages"]["steps"]]
