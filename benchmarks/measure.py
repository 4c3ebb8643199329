"""Measure what a build costs, in one run on one machine, and write docs/benchmarks.md.

Each figure is a whole process on a copy of the project, so nothing is warm that would not be.
The comparison is papermill's own command, run once for each notebook run of the book.

    make bench
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("_quarto.yml", "index.qmd", "notebooks", "data", "src", "requirements")
BIN = ROOT / ".venv" / "bin"
COMPARED = 6  # runs timed with papermill's command; the rest are as alike as these
STAGES = ("evidence", "execute", "images", "stage", "render", "check", "publish", "total")


def main() -> None:
    """Measure, print and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        copy_project(project)
        rows = [
            ("cold", build(project)),
            ("unchanged", build(project)),
            ("prose edit in one chapter", build(project, edit_prose)),
            ("one cell of the competency scores", build(project, edit_competencies)),
        ]
        runs = rows[0][1]["runs"]
        loop = papermill_loop(project, runs[:COMPARED])
    text = report(rows, len(runs), loop)
    (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    print(text)


def copy_project(project: Path) -> None:
    """Copy what a build reads."""
    project.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, project / name)
    (project / "node_modules").symlink_to(ROOT / "node_modules")


def build(project: Path, edit: Callable[[Path], None] | None = None) -> dict[str, object]:
    """Build once and return the manifest, with the seconds of the whole process."""
    if edit:
        edit(project)
    began = time.perf_counter()
    subprocess.run(
        [BIN / "nwlbook", "build"],
        cwd=project,
        env=environment(project),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    taken = time.perf_counter() - began
    manifest = json.loads((project / "outputs" / "manifest.json").read_text(encoding="utf-8"))
    return manifest | {"process_seconds": taken}


def edit_prose(project: Path) -> None:
    """Change a sentence of one chapter."""
    file = project / "notebooks" / "case-for-change.ipynb"
    text = file.read_text(encoding="utf-8")
    changed = text.replace("Two documents make the case", "Two public documents make the case", 1)
    if changed == text:
        sys.exit("benchmark: the sentence to edit is gone from case-for-change.ipynb")
    file.write_text(changed, encoding="utf-8")


def edit_competencies(project: Path) -> None:
    """Change one score."""
    file = project / "data" / "partnership-2009" / "competency-scores.csv"
    text = file.read_text(encoding="utf-8")
    changed = text.replace(",2.00,", ",2.01,", 1)
    if changed == text:
        sys.exit("benchmark: the score to edit is gone from competency-scores.csv")
    file.write_text(changed, encoding="utf-8")


def papermill_loop(project: Path, runs: list[dict[str, object]]) -> float:
    """Return the seconds that papermill's command takes for one run, on average."""
    notebooks = [run for run in runs if str(run["notebook"]).endswith(".ipynb")]
    began = time.perf_counter()
    for number, run in enumerate(notebooks):
        parameters = [
            part
            for name, value in dict(run["parameters"]).items()
            for part in ("-p", name, str(value))
        ]
        subprocess.run(
            [BIN / "papermill", run["notebook"], f"loop-{number}.ipynb", *parameters],
            cwd=project,
            env=environment(project),
            check=True,
            capture_output=True,
        )
    return (time.perf_counter() - began) / len(notebooks)


def environment(project: Path) -> dict[str, str]:
    """Return an environment in which the copy is the project."""
    return os.environ | {
        "NWLBOOK_ROOT": str(project),
        "PYTHONPATH": str(project / "src"),
        "CI": "true",
    }


def report(rows: list[tuple[str, dict[str, object]]], runs: int, loop: float) -> str:
    """Return the measurements as Markdown."""
    cold = rows[0][1]
    lines = [
        "# Benchmarks",
        "",
        f"Measured by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}. "
        f"Seconds; the sector edition, HTML and PDF, {runs} notebook runs.",
        "",
        "| Build | runs executed | " + " | ".join(STAGES) + " | whole process |",
        "|---" * (len(STAGES) + 3) + "|",
    ]
    for name, manifest in rows:
        seconds = dict(manifest["seconds"])
        executed = sum(not run["cached"] for run in manifest["runs"])
        cells = [f"{seconds.get(stage, 0):.2f}" for stage in STAGES]
        taken = f"{manifest['process_seconds']:.2f}"
        lines.append(f"| {name} | {executed} | {' | '.join(cells)} | {taken} |")
    execute = dict(cold["seconds"])["execute"]
    lines += [
        "",
        f"papermill's own command takes {loop:.2f} s a run on average over {COMPARED} runs of the "
        f"same book, so {loop * runs:.0f} s for all {runs} in a loop; the cold build executes them "
        f"in {execute:.1f} s: {loop * runs / execute:.1f} times faster.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
